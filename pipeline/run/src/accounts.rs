//! The accounts of ingest: which sources were read, which column is which field, what was found wrong, and what
//! became of every sheet row. Parts are kept a delivery, so that an unchanged delivery is not read again for them.
//!
//! Counting itself is in [`crate::accounting`].

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Int64Type, SchemaRef};
use model::{Delivery, Diagnostic, Finding, RowKind};

use crate::context::Context;
use crate::deliveries::one;
use crate::execute::Failure;
use crate::places::Places;
use crate::steps::Work;
use crate::store::Output;
use crate::{accounting, jumps, left_out, parquet_file, relations};

/// The tables of the accounts; in SQL `ingest.<name>`.
pub(crate) const TABLES: [&str; 7] =
    ["accounting", "cells", "decisions", "findings", "left_out", "missing", "sources"];

/// Names of files that look like deliveries.
pub(crate) const ENDINGS: [&str; 10] =
    ["xlsx", "xls", "xlsb", "ods", "csv", "tsv", "txt", "html", "htm", "xml"];

/// The schema of one of [`TABLES`].
pub(crate) fn schema(table: &str) -> SchemaRef {
    match table {
        "accounting" => accounting::schema(),
        "cells" => ingest::cells_batch(&[]).schema(),
        "decisions" => ingest::decisions_batch(&[]).schema(),
        "left_out" => left_out::schema(),
        "missing" => ingest::missing_batch(&[]).schema(),
        "findings" => ingest::findings_batch(&[]).schema(),
        _ => ingest::sources_batch(&[]).schema(),
    }
}

/// The parts of one delivery.
pub(crate) fn parts(
    delivery: &Delivery,
    outcome: &ingest::Outcome,
) -> Result<[(&'static str, RecordBatch); 6], Diagnostic> {
    let sources: Vec<_> = outcome.sources.iter().map(|source| (delivery, source)).collect();
    let all: Vec<&ingest::Source> = outcome.sources.iter().collect();
    Ok([
        ("accounting", accounting::of_delivery(delivery, outcome)?),
        ("cells", ingest::cells_batch(&all)),
        ("decisions", ingest::decisions_batch(&all)),
        ("findings", ingest::findings_batch(&outcome.findings)),
        ("missing", ingest::missing_batch(&all)),
        ("sources", ingest::sources_batch(&sources)),
    ])
}

/// Puts the parts together; pass 2 moves rows from kept to duplicate, superseded or rejected, and adds findings.
pub(crate) fn accounts(context: &mut Context<'_>) -> Result<Vec<Output>, Failure> {
    let mut merged: BTreeMap<&str, Vec<RecordBatch>> = BTreeMap::new();
    for step in context.steps.iter().filter(|step| matches!(step.work, Work::Delivery(_))) {
        for path in context.files(&step.name, "deliveries/") {
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            if let Some(table) = TABLES.into_iter().find(|table| *table == name) {
                merged.entry(table).or_default().push(parquet_file::read(&path)?);
            }
        }
    }
    let states = states(context)?;
    let sources = one(&schema("sources"), merged.get("sources").map(Vec::as_slice).unwrap_or_default())?;
    let mut findings: Vec<Finding> = context.failed.values().flatten().cloned().collect();
    findings.extend(unlisted(context));
    findings.extend(late(context));
    let cells = one(&schema("cells"), merged.get("cells").map(Vec::as_slice).unwrap_or_default())?;
    let places = Places::new(&sources, &cells);
    findings.extend(of_pass_2(&places, &states.decided));
    findings.extend(relations::findings(context, &places)?);
    findings.extend(jumps::findings(context, &places)?);
    merged.entry("findings").or_default().push(ingest::findings_batch(&findings));
    let accounting =
        one(&accounting::schema(), merged.get("accounting").map(Vec::as_slice).unwrap_or_default())?;
    merged.insert("left_out", vec![left_out::rows(context, &sources, &states.decided)?]);
    merged.insert("accounting", vec![accounting::after_pass_2(&accounting, &states, context.definitions)?]);

    let mut outputs = Vec::new();
    for table in TABLES {
        let schema = schema(table);
        let batch = one(&schema, merged.get(table).map(Vec::as_slice).unwrap_or_default())?;
        let path = format!("{table}.parquet");
        let bytes = parquet_file::to_bytes(context.nature(), &path, &schema, &[batch])?;
        outputs.push(context.store.stage(&path, &bytes)?);
    }
    Ok(outputs)
}

/// What pass 2 decided on rows.
#[derive(Debug, Default)]
pub(crate) struct States {
    /// The rows it did not leave as kept.
    pub(crate) decided: Vec<Decided>,
    /// The sheet rows of wide tables of which a row still stands: source and line.
    pub(crate) standing: BTreeSet<(i64, u32)>,
}

/// A row that pass 2 did not leave as kept.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) origin: i64,
    pub(crate) state: String,
    pub(crate) finding: Option<String>,
    by_origin: Option<i64>,
}

fn states(context: &Context<'_>) -> Result<States, Diagnostic> {
    let mut states = States::default();
    for (id, contract) in &context.definitions.contracts {
        for path in context.files(&format!("extracts.{id}"), "extracts/") {
            let batch = parquet_file::read(&path)?;
            let origins = whole(&batch, "_origin");
            let by = whole(&batch, "by_origin");
            let (state, finding) = (texts(&batch, "state"), texts(&batch, "finding"));
            for row in 0..batch.num_rows() {
                let state = text_at(state, row).unwrap_or_default();
                let origin = whole_at(origins, row).unwrap_or_default();
                if state != RowKind::Kept.name() {
                    let (finding, by_origin) = (text_at(finding, row), whole_at(by, row));
                    states.decided.push(Decided { origin, state, finding, by_origin });
                } else if contract.header_field().is_some() {
                    states.standing.insert((origin >> 32, ingest::line_of(origin)));
                }
            }
        }
    }
    Ok(states)
}

/// Files among the deliveries that nobody listed.
fn unlisted(context: &Context<'_>) -> Vec<Finding> {
    let definitions = context.definitions;
    let folder = definitions.folder.join(&definitions.assessment.folders.extracts);
    let listed = |file: &String| definitions.deliveries.iter().any(|delivery| delivery.file == *file);
    let files = model::files::list(&folder, &ENDINGS).unwrap_or_default();
    files
        .into_iter()
        .filter(|file| !listed(file))
        .map(|file| Finding::new("delivery-unlisted", file))
        .collect()
}

/// Deliveries that came after the edition's cut-off.
fn late(context: &Context<'_>) -> Vec<Finding> {
    let definitions = context.definitions;
    let cut_off = definitions.assessment.edition.data_cut_off.as_deref().unwrap_or_default();
    let told = |delivery: &Delivery| {
        let finding = Finding::new("delivery-after-cut-off", &delivery.file);
        finding.with("received_on", &delivery.received_on).with("cut_off", cut_off)
    };
    definitions.late().map(told).collect()
}

/// One finding a row that conflicts with another.
fn of_pass_2(places: &Places, decided: &[Decided]) -> Vec<Finding> {
    decided
        .iter()
        .filter_map(|decided| {
            let code = match decided.finding.as_deref()? {
                "conflicting-row" => "conflicting-row",
                "conflicting-delivery" => "conflicting-delivery",
                // Suspects are told one by one, with their figures.
                _ => return None,
            };
            let other = decided.by_origin.and_then(|origin| places.finding(code, origin, None));
            let other = other.map(|other| other.place()).unwrap_or_default();
            Some(places.finding(code, decided.origin, None)?.with("other", other))
        })
        .collect()
}

pub(crate) fn whole<'b>(batch: &'b RecordBatch, column: &str) -> Option<&'b Int64Array> {
    batch.column_by_name(column)?.as_primitive_opt::<Int64Type>()
}

pub(crate) fn texts<'b>(batch: &'b RecordBatch, column: &str) -> Option<&'b StringArray> {
    batch.column_by_name(column)?.as_string_opt::<i32>()
}

pub(crate) fn whole_at(column: Option<&Int64Array>, row: usize) -> Option<i64> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
}

pub(crate) fn text_at(column: Option<&StringArray>, row: usize) -> Option<String> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row).to_owned())
}
