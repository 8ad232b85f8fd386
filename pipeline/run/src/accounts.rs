//! The accounts of ingest: which sources were read, which column is which field, what was found wrong, and what
//! became of every sheet row. Parts are kept a delivery, so that an unchanged delivery is not read again for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array as _, AsArray as _, Int64Array, Int64Builder, RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use model::{Delivery, Diagnostic, Finding, RowKind};

use crate::context::{Context, engine_failure};
use crate::deliveries::one;
use crate::execute::Failure;
use crate::jumps;
use crate::parquet_file;
use crate::steps::Work;
use crate::store::Output;

/// The tables of the accounts; in SQL `ingest.<name>`.
pub(crate) const TABLES: [&str; 6] = ["accounting", "cells", "decisions", "findings", "missing", "sources"];

/// Names of files that look like deliveries.
pub(crate) const ENDINGS: [&str; 10] =
    ["xlsx", "xls", "xlsb", "ods", "csv", "tsv", "txt", "html", "htm", "xml"];

/// The schema of one of [`TABLES`].
pub(crate) fn schema(table: &str) -> SchemaRef {
    match table {
        "accounting" => accounting_schema(),
        "cells" => ingest::cells_batch(&[]).schema(),
        "decisions" => ingest::decisions_batch(&[]).schema(),
        "missing" => ingest::missing_batch(&[]).schema(),
        "findings" => ingest::findings_batch(&[]).schema(),
        _ => ingest::sources_batch(&[]).schema(),
    }
}

/// One row a source and kind; sheet rows in no source have source NULL.
fn accounting_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("source", DataType::Int64, true),
        Field::new("file", DataType::Utf8, true),
        Field::new("sheet", DataType::Utf8, true),
        Field::new("contract", DataType::Utf8, true),
        Field::new("sheet_rows", DataType::Int64, true),
        Field::new("kind", DataType::Utf8, true),
        Field::new("rows", DataType::Int64, true),
    ]))
}

/// The parts of one delivery.
pub(crate) fn parts(
    delivery: &Delivery,
    outcome: &ingest::Outcome,
) -> Result<[(&'static str, RecordBatch); 6], Diagnostic> {
    let mut rows = AccountingRows::default();
    for source in &outcome.sources {
        for (kind, count) in &source.accounting.rows {
            let total = source.accounting.sheet_rows;
            rows.add(
                Some(source.id),
                &delivery.file,
                &source.sheet,
                &source.contract,
                total,
                kind.name(),
                *count,
            );
        }
    }
    for sheet in &outcome.unread {
        for (kind, count) in &sheet.accounting.rows {
            rows.add(
                None,
                &delivery.file,
                &sheet.sheet,
                "",
                sheet.accounting.sheet_rows,
                kind.name(),
                *count,
            );
        }
    }
    let sources: Vec<_> = outcome.sources.iter().map(|source| (delivery, source)).collect();
    let all: Vec<&ingest::Source> = outcome.sources.iter().collect();
    Ok([
        ("accounting", rows.finish()?),
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
    findings.extend(of_pass_2(&sources, &states));
    let cells = one(&schema("cells"), merged.get("cells").map(Vec::as_slice).unwrap_or_default())?;
    findings.extend(jumps::findings(context, &sources, &cells)?);
    merged.entry("findings").or_default().push(ingest::findings_batch(&findings));
    let accounting =
        one(&accounting_schema(), merged.get("accounting").map(Vec::as_slice).unwrap_or_default())?;
    merged.insert("accounting", vec![after_pass_2(&accounting, &states)?]);

    let mut outputs = Vec::new();
    for table in TABLES {
        let schema = schema(table);
        let batch = one(&schema, merged.get(table).map(Vec::as_slice).unwrap_or_default())?;
        let path = format!("{table}.parquet");
        let bytes = parquet_file::to_bytes(&path, &schema, &[batch])?;
        outputs.push(context.store.stage(&path, &bytes)?);
    }
    Ok(outputs)
}

/// A row that pass 2 did not leave as kept.
struct Decided {
    origin: i64,
    state: String,
    finding: Option<String>,
    by_origin: Option<i64>,
}

fn states(context: &Context<'_>) -> Result<Vec<Decided>, Diagnostic> {
    let mut decided = Vec::new();
    for id in context.definitions.contracts.keys() {
        for path in context.files(&format!("extracts.{id}"), "extracts/") {
            let batch = parquet_file::read(&path)?;
            let origins = whole(&batch, "_origin");
            let by = whole(&batch, "by_origin");
            let (state, finding) = (texts(&batch, "state"), texts(&batch, "finding"));
            for row in 0..batch.num_rows() {
                let state = text_at(state, row).unwrap_or_default();
                if state != RowKind::Kept.name() {
                    decided.push(Decided {
                        origin: whole_at(origins, row).unwrap_or_default(),
                        state,
                        finding: text_at(finding, row),
                        by_origin: whole_at(by, row),
                    });
                }
            }
        }
    }
    Ok(decided)
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

/// One finding a row that conflicts with another.
fn of_pass_2(sources: &RecordBatch, decided: &[Decided]) -> Vec<Finding> {
    let ids = whole(sources, "source");
    let places: BTreeMap<i64, (String, String, String)> = (0..sources.num_rows())
        .filter_map(|row| {
            let text = |column: &str| text_at(texts(sources, column), row).unwrap_or_default();
            Some((whole_at(ids, row)?, (text("file"), text("sheet"), text("contract"))))
        })
        .collect();
    let row_of = |origin: i64| u32::try_from(origin & 0xffff_ffff).unwrap_or_default();
    decided
        .iter()
        .filter_map(|decided| {
            let code = match decided.finding.as_deref()? {
                "conflicting-row" => "conflicting-row",
                "conflicting-delivery" => "conflicting-delivery",
                // Suspects are told one by one, with their figures.
                _ => return None,
            };
            let (file, sheet, contract) = places.get(&(decided.origin >> 32))?;
            let other = decided.by_origin.and_then(|origin| {
                let (file, sheet, _) = places.get(&(origin >> 32))?;
                Some(Finding::new(code, file).at(sheet, row_of(origin), 0).place())
            });
            let mut finding = Finding::new(code, file)
                .at(sheet, row_of(decided.origin), 0)
                .of_contract(contract)
                .with("other", other.unwrap_or_default());
            finding.origin = Some(decided.origin);
            Some(finding)
        })
        .collect()
}

/// Moves the counts of rows that pass 2 decided on.
fn after_pass_2(accounting: &RecordBatch, decided: &[Decided]) -> Result<RecordBatch, Diagnostic> {
    let mut moved: BTreeMap<i64, BTreeMap<&str, u64>> = BTreeMap::new();
    for decided in decided {
        *moved.entry(decided.origin >> 32).or_default().entry(&decided.state).or_default() += 1;
    }
    let mut sources: Vec<(usize, model::Accounting)> = Vec::new();
    let ids = whole(accounting, "source");
    let key = |row: usize| {
        let text = |column: &str| text_at(texts(accounting, column), row).unwrap_or_default();
        (whole_at(ids, row), text("file"), text("sheet"))
    };
    for row in 0..accounting.num_rows() {
        if sources.last().is_none_or(|(first, _)| key(*first) != key(row)) {
            let total = whole_at(whole(accounting, "sheet_rows"), row).unwrap_or_default();
            let sheet_rows = u64::try_from(total).unwrap_or_default();
            sources.push((row, model::Accounting { sheet_rows, ..model::Accounting::default() }));
        }
        let kind = text_at(texts(accounting, "kind"), row).and_then(|kind| RowKind::from_name(&kind));
        let count = whole_at(whole(accounting, "rows"), row).and_then(|count| u64::try_from(count).ok());
        if let (Some((_, counts)), Some(kind), Some(count)) = (sources.last_mut(), kind, count) {
            *counts.rows.entry(kind).or_default() += count;
        }
    }
    let mut rows = AccountingRows::default();
    for (first, mut counts) in sources {
        let (source, file, sheet) = key(first);
        for (state, count) in source.and_then(|source| moved.get(&source)).into_iter().flatten() {
            if let Some(kind) = RowKind::from_name(state) {
                counts.move_rows(RowKind::Kept, kind, *count);
            }
        }
        if !counts.closes() {
            // A bug of ours, not of the data: say it rather than print a table that does not add up.
            let place = model::Place::file(format!("{file} ▸ {sheet}"));
            let counted = counts.rows.values().sum::<u64>();
            return Err(Diagnostic::new("accounting-open", place)
                .with("rows", counts.sheet_rows)
                .with("counted", counted));
        }
        let contract = text_at(texts(accounting, "contract"), first).unwrap_or_default();
        for (kind, count) in &counts.rows {
            rows.add(source, &file, &sheet, &contract, counts.sheet_rows, kind.name(), *count);
        }
    }
    rows.finish()
}

#[derive(Default)]
struct AccountingRows {
    source: Int64Builder,
    file: StringBuilder,
    sheet: StringBuilder,
    contract: StringBuilder,
    sheet_rows: Int64Builder,
    kind: StringBuilder,
    rows: Int64Builder,
}

impl AccountingRows {
    #[expect(clippy::too_many_arguments, reason = "one argument a column")]
    fn add(
        &mut self,
        source: Option<i64>,
        file: &str,
        sheet: &str,
        contract: &str,
        total: u64,
        kind: &str,
        rows: u64,
    ) {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.source.append_option(source);
        self.file.append_value(file);
        self.sheet.append_value(sheet);
        self.contract.append_value(contract);
        self.sheet_rows.append_value(whole(total));
        self.kind.append_value(kind);
        self.rows.append_value(whole(rows));
    }

    fn finish(mut self) -> Result<RecordBatch, Diagnostic> {
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(self.source.finish()),
            Arc::new(self.file.finish()),
            Arc::new(self.sheet.finish()),
            Arc::new(self.contract.finish()),
            Arc::new(self.sheet_rows.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.rows.finish()),
        ];
        RecordBatch::try_new(accounting_schema(), columns).map_err(engine_failure)
    }
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
