//! Contracts: what a department promises to send. One kind of row, one key, found in one or more tables.

mod check;
mod field;
mod pins;
mod relations;
mod rules;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::period::Grain;

pub use check::Fault;
pub use field::{Field, FieldSource, FieldType};
pub use pins::{DateSystem, Jump, PointOne, Scale, Triangle};
pub use relations::{DropWhen, ForeignKey, Referenced, Rule};
pub use rules::{Constraints, Limit};

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
    /// How often it is sent: one delivery is expected for each such period of the assessment. Absent: none is.
    #[serde(default)]
    pub frequency: Option<Grain>,
    /// Within how many days of the calendar after the end of its period it is due. Absent: it is never late.
    #[serde(default)]
    pub due_days: Option<u32>,
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
    /// Which way the table lies.
    #[serde(default)]
    pub orientation: Orientation,
    /// The header has exactly this many rows (1 to 4). Where every field has a position: this many rows at the top of
    /// the sheet are no data (also 0). In a table that lies on its side these are columns.
    #[serde(default)]
    pub header_rows: Option<u32>,
    /// Headers that are expected and not read, e.g. `序号`.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Headers of what must not be sent at all (class S4), e.g. `银行账号`: a delivery with one is refused whole.
    #[serde(default)]
    pub refuse: Vec<String>,
    /// The fields, in the order of the columns written.
    pub field: Vec<Field>,
    /// Fields whose values stand in other contracts too.
    #[serde(default)]
    pub foreign_key: Vec<ForeignKey>,
    /// Conditions every row keeps.
    #[serde(default)]
    pub rule: Vec<Rule>,
}

impl Contract {
    /// The field whose values are units, if the contract has one.
    pub fn unit_field(&self) -> Option<&Field> {
        self.field.iter().find(|field| field.kind == FieldType::Unit)
    }

    /// Whether the table has no header and columns are told by their position alone: every field read from a column
    /// of its own has one, and none is read from headers.
    pub fn by_position(&self) -> bool {
        let mut columns = self.field.iter().filter(|field| field.has_column()).peekable();
        columns.peek().is_some()
            && columns.all(|field| field.position.is_some())
            && self.header_field().is_none()
    }

    /// The field whose values stand in the header: the table is wide, and each of its rows gives one row for each
    /// header value.
    pub fn header_field(&self) -> Option<&Field> {
        self.field.iter().find(|field| field.from == FieldSource::Header)
    }

    /// The field that fills the column `period` of the extract; else the delivery's period does.
    pub fn period_field(&self) -> Option<&Field> {
        self.field.iter().find(|field| field.is_period())
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
pub fn fits(text: &str, pattern: &str) -> bool {
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

/// Which way a table lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// One sheet row is one row.
    #[default]
    Rows,
    /// The table lies on its side: one sheet column is one row, and the headers stand in the first columns. What the
    /// contract says of rows and columns then holds for the sheet turned; places in findings lead to the true cells.
    Columns,
}

impl Orientation {
    /// The name used in contracts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Columns => "columns",
        }
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
