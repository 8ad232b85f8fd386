//! The text of a number as bureaus type it, to an exact decimal: separators, signs, brackets, footnote marks.
//!
//! The text is what is read, never a binary float. What follows the number (a measure unit, a sign of percent) is
//! handed back as it is; nothing here knows fields or units.

use std::borrow::Cow;
use std::str::FromStr as _;

use model::{Decimal, text};

/// Words before a figure that say it is a change, and which way it goes.
const RISES: [&str; 11] =
    ["增长", "增加", "上升", "提高", "提升", "上涨", "扩大", "回升", "上浮", "增", "升"];
const FALLS: [&str; 11] =
    ["下降", "减少", "降低", "下滑", "回落", "下跌", "缩小", "减", "降", "下浮", "负增长"];
/// Words before those, of the time a change is against.
const AGAINST: [&str; 9] = [
    "与上年同期相比",
    "与上年相比",
    "比上年同期",
    "较上年同期",
    "比上年",
    "较上年",
    "比年初",
    "同比",
    "环比",
];

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// 增长5%.
    Up,
    /// 下降3.2%.
    Down,
}

/// Half-width, with one kind of minus, without white space. Blanks between digits part thousands; what else stands
/// apart in a cell is not pushed together: `12 34`, two lines of figures and `3²5` are not one number.
pub(crate) fn plain(shown: &str) -> String {
    let one_minus = |text: String| text.replace(['−', '–', '―'], "-");
    let shown = &*marks_apart(shown);
    if !shown.trim().contains(char::is_whitespace) {
        return one_minus(text::squeeze(shown));
    }
    let mut parted = String::new();
    let mut gap = None;
    for c in shown.trim().chars() {
        if c.is_whitespace() {
            gap = if gap == Some(false) || matches!(c, '\n' | '\r') { Some(false) } else { Some(true) };
            continue;
        }
        let between = parted.ends_with(char::is_numeric) && c.is_numeric();
        match gap.take() {
            Some(true) if between => parted.push(','),
            Some(false) if between => parted.push(';'),
            _ => {}
        }
        parted.push(c);
    }
    one_minus(text::squeeze(&parted))
}

/// The text with a sign before each mark that would become a digit of the figure before it: ², ①, ₂.
fn marks_apart(shown: &str) -> Cow<'_, str> {
    let marks = |c: char| c.is_numeric() && !matches!(c, '0'..='9' | '０'..='９' | '〇');
    if !shown.contains(marks) {
        return Cow::Borrowed(shown);
    }
    let mut apart = String::new();
    for c in shown.chars() {
        if marks(c) && apart.ends_with(char::is_numeric) {
            apart.push(';');
        }
        apart.push(c);
    }
    Cow::Owned(apart)
}

/// A figure without a footnote mark glued to it: `87.74¹）`, `12①`, `35*`, `#35`, `35[1]`. Made before full-width
/// letters become half-width, which would turn ¹ into a digit.
pub(crate) fn without_mark(shown: &str) -> &str {
    let shown = shown.trim();
    let mark = |c: char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '①'..='⒛');
    let open = shown.strip_suffix([')', '）']).unwrap_or(shown);
    // Several marks may be parted: 35¹,².
    let marks = |c: char| mark(c) || matches!(c, ',' | '，' | '、');
    let without = if open.ends_with(mark) { open.trim_end_matches(marks) } else { open };
    let without = if without.len() < open.len() {
        without.trim_end_matches(['(', '（'])
    } else if let Some((before, inner)) =
        shown.strip_suffix([']', '］', '〕']).and_then(|inner| inner.rsplit_once(['[', '［', '〔']))
    {
        let number = inner.trim_start_matches('注');
        if number.is_empty() || number.chars().all(char::is_numeric) { before } else { shown }
    } else {
        shown.trim_end_matches(['*', '＊', '#', '＃', '†'])
    };
    let without = without.trim_end();
    let ahead = without.trim_start_matches(['*', '＊', '#', '＃', '†', '※']).trim_start();
    let without = if ahead.starts_with(|c: char| c.is_numeric() || c == '-') { ahead } else { without };
    let figure = without.ends_with(|c: char| c.is_numeric() || matches!(c, '%' | '％' | '‰'));
    if figure { without } else { shown }
}

/// The number a plain text begins with (`None` inside if it has more digits than a decimal holds), and what follows
/// it. Thousands are parted in threes or not at all. A minus may stand behind (`1,234.5-`), brackets around the number
/// and its unit make it negative: `(12.3%)`.
pub(crate) fn leading(plain: &str) -> Option<(Option<Decimal>, &str)> {
    if let Some(inner) = plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let (number, rest) = unsigned(inner)?;
        return (!rest.contains(['(', ')', '-'])).then(|| (number.map(|number| -number), rest));
    }
    let (negative, digits) = match plain.strip_prefix('-').or_else(|| plain.strip_prefix('负')) {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let (number, rest) = unsigned(digits)?;
    if rest == "-" {
        return (digits.len() == plain.len()).then(|| (number.map(|number| -number), ""));
    }
    Some((number.map(|number| if negative { -number } else { number }), rest))
}

fn unsigned(plain: &str) -> Option<(Option<Decimal>, &str)> {
    let end = plain.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(plain.len());
    let (digits, rest) = plain.split_at(end);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    // `12.` and `.5` are figures; `1.鹿城` is the first of a list.
    let unfinished = digits.ends_with('.') && (whole.is_empty() || !rest.is_empty());
    if digits.is_empty() || decimals.contains(['.', ',']) || unfinished {
        return None;
    }
    let digits = digits.trim_end_matches('.');
    let whole = if whole.is_empty() { "0" } else { whole };
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
    Some((Decimal::from_str(&digits.replace(',', "")).ok(), rest))
}

/// A plain text without the sign or name of the currency before its figure: `¥1,234.50`, `-¥12`, `人民币12元`. `None` if
/// there is none.
pub(crate) fn without_currency(plain: &str) -> Option<String> {
    let (sign, rest) = plain.split_at(plain.len() - plain.trim_start_matches(['-', '+', '(']).len());
    let figure = ["¥", "人民币", "RMB", "CNY"].iter().find_map(|word| rest.strip_prefix(word))?;
    Some(format!("{sign}{}", figure.trim_start_matches(':')))
}

/// The change a plain text tells in words, and the figure after them: `同比增长5%` is up, `5%`. 持平 has no figure.
pub(crate) fn change(plain: &str) -> Option<(Way, &str)> {
    let told = AGAINST.iter().find_map(|against| plain.strip_prefix(against)).unwrap_or(plain);
    let after = |words: &[&str]| words.iter().find_map(|word| told.strip_prefix(word));
    // 负增长 begins with no word of a rise.
    let (way, figure) = match after(&FALLS) {
        Some(figure) => (Way::Down, figure),
        None => (Way::Up, after(&RISES)?),
    };
    let figure = figure.strip_prefix('了').unwrap_or(figure);
    figure.starts_with(|c: char| c.is_ascii_digit()).then_some((way, figure))
}

/// Whether a plain text says that nothing has changed.
pub(crate) fn is_level(plain: &str) -> bool {
    let rest = AGAINST.iter().find_map(|against| plain.strip_prefix(against)).unwrap_or(plain);
    matches!(rest, "持平" | "零增长" | "与上年持平" | "不变")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(raw: &str) -> String {
        let plain = plain(without_mark(raw));
        match leading(&plain) {
            Some((Some(number), rest)) => format!("{number}{}{rest}", if rest.is_empty() { "" } else { " " }),
            Some((None, _)) => "too long".to_owned(),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn numbers_as_they_are_typed() {
        for (raw, expected) in [
            ("１２３．４５", "123.45"),
            ("1 234", "1234"),
            ("1\u{3000}234.5", "1234.5"),
            ("1\u{a0}234 567", "1234567"),
            ("12 34", "none"),
            ("12\n345", "12 ;345"),
            ("1 2", "none"),
            (" 12 万元 ", "12 万元"),
            ("1，234.5", "1234.5"),
            ("1,23", "none"),
            ("-12", "-12"),
            ("− 12", "-12"),
            ("负12.5", "-12.5"),
            ("1,234.5-", "-1234.5"),
            ("-5-", "none"),
            ("（12.3）", "-12.3"),
            ("(12.3%)", "-12.3 %"),
            ("(-12)", "none"),
            ("((12))", "none"),
            ("3-5", "3 -5"),
            ("12.", "12"),
            ("-12.", "-12"),
            ("1.鹿城", "none"),
            (".5", "0.5"),
            ("-.5%", "-0.5 %"),
            (".", "none"),
            ("1..5", "none"),
            ("1e5", "none"),
            ("87.741)", "87.741 )"),
            ("87.74¹）", "87.74"),
            ("35¹,²", "35"),
            ("3²5", "3 ;25"),
            ("3₂", "3 ;2"),
            ("35km²", "35 km2"),
            ("#35", "35"),
            ("*-3.5", "-3.5"),
            ("99999999999999999999999999999999", "too long"),
        ] {
            assert_eq!(number(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn changes_in_words() {
        for (plain, way, figure) in [
            ("增长5%", Way::Up, "5%"),
            ("同比下降3.2%", Way::Down, "3.2%"),
            ("比上年减少35户", Way::Down, "35户"),
            ("负增长1.2%", Way::Down, "1.2%"),
            ("回落0.3个百分点", Way::Down, "0.3个百分点"),
        ] {
            assert_eq!(change(plain), Some((way, figure)), "{plain}");
        }
        for other in ["5%", "增长", "增速5%", "增长-5%", "降"] {
            assert_eq!(change(other), None, "{other}");
        }
        assert!(is_level("同比持平") && is_level("零增长") && !is_level("0"));
    }
}
