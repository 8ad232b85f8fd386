//! Fields of a contract: where their values stand and what they are.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sensitivity;
use super::pins::{DateSystem, Jump, PointOne, Scale, Triangle};
use super::relations::DropWhen;
use super::rules::Constraints;

/// Where the value of a field stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldSource {
    /// In a column of its own.
    #[default]
    Column,
    /// In the header, above the columns the table is wide over: `2024年`, `1月`, a county. One level of each of these
    /// headers reads as the field's type; for a text it is what the cell fields leave of the header. Each row of the
    /// sheet gives one row for each such value. What is decided for a column is decided over all of them.
    Header,
    /// Where a row and a header value cross. `zh` is matched against what the header value leaves of the header
    /// (`户数` of `2024年/户数`); without `zh` anything fits. A crossing whose cells are all blank gives no row.
    Cell,
    /// In the lines above the header, for the table as a whole. With `zh`: what stands behind `地区：` or in the cell
    /// after 地区; a measure unit in brackets at its end is cut off and declares the table's, if just one line has
    /// one. Without `zh`: the first period of the titles, or the first unit that is a whole word of them.
    Above,
    /// In the name of the sheet, read as the field's type: `1月`, `鹿城区`, without a count in brackets at its end. A
    /// month without a year is of the year of the title, else of the delivery.
    Sheet,
    /// The measure unit of the row's figures, which are converted by it; the value is the canonical unit. With `zh`
    /// or `position`: in a column (计量单位). Without: in the bracket that ends a text of the row
    /// (`房地产开发投资额(亿元)`), which is cut off there.
    MeasureUnit,
    /// In the section row above: its label, without a count in brackets at its end (`北京市（92所）` is 北京市).
    Section,
    /// The unit the registering office named in the field `of` registers for: a county, a zone or the city
    /// (`reference.offices`, whole names).
    Office,
    /// The county the address in the field `of` lies in (`reference.subdistricts`, the longest name).
    Address,
    /// The functional zone the address in the field `of` names.
    AddressZone,
    /// A number that rows of one delivery share if they agree in any of the fields `of`, also over other rows; counted
    /// from 1 in the order of first appearance. The fields may be ones that are never written.
    Linked,
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
    /// The column, 1 = the first. Where every field that stands in a column has one, the table has no header.
    /// Elsewhere it counts only if the header of that column is blank.
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
    /// The `date` or `datetime` field that a duration in a cell is counted from: `5个工作日` in a column of due times is
    /// that many working days (`reference.working_days`) after the row's value there, `3天` that many days, `24小时` (for
    /// a `datetime`) that many hours. The day it begins on is not counted, its clock time is kept. Without it such a
    /// cell is told and counts as missing.
    #[serde(default)]
    pub counted_from: Option<String>,
    /// Where dates that appear as bare numbers count from; 1900 unless said.
    #[serde(default)]
    pub date_system: DateSystem,
    /// A `month` stands for all months of its year up to it: `1-3月` is `2024-03`.
    #[serde(default)]
    pub cumulative: bool,
    /// The lengths a `code` may have; digits that are fewer have lost leading zeros.
    #[serde(default)]
    pub length: Vec<u32>,
    /// For a `uscc` whose column also holds registration numbers of before the credit code: the `code` field that takes
    /// them, unless the row has one of its own there. Without it they are told and count as missing.
    #[serde(default)]
    pub registration_number: Option<String>,
    /// The values of an `enum`, each with the words bureaus use for it.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<String>>,
    /// Words that mean yes for a `bool`, besides 是, 有, √ and their kin.
    #[serde(default)]
    pub true_values: Vec<String>,
    /// Words that mean no for a `bool`, besides 否, 无, × and their kin.
    #[serde(default)]
    pub false_values: Vec<String>,
    /// The fields a derived one is made from.
    #[serde(default)]
    pub of: Vec<String>,
    /// When the value is not kept, although the field is written.
    #[serde(default)]
    pub drop_when: Option<DropWhen>,
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

impl FieldSource {
    /// Whether the value is made from other fields of the row.
    pub fn is_derived(self) -> bool {
        matches!(self, Self::Office | Self::Address | Self::AddressZone | Self::Linked)
    }

    /// The name used in contracts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Header => "header",
            Self::Cell => "cell",
            Self::Above => "above",
            Self::Sheet => "sheet",
            Self::MeasureUnit => "measure_unit",
            Self::Section => "section",
            Self::Office => "office",
            Self::Address => "address",
            Self::AddressZone => "address_zone",
            Self::Linked => "linked",
        }
    }
}

impl Field {
    /// Whether the field is read from a column of its own.
    pub fn has_column(&self) -> bool {
        match self.from {
            FieldSource::Column => true,
            FieldSource::MeasureUnit => !self.zh.is_empty() || self.position.is_some(),
            _ => false,
        }
    }

    /// Whether the field fills the column `period` of the extract: it is called so, and is a month or period.
    pub fn is_period(&self) -> bool {
        self.name == "period" && matches!(self.kind, FieldType::Month | FieldType::Period)
    }

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
            ("counted_from", self.counted_from.is_some() && !kind.is_day()),
            ("cumulative", self.cumulative && kind != FieldType::Month),
            ("registration_number", self.registration_number.is_some() && kind != FieldType::Uscc),
            ("length", !self.length.is_empty() && !matches!(kind, FieldType::Code | FieldType::Industry)),
            ("values", !self.values.is_empty() && kind != FieldType::Enum),
            ("true_values", !self.true_values.is_empty() && kind != FieldType::Bool),
            ("false_values", !self.false_values.is_empty() && kind != FieldType::Bool),
            ("of", !self.of.is_empty() && !self.from.is_derived()),
            ("additive", self.additive.is_some() && !kind.is_number()),
            ("jump", self.jump != Jump::default() && !kind.is_number()),
            ("constraints", limited && !kind.is_number() && !dated),
        ];
        set.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
    }
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
    /// A class, group, division or section of GB/T 4754 (industries): digits, or the letter of a section (VARCHAR).
    Industry,
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

    /// Whether values are days, with or without a clock time.
    pub fn is_day(self) -> bool {
        matches!(self, Self::Date | Self::Datetime)
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
            Self::Industry => "industry",
        }
    }

    /// Whether values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Money | Self::Ratio | Self::Points)
    }
}
