//! What a contract says of a row as a whole and of rows of other contracts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Values that stand in rows of another contract too, as in Frictionless Table Schema. A row whose values stand there
/// nowhere is told and stays; one that lacks a value says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Fields of this contract.
    pub fields: Vec<String>,
    /// Where their values stand.
    pub reference: Referenced,
}

/// Fields of another contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Referenced {
    /// The contract.
    pub contract: String,
    /// Its fields, as many and in the same order.
    pub fields: Vec<String>,
}

/// A condition every row keeps, over its columns as they are stored. A row that breaks it is told and stays; one for
/// which it is neither true nor false, because a value is missing, says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable ASCII identifier.
    pub id: String,
    /// What it asks for, in Chinese, e.g. 已清偿不大于欠款.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// An SQL condition, e.g. `repaid <= owed`.
    pub condition: String,
}

/// When a value is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropWhen {
    /// Another field of the row.
    pub field: String,
    /// Its values that forbid to keep this one.
    pub is: Vec<String>,
}
