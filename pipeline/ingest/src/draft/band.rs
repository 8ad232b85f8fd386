//! How many rows the header of a table has, and whether there is one.
//!
//! Further levels are joined by merged cells, by labels that stand where the other level is blank, and by labels over
//! numbers. A row like all others is no header, and no row that names one of the things the table is of.

use std::collections::BTreeSet;

use super::blocks::{SAMPLE, is_label, is_number, is_wide, over_numbers, period_of, usual};
use super::words;
use crate::grid::{Cell, Sheet};
use crate::header::{Band, MAX_HEIGHT};
use crate::rows;

/// The header band that begins in a row; of no rows if the row is data.
pub(super) fn at(sheet: &Sheet, start: usize, from: usize, names: &dyn Fn(&str) -> bool) -> Band {
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
    while end < sheet.height() && end - top < MAX_HEIGHT && goes_on(sheet, top, end, &under, names) {
        end += 1;
    }
    Band { top, height: end - top }
}

/// Whether a row that may be a header is like the rows below: numbers where they have numbers, or values again.
pub(super) fn is_data(sheet: &Sheet, row: usize, under: &[Option<bool>]) -> bool {
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
fn goes_on(
    sheet: &Sheet,
    top: usize,
    row: usize,
    under: &[Option<bool>],
    names: &dyn Fn(&str) -> bool,
) -> bool {
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
    if is_first_row(sheet, row, under, names) {
        return false;
    }
    let (labels, numbers) = over_numbers(sheet, row, under);
    let real = cells
        .iter()
        .filter(|(column, cell)| under.get(*column) == Some(&Some(true)) && is_label(cell))
        .count();
    (real >= 1 && real * 2 >= labels + numbers && cells.len() > 1)
        || (cells.len() > 1 && joins_blank(sheet, row - 1, row) && joins_below(sheet, row - 1))
}

/// Whether a row of labels is the first row of data, with words where figures are expected (暂无, 详见附件): it names one
/// county, or its first label is one of the names of a column, while each of its columns has a header already.
fn is_first_row(sheet: &Sheet, row: usize, under: &[Option<bool>], names: &dyn Fn(&str) -> bool) -> bool {
    let cells = sheet.cells(row);
    let first = under.iter().position(|usual| *usual == Some(false));
    let above = |column: usize| row.checked_sub(1).map(|above| sheet.cell(above, column).label());
    let headers: BTreeSet<String> = cells.iter().filter_map(|(column, _)| above(*column)).collect();
    let headed = headers.len() == cells.len() && !headers.contains("");
    let mut named = cells.iter().filter(|(_, cell)| names(&cell.label()));
    if let (Some((column, _)), None) = (named.next(), named.next()) {
        let is_text = under.get(*column) == Some(&Some(false));
        return is_text && (headed || first == Some(*column));
    }
    headed
        && cells.iter().any(|(column, cell)| {
            let plain = above(*column).is_some_and(|above| is_han(&above));
            plain && first == Some(*column) && is_a_name(sheet, row, *column, cell)
        })
}

/// Whether a label is one of many in its column: those below it are Chinese words too, and hardly one stands twice.
fn is_a_name(sheet: &Sheet, row: usize, column: usize, cell: &Cell) -> bool {
    let label = cell.label();
    let unit = label.trim_matches(['(', ')']);
    let heads = matches!(unit, "单位" | "计量单位")
        || words::hints_code(&label)
        || words::is_time(&label)
        || words::is_running(&label);
    let below = (row + 1..sheet.height().min(row + SAMPLE)).map(|below| sheet.cell(below, column).label());
    let below: Vec<String> = below.filter(|label| !label.is_empty()).collect();
    let different: BTreeSet<&String> = below.iter().collect();
    let like = below.iter().filter(|label| is_han(label)).count();
    is_han(&label) && !heads && like * 2 > below.len() && different.len() * 3 > below.len() * 2
}

/// Whether a label has Chinese characters and is no period.
fn is_han(label: &str) -> bool {
    label.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && period_of(&Cell::text(label)).is_none()
}

/// Whether each label of a row stands where the row above is blank or has a label that runs right.
fn joins_blank(sheet: &Sheet, above: usize, row: usize) -> bool {
    let upper = sheet.cells(above);
    let Some((first, _)) = upper.first() else { return false };
    let blanks = sheet.cells(row).iter().filter(|(column, _)| sheet.cell(above, *column).is_empty()).count();
    let under_first = sheet.cell(row, *first).is_empty();
    blanks >= 1 && under_first && sheet.cells(row).len() < sheet.width(row).max(upper.len() + 1)
}

/// Whether a cell holds strokes alone.
pub(super) fn is_dash(cell: &Cell) -> bool {
    let label = cell.label();
    !label.is_empty() && label.chars().all(|c| matches!(c, '-' | '—' | '–' | '/'))
}

/// Whether the labels of a row stand over blanks, or over labels that repeat, of the row below.
pub(super) fn joins_below(sheet: &Sheet, row: usize) -> bool {
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

/// Whether most cells of a row are different periods: a header of numbers is one too.
fn is_period_header(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let periods: Vec<String> = cells.iter().filter_map(|(_, cell)| period_of(cell)).collect();
    let different: BTreeSet<&String> = periods.iter().collect();
    let in_order = periods.is_sorted() || periods.iter().rev().is_sorted();
    let numbers = cells.iter().filter(|(_, cell)| is_number(cell)).count();
    let several = different.len() >= 3 || (different.len() == 2 && are_headers(sheet, row));
    several && different.len() == periods.len() && numbers <= periods.len() && (in_order || numbers == 0)
}

/// Whether two years in a row (地区, 2023, 2024) head their columns: labels stand before them, and the figures below
/// are no years.
fn are_headers(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let dated: Vec<usize> =
        cells.iter().filter(|(_, cell)| period_of(cell).is_some()).map(|(column, _)| *column).collect();
    let labelled = cells.first().is_some_and(|(_, cell)| is_label(cell) && period_of(cell).is_none());
    let below = (row + 1..sheet.height().min(row + SAMPLE))
        .flat_map(|below| dated.iter().map(move |column| sheet.cell(below, *column)))
        .filter(|cell| is_number(cell));
    let (years, others): (Vec<&Cell>, Vec<&Cell>) = below.partition(|cell| period_of(cell).is_some());
    labelled && others.len() > years.len()
}
