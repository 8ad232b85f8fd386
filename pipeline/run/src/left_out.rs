//! The table `ingest.left_out`: data rows that were sent, do not stand, and have none that stands for them: refused when
//! they were read, or rejected by pass 2. So that SQL can tell whose figures lack rows.
//!
//! Duplicates and superseded rows are not here: another row stands in their place.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use model::{Diagnostic, RowKind};

use crate::accounts::{Decided, text_at, texts, whole, whole_at};
use crate::context::{Context, engine_failure};
use crate::{handed_out, parquet_file};

/// Texts of a row, in this order; of them `contract`, `period`, `partition` and `code` are always there.
const TEXTS: [&str; 7] = ["contract", "period", "partition", "unit", "_of_which", "no_unit", "code"];

/// One row a row left out, in the order of `_origin`. `period` is the row's own if pass 2 rejected it, else that of its
/// source; `code` says why (`jump`: a figure a power of ten away); the rest is as in the rejects (`ingest::rejects_schema`).
pub(crate) fn schema() -> SchemaRef {
    let whole = |name| Field::new(name, DataType::Int64, false);
    let texts =
        TEXTS.map(|name| Field::new(name, DataType::Utf8, ["unit", "_of_which", "no_unit"].contains(&name)));
    Arc::new(Schema::new([whole("_origin"), whole("source")].into_iter().chain(texts).collect::<Vec<_>>()))
}

/// The texts of rows by their origin.
type LeftOut = BTreeMap<i64, [Option<String>; TEXTS.len()]>;

/// The rows left out of all deliveries that came before the cut-off; `sources` is the table of all sources.
///
/// # Errors
/// What was read of a delivery cannot be read back.
pub(crate) fn rows(
    context: &Context<'_>,
    sources: &RecordBatch,
    decided: &[Decided],
) -> Result<RecordBatch, Diagnostic> {
    let mut rows = LeftOut::new();
    refused(context, sources, &mut rows)?;
    rejected(context, decided, &mut rows)?;
    let source = |origin: &i64| origin >> 32;
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(rows.keys().copied().collect::<Int64Array>()),
        Arc::new(rows.keys().map(source).collect::<Int64Array>()),
    ];
    for at in 0..TEXTS.len() {
        let texts = rows.values().map(|row| row.get(at).cloned().flatten());
        columns.push(Arc::new(texts.collect::<StringArray>()));
    }
    RecordBatch::try_new(schema(), columns).map_err(engine_failure)
}

/// Rows that could not be read.
fn refused(context: &Context<'_>, sources: &RecordBatch, rows: &mut LeftOut) -> Result<(), Diagnostic> {
    let of_source: BTreeMap<i64, [Option<String>; 2]> = (0..sources.num_rows())
        .filter_map(|row| {
            let text = |column: &str| text_at(texts(sources, column), row);
            Some((whole_at(whole(sources, "source"), row)?, ["period", "partition"].map(text)))
        })
        .collect();
    for contract in context.definitions.contracts.keys() {
        for path in context.rejects(contract) {
            let batch = parquet_file::read(&path)?;
            for row in 0..batch.num_rows() {
                let Some(origin) = whole_at(whole(&batch, "_origin"), row) else { continue };
                let Some([period, partition]) = of_source.get(&(origin >> 32)).cloned() else { continue };
                let [unit, of_which, no_unit, code] = ["unit", "_of_which", "no_unit", "code"]
                    .map(|column| text_at(texts(&batch, column), row));
                let contract = Some(contract.clone());
                rows.insert(origin, [contract, period, partition, unit, of_which, no_unit, code]);
            }
        }
    }
    Ok(())
}

/// Rows that pass 2 rejected, which stand with their unit and period among those that were read.
fn rejected(context: &Context<'_>, decided: &[Decided], rows: &mut LeftOut) -> Result<(), Diagnostic> {
    let mut by_source: BTreeMap<i64, BTreeMap<i64, &str>> = BTreeMap::new();
    for row in decided.iter().filter(|row| row.state == RowKind::Rejected.name()) {
        let code = row.finding.as_deref().unwrap_or_default();
        by_source.entry(row.origin >> 32).or_default().insert(row.origin, code);
    }
    for (id, contract) in &context.definitions.contracts {
        let unit = contract.unit_field().map(|field| field.name.as_str());
        let mut columns = vec!["_origin", "period"];
        columns.extend(unit.into_iter().chain(unit.is_some().then_some("_of_which")));
        columns.extend(unit.is_some().then_some("partition"));
        let files = context.contract_files(id);
        for (source, origins) in &by_source {
            let name = handed_out::path("extracts", id, *source);
            let Some(path) = files.iter().find(|path| path.ends_with(&name)) else { continue };
            parquet_file::columns(path, &columns, |batch| {
                let stand = whole(batch, "_origin");
                for row in 0..batch.num_rows() {
                    let Some(origin) = whole_at(stand, row) else { continue };
                    let Some(code) = origins.get(&origin) else { continue };
                    let text = |column: &str| text_at(texts(batch, column), row);
                    let partition = text("partition").or_else(|| Some(String::new()));
                    let unit = unit.and_then(text);
                    let contract = Some(id.clone());
                    let code = Some((*code).to_owned());
                    rows.insert(
                        origin,
                        [contract, text("period"), partition, unit, text("_of_which"), None, code],
                    );
                }
            })?;
        }
    }
    Ok(())
}
