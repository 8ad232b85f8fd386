//! The common form of every sheet: cells by row and column, and merged regions.
//!
//! All readers lower into it, so nothing behind it knows of file formats. Rows and columns are 0-based here; what
//! leaves the crate is 1-based. It holds only cells with content, in one run of memory from the first row to the last,
//! short texts inside their cell and equal shared ones once; sheets beyond its limits are refused.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use model::text;

/// Most rows of a sheet, as in spreadsheet programs.
pub(crate) const MAX_ROWS: usize = 1_048_576;
/// Most lines of a text, as many as the origin of a row can count.
const MAX_LINES: usize = (1 << 21) - 1;
/// Most columns of a sheet, as in spreadsheet programs.
pub(crate) const MAX_COLUMNS: usize = 16_384;
/// Most cells with content in a sheet.
const MAX_CELLS: usize = 64_000_000;
/// Most rows over all merged regions.
const MAX_MERGED_ROWS: usize = 4_000_000;

/// A sheet is larger than we are willing to hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooBig;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing, or only white space.
    Empty,
    /// Text, as shown; dates too, in ISO form.
    Text(EcoString),
    /// A number of a workbook.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A formula error such as `#DIV/0!`.
    Error(EcoString),
}

impl Cell {
    /// A text cell; white space alone is an empty cell.
    pub(crate) fn text(raw: &str) -> Self {
        let visible =
            raw.chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}'));
        if visible { Self::Text(raw.into()) } else { Self::Empty }
    }

    /// A formula whose value the file does not hold: an error, for nothing can be said of it.
    pub(crate) fn without_value() -> Self {
        Self::Error(WITHOUT_VALUE.into())
    }

    /// Whether it is a formula whose value the file does not hold.
    pub(crate) fn is_without_value(&self) -> bool {
        matches!(self, Self::Error(text) if text == WITHOUT_VALUE)
    }

    /// Whether nothing stands here.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The text as shown.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }

    /// The form in which labels are compared.
    pub(crate) fn label(&self) -> String {
        text::squeeze(&self.shown())
    }
}

/// Up to here every whole number is one of binary floating point too.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The shortest decimal text that reads back as the number. Beyond 15 significant digits it is what spreadsheet
/// programs keep and show: 15 digits, so that the binary dust of `=12.3+45.6` is no part of the figure.
pub(crate) fn number_text(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of this size is one of both types")]
    if number.fract() == 0.0 && number.abs() < MAX_WHOLE && number.to_bits() != (-0.0_f64).to_bits() {
        return (number as i64).to_string();
    }
    let shortest = number.to_string();
    let digits = shortest.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits <= 15 || !number.is_finite() || !shortest.contains('.') {
        return shortest;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

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
    /// Hidden by its author: told, not read.
    pub(crate) hidden: bool,
    /// Whether the file can tell us of hidden rows and columns; where it cannot, none are told.
    pub(crate) hidden_known: bool,
    /// First and last rows of hidden runs, in order and apart.
    hidden_rows: Vec<(usize, usize)>,
    /// From and to, both hidden.
    hidden_columns: Vec<(usize, usize)>,
    /// The cells of all rows, by row and column.
    cells: Vec<(usize, Cell)>,
    /// For each row where its cells begin.
    starts: Vec<usize>,
    merges: Vec<Region>,
    /// Merged regions by the rows they touch, to the last row with one.
    merged: Vec<Vec<usize>>,
}

/// What a formula without its value shows.
const WITHOUT_VALUE: &str = "=";

const EMPTY: &Cell = &Cell::Empty;

impl Sheet {
    /// How many rows it has: to the last row with content.
    pub(crate) fn height(&self) -> usize {
        self.starts.len()
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
            hidden: self.hidden,
            hidden_known: self.hidden_known,
            hidden_rows: self.hidden_rows.clone(),
            hidden_columns: self.hidden_columns.clone(),
            cells: Vec::new(),
            starts: Vec::with_capacity(self.height()),
            merges,
            merged: self.merged.clone(),
        };
        for row in 0..self.height() {
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
        for row in 0..self.height() {
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
        let Some(start) = self.starts.get(row) else { return &[] };
        let end = self.starts.get(row + 1).copied().unwrap_or(self.cells.len());
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
        self.merge(row, column)
            .map_or_else(|| self.cell(row, column), |region| self.cell(region.top, region.left))
    }

    /// The merged regions that touch a row.
    pub(crate) fn merges_of(&self, row: usize) -> impl Iterator<Item = &Region> {
        self.merged.get(row).into_iter().flatten().filter_map(|at| self.merges.get(*at))
    }
}

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
            hidden: false,
            hidden_known: true,
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            cells: Vec::new(),
            starts: Vec::new(),
            merges: Vec::new(),
            merged: Vec::new(),
        };
        Self { sheet, max_rows: MAX_ROWS, last: None, late: Vec::new() }
    }

    /// The sheet of a text, without cells: it has no name, and may be longer than those of workbooks.
    pub(crate) fn of_lines() -> Self {
        Self { max_rows: MAX_LINES, ..Self::new("") }
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
        if self.sheet.starts.len() <= row {
            self.sheet.starts.resize(row + 1, self.sheet.cells.len());
        }
        self.sheet.cells.push((column, cell));
        self.last = Some((row, column));
    }

    /// Puts the late cells where they belong.
    fn order(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let height = self.sheet.height();
        let rows = (0..height).flat_map(|row| std::iter::repeat_n(row, self.sheet.cells(row).len()));
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

/// A 0-based position as people count.
pub(crate) fn counted(position: usize) -> u32 {
    u32::try_from(position.saturating_add(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_typed() {
        for (number, shown) in
            [(964.5, "964.5"), (87.0, "87"), (-17.4, "-17.4"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000")]
        {
            assert_eq!(number_text(number), shown);
        }
        for number in [0.0, -0.0, 1.0, -12.0, 402_557_500_508.0, MAX_WHOLE - 1.0, MAX_WHOLE, -1e300, f64::NAN]
        {
            assert_eq!(number_text(number), number.to_string());
        }
    }

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
        assert_eq!(Builder::new("").set(MAX_ROWS, 0, Cell::Bool(true)), Err(TooBig));
        assert_eq!(Builder::of_lines().set(MAX_ROWS, 0, Cell::Bool(true)), Ok(()));
        assert_eq!(Builder::of_lines().set(MAX_LINES, 0, Cell::Bool(true)), Err(TooBig));
    }

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
}
