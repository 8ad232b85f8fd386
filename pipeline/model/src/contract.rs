//! Contracts: what a department promises to send. One kind of row, one key, found in one or more tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One contract, `contracts/<id>.toml`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Stable ASCII identifier; the table is `extracts.<id>`.
    pub id: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    #[serde(default)]
    pub title_en: String,
    /// The department that supplies it (an id of `reference.departments`).
    pub department: String,
    /// What one row is, in words.
    pub row: String,
    /// The columns that identify a row: fields, or `period`.
    pub key: Vec<String>,
    /// The class of its rows: decides whether rows may be released.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// Read only the part of the table under this section row, e.g. `按地区分`.
    #[serde(default)]
    pub section: Option<String>,
    /// Headers that are expected and not read, e.g. `序号`.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// The fields, in the order of the columns written.
    pub field: Vec<Field>,
}

impl Contract {
    /// The field whose values are units, if the contract has one.
    pub fn unit_field(&self) -> Option<&Field> {
        self.field.iter().find(|field| field.kind == FieldType::Unit)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.field.iter().find(|field| field.name == name)
    }
}

/// One field of a contract.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable ASCII name of the column.
    pub name: String,
    /// Header variants as bureaus write them, first = preferred. A header over two levels is written
    /// `本月/排名`; an empty text stands for a column whose header is blank. Measure units in brackets at the end
    /// of a header are no part of it.
    pub zh: Vec<String>,
    /// What the values are.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The measure unit used when the file declares none, e.g. `万元`. Values are stored canonical (元).
    #[serde(default)]
    pub measure_unit: Option<String>,
    /// Without this column the source cannot be read; without a value the row is rejected.
    #[serde(default)]
    pub required: bool,
    /// Class of the values. S3 is never written anywhere.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// Remarks for readers of the contract.
    #[serde(default)]
    pub note: String,
}

/// What the values of a field are, and how they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A county or zone, resolved by the alias table; stored as its id (VARCHAR).
    Unit,
    /// Text (VARCHAR).
    String,
    /// A count; stored as BIGINT in single pieces.
    Int,
    /// A measure; stored as DECIMAL(24,6) in the canonical unit.
    Decimal,
    /// Money; stored as DECIMAL(20,2) in 元.
    Money,
    /// A share; stored as a fraction, DECIMAL(12,8).
    Ratio,
    /// A difference of two shares; stored in percentage points as printed, DECIMAL(12,6).
    Points,
}

impl FieldType {
    /// Precision and scale of the stored decimal; `None` for types stored otherwise.
    pub fn decimal(self) -> Option<(u8, i8)> {
        match self {
            Self::Unit | Self::String | Self::Int => None,
            Self::Decimal => Some((24, 6)),
            Self::Money => Some((20, 2)),
            Self::Ratio => Some((12, 8)),
            Self::Points => Some((12, 6)),
        }
    }

    /// The canonical unit values of this type must come to, where the type fixes it.
    pub fn canonical_unit(self) -> Option<&'static str> {
        match self {
            Self::Money => Some("元"),
            Self::Ratio => Some("1"),
            Self::Points => Some("百分点"),
            Self::Unit | Self::String | Self::Int | Self::Decimal => None,
        }
    }

    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Unit | Self::String)
    }
}

/// Classes of sensitivity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Sensitivity {
    /// Already public.
    #[default]
    S0,
    /// County sums not yet published.
    S1,
    /// One row identifies an enterprise and shows non-public data.
    S2,
    /// Personal information: dropped at ingest.
    S3,
    /// Not accepted at all: the file is refused.
    S4,
}
