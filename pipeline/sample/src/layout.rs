//! How a bureau lays out what it sends: which columns, under which headers, in which words and measure units.
//!
//! Headers are a bureau's habit and stand in `data/layouts.toml`; contracts are what the project expects of them.

mod across;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::SampleError;
use crate::calendar;
use crate::city::City;
use crate::delivery::Extra;
use crate::paper::Cell;
use crate::value::{Value, scaled};

const LAYOUTS: &str = include_str!("../data/layouts.toml");

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// Text.
    Text,
    /// A code.
    Code,
    /// A unified social credit code.
    Credit,
    /// A unit.
    Unit,
    /// A count.
    Count,
    /// Money.
    Money,
    /// A share, printed in percent.
    Share,
    /// A measure.
    Measure,
    /// A day.
    Day,
    /// A day with its clock time.
    Moment,
    /// A year.
    Year,
    /// A half-year.
    Half,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
    /// Yes or no.
    Bool,
    /// A value of a list.
    Word,
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// An OpenDocument sheet.
    Ods,
    /// A web page named `.xls`.
    Html,
    /// Comma-separated, GB18030.
    CsvGb,
    /// Comma-separated, UTF-8.
    CsvUtf8,
    /// Comma-separated, UTF-8 with a byte-order mark.
    CsvBom,
    /// Tab-separated, UTF-16LE with a byte-order mark, named `.csv`.
    Utf16,
}

impl Format {
    /// The ending of its names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Html => "xls",
            Self::CsvGb | Self::CsvUtf8 | Self::CsvBom | Self::Utf16 => "csv",
        }
    }

    /// Whether it is text written row by row.
    pub fn is_text(self) -> bool {
        self.ending() == "csv"
    }
}

/// One column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    /// The field of the contract.
    pub field: String,
    /// The header; `/` parts levels.
    pub header: String,
    /// What it holds.
    #[serde(rename = "as")]
    pub form: Form,
    /// The measure unit of its figures.
    #[serde(default)]
    pub unit: String,
    /// The words for values.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// How days and periods are written.
    #[serde(default)]
    pub style: String,
    /// The word for yes.
    #[serde(default)]
    pub yes: String,
    /// The word for no.
    #[serde(default)]
    pub no: String,
    /// What stands behind each figure.
    #[serde(default)]
    pub suffix: String,
    /// Personal: in no result.
    #[serde(default)]
    pub secret: bool,
    /// A row may have none.
    #[serde(default)]
    pub optional: bool,
    /// Its figures change little from year to year.
    #[serde(default)]
    pub steady: bool,
}

/// A field that the reader makes from others; the clean rows have it after their columns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derived {
    /// The field of the contract.
    pub field: String,
    /// The field it is made from: without that there is none.
    #[serde(default)]
    pub of: String,
    /// It numbers the rows of a file that agree in one of these fields.
    #[serde(default)]
    pub links: Vec<String>,
}

/// The layout of a contract's files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    /// Who sends it.
    pub department: String,
    /// The title row.
    pub title: String,
    /// The measure units a title row declares.
    #[serde(default)]
    pub unit_row: String,
    /// The usual form of the file.
    pub format: Format,
    /// The partition of its units.
    pub partition: String,
    /// Whether a total row stands under the units.
    #[serde(default)]
    pub totals: bool,
    /// The header of a column of running numbers, if there is one.
    #[serde(default)]
    pub running: String,
    /// The field whose values stand in the header, above the columns behind it; those before it are the row's own. Empty:
    /// every field has a column.
    #[serde(default)]
    pub across: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// What the reader makes of them.
    #[serde(default)]
    pub derived: Vec<Derived>,
}

/// The layouts of all contracts.
///
/// # Errors
/// The file compiled in is not as it should be.
pub(crate) fn layouts() -> Result<BTreeMap<String, Layout>, SampleError> {
    toml::from_str(LAYOUTS).map_err(|error| SampleError::data("layouts.toml", error))
}

impl Layout {
    /// What numbers rows that agree in something.
    pub(crate) fn linked(&self) -> Option<&Derived> {
        self.derived.iter().find(|derived| !derived.links.is_empty())
    }

    /// The place of a field among the columns.
    pub(crate) fn place(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }
}

/// A layout with one column more, as somebody sent it.
pub(crate) fn with_extra(layout: &Layout, extra: Option<Extra>) -> Layout {
    let mut layout = layout.clone();
    layout.columns.extend(extra.map(|extra| Column {
        field: String::new(),
        header: extra.header().to_owned(),
        form: Form::Text,
        unit: String::new(),
        words: BTreeMap::new(),
        style: String::new(),
        yes: String::new(),
        no: String::new(),
        suffix: String::new(),
        secret: true,
        optional: true,
        steady: false,
    }));
    layout
}

impl Column {
    /// A value as the bureau writes it.
    pub(crate) fn write(&self, city: &City, value: &Value) -> Cell {
        let text = match (value, self.form) {
            (Value::None, _) => return Cell::Empty,
            (Value::Text(unit), Form::Unit) => label(city, unit),
            (Value::Text(period), Form::Year | Form::Half | Form::Quarter | Form::Month) => {
                self.period(period)
            }
            (Value::Text(text), _) => text.clone(),
            (Value::Word(word), _) => self.words.get(*word).cloned().unwrap_or_else(|| (*word).to_owned()),
            (Value::Count(count), _) if !self.suffix.is_empty() => format!("{count}{}", self.suffix),
            (Value::Count(count), _) => return Cell::Number(count.to_string()),
            (Value::Money(cents), _) => return Cell::Number(scaled(*cents, 2 + self.power(), false)),
            (Value::Share(parts), _) => return Cell::Number(scaled(*parts, 6, false)),
            (Value::Measure(parts), _) => return Cell::Number(scaled(*parts, 6 + self.power(), false)),
            (Value::Day(day), _) if self.style == "serial" => return Cell::Serial(*day),
            (Value::Day(day), _) => write_day(*day, &self.style),
            (Value::Moment(seconds), _) => calendar::moment(*seconds),
            (Value::Bool(true), _) => if self.yes.is_empty() { "是" } else { &self.yes }.to_owned(),
            (Value::Bool(false), _) => if self.no.is_empty() { "否" } else { &self.no }.to_owned(),
        };
        Cell::Text(text)
    }

    /// Whether figures of the column can be added.
    pub(crate) fn adds_up(&self) -> bool {
        let flow = self.form == Form::Measure && !matches!(self.unit.as_str(), "天" | "");
        matches!(self.form, Form::Count | Form::Money) && self.suffix.is_empty() || flow
    }

    /// The power of ten of its measure unit.
    pub(crate) fn power(&self) -> u32 {
        match self.unit.chars().next() {
            Some('亿') => 8,
            Some('万') => 4,
            Some('千') => 3,
            _ => 0,
        }
    }

    fn period(&self, period: &str) -> String {
        let (year, part) = period.split_once('-').unwrap_or((period, ""));
        let plain = |part: &str| part.trim_start_matches(['Q', 'H', '0']).to_owned();
        match (self.form, self.style.as_str()) {
            (Form::Year, "zh") => format!("{year}年"),
            (Form::Half, _) => format!("{year}年{}半年", if part == "H1" { "上" } else { "下" }),
            (Form::Quarter, "numeral") => {
                let numeral = ["", "一", "二", "三", "四"];
                let at = plain(part).parse::<usize>().unwrap_or_default();
                format!("{year}年第{}季度", numeral.get(at).copied().unwrap_or_default())
            }
            (Form::Quarter, _) => format!("{year}年{}季度", plain(part)),
            (Form::Month, _) => format!("{year}年{}月", plain(part)),
            _ => period.to_owned(),
        }
    }
}

/// A day as bureaus write it.
pub(crate) fn write_day(day: i32, style: &str) -> String {
    let (year, month, of_month) = calendar::date(day);
    match style {
        "zh" => format!("{year}年{month}月{of_month}日"),
        "slash" => format!("{year}/{month}/{of_month}"),
        "compact" => format!("{year:04}{month:02}{of_month:02}"),
        "dot" => format!("{year}.{month:02}.{of_month:02}"),
        _ => calendar::iso(day),
    }
}

/// A unit as bureaus write it: remainder units say what they leave out.
pub(crate) fn label(city: &City, unit: &str) -> String {
    match unit {
        "tianxuan_ex" => "天璇区（不含经开区）".to_owned(),
        "yuheng_ex" => "玉衡区（不含斗口）".to_owned(),
        "nandou" => "星州经开区".to_owned(),
        "doukou" => "星经区".to_owned(),
        _ => city.name(unit).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_those_of_the_contracts() {
        let layouts = layouts().unwrap();
        assert_eq!(layouts.len(), 19);
        for (id, layout) in &layouts {
            let path = format!("{}/../../contracts/{id}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = model::files::read_text(path.as_ref()).unwrap();
            let contract: model::Contract = toml::from_str(&text).unwrap();
            let across = contract.header_field().map_or("", |field| field.name.as_str());
            assert_eq!(layout.across, across, "{id}");
            for field in &contract.field {
                let derived = layout.derived.iter().any(|derived| derived.field == field.name);
                assert_eq!(field.from.is_derived(), derived, "{id}: {}", field.name);
                assert!(derived || layout.place(&field.name).is_some(), "{id}: {}", field.name);
            }
            for column in &layout.columns {
                let field = contract.field(&column.field);
                assert!(field.is_some(), "{id}: no field {}", column.field);
                let secret = field.is_some_and(|field| field.sensitivity >= model::contract::Sensitivity::S3);
                assert_eq!(secret, column.secret, "{id}: {}", column.field);
                assert_eq!(
                    column.optional,
                    field.is_some_and(|field| !field.required),
                    "{id}: {}",
                    column.field
                );
            }
        }
    }

    #[test]
    fn values_as_bureaus_write_them() {
        let city = City::load().unwrap();
        let layouts = layouts().unwrap();
        let written = |contract: &str, field: &str, value: Value| {
            let layout = &layouts[contract];
            layout.columns[layout.place(field).unwrap()].write(&city, &value).shown()
        };
        assert_eq!(written("sme_loan", "sme_loans", Value::yuan(1_234_500_000)), "12.345");
        assert_eq!(written("sme_loan", "avg_rate", Value::basis_points(435)), "4.35");
        assert_eq!(written("sme_loan", "period", Value::text("2024-03")), "2024年3月");
        assert_eq!(written("joint_sheet", "period", Value::text("2024-Q2")), "2024年第二季度");
        assert_eq!(written("park", "period", Value::text("2024-H1")), "2024年上半年");
        assert_eq!(written("county_base", "population", Value::Measure(72_000_000_000)), "7.2");
        assert_eq!(written("arrears", "disputed", Value::Bool(false)), "无");
        assert_eq!(written("enforcement", "decided_on", Value::Day(19_783)), "20240301");
        assert_eq!(written("park", "unit", Value::text("tianxuan_ex")), "天璇区（不含经开区）");
    }
}
