//! What an xls workbook (BIFF8 and BIFF5) says beside the values: hidden rows and columns, numbers shown with a sign,
//! formulas that announce a text which is not there.
//!
//! Records are kind, length, content. Whatever is too short to hold what is looked for is passed over: what is wrong
//! with the file is for the reader of its values to tell.

use super::Beside;
use crate::grid::{MAX_COLUMNS, Region};
use crate::number_format::Shown;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const FORMAT: u16 = 0x041E;
const CELL_FORMAT: u16 = 0x00E0;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007D;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027E;
const SHORT_NUMBERS: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
const TEXT_OF_FORMULA: u16 = 0x0207;
/// What may stand between a formula and its text.
const WITH_FORMULA: [u16; 3] = [0x04BC, 0x0221, 0x0236];

/// What the stream of a workbook says of each sheet, in order; `None` where it ends too soon.
pub(crate) fn read(stream: &[u8]) -> Option<Vec<Beside>> {
    let (starts, styles) = workbook(stream);
    let sheet = |start: usize| Some(sheet(stream.get(start..)?, &styles));
    starts.into_iter().map(sheet).collect()
}

/// The records from a place on.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.rest, 0)?;
        let length = usize::from(u16_at(self.rest, 2)?);
        let (record, rest) = self.rest.split_at_checked(length + 4)?;
        self.rest = rest;
        Some((kind, record.get(4..)?))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?;
    pair.try_into().ok().map(u16::from_le_bytes)
}

fn place_at(bytes: &[u8], at: usize) -> Option<usize> {
    u16_at(bytes, at).map(usize::from)
}

/// Where the sheets begin, and what each cell format shows a number as.
fn workbook(stream: &[u8]) -> (Vec<usize>, Vec<Shown>) {
    let mut starts = Vec::new();
    let mut codes = std::collections::BTreeMap::new();
    let mut ids = Vec::new();
    let mut wide = true;
    for (kind, data) in (Records { rest: stream }) {
        match kind {
            BEGIN => wide = u16_at(data, 0).is_some_and(|version| version >= 0x0600),
            SHEET => {
                let start = data.get(..4).and_then(|start| start.try_into().ok()).map(u32::from_le_bytes);
                starts.extend(start.and_then(|start| usize::try_from(start).ok()));
            }
            FORMAT => codes.extend(place_at(data, 0).zip(format_code(data, wide))),
            CELL_FORMAT => ids.push(place_at(data, 2).unwrap_or_default()),
            END => break,
            _ => {}
        }
    }
    let shown = |id: &usize| codes.get(id).map_or_else(|| Shown::built_in(*id), |code| Shown::of_code(code));
    (starts, ids.iter().map(shown).collect())
}

fn format_code(data: &[u8], wide: bool) -> Option<String> {
    let narrow = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect();
    if !wide {
        let length = usize::from(*data.get(2)?);
        return data.get(3..3 + length).map(narrow);
    }
    let length = place_at(data, 2)?;
    if data.get(4)? & 1 == 0 {
        return data.get(5..5 + length).map(narrow);
    }
    let units = data.get(5..5 + length * 2)?.chunks_exact(2).filter_map(|pair| u16_at(pair, 0));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn sheet(stream: &[u8], styles: &[Shown]) -> Beside {
    let mut beside = Beside::default();
    let mut depth = 0_usize;
    // A formula whose text has not come yet.
    let mut waiting: Option<(usize, usize)> = None;
    for (kind, data) in (Records { rest: stream }) {
        match kind {
            // Charts inside the sheet have records of the same kinds.
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth == 1 => {
                match kind {
                    TEXT_OF_FORMULA => waiting = None,
                    _ if WITH_FORMULA.contains(&kind) => {}
                    _ => beside.without_value.extend(waiting.take()),
                }
                if kind == FORMULA {
                    // All ones at the end say that the rest is no number; zero at the start, that it is a text.
                    let text = data.get(6) == Some(&0) && u16_at(data, 12) == Some(0xFFFF);
                    waiting = text.then(|| place_at(data, 0).zip(place_at(data, 2))).flatten();
                }
                // A record too short for what it should hold says nothing.
                let _ = record(&mut beside, kind, data, styles);
            }
            _ => {}
        }
    }
    beside.without_value.extend(waiting);
    beside.shown.sort_by_key(|(region, _)| (region.top, region.left));
    beside
}

fn record(beside: &mut Beside, kind: u16, data: &[u8], styles: &[Shown]) -> Option<()> {
    match kind {
        ROW => {
            let row = place_at(data, 0)?;
            // Height zero.
            if data.get(12)? & 0x20 != 0 {
                beside.rows.push((row, row));
            }
        }
        COLUMNS => {
            let (first, last) = (place_at(data, 0)?, place_at(data, 2)?);
            if data.get(8)? & 1 != 0 {
                beside.columns.push((first, last.min(MAX_COLUMNS - 1)));
            }
        }
        NUMBER | SHORT_NUMBER | FORMULA => {
            show(beside, styles, (place_at(data, 0)?, place_at(data, 2)?), place_at(data, 4)?);
        }
        SHORT_NUMBERS => {
            let (row, first) = (place_at(data, 0)?, place_at(data, 2)?);
            let numbers = data.get(4..data.len().checked_sub(2)?)?.chunks_exact(6);
            for (column, number) in (first..).zip(numbers) {
                show(beside, styles, (row, column), place_at(number, 0)?);
            }
        }
        _ => {}
    }
    Some(())
}

/// Notes what the number in a cell is shown as, where it is more than the number.
fn show(beside: &mut Beside, styles: &[Shown], (top, left): (usize, usize), style: usize) {
    if let Some(shown @ (Shown::Signed(..) | Shown::Clock)) = styles.get(style) {
        beside.shown.push((Region { top, left, bottom: top, right: left }, *shown));
    }
}
