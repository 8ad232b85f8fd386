//! One cell into the type of its field: exact decimals, canonical measure units, missing told apart from zero.
//!
//! A cell that cannot be read becomes NULL with a finding, never zero. No arithmetic in binary floating point: the
//! text of the number is what is read.

use std::str::FromStr as _;

use model::{Decimal, Field, FieldType, MeasureUnit, text};
use rust_decimal::RoundingStrategy;

use crate::grid::Cell;

/// A value as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// A count.
    Int(i64),
    /// A decimal, scaled as its type says.
    Decimal {
        /// The digits.
        scaled: i128,
        /// The figure had more decimals than the type keeps.
        rounded: bool,
    },
}

/// Why a cell has no value, although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing stands there.
    Blank,
    /// `-`, `/`, 无: there is none.
    NotApplicable,
    /// 暂无, N/A: not known.
    NotAvailable,
    /// `…` of yearbooks: too small to show.
    TooSmall,
    /// `*`: withheld.
    Suppressed,
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is no number, or one in a measure unit that does not fit.
    NotANumber,
    /// A count that is not whole.
    NotWhole,
    /// More digits than the type can hold.
    OutOfRange,
    /// A formula error.
    Formula,
    /// The column's measure unit leads to another one than the field's.
    Measure,
}

/// What was read.
pub(crate) type Read = Result<Result<Value, Missing>, Problem>;

/// How the figures of a column become canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The measure unit declared; empty when there is none.
    pub(crate) symbol: String,
    /// What it leads to, if known.
    pub(crate) canonical: Option<String>,
    /// What to multiply by; `None` when the declared unit cannot become the field's.
    pub(crate) factor: Option<Decimal>,
}

/// The canonical unit a field's values must come to.
fn target(field: &Field) -> Option<String> {
    let fixed = field.kind.canonical_unit().map(str::to_owned);
    fixed.or_else(|| Some(MeasureUnit::parse(field.measure_unit.as_deref()?)?.canonical))
}

impl Measure {
    /// Decides on the measure unit of a column: what its header (or unit row) declares, else what the title rows
    /// declare if it fits the field, else what the contract says is usual.
    pub(crate) fn decide(field: &Field, header: Option<&str>, titles: &[MeasureUnit]) -> Self {
        let target = target(field);
        if !field.kind.is_number() {
            return Self { symbol: String::new(), canonical: None, factor: Some(Decimal::ONE) };
        }
        let from_titles = || {
            titles.iter().find(|unit| target.is_some() && Some(&unit.canonical) == target.as_ref()).cloned()
        };
        let declared = header.and_then(MeasureUnit::parse);
        let usual = || field.measure_unit.as_deref().and_then(MeasureUnit::parse);
        match declared.or_else(from_titles).or_else(usual) {
            Some(unit) => {
                let fits = target.as_ref().is_none_or(|target| *target == unit.canonical);
                Self {
                    symbol: unit.symbol,
                    factor: fits.then_some(unit.factor),
                    canonical: target.or(Some(unit.canonical)),
                }
            }
            None => Self { symbol: String::new(), canonical: target, factor: Some(Decimal::ONE) },
        }
    }
}

/// Reads a cell as a value of the field.
pub(crate) fn read(cell: &Cell, kind: FieldType, measure: &Measure) -> Read {
    match cell {
        Cell::Empty => return Ok(Err(Missing::Blank)),
        Cell::Error(_) => return Err(Problem::Formula),
        _ => {}
    }
    let shown = cell.shown();
    if !kind.is_number() {
        let value = text::tidy(&shown);
        let dashes = text::squeeze(&value).chars().all(|c| matches!(c, '-' | '—' | '–' | '―'));
        return Ok(if dashes { Err(Missing::NotApplicable) } else { Ok(Value::Text(value)) });
    }
    let plain = plain_number(&shown);
    if let Some(missing) = missing(&plain)? {
        return Ok(Err(missing));
    }
    let factor = measure.factor.ok_or(Problem::Measure)?;
    let (number, rest) = leading_number(&plain).ok_or(Problem::NotANumber)?;
    let number = number.ok_or(Problem::OutOfRange)?;
    let factor = if rest.is_empty() { factor } else { factor_in_cell(rest, measure)? };
    let canonical = number.checked_mul(factor).ok_or(Problem::OutOfRange)?;
    store(canonical, kind).map(Ok)
}

/// Whether a cell reads as a number or as a mark for a missing one.
pub(crate) fn looks_numeric(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) | Cell::Error(_) => true,
        Cell::Empty | Cell::Bool(_) => false,
        Cell::Text(raw) => {
            raw.len() < 64 && {
                let plain = plain_number(raw);
                leading_number(&plain)
                    .is_some_and(|(_, rest)| rest.is_empty() || MeasureUnit::parse(rest).is_some())
                    || !matches!(missing(&plain), Ok(None))
            }
        }
    }
}

/// Half-width, without white space, with one kind of minus.
fn plain_number(shown: &str) -> String {
    text::squeeze(shown).replace(['−', '–', '―'], "-")
}

/// Marks for missing values as bureaus type them; formula errors typed as text are a problem.
fn missing(plain: &str) -> Result<Option<Missing>, Problem> {
    let lower = plain.to_lowercase();
    let found = match lower.as_str() {
        "" | "空" => Missing::Blank,
        "/" | "\\" | "无" | "不适用" => Missing::NotApplicable,
        "暂无" | "未统计" | "待核实" | "n/a" | "na" | "#n/a" | "null" | "none" | "nan" => {
            Missing::NotAvailable
        }
        _ if lower.chars().all(|c| matches!(c, '-' | '—' | '_')) => Missing::NotApplicable,
        _ if lower.chars().all(|c| matches!(c, '.' | '…')) => Missing::TooSmall,
        _ if lower.chars().all(|c| c == '*') => Missing::Suppressed,
        _ if lower.starts_with('#') && lower.ends_with(['!', '?']) => return Err(Problem::Formula),
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// The number a text begins with (`None` inside if it has more digits than a decimal holds), and what follows it.
/// Thousands are parted in threes or not at all.
fn leading_number(plain: &str) -> Option<(Option<Decimal>, &str)> {
    if let Some(inner) = plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let (number, rest) = leading_number(inner)?;
        let unsigned = !inner.starts_with(['-', '+', '(']);
        return (rest.is_empty() && unsigned).then(|| (number.map(|number| -number), ""));
    }
    let (negative, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(end);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || decimals.contains(['.', ',']) || (digits.ends_with('.') && decimals.is_empty()) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let parted = whole.contains(',');
    if first.is_empty() || (parted && first.len() > 3) || !groups.all(|group| group.len() == 3) {
        return None;
    }
    // An exponent is a number whose digits a spreadsheet has thrown away.
    if rest.starts_with(['e', 'E']) {
        return None;
    }
    let number = Decimal::from_str(&digits.replace(',', "")).ok();
    Some((number.map(|number| if negative { -number } else { number }), rest))
}

/// `1.2亿元` in a column of money says its own measure unit; one that leads elsewhere does not fit.
fn factor_in_cell(symbol: &str, measure: &Measure) -> Result<Decimal, Problem> {
    let unit = MeasureUnit::parse(symbol).ok_or(Problem::NotANumber)?;
    let fits = measure.canonical.as_ref().is_some_and(|canonical| *canonical == unit.canonical);
    if fits { Ok(unit.factor) } else { Err(Problem::NotANumber) }
}

fn store(number: Decimal, kind: FieldType) -> Result<Value, Problem> {
    let Some((precision, scale)) = kind.decimal() else {
        let whole = number.normalize();
        if whole.scale() > 0 {
            return Err(Problem::NotWhole);
        }
        return i64::try_from(whole.mantissa()).map(Value::Int).map_err(|_| Problem::OutOfRange);
    };
    let scale = u32::try_from(scale).map_err(|_| Problem::OutOfRange)?;
    let kept = number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    let shift = 10_i128.checked_pow(scale.saturating_sub(kept.scale())).ok_or(Problem::OutOfRange)?;
    let scaled = kept.mantissa().checked_mul(shift).ok_or(Problem::OutOfRange)?;
    let limit = 10_i128.checked_pow(u32::from(precision)).ok_or(Problem::OutOfRange)?;
    if scaled.abs() >= limit {
        return Err(Problem::OutOfRange);
    }
    Ok(Value::Decimal { scaled, rounded: kept != number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, measure_unit: &str) -> Field {
        let unit = if measure_unit.is_empty() {
            String::new()
        } else {
            format!("measure_unit = \"{measure_unit}\"")
        };
        toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{unit}")).unwrap()
    }

    fn as_read(raw: &str, kind: &str, usual: &str, header: &str) -> String {
        let field = field(kind, usual);
        let measure = Measure::decide(&field, (!header.is_empty()).then_some(header), &[]);
        match read(&Cell::text(raw), field.kind, &measure) {
            Ok(Ok(Value::Text(text))) => text,
            Ok(Ok(Value::Int(number))) => number.to_string(),
            Ok(Ok(Value::Decimal { scaled, rounded })) => {
                let (_, scale) = field.kind.decimal().unwrap();
                let number = Decimal::from_i128_with_scale(scaled, u32::try_from(scale).unwrap()).normalize();
                format!("{number}{}", if rounded { " rounded" } else { "" })
            }
            Ok(Err(missing)) => format!("{missing:?}"),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn numbers_as_bureaus_type_them() {
        for (raw, kind, usual, header, expected) in [
            ("118.95", "int", "人", "万人", "1189500"),
            ("118.95", "int", "万人", "", "1189500"),
            ("118.950012", "int", "人", "万人", "NotWhole"),
            ("９５．２％", "ratio", "", "", "0.952"),
            ("95.2", "ratio", "%", "", "0.952"),
            ("12‰", "ratio", "", "%", "0.012"),
            ("-17.4", "ratio", "", "%", "-0.174"),
            ("-6.5", "points", "", "百分点", "-6.5"),
            ("5.3个百分点", "points", "", "", "5.3"),
            ("5.3%", "points", "", "", "NotANumber"),
            ("1,234.5", "money", "元", "万元", "12345000"),
            ("１,２３４", "money", "元", "", "1234"),
            ("1 234", "int", "", "", "1234"),
            ("1,23", "int", "", "", "NotANumber"),
            ("（123）", "money", "元", "", "-123"),
            ("－５", "int", "", "", "-5"),
            ("−5", "int", "", "", "-5"),
            ("△123", "int", "", "", "NotANumber"),
            ("1.2亿元", "money", "万元", "", "120000000"),
            ("35户", "int", "户", "", "35"),
            ("1,234.5万", "money", "万元", "", "NotANumber"),
            ("95.2%", "int", "人", "", "NotANumber"),
            ("约300", "int", "人", "", "NotANumber"),
            ("3-5", "int", "人", "", "NotANumber"),
            (">100", "int", "人", "", "NotANumber"),
            ("9.13303E+17", "decimal", "", "", "NotANumber"),
            ("33.3333333333", "decimal", "", "", "33.333333 rounded"),
            ("0.0000005", "decimal", "", "", "0.000001 rounded"),
            ("12345678901234567890", "money", "", "", "OutOfRange"),
            ("99999999999999999999999999999", "decimal", "", "万元", "OutOfRange"),
            ("9223372036854775808", "int", "", "", "OutOfRange"),
            ("0", "int", "", "", "0"),
            ("5", "money", "", "人", "Measure"),
        ] {
            assert_eq!(as_read(raw, kind, usual, header), expected, "{raw} as {kind} in {header}/{usual}");
        }
    }

    #[test]
    fn missing_is_not_zero() {
        for (raw, expected) in [
            ("", "Blank"),
            ("\u{3000}", "Blank"),
            ("--", "NotApplicable"),
            ("—", "NotApplicable"),
            ("－", "NotApplicable"),
            ("/", "NotApplicable"),
            ("……", "TooSmall"),
            ("*", "Suppressed"),
            ("N/A", "NotAvailable"),
            ("#DIV/0!", "Formula"),
        ] {
            assert_eq!(as_read(raw, "decimal", "", ""), expected, "{raw}");
        }
        assert_eq!(as_read(" 甲　乙\n公司 ", "string", "", ""), "甲 乙 公司");
        assert_eq!(as_read("-", "string", "", ""), "NotApplicable");
    }

    #[test]
    fn title_rows_declare_only_what_fits() {
        let titles = [MeasureUnit::parse("亿元").unwrap(), MeasureUnit::parse("户").unwrap()];
        let symbol = |kind: &str, usual: &str| Measure::decide(&field(kind, usual), None, &titles).symbol;
        assert_eq!(symbol("money", "万元"), "亿元");
        assert_eq!(symbol("int", "户"), "户");
        assert_eq!(symbol("int", ""), "");
        assert_eq!(symbol("ratio", "%"), "%");
    }
}
