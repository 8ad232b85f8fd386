//! The lists beside the extracts: sources, the columns of their cells, findings. They lead from a row back to the
//! file, sheet and cell it was read from.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as Column, Schema};
use arrow::record_batch::RecordBatch;
use model::contract::Orientation;
use model::{Delivery, Finding, Language};

use crate::decide::Decision;
use crate::source::{BoundColumn, MissingValue, Source};
use crate::table::{Values, batch, text, whole};

/// One row a source: where it came from and what is said of all its rows. `source` is `_origin >> 32`. `hidden`
/// says whether the format tells of hidden rows and columns: `known` or `unknown`. `orientation` is `rows`, or
/// `columns` where the table lies on its side: then the line in an `_origin` is a column of the sheet.
pub fn sources_batch(sources: &[(&Delivery, &Source)]) -> RecordBatch {
    let texts = |get: &dyn Fn(&Delivery, &Source) -> String| {
        Values::Text(sources.iter().map(|(delivery, source)| Some(get(delivery, source))).collect())
    };
    let columns = vec![
        (whole("source", false), Values::Whole(sources.iter().map(|(_, source)| Some(source.id)).collect())),
        (text("file", false), texts(&|delivery, _| delivery.file.clone())),
        (text("sha256", false), texts(&|delivery, _| delivery.sha256.clone())),
        (text("sheet", false), texts(&|_, source| source.sheet.clone())),
        (number("table"), numbers(sources.iter().map(|(_, source)| source.table))),
        (text("contract", false), texts(&|_, source| source.contract.clone())),
        (text("department", false), texts(&|delivery, _| delivery.department.clone())),
        (text("received_on", false), texts(&|delivery, _| delivery.received_on.clone())),
        (text("period", false), texts(&|delivery, _| delivery.period.to_string())),
        (text("partition", false), texts(&|delivery, _| delivery.partition.clone())),
        (text("vintage", false), texts(&|delivery, _| delivery.vintage.clone())),
        (text("flags", false), texts(&|_, source| source.flags.join(","))),
        (text("format", false), texts(&|_, source| source.format.clone())),
        (text("encoding", false), texts(&|_, source| source.encoding.clone())),
        (
            text("hidden", false),
            texts(&|_, source| if source.hidden_known { "known" } else { "unknown" }.to_owned()),
        ),
        (text("orientation", false), texts(&|_, source| source.orientation.name().to_owned())),
        (text("title", false), texts(&|_, source| source.title.clone())),
        (text("notes", false), texts(&|_, source| source.notes.clone())),
    ];
    list(columns)
}

/// One row a column of a source that holds a field. `column` is the column of the sheet; where the table lies on its
/// side it is NULL and `row` is the row of the sheet. `head` is the number of the header value the column stands
/// under, as in `_origin`, and `header_value` that value; 0 and empty for a column of the row itself. `period` is NULL
/// where the column speaks of the source's period.
pub fn cells_batch(sources: &[&Source]) -> RecordBatch {
    let bound: Vec<_> = sources
        .iter()
        .flat_map(|source| source.columns.iter().map(|column| (source.id, source.orientation, column)))
        .collect();
    let texts = |get: &dyn Fn(&BoundColumn) -> Option<String>| {
        Values::Text(bound.iter().map(|(_, _, column)| get(column)).collect())
    };
    let lying = |way: Orientation| {
        let place = |(_, orientation, column): &(i64, Orientation, &BoundColumn)| {
            i32::try_from(column.column).ok().filter(|_| *orientation == way)
        };
        Values::Number(bound.iter().map(place).collect())
    };
    list(vec![
        (whole("source", false), Values::Whole(bound.iter().map(|(id, ..)| Some(*id)).collect())),
        (text("field", false), texts(&|column| Some(column.field.clone()))),
        (text("period", true), texts(&|column| column.period.clone())),
        (number("head"), numbers(bound.iter().map(|(.., column)| column.head))),
        (text("header_value", false), texts(&|column| Some(column.header_value.clone()))),
        (Column::new("column", DataType::Int32, true), lying(Orientation::Rows)),
        (Column::new("row", DataType::Int32, true), lying(Orientation::Columns)),
        (text("header", false), texts(&|column| Some(column.header.clone()))),
        (text("measure_unit", false), texts(&|column| Some(column.measure_unit.clone()))),
    ])
}

/// One row a decision on a column: how it was understood, why, and how sure that is.
pub fn decisions_batch(sources: &[&Source]) -> RecordBatch {
    let all: Vec<_> = sources
        .iter()
        .flat_map(|source| source.decisions.iter().map(|decision| (source.id, decision)))
        .collect();
    let texts = |get: &dyn Fn(&Decision) -> &str| {
        Values::Text(all.iter().map(|(_, decision)| Some(get(decision).to_owned())).collect())
    };
    list(vec![
        (whole("source", false), Values::Whole(all.iter().map(|(id, _)| Some(*id)).collect())),
        (text("field", false), texts(&|decision| &decision.field)),
        (text("what", false), texts(&|decision| decision.what)),
        (text("choice", false), texts(&|decision| &decision.choice)),
        (text("evidence", false), texts(&|decision| &decision.evidence)),
        (text("confidence", false), texts(&|decision| decision.confidence)),
    ])
}

/// One row a value that is missing for a reason. A NULL of an extract that is not listed here was a blank cell.
pub fn missing_batch(sources: &[&Source]) -> RecordBatch {
    missing_values(sources.iter().flat_map(|source| &source.missing))
}

/// The same, of these values.
pub(crate) fn missing_values<'m>(values: impl Iterator<Item = &'m MissingValue>) -> RecordBatch {
    let all: Vec<&MissingValue> = values.collect();
    let texts = |get: &dyn Fn(&MissingValue) -> &str| {
        Values::Text(all.iter().map(|missing| Some(get(missing).to_owned())).collect())
    };
    list(vec![
        (whole("origin", false), Values::Whole(all.iter().map(|missing| Some(missing.origin)).collect())),
        (text("field", false), texts(&|missing| &missing.field)),
        (text("reason", false), texts(&|missing| missing.reason)),
        (text("raw", false), texts(&|missing| &missing.raw)),
    ])
}

/// One row a finding, worded in both languages. `row` and `column` are 0 where none is meant.
pub fn findings_batch(findings: &[Finding]) -> RecordBatch {
    let texts = |get: &dyn Fn(&Finding) -> String| {
        Values::Text(findings.iter().map(|finding| Some(get(finding))).collect())
    };
    let columns = vec![
        (text("file", false), texts(&|finding| finding.file.clone())),
        (text("sheet", false), texts(&|finding| finding.sheet.clone())),
        (text("cell", false), texts(&Finding::cell)),
        (number("row"), numbers(findings.iter().map(|finding| finding.row))),
        (number("column"), numbers(findings.iter().map(|finding| finding.column))),
        (text("code", false), texts(&|finding| finding.code.to_owned())),
        (text("severity", false), texts(&|finding| finding.severity().name().to_owned())),
        (text("contract", false), texts(&|finding| finding.contract.clone())),
        (text("field", false), texts(&|finding| finding.field.clone())),
        (whole("origin", true), Values::Whole(findings.iter().map(|finding| finding.origin).collect())),
        (text("message_zh", false), texts(&|finding| finding.message(Language::Zh))),
        (text("message_en", false), texts(&|finding| finding.message(Language::En))),
        (text("hint_zh", false), texts(&|finding| finding.hint(Language::Zh).unwrap_or_default())),
        (text("hint_en", false), texts(&|finding| finding.hint(Language::En).unwrap_or_default())),
    ];
    list(columns)
}

fn number(name: &str) -> Column {
    Column::new(name, DataType::Int32, false)
}

fn numbers(values: impl Iterator<Item = u32>) -> Values {
    Values::Number(values.map(|value| Some(i32::try_from(value).unwrap_or(i32::MAX))).collect())
}

fn list(columns: Vec<(Column, Values)>) -> RecordBatch {
    let (columns, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    batch(Arc::new(Schema::new(columns)), values)
}
