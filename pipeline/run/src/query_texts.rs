//! `reference.queries`: the SQL of every query as it was written, so that a report can print it. A step of its own, since
//! a comment changes this table and no other.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use query::Query;

use crate::context::{Context, engine_failure};
use crate::definitions::{Definitions, folder_of};
use crate::execute::Failure;
use crate::parquet_file;
use crate::reference_tables::texts;
use crate::store::Output;

/// The table's name, in the schema `reference`.
pub(crate) const TABLE: &str = "queries";

const COLUMNS: [&str; 5] = ["schema", "name", "file", "title", "sql"];

/// Its columns.
pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(COLUMNS.map(|name| Field::new(name, DataType::Utf8, true)).to_vec()))
}

/// Where it lies under `out/`.
pub(crate) fn path() -> String {
    format!("reference/{TABLE}.parquet")
}

/// A query's file, by its place in the assessment rather than on this machine.
pub(crate) fn file(folder: &str, query: &Query) -> String {
    format!("{folder}/{}/{}.sql", folder_of(query), query.name.table())
}

/// Writes the table, one row a query.
pub(crate) fn write(context: &mut Context<'_>) -> Result<Vec<Output>, Failure> {
    let batch = batch(context.definitions).map_err(engine_failure)?;
    let bytes = parquet_file::to_bytes(context.nature(), TABLE, &schema(), &[batch])?;
    Ok(vec![context.store.stage(&path(), &bytes)?])
}

fn batch(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let mut queries: Vec<&Query> = definitions.queries.iter().collect();
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    let column =
        |of: &dyn Fn(&Query) -> Option<String>| texts(queries.iter().map(|query| of(query)).collect());
    let columns = vec![
        column(&|query| Some(query.name.schema().to_owned())),
        column(&|query| Some(query.name.table().to_owned())),
        column(&|query| Some(file("queries", query))),
        column(&|query| title(&query.text)),
        column(&|query| Some(query.text.trim_end().to_owned())),
    ];
    RecordBatch::try_new(schema(), columns)
}

/// What the first line says, if it is a comment.
fn title(text: &str) -> Option<String> {
    let title = text.lines().next()?.trim_start().strip_prefix("--")?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_title_if_it_is_a_comment() {
        assert_eq!(title("-- 每万人  \n-- more\nSELECT 1").as_deref(), Some("每万人"));
        assert_eq!(title("SELECT 1 -- one"), None);
        assert_eq!(title("--\nSELECT 1"), None);
    }
}
