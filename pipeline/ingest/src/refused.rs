//! What must not be sent at all: a file with such a header is refused whole before any of its rows is read.
//!
//! It looks at the headers of the tables found, and at the first rows of every sheet, hidden ones too. Values below a
//! header are no headers: a list of materials may name an account number.

use std::collections::{BTreeMap, BTreeSet};

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
    let mut refused: BTreeMap<String, &Contract> = BTreeMap::new();
    for contract in contracts {
        for header in &contract.refuse {
            refused.entry(plain(header)).or_insert(contract);
        }
    }
    if refused.is_empty() {
        return None;
    }
    let bands = tables.iter().flat_map(|found| found.band.top..found.band.end());
    let filled = (0..sheet.height()).filter(|row| !sheet.cells(*row).is_empty());
    let first_data = tables.iter().map(|found| found.band.end()).min();
    let top = filled.take(TOP).take_while(|row| first_data.is_none_or(|first| *row < first));
    let rows: BTreeSet<usize> = bands.chain(top).collect();
    rows.into_iter().find_map(|row| {
        sheet.cells(row).iter().find_map(|(column, cell)| {
            let contract = refused.get(&plain(&cell.shown()))?;
            let finding = Finding::new("header-refused", file)
                .at(&sheet.name, counted(row), counted(*column))
                .of_contract(&contract.id);
            Some(finding.with("header", text::tidy(&cell.shown())))
        })
    })
}
