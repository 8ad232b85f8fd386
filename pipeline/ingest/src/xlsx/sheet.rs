//! One sheet of an xlsx workbook, cell by cell: values, formulas saved without their value, merged cells, and which
//! rows and columns are hidden.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::text::{Runs, unescaped};
use super::{Book, KIND};
use crate::format::Trouble;
use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet};
use crate::package::{Part, xml_trouble};
use crate::spreadsheetml;
use crate::xml::{attribute, each_attribute, is_set, is_true, number, resolve};

/// Where in the sheet we are: elements of the same name mean other things elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Other,
    Columns,
    Rows,
    Merges,
}

/// How the value of a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Inline,
    Text,
    Bool,
    Date,
    Error,
}

/// What was said of the open cell so far.
#[derive(Clone, Copy, Debug)]
struct Written {
    kind: Kind,
    style: usize,
    /// It has a formula.
    formula: bool,
    /// It has a value, perhaps an empty one.
    value: bool,
}

/// The sheet that is being read.
struct Open<'a> {
    book: &'a Book,
    builder: Builder,
    section: Section,
    /// The element of the sheet is closed.
    closed: bool,
    /// The open row and cell, and where the next ones stand if they do not say.
    row: usize,
    next_row: usize,
    column: usize,
    next_column: usize,
    cell: Option<Written>,
    /// The value of the cell is open.
    reading: bool,
    raw: String,
    runs: Runs,
}

/// Reads a sheet.
pub(super) fn read(part: Part<'_, '_>, builder: Builder, book: &Book) -> Result<Sheet, Trouble> {
    let mut reader = Reader::from_reader(part);
    let mut sheet = Open {
        book,
        builder,
        section: Section::Other,
        closed: false,
        row: 0,
        next_row: 0,
        column: 0,
        next_column: 0,
        cell: None,
        reading: false,
        raw: String::new(),
        runs: Runs::default(),
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| xml_trouble(KIND.name(), &error))? {
            Event::Start(element) => sheet.start(&element)?,
            Event::Empty(element) => {
                sheet.start(&element)?;
                sheet.end(element.local_name().as_ref())?;
            }
            Event::End(element) => sheet.end(element.local_name().as_ref())?,
            Event::Text(part) if sheet.cell.is_some() => sheet.push(&part.xml10_content()),
            Event::CData(part) => sheet.push(&part.xml10_content()),
            Event::GeneralRef(entity) => sheet.push(&resolve(&entity)),
            Event::Eof if sheet.closed => return Ok(sheet.builder.finish()?),
            Event::Eof => return Err(damaged("it ends in the middle of a sheet")),
            _ => {}
        }
    }
}

fn damaged(reason: &str) -> Trouble {
    Trouble::Damaged(KIND.name(), reason.to_owned())
}

impl Open<'_> {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), Trouble> {
        let name = element.local_name();
        match (self.section, name.as_ref()) {
            (Section::Rows, "c") => self.start_cell(element)?,
            (Section::Rows, name) if self.cell.is_some() => self.start_in_cell(name, element),
            (Section::Rows, "row") => self.start_row(element)?,
            (Section::Columns, "col") if is_set(element, "hidden") => {
                let first = number(element, "min").unwrap_or(1).saturating_sub(1);
                let last = number(element, "max").unwrap_or(first + 1).saturating_sub(1);
                self.builder.hide_columns(first, last.min(MAX_COLUMNS - 1));
            }
            (Section::Merges, "mergeCell") => {
                let region = attribute(element, "ref").unwrap_or_default();
                let (from, to) = region.split_once(':').unwrap_or((&region, &region));
                let wrong = || damaged(&format!("merged cells {region} are no region"));
                let ((top, left), (bottom, right)) = place(from).zip(place(to)).ok_or_else(wrong)?;
                self.builder.merge(Region { top, left, bottom, right });
            }
            (_, "sheetData") => self.section = Section::Rows,
            (_, "cols") => self.section = Section::Columns,
            (_, "mergeCells") => self.section = Section::Merges,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Trouble> {
        match name {
            "c" => self.end_cell()?,
            "v" => self.reading = false,
            "sheetData" | "cols" | "mergeCells" => self.section = Section::Other,
            "worksheet" => self.closed = true,
            name if self.cell.is_some() => self.runs.end(name),
            _ => {}
        }
        Ok(())
    }

    fn start_in_cell(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(cell) = &mut self.cell else { return };
        match name {
            "v" => {
                cell.value = true;
                self.reading = true;
                self.raw.clear();
            }
            "f" => cell.formula = true,
            name => self.runs.start(name, element),
        }
    }

    fn push(&mut self, part: &str) {
        if self.reading {
            self.raw.push_str(part);
        } else if self.cell.is_some() {
            self.runs.push(part);
        }
    }

    fn start_row(&mut self, element: &BytesStart<'_>) -> Result<(), Trouble> {
        let (mut number, mut hidden) = (None, false);
        each_attribute(element, |name, value| match name {
            "r" => number = Some(value),
            "hidden" => hidden = is_true(value),
            _ => {}
        });
        self.row = self.next_row;
        if let Some(number) = number {
            let row = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            self.row = row.ok_or_else(|| damaged(&format!("a row is number {number}, which is none")))?;
        }
        if self.row >= MAX_ROWS {
            return Err(Trouble::TooBig);
        }
        self.next_row = self.row + 1;
        self.next_column = 0;
        if hidden {
            self.builder.hide_rows(self.row, self.row);
        }
        Ok(())
    }

    fn start_cell(&mut self, element: &BytesStart<'_>) -> Result<(), Trouble> {
        let (mut at, mut style, mut kind) = (None, 0, Some(Kind::Number));
        each_attribute(element, |name, value| match name {
            "r" => at = Some(value),
            "s" => style = value.parse().unwrap_or_default(),
            "t" => kind = Kind::of(value),
            _ => {}
        });
        self.column = self.next_column;
        if let Some(at) = at {
            let wrong = || damaged(&format!("a cell stands in {at}, which is no place"));
            (self.row, self.column) = place(at).ok_or_else(wrong)?;
        }
        self.next_column = self.column.saturating_add(1);
        let kind = kind.ok_or_else(|| damaged("a cell is of no known type"))?;
        self.cell = Some(Written { kind, style, formula: false, value: false });
        self.reading = false;
        self.raw.clear();
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Trouble> {
        let Some(Written { kind, style, formula, value }) = self.cell.take() else { return Ok(()) };
        self.reading = false;
        let raw = self.raw.as_str();
        let cell = match kind {
            Kind::Inline => self.runs.take(),
            // A formula may come to an empty text.
            kind if raw.is_empty() && formula && !(kind == Kind::Text && value) => Cell::without_value(),
            _ if raw.is_empty() => return Ok(()),
            Kind::Shared => {
                let text = raw.trim().parse().ok().and_then(|at: usize| self.book.texts.get(at));
                text.ok_or_else(|| damaged(&format!("the shared text {raw} is not in it")))?.clone()
            }
            Kind::Number => match raw.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let shown = self.book.shown.get(style).copied().unwrap_or_default();
                    shown.cell(number, self.book.since_1904)
                }
                _ => Cell::text(raw),
            },
            Kind::Text => Cell::text(&unescaped(raw)),
            Kind::Bool => match raw.trim() {
                "0" | "false" => Cell::Bool(false),
                "1" | "true" => Cell::Bool(true),
                _ => Cell::text(raw),
            },
            Kind::Date => spreadsheetml::date(raw.trim()),
            Kind::Error => Cell::Error(raw.trim().into()),
        };
        Ok(self.builder.set(self.row, self.column, cell)?)
    }
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "n" => Self::Number,
            "s" => Self::Shared,
            "inlineStr" | "is" => Self::Inline,
            "str" => Self::Text,
            "b" => Self::Bool,
            "d" => Self::Date,
            "e" => Self::Error,
            _ => return None,
        })
    }
}

/// Row and column of `AB12`.
fn place(text: &str) -> Option<(usize, usize)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, digits) = text.split_at_checked(letters)?;
    let mut column = 0_usize;
    for byte in name.bytes() {
        let letter = usize::from(byte.to_ascii_uppercase() - b'A' + 1);
        column = column.checked_mul(26)?.checked_add(letter)?;
    }
    let row: usize = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        assert_eq!((place("A1"), place("xfd1048576")), (Some((0, 0)), Some((1_048_575, 16_383))));
        for wrong in
            ["", "A", "1", "A0", "A-1", "1A", "ZZZZZZZZZZZZZZZZZZZZZ1", "甲1", "A99999999999999999999"]
        {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
