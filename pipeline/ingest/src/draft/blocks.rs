//! Where tables stand in a sheet that no contract describes: header bands, found by what lies under them.
//!
//! A column *usually* holds numbers or texts. A header is a wide row (two cells or more) of labels over columns of
//! numbers, or the first wide row of a sheet of texts. How many rows it has is told by `band`.

use std::collections::BTreeMap;

use model::contract::FieldSource;
use model::{Field, FieldType};

use super::band::{self, is_data, joins_below};
use crate::dates::{self, Dating};
use crate::grid::{Cell, Sheet};
use crate::header::{Band, MAX_HEIGHT};
use crate::{rows, values};

/// How many rows below a header are looked at.
pub(super) const SAMPLE: usize = 300;
/// A title of two cells is told from a header by the width of what lies below.
const LOOK: usize = 40;

/// A table as its looks suggest it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its header; of no rows where it has none, then it begins at the first data row.
    pub(crate) band: Band,
    /// The first row above the header that speaks of it.
    pub(crate) first: usize,
    /// The first row that no longer belongs to it.
    pub(crate) end: usize,
    /// For each column whether numbers (`true`) or texts stand in it below the header; `None` for blank columns.
    pub(crate) usual: Vec<Option<bool>>,
}

/// The tables of a sheet from top to bottom; `names` knows the labels of rows: counties and their sums.
pub(crate) fn find(sheet: &Sheet, names: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut bands: Vec<Band> = Vec::new();
    let mut from = 0;
    while let Some(start) = next_header(sheet, from, !bands.is_empty()) {
        let band = band::at(sheet, start, from, names);
        from = band.end().max(start + 1);
        bands.push(band);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (at, band) in bands.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|above| bands.get(above)).map_or(0, |above| above.end());
        let first = if at == 0 { 0 } else { crate::layout::first_title(sheet, above, band.top) };
        let end = bands
            .get(at + 1)
            .map_or(sheet.height(), |below| crate::layout::first_title(sheet, band.end(), below.top));
        let usual = usual(sheet, band.end(), end);
        if usual.iter().any(Option::is_some) {
            blocks.push(Block { band: *band, first, end, usual });
        }
    }
    blocks
}

/// Whether a row holds two cells or more that are no notes and no lines about the table.
pub(super) fn is_wide(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let first = cells.first().map(|(_, cell)| cell.label()).unwrap_or_default();
    cells.len() > 1 && !rows::is_note(&first) && !is_line(cells)
}

/// A line about the table as a whole, cut into cells: `填报单位：××局`, `单位：万元`.
fn is_line(cells: &[(usize, Cell)]) -> bool {
    let said = |cell: &Cell| {
        let label = cell.label();
        label.split_once(':').is_some_and(|(name, _)| (1..=10).contains(&name.chars().count()))
    };
    let unit = |cell: &Cell| {
        let label = cell.label();
        label.trim_start_matches('(').starts_with("单位:") || label.contains("计量单位:")
    };
    cells.iter().all(|(_, cell)| said(cell)) || (cells.len() <= 3 && cells.iter().any(|(_, cell)| unit(cell)))
}

/// Whether a cell holds a label, as headers are made of.
pub(super) fn is_label(cell: &Cell) -> bool {
    !cell.is_empty() && !is_number(cell)
}

/// Whether a cell holds a figure. `2023年` is none, though 年 is a measure unit too.
pub(crate) fn is_number(cell: &Cell) -> bool {
    values::looks_numeric(cell) && !(cell.label().ends_with(['年', '月']) && period_of(cell).is_some())
}

/// For each column whether most of its cells in these rows are numbers.
pub(crate) fn usual(sheet: &Sheet, from: usize, end: usize) -> Vec<Option<bool>> {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let wide = (from..end).filter(|row| is_wide(sheet, *row));
    let mut rows: Vec<usize> = wide.take(SAMPLE).collect();
    if rows.is_empty() {
        // Forms of running numbers, lists of one column.
        rows = (from..end).filter(|row| !sheet.cells(*row).is_empty()).take(SAMPLE).collect();
    }
    for row in rows {
        for (column, cell) in sheet.cells(row) {
            let (numbers, texts) = counts.entry(*column).or_default();
            *if is_number(cell) { numbers } else { texts } += 1;
        }
    }
    let width = counts.keys().last().map_or(0, |last| last + 1);
    let of = |column: usize| counts.get(&column).map(|(numbers, texts)| numbers > texts);
    (0..width).map(of).collect()
}

/// The columns in which a row has a label over a column of numbers, and those in which it has a number there.
pub(super) fn over_numbers(sheet: &Sheet, row: usize, usual: &[Option<bool>]) -> (usize, usize) {
    let cells = sheet.cells(row).iter();
    let over = cells.filter(|(column, _)| usual.get(*column) == Some(&Some(true)));
    over.fold(
        (0, 0),
        |(labels, numbers), (_, cell)| {
            if is_label(cell) { (labels + 1, numbers) } else { (labels, numbers + 1) }
        },
    )
}

/// A field that reads any month or year.
pub(crate) fn any_period() -> Field {
    Field {
        name: "period".to_owned(),
        zh: Vec::new(),
        position: None,
        from: FieldSource::Column,
        kind: FieldType::Period,
        ..super::sketch::plain_field()
    }
}

/// The period a label states, if it is one as headers write it. A bare number must be a year or a decimal month.
pub(crate) fn period_of(cell: &Cell) -> Option<String> {
    let label = cell.label();
    let bare = label.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let likely = if bare {
        dates::decimal_month(cell).is_some_and(|(year, _)| (1900..2100).contains(&year))
            || label.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
    } else {
        label.chars().count() <= 16 && label.chars().any(|c| c.is_numeric() || "季年月".contains(c))
    };
    if !likely {
        return None;
    }
    let dating = Dating { year: Some(2000), point_one: Some(model::contract::PointOne::October) };
    match dates::read(cell, &any_period(), dating) {
        Ok(values::Value::Text(text)) => Some(text.into()),
        _ => None,
    }
}

/// The row in which the next table begins: its header or, in a sheet without, its first row.
fn next_header(sheet: &Sheet, from: usize, further: bool) -> Option<usize> {
    if !further {
        let first = (from..sheet.height()).find(|row| is_wide(sheet, *row))?;
        let below = (first + 1..sheet.height()).filter(|row| is_wide(sheet, *row)).take(LOOK);
        let width = |row: usize| spread_cells(sheet, row);
        let mut widths: Vec<usize> = below.clone().map(width).collect();
        widths.sort_unstable();
        let middle = widths.get(widths.len() / 2).copied().unwrap_or_default();
        // A title or line of two or three cells over a wide table is no header.
        let header = std::iter::once(first)
            .chain(below)
            .take(8)
            .find(|row| width(*row) * 2 >= middle || joins_below(sheet, *row));
        let header = header.unwrap_or(first);
        // Few labels right over rows that are data: the header of an export whose last columns have none.
        let above =
            (first..header).rev().find(|row| sheet.cells(*row).iter().all(|(_, cell)| is_label(cell)));
        let under = usual(sheet, header + 1, sheet.height().min(header + SAMPLE));
        return match above {
            Some(above) if above + 1 == header && width(above) >= 3 && is_data(sheet, header, &under) => {
                Some(above)
            }
            _ => Some(header),
        };
    }
    // Further tables begin with labels only, over numbers, and not in the middle of rows.
    (from + 1..sheet.height()).find(|row| {
        let cells = sheet.cells(*row);
        let parted = row.checked_sub(1).is_none_or(|above| !is_wide(sheet, above));
        if !parted || !is_wide(sheet, *row) || !cells.iter().all(|(_, cell)| is_label(cell)) {
            return false;
        }
        let stop = (row + 1..sheet.height())
            .find(|below| *below > row + MAX_HEIGHT && sheet.cells(*below).is_empty())
            .unwrap_or(sheet.height());
        let under = usual(sheet, row + 1, stop);
        let before = usual(sheet, from, *row);
        let (labels, _) = over_numbers(sheet, *row, &under);
        let (known, _) = over_numbers(sheet, *row, &before);
        labels >= 1 && (known >= 1 || labels >= 2)
    })
}

/// How many cells of a row show something.
fn spread_cells(sheet: &Sheet, row: usize) -> usize {
    let right = sheet.merges_of(row).map(|region| region.right + 1).max().unwrap_or_default();
    (0..sheet.width(row).max(right)).filter(|column| !sheet.spread(row, *column).is_empty()).count()
}
