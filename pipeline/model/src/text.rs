//! Text as people in bureaus type it: full-width letters, blanks inside names, near misses.
//!
//! Nothing here decides anything: it only makes texts comparable and finds what was probably meant.

use unicode_normalization::UnicodeNormalization;

/// Full-width forms become half-width (NFKC); everything else stays.
pub fn narrow(text: &str) -> String {
    short_way(text, true).unwrap_or_else(|| text.nfkc().collect())
}

/// The form in which labels are compared: half-width, without any white space (also U+3000 and zero-width marks).
pub fn squeeze(text: &str) -> String {
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let visible = |c: &char| !c.is_whitespace() && !is_zero_width(*c);
    short_way(text, false).unwrap_or_else(|| text.nfkc().filter(visible).collect())
}

/// Whether a character stands for itself, whatever stands beside it: visible ASCII, common Han characters.
fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4e00}'..='\u{9fff}')
}

/// The first character of the squeezed text, where a short look tells.
pub fn initial(text: &str) -> Option<char> {
    let start = text.trim_start();
    let mut chars = start.chars();
    if let Some(first) = chars.next()
        && is_plain(first)
        && chars.next().is_none_or(is_plain)
    {
        return Some(first);
    }
    // The second may belong to the first.
    let two = start.char_indices().nth(2).map_or(start.len(), |(at, _)| at);
    short_way(start.get(..two)?, false)?.chars().next()
}

/// The text half-width, with or without its white space, if it is made of what nearly all cells are made of: ASCII,
/// common Han characters, their full-width forms and brackets. None of these joins with its neighbours.
fn short_way(text: &str, blanks: bool) -> Option<String> {
    let mut short = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '!'..='~' | '\u{3001}' | '\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{4e00}'..='\u{9fff}' => {
                short.push(c);
            }
            '\u{ff01}'..='\u{ff5e}' => short.push(char::from_u32(u32::from(c) - 0xfee0)?),
            ' ' | '\t' | '\n' | '\r' if blanks => short.push(c),
            '\u{a0}' | '\u{3000}' if blanks => short.push(' '),
            ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{3000}' => {}
            _ => return None,
        }
    }
    Some(short)
}

/// White space of every kind at both ends is dropped, and each run inside becomes one blank.
pub fn tidy(text: &str) -> String {
    if is_tidy(text) {
        return text.to_owned();
    }
    let visible: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether white space is single blanks between other characters, as [`tidy`] leaves it.
pub fn is_tidy(text: &str) -> bool {
    let mut after_blank = true;
    for c in text.chars() {
        let blank = c.is_whitespace();
        if is_zero_width(c) || (blank && (after_blank || c != ' ')) {
            return false;
        }
        after_blank = blank;
    }
    !after_blank || text.is_empty()
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
    fn the_short_way_leads_to_the_same_end() {
        let long = |text: &str| -> (String, String) {
            let visible = |c: &char| !c.is_whitespace() && !is_zero_width(*c);
            (text.nfkc().collect(), text.nfkc().filter(visible).collect())
        };
        for code in 0..0x1_1000 {
            let Some(c) = char::from_u32(code) else { continue };
            for text in [format!("{c}"), format!("Ａ{c}"), format!("区{c} x")] {
                assert_eq!((narrow(&text), squeeze(&text)), long(&text), "{code:x}");
                let first = long(&text).1.chars().next();
                assert!(initial(&text).is_none_or(|c| Some(c) == first), "{code:x}");
                let spaced: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
                assert_eq!(tidy(&text), spaced.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        assert!(short_way("浙江省（温州） ０5％、【甲】", true).is_some() && short_way("ﬁ", true).is_none());
        assert_eq!((initial(" （甲"), initial("e\u{301}"), initial("")), (Some('('), None, None));
    }

    #[test]
    fn suggests_near_misses_only() {
        assert_eq!(suggest("龙弯区", ["鹿城区", "龙湾区", "龙港市"]), Some("龙湾区"));
        assert_eq!(suggest("measure_unti", ["measure_unit", "name"]), Some("measure_unit"));
        assert_eq!(suggest("杭州", ["鹿城区", "龙湾区"]), None);
    }
}
