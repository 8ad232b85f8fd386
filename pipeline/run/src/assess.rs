//! The steps of assess: queries and frameworks.

use std::collections::BTreeMap;

use model::{Diagnostic, Place};
use query::TableName;

use crate::context::{Context, engine_failure};
use crate::execute::Failure;
use crate::store::Output;
use crate::{frameworks, parquet_file};

/// Where a table of the graph lies under `out/`.
pub(crate) fn table_path(schema: &str, table: &str) -> String {
    format!("tables/{schema}/{table}.parquet")
}

/// Runs a query; its rows are in a total order, whatever the threads.
pub(crate) fn query(context: &mut Context<'_>, at: usize) -> Result<Vec<Output>, Failure> {
    let Some(parsed) = context.parsed.get(at).cloned() else { return Ok(Vec::new()) };
    let query = &parsed.query;
    let engine = context.engine(parsed.tables.iter().map(|used| &used.name))?;
    let mut batches = engine.select(query).map_err(|diagnostic| *diagnostic)?;
    if query.name.schema() == "indicators" {
        let mut wrong = Vec::new();
        for batch in &mut batches {
            *batch = query::indicator::conform(batch).map_err(engine_failure)?;
            wrong.extend(query::indicator::check_rows(query, batch));
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
    }
    let path = table_path(query.name.schema(), query.name.table());
    let Some(schema) = batches.first().map(arrow::array::RecordBatch::schema) else {
        return Err(engine_failure(format!("{}: no batch", query.name)).into());
    };
    let bytes = parquet_file::to_bytes(context.nature(), &path, &schema, &batches)?;
    Ok(vec![context.store.stage(&path, &bytes)?])
}

/// Makes the tables of a framework from the tables of its indicators.
pub(crate) fn framework(context: &mut Context<'_>, id: &str) -> Result<Vec<Output>, Failure> {
    let definitions = context.definitions;
    let Some(placed) = definitions.frameworks.get(id) else { return Ok(Vec::new()) };
    let mut values = BTreeMap::new();
    for leaf in placed.tree.leaves() {
        let path = context.store.path(&table_path("indicators", &leaf.indicator));
        let name =
            TableName::new("indicators", &leaf.indicator).map(|name| name.to_string()).unwrap_or_default();
        if !path.exists() {
            return Err(Diagnostic::new("not-made-yet", Place::default()).with("what", name).into());
        }
        let table = query::to_table(&[parquet_file::read(&path)?]).map_err(engine_failure)?;
        values.insert(leaf.indicator.clone(), frameworks::values(&table));
    }
    let units =
        definitions.reference.partitions.get(&placed.framework.partition).cloned().unwrap_or_default();
    let batches =
        frameworks::tables(&placed.framework, &placed.tree, &units, &values).map_err(engine_failure)?;
    let mut outputs = Vec::new();
    for (table, batch) in frameworks::TABLES.iter().zip(batches) {
        let path = table_path(id, table);
        let bytes = parquet_file::to_bytes(context.nature(), &path, &batch.schema(), &[batch])?;
        outputs.push(context.store.stage(&path, &bytes)?);
    }
    Ok(outputs)
}
