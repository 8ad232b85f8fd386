//! Which rows and columns of an xlsx workbook its author hid.
//!
//! The library that reads the cells does not tell. A sheet in which the word does not occur is passed over unparsed;
//! the parts are unpacked as a stream, within the limits that opening the file has checked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::format::Trouble;
use crate::grid::{MAX_COLUMNS, MAX_ROWS};
use crate::spreadsheetml::{attribute, is_set};

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// What is hidden in a sheet: rows, and first and last columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct HiddenParts {
    /// Rows.
    pub(crate) rows: Vec<usize>,
    /// First and last columns of hidden runs.
    pub(crate) columns: Vec<(usize, usize)>,
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
    mut each: impl FnMut(&quick_xml::events::BytesStart<'_>),
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
                        hidden.rows.push(row);
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
