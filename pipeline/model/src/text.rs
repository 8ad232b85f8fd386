//! Text as people in bureaus type it: full-width letters, blanks inside names, near misses.
//!
//! Nothing here decides anything: it only makes texts comparable and finds what was probably meant.

use unicode_normalization::UnicodeNormalization;

/// Full-width forms become half-width (NFKC); everything else stays.
pub fn narrow(text: &str) -> String {
    text.nfkc().collect()
}

/// The form in which labels are compared: half-width, without any white space (also U+3000 and zero-width marks).
pub fn squeeze(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    text.nfkc().filter(|c| !c.is_whitespace() && !is_zero_width(*c)).collect()
}

/// Whether a text is made of visible ASCII and common Han characters only, which stay as they are.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '!'..='~' | '\u{4e00}'..='\u{9fff}'))
}

/// White space of every kind at both ends is dropped, and each run inside becomes one blank.
pub fn tidy(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let visible: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The candidate most like `name`, if any is near enough to be worth asking “did you mean”.
///
/// Ties go to the first candidate, so the order of the candidates must be fixed.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = squeeze(name).to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = strsim::normalized_damerau_levenshtein(&wanted, &squeeze(candidate).to_lowercase());
        if score >= 0.5 && best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squeezes_what_clerks_type() {
        assert_eq!(squeeze("鹿 城\u{3000}区\u{200b}"), "鹿城区");
        assert_eq!(squeeze("１２３．４５％"), "123.45%");
        assert_eq!(tidy("  项目人员\n折合全时 "), "项目人员 折合全时");
    }

    #[test]
    fn plain_texts_take_a_short_way_to_the_same_end() {
        for code in (0x21..0x7f).chain(0x4e00..0xa000) {
            let text: String = char::from_u32(code).into_iter().collect();
            assert_eq!(text.nfkc().collect::<String>(), text);
            assert!(is_plain(&text) && !text.contains(char::is_whitespace));
        }
        assert!(!is_plain("a b") && !is_plain("Ａ") && !is_plain("\u{200b}"));
    }

    #[test]
    fn suggests_near_misses_only() {
        assert_eq!(suggest("龙弯区", ["鹿城区", "龙湾区", "龙港市"]), Some("龙湾区"));
        assert_eq!(suggest("measure_unti", ["measure_unit", "name"]), Some("measure_unit"));
        assert_eq!(suggest("杭州", ["鹿城区", "龙湾区"]), None);
    }
}
