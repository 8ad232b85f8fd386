//! One delivery from bytes to outcome: open the file, find the tables of all its contracts, read them, account for
//! what is left.

use std::collections::BTreeSet;

use model::{Accounting, Contract, Delivery, Digest, Finding, Reference, RowKind};

use crate::bind::Wanted;
use crate::format::{self, Opened, Trouble};
use crate::grid::{Sheet, counted};
use crate::layout::{self, Found};
use crate::source::{self, Place, Source};

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

/// Reads one delivery. Never fails: what is wrong is a finding.
pub fn read(job: &Job<'_>, bytes: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    match format::open(bytes) {
        Ok(opened) => read_sheets(job, &Digest::of(bytes), &opened, &mut outcome),
        Err(trouble) => outcome.findings.push(unopened(job, trouble)),
    }
    outcome.findings.sort();
    outcome
}

fn unopened(job: &Job<'_>, trouble: Trouble) -> Finding {
    let finding = |code| Finding::new(code, &job.delivery.file);
    match trouble {
        Trouble::Empty => finding("file-empty"),
        Trouble::Unknown => finding("file-of-unknown-kind"),
        Trouble::NotRead(kind) => finding("file-kind-not-read").with("kind", kind),
        Trouble::Damaged(kind, reason) => finding("file-damaged").with("kind", kind).with("reason", reason),
        Trouble::TooBig => finding("file-too-big"),
    }
}

fn read_sheets(job: &Job<'_>, file: &Digest, opened: &Opened, outcome: &mut Outcome) {
    if opened.undecodable > 0 {
        outcome.findings.push(
            Finding::new("undecodable-text", &job.delivery.file)
                .with("encoding", &opened.encoding)
                .with("count", opened.undecodable),
        );
    }
    let wanted: Vec<Wanted<'_>> = job.contracts.iter().map(|contract| Wanted::new(contract)).collect();
    let found = find_tables(job, opened, &wanted, outcome);
    for (sheet, chosen) in opened.sheets.iter().zip(found) {
        if chosen.is_empty() {
            tell_unread(job, sheet, outcome);
            continue;
        }
        let place = Place { job, file, format: opened.format, encoding: &opened.encoding, sheet };
        for (number, table) in layout::deal(sheet, chosen).iter().enumerate() {
            if let Some(wanted) = wanted.get(table.found.contract) {
                let source = source::read(place, wanted, table, counted(number), &mut outcome.findings);
                outcome.sources.push(source);
            }
        }
    }
}

/// For each sheet the tables to read. A contract that has a complete table anywhere in the file is read from complete
/// tables only; for one that has none, the most likely incomplete table is read, to say what it lacks.
fn find_tables(
    job: &Job<'_>,
    opened: &Opened,
    wanted: &[Wanted<'_>],
    outcome: &mut Outcome,
) -> Vec<Vec<Found>> {
    let mut chosen = Vec::new();
    let mut left = Vec::new();
    for (at, sheet) in opened.sheets.iter().enumerate() {
        let candidates = if sheet.hidden { Vec::new() } else { layout::candidates(sheet, wanted) };
        let (complete, rest) = layout::choose(candidates);
        left.extend(rest.into_iter().map(|found| (at, found)));
        chosen.push(complete);
    }
    let read: BTreeSet<usize> = chosen.iter().flatten().map(|found| found.contract).collect();
    for (contract, wanted) in wanted.iter().enumerate().filter(|(contract, _)| !read.contains(contract)) {
        let mut likely: Vec<&(usize, Found)> = left
            .iter()
            .filter(|(_, found)| found.contract == contract && is_likely(found, wanted.contract))
            .filter(|(at, found)| {
                let others = chosen.get(*at).into_iter().flatten();
                others.clone().all(|other| !other.band.overlaps(found.band))
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
    chosen
}

/// Half of the fields, one of them by a header that is not blank: enough to say that this table was meant.
fn is_likely(found: &Found, contract: &Contract) -> bool {
    found.binding.named >= 1 && found.binding.found * 2 >= contract.field.len()
}

/// The preferred headers of the fields a table must have.
fn expected(contract: &Contract) -> String {
    let needed = contract.field.iter().filter(|field| crate::bind::needed(field));
    let names = needed.filter_map(|field| field.zh.iter().find(|name| !name.is_empty()));
    names.map(String::as_str).collect::<Vec<_>>().join("、")
}

fn tell_unread(job: &Job<'_>, sheet: &Sheet, outcome: &mut Outcome) {
    let mut accounting = Accounting::default();
    for row in 0..sheet.height() {
        accounting.sheet_rows += 1;
        accounting.add(match (sheet.hidden, sheet.cells(row).is_empty()) {
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
