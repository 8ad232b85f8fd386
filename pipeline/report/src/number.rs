//! How a number becomes print: exact decimals, rounded half to even once (GB/T 8170), grouped by commas.
//!
//! A double is first read as the shortest decimal that stands for it, so 0.125 rounds as people read it.

use std::str::FromStr as _;

use model::{MeasureUnit, Value};
use rust_decimal::{Decimal, RoundingStrategy};

/// The most decimals that can be printed.
pub(crate) const MOST_DECIMALS: u32 = 12;

/// The minus sign of print, U+2212.
const MINUS: char = '\u{2212}';

/// How one number is printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Style {
    /// Decimals printed.
    pub(crate) decimals: u32,
    /// The unit printed in, when it is not the canonical one.
    pub(crate) unit: Option<MeasureUnit>,
    /// Whether positive numbers get a plus sign.
    pub(crate) signed: bool,
    /// Whether the sign is left out, because words around the figure say it.
    pub(crate) absolute: bool,
    /// What follows the digits.
    pub(crate) suffix: &'static str,
}

/// The exact decimal a value stands for; `None` when it is no finite number or too long for one.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        Value::Float(value) => Decimal::from_str(&value.to_string()).ok(),
        _ => None,
    }
}

/// Printed parts of a printed total: each is cut to the decimals, and what is then missing from the total goes one
/// unit of the last decimal each to the parts that lost most by the cut, the earlier one where they lost the same.
/// `None` when the parts do not add up to the total.
pub(crate) fn apportion(total: Decimal, parts: &[Decimal], style: &Style) -> Option<Vec<Decimal>> {
    let factor = style.unit.as_ref().map_or(Decimal::ONE, |unit| unit.factor);
    let last = Decimal::new(1, style.decimals);
    let scaled: Vec<Decimal> = parts.iter().map(|part| part.checked_div(factor)).collect::<Option<_>>()?;
    let exact = scaled.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part))?;
    let total = total.checked_div(factor)?;
    // Doubles that add up in mathematics differ by less than this.
    if exact.checked_sub(total)?.abs() > last.checked_div(Decimal::from(1000))? {
        return None;
    }
    let total = total.round_dp_with_strategy(style.decimals, RoundingStrategy::MidpointNearestEven);
    let cut =
        |part: &Decimal| part.round_dp_with_strategy(style.decimals, RoundingStrategy::ToNegativeInfinity);
    let mut printed: Vec<Decimal> = scaled.iter().map(cut).collect();
    let sum = printed.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part))?;
    let mut missing = total.checked_sub(sum)?;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(scaled[*at] - printed[*at]));
    for at in order {
        if missing >= last {
            printed[at] = printed[at].checked_add(last)?;
            missing -= last;
        }
    }
    missing.is_zero().then_some(printed)
}

/// The printed text; `None` when the scaled number has no exact decimal.
pub(crate) fn print(value: Decimal, style: &Style) -> Option<String> {
    let scaled = match &style.unit {
        Some(unit) => value.checked_div(unit.factor)?,
        None => value,
    };
    let rounded = scaled.round_dp_with_strategy(style.decimals, RoundingStrategy::MidpointNearestEven);
    // Zeros are added here: the decimals' own formatting panics when digits and zeros are more than it has room for.
    let decimals = usize::try_from(style.decimals).ok()?;
    let digits = rounded.abs().normalize().to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let zeros = "0".repeat(decimals.saturating_sub(fraction.len()));
    let mut text = String::new();
    if !rounded.is_zero() && !style.absolute {
        if rounded.is_sign_negative() {
            text.push(MINUS);
        } else if style.signed {
            text.push('+');
        }
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if decimals > 0 {
        text.push('.');
        text.push_str(fraction);
        text.push_str(&zeros);
    }
    text.push_str(style.suffix);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value, decimals: u32, unit: Option<&str>, signed: bool) -> String {
        let unit = unit.map(|unit| MeasureUnit::parse(unit).unwrap());
        print(decimal(value).unwrap(), &Style { decimals, unit, signed, ..Style::default() }).unwrap()
    }

    #[test]
    fn halves_go_to_the_even_digit() {
        for (value, decimals, text) in [
            (0.125, 2, "0.12"),
            (0.135, 2, "0.14"),
            (2.5, 0, "2"),
            (3.5, 0, "4"),
            (1.005, 2, "1.00"),
            (1.015, 2, "1.02"),
            (2.675, 2, "2.68"),
            (0.1 + 0.2, 1, "0.3"),
            (1e-7, 2, "0.00"),
        ] {
            assert_eq!(shown(&Value::Float(value), decimals, None, false), text, "{value}");
        }
        assert_eq!(shown(&Value::Float(0.967_741_935_483_871), 1, Some("%"), false), "96.8");
        assert_eq!(shown(&Value::Float(0.9765), 1, Some("%"), false), "97.6", "97.65 goes to the even 6");
    }

    #[test]
    fn the_longest_number_with_the_most_decimals_is_printed() {
        let text = print(Decimal::MAX, &Style { decimals: MOST_DECIMALS, ..Style::default() }).unwrap();
        assert_eq!(text, "79,228,162,514,264,337,593,543,950,335.000000000000");
    }

    #[test]
    fn printed_parts_add_up_to_the_printed_total() {
        let split = |total: &str, parts: &[&str]| {
            let number = |text: &str| Decimal::from_str(text).unwrap();
            let parts: Vec<Decimal> = parts.iter().map(|part| number(part)).collect();
            let style = Style { decimals: 1, ..Style::default() };
            apportion(number(total), &parts, &style)
                .map(|parts| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(split("76.25", &["33.75", "42.5"]).unwrap(), "33.7 42.5");
        assert_eq!(split("83.75", &["33.75", "50"]).unwrap(), "33.8 50");
        assert_eq!(split("10.05", &["3.35", "3.35", "3.35"]).unwrap(), "3.4 3.3 3.3");
        assert_eq!(split("1", &["0.33333", "0.33333", "0.33333"]).unwrap(), "0.4 0.3 0.3");
        assert_eq!(split("-0.05", &["-0.35", "0.3"]).unwrap(), "-0.3 0.3");
        assert_eq!(split("90", &["33.75", "50"]), None);
    }

    #[test]
    fn signs_groups_and_units() {
        assert_eq!(shown(&Value::Int(1_189_500), 2, Some("万人"), false), "118.95");
        assert_eq!(shown(&Value::Int(9_120_080_000), 0, Some("万元"), false), "912,008");
        assert_eq!(shown(&Value::Int(-1_234_567), 0, None, false), "\u{2212}1,234,567");
        assert_eq!(shown(&Value::Float(-0.04), 1, None, true), "0.0", "no sign on a rounded zero");
        assert_eq!(shown(&Value::Float(0.037), 1, Some("%"), true), "+3.7");
        assert_eq!(shown(&Value::Int(999), 0, None, false), "999");
        assert_eq!(shown(&Value::Int(1000), 1, None, false), "1,000.0");
        assert_eq!(decimal(&Value::Float(f64::NAN)), None);
        assert_eq!(decimal(&Value::Text("1".into())), None);
    }
}
