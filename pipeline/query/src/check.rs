//! Everything wrong in a set of queries, without any data: parse, order, plan each against the columns of what it
//! reads, apply the rules. A query that fails says why; those behind it are left out, not blamed.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::datatypes::SchemaRef;
use model::{Diagnostic, Place};

use crate::embedded::{Embedded, Options};
use crate::engine::{Engine as _, EngineError, Location};
use crate::keys::{Dependencies, Keys};
use crate::name::TableName;
use crate::parse::{Parsed, parse};
use crate::source::Query;
use crate::{graph, lint, rows};

/// Checks queries against the columns of the tables that are no queries, and the keys of those that have one.
///
/// Returns all diagnostics, in order, and the columns of every query that can be planned (whether or not a rule
/// refuses it).
pub fn check(
    queries: &[Query],
    known: &BTreeMap<TableName, SchemaRef>,
    keys: &Keys,
) -> (Vec<Diagnostic>, BTreeMap<TableName, SchemaRef>) {
    let mut wrong = BTreeSet::new();
    let mut schemas = BTreeMap::new();
    if let Err(error) = plan_all(queries, known, keys, &mut wrong, &mut schemas) {
        wrong.insert(Diagnostic::new("sql-engine", Place::default()).with("reason", error));
    }
    (wrong.into_iter().collect(), schemas)
}

fn plan_all(
    queries: &[Query],
    known: &BTreeMap<TableName, SchemaRef>,
    keys: &Keys,
    wrong: &mut BTreeSet<Diagnostic>,
    schemas: &mut BTreeMap<TableName, SchemaRef>,
) -> Result<(), EngineError> {
    let mut parsed = Vec::with_capacity(queries.len());
    // Tables of queries that failed: known by name, so that reading them is no mistake.
    let mut failed = BTreeSet::new();
    for query in queries {
        match parse(query) {
            Ok(query) => parsed.push(query),
            Err(diagnostics) => {
                wrong.extend(diagnostics);
                failed.insert(query.name.clone());
            }
        }
    }
    let names: BTreeSet<TableName> = known.keys().chain(&failed).cloned().collect();
    let arranged = graph::arrange(&parsed, &names);
    wrong.extend(arranged.wrong);

    let mut engine = Embedded::new(&Options::default())?;
    for (name, schema) in known {
        engine.register(name, &Location::empty(SchemaRef::clone(schema)))?;
    }
    let mut keys = keys.clone();
    for at in arranged.order {
        let query = &parsed[at];
        wrong.extend(lint::statement(query));
        let reads_failed = query.tables.iter().any(|used| failed.contains(&used.name));
        let schema = if reads_failed || arranged.faulty.contains(&at) {
            None
        } else {
            plan(&engine, query, &mut keys, wrong)
        };
        match schema {
            Some(schema) => {
                engine.register(&query.query.name, &Location::empty(SchemaRef::clone(&schema)))?;
                schemas.insert(query.query.name.clone(), schema);
            }
            None => {
                failed.insert(query.query.name.clone());
            }
        }
    }
    Ok(())
}

fn plan(
    engine: &Embedded,
    parsed: &Parsed,
    keys: &mut Keys,
    wrong: &mut BTreeSet<Diagnostic>,
) -> Option<SchemaRef> {
    let planned = engine.analyse(parsed).and_then(|plan| Ok((engine.written(parsed)?, plan)));
    match planned {
        Ok((written, plan)) => {
            wrong.extend(lint::plan(&parsed.query, &written));
            wrong.extend(lint::total_order(&parsed.query, &written, keys));
            // What a table's rows are told apart by is known to those that read it; some tables say it themselves.
            if !keys.contains_key(&parsed.query.name)
                && let Some(key) = Dependencies::new(keys).key(&written)
            {
                keys.insert(parsed.query.name.clone(), key);
            }
            let schema = rows::plain_schema(plan.schema().as_arrow());
            let twice = repeated(&schema);
            for name in &twice {
                let place = parsed.output(name).unwrap_or_else(|| Place::file(&parsed.query.file));
                wrong.insert(Diagnostic::new("sql-duplicate-column", place).with("name", name));
            }
            twice.is_empty().then_some(schema)
        }
        Err(error) => {
            wrong.extend(error.diagnostics(&parsed.query));
            None
        }
    }
}

fn repeated(schema: &SchemaRef) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    schema
        .fields()
        .iter()
        .filter(|field| !seen.insert(field.name()))
        .map(|field| field.name().clone())
        .collect()
}
