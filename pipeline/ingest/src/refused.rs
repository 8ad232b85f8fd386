//! What must not be sent at all: a file with such a header is refused whole before any of its rows is read.
//!
//! It looks at the headers of the tables found, and at the first rows of every sheet, hidden ones too. Values below a
//! header are no headers: a list of materials may name an account number.

use std::collections::BTreeSet;

use model::{Contract, Finding, text};

use crate::grid::{Sheet, counted};
use crate::header::{split_unit, without_mark};
use crate::layout::Found;

/// In how many rows with content at the top of a sheet without a table a header may stand.
pub(crate) const TOP: usize = 12;

/// The first refused header of a sheet, given the tables found in it.
pub(crate) fn header(
    file: &str,
    sheet: &Sheet,
    tables: &[Found],
    contracts: &[&Contract],
) -> Option<Finding> {
    let plain = |text: &str| split_unit(&text::squeeze(without_mark(text))).0;
    let refused: BTreeSet<String> =
        contracts.iter().flat_map(|contract| &contract.refuse).map(|text| plain(text)).collect();
    if refused.is_empty() {
        return None;
    }
    let bands = tables.iter().flat_map(|found| found.band.top..found.band.end());
    let filled = (0..sheet.height()).filter(|row| !sheet.cells(*row).is_empty());
    let first_data = tables.iter().map(|found| found.band.end()).min();
    let top = filled.take(TOP).take_while(|row| first_data.is_none_or(|first| *row < first));
    let rows: BTreeSet<usize> = bands.chain(top).collect();
    rows.into_iter().find_map(|row| {
        let (column, cell) =
            sheet.cells(row).iter().find(|(_, cell)| refused.contains(&plain(&cell.shown())))?;
        let finding = Finding::new("header-refused", file).at(&sheet.name, counted(row), counted(*column));
        Some(finding.with("header", text::tidy(&cell.shown())))
    })
}
