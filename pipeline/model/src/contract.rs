//! Contracts: what a department promises to send. One kind of row, one key, found in one or more tables.

use std::collections::BTreeMap;

use regex::Regex;
use rust_decimal::Decimal;
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
    /// Pins what figures of a `ratio` without a sign of their own are; else it is decided for the column.
    #[serde(default)]
    pub scale: Option<Scale>,
    /// Pins what △ and ▲ before a figure mean; else such figures are refused.
    #[serde(default)]
    pub triangle: Option<Triangle>,
    /// Pins which month `2016.1` is; else it is decided for the column.
    #[serde(default)]
    pub point_one: Option<PointOne>,
    /// Where dates that appear as bare numbers count from; 1900 unless said.
    #[serde(default)]
    pub date_system: DateSystem,
    /// A `month` stands for all months of its year up to it: `1-3月` is `2024-03`.
    #[serde(default)]
    pub cumulative: bool,
    /// The lengths a `code` may have; digits that are fewer have lost leading zeros.
    #[serde(default)]
    pub length: Vec<u32>,
    /// The values of an `enum`, each with the words bureaus use for it.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<String>>,
    /// Whether figures may be added over rows and checked against a total; unless said, by type and measure unit.
    #[serde(default)]
    pub additive: Option<bool>,
    /// What to do with a figure that is a power of ten away from its peers or from the year before: its measure unit is
    /// probably another one.
    #[serde(default)]
    pub jump: Jump,
    /// Rules its values keep.
    #[serde(default)]
    pub constraints: Constraints,
    /// Remarks for readers of the contract.
    #[serde(default)]
    pub note: String,
}

impl Field {
    /// Whether figures of the field may be added over rows: counts and money are, measures in a unit of quantity are,
    /// shares, scores, concentrations and durations are not.
    pub fn adds_up(&self) -> bool {
        let by_unit = || {
            let unit = self.measure_unit.as_deref().and_then(crate::MeasureUnit::parse);
            unit.is_some_and(|unit| unit.adds_up())
        };
        match self.kind {
            FieldType::Money => self.additive != Some(false),
            FieldType::Int => self.additive.unwrap_or_else(|| self.measure_unit.is_none() || by_unit()),
            FieldType::Decimal => self.additive.unwrap_or_else(by_unit),
            _ => false,
        }
    }
}

impl Field {
    /// The keys set that say nothing of the field's type.
    pub fn misplaced(&self) -> Vec<&'static str> {
        let kind = self.kind;
        let dated = kind.is_date();
        let limited = self.constraints.minimum.is_some() || self.constraints.maximum.is_some();
        let set = [
            ("scale", self.scale.is_some() && kind != FieldType::Ratio),
            ("triangle", self.triangle.is_some() && !kind.is_number()),
            ("point_one", self.point_one.is_some() && !dated),
            ("date_system", self.date_system != DateSystem::default() && !dated),
            ("cumulative", self.cumulative && kind != FieldType::Month),
            ("length", !self.length.is_empty() && kind != FieldType::Code),
            ("values", !self.values.is_empty() && kind != FieldType::Enum),
            ("additive", self.additive.is_some() && !kind.is_number()),
            ("jump", self.jump != Jump::default() && !kind.is_number()),
            ("constraints", limited && !kind.is_number() && !dated),
        ];
        set.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
    }
}

/// Rules the values of a field keep, in the words of Frictionless Table Schema. They are tested on the value as it is
/// stored: money in 元, shares as fractions. A value that breaks one is left out, with a finding.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// No value stands in two rows of a table. Rows that repeat one are told and stay.
    #[serde(default)]
    pub unique: bool,
    /// The least value.
    #[serde(default)]
    pub minimum: Option<Limit>,
    /// The greatest value.
    #[serde(default)]
    pub maximum: Option<Limit>,
    /// A regular expression the whole text matches.
    #[serde(default)]
    pub pattern: Option<String>,
    /// The only values.
    #[serde(default, rename = "enum")]
    pub any_of: Vec<String>,
}

impl Constraints {
    /// The pattern, as it is matched: against the whole text.
    ///
    /// # Errors
    /// The first line of what is wrong with it.
    pub fn compiled(&self) -> Option<Result<Regex, String>> {
        let pattern = self.pattern.as_ref()?;
        let told = |error: regex::Error| {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        };
        // Alone first, so that `a)(b` is no pattern.
        let compiled = Regex::new(pattern).and_then(|_| Regex::new(&format!("^(?:{pattern})$")));
        Some(compiled.map_err(told))
    }
}

/// A least or greatest value: a number, or a date or period as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Limit {
    /// For figures.
    Number(#[schemars(with = "f64")] Decimal),
    /// For dates and periods, `2024-03-01`, `2024-03`.
    Text(String),
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

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
    /// A day (DATE).
    Date,
    /// A day with its clock time, local (TIMESTAMP). One without clock time is told, and stands at midnight.
    Datetime,
    /// A month; stored as `2024-03` (VARCHAR).
    Month,
    /// A year, half-year, quarter or month as `2024`, `2024-H1`, `2024-Q1`, `2024-03`; months from … to as
    /// `2024-01/2024-03` (VARCHAR).
    Period,
    /// Yes or no (BOOLEAN).
    Bool,
    /// One of the contract's `values` (VARCHAR).
    Enum,
    /// Digits and letters that name something; leading zeros count (VARCHAR).
    Code,
    /// A unified social credit code whose check characters are right (VARCHAR).
    Uscc,
}

impl FieldType {
    /// Precision and scale of the stored decimal; `None` for types stored otherwise.
    pub fn decimal(self) -> Option<(u8, i8)> {
        match self {
            Self::Decimal => Some((24, 6)),
            Self::Money => Some((20, 2)),
            Self::Ratio => Some((12, 8)),
            Self::Points => Some((12, 6)),
            _ => None,
        }
    }

    /// The canonical unit values of this type must come to, where the type fixes it.
    pub fn canonical_unit(self) -> Option<&'static str> {
        match self {
            Self::Money => Some("元"),
            Self::Ratio => Some("1"),
            Self::Points => Some("百分点"),
            _ => None,
        }
    }

    /// Whether values are days, times, months or periods.
    pub fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::Datetime | Self::Month | Self::Period)
    }

    /// The name used in contracts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::String => "string",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Money => "money",
            Self::Ratio => "ratio",
            Self::Points => "points",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Month => "month",
            Self::Period => "period",
            Self::Bool => "bool",
            Self::Enum => "enum",
            Self::Code => "code",
            Self::Uscc => "uscc",
        }
    }

    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Money | Self::Ratio | Self::Points)
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
