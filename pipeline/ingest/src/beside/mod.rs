//! What a workbook says of its sheets beside the values that `calamine` reads: which rows and columns its author hid,
//! and which numbers are shown with a sign or as a clock time; in ods also merged cells and formulas without value.
//!
//! Each format has a scan of its own that looks for these things only and reads no values.

pub(crate) mod ods;
pub(crate) mod xls;

use crate::grid::{Builder, Cell, Region, TooBig};
use crate::number_format::Shown;

/// What is said of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// First and last rows of hidden runs.
    pub(crate) rows: Vec<(usize, usize)>,
    /// First and last columns of hidden runs.
    pub(crate) columns: Vec<(usize, usize)>,
    /// Merged regions.
    pub(crate) merges: Vec<Region>,
    /// Cells, by row and column, that hold a formula and no value.
    pub(crate) without_value: Vec<(usize, usize)>,
    /// Regions of numbers that are shown with a sign or as a clock time, by row and column. Regions that share a row share all rows.
    pub(crate) shown: Vec<(Region, Shown)>,
}

impl Beside {
    /// What the number in a cell is shown as.
    pub(crate) fn shown(&self, row: usize, column: usize) -> Shown {
        let above = self.shown.partition_point(|(region, _)| region.top <= row);
        let top = above.checked_sub(1).and_then(|at| self.shown.get(at)).map(|(region, _)| region.top);
        let Some(top) = top else { return Shown::Plain };
        let left = self.shown.partition_point(|(region, _)| (region.top, region.left) <= (top, column));
        let found = left.checked_sub(1).and_then(|at| self.shown.get(at));
        found
            .filter(|(region, _)| row <= region.bottom && column <= region.right)
            .map_or(Shown::Plain, |(_, s)| *s)
    }

    /// Tells a sheet what is said of it; its values must stand in it already.
    pub(crate) fn tell(&self, builder: &mut Builder) -> Result<(), TooBig> {
        for (row, column) in &self.without_value {
            builder.set(*row, *column, Cell::without_value())?;
        }
        self.rows.iter().for_each(|(first, last)| builder.hide_rows(*first, *last));
        self.columns.iter().for_each(|(first, last)| builder.hide_columns(*first, *last));
        self.merges.iter().for_each(|region| builder.merge(*region));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_one_row_are_told_apart() {
        let region = |top, left, bottom, right| (Region { top, left, bottom, right }, Shown::Signed(2, '%'));
        let beside = Beside {
            shown: vec![region(1, 1, 3, 2), region(1, 5, 3, 5), region(7, 0, 7, 0)],
            ..Beside::default()
        };
        let signed: Vec<(usize, usize)> = (0..9)
            .flat_map(|row| (0..7).map(move |column| (row, column)))
            .filter(|(row, column)| beside.shown(*row, *column) != Shown::Plain)
            .collect();
        assert_eq!(signed, [(1, 1), (1, 2), (1, 5), (2, 1), (2, 2), (2, 5), (3, 1), (3, 2), (3, 5), (7, 0)]);
    }
}
