//! The table `ingest.accounting`: what became of every sheet row, and of every crossing of wide tables, before and
//! after pass 2.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use model::{Accounting, Delivery, Diagnostic, RowKind};

use crate::accounts::{States, text_at, texts, whole, whole_at};
use crate::context::engine_failure;
use crate::definitions::Definitions;

/// What is counted: rows of sheets.
pub(crate) const ROWS: &str = "rows";
/// What is counted: crossings of data rows and header values.
pub(crate) const CELLS: &str = "cells";

/// One row a source, what is counted, and kind; sheet rows in no source have source NULL. `sheet_rows` is the number
/// of all that are counted, `counted` says what they are: `rows` of the sheet, or `cells` of a wide table.
pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("source", DataType::Int64, true),
        Field::new("file", DataType::Utf8, true),
        Field::new("sheet", DataType::Utf8, true),
        Field::new("contract", DataType::Utf8, true),
        Field::new("counted", DataType::Utf8, true),
        Field::new("sheet_rows", DataType::Int64, true),
        Field::new("kind", DataType::Utf8, true),
        Field::new("rows", DataType::Int64, true),
    ]))
}

/// Whose rows are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    source: Option<i64>,
    file: String,
    sheet: String,
    contract: String,
    counted: String,
}

/// The accounting of one delivery, as it was read.
pub(crate) fn of_delivery(delivery: &Delivery, outcome: &ingest::Outcome) -> Result<RecordBatch, Diagnostic> {
    let mut table = Table::default();
    let owner = |source, sheet: &str, contract: &str, counted: &str| Owner {
        source,
        file: delivery.file.clone(),
        sheet: sheet.to_owned(),
        contract: contract.to_owned(),
        counted: counted.to_owned(),
    };
    for source in &outcome.sources {
        let owner = |counted| owner(Some(source.id), &source.sheet, &source.contract, counted);
        table.add(&owner(ROWS), &source.accounting);
        if let Some(crossings) = &source.crossings {
            table.add(&owner(CELLS), crossings);
        }
    }
    for sheet in &outcome.unread {
        table.add(&owner(None, &sheet.sheet, "", ROWS), &sheet.accounting);
    }
    table.finish()
}

/// Moves the counts of rows that pass 2 decided on. A sheet row of a wide table stays as it was while any of its rows
/// stands. Of deliveries that came too late nothing stands.
pub(crate) fn after_pass_2(
    accounting: &RecordBatch,
    states: &States,
    definitions: &Definitions,
) -> Result<RecordBatch, Diagnostic> {
    let moved = moved(states);
    let late: BTreeSet<&str> = definitions.late().map(|delivery| delivery.file.as_str()).collect();
    let mut accounts: Vec<(Owner, Accounting)> = Vec::new();
    let column = |name: &str, row: usize| text_at(texts(accounting, name), row).unwrap_or_default();
    let count = |name: &str, row: usize| {
        whole_at(whole(accounting, name), row).and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
    };
    for row in 0..accounting.num_rows() {
        let owner = Owner {
            source: whole_at(whole(accounting, "source"), row),
            file: column("file", row),
            sheet: column("sheet", row),
            contract: column("contract", row),
            counted: column("counted", row),
        };
        if accounts.last().is_none_or(|(last, _)| *last != owner) {
            let sheet_rows = count("sheet_rows", row);
            accounts.push((owner, Accounting { sheet_rows, ..Accounting::default() }));
        }
        let kind = RowKind::from_name(&column("kind", row));
        if let (Some((_, counts)), Some(kind)) = (accounts.last_mut(), kind) {
            *counts.rows.entry(kind).or_default() += count("rows", row);
        }
    }
    let mut table = Table::default();
    for (owner, mut counts) in accounts {
        let key = owner.source.map(|source| (source, owner.counted.clone()));
        for (kind, count) in key.and_then(|key| moved.get(&key)).into_iter().flatten() {
            counts.move_rows(RowKind::Kept, *kind, *count);
        }
        if late.contains(owner.file.as_str()) {
            counts.move_rows(RowKind::Kept, RowKind::Late, counts.count(RowKind::Kept));
        }
        if !counts.closes() {
            // A bug of ours, not of the data: say it rather than print a table that does not add up.
            let place = model::Place::file(format!("{} ▸ {}", owner.file, owner.sheet));
            let counted = counts.rows.values().sum::<u64>();
            return Err(Diagnostic::new("accounting-open", place)
                .with("rows", counts.sheet_rows)
                .with("counted", counted));
        }
        table.add(&owner, &counts);
    }
    table.finish()
}

/// How many kept rows and crossings of each source became what. A row that is no crossing is its own sheet row.
fn moved(states: &States) -> BTreeMap<(i64, String), BTreeMap<RowKind, u64>> {
    let mut moved: BTreeMap<(i64, String), BTreeMap<RowKind, u64>> = BTreeMap::new();
    let mut lines: BTreeMap<(i64, u32), Vec<RowKind>> = BTreeMap::new();
    let mut add = |source: i64, counted: &str, kind: RowKind| {
        *moved.entry((source, counted.to_owned())).or_default().entry(kind).or_default() += 1;
    };
    for decided in &states.decided {
        let Some(kind) = RowKind::from_name(&decided.state) else { continue };
        let (source, line) = (decided.origin >> 32, ingest::line_of(decided.origin));
        add(source, CELLS, kind);
        if !states.standing.contains(&(source, line)) {
            lines.entry((source, line)).or_default().push(kind);
        }
    }
    for ((source, _), kinds) in lines {
        if let Some(kind) = ingest::of_its_rows(kinds) {
            add(source, ROWS, kind);
        }
    }
    moved
}

#[derive(Default)]
struct Table {
    source: Int64Builder,
    texts: [StringBuilder; 4],
    counted: Int64Builder,
    kind: StringBuilder,
    count: Int64Builder,
}

impl Table {
    fn add(&mut self, owner: &Owner, accounting: &Accounting) {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        for (kind, count) in &accounting.rows {
            self.source.append_option(owner.source);
            let texts = [&owner.file, &owner.sheet, &owner.contract, &owner.counted];
            for (column, text) in self.texts.iter_mut().zip(texts) {
                column.append_value(text);
            }
            self.counted.append_value(whole(accounting.sheet_rows));
            self.kind.append_value(kind.name());
            self.count.append_value(whole(*count));
        }
    }

    fn finish(mut self) -> Result<RecordBatch, Diagnostic> {
        let mut columns: Vec<arrow::array::ArrayRef> = vec![Arc::new(self.source.finish())];
        columns.extend(self.texts.iter_mut().map(|column| Arc::new(column.finish()) as _));
        columns.push(Arc::new(self.counted.finish()));
        columns.push(Arc::new(self.kind.finish()));
        columns.push(Arc::new(self.count.finish()));
        RecordBatch::try_new(schema(), columns).map_err(engine_failure)
    }
}
