//! A sheet turned on its side: its columns as rows, so that tables that lie on their side are read like the others.

use crate::grid::{Builder, Region, Sheet, TooBig};

impl Sheet {
    /// The sheet with rows and columns exchanged, merged and hidden ones too.
    ///
    /// # Errors
    /// It has more rows than a sheet may have columns.
    pub(crate) fn turned(&self) -> Result<Self, TooBig> {
        let mut builder = Builder::new(self.name.as_str());
        for row in 0..self.height() {
            for (column, cell) in self.cells(row) {
                builder.set(*column, row, cell.clone())?;
            }
            // A title merged across its row would become a label that covers all rows.
            let title = |region: &&Region| self.cells(row).len() == 1 && region.top == region.bottom;
            for region in self.merges_of(row).filter(|region| region.top == row && !title(region)) {
                builder.merge(Region {
                    top: region.left,
                    left: region.top,
                    bottom: region.right,
                    right: region.bottom,
                });
            }
        }
        for row in self.hidden_rows() {
            builder.hide_columns(row, row);
        }
        for column in self.hidden_columns() {
            builder.hide_rows(column, column);
        }
        if self.hidden {
            builder.hide();
        }
        if !self.hidden_known {
            builder.hidden_unknown();
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Cell;

    #[test]
    fn twice_turned_is_unturned() {
        let mut builder = Builder::new("s");
        for (row, column, text) in [(0, 0, "a"), (0, 3, "b"), (2, 1, "c"), (5, 1, "e"), (5, 2, "d")] {
            builder.set(row, column, Cell::text(text)).unwrap();
        }
        builder.merge(Region { top: 2, left: 1, bottom: 4, right: 1 });
        builder.hide_rows(5, 5);
        builder.hide_columns(3, 9);
        builder.hide();
        builder.hidden_unknown();
        let sheet = builder.finish().unwrap();
        let turned = sheet.turned().unwrap();
        assert_eq!((turned.height(), turned.cell(3, 0).label()), (4, "b".to_owned()));
        assert_eq!(turned.spread(1, 4).label(), "c");
        assert!(turned.is_hidden_row(3) && turned.is_hidden_column(5) && turned.hidden);
        assert!(!turned.hidden_known);
        let back = turned.turned().unwrap();
        assert_eq!(back.height(), sheet.height());
        for row in 0..sheet.height() {
            assert_eq!(back.cells(row), sheet.cells(row));
            assert_eq!(back.is_hidden_row(row), sheet.is_hidden_row(row));
        }
        assert_eq!(back.merge(3, 1), sheet.merge(3, 1));
    }

    #[test]
    fn titles_lose_their_width() {
        let mut builder = Builder::new("s");
        for (row, column, text) in [(0, 0, "title"), (1, 0, "a"), (1, 1, "b"), (1, 3, "c")] {
            builder.set(row, column, Cell::text(text)).unwrap();
        }
        for (row, left, right) in [(0, 0, 3), (1, 1, 2)] {
            builder.merge(Region { top: row, left, bottom: row, right });
        }
        let turned = builder.finish().unwrap().turned().unwrap();
        assert!(turned.merge(0, 0).is_none() && turned.merge(2, 1).is_some());
    }

    #[test]
    fn long_sheets_cannot_be_turned() {
        let mut builder = Builder::new("");
        builder.set(crate::grid::MAX_COLUMNS, 0, Cell::Bool(true)).unwrap();
        assert_eq!(builder.finish().unwrap().turned().err(), Some(TooBig));
    }
}
