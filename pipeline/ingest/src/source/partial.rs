//! A long table read stretch by stretch: what is known of it before, what comes of one stretch, how both become one
//! source.
//!
//! Stretches know nothing of each other, so they may be read at once. A table whose rows must be seen together (values
//! that may not repeat, rows linked with others, parts with sums of their own) is not read so: see [`crate::long`].

use std::collections::{BTreeMap, BTreeSet};

use arrow::record_batch::RecordBatch;
use model::{Accounting, Field, Finding};

use super::checks::Sum;
use super::plan::{self, Plan};
use super::reader::{Lines, Reader};
use super::{HandedOut, MissingValue, Place, Source, id};
use crate::bind::{Wanted, writable};
use crate::decide::Evidence;
use crate::grid::Sheet;
use crate::layout::Table;
use crate::rows::Classified;
use crate::totals::Ledger;

/// What every stretch of a long table is read with. The sheet of its place is the first stretch.
#[derive(Debug)]
pub(crate) struct Long<'a> {
    place: Place<'a>,
    wanted: &'a Wanted<'a>,
    table: &'a Table,
    first: &'a Classified,
    plan: Plan,
    id: i64,
    lines: Lines,
}

/// What came of a stretch, or of several one after the other.
#[derive(Debug, Default)]
pub(crate) struct Partial {
    pub(super) findings: Vec<Finding>,
    pub(super) accounting: Accounting,
    pub(super) tested: Vec<u64>,
    pub(super) ledger: Ledger,
    pub(super) sums: Vec<Sum>,
    pub(super) notes: Vec<String>,
    pub(super) flags: BTreeSet<String>,
    pub(super) noted: BTreeMap<(usize, &'static str), (u64, usize, usize)>,
}

/// The rows of a stretch.
#[derive(Debug)]
pub(crate) struct Rows {
    /// The rows that were read.
    pub(crate) kept: RecordBatch,
    /// The rows that were refused.
    pub(crate) rejects: RecordBatch,
    /// Why values are missing.
    pub(crate) missing: Vec<MissingValue>,
}

impl<'a> Long<'a> {
    /// Plans a table by its first stretch, of which `first` says what the rows are; `evidence` is what is known of each
    /// field in the whole table.
    pub(crate) fn new(
        place: Place<'a>,
        wanted: &'a Wanted<'a>,
        table: &'a Table,
        first: &'a Classified,
        evidence: &[Evidence],
    ) -> Self {
        let of = |field: usize, _: &[usize]| evidence.get(field).cloned().unwrap_or_default();
        let plan = plan::make(place, wanted, table, first, &of);
        let id = id(place.file, &place.sheet.name, 1);
        // What is wrong with the lines is told when the table is finished.
        let mut unsaid = Vec::new();
        let mut reader = Reader::new(place, wanted, table, &plan, id, &mut unsaid);
        reader.read_lines(&first.lines);
        let lines = reader.lines;
        Self { place, wanted, table, first, plan, id, lines }
    }

    /// Whether cells are read the same way under both.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        self.plan.reads_like(&other.plan)
    }

    /// The upper half of the origins of its rows.
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    /// What the cells of a stretch say of each field as a whole.
    pub(crate) fn evidence(&self, sheet: &Sheet, classified: &Classified) -> Vec<Evidence> {
        let bound = self.wanted.contract.field.iter().zip(&self.table.found.binding.columns);
        let of = |(field, column): (&Field, &Option<usize>)| match column {
            Some(column) => plan::evidence(sheet, field, &[*column], classified),
            None => Evidence::default(),
        };
        bound.map(of).collect()
    }

    /// Reads a stretch.
    pub(crate) fn read(&self, sheet: &Sheet, classified: &Classified) -> (Partial, Rows) {
        let place = Place { sheet, ..self.place };
        let mut findings = Vec::new();
        let mut reader = Reader::new(place, self.wanted, self.table, &self.plan, self.id, &mut findings);
        reader.lines = self.lines.clone();
        if self.wanted.contract.field.iter().any(|field| field.adds_up() && writable(field)) {
            reader.ledger.open_in_runs();
        }
        reader.read_rows(classified);
        let rows = Rows {
            kept: reader.rows.finish(place.job.delivery, place.job.number),
            rejects: reader.rejects.finish(self.wanted.contract),
            missing: reader.missing,
        };
        let partial = Partial {
            accounting: reader.accounting,
            tested: reader.rules.tested(),
            ledger: reader.ledger,
            sums: reader.sums,
            notes: reader.notes,
            flags: reader.flags,
            noted: reader.noted,
            findings,
        };
        (partial, rows)
    }

    /// The source, when all stretches are read and their rows handed out.
    pub(crate) fn finish(&self, all: Partial, handed_out: HandedOut, findings: &mut Vec<Finding>) -> Source {
        let mut reader = Reader::new(self.place, self.wanted, self.table, &self.plan, self.id, findings);
        reader.tell_columns(self.first);
        reader.read_lines(&self.first.lines);
        reader.absorb(all);
        Source { handed_out: Some(handed_out), ..reader.finish(1, self.first) }
    }
}

impl Partial {
    /// Adds what came of the next stretch.
    pub(crate) fn add(&mut self, mut next: Self) {
        self.findings.append(&mut next.findings);
        self.accounting.join(&next.accounting);
        self.tested.resize(next.tested.len(), 0);
        self.tested.iter_mut().zip(&next.tested).for_each(|(all, next)| *all += next);
        self.ledger.append(next.ledger);
        self.sums.append(&mut next.sums);
        self.notes.append(&mut next.notes);
        self.flags.append(&mut next.flags);
        for (what, (count, row, column)) in next.noted {
            // Where it stands first is told.
            self.noted.entry(what).or_insert((0, row, column)).0 += count;
        }
    }
}

impl Reader<'_> {
    /// Takes what came of all stretches of a table for what it read itself.
    fn absorb(&mut self, mut all: Partial) {
        self.findings.append(&mut all.findings);
        self.accounting = all.accounting;
        self.rules.add_tested(&all.tested);
        self.ledger = all.ledger;
        self.sums = all.sums;
        self.notes = all.notes;
        self.flags.append(&mut all.flags);
        self.noted = all.noted;
    }
}
