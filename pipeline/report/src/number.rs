//! How a number becomes print: exact decimals, rounded half to even once (GB/T 8170), grouped by commas.
//!
//! A double is first read as the shortest decimal that stands for it, so 0.125 rounds as people read it.

use std::str::FromStr as _;

use model::{MeasureUnit, Value};
use rust_decimal::{Decimal, RoundingStrategy};

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

/// The printed text; `None` when the scaled number has no exact decimal.
pub(crate) fn print(value: Decimal, style: &Style) -> Option<String> {
    let scaled = match &style.unit {
        Some(unit) => value.checked_div(unit.factor)?,
        None => value,
    };
    let rounded = scaled.round_dp_with_strategy(style.decimals, RoundingStrategy::MidpointNearestEven);
    let decimals = usize::try_from(style.decimals).ok()?;
    let digits = format!("{:.decimals$}", rounded.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
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
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
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
