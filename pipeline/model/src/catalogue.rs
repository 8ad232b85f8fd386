//! The one catalogue of messages, Chinese and English: `catalogue.toml` beside the sources.
//!
//! Findings and diagnostics carry a code and parameters; only this file turns them into sentences. A placeholder is
//! `{name}`, or `{name_zh}` and `{name_en}` for what has a text of its own in each language; a parameter the caller
//! did not give stays visible as its placeholder, and a test refuses that.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::phrases;

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Info,
    /// A value or row is doubtful or was left out.
    Warning,
    /// A delivery or definition cannot be used as it is.
    Error,
}

impl Severity {
    /// The name used in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The word printed before a message.
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Info, Language::Zh) => "提示",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Error, Language::Zh) => "错误",
            (_, Language::En) => self.name(),
        }
    }

    /// The severity with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|severity| severity.name() == name)
    }
}

/// The words of one code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in Chinese.
    pub zh: String,
    /// What was found, in English.
    pub en: String,
    /// What to do, in Chinese.
    pub hint_zh: String,
    /// What to do, in English.
    pub hint_en: String,
}

/// Parameters of a message, by placeholder name.
pub type Params = BTreeMap<String, String>;

static ENTRIES: LazyLock<BTreeMap<String, Entry>> =
    LazyLock::new(|| toml::from_str(include_str!("../catalogue.toml")).unwrap_or_default());

/// The entry of a code; codes are checked against the catalogue by a test over the sources.
pub fn entry(code: &str) -> Option<&'static Entry> {
    ENTRIES.get(code)
}

/// Every code with its entry, in order.
pub fn entries() -> impl Iterator<Item = (&'static str, &'static Entry)> {
    ENTRIES.iter().map(|(code, entry)| (code.as_str(), entry))
}

/// The sentence that says what was found.
pub fn message(code: &str, params: &Params, language: Language) -> String {
    entry(code).map_or_else(
        || format!("{code} {params:?}"),
        |entry| fill(if language == Language::Zh { &entry.zh } else { &entry.en }, params, language),
    )
}

/// The sentence that says what to do; empty where there is nothing to add.
pub fn hint(code: &str, params: &Params, language: Language) -> String {
    entry(code).map_or_else(String::new, |entry| {
        fill(if language == Language::Zh { &entry.hint_zh } else { &entry.hint_en }, params, language)
    })
}

/// “Did you mean …?” in the given language.
pub fn did_you_mean(suggestion: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("是否想写“{suggestion}”？"),
        Language::En => format!("did you mean `{suggestion}`?"),
    }
}

/// Placeholders that hold words of ours, which Chinese messages say in Chinese; all others hold what was found.
const OWN_WORDS: [&str; 3] = ["expected", "reason", "what"];

/// Replaces placeholders once, so that a brace inside a value is never taken for a placeholder.
fn fill(template: &str, params: &Params, language: Language) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from_brace) = rest.split_at(open);
        text.push_str(before);
        let Some(close) = from_brace.find('}') else {
            rest = from_brace;
            break;
        };
        let name = &from_brace[1..close];
        match params.get(name) {
            Some(value) => {
                let own = language == Language::Zh && OWN_WORDS.contains(&name);
                let chinese = own.then(|| phrases::in_chinese(value)).flatten();
                text.push_str(chinese.as_deref().unwrap_or(value));
            }
            None => text.push_str(&from_brace[..=close]),
        }
        rest = &from_brace[close + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogue_is_whole() {
        let parsed: BTreeMap<String, Entry> = toml::from_str(include_str!("../catalogue.toml")).unwrap();
        assert!(!parsed.is_empty());
        for (code, entry) in &parsed {
            assert!(!entry.zh.is_empty() && !entry.en.is_empty(), "{code} lacks a language");
            assert_eq!(
                entry.hint_zh.is_empty(),
                entry.hint_en.is_empty(),
                "{code}: hint in one language only"
            );
            let (zh, en) = (placeholders(&entry.zh, "_zh"), placeholders(&entry.en, "_en"));
            assert_eq!(zh, en, "{code}: placeholders differ");
        }
    }

    /// Without the ending of parameters that have a text of their own in each language.
    fn placeholders<'a>(text: &'a str, ending: &str) -> std::collections::BTreeSet<&'a str> {
        let names = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name);
        names.map(|name| name.strip_suffix(ending).unwrap_or(name)).collect()
    }

    #[test]
    fn fills_once() {
        let params = Params::from([("a".into(), "{b}".into()), ("b".into(), "x".into())]);
        assert_eq!(fill("{a}-{b}-{c}-{", &params, Language::En), "{b}-x-{c}-{");
        let params = Params::from([("what".into(), "field".into()), ("name".into(), "field".into())]);
        assert_eq!(fill("{what}“{name}”", &params, Language::Zh), "字段“field”");
    }
}
