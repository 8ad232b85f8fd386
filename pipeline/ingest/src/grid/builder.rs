//! How a sheet comes about: cell by cell, within its limits.

use super::{Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet, TooBig};

/// Most lines of a text, as many as the origin of a row can count.
pub(crate) const MAX_LINES: usize = (1 << 21) - 1;
/// Most cells with content in a sheet.
pub(crate) const MAX_CELLS: usize = 64_000_000;
/// Most rows over all merged regions.
const MAX_MERGED_ROWS: usize = 4_000_000;

/// Gathers a sheet cell by cell, in any order; in the order of the sheet it costs least.
#[derive(Debug)]
pub(crate) struct Builder {
    sheet: Sheet,
    max_rows: usize,
    /// The last cell of the sheet so far.
    last: Option<(usize, usize)>,
    /// Cells that came after one that stands behind them.
    late: Vec<((usize, usize), Cell)>,
}

impl Builder {
    /// A sheet without cells.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        let sheet = Sheet {
            name: name.into(),
            stripe: 0,
            hidden: false,
            hidden_known: true,
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            first: 0,
            cells: Vec::new(),
            starts: Vec::new(),
            fields: Vec::new(),
            merges: Vec::new(),
            merged: Vec::new(),
        };
        Self { sheet, max_rows: MAX_ROWS, last: None, late: Vec::new() }
    }

    /// The sheet of a text from the row `first` on, without cells: it has no name, and may be longer than those of
    /// workbooks.
    pub(crate) fn of_lines_from(first: usize) -> Self {
        let mut builder = Self { max_rows: MAX_LINES, ..Self::new("") };
        builder.sheet.first = first;
        builder
    }

    /// Says how many fields the next row of a text has.
    pub(crate) fn end_of_line(&mut self, fields: usize) {
        self.sheet.fields.push(u32::try_from(fields).unwrap_or(u32::MAX));
    }

    /// Puts a value into a cell; a later value replaces an earlier one.
    pub(crate) fn set(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), TooBig> {
        if cell.is_empty() {
            return Ok(());
        }
        let full = self.sheet.cells.len().saturating_add(self.late.len()) >= MAX_CELLS;
        if row >= self.max_rows || column >= MAX_COLUMNS || full {
            return Err(TooBig);
        }
        if self.last.is_some_and(|last| last >= (row, column)) {
            self.late.push(((row, column), cell));
            return Ok(());
        }
        self.push(row, column, cell);
        Ok(())
    }

    /// Puts a cell behind all others.
    fn push(&mut self, row: usize, column: usize, cell: Cell) {
        if self.sheet.height() <= row {
            self.sheet.starts.resize(row + 1 - self.sheet.first, self.sheet.cells.len());
        }
        self.sheet.cells.push((column, cell));
        self.last = Some((row, column));
    }

    /// Puts the late cells where they belong.
    fn order(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let rows = self.sheet.rows().flat_map(|row| std::iter::repeat_n(row, self.sheet.cells(row).len()));
        let rows: Vec<usize> = rows.collect();
        let cells = std::mem::take(&mut self.sheet.cells).into_iter();
        let mut all: Vec<((usize, usize), Cell)> =
            rows.into_iter().zip(cells).map(|(row, (column, cell))| ((row, column), cell)).collect();
        all.append(&mut self.late);
        // Of equal places the first comes first.
        all.sort_by_key(|(place, _)| *place);
        self.sheet.starts.clear();
        self.last = None;
        for ((row, column), cell) in all {
            match self.sheet.cells.last_mut() {
                Some(old) if self.last == Some((row, column)) => old.1 = cell,
                _ => self.push(row, column, cell),
            }
        }
    }

    /// Notes a merged region; one of a single cell is none.
    pub(crate) fn merge(&mut self, region: Region) {
        let ordered = region.top <= region.bottom && region.left <= region.right;
        if ordered && (region.top, region.left) != (region.bottom, region.right) {
            self.sheet.merges.push(region);
        }
    }

    /// Marks the sheet as hidden by its author.
    pub(crate) fn hide(&mut self) {
        self.sheet.hidden = true;
    }

    /// Marks rows, the last one too, as hidden by the author.
    pub(crate) fn hide_rows(&mut self, first: usize, last: usize) {
        match self.sheet.hidden_rows.last_mut() {
            Some((from, to)) if (*from..=*to + 1).contains(&first) => *to = last.max(*to),
            _ => self.sheet.hidden_rows.push((first, last)),
        }
    }

    /// Marks columns, the last one too, as hidden by the author.
    pub(crate) fn hide_columns(&mut self, first: usize, last: usize) {
        self.sheet.hidden_columns.push((first, last));
    }

    /// Notes that the file cannot tell us what is hidden in the sheet.
    pub(crate) fn hidden_unknown(&mut self) {
        self.sheet.hidden_known = false;
    }

    /// The sheet, with its merged regions ready to be asked.
    pub(crate) fn finish(mut self) -> Result<Sheet, TooBig> {
        self.order();
        self.sheet.hidden_rows.sort_unstable();
        self.sheet.hidden_rows.dedup_by(|next, run| {
            let joined = next.0 <= run.1.saturating_add(1);
            if joined {
                run.1 = run.1.max(next.1);
            }
            joined
        });
        self.sheet.merges.sort_unstable();
        let touched = self.sheet.merges.iter().map(|region| region.bottom.saturating_add(1)).max();
        self.sheet.merged.resize_with(touched.unwrap_or(0).min(self.sheet.height()), Vec::new);
        let mut rows = 0;
        for (at, region) in self.sheet.merges.iter().enumerate() {
            for touching in
                self.sheet.merged.iter_mut().take(region.bottom.saturating_add(1)).skip(region.top)
            {
                touching.push(at);
                rows += 1;
                if rows > MAX_MERGED_ROWS {
                    return Err(TooBig);
                }
            }
        }
        Ok(self.sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_come_in_any_order() {
        let mut builder = Builder::new("s");
        for (row, column, text) in
            [(3, 1, "a"), (0, 2, "b"), (3, 0, "c"), (0, 2, "d"), (3, 1, "e"), (5, 0, "f")]
        {
            builder.set(row, column, Cell::text(text)).unwrap();
        }
        for (first, last) in [(4, 9), (2, 2), (3, 3), (9, 12)] {
            builder.hide_rows(first, last);
        }
        let sheet = builder.finish().unwrap();
        let cells = |row| sheet.cells(row).iter().map(|(column, cell)| (*column, cell.label()));
        let all: Vec<Vec<(usize, String)>> = (0..sheet.height()).map(|row| cells(row).collect()).collect();
        let one = |column, text: &str| vec![(column, text.to_owned())];
        assert_eq!(
            all,
            [one(2, "d"), vec![], vec![], [one(0, "c"), one(1, "e")].concat(), vec![], one(0, "f")]
        );
        assert_eq!(sheet.hidden_rows().collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(sheet.is_hidden_row(12) && !sheet.is_hidden_row(13) && !sheet.is_hidden_row(1));
    }

    #[test]
    fn what_is_too_big_is_refused() {
        assert_eq!(Builder::new("").set(MAX_ROWS, 0, Cell::Bool(true)), Err(TooBig));
        assert_eq!(Builder::of_lines_from(0).set(MAX_ROWS, 0, Cell::Bool(true)), Ok(()));
        assert_eq!(Builder::of_lines_from(0).set(MAX_LINES, 0, Cell::Bool(true)), Err(TooBig));
    }
}
