//! Paper: cells, sheets and the files they are written to. Nothing here knows what a cell means.

mod html;
mod ods;
mod output;
mod text;
mod xlsx;

pub use output::{Output, Written};
pub use text::TextFile;

use crate::SampleError;
use crate::layout::Format;

/// A cell as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number, by its digits.
    Number(String),
    /// A formula whose value was never worked out: nothing is seen of it.
    Formula(String),
    /// A day, as workbooks count days; text elsewhere.
    Serial(i32),
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text of the cell in a file without types.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Formula(_) => String::new(),
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Serial(day) => crate::calendar::iso(*day),
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

/// A region that is one cell: first row and column, last row and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u16,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u16,
}

/// A sheet held in memory.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its cells by row.
    pub rows: Vec<Vec<Cell>>,
    /// Its merged regions.
    pub merges: Vec<Merge>,
    /// Its hidden rows, from 0.
    pub hidden_rows: Vec<u32>,
    /// Its hidden columns, from 0.
    pub hidden_columns: Vec<u16>,
    /// Whether the sheet is hidden.
    pub hidden: bool,
}

impl Sheet {
    /// The region that begins in a cell.
    fn begins(&self, row: usize, column: usize) -> Option<&Merge> {
        let here = |merge: &&Merge| merge.top as usize == row && usize::from(merge.left) == column;
        self.merges.iter().find(here)
    }

    /// Whether a cell is covered by a region that begins elsewhere.
    fn covered(&self, row: usize, column: usize) -> bool {
        self.merges.iter().any(|merge| {
            let rows = merge.top as usize..=merge.bottom as usize;
            let columns = usize::from(merge.left)..=usize::from(merge.right);
            let first = merge.top as usize == row && usize::from(merge.left) == column;
            rows.contains(&row) && columns.contains(&column) && !first
        })
    }

    fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or_default()
    }
}

/// The bytes of a file with these sheets. Files of text hold the first only.
///
/// # Errors
/// A workbook cannot hold them.
pub fn bytes(format: Format, sheets: &[Sheet]) -> Result<Vec<u8>, SampleError> {
    match format {
        Format::Xlsx => xlsx::bytes(sheets),
        Format::Ods => ods::bytes(sheets),
        Format::Html => Ok(html::bytes(sheets)),
        _ => Ok(sheets.first().map(|sheet| text::bytes(format, sheet)).unwrap_or_default()),
    }
}

/// Text that may stand in markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
