//! Where the tables of a sheet stand, found by the headers alone; a table without header by the positions its contract
//! gives.
//!
//! For each contract every band of one to four rows around a known label is tried, and for wide tables around rows in
//! which several header values stand; the band that binds most fields, most of them by the whole path, under most
//! header values, in fewest rows, wins. Rows between two tables go to the next from its first title
//! row on, else to the one before.

use std::collections::{BTreeMap, BTreeSet};

use model::text;

use crate::bind::{self, Binding, Wanted};
use crate::grid::{Cell, Sheet};
use crate::header::{self, Band, Column, MAX_HEIGHT};
use crate::{rows, values};

/// How many rows with known labels are looked at for one contract.
const MAX_STARTS: usize = 500;
/// How many rows of texts are looked at for a header of which no label is known.
const MAX_UNKNOWN: usize = 5;
/// Longer texts are no header labels.
const MAX_LABEL: usize = 80;

/// A band that may head a table of a contract.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Which of the contracts.
    pub(crate) contract: usize,
    /// Its header band.
    pub(crate) band: Band,
    /// The columns of the band.
    pub(crate) columns: Vec<Column>,
    /// Where the fields stand.
    pub(crate) binding: Binding,
}

impl Found {
    /// The columns left and right of the fields in which nothing stands but in the band: titles, units and notes of a
    /// table that lies on its side.
    pub(crate) fn titles(&self, sheet: &Sheet) -> Vec<usize> {
        let bound: BTreeSet<usize> = self.binding.places().map(|(_, column)| column).collect();
        let (Some(first), Some(last)) = (bound.first(), bound.last()) else { return Vec::new() };
        let ends = sheet.last_filled().into_iter().enumerate();
        let alone = |(column, end): (usize, Option<usize>)| {
            let outside = column < *first || column > *last;
            (outside && end.is_some_and(|end| end < self.band.end())).then_some(column)
        };
        ends.filter_map(alone).collect()
    }
}

/// A table with the rows that belong to it.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its header and columns.
    pub(crate) found: Found,
    /// The first row that belongs to it.
    pub(crate) first: usize,
    /// The first row that does not.
    pub(crate) end: usize,
    /// It has the header and the title of the table above, or no title: both may be pages of one.
    pub(crate) is_next_page: bool,
}

/// Every band worth considering for the contracts named, in no order.
pub(crate) fn candidates(sheet: &Sheet, wanted: &[Wanted<'_>], contracts: &BTreeSet<usize>) -> Vec<Found> {
    let mut found = Vec::new();
    let last = sheet.last_filled();
    for contract in contracts {
        let by_position = wanted.get(*contract).and_then(|wanted| by_position(sheet, wanted, *contract));
        found.extend(by_position);
    }
    for (contract, rows) in rows_with_labels(sheet, wanted, contracts) {
        let Some(wanted) = wanted.get(contract) else { continue };
        let before = found.len();
        let pinned = wanted.contract.header_rows.and_then(|rows| usize::try_from(rows).ok());
        let mut bands = BTreeSet::new();
        for row in rows {
            for top in row.saturating_sub(MAX_HEIGHT - 1)..=row {
                bands.extend((row - top + 1..=MAX_HEIGHT).map(|height| Band { top, height }));
            }
        }
        for band in bands.into_iter().filter(|band| pinned.is_none_or(|height| height == band.height)) {
            let blank = |row: usize| sheet.cells(row).is_empty();
            if band.end() > sheet.height()
                || blank(band.top)
                || blank(band.end() - 1)
                || cuts_a_label(sheet, band)
            {
                continue;
            }
            let columns = header::columns(sheet, band);
            let binding = wanted.bind(&columns, |column| {
                last.get(column).copied().flatten().is_some_and(|row| row >= band.end())
            });
            if binding.named > 0 || binding.headed.len() > 1 {
                found.push(Found { contract, band, columns, binding });
            }
        }
        if wanted.knows_no_label() {
            // Any row of texts might be its header: one is.
            let (best, _) = choose(found.split_off(before));
            found.extend(best.into_iter().next());
        }
    }
    found
}

/// The table of a contract that tells columns by position: a band of no rows where its data begin.
///
/// Data begin in the first row whose cells are like those of most rows: numbers where most are numbers, texts where
/// most are texts, and no header the contract knows.
fn by_position(sheet: &Sheet, wanted: &Wanted<'_>, contract: usize) -> Option<Found> {
    let width = sheet.last_filled().len();
    let columns = wanted.positions(width)?;
    let binding = wanted.bind_positions(columns);
    if !binding.complete {
        return None;
    }
    let top = match wanted.contract.header_rows.map(usize::try_from) {
        Some(Ok(rows)) => rows,
        Some(Err(_)) => return None,
        None => first_data(sheet, wanted, &binding)?,
    };
    (top < sheet.height()).then(|| Found {
        contract,
        band: Band { top, height: 0 },
        columns: vec![Column::blank(); width],
        binding,
    })
}

/// Rows with content from a row on, as many as are looked at.
fn sample(sheet: &Sheet, from: usize) -> Vec<usize> {
    (from..sheet.height()).filter(|row| !sheet.cells(*row).is_empty()).take(MAX_STARTS).collect()
}

/// Whether a number stands in a cell; `None` for a blank one.
fn kind(sheet: &Sheet, row: usize, column: usize) -> Option<bool> {
    let cell = sheet.cell(row, column);
    (!cell.is_empty()).then(|| values::looks_numeric(cell))
}

/// For each field with a column whether most of these rows hold numbers there; `None` where most hold nothing.
fn usual(sheet: &Sheet, rows: &[usize], binding: &Binding) -> Vec<(usize, usize, Option<bool>)> {
    let more_than_half = |count: usize| count * 2 > rows.len();
    let of = |(field, column): (usize, usize)| {
        let count = |wanted| rows.iter().filter(|row| kind(sheet, **row, column) == Some(wanted)).count();
        let (numbers, texts) = (count(true), count(false));
        (field, column, more_than_half(numbers + texts).then_some(numbers > texts))
    };
    binding.places().map(of).collect()
}

fn is_alike(sheet: &Sheet, row: usize, usual: &[(usize, usize, Option<bool>)]) -> bool {
    usual.iter().all(|(_, column, usual)| usual.is_none() || kind(sheet, row, *column) == *usual)
}

fn first_data(sheet: &Sheet, wanted: &Wanted<'_>, binding: &Binding) -> Option<usize> {
    let rows = sample(sheet, 0);
    let usual = usual(sheet, &rows, binding);
    let needed = |field: usize| wanted.contract.field.get(field).is_some_and(bind::needed);
    if usual.iter().any(|(field, _, kind)| needed(*field) && kind.is_none()) {
        return None;
    }
    rows.into_iter().find(|row| {
        let heads =
            |(field, column, _): &(usize, usize, _)| wanted.heads(*field, &sheet.cell(*row, *column).label());
        let filled = usual.iter().any(|(_, _, usual)| usual.is_some());
        filled && is_alike(sheet, *row, &usual) && !usual.iter().any(heads)
    })
}

/// The rest of a table that began on the sheet before: a sheet without header whose first row and most of whose rows
/// hold numbers and texts in the same columns, at least one of numbers, and nothing to the right of them.
pub(crate) fn continued(sheet: &Sheet, before: &Sheet, above: &Found) -> Option<Found> {
    let rows = sample(sheet, 0);
    let top = rows.first().copied()?;
    let known = usual(before, &sample(before, above.band.end()), &above.binding);
    let numbers = known.iter().any(|(_, _, kind)| *kind == Some(true));
    let same =
        known.len() > 1 && known == usual(sheet, &rows, &above.binding) && is_alike(sheet, top, &known);
    let inside = sheet.last_filled().len() <= above.columns.len();
    (numbers && same && inside).then(|| Found { band: Band { top, height: 0 }, ..above.clone() })
}

/// The complete tables among the candidates: the best first, none over the header of another.
pub(crate) fn choose(mut candidates: Vec<Found>) -> (Vec<Found>, Vec<Found>) {
    candidates.sort_by_key(|found| {
        let binding = &found.binding;
        let most = std::cmp::Reverse((binding.complete, binding.found, binding.exact, binding.headed.len()));
        (most, found.band.height, found.band.top, found.contract)
    });
    let mut chosen: Vec<Found> = Vec::new();
    let mut left = Vec::new();
    for candidate in candidates {
        if chosen.iter().any(|other| other.band.overlaps(candidate.band)) {
            continue;
        }
        // The labels alone, beside a table of the same contract with more: that is a table of something else.
        let labels_only = candidate.binding.found == 1
            && chosen.iter().any(|other| other.contract == candidate.contract && other.binding.found > 1);
        if labels_only {
            continue;
        }
        if candidate.binding.complete { chosen.push(candidate) } else { left.push(candidate) }
    }
    (chosen, left)
}

/// Deals the rows of the sheet out to its tables.
pub(crate) fn deal(sheet: &Sheet, mut chosen: Vec<Found>) -> Vec<Table> {
    chosen.sort_by_key(|found| found.band);
    let mut firsts: Vec<usize> = Vec::new();
    for (at, found) in chosen.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|before| chosen.get(before));
        firsts.push(above.map_or(0, |above| first_title(sheet, above.band.end(), found.band.top)));
    }
    let ends = firsts.iter().skip(1).copied().chain(std::iter::once(sheet.height()));
    let rows: Vec<(usize, usize)> = firsts.iter().copied().zip(ends).collect();
    let mut tables: Vec<Table> = Vec::new();
    for (found, (first, end)) in chosen.into_iter().zip(rows) {
        let own = caption(sheet, first, found.band.top);
        let is_next_page = tables.last().is_some_and(|above| {
            let same = above.found.contract == found.contract && above.found.columns == found.columns;
            same && (own.is_empty() || own == caption(sheet, above.first, above.found.band.top))
        });
        tables.push(Table { found, first, end, is_next_page });
    }
    tables
}

/// The title right above a header, without what says that it goes on: 续表.
fn caption(sheet: &Sheet, first: usize, header: usize) -> String {
    let titles = (first..header).rev().filter(|row| rows::is_title(sheet, *row));
    let label = |row: usize| sheet.cells(row).first().map(|(_, cell)| cell.label()).unwrap_or_default();
    titles.map(label).next().unwrap_or_default().replace("续表", "").replace("(续)", "")
}

/// The first row of the block of titles right above a header, looking no higher than `from`; the header itself when
/// there is none.
pub(crate) fn first_title(sheet: &Sheet, from: usize, header: usize) -> usize {
    let blank = |row: usize| sheet.cells(row).is_empty();
    let mut bottom = header;
    while bottom > from && blank(bottom - 1) {
        bottom -= 1;
    }
    let mut top = bottom;
    while top > from && rows::is_title(sheet, top - 1) {
        top -= 1;
    }
    if top < bottom { top } else { header }
}

/// Whether a label merged over several rows begins in the band and ends below it, where a taller band would hold it.
fn cuts_a_label(sheet: &Sheet, band: Band) -> bool {
    let begun =
        (band.top..band.end()).flat_map(|row| sheet.merges_of(row)).filter(|region| region.top >= band.top);
    begun.into_iter().any(|region| (band.end()..band.top + MAX_HEIGHT).contains(&region.bottom))
}

/// Whether several texts and no numbers stand in a row.
fn is_texts(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    cells.len() > 1 && cells.iter().all(|(_, cell)| !values::looks_numeric(cell))
}

fn note(rows: &mut BTreeMap<usize, Vec<usize>>, contract: usize, row: usize) {
    let rows = rows.entry(contract).or_default();
    if rows.last() != Some(&row) && rows.len() < MAX_STARTS {
        rows.push(row);
    }
}

/// For each contract the rows in which one of its header labels stands, or two of its header values.
fn rows_with_labels(
    sheet: &Sheet,
    wanted: &[Wanted<'_>],
    contracts: &BTreeSet<usize>,
) -> BTreeMap<usize, Vec<usize>> {
    let mut known: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut initials: BTreeSet<char> = BTreeSet::new();
    for (contract, wanted) in wanted.iter().enumerate().filter(|(at, _)| contracts.contains(at)) {
        for label in wanted.labels().filter(|label| !label.is_empty()) {
            initials.extend(label.chars().next());
            known.entry(label).or_default().insert(contract);
        }
    }
    let wide: Vec<usize> = contracts
        .iter()
        .copied()
        .filter(|contract| wanted.get(*contract).is_some_and(Wanted::reads_header_values))
        .collect();
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for contract in contracts.iter().copied() {
        if wanted.get(contract).is_some_and(Wanted::knows_no_label) {
            let texts = sheet.rows().filter(|row| is_texts(sheet, *row));
            rows.insert(contract, texts.take(MAX_UNKNOWN).collect());
        }
    }
    for row in sheet.rows() {
        for contract in &wide {
            let Some(wanted) = wanted.get(*contract) else { continue };
            let values = sheet.cells(row).iter().filter(|(_, cell)| wanted.is_header_value(&cell.shown()));
            if values.take(2).count() == 2 {
                note(&mut rows, *contract, row);
            }
        }
        for (_, cell) in sheet.cells(row) {
            let Cell::Text(raw) = cell else { continue };
            let other = text::initial(raw).is_some_and(|initial| !initials.contains(&initial));
            if raw.len() > MAX_LABEL * 4 || other {
                continue;
            }
            let label = header::split_unit(&text::squeeze(header::without_mark(raw))).0;
            for contract in known.get(label.as_str()).into_iter().flatten() {
                note(&mut rows, *contract, row);
            }
        }
    }
    rows
}
