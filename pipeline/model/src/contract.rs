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
    /// Look for tables only in sheets of this name; each `*` stands for any text, as in `2024年*`.
    #[serde(default)]
    pub sheet: Option<String>,
    /// What to do with hidden rows, columns and sheets.
    #[serde(default)]
    pub hidden: Hidden,
    /// The header has exactly this many rows (1 to 4). Where fields have positions: this many rows at the top of the
    /// sheet are no data (also 0).
    #[serde(default)]
    pub header_rows: Option<u32>,
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

    /// Whether columns are told by their position: every field read from a column has one.
    pub fn by_position(&self) -> bool {
        let mut columns = self.field.iter().filter(|field| field.from == FieldSource::Column).peekable();
        columns.peek().is_some() && columns.all(|field| field.position.is_some())
    }

    /// Whether the contract reads a sheet of this name.
    pub fn reads_sheet(&self, name: &str) -> bool {
        self.sheet.as_ref().is_none_or(|pattern| fits(name.trim(), pattern.trim()))
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.field.iter().find(|field| field.name == name)
    }
}

/// Whether a text fits a pattern in which each `*` stands for any text.
fn fits(text: &str, pattern: &str) -> bool {
    let Some((start, mut rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    while let Some((part, after)) = rest.split_once('*') {
        let Some(at) = text.find(part) else { return false };
        (text, rest) = (&text[at + part.len()..], after);
    }
    text.ends_with(rest)
}

/// What to do with what the author of a sheet hid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// Tell it and do not read it.
    #[default]
    Skip,
    /// Read it like the rest.
    Use,
}

/// Where the value of a field stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldSource {
    /// In a column of its own.
    #[default]
    Column,
    /// In the section row above: its label, without a count in brackets at its end (`北京市（92所）` is 北京市).
    Section,
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
    #[serde(default)]
    pub zh: Vec<String>,
    /// The column in a table without header, 1 = the first. It counts only if every field that stands in a column
    /// has one.
    #[serde(default)]
    pub position: Option<u32>,
    /// Where the value stands.
    #[serde(default)]
    pub from: FieldSource,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_fit_names_and_patterns() {
        for (name, pattern, expected) in [
            ("2024年1月", "2024年1月", true),
            (" 2024年1月 ", "2024年*", true),
            ("2024年1月", "*月", true),
            ("2024年1月（原始）", "*月", false),
            ("a-b-c", "a*b*c", true),
            ("ac", "a*b*c", false),
            ("aba", "ab*ba", false),
            ("任意", "*", true),
            ("a", "", false),
        ] {
            assert_eq!(fits(name.trim(), pattern), expected, "{name} {pattern}");
        }
    }
}
