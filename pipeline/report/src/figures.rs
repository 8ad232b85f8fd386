//! Printed figures: numbers that a template takes from query data, and their filters.
//!
//! A figure comes into being when its filter's result is printed. It is then numbered and its text is put between
//! two marks that survive layout, so that [`crate::printed`] can read from the laid-out pages where it stands and
//! what really stands there.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, ObjectRepr, Value};
use minijinja::{Environment, Error};
use model::assessment::Nature;
use model::{MeasureUnit, text};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::escape;
use crate::number::{self, Style};
use crate::rows::Row;
use crate::status::{self, Status};
use crate::trouble::Trouble;

/// A number on a page and the query cell it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The query, by the name of its file.
    pub query: String,
    /// The row of its result, from 1.
    pub row: usize,
    /// The column.
    pub column: String,
    /// The cell's value in canonical text; empty for NULL.
    pub value: String,
    /// What is printed.
    pub text: String,
    /// The page of the PDF, from 1.
    pub page: usize,
}

/// `figures.json`: what the data are, and all figures in reading order.
pub(crate) fn to_json(nature: Nature, figures: &[Figure]) -> String {
    #[derive(Serialize)]
    struct File<'f> {
        nature: Nature,
        figures: &'f [Figure],
    }
    let mut json = serde_json::to_string_pretty(&File { nature, figures }).unwrap_or_default();
    json.push('\n');
    json
}

/// Stands at the front of a figure's text wherever minijinja turns it into a string itself (`~`, `join`): such a
/// string is no longer known as a figure and is refused when printed. A non-character: no data can hold it.
pub(crate) const LOST: char = '\u{fdd0}';

/// A figure that has been worded but not yet printed.
#[derive(Debug)]
pub(crate) struct Printed {
    query: String,
    row: usize,
    column: String,
    value: String,
    text: String,
    mark: &'static str,
}

impl Object for Printed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{LOST}{}", self.text)
    }
}

/// A figure that was written into the page.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// The figure; its page is not known yet.
    pub(crate) figure: Figure,
    /// Whether it went into an alternative text, which is spoken and not laid out.
    pub(crate) spoken: bool,
}

/// Collects figures in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Written>>>);

impl Recorder {
    /// Numbers a figure and gives its Typst markup.
    pub(crate) fn write(&self, printed: &Printed) -> String {
        let figure = Figure {
            query: printed.query.clone(),
            row: printed.row,
            column: printed.column.clone(),
            value: printed.value.clone(),
            text: printed.text.clone(),
            page: 0,
        };
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = written.len();
        written.push(Written { figure, spoken: false });
        let mark =
            if printed.mark.is_empty() { String::new() } else { format!("#super{};", content(printed.mark)) };
        format!(
            "#metadata(\"{BEGIN}{number}\");{}#metadata(\"{END}{number}\");{mark}",
            escape::markup(&printed.text)
        )
    }

    /// Notes that a figure went into an alternative text.
    pub(crate) fn speak(&self, number: usize) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = written.get_mut(number) {
            entry.spoken = true;
        }
    }

    /// All figures written so far.
    pub(crate) fn written(&self) -> Vec<Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn content(text: &str) -> String {
    format!("[{}]", escape::markup(text))
}

/// What the mark before a figure says; its number follows.
pub(crate) const BEGIN: &str = "figure:";
/// What the mark after a figure says; its number follows.
pub(crate) const END: &str = "/figure:";

/// Adds the number filters. Each takes a row and the name of a column; options: `unit` (printed unit), `absolute`
/// (without sign, where words say the direction), `status` (the column with the value's status, whose mark stands in
/// for a missing value).
pub(crate) fn add_filters(environment: &mut Environment<'_>) {
    environment.add_filter("num", |row: &Value, column: &str, decimals: &Value, options: Kwargs| {
        let decimals = decimals_of("num", decimals)?;
        figure(row, column, Style { decimals, ..Style::default() }, &options)
    });
    environment.add_filter("integer", |row: &Value, column: &str, options: Kwargs| {
        figure(row, column, Style::default(), &options)
    });
    environment.add_filter("signed", |row: &Value, column: &str, decimals: &Value, options: Kwargs| {
        let decimals = decimals_of("signed", decimals)?;
        figure(row, column, Style { decimals, signed: true, ..Style::default() }, &options)
    });
    environment.add_filter("percent", |row: &Value, column: &str, decimals: &Value, options: Kwargs| {
        let (decimals, unit) = (decimals_of("percent", decimals)?, MeasureUnit::parse("%"));
        figure(row, column, Style { decimals, unit, suffix: "%", ..Style::default() }, &options)
    });
    environment.add_filter("points", |row: &Value, column: &str, decimals: &Value, options: Kwargs| {
        let (decimals, unit) = (decimals_of("points", decimals)?, MeasureUnit::parse("%"));
        let style = Style { decimals, unit, signed: true, suffix: "个百分点", ..Style::default() };
        figure(row, column, style, &options)
    });
    environment.add_filter(
        "parts_of",
        |row: &Value, total: &str, parts: Vec<String>, decimals: &Value, options: Kwargs| {
            parts_of(row, total, &parts, decimals_of("parts_of", decimals)?, &options)
        },
    );
}

/// The number of decimals a filter was given.
fn decimals_of(filter: &str, given: &Value) -> Result<u32, Error> {
    let decimals = given.as_i64().and_then(|decimals| u32::try_from(decimals).ok());
    decimals.filter(|decimals| *decimals <= number::MOST_DECIMALS).ok_or_else(|| {
        Trouble::new("figure-decimals")
            .with("filter", filter)
            .with("value", given)
            .with("most", number::MOST_DECIMALS)
            .into()
    })
}

fn row_of<'v>(row: &'v Value, column: &str) -> Result<&'v Row, Error> {
    row.downcast_object_ref::<Row>()
        .ok_or_else(|| Trouble::new("figure-without-row").with("column", column).into())
}

fn unit_of(options: &Kwargs) -> Result<Option<MeasureUnit>, Error> {
    let unit = |symbol| {
        MeasureUnit::of_indicator(symbol)
            .ok_or_else(|| Trouble::new("figure-unit").with("unit", symbol).into())
    };
    options.get::<Option<&str>>("unit")?.map(unit).transpose()
}

fn figure(row: &Value, column: &str, mut style: Style, options: &Kwargs) -> Result<Value, Error> {
    let row = row_of(row, column)?;
    if let Some(unit) = unit_of(options)? {
        style.unit = Some(unit);
    }
    let status = match options.get::<Option<&str>>("status")? {
        Some(status_column) => Some(status_of(row, status_column)?),
        None => None,
    };
    style.absolute = options.get::<Option<bool>>("absolute")?.unwrap_or_default();
    options.assert_all_used()?;
    worded(row, column, status, |number| number::print(number, &style))
}

/// The figures of columns that add up to another one, worded so that they add up in print as well: largest
/// remainders. A list, in the order of the columns. Where the total or a part is missing, each stands for itself.
fn parts_of(
    row: &Value,
    total: &str,
    parts: &[String],
    decimals: u32,
    options: &Kwargs,
) -> Result<Value, Error> {
    let row = row_of(row, total)?;
    let style = Style { decimals, unit: unit_of(options)?, ..Style::default() };
    let status = match options.get::<Option<&str>>("status")? {
        Some(status_column) => Some(status_of(row, status_column)?),
        None => None,
    };
    options.assert_all_used()?;
    let whole = number::decimal(cell(row, total)?);
    let numbers: Option<Vec<_>> =
        parts.iter().map(|part| cell(row, part).map(number::decimal)).collect::<Result<_, _>>()?;
    let shares = match (whole, numbers) {
        (Some(whole), Some(numbers)) => Some(
            number::apportion(whole, &numbers, &style)
                .ok_or_else(|| about("figure-parts", row, total).with("parts", parts.join(", ")))?,
        ),
        _ => None,
    };
    let words = parts.iter().enumerate().map(|(at, part)| {
        worded(row, part, status, |number| match shares.as_ref().and_then(|shares| shares.get(at)) {
            // Already in the printed unit.
            Some(share) => number::print(*share, &Style { decimals, ..Style::default() }),
            None => number::print(number, &style),
        })
    });
    Ok(Value::from(words.collect::<Result<Vec<_>, _>>()?))
}

/// A cell worded as a figure, or the mark of its status.
fn worded(
    row: &Row,
    column: &str,
    status: Option<&'static Status>,
    print: impl Fn(Decimal) -> Option<String>,
) -> Result<Value, Error> {
    let cell = cell(row, column)?;
    let about = |code| about(code, row, column);
    let (text, mark) = match (cell, status) {
        (model::Value::Null, Some(status)) if !status.has_value => (status.mark.to_owned(), ""),
        (model::Value::Null, _) => return Err(about("figure-null").into()),
        (cell, status) => {
            let wrong = || about("number-wrong").with("value", cell.to_text());
            let number = number::decimal(cell).ok_or_else(wrong)?;
            (print(number).ok_or_else(wrong)?, status.map_or("", |status| status.mark))
        }
    };
    Ok(Value::from_object(Printed {
        query: row.query.name.clone(),
        row: row.index + 1,
        column: column.to_owned(),
        value: cell.to_text(),
        text,
        mark,
    }))
}

fn status_of(row: &Row, column: &str) -> Result<&'static Status, Error> {
    let id = cell(row, column)?.to_text();
    status::status(&id).ok_or_else(|| about("figure-status", row, column).with("status", id).into())
}

/// The cell of a column, or what was probably meant.
pub(crate) fn cell<'r>(row: &'r Row, column: &str) -> Result<&'r model::Value, Error> {
    row.cell(column).ok_or_else(|| {
        let columns = row.query.table.columns.iter().map(String::as_str);
        Trouble::new("template-column")
            .with("query", &row.query.name)
            .with("column", column)
            .suggest(text::suggest(column, columns))
            .into()
    })
}

fn about(code: &'static str, row: &Row, column: &str) -> Trouble {
    Trouble::new(code).with("query", &row.query.name).with("row", row.index + 1).with("column", column)
}
