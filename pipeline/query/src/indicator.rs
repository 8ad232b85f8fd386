//! The columns every indicator query returns, and the checks that hold a query and its rows to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use model::{Diagnostic, Place, text};

use crate::parse::parse;
use crate::rows;
use crate::source::Query;

const TEXTS: [&str; 4] = ["unit", "period", "status", "flags"];
const DOUBLES: [&str; 4] = ["value", "standard_error", "effective_n", "coverage"];
const DECIMALS: [&str; 2] = ["numerator", "denominator"];
const COUNTS: [&str; 1] = ["sample_size"];

/// The columns, in order.
pub fn schema() -> SchemaRef {
    let groups = [
        (&TEXTS[..], DataType::Utf8),
        (&DOUBLES[..], DataType::Float64),
        (&DECIMALS[..], DataType::Decimal128(38, 8)),
        (&COUNTS[..], DataType::Int64),
    ];
    let fields: Vec<Field> = groups
        .iter()
        .flat_map(|(names, data_type)| names.iter().map(|name| Field::new(*name, data_type.clone(), true)))
        .collect();
    Arc::new(Schema::new(fields))
}

/// The columns of a survey item's query, in order: a row a unit, period and stratum, from which values are estimated.
pub fn strata_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    let texts = ["unit", "period", "industry", "size_class"];
    let counts = ["frame", "responses", "answers", "answer_sum", "answer_squares"];
    let texts = texts.iter().map(|name| field(name, DataType::Utf8));
    let counts = counts.iter().map(|name| field(name, DataType::Int64));
    let flag = field("reconstructed", DataType::Boolean);
    Arc::new(Schema::new(texts.chain(counts).chain([flag]).collect::<Vec<_>>()))
}

/// Everything that keeps a query's columns from being those of `expected`, [`schema`] or [`strata_schema`]. A column
/// without a type (`NULL AS …`) is fine.
pub fn check_columns(query: &Query, found: &SchemaRef, expected: &SchemaRef) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    let missing: Vec<&str> = expected
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .filter(|name| found.column_with_name(name).is_none())
        .collect();
    for field in found.fields() {
        let place = output(query, field.name());
        match expected.field_with_name(field.name()) {
            Err(_) => {
                let unknown = Diagnostic::new("indicator-column-unknown", place).with("column", field.name());
                wrong.push(unknown.suggest(text::suggest(field.name(), missing.iter().copied())));
            }
            Ok(wanted) if field.data_type() != wanted.data_type() && *field.data_type() != DataType::Null => {
                let mistyped = Diagnostic::new("indicator-column-type", place).with("column", field.name());
                let found = sql_type(field.data_type());
                wrong.push(mistyped.with("found", found).with("expected", sql_type(wanted.data_type())));
            }
            Ok(_) => {}
        }
    }
    for name in missing {
        let data_type =
            expected.field_with_name(name).map(|field| sql_type(field.data_type())).unwrap_or_default();
        let place = Place::file(&query.file);
        wrong.push(
            Diagnostic::new("indicator-column-missing", place)
                .with("column", name)
                .with("expected", data_type),
        );
    }
    let columns =
        expected.fields().iter().map(|field| format!("{} {}", field.name(), sql_type(field.data_type())));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut wrong: Vec<Diagnostic> = wrong.into_iter().map(|told| told.with("columns", &columns)).collect();
    wrong.sort();
    wrong
}

/// The rows with exactly the columns of a schema, in order. For batches whose columns passed [`check_columns`].
///
/// # Errors
/// A column is missing or holds a value that does not fit.
pub fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let indices: Result<Vec<usize>, ArrowError> =
        schema.fields().iter().map(|field| batch.schema_ref().index_of(field.name())).collect();
    rows::cast_batch(&batch.project(&indices?)?, schema)
}

/// Whether each row of a conformed batch names a unit, a period and a status, and no unit and period comes twice.
pub fn check_rows(query: &Query, batch: &RecordBatch) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    for name in ["unit", "period", "status"] {
        let nulls = batch.column_by_name(name).map_or(0, Array::null_count);
        if nulls > 0 {
            let place = output(query, name);
            wrong.push(Diagnostic::new("indicator-null", place).with("column", name).with("count", nulls));
        }
    }
    let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    if let (Some(units), Some(periods)) = (text("unit"), text("period")) {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (unit, period) in units.iter().zip(periods.iter()) {
            *counts.entry((unit.unwrap_or_default(), period.unwrap_or_default())).or_default() += 1;
        }
        let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
        if let Some(((unit, period), count)) = twice.first() {
            let diagnostic = Diagnostic::new("indicator-not-unique", Place::file(&query.file));
            let diagnostic = diagnostic.with("unit", unit).with("period", period).with("count", count);
            wrong.push(diagnostic.with("pairs", twice.len()));
        }
    }
    wrong
}

/// Where a query names a column of its result.
pub fn output(query: &Query, column: &str) -> Place {
    let found = parse(query).ok().and_then(|parsed| parsed.output(column));
    found.unwrap_or_else(|| Place::file(&query.file))
}

/// The SQL word of a type.
pub fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "VARCHAR".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::Float32 => "REAL".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        DataType::Int32 => "INTEGER".to_owned(),
        DataType::Int16 => "SMALLINT".to_owned(),
        DataType::Int8 => "TINYINT".to_owned(),
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Date32 => "DATE".to_owned(),
        DataType::Decimal128(precision, scale) => format!("DECIMAL({precision},{scale})"),
        DataType::Null => "NULL".to_owned(),
        other => other.to_string().to_uppercase(),
    }
}
