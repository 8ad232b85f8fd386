//! All definitions checked at once, without any data: TOML, references between files, SQL against the columns that
//! contracts and other queries promise, templates. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::datatypes::SchemaRef;
use model::Diagnostic;
use query::{Parsed, Query, TableName};

use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::store::Done;
use crate::{
    accounts, assess, framework_tables, query_texts, reference_tables, relations, steps, table_keys,
};

/// The state remembers under this name that the definitions were checked and found right.
const CHECKED: &str = "definitions";

/// Everything wrong in the definitions of the assessment in `folder`.
///
/// # Errors
/// The diagnostics, if there are any.
pub fn lint(folder: &Path) -> Result<(), Vec<Diagnostic>> {
    let wrong = all(&Definitions::load(folder)?);
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Everything wrong in loaded definitions.
pub(crate) fn all(definitions: &Definitions) -> Vec<Diagnostic> {
    let mut wrong = check(definitions);
    let circles = parse_all(definitions)
        .and_then(|(parsed, reports)| steps::build(definitions, &parsed, &reports).map(|_| ()));
    wrong.extend(circles.err().unwrap_or_default());
    wrong.into_iter().collect()
}

/// The same before a run, unless these definitions were found right before.
pub(crate) fn check_if_changed(context: &mut Context<'_>) -> Result<(), Vec<Diagnostic>> {
    let inputs = context.definition_inputs();
    if context.store.state.steps.get(CHECKED).is_some_and(|done| done.inputs == inputs) {
        context.state.steps.insert(CHECKED.to_owned(), Done { inputs, outputs: Vec::new() });
        return Ok(());
    }
    let wrong = check(context.definitions);
    if wrong.is_empty() {
        context.state.steps.insert(CHECKED.to_owned(), Done { inputs, outputs: Vec::new() });
        Ok(())
    } else {
        Err(wrong.into_iter().collect())
    }
}

/// The queries of an assessment parsed, and those of each report.
pub(crate) type AllParsed = (Vec<Parsed>, BTreeMap<String, Vec<Parsed>>);

/// Parses all queries.
pub(crate) fn parse_all(definitions: &Definitions) -> Result<AllParsed, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let mut parse = |queries: &[Query]| -> Vec<Parsed> {
        let mut parsed = Vec::new();
        for query in queries {
            match query::parse(query) {
                Ok(query) => parsed.push(query),
                Err(diagnostics) => wrong.extend(diagnostics),
            }
        }
        parsed
    };
    let queries = parse(&definitions.queries);
    let reports =
        definitions.reports.iter().map(|(id, report)| (id.clone(), parse(&report.queries))).collect();
    if wrong.is_empty() { Ok((queries, reports)) } else { Err(wrong) }
}

fn check(definitions: &Definitions) -> BTreeSet<Diagnostic> {
    let mut wrong = BTreeSet::new();
    let known = match known_tables(definitions) {
        Ok(known) => known,
        Err(diagnostic) => return BTreeSet::from([diagnostic]),
    };
    let of_reports = definitions.reports.values().flat_map(|report| &report.queries);
    let mut queries: Vec<Query> = definitions.queries.iter().chain(of_reports).cloned().collect();
    queries.extend(relations::queries(definitions, None).into_iter().map(|(_, _, query)| query));
    let (found, schemas) = query::check(&queries, &known, &table_keys::keys(definitions));
    wrong.extend(found.into_iter().map(|told| relations::at_home(definitions, told)));
    for query in &definitions.queries {
        if let (Some(schema), Some(expected)) = (schemas.get(&query.name), assess::promised_columns(query)) {
            wrong.extend(query::indicator::check_columns(query, schema, &expected));
        }
    }
    for report in definitions.reports.values() {
        let parsed = report.queries.iter().filter_map(|query| query::parse(query).ok());
        wrong.extend(parsed.filter_map(|parsed| query::lint::must_be_ordered(&parsed)));
        let tables: Vec<&str> = report.queries.iter().map(|query| query.name.table()).collect();
        wrong.extend(report::check_page(
            &definitions.templates,
            &report.page_file,
            &report.page_text,
            &tables,
        ));
    }
    wrong.extend(report::check_templates(&definitions.templates));
    wrong
}

/// Every table that is no query, with its columns.
///
/// # Errors
/// Arrow refuses columns; cannot happen with definitions that were loaded.
pub fn known_tables(definitions: &Definitions) -> Result<BTreeMap<TableName, SchemaRef>, Diagnostic> {
    let mut known = BTreeMap::new();
    let mut add = |schema: &str, table: &str, columns: SchemaRef| {
        if let Some(name) = TableName::new(schema, table) {
            known.insert(name, columns);
        }
    };
    for (name, batch) in reference_tables::batches(definitions).map_err(engine_failure)? {
        add("reference", &name, batch.schema());
    }
    for (id, contract) in &definitions.contracts {
        add("extracts", id, ingest::schema(contract));
    }
    add("reference", query_texts::TABLE, query_texts::schema());
    for table in accounts::TABLES {
        add("ingest", table, accounts::schema(table));
    }
    for id in definitions.frameworks.keys() {
        for table in framework_tables::TABLES {
            add(id, table, framework_tables::schema(table));
        }
    }
    for id in definitions.surveys() {
        add("indicators", id, query::indicator::schema());
    }
    Ok(known)
}

impl Context<'_> {
    /// The digests of all definitions and templates, and of this program.
    fn definition_inputs(&self) -> BTreeMap<String, String> {
        let templates = self.definitions.templates.files();
        let templates =
            templates.map(|(name, file)| (format!("templates/{name}"), report::meaning(name, &file.bytes)));
        let own = self.definitions.digests.iter().map(|(name, digest)| (name.clone(), *digest));
        own.chain(templates)
            .chain([("mantianxing".to_owned(), self.program())])
            .map(|(name, digest)| (name, digest.hex()))
            .collect()
    }
}
