//! One table of a sheet becomes one source: its rows read, refused or passed over, each counted once.
//!
//! A plan says where the fields stand and how their columns are understood; the reader goes through the rows with it.

mod cell;
mod checks;
mod columns;
mod counted;
mod crossings;
mod derived;
mod lines;
mod partial;
mod plan;
mod reader;
mod refused;
mod seen;

use std::collections::BTreeSet;

use arrow::array::AsArray as _;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use model::contract::Orientation;
use model::{Accounting, Digest, Finding, RowKind};

use crate::Job;
use crate::bind::Wanted;
use crate::decide::{Decision, Evidence};
use crate::grid::Sheet;
use crate::layout::Table;
use crate::rows;

pub(crate) use partial::{Long, Partial, Rows as StretchRows};
use reader::Reader;

/// One table read from a delivery.
#[derive(Clone, Debug)]
pub struct Source {
    /// The upper half of the `_origin` of its rows: 31 bits of the hash of file, sheet and table.
    pub id: i64,
    /// The contract it was read for.
    pub contract: String,
    /// The sheet; empty for text files.
    pub sheet: String,
    /// Which table of the sheet, from 1.
    pub table: u32,
    /// Which way it lies. Where it lies on its side, *row* means a column of the sheet in all that follows, and
    /// *column* a row.
    pub orientation: Orientation,
    /// `xlsx`, `xls`, `xlsb`, `ods`, `spreadsheetml`, `html` or `text`.
    pub format: String,
    /// The encoding of the text; empty for workbooks.
    pub encoding: String,
    /// Whether the file can tell of hidden rows and columns; where it cannot, they were read like the rest.
    pub hidden_known: bool,
    /// The text of its title rows, without the persons who signed.
    pub title: String,
    /// The text of its notes, without the persons who signed.
    pub notes: String,
    /// Flags of its series: the delivery's and those of the labels found.
    pub flags: Vec<String>,
    /// The first sheet row that belongs to it, from 1.
    pub first_row: u32,
    /// Which column holds which field.
    pub columns: Vec<BoundColumn>,
    /// How its columns were understood.
    pub decisions: Vec<Decision>,
    /// Values that are missing for a reason; cells that are blank are not listed.
    pub missing: Vec<MissingValue>,
    /// What became of its sheet rows. A row of a wide table counts as kept if any row came of it.
    pub accounting: Accounting,
    /// What became of the crossings of data rows and header values; `None` for a table that is not wide.
    pub crossings: Option<Accounting>,
    /// The rows that were read, as [`crate::schema`] says.
    pub rows: RecordBatch,
    /// The rows that were refused, as [`crate::rejects_schema`] says.
    pub rejects: RecordBatch,
    /// How many rows were handed out while the table was read, with their rejects and missing values; these are then
    /// not held here.
    pub handed_out: Option<HandedOut>,
}

/// What was handed out of a long table while it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandedOut {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that were refused.
    pub rejects: u64,
}

impl Source {
    /// What is counted against what is written; both are equal unless a row was lost: rows kept, rows refused, and for
    /// a wide table the sheet rows of which any row stands.
    pub fn counted_and_written(&self) -> Vec<(u64, u64)> {
        let handed_out = self.handed_out.unwrap_or_default();
        let rows = self.rows.num_rows() as u64 + handed_out.rows;
        let Some(crossings) = &self.crossings else {
            let rejects = self.rejects.num_rows() as u64 + handed_out.rejects;
            let counts = |kind| self.accounting.count(kind);
            return vec![(counts(RowKind::Kept), rows), (counts(RowKind::Rejected), rejects)];
        };
        let origins = |batch: &RecordBatch| -> Vec<i64> {
            let column = batch
                .column_by_name("_origin")
                .and_then(|column| Some(column.as_primitive_opt::<Int64Type>()?.values().to_vec()));
            column.unwrap_or_default()
        };
        let lines: BTreeSet<u32> = origins(&self.rows).into_iter().map(line_of).collect();
        // A refused row without any value has no crossing that was.
        let refused = origins(&self.rejects).into_iter().filter(|origin| head_of(*origin) > 0).count();
        vec![
            (crossings.count(RowKind::Kept), rows),
            (crossings.count(RowKind::Rejected), refused as u64),
            (self.accounting.count(RowKind::Kept), lines.len() as u64),
        ]
    }
}

/// A column of a sheet that holds a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundColumn {
    /// The field.
    pub field: String,
    /// The column, from 1.
    pub column: u32,
    /// The number of the header value it stands under, from 1; 0 for a column of the row itself.
    pub head: u32,
    /// The header value as it is stored; empty for a column of the row itself.
    pub header_value: String,
    /// The period it speaks of, where the header value is one.
    pub period: Option<String>,
    /// The header as it stands in the sheet, levels joined by `/`.
    pub header: String,
    /// The measure unit the values were declared in; empty when there is none.
    pub measure_unit: String,
}

/// Why a value of a kept row is NULL although its cell is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValue {
    /// The row.
    pub origin: i64,
    /// The field.
    pub field: String,
    /// `not_applicable`, `not_available`, `too_small`, `suppressed`, `pending`; `error` for formula errors, `unreadable`
    /// for what is no value of the field, `registration_number` for one where a credit code is expected, `refused` for what breaks a rule, `personal` for what is nobody's business, `dropped` where the contract says
    /// that it is not kept.
    pub reason: &'static str,
    /// What stands in the cell; empty for personal data.
    pub raw: String,
}

/// Where a table stands and what all its rows share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The delivery and what is needed to read it.
    pub(crate) job: &'a Job<'a>,
    /// The file's SHA-256.
    pub(crate) file: &'a Digest,
    /// How the file was read.
    pub(crate) format: &'static str,
    /// Its encoding.
    pub(crate) encoding: &'a str,
    /// The sheet, turned if the table lies on its side.
    pub(crate) sheet: &'a Sheet,
}

/// Reads a table.
pub(crate) fn read(
    place: Place<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    number: u32,
    findings: &mut Vec<Finding>,
) -> Source {
    let id = id(place.file, &place.sheet.name, number);
    let classified = rows::classify(place.job, place.sheet, wanted, table, None);
    let evidence = |at: usize, columns: &[usize]| match wanted.contract.field.get(at) {
        Some(field) => plan::evidence(place.sheet, field, columns, &classified),
        None => Evidence::default(),
    };
    let plan = plan::make(place, wanted, table, &classified, &evidence);
    let mut reader = Reader::new(place, wanted, table, &plan, id, findings);
    reader.tell_columns(&classified);
    reader.read_lines(&classified.lines);
    reader.test_headers();
    if classified.rows.iter().any(|(_, row)| checks::is_sum(row)) {
        reader.ledger.open();
    }
    reader.read_rows(&classified);
    reader.finish(number, &classified)
}

/// The upper half of the origins of a table's rows.
fn id(file: &Digest, sheet: &str, number: u32) -> i64 {
    let parts = [("file", file.hex()), ("sheet", sheet.to_owned()), ("table", number.to_string())];
    Digest::of_parts(parts.iter().map(|(name, part)| (*name, part.as_bytes()))).high_31_bits()
}

/// The place in `_origin` of a row of a source: 11 bits for the header value, 21 bits for the line.
pub(crate) const LINE_BITS: u32 = 21;
/// Most header values of a table.
pub(crate) const MAX_HEADS: usize = (1 << (32 - LINE_BITS)) - 1;

/// The line of an origin, from 1: a sheet row, or a sheet column where the table lies on its side.
pub fn line_of(origin: i64) -> u32 {
    u32::try_from(origin & ((1 << LINE_BITS) - 1)).unwrap_or_default()
}

/// The number of the header value of an origin, from 1; 0 for a row of its own.
pub fn head_of(origin: i64) -> u32 {
    u32::try_from((origin & 0xffff_ffff) >> LINE_BITS).unwrap_or_default()
}

/// What a sheet row became when these states are what its rows became: kept as long as one of them is.
pub fn of_its_rows(states: impl IntoIterator<Item = RowKind>) -> Option<RowKind> {
    states.into_iter().min()
}
