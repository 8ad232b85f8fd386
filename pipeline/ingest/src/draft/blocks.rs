//! Where tables stand in a sheet that no contract describes: header bands, found by what lies under them.
//!
//! A column *usually* holds numbers or texts. A header is a wide row (two cells or more) of labels over columns of
//! numbers, or the first wide row of a sheet of texts; further levels are joined by merged cells, by labels that
//! stand where the other level is blank, and by labels over numbers. A first row like all others is no header.

use std::collections::{BTreeMap, BTreeSet};

use model::contract::FieldSource;
use model::{Field, FieldType};

use crate::dates::{self, Dating};
use crate::grid::{Cell, Sheet};
use crate::header::{Band, MAX_HEIGHT};
use crate::{rows, values};

/// How many rows below a header are looked at.
const SAMPLE: usize = 300;
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

/// The tables of a sheet from top to bottom.
pub(crate) fn find(sheet: &Sheet) -> Vec<Block> {
    let mut bands: Vec<Band> = Vec::new();
    let mut from = 0;
    while let Some(start) = next_header(sheet, from, !bands.is_empty()) {
        let band = band_at(sheet, start, from);
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
fn is_wide(sheet: &Sheet, row: usize) -> bool {
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
fn is_label(cell: &Cell) -> bool {
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
fn over_numbers(sheet: &Sheet, row: usize, usual: &[Option<bool>]) -> (usize, usize) {
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
        Ok(values::Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Whether most cells of a row are different periods: a header of numbers is one too.
fn is_period_header(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let periods: Vec<String> = cells.iter().filter_map(|(_, cell)| period_of(cell)).collect();
    let different: BTreeSet<&String> = periods.iter().collect();
    let in_order = periods.is_sorted() || periods.iter().rev().is_sorted();
    let numbers = cells.iter().filter(|(_, cell)| is_number(cell)).count();
    different.len() >= 3
        && different.len() == periods.len()
        && numbers <= periods.len()
        && (in_order || numbers == 0)
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

/// Whether the labels of a row stand over blanks, or over labels that repeat, of the row below.
fn joins_below(sheet: &Sheet, row: usize) -> bool {
    let below = row + 1;
    let labels = |row: usize| sheet.cells(row).iter().all(|(_, cell)| is_label(cell));
    if below >= sheet.height() || !is_wide(sheet, below) || !labels(row) || !labels(below) {
        return false;
    }
    let over_blank = sheet.cells(row).iter().any(|(column, _)| sheet.cell(below, *column).is_empty());
    let names: Vec<String> = sheet.cells(below).iter().map(|(_, cell)| cell.label()).collect();
    let different: BTreeSet<&String> = names.iter().collect();
    over_blank || different.len() < names.len()
}

/// The header band that begins in a row; of no rows if the row is data.
fn band_at(sheet: &Sheet, start: usize, from: usize) -> Band {
    let under = usual(sheet, start + 1, sheet.height().min(start + 1 + 2 * SAMPLE));
    if is_data(sheet, start, &under) {
        return Band { top: start, height: 0 };
    }
    let mut top = start;
    while top > from && start + 1 - top < MAX_HEIGHT && is_wide(sheet, top - 1) && joins_below(sheet, top - 1)
    {
        top -= 1;
    }
    let mut end = start + 1;
    while end < sheet.height() && end - top < MAX_HEIGHT && goes_on(sheet, top, end, &under) {
        end += 1;
    }
    Band { top, height: end - top }
}

/// Whether a row that may be a header is like the rows below: numbers where they have numbers, or values again.
fn is_data(sheet: &Sheet, row: usize, under: &[Option<bool>]) -> bool {
    if is_period_header(sheet, row) {
        return false;
    }
    let (labels, numbers) = over_numbers(sheet, row, under);
    if labels > 0 || numbers > 0 {
        // A header has at most a stray number (a year) over numbers, a data row at most a stray word.
        return numbers > labels;
    }
    // Only texts: a value that stands in the same column again, or a long number, is no label.
    let again = |column: usize, cell: &Cell| {
        let label = cell.label();
        let digits = label.bytes().filter(u8::is_ascii_digit).count();
        let below = (row + 1..sheet.height().min(row + SAMPLE))
            .filter(|below| sheet.cell(*below, column).label() == label);
        digits >= 8 || below.count() >= 2
    };
    sheet.cells(row).iter().any(|(column, cell)| again(*column, cell))
}

/// Whether a row below a header is one more level of it.
fn goes_on(sheet: &Sheet, top: usize, row: usize, under: &[Option<bool>]) -> bool {
    let begun: Vec<_> = (top..row).flat_map(|above| sheet.merges_of(above)).collect();
    if begun.iter().any(|region| region.top >= top && region.bottom >= row) {
        return true;
    }
    let cells = sheet.cells(row);
    if cells.is_empty() || !cells.iter().all(|(_, cell)| is_label(cell) || is_dash(cell)) {
        return is_period_header(sheet, row)
            && !is_period_header(sheet, row - 1)
            && joins_blank(sheet, row - 1, row);
    }
    if rows::states_units(cells) || !cells.iter().any(|(_, cell)| is_label(cell)) {
        return false;
    }
    // A group that spans columns has its labels below.
    let grouped = |column: usize| {
        begun.iter().any(|region| {
            region.bottom == row - 1
                && region.right > region.left
                && (region.left..=region.right).contains(&column)
        })
    };
    if cells.iter().filter(|(column, _)| grouped(*column)).count() >= 2 && cells.len() > 1 {
        return true;
    }
    let (labels, numbers) = over_numbers(sheet, row, under);
    let real = cells
        .iter()
        .filter(|(column, cell)| under.get(*column) == Some(&Some(true)) && is_label(cell))
        .count();
    (real >= 1 && real * 2 >= labels + numbers && cells.len() > 1)
        || (cells.len() > 1 && joins_blank(sheet, row - 1, row) && joins_below(sheet, row - 1))
}

/// Whether each label of a row stands where the row above is blank or has a label that runs right.
fn joins_blank(sheet: &Sheet, above: usize, row: usize) -> bool {
    let upper = sheet.cells(above);
    let Some((first, _)) = upper.first() else { return false };
    let blanks = sheet.cells(row).iter().filter(|(column, _)| sheet.cell(above, *column).is_empty()).count();
    let under_first = sheet.cell(row, *first).is_empty();
    blanks >= 1 && under_first && sheet.cells(row).len() < sheet.width(row).max(upper.len() + 1)
}

fn is_dash(cell: &Cell) -> bool {
    let label = cell.label();
    !label.is_empty() && label.chars().all(|c| matches!(c, '-' | '—' | '–' | '/'))
}
