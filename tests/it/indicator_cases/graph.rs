//! Runs the queries an indicator stands on, over the tables of a case. What came out of the same texts and the same
//! rows before is not run again: most cases share most of what lies under them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use model::{Digest, Table};
use parquet::arrow::ArrowWriter;
use query::{Embedded, Engine as _, Location, Parsed, Query, TableName};
use run::Definitions;
use tempfile::TempDir;

use super::case::Case;
use super::deliveries::{self, Made};
use crate::city::repository;

/// Rows of a table: where they lie, and the digest of what they are.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) at: Location,
    digest: Digest,
    pub(super) batch: RecordBatch,
}

/// What came of a case.
pub(crate) struct Found {
    /// The rows of the indicator.
    pub(crate) rows: Table,
    /// The strata they were estimated from, where it is a survey item.
    pub(crate) strata: Option<Table>,
}

/// The definitions of the invented city, an engine, and what was made so far.
pub(crate) struct Graph {
    pub(super) definitions: Definitions,
    pub(super) parsed: BTreeMap<TableName, Parsed>,
    pub(super) known: BTreeMap<TableName, SchemaRef>,
    engine: Embedded,
    made: BTreeMap<Digest, Rows>,
    folder: TempDir,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let definitions = Definitions::load(&repository().join("data-samples/synthetic"));
        let definitions = definitions.unwrap_or_else(|wrong| panic!("{}", told(&wrong).join("\n")));
        let parsed = definitions.queries.iter().map(|query| {
            let parsed = query::parse(query).unwrap_or_else(|wrong| panic!("{}", told(&wrong).join("\n")));
            (query.name.clone(), parsed)
        });
        Self {
            parsed: parsed.collect(),
            known: run::known_tables(&definitions).unwrap(),
            definitions,
            engine: Embedded::new(&query::Options::default()).unwrap(),
            made: BTreeMap::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The table of an indicator over the rows of a case: all of them, or those that count.
    pub(crate) fn indicator(&mut self, id: &str, case: &Case, all: bool) -> Result<Found, Vec<String>> {
        let one = |reason: String| vec![reason];
        let name = TableName::new("indicators", id).ok_or_else(|| one(format!("{id} is no name")))?;
        let own = self.set_minimum(id, case.minimum_denominator).map_err(one)?;
        if case.minimum_denominator.is_none() {
            self.set_minimum(id, own).map_err(one)?;
        }
        let made = self.given(case, all).map_err(one).and_then(|given| {
            let strata = TableName::new("strata", id).filter(|strata| self.parsed.contains_key(strata));
            let strata = strata.map(|strata| self.rows(&strata, &given)).transpose()?;
            Ok((self.rows(&name, &given)?, strata))
        });
        self.set_minimum(id, own).map_err(one)?;
        let (rows, strata) = made?;
        let table = |rows: Rows| query::to_table(&[rows.batch]).map_err(|error| one(error.to_string()));
        Ok(Found { rows: table(rows)?, strata: strata.map(table).transpose()? })
    }

    /// Sets the minimum denominator of an indicator; the one before.
    fn set_minimum(&mut self, id: &str, minimum: Option<u64>) -> Result<Option<u64>, String> {
        let indicator =
            self.definitions.indicators.get_mut(id).ok_or_else(|| format!("no indicator {id}"))?;
        Ok(std::mem::replace(&mut indicator.minimum_denominator, minimum))
    }

    /// The tables that are no queries and have rows, as the case gives them.
    pub(super) fn given(&mut self, case: &Case, all: bool) -> Result<BTreeMap<TableName, Rows>, String> {
        let made = Made::of(case, &self.definitions.contracts)?;
        self.definitions.deliveries.clone_from(&made.deliveries);
        let reference = run::reference_tables(&self.definitions).map_err(|error| error.to_string());
        let mut given = BTreeMap::new();
        let mut give = |graph: &Self, schema: &str, table: &str, batch: RecordBatch| {
            let name = TableName::new(schema, table).filter(|name| graph.known.contains_key(name));
            let name = name.ok_or_else(|| format!("no table {schema}.{table}"))?;
            given.insert(name, graph.write(batch));
            Ok::<_, String>(())
        };
        for (table, batch) in reference? {
            give(self, "reference", &table, batch)?;
        }
        for (table, sheet) in &case.rows {
            let contract =
                self.definitions.contracts.get(table).ok_or_else(|| format!("no contract {table}"))?;
            let (schema, counting) = (ingest::schema(contract), sheet.counting());
            let batch = made.table(table, if all { sheet } else { &counting }, &schema)?;
            give(self, "extracts", table, batch)?;
        }
        for (table, sheet) in &case.ingest {
            let name = TableName::new("ingest", table);
            let schema = name.and_then(|name| self.known.get(&name).cloned());
            let schema = schema.ok_or_else(|| format!("no table ingest.{table}"))?;
            let given = vec![BTreeMap::new(); sheet.rows.len()];
            give(self, "ingest", table, deliveries::batch(table, sheet, &schema, &given)?)?;
        }
        Ok(given)
    }

    /// The rows of a table, made now unless they were made before.
    fn rows(&mut self, name: &TableName, given: &BTreeMap<TableName, Rows>) -> Result<Rows, Vec<String>> {
        if let Some(rows) = given.get(name) {
            return Ok(rows.clone());
        }
        let Some(parsed) = self.parsed.get(name).cloned() else {
            let is_survey =
                self.definitions.indicators.get(name.table()).is_some_and(|one| one.survey.is_some());
            if name.schema() == "indicators" && is_survey {
                return self.estimated(name.table(), given);
            }
            let schema = self.known.get(name).ok_or_else(|| vec![format!("no table {name}")])?;
            return Ok(self.write(RecordBatch::new_empty(SchemaRef::clone(schema))));
        };
        let mut inputs: BTreeMap<String, Digest> = BTreeMap::new();
        let mut tables = BTreeMap::new();
        for used in &parsed.tables {
            let rows = self.rows(&used.name, given)?;
            inputs.insert(used.name.to_string(), rows.digest);
            tables.insert(used.name.clone(), rows.at);
        }
        let text = Digest::of(&parsed.query.text);
        let parts = inputs.iter().map(|(name, digest)| (name.as_str(), digest.as_bytes()));
        let key = Digest::of_parts(parts.chain([(parsed.query.file.as_str(), text.as_bytes())]));
        if let Some(rows) = self.made.get(&key) {
            return Ok(rows.clone());
        }
        for (name, at) in &tables {
            self.engine.register(name, at).map_err(|error| vec![error.to_string()])?;
        }
        let batches = self.engine.select(&parsed.query).map_err(|diagnostic| told(&[*diagnostic]))?;
        let batch = batches.first().cloned().ok_or_else(|| vec![format!("{name}: no batch")])?;
        let rows = self.write(self.checked(&parsed.query, batch)?);
        self.made.insert(key, rows.clone());
        Ok(rows)
    }

    /// Rows of an indicator are held to what a run holds them to.
    fn checked(&self, query: &Query, batch: RecordBatch) -> Result<RecordBatch, Vec<String>> {
        let columns = match query.name.schema() {
            "indicators" => query::indicator::schema(),
            "strata" => query::indicator::strata_schema(),
            _ => return Ok(batch),
        };
        let wrong = query::indicator::check_columns(query, &batch.schema(), &columns);
        if !wrong.is_empty() {
            return Err(told(&wrong));
        }
        let batch = query::indicator::conform(&batch, &columns).map_err(|error| vec![error.to_string()])?;
        let is_indicator = query.name.schema() == "indicators";
        let wrong = if is_indicator {
            run::wrong_rows(&self.definitions, query.name.table(), query, &batch)
        } else {
            Vec::new()
        };
        if wrong.is_empty() { Ok(batch) } else { Err(told(&wrong)) }
    }

    /// The values of a survey item, estimated from its strata.
    fn estimated(&mut self, id: &str, given: &BTreeMap<TableName, Rows>) -> Result<Rows, Vec<String>> {
        let strata = TableName::new("strata", id).ok_or_else(|| vec![format!("{id} is no name")])?;
        let rows = self.rows(&strata, given)?;
        let query = &self.parsed[&strata].query;
        let batch =
            run::survey_estimates(&self.definitions, id, query, &rows.batch).map_err(|wrong| told(&wrong))?;
        let wrong = run::wrong_rows(&self.definitions, id, query, &batch);
        if wrong.is_empty() { Ok(self.write(batch)) } else { Err(told(&wrong)) }
    }

    /// Puts rows where the engine can read them, in a file named by what it holds.
    pub(super) fn write(&self, batch: RecordBatch) -> Rows {
        let schema = batch.schema();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, SchemaRef::clone(&schema), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let digest = Digest::of(&bytes);
        let path: PathBuf = self.folder.path().join(format!("{}.parquet", digest.hex()));
        if !path.exists() {
            std::fs::write(&path, &bytes).unwrap();
        }
        Rows { at: Location::files([path.as_path()], schema), digest, batch }
    }
}

/// Diagnostics in words.
fn told(diagnostics: &[model::Diagnostic]) -> Vec<String> {
    let words = |one: &model::Diagnostic| format!("{} {}", one.place, one.message(model::Language::En));
    diagnostics.iter().map(words).collect()
}
