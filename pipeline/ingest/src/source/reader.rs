//! The rows of one table, one after the other: kept, refused, or without any value.
//!
//! A sheet row of a wide table is read once for the columns of the row itself, then once for each header value. What
//! is wrong with a cell is told by [`super::cell`], what is wrong with the table by [`super::columns`].

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use model::contract::{FieldSource, Orientation};
use model::resolve::Meaning;
use model::{Accounting, Decimal, Field, FieldType, Finding, Location, RowKind};

use super::cell::RowMeasure;
use super::checks::Sum;
use super::derived::Links;
use super::plan::{Head, Plan};
use super::seen::Seen;
use super::{LINE_BITS, MissingValue, Place};
use crate::bind::Wanted;
use crate::constraints::{Rules, as_number, as_text};
use crate::grid::{Cell, counted};
use crate::layout::Table;
use crate::rows::{Classified, Row};
use crate::table::{Named, Rejects, Rows};
use crate::totals::{Figure, Ledger};
use crate::values::{self, Value};

/// What is being read, and what has come of it so far.
pub(super) struct Reader<'a> {
    pub(super) place: Place<'a>,
    pub(super) wanted: &'a Wanted<'a>,
    pub(super) table: &'a Table,
    pub(super) plan: &'a Plan,
    pub(super) id: i64,
    pub(super) rules: Rules,
    pub(super) missing: Vec<MissingValue>,
    /// Those of the row being read: they count only if the row is kept.
    pub(super) missing_of_row: Vec<MissingValue>,
    pub(super) lines: Lines,
    /// The header values that break a rule, with the code of its finding.
    pub(super) refused_heads: BTreeMap<u32, &'static str>,
    /// The measure unit of the row being read.
    pub(super) measure_of_row: Option<RowMeasure>,
    /// For each field what was read of its cells before.
    pub(super) seen: Vec<Seen<values::Read>>,
    /// The worth of their last printed places.
    places: Vec<Seen<Option<Decimal>>>,
    /// Whether a text ends in a measure unit in brackets.
    pub(super) ending: Seen<bool>,
    /// The units offices register for.
    pub(super) offices: Seen<Option<EcoString>>,
    /// The last address that was located.
    pub(super) address: Option<(EcoString, Option<Location>)>,
    /// The figures of the row being read that add up: by header value, then by field.
    pub(super) figures: Vec<Option<Figure>>,
    pub(super) ledger: Ledger,
    /// What the sums among the rows say.
    pub(super) sums: Vec<Sum>,
    /// The notes above and below the table.
    pub(super) notes: Vec<String>,
    /// For each field of linked numbers what its rows agree in.
    pub(super) links: BTreeMap<usize, Links>,
    pub(super) accounting: Accounting,
    pub(super) crossings: Accounting,
    pub(super) rows: Rows<'a>,
    pub(super) rejects: Rejects,
    pub(super) flags: BTreeSet<String>,
    /// For each field and note how many values have it, and where first.
    pub(super) noted: BTreeMap<(usize, &'static str), (u64, usize, usize)>,
    pub(super) findings: &'a mut Vec<Finding>,
}

/// What the lines above a table say of all its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// For each field what they say.
    pub(super) said: Vec<Option<Value>>,
    /// The unit of the table as a whole, and the county it is a part of.
    pub(super) unit: Option<(String, Option<String>)>,
    /// A field that every row needs and no line states.
    pub(super) lacking: Option<String>,
}

impl<'a> Reader<'a> {
    /// A reader that has read nothing yet.
    pub(super) fn new(
        place: Place<'a>,
        wanted: &'a Wanted<'a>,
        table: &'a Table,
        plan: &'a Plan,
        id: i64,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let fields = wanted.contract.field.len();
        let flags = place.job.delivery.flags.iter().chain(&plan.flags).cloned().collect();
        Self {
            place,
            wanted,
            table,
            plan,
            id,
            rules: Rules::new(wanted.contract),
            missing: Vec::new(),
            missing_of_row: Vec::new(),
            lines: Lines { said: vec![None; fields], ..Lines::default() },
            refused_heads: BTreeMap::new(),
            measure_of_row: None,
            seen: std::iter::repeat_with(Seen::new).take(fields).collect(),
            places: std::iter::repeat_with(Seen::new).take(fields).collect(),
            ending: Seen::new(),
            offices: Seen::new(),
            address: None,
            figures: Vec::new(),
            ledger: Ledger::default(),
            sums: Vec::new(),
            notes: Vec::new(),
            links: BTreeMap::new(),
            accounting: Accounting::default(),
            crossings: Accounting::default(),
            rows: Rows::new(wanted.contract),
            rejects: Rejects::default(),
            flags,
            noted: BTreeMap::new(),
            findings,
        }
    }

    /// Whether personal values may stand in other columns of a row than theirs: it has not as many fields as the header.
    pub(super) fn is_shifted(&self, row: usize) -> bool {
        let fields = self.place.sheet.fields(row);
        fields.zip(self.plan.header_fields).is_some_and(|(fields, expected)| fields != expected)
    }

    /// Where a row and column of the table stand in the sheet, counted from 1; 0 for what is not meant.
    pub(super) fn spot(&self, row: Option<usize>, column: Option<usize>) -> (u32, u32) {
        let (row, column) = (row.map_or(0, counted), column.map_or(0, counted));
        match self.wanted.contract.orientation {
            Orientation::Rows => (row, column),
            Orientation::Columns => (column, row),
        }
    }

    /// A finding about the table, or one of its columns.
    pub(super) fn finding(&self, column: Option<usize>, code: &'static str) -> Finding {
        let (row, column) = self.spot(Some(self.table.found.band.top), column);
        Finding::new(code, &self.place.job.delivery.file)
            .at(&self.place.sheet.name, row, column)
            .of_contract(&self.wanted.contract.id)
    }

    /// A finding about a row of the sheet, or a cell of it, with the header value concerned.
    pub(super) fn at(&self, row: usize, column: Option<usize>, head: u32, code: &'static str) -> Finding {
        let mut finding = self.finding(column, code);
        (finding.row, finding.column) = self.spot(Some(row), column);
        finding.origin = Some(self.origin(row, head));
        finding
    }

    /// The origin of a row: 31 bits the source, 11 bits the header value, 21 bits the line.
    pub(super) fn origin(&self, row: usize, head: u32) -> i64 {
        (self.id << 32) | (i64::from(head) << LINE_BITS) | i64::from(counted(row))
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (usize, &'a Field)> + use<'a> {
        self.wanted.contract.field.iter().enumerate()
    }

    pub(super) fn header(&self, column: usize) -> &str {
        self.table.found.columns.get(column).map_or("", |column| column.shown.as_str())
    }

    /// Reads the rows of a table, or of a stretch of it.
    pub(super) fn read_rows(&mut self, classified: &Classified) {
        for (row, what) in &classified.rows {
            self.accounting.sheet_rows += 1;
            let refused = self.rejects.len();
            let kind = match what {
                Row::NotData(kind) => *kind,
                Row::Data(_) if classified.other_unit.is_some_and(|from| *row > from) => {
                    self.refuse_whole(*row, "measure-unit-changes", "")
                }
                Row::Data(label) => self.data_row(*row, label.as_ref(), classified.section_of(*row)),
            };
            if self.rejects.len() > refused
                && let Row::Data(label) = what
            {
                let named = self.whom(label.as_ref());
                self.rejects.name(&named);
            }
            if !classified.parts.contains(row) {
                self.note_sums(*row, what, kind);
            }
            if kind == RowKind::Note {
                let note = self.note_in(*row);
                self.notes.push(note);
            }
            self.accounting.add(kind);
        }
    }

    /// Whom a row speaks of: its label says, or the lines above the table.
    fn whom(&self, label: Option<&(String, Meaning)>) -> Named {
        match (label, &self.lines.unit) {
            (Some((_, meaning)), _) => Named::of(meaning),
            (None, Some((unit, of_which))) => {
                Named { unit: Some(unit.clone()), of_which: of_which.clone(), no_unit: None }
            }
            (None, None) => Named::default(),
        }
    }

    /// Reads a data row; says whether it was kept, rejected, or has no value under any header value.
    pub(super) fn data_row(
        &mut self,
        row: usize,
        label: Option<&(String, Meaning)>,
        section: Option<&str>,
    ) -> RowKind {
        self.figures.clear();
        if !self.table.found.binding.complete {
            return self.refuse_whole(row, "missing-column", "");
        }
        if let Some(field) = self.lines.lacking.clone() {
            return self.refuse_whole(row, "missing-line", &field);
        }
        let unit = match label.map(|(label, meaning)| self.unit(row, label, meaning)) {
            None => self.lines.unit.clone(),
            Some(Ok(unit)) => Some(unit),
            Some(Err(finding)) => {
                let code = finding.code;
                let field = finding.field.clone();
                self.findings.push(*finding);
                return self.refuse_whole(row, code, &field);
            }
        };
        self.missing_of_row.clear();
        self.measure_of_row = self.row_measure(row);
        let mut own: Vec<Option<Value>> = Vec::new();
        for (at, field) in self.fields() {
            let value = match field.from {
                FieldSource::Header
                | FieldSource::Cell
                | FieldSource::Office
                | FieldSource::Address
                | FieldSource::AddressZone
                | FieldSource::Linked => None,
                FieldSource::Above | FieldSource::Sheet => self.lines.said.get(at).cloned().flatten(),
                _ if field.kind == FieldType::Unit => {
                    unit.as_ref().map(|(unit, _)| Value::Text(unit.as_str().into()))
                }
                FieldSource::Section => {
                    let value = section.map(|name| Value::Text(name.into()));
                    self.ruled(row, at, field, value)
                }
                FieldSource::MeasureUnit => {
                    let value = self.measure_of_row.as_ref().and_then(RowMeasure::value);
                    self.ruled(row, at, field, value)
                }
                FieldSource::Column => self.value(row, at, field, &self.plan.row),
            };
            own.push(value);
        }
        self.hand_registration_number(row, &mut own);
        self.count_durations(row, &mut own);
        let lacking = |(at, field): &(usize, &Field)| {
            let own_field = !matches!(field.from, FieldSource::Header | FieldSource::Cell);
            own_field
                && !field.from.is_derived()
                && is_needed(field)
                && own.get(*at).is_none_or(Option::is_none)
        };
        if let Some((at, field)) = self.fields().find(lacking) {
            self.tell_lacking(row, at, field, &self.plan.row);
            return self.refuse_whole(row, "required-value-missing", &field.name);
        }
        self.derive(row, &mut own);
        let of_which = unit.and_then(|(_, of_which)| of_which);
        let counts = of_which.is_none();
        if self.wanted.contract.header_field().is_none() {
            if counts {
                self.add_figures(row, &self.plan.row, &own);
            }
            self.missing.append(&mut self.missing_of_row);
            self.link(&own);
            self.rows.push(self.origin(row, 0), of_which, own);
            return RowKind::Kept;
        }
        self.crossings_of(row, of_which.as_ref(), &own)
    }

    /// The value of a field that stands in no cell of the row, if it keeps its rules.
    fn ruled(&mut self, row: usize, at: usize, field: &Field, value: Option<Value>) -> Option<Value> {
        let value = value?;
        let cell = Cell::text(&as_text(&value, field.kind));
        self.keeps_rules((row, None), 0, at, field, &value, &cell).then_some(value)
    }

    /// Gathers the figures that add up, if there are sums to hold them against.
    pub(super) fn add_figures(&mut self, row: usize, head: &Head, values: &[Option<Value>]) {
        // Rows that state a measure unit each have nothing to add up.
        if !self.ledger.is_open() || self.measure_of_row.is_some() {
            return;
        }
        for (at, field) in self.fields() {
            let value = values.get(at).and_then(Option::as_ref).filter(|_| field.adds_up());
            let figure = value.and_then(|value| as_number(value, field.kind));
            let column = head.columns.get(at).copied().flatten().filter(|_| figure.is_some());
            let place = column.zip(head.measures.get(at)).and_then(|(column, measure)| {
                let cell = self.place.sheet.cell(row, column);
                let place = || values::last_place(cell, field, measure);
                match self.places.get_mut(at) {
                    Some(seen) if head.number == 0 => seen.of(cell, place),
                    _ => place(),
                }
            });
            self.figures.push(figure.map(|figure| Figure { figure, place }));
        }
    }

    /// The figures of the row just read.
    pub(super) fn take_figures(&mut self) -> Vec<Option<Figure>> {
        std::mem::take(&mut self.figures)
    }
}

/// Whether a row cannot do without the field.
pub(super) fn is_needed(field: &Field) -> bool {
    field.required || field.is_period() || field.from == FieldSource::Header
}
