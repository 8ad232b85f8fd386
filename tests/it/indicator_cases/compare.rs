//! Whether rows are as expected: texts, counts and decimals exactly, doubles to 1e-12 of their size.

use std::str::FromStr as _;

use model::{Decimal, Table, Value};

use super::case::Sheet;

/// A column in which an empty cell is an empty text, not NULL.
const NEVER_NULL: &str = "flags";

/// What differs from the expected rows, in the columns these name.
pub(crate) fn with_expected(expected: &Sheet, key: &[&str], found: &Table) -> Vec<String> {
    let mut wrong = Vec::new();
    let unknown = expected.columns.iter().filter(|name| !found.columns.contains(name));
    wrong.extend(unknown.map(|name| format!("expected: no column {name}")));
    for row in &expected.rows {
        let shown = shown_key(expected, key, row);
        let at = match place(expected, key, row, found)[..] {
            [at] => at,
            [] => {
                wrong.push(format!("{shown}: no such row"));
                continue;
            }
            _ => {
                wrong.push(format!("{shown}: more than one row"));
                continue;
            }
        };
        for column in expected.columns.iter().filter(|name| found.columns.contains(name)) {
            let cell = expected.get(row, column).unwrap_or_default();
            let value = found.get(at, column).unwrap_or(&Value::Null);
            if !equals(column, cell, value) {
                let cell = if cell.is_empty() && column != NEVER_NULL { "NULL" } else { cell };
                wrong.push(format!("{shown} {column}: expected {cell}, found {}", shown_value(value)));
            }
        }
    }
    wrong
}

/// Where the expected rows have not the same values, in every column, without the rows that do not count.
pub(crate) fn same_rows(expected: &Sheet, all: &Table, without: &Table) -> Vec<String> {
    let key = ["unit", "period"];
    let mut wrong = Vec::new();
    for row in &expected.rows {
        let at = |table| place(expected, &key, row, table).first().copied();
        let (Some(first), Some(second)) = (at(all), at(without)) else { continue };
        for column in &all.columns {
            let [here, there] = [all.get(first, column), without.get(second, column)]
                .map(|value| value.map(shown_value).unwrap_or_default());
            if here != there {
                let shown = shown_key(expected, &key, row);
                wrong.push(format!("{shown} {column}: {here}, but {there} without the rows marked `no`"));
            }
        }
    }
    wrong
}

fn shown_key(sheet: &Sheet, key: &[&str], row: &[String]) -> String {
    key.iter().map(|name| sheet.get(row, name).unwrap_or("NULL")).collect::<Vec<_>>().join(" ")
}

/// The rows of a table that have the key of a row of a sheet.
fn place(sheet: &Sheet, key: &[&str], row: &[String], table: &Table) -> Vec<usize> {
    let is_it = |at: &usize| {
        key.iter().all(|name| {
            let value = table.get(*at, name).unwrap_or(&Value::Null);
            equals(name, sheet.get(row, name).unwrap_or_default(), value)
        })
    };
    (0..table.rows.len()).filter(is_it).collect()
}

fn shown_value(value: &Value) -> String {
    if *value == Value::Null { "NULL".to_owned() } else { value.to_text() }
}

fn equals(column: &str, cell: &str, value: &Value) -> bool {
    if cell.is_empty() {
        return match value {
            Value::Null => column != NEVER_NULL,
            Value::Text(text) => column == NEVER_NULL && text.is_empty(),
            _ => false,
        };
    }
    match value {
        Value::Null => false,
        Value::Text(text) => text == cell,
        Value::Int(whole) => cell.parse() == Ok(*whole),
        Value::Decimal(decimal) => Decimal::from_str(cell) == Ok(*decimal),
        Value::Bool(truth) => cell.parse() == Ok(*truth),
        Value::Float(found) => number(cell)
            .is_some_and(|expected| (expected - found).abs() <= 1e-12 * expected.abs().max(found.abs())),
    }
}

/// A number, or a quotient of two: `100/3`.
fn number(cell: &str) -> Option<f64> {
    let parse = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match cell.split_once('/') {
        Some((above, below)) => Some(parse(above)? / parse(below)?),
        None => parse(cell),
    }
}

#[test]
fn cells_equal_values_of_their_kind() {
    let decimal = |text: &str| Value::Decimal(Decimal::from_str(text).unwrap());
    for (column, cell, value) in [
        ("value", "", Value::Null),
        ("flags", "", Value::Text(String::new())),
        ("value", "100/3", Value::Float(33.333_333_333_333_336)),
        ("value", "0", Value::Float(0.0)),
        ("numerator", "2", decimal("2.00000000")),
        ("sample_size", "4", Value::Int(4)),
        ("status", "ok", Value::Text("ok".into())),
    ] {
        assert!(equals(column, cell, &value), "{cell} is not {value:?}");
    }
    for (column, cell, value) in [
        ("value", "0", Value::Null),
        ("flags", "", Value::Null),
        ("status", "", Value::Text(String::new())),
        ("value", "33.333333333", Value::Float(33.333_333_333_333_336)),
        ("numerator", "2.00000001", decimal("2")),
        ("numerator", "", decimal("0")),
    ] {
        assert!(!equals(column, cell, &value), "{cell} is {value:?}");
    }
}
