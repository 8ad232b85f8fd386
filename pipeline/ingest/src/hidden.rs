//! What a packed workbook says of its sheets beside the values: which rows and columns its author hid; in ods also
//! merged cells and formulas without value.
//!
//! The library that reads the cells does not tell. An xlsx sheet in which the word does not occur is passed over
//! unparsed; the parts are unpacked as a stream, within the limits that opening the file has checked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::format::Trouble;
use crate::grid::{MAX_COLUMNS, MAX_ROWS, Region};
use crate::spreadsheetml::{attribute, is_set};

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// What is said of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct HiddenParts {
    /// First and last rows of hidden runs.
    pub(crate) rows: Vec<(usize, usize)>,
    /// First and last columns of hidden runs.
    pub(crate) columns: Vec<(usize, usize)>,
    /// Merged regions.
    pub(crate) merges: Vec<Region>,
    /// Cells, by row and column, that hold a formula and no value.
    pub(crate) without_value: Vec<(usize, usize)>,
}

/// What is hidden in the sheets of an xlsx workbook, by name of the sheet; sheets that hide nothing are absent.
pub(crate) fn of_xlsx(bytes: &[u8]) -> Result<BTreeMap<String, HiddenParts>, Trouble> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| damaged(&error.to_string()))?;
        let name = part.name().map_err(|error| damaged(&error.to_string()))?;
        parts.insert(plain(&name), at);
    }
    let mut targets = BTreeMap::new();
    elements(&mut archive, parts.get("xl/_rels/workbook.xml.rels"), "Relationship", |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, plain(&path));
        }
    })?;
    let mut sheets = Vec::new();
    elements(&mut archive, parts.get("xl/workbook.xml"), "sheet", |element| {
        if let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id")) {
            sheets.push((name, id));
        }
    })?;
    let mut hidden = BTreeMap::new();
    for (name, id) in sheets {
        let Some(at) = targets.get(&id).and_then(|target| parts.get(target)) else { continue };
        if speaks_of_hidden(&mut archive, *at)? {
            let found = of_sheet(&mut archive, *at)?;
            if found != HiddenParts::default() {
                hidden.insert(name, found);
            }
        }
    }
    Ok(hidden)
}

/// What an ods workbook says of its sheets, by name of the sheet.
pub(crate) fn of_ods(bytes: &[u8]) -> Result<BTreeMap<String, HiddenParts>, Trouble> {
    let wrong = |reason: &dyn std::fmt::Display| Trouble::Damaged("ods", reason.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    let content = archive.by_name("content.xml").map_err(|error| wrong(&error))?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = BTreeMap::new();
    let mut open: Option<Ods> = None;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| wrong(&error))? {
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
                ("table-row", Some(sheet)) if sheet.depth == 0 => {
                    sheet.row = sheet.row.saturating_add(sheet.repeated);
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// A sheet of an ods workbook that is being read.
#[derive(Default)]
struct Ods {
    name: String,
    parts: HiddenParts,
    /// How many tables are open inside its cells.
    depth: usize,
    /// The open row, how often it stands there, and the next column.
    row: usize,
    repeated: usize,
    column: usize,
    next_definition: usize,
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
        if attribute(element, "formula").is_some() && attribute(element, "value-type").is_none() {
            self.parts.without_value.push((row, column));
        }
    }
}

/// How often an element counts: at least once, at most as often as a sheet has rows.
fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, MAX_ROWS)
}

fn is_concealed(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|value| matches!(value.as_str(), "collapse" | "filter"))
}

/// Names of parts are compared without regard to case, as Windows does, and `./` means nothing.
fn plain(name: &str) -> String {
    name.replace('\\', "/").replace("/./", "/").to_lowercase()
}

fn damaged(reason: &str) -> Trouble {
    Trouble::Damaged("xlsx", reason.to_owned())
}

/// Hands on each element of this name in a part.
fn elements(
    archive: &mut Archive<'_>,
    part: Option<&usize>,
    name: &str,
    mut each: impl FnMut(&BytesStart<'_>),
) -> Result<(), Trouble> {
    let Some(at) = part else { return Ok(()) };
    let part = archive.by_index(*at).map_err(|error| damaged(&error.to_string()))?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| damaged(&error.to_string()))? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => {
                each(&element);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Whether the attribute we look for occurs at all.
fn speaks_of_hidden(archive: &mut Archive<'_>, at: usize) -> Result<bool, Trouble> {
    const WORD: &[u8] = b"hidden=";
    let part = archive.by_index(at).map_err(|error| damaged(&error.to_string()))?;
    let mut reader = BufReader::with_capacity(1 << 16, part);
    let mut tail: Vec<u8> = Vec::new();
    loop {
        let chunk = reader.fill_buf().map_err(|error| damaged(&error.to_string()))?;
        if chunk.is_empty() {
            return Ok(false);
        }
        tail.extend(chunk.iter().take(WORD.len()));
        if occurs(&tail, WORD) || occurs(chunk, WORD) {
            return Ok(true);
        }
        // What a word may begin with that ends in the next chunk.
        if chunk.len() >= WORD.len() {
            tail.clear();
            tail.extend(chunk.iter().skip(chunk.len() - (WORD.len() - 1)));
        }
        let length = chunk.len();
        reader.consume(length);
    }
}

fn occurs(bytes: &[u8], word: &[u8]) -> bool {
    // The last byte of the word is rarer in a sheet than its first.
    let Some((last, start)) = word.split_last() else { return true };
    let ends = bytes.iter().enumerate().filter(|(_, byte)| *byte == last);
    ends.map(|(at, _)| bytes.get(..at)).any(|before| before.is_some_and(|before| before.ends_with(start)))
}

fn of_sheet(archive: &mut Archive<'_>, at: usize) -> Result<HiddenParts, Trouble> {
    let part = archive.by_index(at).map_err(|error| damaged(&error.to_string()))?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut hidden = HiddenParts::default();
    let mut next_row = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| damaged(&error.to_string()))? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "row" => {
                    let number = |name| attribute(&element, name).and_then(|text| text.parse::<usize>().ok());
                    let row = number("r").and_then(|row| row.checked_sub(1)).unwrap_or(next_row);
                    if row >= MAX_ROWS {
                        return Err(Trouble::TooBig);
                    }
                    next_row = row + 1;
                    if is_set(&element, "hidden") {
                        hidden.rows.push((row, row));
                    }
                }
                "col" if is_set(&element, "hidden") => {
                    let number = |name| attribute(&element, name).and_then(|text| text.parse::<usize>().ok());
                    let first = number("min").unwrap_or(1).saturating_sub(1);
                    let last = number("max").unwrap_or(first + 1).saturating_sub(1).min(MAX_COLUMNS - 1);
                    hidden.columns.push((first, last));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "sheetData" => return Ok(hidden),
            Event::Eof => return Ok(hidden),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_any_place() {
        assert!(occurs(b"<row hidden=\"1\">", b"hidden="));
        assert!(occurs(b"hidden=", b"hidden="));
        assert!(!occurs(b"=hidden", b"hidden=") && !occurs(b"", b"hidden="));
    }
}
