//! Words of our own that fill placeholders of messages, in Chinese: `phrases.toml` beside the sources.
//!
//! The code writes them in English, and so they stand in tables; only a message in Chinese asks here. What is no such
//! phrase (a name, a figure, a header) is the same in both languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static PHRASES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../phrases.toml")).unwrap_or_default());

/// The phrases as the code writes them, `{}` for what differs.
pub fn english() -> impl Iterator<Item = &'static str> {
    PHRASES.keys().map(String::as_str)
}

/// The phrase in Chinese, if it is one of ours.
pub fn in_chinese(phrase: &str) -> Option<String> {
    if let Some(chinese) = PHRASES.get(phrase) {
        return Some(chinese.clone());
    }
    PHRASES.iter().find_map(|(english, chinese)| {
        let parts = between(phrase, english)?;
        let mut parts = parts.into_iter();
        let mut filled = String::new();
        for (at, piece) in chinese.split("{}").enumerate() {
            filled.push_str(if at > 0 { parts.next().unwrap_or_default() } else { "" });
            filled.push_str(piece);
        }
        Some(filled)
    })
}

/// What stands at each `{}` of a pattern, if the text fits it.
fn between<'t>(text: &'t str, pattern: &str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let at = if pieces.peek().is_none() {
            rest.len().checked_sub(piece.len()).filter(|_| rest.ends_with(piece))?
        } else {
            rest.find(piece)?
        };
        let (inside, after) = rest.split_at(at);
        found.push(inside);
        rest = after.strip_prefix(piece)?;
    }
    (!found.is_empty() && rest.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_with_what_fills_them() {
        for (english, chinese) in [
            ("department", Some("部门")),
            ("no `header` for a field of type `int`", Some("header 不能用于 int 类型的字段")),
            ("also a field with from = \"cell\"", Some("还要有一个 from = \"cell\" 的字段")),
            ("a regular expression (unclosed group)", Some("正确的正则表达式")),
            ("县（市、区）", None),
            ("", None),
            ("no `header` for a field of type", None),
        ] {
            assert_eq!(in_chinese(english).as_deref(), chinese, "{english}");
        }
        for english in PHRASES.keys() {
            assert!(in_chinese(english).is_some_and(|chinese| !chinese.is_empty()), "{english}");
        }
        assert!(!PHRASES.is_empty());
    }
}
