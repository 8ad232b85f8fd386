//! The rows of one table, one after the other: kept, refused, or without any value.
//!
//! A sheet row of a wide table is read once for the columns of the row itself, then once for each header value. What
//! is wrong with a cell is told by [`super::cell`], what is wrong with the table by [`super::columns`].

use std::collections::{BTreeMap, BTreeSet};

use model::contract::{FieldSource, Orientation};
use model::resolve::Meaning;
use model::{Accounting, Field, FieldType, Finding, RowKind};

use super::cell::RowMeasure;
use super::plan::{Head, Plan};
use super::{LINE_BITS, MissingValue, Place};
use crate::above::{self, Line};
use crate::bind::{Wanted, writable};
use crate::constraints::{Rules, as_number};
use crate::dates::Dating;
use crate::grid::{Cell, counted};
use crate::layout::Table;
use crate::personal;
use crate::table::{Rejects, Rows};
use crate::totals::{Figure, Ledger};
use crate::values::{self, Measure, Value};

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
    /// For each field what the lines above the table say.
    above: Vec<Option<Value>>,
    /// The unit of the table as a whole, and the county it is a part of.
    above_unit: Option<(String, Option<String>)>,
    /// A field from above that every row needs and no line states.
    lacking_above: Option<String>,
    /// The measure unit of the row being read.
    pub(super) measure_of_row: Option<RowMeasure>,
    /// The figures of the row being read that add up: by header value, then by field.
    figures: Vec<Option<Figure>>,
    pub(super) ledger: Ledger,
    pub(super) accounting: Accounting,
    pub(super) crossings: Accounting,
    pub(super) rows: Rows<'a>,
    pub(super) rejects: Rejects,
    pub(super) flags: BTreeSet<String>,
    /// For each field and note how many values have it, and where first.
    pub(super) noted: BTreeMap<(usize, &'static str), (u64, usize, usize)>,
    pub(super) findings: &'a mut Vec<Finding>,
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
            above: vec![None; fields],
            above_unit: None,
            lacking_above: None,
            measure_of_row: None,
            figures: Vec::new(),
            ledger: Ledger::default(),
            accounting: Accounting::default(),
            crossings: Accounting::default(),
            rows: Rows::new(wanted.contract),
            rejects: Rejects::default(),
            flags,
            noted: BTreeMap::new(),
            findings,
        }
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

    /// Reads what the lines above the table say of it.
    pub(super) fn read_lines(&mut self, lines: &[Line]) {
        for (at, field) in self.fields().filter(|(_, field)| field.from == FieldSource::Above) {
            let said = above::said(self.wanted, at, field, lines);
            let mut value = None;
            if let Some(said) = &said {
                let finding = |code| {
                    let received = &self.place.job.delivery.received_on;
                    let mut finding = self.finding(None, code).of_field(&field.name);
                    (finding.row, finding.column) = self.spot(Some(said.row), Some(said.column));
                    let text = personal::masked(&said.text, received);
                    finding.with("header", field.zh.first().map_or("", String::as_str)).with("value", text)
                };
                if field.kind == FieldType::Unit {
                    match self.wanted.meaning(&said.text) {
                        Some(Meaning::Unit { unit, of_which, flag, .. }) => {
                            self.flags.extend(flag);
                            value = Some(Value::Text(unit.clone()));
                            self.above_unit = Some((unit, of_which));
                        }
                        _ => self.findings.push(
                            finding("unknown-unit")
                                .with(
                                    "label",
                                    personal::masked(&said.text, &self.place.job.delivery.received_on),
                                )
                                .with("partition", &self.place.job.delivery.partition),
                        ),
                    }
                } else {
                    let measure = Measure::decide(field, None, &[]);
                    let year = Some(self.place.job.delivery.period.year());
                    let dating = Dating { year, point_one: field.point_one };
                    match values::read(&Cell::text(&said.text), field, &measure, dating) {
                        Ok(Ok(good)) => value = Some(good.value),
                        Ok(Err(_)) => {}
                        Err(problem) => {
                            let told = problem.code().map(&finding);
                            self.findings.extend(told);
                        }
                    }
                }
            }
            let needed = field.required || field.is_period() || field.kind == FieldType::Unit;
            if value.is_none() && (said.is_none() || needed) {
                let expected = field.zh.join("、");
                let finding = self.finding(None, if needed { "missing-line" } else { "line-not-found" });
                let finding = finding.of_field(&field.name).with("field", &field.name);
                self.findings.push(finding.with("expected", expected));
                if needed {
                    self.lacking_above = Some(field.name.clone());
                }
            }
            if let Some(slot) = self.above.get_mut(at) {
                *slot = value;
            }
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
        if let Some(field) = self.lacking_above.clone() {
            return self.refuse_whole(row, "missing-line", &field);
        }
        let unit = match label.map(|(label, meaning)| self.unit(row, label, meaning)) {
            None => self.above_unit.clone(),
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
                FieldSource::Header | FieldSource::Cell => None,
                FieldSource::Above => self.above.get(at).cloned().flatten(),
                _ if field.kind == FieldType::Unit => {
                    unit.as_ref().map(|(unit, _)| Value::Text(unit.clone()))
                }
                FieldSource::Section => section.map(|name| Value::Text(name.to_owned())),
                FieldSource::MeasureUnit => self.measure_of_row.as_ref().and_then(RowMeasure::value),
                FieldSource::Column => self.value(row, at, field, &self.plan.row),
            };
            own.push(value);
        }
        let lacking = |(at, field): &(usize, &Field)| {
            let own_field = !matches!(field.from, FieldSource::Header | FieldSource::Cell);
            own_field && is_needed(field) && own.get(*at).is_none_or(Option::is_none)
        };
        if let Some((at, field)) = self.fields().find(lacking) {
            self.tell_lacking(row, at, field, &self.plan.row);
            return self.refuse_whole(row, "required-value-missing", &field.name);
        }
        let of_which = unit.and_then(|(_, of_which)| of_which);
        let counts = of_which.is_none();
        if self.wanted.contract.header_field().is_none() {
            if counts {
                self.add_figures(row, &self.plan.row, &own);
            }
            self.missing.append(&mut self.missing_of_row);
            self.rows.push(self.origin(row, 0), of_which, own);
            return RowKind::Kept;
        }
        self.crossings_of(row, of_which.as_ref(), &own)
    }

    /// Reads the crossings of a row and the header values.
    fn crossings_of(&mut self, row: usize, of_which: Option<&String>, own: &[Option<Value>]) -> RowKind {
        let of_row = std::mem::take(&mut self.missing_of_row);
        let mut states = Vec::new();
        for head in &self.plan.crossings {
            let state = self.crossing(row, head, of_which, own, &of_row);
            self.crossings.sheet_rows += 1;
            self.crossings.add(state);
            states.push(state);
        }
        if of_which.is_some() {
            self.figures.clear();
        }
        // Without any value the row is blank, whatever its label.
        super::of_its_rows(states).unwrap_or(RowKind::Blank)
    }

    fn crossing(
        &mut self,
        row: usize,
        head: &'a Head,
        of_which: Option<&String>,
        own: &[Option<Value>],
        of_row: &[MissingValue],
    ) -> RowKind {
        let mut values = own.to_vec();
        if self.is_blank(row, head) {
            self.add_figures(row, head, &values);
            return RowKind::Blank;
        }
        self.missing_of_row.clear();
        for (at, field) in self.fields() {
            let value = match field.from {
                FieldSource::Header => head.value.clone(),
                FieldSource::Cell => self.value(row, at, field, head),
                _ => continue,
            };
            let lacking = value.is_none() && is_needed(field);
            if let Some(slot) = values.get_mut(at) {
                *slot = value;
            }
            if !lacking {
                continue;
            }
            self.add_figures(row, head, &[]);
            let code = if field.from == FieldSource::Header {
                // Told once for the table.
                "month-undecided"
            } else {
                self.tell_lacking(row, at, field, head);
                "required-value-missing"
            };
            self.reject(row, head, code, &field.name);
            return RowKind::Rejected;
        }
        self.add_figures(row, head, &values);
        let origin = self.origin(row, head.number);
        self.missing.extend(of_row.iter().map(|missing| MissingValue { origin, ..missing.clone() }));
        self.missing.append(&mut self.missing_of_row);
        self.rows.push(origin, of_which.cloned().or_else(|| head.of_which.clone()), values);
        RowKind::Kept
    }

    /// Whether nothing stands where a row crosses a header value.
    fn is_blank(&self, row: usize, head: &Head) -> bool {
        let columns = self.fields().filter(|(_, field)| field.from == FieldSource::Cell);
        let mut columns = columns.filter_map(|(at, _)| head.columns.get(at).copied().flatten());
        columns.all(|column| self.place.sheet.spread(row, column).is_empty())
    }

    /// Gathers the figures that add up, if there are sums to hold them against.
    fn add_figures(&mut self, row: usize, head: &Head, values: &[Option<Value>]) {
        // Rows that state a measure unit each have nothing to add up.
        if !self.ledger.is_open() || self.measure_of_row.is_some() {
            return;
        }
        for (at, field) in self.fields() {
            let value = values.get(at).and_then(Option::as_ref).filter(|_| field.adds_up());
            let figure = value.and_then(|value| as_number(value, field.kind));
            let place = || {
                let column = head.columns.get(at).copied().flatten()?;
                values::last_place(self.place.sheet.cell(row, column), field, head.measures.get(at)?)
            };
            self.figures.push(figure.map(|figure| Figure { figure, place: place() }));
        }
    }

    /// The figures of the row just read.
    pub(super) fn take_figures(&mut self) -> Vec<Option<Figure>> {
        std::mem::take(&mut self.figures)
    }

    fn tell_lacking(&mut self, row: usize, at: usize, field: &Field, head: &Head) {
        let column = head.columns.get(at).copied().flatten();
        let header = column.map_or("", |column| self.header(column)).to_owned();
        let finding = self.at(row, column, head.number, "required-value-missing");
        self.findings.push(finding.of_field(&field.name).with("header", header));
    }

    /// Refuses a sheet row as a whole, and with it every crossing at which anything stands.
    fn refuse_whole(&mut self, row: usize, code: &str, field: &str) -> RowKind {
        let mut noted = false;
        for head in &self.plan.crossings {
            let blank = self.is_blank(row, head);
            if !blank {
                self.reject(row, head, code, field);
                noted = true;
            }
            self.crossings.sheet_rows += 1;
            self.crossings.add(if blank { RowKind::Blank } else { RowKind::Rejected });
        }
        if !noted {
            self.reject(row, &self.plan.row, code, field);
        }
        RowKind::Rejected
    }

    /// Notes a refused row with its cells, those of S3 fields masked. Of a crossing it shows the row's own cells and
    /// those under its header value.
    fn reject(&mut self, row: usize, head: &Head, code: &str, field: &str) {
        let bound = |at: usize, head: &Head| head.columns.get(at).copied().flatten();
        let secret: BTreeSet<usize> = self
            .fields()
            .filter(|(_, field)| !writable(field))
            .flat_map(|(at, _)| self.plan.heads().filter_map(move |head| bound(at, head)))
            .collect();
        let others: BTreeSet<usize> = if head.number == 0 {
            BTreeSet::new()
        } else {
            let others = self.plan.crossings.iter().filter(|other| other.number != head.number);
            others.flat_map(|other| other.columns.iter().flatten().copied()).collect()
        };
        let sheet = self.place.sheet;
        let cells: Vec<String> = (0..sheet.width(row))
            .filter(|column| head.number == 0 || !others.contains(column))
            .map(|column| {
                let shown = sheet.cell(row, column).shown();
                if secret.contains(&column) && !shown.is_empty() {
                    "***".to_owned()
                } else {
                    personal::masked(&shown, &self.place.job.delivery.received_on)
                }
            })
            .collect();
        self.rejects.push(self.origin(row, head.number), code, field, &cells);
    }

    /// The unit of a row and the county it is a part of, or why the row cannot be used.
    fn unit(
        &mut self,
        row: usize,
        label: &str,
        meaning: &Meaning,
    ) -> Result<(String, Option<String>), Box<Finding>> {
        let bound = self.fields().find(|(_, field)| field.kind == FieldType::Unit);
        let (name, column) = bound
            .map(|(at, field)| (field.name.clone(), self.plan.row.columns.get(at).copied().flatten()))
            .unwrap_or_default();
        let partition = &self.place.job.delivery.partition;
        let label = &personal::masked(label, &self.place.job.delivery.received_on);
        let finding = |code| {
            self.at(row, column, 0, code).of_field(&name).with("label", label).with("partition", partition)
        };
        let refused = match meaning {
            Meaning::Unit { unit, of_which, flag, misspelt } => {
                let told = misspelt.then(|| finding("unit-misspelt").with("unit", self.unit_name(unit)));
                self.findings.extend(told);
                self.flags.extend(flag.clone());
                return Ok((unit.clone(), of_which.clone()));
            }
            Meaning::OutsidePartition { unit } => {
                finding("unit-outside-partition").with("unit", self.unit_name(unit))
            }
            Meaning::Other(_) | Meaning::OtherPart => finding("row-is-no-unit"),
            Meaning::Unknown { .. } if label.is_empty() => finding("unit-blank"),
            Meaning::Unknown { suggestion } => finding("unknown-unit").suggest(suggestion.clone()),
        };
        Err(Box::new(refused))
    }

    pub(super) fn unit_name(&self, id: &str) -> String {
        self.place.job.reference.units.get(id).map_or_else(|| id.to_owned(), |unit| unit.name_zh.clone())
    }
}

/// Whether a row cannot do without the field.
fn is_needed(field: &Field) -> bool {
    field.required || field.is_period() || field.from == FieldSource::Header
}
