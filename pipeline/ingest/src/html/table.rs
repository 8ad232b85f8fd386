//! A table of a web page while it is read: where its cells stand, their text, and what of it is hidden.

use std::collections::BTreeSet;

use scraper::node::Element;

use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet, TooBig};

/// A table that is being read: its cells so far and the spans that reach into rows below.
pub(super) struct Open {
    builder: Builder,
    /// The number in the page, from 1.
    pub(super) number: usize,
    row: Option<usize>,
    /// Where the open cell stands, and where the next one may.
    left: usize,
    column: usize,
    /// For each column the first row that is free again.
    free_from: Vec<usize>,
    cell: Option<String>,
    /// How many hidden elements were open around the table, around the cells of its row, around the text of its cell.
    pub(super) outside: usize,
    around: usize,
    pub(super) within: usize,
    /// The next column a `<col>` speaks of, and those hidden by theirs.
    defined: usize,
    hidden: BTreeSet<usize>,
    /// Columns in which a cell is hidden, is shown, holds text.
    veiled: BTreeSet<usize>,
    shown: BTreeSet<usize>,
    filled: BTreeSet<usize>,
}

impl Open {
    /// A table begins within so many hidden elements, its own among them.
    pub(super) fn new(number: usize, outside: usize) -> Self {
        let mut builder = Builder::new(format!("table {number}"));
        if outside > 0 {
            builder.hide();
        }
        Self {
            builder,
            number,
            row: None,
            left: 0,
            column: 0,
            free_from: Vec::new(),
            cell: None,
            outside,
            around: outside,
            within: outside,
            defined: 0,
            hidden: BTreeSet::new(),
            veiled: BTreeSet::new(),
            shown: BTreeSet::new(),
            filled: BTreeSet::new(),
        }
    }

    /// A definition of columns.
    pub(super) fn define(&mut self, columns: usize, hidden: bool) {
        let next = self.defined.saturating_add(columns).min(MAX_COLUMNS);
        if hidden {
            self.hidden.extend(self.defined..next);
        }
        self.defined = next;
    }

    /// A row begins; `hidden` elements are open, it among them.
    pub(super) fn start_row(&mut self, hidden: usize) {
        self.row = Some(self.row.map_or(0, |row| row + 1));
        self.column = 0;
        self.around = hidden;
    }

    /// A cell begins; `hidden` elements are open, it among them.
    pub(super) fn start_cell(&mut self, element: &Element, hidden: usize) -> Result<(), TooBig> {
        if self.row.is_none() {
            self.start_row(self.outside);
        }
        let row = self.row.unwrap_or_default();
        while self.free_from.get(self.column).is_some_and(|free| *free > row) {
            self.column += 1;
        }
        let columns = span(element, "colspan").unwrap_or(1).clamp(1, 1000);
        // Zero means: to the end of the table.
        let rows = match span(element, "rowspan") {
            Some(0) => MAX_ROWS,
            rows => rows.unwrap_or(1).min(65_534),
        };
        let (left, next) = (self.column, self.column + columns);
        if next > MAX_COLUMNS || row >= MAX_ROWS {
            return Err(TooBig);
        }
        if self.free_from.len() < next {
            self.free_from.resize(next, 0);
        }
        for free in self.free_from.iter_mut().take(next).skip(left) {
            *free = row + rows;
        }
        self.builder.merge(Region { top: row, left, bottom: row + rows - 1, right: next - 1 });
        if hidden > self.around {
            self.veiled.extend(left..next);
        } else if self.around == self.outside && columns == 1 {
            self.shown.insert(left);
        }
        self.cell = Some(String::new());
        self.within = hidden;
        self.left = left;
        self.column = next;
        Ok(())
    }

    /// Characters stand in the page: white space of the page is a blank.
    pub(super) fn push(&mut self, text: &str) {
        let Some(cell) = self.cell.as_mut() else { return };
        for c in text.chars() {
            if !c.is_ascii_whitespace() {
                cell.push(c);
            } else if !cell.ends_with([' ', '\n']) {
                cell.push(' ');
            }
        }
    }

    /// A new line begins in the cell.
    pub(super) fn break_line(&mut self) {
        if let Some(cell) = self.cell.as_mut() {
            cell.truncate(cell.trim_end_matches(' ').len());
            cell.push('\n');
        }
    }

    /// A paragraph begins or ends in the cell.
    pub(super) fn part(&mut self) {
        if self.cell.as_ref().is_some_and(|cell| !cell.is_empty() && !cell.ends_with('\n')) {
            self.break_line();
        }
    }

    /// The open cell ends.
    pub(super) fn end_cell(&mut self) -> Result<(), TooBig> {
        let text = self.cell.take().unwrap_or_default();
        let cell = Cell::text(text.trim());
        let row = self.row.unwrap_or_default();
        if !cell.is_empty() {
            self.filled.insert(self.left);
            // Programs that save pages end a table with a hidden row that only states widths.
            if self.around > self.outside {
                self.builder.hide_rows(row, row);
            }
        }
        self.builder.set(row, self.left, cell)
    }

    /// The table as a sheet.
    pub(super) fn finish(mut self) -> Result<Sheet, TooBig> {
        let alone = self.veiled.iter().any(|column| self.shown.contains(column));
        self.hidden.extend(self.veiled.difference(&self.shown));
        for column in self.hidden.intersection(&self.filled) {
            self.builder.hide_columns(*column, *column);
        }
        // A single hidden cell is neither a row nor a column; it is read like the rest, which has to be told.
        if alone {
            self.builder.hidden_unknown();
        }
        self.builder.finish()
    }
}

/// A whole number an attribute gives.
pub(super) fn span(element: &Element, name: &str) -> Option<usize> {
    element.attr(name).and_then(|text| text.trim().parse::<usize>().ok())
}
