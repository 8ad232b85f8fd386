//! What a contract pins of the decisions that are else made for a column by its cells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What figures of a share without a sign of their own are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// 95.2 is 95.2 %.
    Percent,
    /// 0.952 is 95.2 %.
    Fraction,
}

/// What a triangle before a figure means: decrease in some bureaus, increase in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Triangle {
    /// △3 is -3.
    Decrease,
    /// △3 is 3.
    Increase,
}

/// What to do with a figure that is a power of ten away from its peers or from the year before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Jump {
    /// Tell it, and reject the row until it is settled.
    #[default]
    Reject,
    /// Tell it, and keep the row.
    Tell,
    /// Do not look.
    Ignore,
}

/// Which month `2016.1` is, where months were typed as decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointOne {
    /// 2016-01.
    January,
    /// 2016-10.
    October,
}

/// Where the day numbers of a workbook count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DateSystem {
    /// 45352 is 2024-03-01.
    #[default]
    #[serde(rename = "1900")]
    From1900,
    /// 43890 is 2024-03-01.
    #[serde(rename = "1904")]
    From1904,
}
