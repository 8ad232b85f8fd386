//! Asking the tables of an assessment: one SELECT, confined like every query of the graph.

use std::collections::BTreeSet;
use std::path::Path;

use arrow::record_batch::RecordBatch;
use model::assessment::Nature;
use model::{Diagnostic, Table, text};
use query::{Query, TableName};

use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::lint::{known_tables, parse_all};
use crate::parquet_file;
use crate::steps;
use crate::store::Store;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    batches: Vec<RecordBatch>,
    /// What the data asked are.
    pub nature: Nature,
}

impl Answer {
    /// As plain values.
    ///
    /// # Errors
    /// A type that has no plain form.
    pub fn table(&self) -> Result<Table, Diagnostic> {
        query::to_table(&self.batches).map_err(engine_failure)
    }

    /// As the bytes of a Parquet file.
    ///
    /// # Errors
    /// A type Parquet cannot hold.
    pub fn parquet(&self) -> Result<Vec<u8>, Diagnostic> {
        let schema = self
            .batches
            .first()
            .map_or_else(|| arrow::datatypes::Schema::empty().into(), RecordBatch::schema);
        parquet_file::to_bytes(self.nature, "answer", &schema, &self.batches)
    }
}

/// Runs one SELECT over what the last run left under `out/`.
///
/// # Errors
/// What is wrong in the definitions or in the SELECT, or a table that has not been made.
pub fn ask(folder: &Path, sql: &str, threads: usize) -> Result<Answer, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let definitions = Definitions::load(folder)?;
    let (parsed, reports) = parse_all(&definitions)?;
    let steps = steps::build(&definitions, &parsed, &reports)?;
    let mut known: BTreeSet<TableName> = known_tables(&definitions).map_err(one)?.into_keys().collect();
    known.extend(parsed.iter().map(|parsed| parsed.query.name.clone()));
    let name = TableName::new("ad_hoc", "query").ok_or_else(Vec::new)?;
    let asked = query::parse(&Query { name, file: String::new(), text: sql.to_owned() })?;
    let names: Vec<String> = known.iter().map(ToString::to_string).collect();
    let unknown: Vec<Diagnostic> = asked
        .tables
        .iter()
        .filter(|used| !known.contains(&used.name))
        .map(|used| {
            let wanted = used.name.to_string();
            let suggestion = text::suggest(&wanted, names.iter().map(String::as_str));
            Diagnostic::new("sql-unknown-table", used.place.clone()).with("name", &wanted).suggest(suggestion)
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let store = Store::read_only(&definitions.out()).map_err(one)?;
    let mut context = Context::new(&definitions, parsed, reports, steps, store, threads);
    let engine = context.engine(asked.tables.iter().map(|used| &used.name)).map_err(one)?;
    let mut refused = query::lint::statement(&asked);
    let planned = engine.analyse(&asked).and_then(|_| engine.written(&asked));
    let plan = planned.map_err(|error| error.diagnostics(&asked.query))?;
    refused.extend(query::lint::plan(&asked.query, &plan));
    if !refused.is_empty() {
        return Err(refused);
    }
    let batches = engine.select_as_written(&asked.query).map_err(|diagnostic| vec![*diagnostic])?;
    Ok(Answer { batches, nature: definitions.assessment.nature })
}
