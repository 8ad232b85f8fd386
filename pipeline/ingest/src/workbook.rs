//! Workbooks of spreadsheet programs, read with `calamine`.
//!
//! In xlsx and ods a formula without its value is told apart from an empty cell, and what is hidden is known; in xls
//! and xlsb the library tells neither. xlsx and xlsb are read cell by cell, so that one far-off cell costs nothing; xls and ods come as a whole. Dates
//! come out as ISO text. The reader is a stranger's parser over a stranger's bytes: should it panic, the file is
//! damaged and the run goes on.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
};

use crate::format::{Kind, Trouble};
use crate::grid::{Builder, Cell, Region, Sheet};
use crate::hidden::{self, HiddenParts};

type Bytes<'a> = Cursor<&'a [u8]>;

/// The sheets of a workbook, hidden ones too; charts and macros are no sheets.
pub(crate) fn sheets(kind: Kind, bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let read = || match kind {
        Kind::Xlsx => xlsx(bytes),
        Kind::Xlsb => xlsb(bytes),
        Kind::Ods => ods(bytes),
        Kind::Xls => xls(bytes),
    };
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Trouble::Damaged(kind.name(), "its parts contradict each other".to_owned())))
}

/// What a library said, as trouble with a file of this kind.
fn damaged(kind: Kind) -> impl Fn(&dyn std::fmt::Display) -> Trouble {
    move |error| Trouble::Damaged(kind.name(), error.to_string())
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xlsx);
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let concealed = hidden::of_xlsx(bytes)?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        merge(&mut builder, &book.merge_cells_by_sheet_name(&name).map_err(|error| wrong(&error))?);
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| wrong(&error))?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| wrong(&error))? {
            let value = match (&cell.value, &cell.formula) {
                (DataRef::Empty, Some(_)) => Cell::without_value(),
                (value, _) => lower_ref(value),
            };
            put(&mut builder, cell.pos, value)?;
        }
        if let Some(parts) = concealed.get(&name) {
            conceal(&mut builder, parts);
        }
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn xlsb(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xlsb);
    let mut book: Xlsb<Bytes<'_>> = Xlsb::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        builder.hidden_unknown();
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| wrong(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| wrong(&error))? {
            put(&mut builder, cell.get_position(), lower_ref(cell.get_value()))?;
        }
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Xls);
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        builder.hidden_unknown();
        whole(&mut builder, &book.worksheet_range(&name).map_err(|error| wrong(&error))?)?;
        merge(&mut builder, &book.merge_cells_by_sheet_name(&name).map_err(|error| wrong(&error))?);
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn ods(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let wrong = damaged(Kind::Ods);
    let mut book: Ods<Bytes<'_>> = Ods::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let concealed = hidden::of_ods(bytes)?;
    let mut sheets = Vec::new();
    for (name, hidden) in listed(&book) {
        let mut builder = start(&name, hidden);
        whole(&mut builder, &book.worksheet_range(&name).map_err(|error| wrong(&error))?)?;
        if let Some(parts) = concealed.get(&name) {
            for (row, column) in &parts.without_value {
                builder.set(*row, *column, Cell::without_value())?;
            }
            conceal(&mut builder, parts);
        }
        sheets.push(builder.finish()?);
    }
    Ok(sheets)
}

fn conceal(builder: &mut Builder, parts: &HiddenParts) {
    for (first, last) in &parts.rows {
        let height = builder.height();
        (*first..=*last).take_while(|row| *row < height).for_each(|row| builder.hide_row(row));
    }
    parts.columns.iter().for_each(|(first, last)| builder.hide_columns(*first, *last));
    parts.merges.iter().for_each(|region| builder.merge(*region));
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

fn whole(builder: &mut Builder, range: &Range<Data>) -> Result<(), Trouble> {
    let (top, left) = range.start().unwrap_or_default();
    for (row, cells) in (top..).zip(range.rows()) {
        for (column, value) in (left..).zip(cells) {
            put(builder, (row, column), lower(value))?;
        }
    }
    Ok(())
}

fn put(builder: &mut Builder, (row, column): (u32, u32), cell: Cell) -> Result<(), Trouble> {
    Ok(builder.set(position(row), position(column), cell)?)
}

fn merge(builder: &mut Builder, regions: &[Dimensions]) {
    for region in regions {
        builder.merge(Region {
            top: position(region.start.0),
            left: position(region.start.1),
            bottom: position(region.end.0),
            right: position(region.end.1),
        });
    }
}

fn position(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn lower(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        #[expect(
            clippy::cast_precision_loss,
            reason = "cells of workbooks hold whole numbers as doubles anyway"
        )]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(date) => self::date(*date),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

fn lower_ref(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::SharedString(text) => Cell::text(text),
        other => lower(&Data::from(other.clone())),
    }
}

fn date(date: ExcelDateTime) -> Cell {
    if !date.is_datetime() {
        return Cell::Number(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => Cell::Text(day),
        _ => Cell::Text(format!("{day} {hour:02}:{minute:02}:{second:02}")),
    }
}
