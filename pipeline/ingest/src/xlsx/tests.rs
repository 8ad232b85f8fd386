//! The reader against another one: every workbook that lies beside the project, all cells.

#[path = "../../tests/it/beside.rs"]
mod beside;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, DataRef, Reader as _, SheetType, Xlsx};

use super::sheets;
use crate::grid::{Cell, Sheet};
use crate::number_format;
use crate::package::Package;

type Cells = BTreeMap<(usize, usize), Cell>;

fn ours(sheet: &Sheet) -> Cells {
    let rows = (0..sheet.height()).flat_map(|row| sheet.cells(row).iter().map(move |cell| (row, cell)));
    rows.map(|(row, (column, cell))| ((row, *column), cell.clone())).collect()
}

/// The same by the other reader; a formula without value is an empty cell to it.
fn theirs(bytes: &[u8]) -> Vec<(String, Cells)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let listed = book.sheets_metadata().to_owned();
    let names = listed.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name);
    names
        .map(|name| {
            let mut cells = BTreeMap::new();
            let mut reader = book.worksheet_cells_reader(&name).unwrap();
            while let Some(cell) = reader.next_cell().unwrap() {
                let (row, column) = cell.get_position();
                let lowered = match cell.get_value() {
                    DataRef::SharedString(text) => Cell::text(text),
                    value => match Data::from(value.clone()) {
                        Data::Float(number) => Cell::Number(number),
                        Data::String(text) => Cell::text(&text),
                        Data::Bool(truth) => Cell::Bool(truth),
                        Data::DateTime(date) => number_format::date(date),
                        Data::Error(error) => Cell::Error(error.to_string().into()),
                        Data::Empty => Cell::Empty,
                        other => panic!("{other:?}"),
                    },
                };
                if !lowered.is_empty() {
                    cells.insert((row.try_into().unwrap(), column.try_into().unwrap()), lowered);
                }
            }
            (name, cells)
        })
        .collect()
}

/// A share shown with its sign is a plain number to the other reader.
fn agree(ours: &Cell, theirs: Option<&Cell>) -> bool {
    let share = ours.shown().strip_suffix('%').and_then(|figure| figure.parse::<f64>().ok());
    match (theirs, share) {
        (Some(Cell::Number(number)), Some(share)) => (share - number * 100.0).abs() <= share.abs() * 1e-12,
        (None, _) => ours.is_without_value(),
        (Some(theirs), _) => ours == theirs,
    }
}

#[expect(clippy::disallowed_methods, reason = "a test looks for its files itself")]
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "xlsx") {
            found.push(path);
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its files itself")]
fn another_reader_finds_the_same_cells() {
    let beside = beside::folder("");
    if !beside.is_dir() {
        beside::not_checked(&beside);
        return;
    }
    let mut found = Vec::new();
    files(&beside, &mut found);
    let mut compared = 0;
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        // A workbook of another kind under this name is no business of this reader.
        let Ok(mut package) = Package::open(&bytes) else { continue };
        let sheets = sheets(&mut package).unwrap();
        let theirs = theirs(&bytes);
        assert_eq!(sheets.len(), theirs.len(), "{}", path.display());
        for (sheet, (name, theirs)) in sheets.iter().zip(theirs) {
            assert_eq!(sheet.name, name, "{}", path.display());
            let ours = ours(sheet);
            for (place, cell) in &ours {
                assert!(agree(cell, theirs.get(place)), "{} {name} {place:?} {cell:?}", path.display());
            }
            assert!(theirs.keys().all(|place| ours.contains_key(place)), "{} {name}", path.display());
            compared += ours.len();
        }
    }
    assert!(compared > 100_000);
}
