//! Single questions to the engine, in SQL made here: of what lies under `out/`, never of a bureau's file.

use arrow::array::RecordBatch;
use model::{Diagnostic, Table};
use query::{Embedded, Query, TableName};

use crate::context::engine_failure;

/// A SELECT as plain values.
pub(super) fn select(engine: &Embedded, sql: String) -> Result<Table, Diagnostic> {
    query::to_table(&batches(engine, sql)?).map_err(engine_failure)
}

/// A SELECT as one batch.
pub(super) fn batch(engine: &Embedded, sql: &str) -> Result<RecordBatch, Diagnostic> {
    batches(engine, sql.to_owned())?.pop().ok_or_else(|| engine_failure("no batch"))
}

fn batches(engine: &Embedded, text: String) -> Result<Vec<RecordBatch>, Diagnostic> {
    let name = TableName::new("ad_hoc", "query").ok_or_else(|| engine_failure("no name"))?;
    engine.select(&Query { name, file: String::new(), text }).map_err(|wrong| *wrong)
}

/// A text as SQL.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
