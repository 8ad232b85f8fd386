//! `extracts/deliveries.toml`: what was sent, by whom, when, and what it speaks of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// The list of deliveries, in the order they were received.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deliveries {
    /// One entry a file.
    #[serde(default)]
    pub delivery: Vec<Delivery>,
}

/// One sent file. Never edited: a correction is a new delivery.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The file, relative to the extracts folder.
    pub file: String,
    /// Its SHA-256; a file unlike it is not read.
    pub sha256: String,
    /// The contracts its tables fulfil.
    pub contracts: Vec<String>,
    /// Who sent it (an id of `reference.departments`).
    pub department: String,
    /// What period it speaks of.
    pub period: Period,
    /// When it came, `YYYY-MM-DD`.
    pub received_on: String,
    /// The partition of its units.
    pub partition: String,
    /// The vintage of the county list its names and codes follow, `YYYY` or `YYYY-MM`.
    pub vintage: String,
    /// Flags of its series, e.g. `joint_longwan`.
    #[serde(default)]
    pub flags: Vec<String>,
    /// The page it was published on, for public material.
    #[serde(default)]
    pub page: String,
    /// Files whose rows it replaces where keys are equal.
    #[serde(default)]
    pub supersedes: Vec<String>,
}
