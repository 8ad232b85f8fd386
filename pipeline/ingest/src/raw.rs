//! What stands in single cells of a delivery, as it was sent: for those who follow a figure back to its source.
//!
//! The same readers open the file as when it was read, so an address means the same cell. Personal data are masked;
//! which columns may be shown at all is for the caller to ask of [`may_show`]. Of a long text only the blocks that hold
//! the rows are decoded.

use std::collections::BTreeSet;

use model::period::Period;
use model::{Field, text};

use crate::dates::{self, Dating};
use crate::grid::{Cell, Sheet, counted};
use crate::values::Value;
use crate::{bind, format, long, personal};

/// A cell: the name of its sheet (empty for texts), row and column as people count, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellAt {
    /// The sheet.
    pub sheet: String,
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// Whether the cells of a field may be shown to anybody but their sender.
pub fn may_show(field: &Field) -> bool {
    bind::showable(field)
}

/// The period a text of a period field states, if it names its year: `2024年12月`, `2024-12`, `２０２４`.
pub fn stated_period(shown: &str, field: &Field) -> Option<Period> {
    // What is stored is what reading makes of it; a year alone is no month, but says when all the same.
    match dates::read(&Cell::text(shown), field, Dating::default()) {
        Ok(Value::Text(read)) => read.parse().ok(),
        _ => text::squeeze(shown).parse().ok(),
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Where it stands, row and column: of a merged region the first cell, whichever of its cells was asked for.
    pub at: [u32; 2],
    /// The text, personal data masked as `***`; empty for a blank cell.
    pub text: String,
}

/// What stands in each cell, in the order asked; `None` for one that is not in the file. `received_on` is the day of
/// receipt.
pub fn raw_cells(bytes: &[u8], received_on: &str, cells: &[CellAt]) -> Vec<Option<Raw>> {
    let rows: BTreeSet<usize> = cells.iter().filter_map(|cell| before(cell.row)).collect();
    let sheets = match long::sheets_with(bytes, &rows) {
        Some(sheets) => sheets,
        None => format::open(bytes).map(|opened| opened.sheets).unwrap_or_default(),
    };
    let masked = |raw: Raw| Raw { text: personal::masked(&raw.text, received_on), ..raw };
    cells.iter().map(|cell| at(&sheets, cell).map(masked)).collect()
}

fn at(sheets: &[Sheet], cell: &CellAt) -> Option<Raw> {
    let (row, column) = (before(cell.row)?, before(cell.column)?);
    let mut found = None;
    // Tables side by side are parts of one sheet: the cell is in one of them.
    for sheet in sheets.iter().filter(|sheet| sheet.name == cell.sheet && sheet.rows().contains(&row)) {
        let at = sheet.anchor(row, column);
        let raw =
            Raw { at: [counted(at.0), counted(at.1)], text: sheet.cell(at.0, at.1).shown().into_owned() };
        if !raw.text.is_empty() {
            return Some(raw);
        }
        found = Some(raw);
    }
    found
}

fn before(counted: u32) -> Option<usize> {
    usize::try_from(counted.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: u32, column: u32) -> CellAt {
        CellAt { sheet: String::new(), row, column }
    }

    #[test]
    fn periods_as_they_stand_in_cells() {
        let field: Field =
            serde_json::from_str(r#"{"name": "period", "zh": ["月份"], "type": "month"}"#).unwrap();
        let month: Period = "2024-12".parse().unwrap();
        for shown in ["2024年12月", "2024-12", " ２０２４－１２ "] {
            assert_eq!(stated_period(shown, &field), Some(month), "{shown}");
        }
        assert_eq!(stated_period("2024", &field), Some(Period::of_year(2024)));
        assert_eq!(stated_period("12月", &field), None);
    }

    #[test]
    fn cells_of_a_text_by_row_and_column() {
        let text = "单位,金额\n甲,1200\n乙,\"3,400\"\n丙,联系 13912345678\n";
        let cells = [place(1, 2), place(3, 2), place(4, 2), place(4, 3), place(9, 1), place(0, 1)];
        let told = raw_cells(text.as_bytes(), "2025-01-31", &cells);
        assert_eq!(told[1].as_ref().unwrap().at, [3, 2]);
        let told: Vec<Option<&str>> = told.iter().map(|raw| Some(raw.as_ref()?.text.as_str())).collect();
        assert_eq!(told, [Some("金额"), Some("3,400"), Some("***"), Some(""), None, None]);
    }

    #[test]
    fn a_long_text_gives_the_same_cells() {
        let rows = (0..400_000).map(|row| format!("{row:07},\"a \"\"b\"\"\",{}\n", row * 3));
        let text = std::iter::once("code,note,amount\n".to_owned()).chain(rows).collect::<Vec<_>>().concat();
        let told =
            raw_cells(text.as_bytes(), "2025-01-31", &[place(2, 1), place(399_999, 3), place(200_001, 2)]);
        let told: Vec<Option<String>> = told.into_iter().map(|raw| raw.map(|raw| raw.text)).collect();
        assert!(long::sheets_with(text.as_bytes(), &BTreeSet::from([1])).is_some());
        assert_eq!(
            told,
            [Some("0000000".to_owned()), Some("1199991".to_owned()), Some("a \"b\"".to_owned())]
        );
    }
}
