//! Frameworks: `frameworks/<id>.toml`, trees of pillars or dimensions over indicators.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::indicator::Goalposts;
use crate::period::Period;

/// A framework; its tables are `<id>.scores`, `<id>.ranks`, `<id>.contributions`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Stable ASCII identifier, the name of the file.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The partition whose units are ranked.
    pub partition: String,
    /// The periods scored; none given: every year of the assessment.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// A node has a score when at least this share of its weight has values, as numerator and denominator.
    #[serde(default = "two_thirds")]
    pub parent_minimum: [u32; 2],
    /// A unit is ranked when at least this share of all weight has values, as numerator and denominator.
    #[serde(default = "four_fifths")]
    pub unit_minimum: [u32; 2],
    /// The inner nodes; exactly one has no parent.
    pub node: Vec<Node>,
    /// The indicators and where they hang.
    pub placement: Vec<Placement>,
}

fn two_thirds() -> [u32; 2] {
    [2, 3]
}

fn four_fifths() -> [u32; 2] {
    [4, 5]
}

/// An inner node: the framework itself, a pillar, a dimension.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Stable ASCII identifier.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// The node it belongs to; absent for the root.
    #[serde(default)]
    pub parent: Option<String>,
    /// Weight among its siblings.
    #[serde(default = "one")]
    #[schemars(with = "f64")]
    pub weight: Decimal,
}

/// An indicator in a framework.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The indicator's id.
    pub indicator: String,
    /// The node it belongs to.
    pub parent: String,
    /// Weight among its siblings; equal unless stated.
    #[serde(default = "one")]
    #[schemars(with = "f64")]
    pub weight: Decimal,
    /// Goalposts, only where this framework needs others than the indicator's own.
    #[serde(default)]
    pub goalposts: Option<Goalposts>,
}

fn one() -> Decimal {
    Decimal::ONE
}
