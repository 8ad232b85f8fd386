//! Workbooks whose values `calamine` reads: xls and ods. What it does not tell, the scans in `beside` do.
//!
//! Sheets come as a whole. Dates come out as ISO text.

use std::io::Cursor;

use calamine::{Data, Dimensions, Ods, Range, Reader, SheetType, SheetVisible, Xls};

use crate::beside::{self, Beside};
use crate::compound;
use crate::format::{Kind, Trouble};
use crate::grid::{Builder, Cell, Region, Sheet};
use crate::number_format::{self, Shown};
use crate::package::Package;

type Bytes<'a> = Cursor<&'a [u8]>;

/// What a library said, as trouble with a file of this kind.
fn damaged(kind: Kind) -> impl Fn(&dyn std::fmt::Display) -> Trouble {
    move |error| Trouble::Damaged(kind.name(), error.to_string())
}

/// The sheets of an old workbook.
pub(crate) fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xls);
    let stream = compound::workbook(bytes).ok_or_else(|| wrong(&"its sectors hold no workbook"))?;
    let container = compound::around(&stream).map_err(|error| wrong(&error))?;
    let mut book: Xls<Bytes<'_>> =
        Xls::new(Cursor::new(container.as_slice())).map_err(|error| wrong(&error))?;
    let mut sheets = Vec::new();
    let said = beside::xls::read(&stream);
    let nothing = Beside::default();
    for (at, name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        let beside = said.as_ref().and_then(|said| said.get(at));
        if beside.is_none() {
            builder.hidden_unknown();
        }
        let beside = beside.unwrap_or(&nothing);
        let range = book.worksheet_range(&name).map_err(|error| wrong(&error))?;
        whole(&mut builder, &range, beside)?;
        merge(&mut builder, &book.merge_cells_by_sheet_name(&name).map_err(|error| wrong(&error))?);
        beside.tell(&mut builder)?;
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

/// The sheets of an OpenDocument workbook. The library unpacks without a limit, so all is unpacked once before.
pub(crate) fn ods(bytes: &[u8], package: &mut Package<'_>) -> Result<Vec<Sheet>, Trouble> {
    package.try_unfolding(Kind::Ods)?;
    let wrong = damaged(Kind::Ods);
    let mut book: Ods<Bytes<'_>> = Ods::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut said = beside::ods::read(package)?;
    let mut sheets = Vec::new();
    for (_, name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        let beside = said.remove(&name).unwrap_or_default();
        let range = book.worksheet_range(&name).map_err(|error| wrong(&error))?;
        whole(&mut builder, &range, &beside)?;
        beside.tell(&mut builder)?;
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

/// The sheets of cells: which of all sheets it is, its name, and whether it is hidden.
fn listed<'a>(book: &impl Reader<Bytes<'a>>) -> Vec<(usize, String, bool)> {
    let sheets = book.sheets_metadata().iter().enumerate();
    sheets
        .filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet)
        .map(|(at, sheet)| (at, sheet.name.clone(), sheet.visible != SheetVisible::Visible))
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
        Data::String(text) | Data::DateTimeIso(text) => Cell::text(text),
        Data::DurationIso(text) => number_format::duration(text),
        Data::Bool(value) => Cell::Bool(*value),
        // The library hands midnight on as the day before all days.
        Data::DateTime(date) if date.as_f64() == 0.0 && beside.shown(row, column) == Shown::Clock => {
            number(0.0)
        }
        Data::DateTime(date) => number_format::date(*date),
        Data::Error(error) => Cell::Error(error.to_string().into()),
    }
}
