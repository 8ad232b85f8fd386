//! What an ods workbook says beside the values. Rows and cells that repeat are told once, with how often they do.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Beside;
use crate::format::{Kind, Trouble};
use crate::grid::{MAX_COLUMNS, MAX_ROWS, Region};
use crate::number_format::Shown;
use crate::package::{Package, xml_trouble};
use crate::xml::attribute;

/// What is said of each sheet, by its name.
pub(crate) fn read(package: &mut Package<'_>) -> Result<BTreeMap<String, Beside>, Trouble> {
    let Some(part) = package.part(Kind::Ods, "content.xml")? else { return Ok(BTreeMap::new()) };
    let mut reader = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = BTreeMap::new();
    let mut open: Option<Ods> = None;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| xml_trouble(Kind::Ods.name(), &error))? {
            Event::Start(element) => match (element.local_name().as_ref(), open.as_mut()) {
                // A table inside a cell is no sheet.
                ("table", None) => {
                    let name = attribute(&element, "name").unwrap_or_default();
                    open = Some(Ods { name, ..Ods::default() });
                }
                ("table", Some(sheet)) => sheet.depth += 1,
                ("table-column", Some(sheet)) if sheet.depth == 0 => sheet.column_definition(&element),
                ("table-row", Some(sheet)) if sheet.depth == 0 => sheet.start_row(&element),
                ("table-cell" | "covered-table-cell", Some(sheet)) if sheet.depth == 0 => {
                    sheet.cell(&element);
                }
                _ => {}
            },
            Event::End(element) => match (element.local_name().as_ref(), open.as_mut()) {
                ("table", Some(sheet)) if sheet.depth > 0 => sheet.depth -= 1,
                ("table", _) => {
                    sheets.extend(open.take().map(|sheet| (sheet.name, sheet.parts)));
                }
                ("table-cell" | "covered-table-cell", Some(sheet)) if sheet.depth == 0 => sheet.end_cell(),
                ("table-row", Some(sheet)) if sheet.depth == 0 => {
                    sheet.row = sheet.row.saturating_add(sheet.repeated);
                }
                _ => {}
            },
            Event::Text(part) => {
                if let Some((_, text)) = open.as_mut().and_then(|sheet| sheet.figure.as_mut()) {
                    text.push_str(&part.xml10_content());
                }
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// A sheet of an ods workbook that is being read.
#[derive(Default)]
struct Ods {
    name: String,
    parts: Beside,
    /// How many tables are open inside its cells.
    depth: usize,
    /// The open row, how often it stands there, and the next column.
    row: usize,
    repeated: usize,
    column: usize,
    next_definition: usize,
    /// The open cell, if it holds a figure, and the text it shows.
    figure: Option<(Region, String)>,
}

impl Ods {
    fn column_definition(&mut self, element: &BytesStart<'_>) {
        let first = self.next_definition;
        self.next_definition = first.saturating_add(repeats(element, "number-columns-repeated"));
        if is_concealed(element) {
            self.parts.columns.push((first, self.next_definition - 1));
        }
    }

    fn start_row(&mut self, element: &BytesStart<'_>) {
        self.repeated = repeats(element, "number-rows-repeated");
        self.column = 0;
        if is_concealed(element) {
            self.parts.rows.push((self.row, self.row.saturating_add(self.repeated - 1)));
        }
    }

    fn cell(&mut self, element: &BytesStart<'_>) {
        let (row, column) = (self.row, self.column);
        self.column = column.saturating_add(repeats(element, "number-columns-repeated"));
        let bottom = row.saturating_add(repeats(element, "number-rows-spanned") - 1);
        let right = column.saturating_add(repeats(element, "number-columns-spanned") - 1);
        if (bottom, right) != (row, column) && bottom < MAX_ROWS && right < MAX_COLUMNS {
            self.parts.merges.push(Region { top: row, left: column, bottom, right });
        }
        let kind = attribute(element, "value-type");
        if attribute(element, "formula").is_some() && kind.is_none() {
            self.parts.without_value.push((row, column));
        }
        let (bottom, right) = (row.saturating_add(self.repeated - 1), self.column.saturating_sub(1));
        let region = Region { top: row, left: column, bottom, right };
        self.figure = None;
        match kind.as_deref() {
            Some("percentage") => self.parts.shown.push((region, Shown::Signed(2, '%'))),
            Some("float") => self.figure = Some((region, String::new())),
            _ => {}
        }
    }

    /// A figure may be shown with a sign that is printed and moves no point.
    fn end_cell(&mut self) {
        let Some((region, text)) = self.figure.take() else { return };
        let sign = text.trim_end().chars().next_back().filter(|c| matches!(c, '%' | '‰'));
        self.parts.shown.extend(sign.map(|sign| (region, Shown::Signed(0, sign))));
    }
}

/// How often an element counts: at least once, at most as often as a sheet has rows.
fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, MAX_ROWS)
}

fn is_concealed(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|value| matches!(value.as_str(), "collapse" | "filter"))
}
