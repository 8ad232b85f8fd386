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
    /// The same in English.
    pub definition_en: String,
    /// The survey item it estimates; absent: its query returns the value itself.
    #[serde(default)]
    pub survey: Option<Survey>,
    /// The measure unit of `value` as the query returns it: `%` means that 52.5 is 52.5 %, `1` that 0.525 is.
    pub measure_unit: String,
    /// How it is printed.
    pub display: Display,
    /// Whether more is better.
    pub direction: Direction,
    /// The partition whose units have values.
    pub partition: String,
    /// Whether functional zones have values; `false`: whoever supplies the data has no rows for them.
    #[serde(default = "yes")]
    pub zones: bool,
    /// The periods it has values for; none given: every year of the assessment.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// Who publishes the figures and where.
    pub source_zh: String,
    /// Fixed goalposts for scores, where the indicator is scored.
    #[serde(default)]
    pub goalposts: Option<Goalposts>,
    /// What the query counts in `sample_size`, the count that `minimum_denominator` is held against.
    #[serde(default)]
    pub denominator_zh: Option<String>,
    /// With a `sample_size` below this a value is unstable.
    #[serde(default)]
    pub minimum_denominator: Option<u64>,
    /// With a `coverage` below this, from 0 to 1, a value is unstable.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub minimum_coverage: Option<Decimal>,
    /// Values outside this range are looked at, not refused: lower and upper end in the measure unit.
    #[serde(default)]
    #[schemars(with = "Option<[f64; 2]>")]
    pub plausible: Option<[Decimal; 2]>,
    /// The tasks of the policy it speaks to, by number.
    #[serde(default)]
    pub tasks: Vec<u64>,
    /// The departments that answer for what it measures.
    #[serde(default)]
    pub departments: Vec<String>,
    /// The targets of the policy with the same aim.
    #[serde(default)]
    pub targets: Vec<String>,
    /// What a reader must know before comparing.
    #[serde(default)]
    pub pitfalls_zh: Vec<String>,
}

impl Indicator {
    /// `survey` where its query returns strata, else `statistic`.
    pub fn kind(&self) -> &'static str {
        if self.survey.is_some() { "survey" } else { "statistic" }
    }
}

fn yes() -> bool {
    true
}

/// A survey item: the query returns strata, from which value, standard error and effective n are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// How answers become a value.
    pub scale: Scale,
}

/// How answers to a survey item become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Answers from 1 to 5; the mean m becomes 25 · (m − 1), from 0 to 100.
    Likert,
    /// Answers 0 or 1; the value is their share in percent.
    Share,
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
    /// Best within a band, worse on both sides of it.
    Band,
    /// Neither: it describes.
    Neutral,
}

impl Direction {
    /// The name used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Band => "band",
            Self::Neutral => "neutral",
        }
    }
}

/// The values that score 0 and 100. `worst` may be above `best`: then less is better. With a `band`, all of the band scores
/// 100, and `worst` and `best` are the limits below and above it where the score reaches 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goalposts {
    /// The value that scores 0, in the canonical measure unit.
    #[schemars(with = "f64")]
    pub worst: Decimal,
    /// The value that scores 100.
    #[schemars(with = "f64")]
    pub best: Decimal,
    /// Lower and upper end of what scores 100, for indicators that are best within a band.
    #[serde(default)]
    #[schemars(with = "Option<[f64; 2]>")]
    pub band: Option<[Decimal; 2]>,
    /// What anchors them.
    pub basis: Basis,
    /// Why these: the target, the clause, the figure and its source, or the range seen over years.
    pub basis_zh: String,
}

/// What anchors goalposts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A target of the policy.
    Target,
    /// A limit of law or standard.
    Legal,
    /// A figure of the nation or the province.
    NationalBenchmark,
    /// Judgement on the range of values, fixed for a cycle of years.
    ExpertRange,
}

impl Basis {
    /// The name used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Legal => "legal",
            Self::NationalBenchmark => "national_benchmark",
            Self::ExpertRange => "expert_range",
        }
    }
}
