//! Indicators: `queries/indicators/<id>.toml` beside `<id>.sql`. What is true of an indicator wherever it is placed.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// The definition of an indicator; its id is the name of its file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What it measures, in one sentence.
    pub definition_zh: String,
    /// The measure unit of `value` as the query returns it: canonical, `1` for shares.
    pub measure_unit: String,
    /// How it is printed.
    pub display: Display,
    /// Whether more is better.
    pub direction: Direction,
    /// The partition whose units have values.
    pub partition: String,
    /// The periods it has values for.
    pub periods: Vec<Period>,
    /// Who publishes the figures and where.
    pub source_zh: String,
    /// Fixed goalposts for scores, where the indicator is scored.
    #[serde(default)]
    pub goalposts: Option<Goalposts>,
    /// Below this denominator a value is unstable.
    #[serde(default)]
    pub minimum_denominator: Option<u64>,
    /// What a reader must know before comparing.
    #[serde(default)]
    pub pitfalls_zh: Vec<String>,
}

/// How values are printed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Display {
    /// The unit printed, e.g. `万人` or `%`.
    pub measure_unit: String,
    /// Decimals printed.
    pub decimals: u8,
}

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: it describes.
    Neutral,
}

impl Direction {
    /// The name used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Neutral => "neutral",
        }
    }
}

/// The values that score 0 and 100. `worst` may be above `best`: then less is better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goalposts {
    /// The value that scores 0, in the canonical measure unit.
    #[schemars(with = "f64")]
    pub worst: Decimal,
    /// The value that scores 100.
    #[schemars(with = "f64")]
    pub best: Decimal,
    /// Why these: a standard, a target, a range seen over years.
    pub basis_zh: String,
}
