//! One table of one sheet, looked at closely: its columns, data rows, section rows; and which tables are of one kind.

use std::collections::BTreeSet;

use model::{MeasureUnit, text};

use super::above::{self, Above};
use super::blocks::Block;
use crate::grid::{Cell, Sheet};
use crate::header::{self, Column};
use crate::rows;

/// A table of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) sheet: &'a Sheet,
    pub(crate) block: Block,
    /// The sheet was turned: the table lies on its side.
    pub(crate) turned: bool,
    /// The columns as the reader names them.
    pub(crate) columns: Vec<Column>,
    /// What stands above it.
    pub(crate) above: Above,
    /// The rows that hold data, as far as their looks go.
    pub(crate) rows: Vec<usize>,
    /// The section rows and what they are called.
    pub(crate) sections: Vec<(usize, String)>,
}

impl<'a> Part<'a> {
    /// Looks at a block.
    pub(crate) fn new(sheet: &'a Sheet, block: Block, turned: bool) -> Self {
        let mut columns =
            if block.band.height == 0 { Vec::new() } else { header::columns(sheet, block.band) };
        let blank = || Column { path: String::new(), shown: String::new(), levels: Vec::new(), unit: None };
        while columns.len() < block.usual.len() {
            columns.push(blank());
        }
        let above = above::read(sheet, &block);
        let mut part = Self { sheet, block, turned, columns, above, rows: Vec::new(), sections: Vec::new() };
        part.under_header();
        part.look_at_rows();
        if turned {
            // Titles above a table on its side stand beside its labels.
            for column in (0..part.columns.len()).filter(|column| !part.holds(*column)).collect::<Vec<_>>() {
                part.above.add(sheet.cell(part.block.band.top, column));
            }
        }
        part
    }

    /// A row of measure units right under the header.
    fn under_header(&mut self) {
        let row = self.block.band.end();
        let cells = self.sheet.cells(row);
        if self.block.band.height > 0 && cells.len() > 1 && rows::states_units(cells) {
            for (at, cell) in cells {
                if let Some(column) = self.columns.get_mut(*at) {
                    column.unit = column
                        .unit
                        .take()
                        .or_else(|| MeasureUnit::parse(&cell.label()).map(|unit| unit.symbol));
                }
            }
        }
    }

    fn look_at_rows(&mut self) {
        let (from, end) = (self.block.band.end(), self.block.end);
        let filled = |row: &usize| !self.sheet.cells(*row).is_empty();
        let wide = |row: &usize| self.sheet.cells(*row).len() > 1 && !self.is_note(*row);
        let last = (from..end).rev().find(wide);
        for row in (from..end).filter(filled) {
            let cells = self.sheet.cells(row);
            if self.is_note(row) || (cells.len() > 1 && rows::states_units(cells)) {
                continue;
            }
            match (cells, last) {
                ([(column, cell)], Some(last)) => {
                    if row < last && self.is_section(row, *column, cell) {
                        self.sections.push((row, rows::name_and_count(&cell.shown()).0));
                    }
                }
                _ => self.rows.push(row),
            }
        }
        if self.rows.iter().all(|row| self.holds_one_number(*row)) {
            // An empty form.
            self.rows.clear();
        }
    }

    fn is_note(&self, row: usize) -> bool {
        self.sheet.cells(row).first().is_some_and(|(_, cell)| rows::is_note(&cell.label()))
    }

    /// A figure alone in its row, as the running numbers of empty forms stand.
    fn holds_one_number(&self, row: usize) -> bool {
        matches!(self.sheet.cells(row), [(_, cell)] if crate::values::looks_numeric(cell))
    }

    /// A text alone in its row that says it is a section: merged across, with a count in brackets, 按…分, or numbered.
    fn is_section(&self, row: usize, column: usize, cell: &Cell) -> bool {
        let label = cell.label();
        let shown = text::tidy(&cell.shown());
        let merged = self.sheet.merge(row, column).is_some_and(|region| region.right > region.left);
        let text = !crate::values::looks_numeric(cell);
        text && (merged
            || rows::is_numbered(&label)
            || rows::is_grouping(&label)
            || rows::name_and_count(&shown).1.is_some())
    }

    /// The name of the section a row stands in.
    pub(crate) fn section_of(&self, row: usize) -> Option<&str> {
        let after = self.sections.partition_point(|(section, _)| *section < row);
        after.checked_sub(1).and_then(|at| self.sections.get(at)).map(|(_, name)| name.as_str())
    }

    /// Whether a column holds anything in a data row.
    pub(crate) fn holds(&self, column: usize) -> bool {
        self.rows.iter().any(|row| !self.sheet.cell(*row, column).is_empty())
    }

    /// The cells of a column in the data rows; merged ones show in all their rows.
    pub(crate) fn cells(&self, column: usize) -> impl Iterator<Item = &'a Cell> + '_ {
        let sheet: &'a Sheet = self.sheet;
        self.rows.iter().map(move |row| sheet.spread(*row, column))
    }

    /// The different labels of a column in these rows.
    pub(crate) fn labels(&self, column: usize, wanted: impl Fn(usize) -> bool) -> BTreeSet<String> {
        let rows = self.rows.iter().filter(|row| wanted(**row));
        rows.map(|row| self.sheet.spread(*row, column).label()).filter(|label| !label.is_empty()).collect()
    }

    /// What tables of one kind share: their header paths and where they stand; without a header, what stands in their
    /// columns.
    fn kind(&self) -> Vec<String> {
        if self.block.band.height == 0 {
            let usual = self.block.usual.iter();
            return usual.map(|usual| format!("{usual:?}")).collect();
        }
        let mut paths: Vec<String> = self.columns.iter().map(|column| column.path.clone()).collect();
        paths.extend(self.turned.then(|| "turned".to_owned()));
        while paths.last().is_some_and(String::is_empty) {
            paths.pop();
        }
        paths
    }
}

/// Tables of one kind together, in the order in which the kinds appear.
pub(crate) fn by_kind(parts: Vec<Part<'_>>) -> Vec<Vec<Part<'_>>> {
    let mut kinds: Vec<Vec<Part<'_>>> = Vec::new();
    for part in parts {
        let kind = part.kind();
        match kinds.iter_mut().find(|parts| parts.first().is_some_and(|first| first.kind() == kind)) {
            Some(parts) => parts.push(part),
            None => kinds.push(vec![part]),
        }
    }
    kinds
}
