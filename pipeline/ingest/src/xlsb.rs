//! xlsb workbooks: the parts of xlsx as binary records (MS-XLSB), read in one pass over each part.
//!
//! A record is a kind, a length and that many bytes; records that are not looked for are passed over. A record that is
//! too short for what it should hold makes the file damaged.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, Read as _};

use crate::format::{Kind, Trouble};
use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet};
use crate::number_format::Shown;
use crate::package::{Package, Part, io_trouble};

const KIND: Kind = Kind::Xlsb;

/// The sheets of a workbook, hidden ones too; charts and macros are no sheets.
pub(crate) fn sheets(package: &mut Package<'_>) -> Result<Vec<Sheet>, Trouble> {
    let main = package.main(KIND)?.filter(|target| package.has(target));
    let main = main.unwrap_or_else(|| "xl/workbook.bin".to_owned());
    let relations = package.relations(KIND, &main)?;
    let (mut listed, mut since_1904) = (Vec::new(), false);
    records(package, &main, |kind, data| {
        match kind {
            0x99 => since_1904 = data.byte(0)? & 1 != 0,
            0x9C => {
                let (id, length) = data.text(8)?;
                listed.push((data.text(8 + length)?.0, id, data.whole(0)? != 0));
            }
            _ => {}
        }
        Some(())
    })?;
    let shown = styles(package, &beside(&relations, "styles"))?;
    let mut texts = Vec::new();
    records(package, &beside(&relations, "sharedStrings"), |kind, data| {
        if kind == 0x13 {
            texts.push(Cell::text(&data.text(1)?.0));
        }
        Some(())
    })?;
    let mut sheets = Vec::new();
    for (name, id, hidden) in listed {
        let target = relations.get(&id).filter(|(kind, _)| kind == "worksheet");
        let Some((_, target)) = target else { continue };
        if !package.has(target) {
            return Err(Trouble::Damaged(KIND.name(), format!("the sheet {name} is not in it")));
        }
        let mut builder = Builder::new(name);
        if hidden {
            builder.hide();
        }
        let mut sheet = Open { builder, texts: &texts, shown: &shown, since_1904, row: 0, trouble: None };
        records(package, target, |kind, data| sheet.record(kind, data))
            .map_err(|error| sheet.trouble.take().unwrap_or(error))?;
        sheets.push(sheet.builder.finish()?);
    }
    Ok(sheets)
}

/// The part of a kind that the workbook leads to; no part has the empty name.
fn beside(relations: &BTreeMap<String, (String, String)>, kind: &str) -> String {
    let found = relations.values().find(|(related, _)| related == kind);
    found.map(|(_, target)| target.clone()).unwrap_or_default()
}

/// What each cell style shows a number as.
fn styles(package: &mut Package<'_>, name: &str) -> Result<Vec<Shown>, Trouble> {
    let mut codes: BTreeMap<usize, Shown> = BTreeMap::new();
    let (mut styles, mut in_cell_styles) = (Vec::new(), false);
    records(package, name, |kind, data| {
        match kind {
            0x2C => {
                codes.insert(data.half(0)?, Shown::of_code(&data.text(2)?.0));
            }
            0x269 => in_cell_styles = true,
            0x26A => in_cell_styles = false,
            0x2F if in_cell_styles => {
                let id = data.half(2)?;
                styles.push(codes.get(&id).copied().unwrap_or_else(|| Shown::built_in(id)));
            }
            _ => {}
        }
        Some(())
    })?;
    Ok(styles)
}

/// The content of a record.
#[derive(Clone, Copy, Debug)]
struct Data<'a>(&'a [u8]);

impl Data<'_> {
    fn bytes<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn half(self, at: usize) -> Option<usize> {
        self.bytes(at).map(|bytes| usize::from(u16::from_le_bytes(bytes)))
    }

    fn whole(self, at: usize) -> Option<usize> {
        self.bytes(at).and_then(|bytes| usize::try_from(u32::from_le_bytes(bytes)).ok())
    }

    fn number(self, at: usize) -> Option<f64> {
        self.bytes(at).map(f64::from_le_bytes)
    }

    /// A text with its length before it, and how many bytes both take.
    fn text(self, at: usize) -> Option<(String, usize)> {
        let length = match self.whole(at)? {
            // No text, which is not an empty one to the format.
            0xFFFF_FFFF => 0,
            length => length.checked_mul(2)?,
        };
        let start = at.checked_add(4)?;
        let units = self.0.get(start..start.checked_add(length)?)?.chunks_exact(2);
        let units =
            units.map(|pair| pair.iter().rev().fold(0_u16, |unit, byte| unit << 8 | u16::from(*byte)));
        let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Some((text.collect(), length + 4))
    }

    /// A number in four bytes: the upper 30 bits of a whole or of a binary floating-point number, perhaps of its
    /// hundredfold.
    fn short_number(self, at: usize) -> Option<f64> {
        let bits = u32::from_le_bytes(self.bytes(at)?);
        let number = if bits & 2 != 0 {
            f64::from(bits.cast_signed() >> 2)
        } else {
            f64::from_bits(u64::from(bits & !3) << 32)
        };
        Some(if bits & 1 != 0 { number / 100.0 } else { number })
    }
}

/// Hands on each record of a part, if there is such a part, until one cannot be read.
fn records(
    package: &mut Package<'_>,
    name: &str,
    mut each: impl FnMut(usize, Data<'_>) -> Option<()>,
) -> Result<(), Trouble> {
    let Some(mut part) = package.part(KIND, name)? else { return Ok(()) };
    let mut buffer = Vec::new();
    let damaged = || Trouble::Damaged(KIND.name(), format!("a record of {name} is cut off"));
    while let Some(kind) = next(&mut part, &mut buffer).map_err(|error| io_trouble(KIND.name(), &error))? {
        each(kind, Data(&buffer)).ok_or_else(damaged)?;
    }
    Ok(())
}

/// Reads the next record; `None` at the end of the part.
fn next(part: &mut Part<'_, '_>, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
    if part.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let kind = sevens(part, 2)?;
    let length = sevens(part, 4)?;
    buffer.clear();
    let read = part.take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(buffer)?;
    if read < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(Some(kind)) }
}

/// A number of at most so many bytes, seven bits in each.
fn sevens(part: &mut Part<'_, '_>, most: u32) -> io::Result<usize> {
    let mut number = 0;
    for at in 0..most {
        let mut byte = [0];
        part.read_exact(&mut byte)?;
        let [byte] = byte;
        number |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Ok(number)
}

/// The sheet that is being read.
struct Open<'a> {
    builder: Builder,
    texts: &'a [Cell],
    shown: &'a [Shown],
    since_1904: bool,
    row: usize,
    /// What is wrong, if it is not that a record is cut off.
    trouble: Option<Trouble>,
}

impl Open<'_> {
    fn record(&mut self, kind: usize, data: Data<'_>) -> Option<()> {
        match kind {
            0x00 => {
                self.row = data.whole(0)?;
                if self.row >= MAX_ROWS {
                    self.trouble = Some(Trouble::TooBig);
                    return None;
                }
                // Height zero.
                if data.byte(11)? & 0x10 != 0 {
                    self.builder.hide_rows(self.row, self.row);
                }
            }
            0x3C if data.byte(16)? & 1 != 0 => {
                self.builder.hide_columns(data.whole(0)?, data.whole(4)?.min(MAX_COLUMNS - 1));
            }
            0x02..=0x0B | 0x3E => {
                let cell = self.cell(kind, data)?;
                if let Err(error) = self.builder.set(self.row, data.whole(0)?, cell) {
                    self.trouble = Some(error.into());
                    return None;
                }
            }
            0xB0 => self.builder.merge(Region {
                top: data.whole(0)?,
                bottom: data.whole(4)?,
                left: data.whole(8)?,
                right: data.whole(12)?,
            }),
            _ => {}
        }
        Some(())
    }

    /// The value of a cell; its column and style take the first eight bytes.
    fn cell(&self, kind: usize, data: Data<'_>) -> Option<Cell> {
        let style = data.whole(4)? & 0x00FF_FFFF;
        let shown = self.shown.get(style).copied().unwrap_or_default();
        Some(match kind {
            0x02 => shown.cell(data.short_number(8)?, self.since_1904),
            0x05 | 0x09 => shown.cell(data.number(8)?, self.since_1904),
            0x03 | 0x0B => Cell::Error(error(data.byte(8)?).into()),
            0x04 | 0x0A => Cell::Bool(data.byte(8)? != 0),
            0x07 => self.texts.get(data.whole(8)?)?.clone(),
            // A text with fonts of its own begins with a byte of flags.
            0x3E => Cell::text(&data.text(9)?.0),
            _ => Cell::text(&data.text(8)?.0),
        })
    }
}

/// The error a cell holds, as shown.
fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}
