//! The steps of ingest: reference tables, each delivery, and which rows of a contract stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use model::{Contract, Delivery, Diagnostic, Digest, Finding, Place, Severity, files};
use query::{Location, Query, TableName};

use crate::context::{Context, engine_failure, jumps_schema, pass1_name, pass1_names, state_schema};
use crate::execute::Failure;
use crate::handed_out::{self, Files};
use crate::store::Output;
use crate::{accounts, parquet_file, reference_tables};

/// Writes every reference table.
pub(crate) fn reference(context: &mut Context<'_>) -> Result<Vec<Output>, Failure> {
    let batches = reference_tables::batches(context.definitions).map_err(engine_failure)?;
    let mut outputs = Vec::new();
    for (name, batch) in batches {
        let bytes = parquet_file::to_bytes(context.nature(), &name, &batch.schema(), &[batch])?;
        outputs.push(context.store.stage(&format!("reference/{name}.parquet"), &bytes)?);
    }
    Ok(outputs)
}

/// Reads one delivery: typed rows, rejects, and its part of the accounts.
///
/// A delivery that is missing, unlike its SHA-256, unreadable, refused or without a required column fails: its findings
/// are kept for the accounts, nothing of it is written. If a later one of the edition supersedes what could not be used,
/// only its findings remain; a file that is missing or unlike its SHA-256 fails all the same.
pub(crate) fn delivery(context: &mut Context<'_>, at: usize) -> Result<Vec<Output>, Failure> {
    let definitions = context.definitions;
    let Some(delivery) = definitions.deliveries.get(at) else { return Err(Failure::Delivery) };
    let part = Digest::of(&delivery.file).short();
    let part = |table: &str| format!("deliveries/{part}/{table}.parquet");
    let (threads, nature) = (context.threads, context.nature());
    let mut files = Files::new(&mut context.store, nature, part("missing"));
    let mut outcome = match content(definitions, delivery) {
        Ok(bytes) => {
            let contracts: Vec<&Contract> =
                delivery.contracts.iter().filter_map(|id| definitions.contracts.get(id)).collect();
            let number = i64::try_from(at).unwrap_or(i64::MAX).saturating_add(1);
            ingest::stream(
                &ingest::Job { delivery, number, contracts: &contracts, reference: &definitions.reference },
                &bytes,
                ingest::Stretches { threads, ..ingest::Stretches::default() },
                &mut |handed| files.take(handed),
            )?
        }
        Err(finding) => {
            context.failed.insert(at, vec![finding]);
            return Err(Failure::Delivery);
        }
    };
    if outcome.findings.iter().any(|finding| finding.severity() == Severity::Error) {
        if !definitions.is_sent_anew(at) {
            context.failed.insert(at, outcome.findings);
            return Err(Failure::Delivery);
        }
        // A later file says it all: what is wrong with this one is told, and none of it is used.
        outcome.sources.clear();
        outcome.unread.clear();
        files.leave_out();
    }

    let mut outputs = files.finish()?;
    let mut ids = std::collections::BTreeSet::new();
    for source in &outcome.sources {
        let place = || Place::file(format!("{} ▸ {}", delivery.file, source.sheet));
        if !ids.insert((&source.contract, source.id)) {
            return Err(Diagnostic::new("origin-collision", place()).into());
        }
        // What was counted must be what is written.
        if let Some((counted, written)) =
            source.counted_and_written().into_iter().find(|(counted, written)| counted != written)
        {
            return Err(Diagnostic::new("accounting-open", place())
                .with("rows", written)
                .with("counted", counted)
                .into());
        }
        if source.handed_out.is_some() {
            continue;
        }
        for (folder, batch) in [("extracts", &source.rows), ("rejects", &source.rejects)] {
            if folder == "rejects" && batch.num_rows() == 0 {
                continue;
            }
            let path = handed_out::path(folder, &source.contract, source.id);
            let bytes = parquet_file::to_bytes(nature, &path, &batch.schema(), std::slice::from_ref(batch))?;
            outputs.push(context.store.stage(&path, &bytes)?);
        }
    }
    for (name, batch) in accounts::parts(delivery, &outcome)? {
        let path = part(name);
        if outputs.iter().any(|output| output.path == path) {
            continue;
        }
        let bytes = parquet_file::to_bytes(nature, &path, &batch.schema(), &[batch])?;
        outputs.push(context.store.stage(&path, &bytes)?);
    }
    Ok(outputs)
}

fn content(definitions: &crate::Definitions, delivery: &Delivery) -> Result<Vec<u8>, Finding> {
    let path = definitions.folder.join(&definitions.assessment.folders.extracts).join(&delivery.file);
    let bytes = files::read(&path)
        .map_err(|error| Finding::new("delivery-missing", &delivery.file).with("reason", error.reason()))?;
    let found = Digest::of(&bytes).hex();
    if found == delivery.sha256.to_lowercase() {
        Ok(bytes)
    } else {
        Err(Finding::new("delivery-changed", &delivery.file)
            .with("expected", &delivery.sha256)
            .with("found", found))
    }
}

/// Pass 2 of a contract: each row is kept, duplicate, superseded or rejected.
pub(crate) fn contract(context: &mut Context<'_>, id: &str) -> Result<Vec<Output>, Failure> {
    let definitions = context.definitions;
    let Some(contract) = definitions.contracts.get(id) else { return Ok(Vec::new()) };
    let (rows, state) = pass1_names(id)?;
    let location = context.contract_rows(id, ingest::schema(contract));
    let number: BTreeMap<&str, i64> =
        definitions.deliveries.iter().map(|delivery| delivery.file.as_str()).zip(1_i64..).collect();
    let supersedes: Vec<(i64, i64)> = definitions
        .deliveries
        .iter()
        .zip(1_i64..)
        .flat_map(|(delivery, later)| delivery.supersedes.iter().map(move |earlier| (later, earlier)))
        .filter_map(|(later, earlier)| Some((later, *number.get(earlier.as_str())?)))
        .collect();
    let first = ask(context, (&rows, &location), &state, ingest::state_sql(contract, &supersedes))?;
    let path = format!("extracts/{id}/_state.parquet");
    let bytes = parquet_file::to_bytes(context.nature(), &path, &state_schema(), &first)?;
    let Some(jumps) = ingest::jumps_sql(contract) else {
        return Ok(vec![context.store.stage(&path, &bytes)?]);
    };
    // What is decided so far, and then the suspects, are tables of the next SELECT.
    let so_far = at(context, &format!("jumps/{id}.first.parquet"), &bytes, state_schema())?.0;
    let decided = pass1_name(id, "_first")?;
    let possible = ask(context, (&decided, &so_far), &state, jumps.possible)?;
    let possible =
        possible.iter().any(|batch| accounts::whole_at(accounts::whole(batch, "count"), 0) != Some(0));
    let found =
        if possible { ask(context, (&decided, &so_far), &state, jumps.suspects)? } else { Vec::new() };
    let suspects = format!("jumps/{id}.parquet");
    let found_bytes = parquet_file::to_bytes(context.nature(), &suspects, &jumps_schema(), &found)?;
    let (found_at, suspects) = at(context, &suspects, &found_bytes, jumps_schema())?;
    if found.iter().all(|batch| batch.num_rows() == 0) {
        return Ok(vec![context.store.stage(&path, &bytes)?, suspects]);
    }
    let settled =
        ask(context, (&pass1_name(id, "_jumps")?, &found_at), &state, ingest::settled_sql(contract))?;
    let bytes = parquet_file::to_bytes(context.nature(), &path, &state_schema(), &settled)?;
    Ok(vec![context.store.stage(&path, &bytes)?, suspects])
}

/// Stages a file and says where it can be read.
fn at(
    context: &mut Context<'_>,
    path: &str,
    bytes: &[u8],
    schema: SchemaRef,
) -> Result<(Location, Output), Failure> {
    let output = context.store.stage(path, bytes)?;
    Ok((Location::files([context.store.path(path).as_path()], schema), output))
}

/// Runs one SELECT of pass 2, with one more table registered for it.
fn ask(
    context: &mut Context<'_>,
    table: (&TableName, &Location),
    name: &TableName,
    text: String,
) -> Result<Vec<RecordBatch>, Diagnostic> {
    let query = Query { name: name.clone(), file: format!("extracts.{}", table.0.table()), text };
    context.engine_with(table.0, table.1)?.select(&query).map_err(|diagnostic| *diagnostic)
}

/// One batch with exactly this schema.
pub(crate) fn one(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<RecordBatch, Diagnostic> {
    arrow::compute::concat_batches(&Arc::clone(schema), batches).map_err(engine_failure)
}
