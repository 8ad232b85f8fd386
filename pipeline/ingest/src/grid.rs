//! The common form of every sheet: cells by row and column, and merged regions.
//!
//! All readers lower into it, so nothing behind it knows of file formats. Rows and columns are 0-based here; what
//! leaves the crate is 1-based. It holds only cells with content, in one run of memory from the first row to the last,
//! short texts inside their cell and equal shared ones once; sheets beyond its limits are refused.

mod builder;
mod cell;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(crate) use builder::{Builder, MAX_CELLS, MAX_LINES};
pub(crate) use cell::{Cell, number_text};

/// Most rows of a sheet, as in spreadsheet programs.
pub(crate) const MAX_ROWS: usize = 1_048_576;
/// Most columns of a sheet, as in spreadsheet programs.
pub(crate) const MAX_COLUMNS: usize = 16_384;

/// A sheet is larger than we are willing to hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooBig;

/// A merged region; both ends are part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Region {
    /// First row.
    pub(crate) top: usize,
    /// First column.
    pub(crate) left: usize,
    /// Last row.
    pub(crate) bottom: usize,
    /// Last column.
    pub(crate) right: usize,
}

/// One sheet, or one table of a web page, or one text file.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Name; empty for text files.
    pub(crate) name: String,
    /// Which of the tables side by side in the sheet this is, from 0.
    pub(crate) stripe: usize,
    /// Hidden by its author: told, not read.
    pub(crate) hidden: bool,
    /// Whether the file can tell us of hidden rows and columns; where it cannot, none are told.
    pub(crate) hidden_known: bool,
    /// First and last rows of hidden runs, in order and apart.
    hidden_rows: Vec<(usize, usize)>,
    /// From and to, both hidden.
    hidden_columns: Vec<(usize, usize)>,
    /// The first row that is held: 0 but for a stretch of a long text.
    first: usize,
    /// The cells of all rows, by row and column.
    cells: Vec<(usize, Cell)>,
    /// For each row held where its cells begin.
    starts: Vec<usize>,
    /// For each row held how many fields it has, blank ones too; only of texts.
    fields: Vec<u32>,
    merges: Vec<Region>,
    /// Merged regions by the rows they touch, to the last row with one.
    merged: Vec<Vec<usize>>,
}

const EMPTY: &Cell = &Cell::Empty;

impl Sheet {
    /// How many rows it has: to the last row with content.
    pub(crate) fn height(&self) -> usize {
        self.first + self.starts.len()
    }

    /// The rows that are held.
    pub(crate) fn rows(&self) -> Range<usize> {
        self.first..self.height()
    }

    /// How many fields a row of a text has, blank ones too.
    pub(crate) fn fields(&self, row: usize) -> Option<u32> {
        self.fields.get(row.checked_sub(self.first)?).copied()
    }

    /// How many cells with content are held.
    pub(crate) fn filled(&self) -> usize {
        self.cells.len()
    }

    /// The rows with content or above it that the author hid, in order.
    pub(crate) fn hidden_rows(&self) -> impl Iterator<Item = usize> {
        let runs = self.hidden_rows.iter().map(|(first, last)| *first..(last + 1).min(self.height()));
        runs.flatten()
    }

    /// Whether the author hid a row.
    pub(crate) fn is_hidden_row(&self, row: usize) -> bool {
        let after = self.hidden_rows.partition_point(|(first, _)| *first <= row);
        after.checked_sub(1).and_then(|at| self.hidden_rows.get(at)).is_some_and(|(_, last)| row <= *last)
    }

    /// Whether the author hid a column.
    pub(crate) fn is_hidden_column(&self, column: usize) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// The hidden columns that hold anything, in order.
    pub(crate) fn hidden_columns(&self) -> Vec<usize> {
        if self.hidden_columns.is_empty() {
            return Vec::new();
        }
        let filled = self.cells.iter().map(|(column, _)| *column);
        let hidden: BTreeSet<usize> = filled.filter(|column| self.is_hidden_column(*column)).collect();
        hidden.into_iter().collect()
    }

    /// The sheet as its reader sees it: hidden rows and columns are empty. What a merged region shows stays with its
    /// visible part. `None` where nothing is hidden.
    pub(crate) fn visible(&self) -> Option<Self> {
        if self.hidden_rows().next().is_none() && self.hidden_columns().is_empty() {
            return None;
        }
        let mut merges = self.merges.clone();
        let mut moved: BTreeMap<usize, Vec<(usize, &Cell)>> = BTreeMap::new();
        for region in &mut merges {
            let top = (region.top..=region.bottom).find(|row| !self.is_hidden_row(*row));
            let left = (region.left..=region.right).find(|column| !self.is_hidden_column(*column));
            if let (Some(top), Some(left)) = (top, left)
                && (top, left) != (region.top, region.left)
            {
                moved.entry(top).or_default().push((left, self.cell(region.top, region.left)));
                (region.top, region.left) = (top, left);
            }
        }
        let mut sheet = Self {
            name: self.name.clone(),
            stripe: self.stripe,
            hidden: self.hidden,
            hidden_known: self.hidden_known,
            hidden_rows: self.hidden_rows.clone(),
            hidden_columns: self.hidden_columns.clone(),
            first: self.first,
            cells: Vec::new(),
            starts: Vec::with_capacity(self.height()),
            fields: self.fields.clone(),
            merges,
            merged: self.merged.clone(),
        };
        for row in self.rows() {
            let start = sheet.cells.len();
            sheet.starts.push(start);
            if self.is_hidden_row(row) {
                continue;
            }
            let seen = self.cells(row).iter().filter(|(column, _)| !self.is_hidden_column(*column));
            sheet.cells.extend(seen.cloned());
            for (column, cell) in
                moved.remove(&row).into_iter().flatten().filter(|(_, cell)| !cell.is_empty())
            {
                let own = sheet.cells.get(start..).unwrap_or_default();
                if let Err(at) = own.binary_search_by_key(&column, |(at, _)| *at) {
                    sheet.cells.insert(start + at, (column, cell.clone()));
                }
            }
        }
        Some(sheet)
    }

    /// For each column the last row in which it holds anything.
    pub(crate) fn last_filled(&self) -> Vec<Option<usize>> {
        let mut last = Vec::new();
        for row in self.rows() {
            for (column, _) in self.cells(row) {
                if last.len() <= *column {
                    last.resize(column + 1, None);
                }
                if let Some(slot) = last.get_mut(*column) {
                    *slot = Some(row);
                }
            }
        }
        last
    }

    /// The cells with content of a row, by column.
    pub(crate) fn cells(&self, row: usize) -> &[(usize, Cell)] {
        let Some(at) = row.checked_sub(self.first) else { return &[] };
        let Some(start) = self.starts.get(at) else { return &[] };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.cells.len());
        self.cells.get(*start..end).unwrap_or_default()
    }

    /// The columns a row reaches.
    pub(crate) fn width(&self, row: usize) -> usize {
        self.cells(row).last().map_or(0, |(column, _)| column + 1)
    }

    /// The cell itself; a merged region's value stands in its first cell only.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &Cell {
        let cells = self.cells(row);
        let found = cells.binary_search_by_key(&column, |(at, _)| *at).ok();
        found.and_then(|at| cells.get(at)).map_or(EMPTY, |(_, cell)| cell)
    }

    /// The merged region a cell lies in.
    pub(crate) fn merge(&self, row: usize, column: usize) -> Option<&Region> {
        let touching = self.merged.get(row)?;
        touching
            .iter()
            .filter_map(|at| self.merges.get(*at))
            .find(|region| (region.left..=region.right).contains(&column))
    }

    /// The value shown at a cell: a merged region shows its first cell's everywhere.
    pub(crate) fn spread(&self, row: usize, column: usize) -> &Cell {
        let (row, column) = self.anchor(row, column);
        self.cell(row, column)
    }

    /// Where the value shown at a cell stands.
    pub(crate) fn anchor(&self, row: usize, column: usize) -> (usize, usize) {
        self.merge(row, column).map_or((row, column), |region| (region.top, region.left))
    }

    /// The merged regions that touch a row.
    pub(crate) fn merges_of(&self, row: usize) -> impl Iterator<Item = &Region> {
        self.merged.get(row).into_iter().flatten().filter_map(|at| self.merges.get(*at))
    }
}

/// A 0-based position as people count.
pub(crate) fn counted(position: usize) -> u32 {
    u32::try_from(position.saturating_add(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_cells_are_empty_and_merged_values_stay_in_sight() {
        let mut builder = Builder::new("s");
        for row in 0..4 {
            for column in 1..3 {
                builder.set(row, column, Cell::text(&format!("{row}{column}"))).unwrap();
            }
        }
        builder.set(1, 0, Cell::text("县")).unwrap();
        builder.merge(Region { top: 1, left: 0, bottom: 3, right: 0 });
        assert!(Builder::new("").finish().unwrap().visible().is_none());
        builder.hide_rows(1, 1);
        builder.hide_rows(99, 99);
        builder.hide_columns(2, 16_383);
        let sheet = builder.finish().unwrap();
        assert_eq!((sheet.hidden_rows().collect::<Vec<_>>(), sheet.hidden_columns()), (vec![1], vec![2]));
        let seen = sheet.visible().unwrap();
        assert!(seen.cells(1).is_empty() && seen.cell(0, 2).is_empty() && seen.height() == 4);
        assert_eq!((seen.spread(3, 0).label(), seen.cell(2, 0).label()), ("县".into(), "县".into()));
        assert_eq!(sheet.last_filled(), [Some(1), Some(3), Some(3)]);
    }

    #[test]
    fn merged_regions_show_their_first_cell() {
        let mut builder = Builder::new("s");
        builder.set(2, 0, Cell::text("x")).unwrap();
        builder.set(0, 1, Cell::text("本月")).unwrap();
        builder.set(0, 0, Cell::text(" \u{a0}")).unwrap();
        builder.merge(Region { top: 0, left: 1, bottom: 0, right: 2 });
        builder.merge(Region { top: 1, left: 0, bottom: 99, right: 0 });
        let sheet = builder.finish().unwrap();
        assert_eq!(sheet.height(), 3);
        assert_eq!(sheet.spread(0, 2), &Cell::Text("本月".into()));
        assert!(sheet.cell(0, 2).is_empty() && sheet.cell(0, 0).is_empty());
    }
}
