//! The rows of a long table, told stretch by stretch.
//!
//! What a row is depends on rows far from it in two ways only: whether data stand above it, and whether values or rows
//! of several cells stand below it. Both are known before: the first stretch holds data, the last one holds the ends.

use std::ops::Range;

use model::RowKind;

use super::below::{Below, Ends};
use super::{Classified, Row};
use crate::Job;
use crate::bind::Wanted;
use crate::grid::Sheet;
use crate::layout::Table;

/// The last rows of a stretch that tell what stands around them.
pub(crate) fn ends(
    job: &Job<'_>,
    sheet: &Sheet,
    wanted: &Wanted<'_>,
    table: &Table,
    rows: Range<usize>,
) -> Ends {
    Below::new(job, sheet, wanted, table).ends(rows)
}

/// Tells what the rows of a stretch below data are. `None` if the table must be seen as a whole: another header, a
/// section, a subtotal or another measure unit stands in it.
pub(crate) fn stretch(
    job: &Job<'_>,
    sheet: &Sheet,
    wanted: &Wanted<'_>,
    table: &Table,
    rows: Range<usize>,
    ends: &Ends,
) -> Option<Classified> {
    let below = Below::new(job, sheet, wanted, table);
    if rows.clone().any(|row| below.is_other_header(row)) {
        return None;
    }
    let mut classified = Classified::new(wanted);
    below.classify(rows, ends, true, &mut classified);
    classified.is_plain().then_some(classified)
}

impl Classified {
    /// Whether the rows are those of one table without parts of its own.
    pub(crate) fn is_plain(&self) -> bool {
        let of_part = |row: &Row| matches!(row, Row::NotData(RowKind::Section | RowKind::Subtotal));
        self.other_header.is_none()
            && self.other_unit.is_none()
            && self.rows.iter().all(|(_, row)| !of_part(row))
    }

    /// Whether any row holds data.
    pub(crate) fn holds_data(&self) -> bool {
        self.rows.iter().any(|(_, row)| matches!(row, Row::Data(_)))
    }
}
