//! The steps of assess: queries and frameworks.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::SchemaRef;
use model::{Diagnostic, Place};
use query::{Embedded, Parsed, Query, TableName};

use crate::assessed::Assessed;
use crate::context::{Context, engine_failure};
use crate::definitions::{Definitions, STRATA};
use crate::execute::Failure;
use crate::indicator_rows::wrong_rows;
use crate::read_table::ReadTable;
use crate::store::Output;
use crate::survey::survey_estimates;
use crate::{checks, framework_tables, parquet_file};

/// Where a table of the graph lies under `out/`.
pub(crate) fn table_path(schema: &str, table: &str) -> String {
    format!("tables/{schema}/{table}.parquet")
}

/// A query whose turn it is, with all it needs to run beside others.
pub(crate) struct Due<'d> {
    definitions: &'d Definitions,
    parsed: Parsed,
    tables: Vec<ReadTable<'d>>,
    engine: Embedded,
}

/// A query (by position) whose turn it is.
///
/// # Errors
/// A table it reads has not been made.
pub(crate) fn due<'d>(context: &mut Context<'d>, at: usize) -> Result<Due<'d>, Failure> {
    let definitions = context.definitions;
    let parsed = context.parsed.get(at).cloned();
    let parsed = parsed.ok_or_else(|| engine_failure(format!("no query {at}")))?;
    let mut seen = BTreeSet::new();
    let names = parsed.tables.iter().map(|used| &used.name).filter(|name| seen.insert(*name));
    let tables = names.map(|name| context.read_table(name)).collect::<Result<Vec<_>, _>>()?;
    Ok(Due { definitions, parsed, tables, engine: context.engine_beside()? })
}

impl Due<'_> {
    /// Runs the query: the path of its file and the bytes. Its rows are in a total order, whatever the threads.
    pub(crate) fn run(mut self) -> Result<(String, Vec<u8>), Failure> {
        let query = &self.parsed.query;
        for table in &self.tables {
            table.register(&mut self.engine)?;
        }
        let mut batches = self.engine.select_parsed(&self.parsed).map_err(|diagnostic| *diagnostic)?;
        if let Some(columns) = promised_columns(query) {
            let is_indicator = query.name.schema() == "indicators";
            let mut wrong = Vec::new();
            for batch in &mut batches {
                *batch = query::indicator::conform(batch, &columns).map_err(engine_failure)?;
                if is_indicator {
                    wrong.extend(wrong_rows(self.definitions, query.name.table(), query, batch));
                }
            }
            if !wrong.is_empty() {
                return Err(wrong.into());
            }
        }
        let path = table_path(query.name.schema(), query.name.table());
        let Some(schema) = batches.first().map(arrow::array::RecordBatch::schema) else {
            return Err(engine_failure(format!("{}: no batch", query.name)).into());
        };
        let nature = self.definitions.assessment.nature;
        let bytes = parquet_file::to_bytes(nature, &path, &schema, &batches)?;
        Ok((path, bytes))
    }
}

/// The columns a query must return; `None` where it is free to return what it likes.
pub(crate) fn promised_columns(query: &Query) -> Option<SchemaRef> {
    match query.name.schema() {
        "indicators" => Some(query::indicator::schema()),
        STRATA => Some(query::indicator::strata_schema()),
        checks::SCHEMA => Some(checks::columns()),
        _ => None,
    }
}

/// Makes the values of a survey item from its strata.
pub(crate) fn survey(context: &mut Context<'_>, id: &str) -> Result<Vec<Output>, Failure> {
    let strata = context.store.path(&table_path(STRATA, id));
    let queries = &context.definitions.queries;
    let named = |query: &&Query| query.name.schema() == STRATA && query.name.table() == id;
    let Some(query) = queries.iter().find(named).filter(|_| strata.exists()) else {
        let name = format!("{STRATA}.{id}");
        return Err(Diagnostic::new("not-made-yet", Place::default()).with("what", name).into());
    };
    let batch = survey_estimates(context.definitions, id, query, &parquet_file::read(&strata)?)?;
    let wrong = wrong_rows(context.definitions, id, query, &batch);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let path = table_path("indicators", id);
    let bytes = parquet_file::to_bytes(context.nature(), &path, &batch.schema(), &[batch])?;
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
        values.insert(leaf.indicator.clone(), framework_tables::values(&table));
    }
    let mut assessed = Assessed::of(&definitions.reference, &placed.framework.partition);
    let has_zones =
        |leaf: &composite::Leaf| definitions.indicators.get(&leaf.indicator).is_some_and(|one| one.zones);
    if !placed.tree.leaves().iter().any(has_zones) {
        assessed.zones.clear();
    }
    let batches = framework_tables::tables(&placed.framework, &placed.tree, &assessed, &values)
        .map_err(engine_failure)?;
    let mut outputs = Vec::new();
    for (table, batch) in framework_tables::TABLES.iter().zip(batches) {
        let path = table_path(id, table);
        let bytes = parquet_file::to_bytes(context.nature(), &path, &batch.schema(), &[batch])?;
        outputs.push(context.store.stage(&path, &bytes)?);
    }
    Ok(outputs)
}
