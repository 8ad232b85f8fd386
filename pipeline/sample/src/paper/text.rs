//! Files of text, written row by row: GB18030, UTF-8 with or without a mark, UTF-16.

use encoding_rs::GB18030;

use super::output::{Output, Sink, Written};
use super::{Cell, Sheet};
use crate::SampleError;
use crate::layout::Format;

/// A text file that is being written.
#[derive(Debug)]
pub struct TextFile {
    sink: Sink,
    format: Format,
}

impl TextFile {
    /// Begins a file.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(output: &Output, name: &str, format: Format) -> Result<Self, SampleError> {
        let mut sink = output.create(name)?;
        sink.write(mark(format))?;
        Ok(Self { sink, format })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// The disk is full, or the like.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), SampleError> {
        self.sink.write(&encoded(self.format, &line(self.format, cells)))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The disk is full, or the like.
    pub fn finish(self) -> Result<Written, SampleError> {
        self.sink.finish()
    }
}

fn mark(format: Format) -> &'static [u8] {
    match format {
        Format::CsvBom => &[0xEF, 0xBB, 0xBF],
        Format::Utf16 => &[0xFF, 0xFE],
        _ => &[],
    }
}

/// Delimiters, quotes and line ends make a field quoted.
fn line(format: Format, cells: &[Cell]) -> String {
    let delimiter = if format == Format::Utf16 { '\t' } else { ',' };
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(delimiter);
        }
        let text = cell.shown();
        if text.contains([delimiter, '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&text.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&text);
        }
    }
    line.push_str("\r\n");
    line
}

fn encoded(format: Format, text: &str) -> Vec<u8> {
    match format {
        Format::CsvGb => GB18030.encode(text).0.into_owned(),
        Format::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

/// A whole sheet at once.
pub(super) fn bytes(format: Format, sheet: &Sheet) -> Vec<u8> {
    let rows = sheet.rows.iter().map(|row| encoded(format, &line(format, row)));
    std::iter::once(mark(format).to_vec()).chain(rows).flatten().collect()
}
