//! Text set above or below its line, as the characters for it.
//!
//! A footnote mark set high is a digit like any other in the file: `3` with a small `2` behind it must not become 32.
//! What has no such character stays as it is.

use std::borrow::Cow;

/// The text as it is set: high `2` becomes `²`, low `2` becomes `₂`.
pub(crate) fn set(text: &str, high: bool, low: bool) -> Cow<'_, str> {
    let forms = match (high, low) {
        (true, _) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'],
        (false, true) => ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'],
        (false, false) => return Cow::Borrowed(text),
    };
    let form = |c: char| {
        let digit = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        digit.and_then(|digit| forms.get(digit)).copied().unwrap_or(c)
    };
    Cow::Owned(text.chars().map(form).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_set_high_and_low() {
        assert_eq!(set("1）注[20]*", true, false), "¹）注[²⁰]*");
        assert_eq!(set("2", false, true), "₂");
        assert_eq!(set("2", false, false), "2");
    }
}
