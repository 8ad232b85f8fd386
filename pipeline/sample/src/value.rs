//! A clean value, as the Parquet must hold it in the end, and its text in a truth table.
//!
//! No binary floating point: money counts 分, shares count hundred-millionths, measures count millionths.

use crate::calendar;

/// One clean value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// There is none.
    #[default]
    None,
    /// Text, codes, unit ids, periods.
    Text(String),
    /// A value of a list.
    Word(&'static str),
    /// A count.
    Count(i64),
    /// Money in 分.
    Money(i64),
    /// A share in hundred-millionths.
    Share(i64),
    /// A measure in millionths of its canonical unit.
    Measure(i64),
    /// A day since 1970-01-01.
    Day(i32),
    /// Seconds since 1970-01-01, local.
    Moment(i64),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Money given in 元.
    pub fn yuan(yuan: i64) -> Self {
        Self::Money(yuan * 100)
    }

    /// A share given in ten-thousandths (hundredths of a percent).
    pub fn basis_points(points: i64) -> Self {
        Self::Share(points * 10_000)
    }

    /// What a truth table says; nothing for no value.
    pub fn truth(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => text.clone(),
            Self::Word(word) => (*word).to_owned(),
            Self::Count(count) => count.to_string(),
            Self::Money(cents) => scaled(*cents, 2, true),
            Self::Share(parts) => scaled(*parts, 8, false),
            Self::Measure(parts) => scaled(*parts, 6, false),
            Self::Day(day) => calendar::iso(*day),
            Self::Moment(seconds) => calendar::moment(*seconds),
            Self::Bool(truth) => truth.to_string(),
        }
    }
}

/// A whole number as a decimal with so many places; zeros at the end are kept or not.
pub fn scaled(number: i64, places: u32, keep: bool) -> String {
    let unit = 10_u64.pow(places);
    let (whole, part) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    let sign = if number < 0 { "-" } else { "" };
    let width = usize::try_from(places).unwrap_or_default();
    let text = format!("{sign}{whole}.{part:0width$}");
    let text = if places == 0 { text.trim_end_matches('0') } else { &text };
    let text = if keep { text } else { text.trim_end_matches('0') };
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_of_exact_numbers() {
        for (value, expected) in [
            (Value::yuan(1200), "1200.00"),
            (Value::Money(-5), "-0.05"),
            (Value::basis_points(435), "0.0435"),
            (Value::Measure(1_500_000), "1.5"),
            (Value::Measure(0), "0"),
            (Value::Share(100_000_000), "1"),
            (Value::Bool(false), "false"),
            (Value::None, ""),
        ] {
            assert_eq!(value.truth(), expected);
        }
        assert_eq!(scaled(1200, 0, true), "1200");
    }
}
