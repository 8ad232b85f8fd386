//! Checks: `queries/checks/checks.toml` says of each `<id>.sql` beside it what a row of it means and how serious it is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::Severity;

/// `checks.toml`: an entry a check, named as its query.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Checks(pub BTreeMap<String, Check>);

/// One check: its query returns a row for each violation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// How serious a row is; rows of `error` count as findings of severity error.
    pub severity: Severity,
    /// What is wrong where there is a row, in Chinese.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// What to do, in Chinese.
    pub hint_zh: String,
    /// The same in English.
    pub hint_en: String,
}
