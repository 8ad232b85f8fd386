//! What stands in a cell, and how it is shown.

use std::borrow::Cow;

use ecow::EcoString;
use model::text;

/// What a formula without its value shows.
const WITHOUT_VALUE: &str = "=";

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing, or only white space.
    Empty,
    /// Text, as shown; dates too, in ISO form.
    Text(EcoString),
    /// A number of a workbook.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A formula error such as `#DIV/0!`.
    Error(EcoString),
}

impl Cell {
    /// A text cell; white space alone is an empty cell.
    pub(crate) fn text(raw: &str) -> Self {
        let visible =
            raw.chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}'));
        if visible { Self::Text(raw.into()) } else { Self::Empty }
    }

    /// A formula whose value the file does not hold: an error, for nothing can be said of it.
    pub(crate) fn without_value() -> Self {
        Self::Error(WITHOUT_VALUE.into())
    }

    /// Whether it is a formula whose value the file does not hold.
    pub(crate) fn is_without_value(&self) -> bool {
        matches!(self, Self::Error(text) if text == WITHOUT_VALUE)
    }

    /// Whether nothing stands here.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The text as shown.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }

    /// The form in which labels are compared.
    pub(crate) fn label(&self) -> String {
        text::squeeze(&self.shown())
    }
}

/// Up to here every whole number is one of binary floating point too.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The shortest decimal text that reads back as the number. Beyond 15 significant digits it is what spreadsheet
/// programs keep and show: 15 digits, so that the binary dust of `=12.3+45.6` is no part of the figure.
pub(crate) fn number_text(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of this size is one of both types")]
    if number.fract() == 0.0 && number.abs() < MAX_WHOLE && number.to_bits() != (-0.0_f64).to_bits() {
        return (number as i64).to_string();
    }
    let shortest = number.to_string();
    let digits = shortest.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits <= 15 || !number.is_finite() || !shortest.contains('.') {
        return shortest;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_typed() {
        for (number, shown) in
            [(964.5, "964.5"), (87.0, "87"), (-17.4, "-17.4"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000")]
        {
            assert_eq!(number_text(number), shown);
        }
        for number in [0.0, -0.0, 1.0, -12.0, 402_557_500_508.0, MAX_WHOLE - 1.0, MAX_WHOLE, -1e300, f64::NAN]
        {
            assert_eq!(number_text(number), number.to_string());
        }
    }
}
