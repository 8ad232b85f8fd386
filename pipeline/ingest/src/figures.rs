//! One cell into a figure of its field: canonical, exact, told apart from what only looks like one.
//!
//! A figure that cannot be read becomes NULL with a finding, never zero. What the cell itself says (a measure unit, a
//! sign of percent, a word for a fall) comes before what its column says.

mod stated;

use model::{Decimal, Field, FieldType, MeasureUnit};
use rust_decimal::RoundingStrategy;

use self::stated::{Stated, in_full, is_quantity, is_share, stated};
use crate::grid::Cell;
use crate::measures::Measure;
use crate::missing;
use crate::numerals;
use crate::values::{Good, Note, Problem, Read, Value};

/// Units that no count of pieces has.
const MEASURED: [&str; 11] =
    ["元", "美元", "平方米", "平方公里", "公顷", "亩", "米", "公里", "吨", "千瓦时", "立方米"];
/// Multiples without a unit behind them.
const MULTIPLES: [(&str, u32); 8] =
    [("百", 2), ("千", 3), ("万", 4), ("十万", 5), ("百万", 6), ("千万", 7), ("亿", 8), ("万亿", 12)];

impl Stated {
    fn factor(&self, field: &Field, measure: &Measure) -> Result<Decimal, Problem> {
        // The sign of the currency stands for 元 and for 万元.
        if self.money && measure.canonical.as_deref() != Some("元") {
            return Err(Problem::NotANumber);
        }
        factor(&self.rest, field, measure)
    }
}

/// Reads a figure.
pub(crate) fn read(shown: &str, field: &Field, measure: &Measure) -> Read {
    let mut stated = match stated(shown, field)? {
        Ok(stated) => stated,
        Err(missing) => return Ok(Err(missing)),
    };
    // Zero is zero in every scale.
    let factor = match stated.factor(field, measure) {
        Err(Problem::Scale) if stated.number.is_zero() => Decimal::ONE,
        factor => factor?,
    };
    let canonical = stated.number.checked_mul(factor).ok_or(Problem::OutOfRange)?;
    let (value, rounded) = store(canonical, field.kind)?;
    if rounded {
        stated.notes.push(Note::Rounded);
    }
    Ok(Ok(Good { value, notes: stated.notes }))
}

/// A figure without a sign or unit of its own, for the decision on the column's scale.
pub(crate) fn bare(cell: &Cell, field: &Field) -> Option<Decimal> {
    stated(&cell.shown(), field)
        .ok()?
        .ok()
        .filter(|stated| stated.rest.is_empty())
        .map(|stated| stated.number)
}

/// The worth of the last printed place of a figure, in the canonical unit.
pub(crate) fn last_place(cell: &Cell, field: &Field, measure: &Measure) -> Option<Decimal> {
    let stated = stated(&cell.shown(), field).ok()?.ok()?;
    Decimal::new(1, stated.number.scale()).checked_mul(stated.factor(field, measure).ok()?)
}

/// Whether a cell reads as a number or as a mark for a missing one.
pub(crate) fn looks_numeric(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) | Cell::Error(_) => true,
        Cell::Empty | Cell::Bool(_) => false,
        Cell::Text(raw) => {
            raw.len() < 64 && {
                let plain = numerals::plain(raw);
                let plain = numerals::without_currency(&plain).unwrap_or(plain);
                numerals::leading(&plain)
                    .is_some_and(|(_, rest)| rest.is_empty() || MeasureUnit::parse(in_full(rest)).is_some())
                    || !matches!(missing::mark(&plain), Ok(None))
            }
        }
    }
}

/// What to multiply a figure by, given what stands after it in the cell.
fn factor(rest: &str, field: &Field, measure: &Measure) -> Result<Decimal, Problem> {
    if rest.is_empty() {
        return if measure.undecided { Err(Problem::Scale) } else { measure.factor.ok_or(Problem::Measure) };
    }
    let digit_after = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let range =
        ["-", "—", "~", "至", "到"].iter().any(|dash| rest.strip_prefix(dash).is_some_and(digit_after));
    if range || ["以上", "以下", "以内", "起"].iter().any(|bound| rest.ends_with(bound)) {
        return Err(Problem::Range);
    }
    if is_share(rest) && is_quantity(field.kind) {
        return Err(Problem::ShareForQuantity);
    }
    if rest.ends_with("百分点") && field.kind == FieldType::Ratio {
        return Err(Problem::PointsForShare);
    }
    if let Some((_, power)) = MULTIPLES.iter().find(|(word, _)| *word == rest) {
        // In a column of 万元, 5万 is 5万元 or 5万 of them: nobody knows.
        let single = measure.factor == Some(Decimal::ONE) && is_quantity(field.kind);
        return if single { Ok(Decimal::from(10_u64.pow(*power))) } else { Err(Problem::Multiple) };
    }
    let unit = MeasureUnit::parse(rest).ok_or(Problem::NotANumber)?;
    let fits = match &measure.canonical {
        Some(canonical) => *canonical == unit.canonical,
        // A count whose unit nobody declared.
        None => {
            field.kind == FieldType::Int && unit.adds_up() && !MEASURED.contains(&unit.canonical.as_str())
        }
    };
    if fits { Ok(unit.factor) } else { Err(Problem::NotANumber) }
}

/// The value as its type stores it, and whether it had to be rounded.
fn store(number: Decimal, kind: FieldType) -> Result<(Value, bool), Problem> {
    let Some((precision, scale)) = kind.decimal() else {
        let whole = number.normalize();
        if whole.scale() > 0 {
            return Err(Problem::NotWhole);
        }
        let stored = i64::try_from(whole.mantissa()).map_err(|_| Problem::OutOfRange)?;
        return Ok((Value::Int(stored), false));
    };
    let scale = u32::try_from(scale).map_err(|_| Problem::OutOfRange)?;
    let kept = number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    let shift = 10_i128.checked_pow(scale.saturating_sub(kept.scale())).ok_or(Problem::OutOfRange)?;
    let scaled = kept.mantissa().checked_mul(shift).ok_or(Problem::OutOfRange)?;
    let limit = 10_i128.checked_pow(u32::from(precision)).ok_or(Problem::OutOfRange)?;
    if scaled.abs() >= limit {
        return Err(Problem::OutOfRange);
    }
    Ok((Value::Decimal(scaled), kept != number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

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
        match values::read(&Cell::text(raw), &field, &measure, crate::dates::Dating::default()) {
            Ok(Ok(good)) => {
                let value = match good.value {
                    Value::Text(text) => text.into(),
                    Value::Int(number) => number.to_string(),
                    Value::Decimal(scaled) => {
                        let (_, scale) = field.kind.decimal().unwrap();
                        let scale = u32::try_from(scale).unwrap();
                        Decimal::from_i128_with_scale(scaled, scale).normalize().to_string()
                    }
                    other => format!("{other:?}"),
                };
                let notes = good.notes.iter().map(|note| format!("{note:?}").to_lowercase());
                std::iter::once(value).chain(notes).collect::<Vec<_>>().join(" ")
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
            ("△123", "int", "", "", "Triangle"),
            ("▲1.2", "decimal", "", "", "Triangle"),
            ("1.2亿元", "money", "万元", "", "120000000"),
            ("¥1,234.50", "money", "", "元", "1234.5"),
            ("￥1,234.50", "money", "", "万元", "12345000"),
            ("-¥12", "money", "元", "", "-12"),
            ("（￥12）", "money", "元", "", "-12"),
            ("12元整", "money", "", "", "12"),
            ("12万元整", "money", "", "", "120000"),
            ("12整", "money", "", "", "NotANumber"),
            ("人民币12元", "money", "万元", "", "12"),
            ("RMB：12.5", "money", "", "", "12.5"),
            ("¥12", "int", "户", "", "NotANumber"),
            ("¥12", "decimal", "", "", "NotANumber"),
            ("¥", "money", "", "", "NotANumber"),
            ("12.", "money", "", "", "12"),
            (".5", "decimal", "", "", "0.5"),
            ("35户", "int", "户", "", "35"),
            ("1,234.5万", "money", "万元", "", "Multiple"),
            ("12.3万元", "money", "亿元", "", "123000"),
            ("1.2亿", "money", "", "亿元", "Multiple"),
            ("1.2亿", "money", "", "", "120000000"),
            ("3.5千", "int", "", "", "3500"),
            ("1,234.5万", "money", "元", "", "12345000"),
            ("1,234.5万", "int", "", "", "12345000"),
            ("35户", "int", "", "", "35"),
            ("35元", "int", "", "", "NotANumber"),
            ("95.2%", "int", "人", "", "ShareForQuantity"),
            ("占比95.2%", "int", "人", "", "ShareForQuantity"),
            ("+5.1%", "int", "人", "", "ShareForQuantity"),
            ("增长5%", "money", "", "", "ShareForQuantity"),
            ("增加35户", "int", "户", "", "ChangeForQuantity"),
            ("增长5%", "ratio", "", "", "0.05"),
            ("同比下降3.2%", "ratio", "", "", "-0.032"),
            ("下降3.2", "ratio", "", "%", "-0.032"),
            ("持平", "ratio", "", "%", "0"),
            ("持平", "int", "", "", "NotANumber"),
            ("下降0.3个百分点", "points", "", "", "-0.3"),
            ("占比95.2%", "ratio", "", "", "0.952"),
            ("（12.3）", "decimal", "", "", "-12.3"),
            ("(3.1%)", "ratio", "", "", "-0.031"),
            ("1,234.5-", "money", "", "", "-1234.5"),
            ("12 34", "int", "", "", "NotANumber"),
            ("12\n34", "int", "", "", "NotANumber"),
            ("5.3个百分点", "ratio", "", "", "PointsForShare"),
            ("约300", "int", "人", "", "300 approximate"),
            ("300余家", "int", "家", "", "300 approximate"),
            ("近3万人", "int", "人", "", "30000 approximate"),
            ("3-5", "int", "人", "", "Range"),
            ("2.50-4.00", "decimal", "", "", "Range"),
            (">100", "int", "人", "", "Range"),
            ("100人以下", "int", "人", "", "Range"),
            ("不足100", "int", "人", "", "Range"),
            ("87.74¹）", "decimal", "", "", "87.74 footnotemark"),
            ("12①", "int", "", "", "12 footnotemark"),
            ("35*", "int", "", "", "35 footnotemark"),
            ("35[注1]", "int", "", "", "35 footnotemark"),
            ("１２３．４５", "decimal", "", "", "123.45"),
            ("1，234.5", "decimal", "", "", "1234.5"),
            ("9.13303E+17", "int", "", "", "NotANumber"),
            ("鹿城", "int", "", "", "NotANumber"),
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
            ("待核实", "Pending"),
            ("空", "Blank"),
            ("\\", "NotApplicable"),
            ("无", "NotApplicable"),
            ("暂无", "NotAvailable"),
            ("未统计", "NotAvailable"),
            ("#N/A", "NotAvailable"),
            ("null", "NotAvailable"),
            ("#REF!", "Formula"),
            ("N/A", "NotAvailable"),
            ("#DIV/0!", "Formula"),
        ] {
            assert_eq!(as_read(raw, "decimal", "", ""), expected, "{raw}");
        }
        assert_eq!(as_read(" 甲　乙\n公司 ", "string", "", ""), "甲 乙 公司");
        assert_eq!(as_read("-", "string", "", ""), "NotApplicable");
    }

    #[test]
    fn a_declared_triangle_makes_a_column_of_changes() {
        let falls: Field =
            toml::from_str("name = \"x\"\nzh = [\"x\"]\ntype = \"int\"\ntriangle = \"decrease\"").unwrap();
        let measure = Measure::decide(&falls, None, &[]);
        for (raw, expected) in [("△123", -123), ("减少35", -35), ("增加35户", 35), ("持平", 0)] {
            let read = values::read(&Cell::text(raw), &falls, &measure, crate::dates::Dating::default());
            assert_eq!(read, Ok(Ok(Value::Int(expected).into())), "{raw}");
        }
    }
}
