//! What must be decided for a column as a whole, before any of its cells is read: the scale of shares, the month that
//! `2016.1` is, the year of periods that name none.
//!
//! Every decision is written down with what it rests on and how sure it is, and can be pinned in the contract. Where
//! nothing decides, the cells concerned have no value: a guess would be a figure.

use std::collections::{BTreeMap, BTreeSet};

use model::contract::{PointOne, Scale};
use model::{Decimal, Field, FieldType};

use crate::dates::{self, Dating};
use crate::figures;
use crate::grid::Cell;
use crate::values::{self, Measure};

/// How a column was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The field.
    pub field: String,
    /// What was decided: `scale`, `measure_unit`, `point_one`, `year`.
    pub what: &'static str,
    /// The choice.
    pub choice: String,
    /// What it rests on, as `name=value` pairs.
    pub evidence: String,
    /// `pinned` in the contract, `declared` in the file, or `high`, `medium`, `low`; `none` when nothing decides.
    pub confidence: &'static str,
}

/// The decisions on one column.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// How its dates are read.
    pub(crate) dating: Dating,
    /// What is written down.
    pub(crate) decisions: Vec<Decision>,
    /// The finding about the column, if it is doubtful or undecided.
    pub(crate) doubt: Option<&'static str>,
}

impl Decided {
    fn note(
        &mut self,
        field: &Field,
        what: &'static str,
        choice: impl std::fmt::Display,
        evidence: String,
        confidence: &'static str,
    ) {
        let choice = choice.to_string();
        self.decisions.push(Decision { field: field.name.clone(), what, choice, evidence, confidence });
    }
}

/// Where periods that name no year take it from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Years {
    /// The year of the table's title.
    pub(crate) title: Option<u16>,
    /// The year of the delivery.
    pub(crate) delivery: u16,
}

/// Whether a decision looks at the cells of such a column.
pub(crate) fn looks_at_cells(kind: FieldType) -> bool {
    kind == FieldType::Ratio || kind.is_date()
}

/// What the cells of a column say of it as a whole. Of fixed size; what was seen in its parts adds up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// How many figures have no sign of their own, and how many of these are not zero.
    figures: u64,
    told: u64,
    /// The least and the most of those that are not zero, without their signs.
    ends: Option<(Decimal, Decimal)>,
    /// How many periods name no year.
    without_year: u64,
    /// How often each decimal month stands, by year and as written.
    months: BTreeMap<(u16, String), u64>,
}

impl Evidence {
    /// What these cells say.
    pub(crate) fn of<'c>(field: &Field, cells: impl IntoIterator<Item = &'c Cell>) -> Self {
        let mut evidence = Self::default();
        for cell in cells {
            evidence.see(field, cell);
        }
        evidence
    }

    fn see(&mut self, field: &Field, cell: &Cell) {
        if field.kind == FieldType::Ratio {
            let Some(figure) = figures::bare(cell, field).map(|figure| figure.abs()) else { return };
            self.figures += 1;
            if !figure.is_zero() {
                self.told += 1;
                self.widen(figure, figure);
            }
        } else if field.kind.is_date() && !dates::is_plain_day(cell) {
            let no_year = Dating { year: None, point_one: None };
            self.without_year += u64::from(dates::read(cell, field, no_year) == Err(values::Problem::NoYear));
            if let Some(month) = dates::decimal_month(cell) {
                *self.months.entry(month).or_default() += 1;
            }
        }
    }

    fn widen(&mut self, least: Decimal, most: Decimal) {
        let (low, high) = self.ends.unwrap_or((least, most));
        self.ends = Some((low.min(least), high.max(most)));
    }

    /// Adds what was seen in another part of the column.
    pub(crate) fn add(&mut self, other: Self) {
        self.figures += other.figures;
        self.told += other.told;
        if let Some((least, most)) = other.ends {
            self.widen(least, most);
        }
        self.without_year += other.without_year;
        for (month, count) in other.months {
            *self.months.entry(month).or_default() += count;
        }
    }
}

/// Decides on a column by what all cells of its data rows say.
pub(crate) fn column(field: &Field, measure: &mut Measure, evidence: &Evidence, years: Years) -> Decided {
    let mut decided = Decided::default();
    match field.kind {
        FieldType::Ratio => scale(field, measure, evidence, &mut decided),
        kind if kind.is_date() => {
            dating(field, evidence, years, &mut decided);
        }
        _ => {}
    }
    if measure.from == "title" {
        let evidence = format!("title={}", measure.symbol);
        decided.note(field, "measure_unit", &measure.symbol, evidence, "medium");
    }
    decided
}

/// The scale of the figures of a share that carry no sign of their own.
fn scale(field: &Field, measure: &mut Measure, evidence: &Evidence, decided: &mut Decided) {
    let percent = Decimal::new(1, 2);
    let name = |factor: Decimal| match factor {
        factor if factor == percent => "percent",
        factor if factor == Decimal::ONE => "fraction",
        _ => "per_mille",
    };
    let Some((least, most)) = evidence.ends else { return };
    let seen = format!("unsigned={} least={} most={}", evidence.figures, least.normalize(), most.normalize());
    let one = Decimal::ONE;
    let within_one = most <= one;
    let only_ones = least == one && most == one;
    if let Some(pinned) = field.scale {
        let factor = if pinned == Scale::Percent { percent } else { one };
        measure.factor = Some(factor);
        return decided.note(field, "scale", name(factor), seen, "pinned");
    }
    let Some(factor) = measure.factor else { return };
    if matches!(measure.from, "header" | "title") {
        // Cells formatted as percent hold fractions, whatever the header says.
        if within_one && !only_ones && factor != one && evidence.told >= 3 {
            decided.doubt = Some("scale-doubtful");
        }
        let evidence = format!("{}={} {seen}", measure.from, measure.symbol);
        let confidence = if decided.doubt.is_some() { "low" } else { "declared" };
        return decided.note(field, "scale", name(factor), evidence, confidence);
    }
    let usual = (measure.from == "contract").then_some(factor);
    let told = evidence.told;
    let evidence = match usual {
        Some(_) => format!("contract={} {seen}", measure.symbol),
        None => seen,
    };
    let hundred = Decimal::ONE_HUNDRED;
    let (factor, confidence) = match usual {
        _ if within_one && !only_ones => {
            if usual.is_some_and(|usual| usual != one) {
                decided.doubt = Some("scale-doubtful");
            }
            (Some(one), if decided.doubt.is_some() { "low" } else { "high" })
        }
        Some(usual) if usual != one || only_ones => {
            if most > hundred {
                decided.doubt = Some("scale-doubtful");
            }
            (Some(usual), if most <= hundred { "high" } else { "low" })
        }
        _ if !within_one && most <= hundred => {
            // 0.9 beside 95: one of them is of another scale, or one county is far behind.
            let wide = least <= one && told > 1;
            if wide || usual.is_some() {
                decided.doubt = Some("scale-doubtful");
            }
            (Some(percent), if wide || usual.is_some() { "low" } else { "high" })
        }
        _ => (None, "none"),
    };
    if let Some(factor) = factor {
        measure.factor = Some(factor);
        decided.note(field, "scale", name(factor), evidence, confidence);
    } else {
        measure.undecided = true;
        decided.doubt = Some("scale-undecided");
        decided.note(field, "scale", "", evidence, confidence);
    }
}

/// Where a column of dates takes years from, and which month `2016.1` is.
fn dating(field: &Field, evidence: &Evidence, years: Years, decided: &mut Decided) {
    decided.dating.year = Some(years.title.unwrap_or(years.delivery));
    let without_year = evidence.without_year;
    if without_year > 0 {
        let (choice, from) = match years.title {
            Some(title) => (title, "title"),
            None => (years.delivery, "delivery"),
        };
        let seen = format!("from={from} cells={without_year}");
        decided.note(field, "year", choice, seen, if from == "title" { "high" } else { "medium" });
    }
    let all: BTreeSet<&str> = evidence.months.keys().map(|(_, month)| month.as_str()).collect();
    let ones = || evidence.months.iter().filter(|((_, month), _)| month == "1").map(|(_, count)| *count);
    let twice = ones().any(|count| count > 1);
    let ones: u64 = ones().sum();
    if ones == 0 {
        return;
    }
    let padded = all.iter().any(|month| month.len() == 2 && month.starts_with('0'));
    let single = all.iter().any(|month| month.len() == 1 && *month != "1");
    let tens = all.contains("11") || all.contains("12");
    let (choice, confidence) = match field.point_one {
        Some(pinned) => (Some(pinned), "pinned"),
        None if padded && !single => (Some(PointOne::October), "high"),
        None if !padded && all.contains("10") => (Some(PointOne::January), "high"),
        None if !padded && single && !tens && !twice => (Some(PointOne::January), "medium"),
        // Either of the two, or both.
        None => (None, "none"),
    };
    decided.dating.point_one = choice;
    if choice.is_none() {
        decided.doubt = Some("month-undecided");
    }
    let name = match choice {
        Some(PointOne::January) => "january",
        Some(PointOne::October) => "october",
        None => "",
    };
    let evidence = format!("cells={ones} months={}", all.into_iter().collect::<Vec<_>>().join(","));
    decided.note(field, "point_one", name, evidence, confidence);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, more: &str) -> Field {
        toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{more}")).unwrap()
    }

    fn decide(kind: &str, more: &str, header: Option<&str>, raws: &str) -> String {
        let field = field(kind, more);
        let mut measure = Measure::decide(&field, header, &[]);
        let cells: Vec<Cell> = raws.split(' ').map(Cell::text).collect();
        let evidence = Evidence::of(&field, &cells);
        let decided = column(&field, &mut measure, &evidence, Years { title: None, delivery: 2024 });
        let told = decided.decisions.iter().map(|d| format!("{} {} {}", d.what, d.choice, d.confidence));
        let mut told: Vec<String> = told.collect();
        told.extend(decided.doubt.map(str::to_owned));
        told.join("; ")
    }

    #[test]
    fn one_scale_a_column() {
        for (more, header, raws, expected) in [
            ("", None, "0.95 0.87 1", "scale fraction high"),
            ("", None, "95.2 87 100", "scale percent high"),
            ("", None, "95.2 0.87", "scale percent low; scale-doubtful"),
            ("", None, "95.2 120", "scale  none; scale-undecided"),
            ("", None, "1 0 1", "scale  none; scale-undecided"),
            ("", None, "95% 87%", ""),
            ("", None, "95% 12‰ 0.5", "scale fraction high"),
            ("", Some("%"), "95.2 87", "scale percent declared"),
            ("", Some("‰"), "9.2 8", "scale per_mille declared"),
            ("", Some("%"), "0.95 0.87 0.91", "scale percent low; scale-doubtful"),
            ("measure_unit = \"%\"", None, "95.2 120", "scale percent low; scale-doubtful"),
            ("measure_unit = \"%\"", None, "1 0 1", "scale percent high"),
            ("measure_unit = \"%\"", None, "0.95 0.87", "scale fraction low; scale-doubtful"),
            ("measure_unit = \"%\"\nscale = \"percent\"", None, "0.95 0.87", "scale percent pinned"),
            ("scale = \"fraction\"", None, "1.2 3", "scale fraction pinned"),
            ("measure_unit = \"1\"", None, "95 87", "scale percent low; scale-doubtful"),
            ("measure_unit = \"‰\"", None, "9.5 8", "scale per_mille high"),
        ] {
            assert_eq!(decide("ratio", more, header, raws), expected, "{raws} {more} {header:?}");
        }
        assert_eq!(decide("int", "", None, "95.2"), "");
    }

    #[test]
    fn january_or_october() {
        for (more, raws, expected) in [
            ("", "2016.01 2016.09 2016.1 2016.11", "point_one october high"),
            ("", "2016.1 2016.2 2016.10", "point_one january high"),
            ("", "2016.1 2016.2 2016.3", "point_one january medium"),
            ("", "2016.1 2016.9 2016.11", "point_one  none; month-undecided"),
            ("", "2016.1", "point_one  none; month-undecided"),
            ("point_one = \"october\"", "2016.1", "point_one october pinned"),
            ("", "2016.01 2016.02", ""),
            ("", "3月 2023年4月", "year 2024 medium"),
        ] {
            assert_eq!(decide("month", more, None, raws), expected, "{raws}");
        }
    }
}
