//! Rules the values of a field keep.

use regex::Regex;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rules the values of a field keep, in the words of Frictionless Table Schema. They are tested on the value as it is
/// stored: money in 元, shares as fractions. A value that breaks one is left out, with a finding.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// No value stands in two rows of a table. Rows that repeat one are told and stay.
    #[serde(default)]
    pub unique: bool,
    /// The least value.
    #[serde(default)]
    pub minimum: Option<Limit>,
    /// The greatest value.
    #[serde(default)]
    pub maximum: Option<Limit>,
    /// A regular expression the whole text matches.
    #[serde(default)]
    pub pattern: Option<String>,
    /// The only values.
    #[serde(default, rename = "enum")]
    pub any_of: Vec<String>,
}

impl Constraints {
    /// The pattern, as it is matched: against the whole text.
    ///
    /// # Errors
    /// The first line of what is wrong with it.
    pub fn compiled(&self) -> Option<Result<Regex, String>> {
        let pattern = self.pattern.as_ref()?;
        let told = |error: regex::Error| {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        };
        // Alone first, so that `a)(b` is no pattern.
        let compiled = Regex::new(pattern).and_then(|_| Regex::new(&format!("^(?:{pattern})$")));
        Some(compiled.map_err(told))
    }
}

/// A least or greatest value: a number, or a date or period as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Limit {
    /// For figures.
    Number(#[schemars(with = "f64")] Decimal),
    /// For dates and periods, `2024-03-01`, `2024-03`.
    Text(String),
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}
