//! Where rows and values stand that were read before: from origins back to file, sheet and cell, for findings that come
//! after reading.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::Int32Type;
use model::Finding;
use model::contract::Orientation;

use crate::accounts::{text_at, texts, whole, whole_at};

/// The places of all sources.
pub(crate) struct Places {
    /// Source → file, sheet, contract, orientation.
    sources: BTreeMap<i64, [String; 4]>,
    /// By source, field and head.
    columns: BTreeMap<(i64, String, u32), Column>,
}

/// A place of a row or of one of its values.
pub(crate) struct Of<'p> {
    pub(crate) file: &'p str,
    pub(crate) sheet: &'p str,
    pub(crate) contract: &'p str,
    pub(crate) row: u32,
    pub(crate) column: u32,
}

/// Where the values of a field stand in a source.
pub(crate) struct Column {
    /// The column of the sheet, from 1; its row where the table lies on its side.
    pub(crate) line: u32,
    /// Its header.
    pub(crate) header: String,
    /// The measure unit its figures were read in.
    pub(crate) measure_unit: String,
}

impl Places {
    /// From the tables `sources` and `cells`.
    pub(crate) fn new(sources: &RecordBatch, cells: &RecordBatch) -> Self {
        let ids = whole(sources, "source");
        let of_source = |row: usize| {
            let text = |column: &str| text_at(texts(sources, column), row).unwrap_or_default();
            Some((whole_at(ids, row)?, ["file", "sheet", "contract", "orientation"].map(text)))
        };
        let number = |column: &str, row: usize| {
            let column = cells.column_by_name(column)?.as_primitive_opt::<Int32Type>()?;
            column.is_valid(row).then(|| u32::try_from(column.value(row)).ok()).flatten()
        };
        let of_cells = |row: usize| {
            let source = whole_at(whole(cells, "source"), row)?;
            let text = |column: &str| text_at(texts(cells, column), row).unwrap_or_default();
            let line = number("column", row).or_else(|| number("row", row))?;
            let column = Column { line, header: text("header"), measure_unit: text("measure_unit") };
            Some(((source, text("field"), number("head", row)?), column))
        };
        Self {
            sources: (0..sources.num_rows()).filter_map(of_source).collect(),
            columns: (0..cells.num_rows()).filter_map(of_cells).collect(),
        }
    }

    /// A finding about a row, or about one of its fields; `None` where no such source was read.
    pub(crate) fn finding(&self, code: &'static str, origin: i64, field: Option<&str>) -> Option<Finding> {
        let Of { file, sheet, contract, row, column } = self.of(origin, field)?;
        let mut finding = Finding::new(code, file)
            .at(sheet, row, column)
            .of_contract(contract)
            .of_field(field.unwrap_or_default());
        finding.origin = Some(origin);
        Some(finding)
    }

    /// The file, the sheet and the contract a row was read from, and its line with the cell of a field if it has one:
    /// row and column, from 1, 0 where none is meant.
    pub(crate) fn of(&self, origin: i64, field: Option<&str>) -> Option<Of<'_>> {
        let [file, sheet, contract, orientation] = self.sources.get(&(origin >> 32))?;
        let line = ingest::line_of(origin);
        let column = field.and_then(|field| self.column(origin, field));
        let across = column.map_or(0, |column| column.line);
        let lies = orientation == Orientation::Columns.name();
        let (row, column) = if lies { (across, line) } else { (line, across) };
        Some(Of { file, sheet, contract, row, column })
    }

    /// Where the values of a field of a row stand.
    pub(crate) fn column(&self, origin: i64, field: &str) -> Option<&Column> {
        let at = |head| self.columns.get(&(origin >> 32, field.to_owned(), head));
        at(ingest::head_of(origin)).or_else(|| at(0))
    }

    /// The first file that was read for a contract.
    pub(crate) fn file_of(&self, contract: &str) -> Option<&str> {
        let mut all = self.sources.values();
        all.find(|[_, _, of, _]| of == contract).map(|[file, ..]| file.as_str())
    }
}
