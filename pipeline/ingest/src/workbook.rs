//! Workbooks whose values `calamine` reads: xls, xlsb, ods. What it does not tell, the scans in `beside` do.
//!
//! xlsb is read cell by cell, so that one far-off cell costs nothing; xls and ods come as a whole. Dates come out as
//! ISO text.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb};

use crate::beside::{self, Beside};
use crate::format::{Kind, Trouble};
use crate::grid::{Builder, Cell, Region, Sheet};
use crate::number_format;
use crate::package::Package;

type Bytes<'a> = Cursor<&'a [u8]>;

/// What a library said, as trouble with a file of this kind.
fn damaged(kind: Kind) -> impl Fn(&dyn std::fmt::Display) -> Trouble {
    move |error| Trouble::Damaged(kind.name(), error.to_string())
}

/// The sheets of a packed workbook, hidden ones too; charts and macros are no sheets.
pub(crate) fn packed(kind: Kind, bytes: &[u8], package: &mut Package<'_>) -> Result<Vec<Sheet>, Trouble> {
    package.try_unfolding(kind)?;
    if kind == Kind::Xlsb { xlsb(bytes) } else { ods(bytes, package) }
}

fn xlsb(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xlsb);
    let mut book: Xlsb<Bytes<'_>> = Xlsb::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        builder.hidden_unknown();
        let beside = Beside::default();
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| wrong(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| wrong(&error))? {
            let value = match cell.get_value() {
                DataRef::SharedString(text) => Cell::text(text),
                other => {
                    let (row, column) = place(cell.get_position());
                    lower(&Data::from(other.clone()), &beside, row, column)
                }
            };
            let (row, column) = place(cell.get_position());
            builder.set(row, column, value)?;
        }
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

/// The sheets of an old workbook.
pub(crate) fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xls);
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        builder.hidden_unknown();
        let range = book.worksheet_range(&name).map_err(|error| wrong(&error))?;
        whole(&mut builder, &range, &Beside::default())?;
        merge(&mut builder, &book.merge_cells_by_sheet_name(&name).map_err(|error| wrong(&error))?);
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn ods(bytes: &[u8], package: &mut Package<'_>) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Ods);
    let mut book: Ods<Bytes<'_>> = Ods::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut said = beside::ods::read(package)?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        let beside = said.remove(&name).unwrap_or_default();
        let range = book.worksheet_range(&name).map_err(|error| wrong(&error))?;
        whole(&mut builder, &range, &beside)?;
        beside.tell(&mut builder)?;
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn listed<'a>(book: &impl Reader<Bytes<'a>>) -> Vec<(String, bool)> {
    let sheets = book.sheets_metadata();
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect()
}

fn start(name: &str, hidden: bool) -> Builder {
    let mut builder = Builder::new(name);
    if hidden {
        builder.hide();
    }
    builder
}

fn whole(builder: &mut Builder, range: &Range<Data>, beside: &Beside) -> Result<(), Trouble> {
    let (top, left) = place(range.start().unwrap_or_default());
    for (row, cells) in (top..).zip(range.rows()) {
        for (column, value) in (left..).zip(cells) {
            builder.set(row, column, lower(value, beside, row, column))?;
        }
    }
    Ok(())
}

fn merge(builder: &mut Builder, regions: &[Dimensions]) {
    for region in regions {
        let ((top, left), (bottom, right)) = (place(region.start), place(region.end));
        builder.merge(Region { top, left, bottom, right });
    }
}

fn place((row, column): (u32, u32)) -> (usize, usize) {
    let position = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    (position(row), position(column))
}

fn lower(value: &Data, beside: &Beside, row: usize, column: usize) -> Cell {
    let number = |number| beside.shown(row, column).cell(number, false);
    match value {
        Data::Empty => Cell::Empty,
        #[expect(
            clippy::cast_precision_loss,
            reason = "cells of workbooks hold whole numbers as doubles anyway"
        )]
        Data::Int(whole) => number(*whole as f64),
        Data::Float(value) => number(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(date) => number_format::date(*date),
        Data::Error(error) => Cell::Error(error.to_string().into()),
    }
}
