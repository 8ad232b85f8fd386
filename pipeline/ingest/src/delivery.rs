//! One delivery from bytes to outcome: open the file, find the tables of all its contracts, read them, account for
//! what is left.

use std::collections::BTreeSet;

use model::contract::{FieldSource, Hidden, Orientation};
use model::{Accounting, Contract, Delivery, Digest, Field, Finding, Reference, RowKind};

use crate::bind::Wanted;
use crate::format::{self, Opened};
use crate::grid::{Sheet, counted};
use crate::header::{self, Band};
use crate::layout::{self, Found};
use crate::refused;
use crate::rows;
use crate::source::{self, Place, Source};
use crate::view::View;

/// What is needed to read one delivery.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// What is known of it.
    pub delivery: &'a Delivery,
    /// Its place in `deliveries.toml`, from 1.
    pub number: i64,
    /// The contracts its tables may fulfil.
    pub contracts: &'a [&'a Contract],
    /// Units and their names.
    pub reference: &'a Reference,
}

/// What came of one delivery.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The tables read, in the order of the sheets and rows.
    pub sources: Vec<Source>,
    /// The sheets in which no table was found.
    pub unread: Vec<SheetRows>,
    /// What is wrong, in order of place.
    pub findings: Vec<Finding>,
}

/// The rows of a sheet that belong to no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRows {
    /// The sheet.
    pub sheet: String,
    /// Its rows: blank, hidden, or in no table a contract asks for (out of scope).
    pub accounting: Accounting,
}

/// Most places a finding about hidden rows or columns names.
const FIRST_PLACES: usize = 5;

/// Reads one delivery. Never fails: what is wrong is a finding.
pub fn read(job: &Job<'_>, bytes: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    match format::open(bytes) {
        Ok(opened) => read_sheets(job, &Digest::of(bytes), &opened, &mut outcome),
        Err(trouble) => outcome.findings.push(format::unopened(&job.delivery.file, trouble)),
    }
    outcome.findings.sort();
    outcome
}

/// Reads the sheets of an opened file.
pub(crate) fn read_sheets(job: &Job<'_>, file: &Digest, opened: &Opened, outcome: &mut Outcome) {
    if opened.undecodable > 0 {
        outcome.findings.push(
            Finding::new("undecodable-text", &job.delivery.file)
                .with("encoding", &opened.encoding)
                .with("count", opened.undecodable),
        );
    }
    if let Some(first) = opened.in_utf_8.first() {
        outcome.findings.push(
            Finding::new("mixed-encodings", &job.delivery.file)
                .with("encoding", &opened.encoding)
                .with("count", opened.in_utf_8.len())
                .with("line", first),
        );
    }
    let wanted: Vec<Wanted<'_>> =
        job.contracts.iter().map(|contract| Wanted::new(contract).resolving(job)).collect();
    if opened.sheets.iter().any(|sheet| !sheet.hidden_known) {
        let finding = Finding::new("hidden-unknown", &job.delivery.file);
        outcome.findings.push(finding.with("format", opened.format));
    }
    let views: Vec<View<'_>> = opened.sheets.iter().map(|sheet| View::new(sheet, &wanted)).collect();
    let found = find_tables(job, &views, &wanted, outcome);
    let refused = views.iter().zip(&found).find_map(|(view, tables)| {
        let orientation = orientation_of(tables, &wanted);
        let sheet = view.lying(orientation, Hidden::Use).unwrap_or(view.full);
        refused::header(&job.delivery.file, sheet, tables, job.contracts)
    });
    if let Some(refused) = refused {
        // Nothing else is said: findings quote cells.
        outcome.findings = vec![refused];
        return;
    }
    // Tables are numbered in their sheet, those side by side from left to right.
    let mut before = 0;
    for (view, chosen) in views.iter().zip(found) {
        if view.full.stripe == 0 {
            before = 0;
        }
        let readers = chosen.iter().filter_map(|found| wanted.get(found.contract));
        let uses = readers.map(|wanted| wanted.contract).find(|contract| contract.hidden == Hidden::Use);
        if view.full.stripe == 0 {
            tell_hidden(job, view.full, uses, outcome);
        }
        if chosen.is_empty() {
            tell_unread(job, view.full, outcome);
            continue;
        }
        let orientation = orientation_of(&chosen, &wanted);
        let hidden = if uses.is_some() { Hidden::Use } else { Hidden::Skip };
        let seen = view.lying(orientation, hidden).unwrap_or(view.full);
        let tables = layout::deal(seen, chosen);
        for (number, table) in tables.iter().enumerate() {
            if let Some(wanted) = wanted.get(table.found.contract) {
                let sheet = view.of(wanted.contract);
                let place = Place { job, file, format: opened.format, encoding: &opened.encoding, sheet };
                tell_guesses(job, sheet, wanted.contract, table.found.band, outcome);
                let source =
                    source::read(place, wanted, table, counted(before + number), &mut outcome.findings);
                if tables.len() == 1 {
                    outcome.findings.extend(unlike_name(job, &source));
                }
                outcome.sources.push(source);
            }
        }
        before += tables.len();
    }
}

/// For each sheet the tables to read. A contract that has a complete table anywhere in the file is read from complete
/// tables only; for one that has none, the most likely incomplete table is read, to say what it lacks.
fn find_tables(
    job: &Job<'_>,
    views: &[View<'_>],
    wanted: &[Wanted<'_>],
    outcome: &mut Outcome,
) -> Vec<Vec<Found>> {
    let all = wanted;
    let mut chosen: Vec<Vec<Found>> = Vec::new();
    let mut left = Vec::new();
    for (at, view) in views.iter().enumerate() {
        let (mut best, rest) = tables_of(view, wanted);
        left.extend(rest.into_iter().map(|found| (at, found)));
        // The labels alone, beside a table of the same contract with more, head a table of something else.
        let beside = chosen.iter().rev().take(view.full.stripe).flatten();
        let more: BTreeSet<usize> =
            beside.filter(|found: &&Found| found.binding.found > 1).map(|found| found.contract).collect();
        best.retain(|found| found.binding.found > 1 || !more.contains(&found.contract));
        chosen.push(best);
    }
    let read: BTreeSet<usize> = chosen.iter().flatten().map(|found| found.contract).collect();
    for (contract, wanted) in wanted.iter().enumerate().filter(|(contract, _)| !read.contains(contract)) {
        let mut likely: Vec<&(usize, Found)> = left
            .iter()
            .filter(|(_, found)| found.contract == contract && is_likely(found, wanted.contract))
            .filter(|(at, found)| {
                let others = chosen.get(*at).into_iter().flatten();
                others.clone().all(|other| {
                    orientation_of(std::slice::from_ref(other), all) == wanted.contract.orientation
                        && !other.band.overlaps(found.band)
                })
            })
            .collect();
        likely.sort_by_key(|(at, found)| {
            let binding = &found.binding;
            (std::cmp::Reverse((binding.found, binding.exact)), found.band.height, *at, found.band.top)
        });
        match likely.first() {
            Some((at, found)) => {
                if let Some(sheet) = chosen.get_mut(*at) {
                    sheet.push(found.clone());
                }
            }
            None => outcome.findings.push(
                Finding::new("no-table", &job.delivery.file)
                    .of_contract(&wanted.contract.id)
                    .with("contract", &wanted.contract.title_zh)
                    .with("expected", expected(wanted.contract)),
            ),
        }
    }
    continue_tables(views, wanted, &mut chosen);
    chosen
}

/// The complete tables of a sheet, and the others of either orientation. All tables of a sheet lie one way: the one in
/// which more fields find their columns.
pub(crate) fn tables_of(view: &View<'_>, wanted: &[Wanted<'_>]) -> (Vec<Found>, Vec<Found>) {
    let mut left = Vec::new();
    let [rows, columns] = [Orientation::Rows, Orientation::Columns].map(|orientation| {
        let (complete, rest) = layout::choose(view.candidates(wanted, orientation));
        left.extend(rest);
        complete
    });
    let fields = |found: &[Found]| found.iter().map(|found| found.binding.found).sum::<usize>();
    (if fields(&columns) > fields(&rows) { columns } else { rows }, left)
}

/// Sheets without a table that go on with the one table of the sheet before.
fn continue_tables(views: &[View<'_>], wanted: &[Wanted<'_>], chosen: &mut [Vec<Found>]) {
    for (at, pair) in views.windows(2).enumerate() {
        let [before, view] = pair else { continue };
        let (Some([above]), Some([])) =
            (chosen.get(at).map(Vec::as_slice), chosen.get(at + 1).map(Vec::as_slice))
        else {
            continue;
        };
        let Some(wanted) = wanted.get(above.contract).map(|wanted| wanted.contract) else { continue };
        let seen = !view.full.hidden || wanted.hidden == Hidden::Use;
        let same_sheet = view.full.stripe > 0;
        if same_sheet
            || !seen
            || !wanted.reads_sheet(&view.full.name)
            || wanted.by_position()
            || !above.binding.complete
        {
            continue;
        }
        let found = layout::continued(view.of(wanted), before.of(wanted), above);
        if let (Some(found), Some(slot)) = (found, chosen.get_mut(at + 1)) {
            slot.push(found);
        }
    }
}

/// Which way the tables of a sheet lie.
fn orientation_of(chosen: &[Found], wanted: &[Wanted<'_>]) -> Orientation {
    let first = chosen.first().and_then(|found| wanted.get(found.contract));
    first.map(|wanted| wanted.contract.orientation).unwrap_or_default()
}

/// Half of the fields that have headers, one of them by a header that is not blank: enough to say that this table was
/// meant.
fn is_likely(found: &Found, contract: &Contract) -> bool {
    let headed =
        |field: &&Field| field.has_column() || matches!(field.from, FieldSource::Header | FieldSource::Cell);
    found.binding.named >= 1 && found.binding.found * 2 >= contract.field.iter().filter(headed).count()
}

/// The preferred headers of the fields a table must have.
fn expected(contract: &Contract) -> String {
    let needed = contract.field.iter().filter(|field| crate::bind::needed(field));
    let name = |field: &'_ Field| {
        let name = field.zh.iter().find(|name| !name.is_empty()).cloned();
        // A field without a header of its own is known by what its values are.
        name.or_else(|| (field.from == FieldSource::Header).then(|| format!("‹{}›", field.kind.name())))
    };
    needed.filter_map(name).collect::<Vec<_>>().join("、")
}

/// A sheet whose name says how many rows its only table has, `名单（59家）`, and which has others.
fn unlike_name(job: &Job<'_>, source: &Source) -> Option<Finding> {
    let (name, count) = rows::name_and_count(&source.sheet);
    let count = count.filter(|_| source.crossings.is_none())?;
    let found = source.accounting.count(RowKind::Kept) + source.accounting.count(RowKind::Rejected);
    (found != count).then(|| {
        Finding::new("section-count-differs", &job.delivery.file)
            .at(&source.sheet, 0, 0)
            .of_contract(&source.contract)
            .with("section", name)
            .with("expected", count)
            .with("found", found)
    })
}

/// Says what was inferred about a header and not said by the file.
pub(crate) fn tell_guesses(
    job: &Job<'_>,
    sheet: &Sheet,
    contract: &Contract,
    band: Band,
    outcome: &mut Outcome,
) {
    let finding = |code| {
        let (row, column) = match contract.orientation {
            Orientation::Rows => (counted(band.top), 0),
            Orientation::Columns => (0, counted(band.top)),
        };
        Finding::new(code, &job.delivery.file).at(&sheet.name, row, column).of_contract(&contract.id)
    };
    if band.height == 0 && !contract.by_position() {
        outcome.findings.push(finding("header-continued"));
        return;
    }
    if band.height == 0 {
        outcome.findings.push(finding("header-by-position").with("first", counted(band.top)));
        return;
    }
    let guessed = header::guessed(sheet, band);
    if contract.header_rows.is_none() && !guessed.is_empty() {
        let labels = guessed.join("、");
        outcome.findings.push(finding("header-inferred").with("rows", band.height).with("labels", labels));
    }
}

/// Says what is hidden in a sheet, and whether it was read.
fn tell_hidden(job: &Job<'_>, sheet: &Sheet, uses: Option<&Contract>, outcome: &mut Outcome) {
    let rows: Vec<usize> = sheet.hidden_rows().filter(|row| !sheet.cells(*row).is_empty()).collect();
    let columns = sheet.hidden_columns();
    if let Some(contract) = uses {
        if sheet.hidden || !rows.is_empty() || !columns.is_empty() {
            outcome.findings.push(
                Finding::new("hidden-used", &job.delivery.file)
                    .at(&sheet.name, 0, 0)
                    .of_contract(&contract.id)
                    .with("rows", if sheet.hidden { sheet.height() } else { rows.len() })
                    .with("columns", columns.len()),
            );
        }
        return;
    }
    if sheet.hidden {
        return;
    }
    let named = |all: &[usize], name: &dyn Fn(usize) -> String| {
        let mut first: Vec<String> = all.iter().take(FIRST_PLACES).map(|at| name(*at)).collect();
        if all.len() > FIRST_PLACES {
            first.push("…".to_owned());
        }
        first.join("、")
    };
    if let Some(first) = rows.first() {
        outcome.findings.push(
            Finding::new("hidden-rows", &job.delivery.file)
                .at(&sheet.name, counted(*first), 0)
                .with("count", rows.len())
                .with("places", named(&rows, &|row| counted(row).to_string())),
        );
    }
    if !columns.is_empty() {
        let letters = |column| model::finding::column_letters(counted(column));
        outcome.findings.push(
            Finding::new("hidden-columns", &job.delivery.file)
                .at(&sheet.name, 0, 0)
                .with("count", columns.len())
                .with("places", named(&columns, &letters)),
        );
    }
}

fn tell_unread(job: &Job<'_>, sheet: &Sheet, outcome: &mut Outcome) {
    // Its rows are counted with the tables beside it.
    if sheet.stripe > 0 {
        let finding = Finding::new("table-beside", &job.delivery.file).at(&sheet.name, 0, 0);
        outcome.findings.push(finding.with("number", sheet.stripe + 1));
        return;
    }
    let mut accounting = Accounting::default();
    for row in 0..sheet.height() {
        accounting.sheet_rows += 1;
        accounting.add(match (sheet.hidden || sheet.is_hidden_row(row), sheet.cells(row).is_empty()) {
            (true, _) => RowKind::Hidden,
            (false, true) => RowKind::Blank,
            (false, false) => RowKind::OutOfScope,
        });
    }
    if sheet.height() > 0 {
        let code = if sheet.hidden { "hidden-sheet" } else { "sheet-without-table" };
        let finding = Finding::new(code, &job.delivery.file).at(&sheet.name, 0, 0);
        outcome.findings.push(finding.with("sheet", &sheet.name).with("rows", sheet.height()));
    }
    outcome.unread.push(SheetRows { sheet: sheet.name.clone(), accounting });
}
