//! What can be said of a table after its last row: sums that differ, sections with other counts than they say, rules
//! that met no value.

use model::{Decimal, Field, FieldType, RowKind, text};

use super::plan::Head;
use super::reader::Reader;
use super::{BoundColumn, Source};
use crate::bind::writable;
use crate::constraints::as_text;
use crate::dates;
use crate::grid::counted;
use crate::personal;
use crate::rows::{Classified, Row};
use crate::totals::Event;
use crate::values;

/// Whether a row is a sum over others.
pub(super) fn is_sum(row: &Row) -> bool {
    matches!(row, Row::NotData(RowKind::Total | RowKind::Subtotal))
}

/// What a row says the figures of a field come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    /// The row.
    row: usize,
    /// Which of the columns that are added up, and of which field.
    head: usize,
    field: usize,
    total: Decimal,
    /// The worth of its last printed place.
    place: Option<Decimal>,
    column: usize,
}

impl Reader<'_> {
    /// Notes a row for the check of sums.
    pub(super) fn note_sums(&mut self, row: usize, what: &Row, kind: RowKind) {
        if matches!(kind, RowKind::Total | RowKind::Subtotal) {
            self.note_sum(row);
        }
        let event = match (what, kind) {
            (_, RowKind::Total) => Event::Total(row),
            (_, RowKind::Subtotal) => Event::Subtotal(row),
            (_, RowKind::Section) => Event::Section,
            (Row::Data(_), RowKind::Rejected) => Event::Refused,
            (Row::Data(_), _) => {
                let figures = self.take_figures();
                // A part of a county is in the county's figures already.
                if figures.is_empty() {
                    return;
                }
                Event::Part(figures)
            }
            _ => return,
        };
        self.ledger.add(event);
    }

    /// Holds each sum against the rows it is over. One over rows of which one was refused or has no figure says
    /// nothing; so does the total of a page, which may be over the pages before it.
    fn check_sums(&mut self) {
        let fields = self.wanted.contract.field.len();
        let heads: Vec<&Head> = self.sum_heads().collect();
        let mut told = Vec::new();
        for claim in self.ledger.claims() {
            if claim.is_total && self.table.is_next_page {
                continue;
            }
            let first = self.sums.partition_point(|sum| sum.row < claim.row);
            let sums = self.sums.iter().skip(first).take_while(|sum| sum.row == claim.row);
            for Sum { head: number, field: at, total, place, column, .. } in sums.copied() {
                let (Some(head), Some(field)) = (heads.get(number), self.wanted.contract.field.get(at))
                else {
                    continue;
                };
                let measure = head.measures.get(at);
                let factor = measure.and_then(|measure| measure.factor).unwrap_or(Decimal::ONE);
                let exact = field.kind == FieldType::Int && factor == Decimal::ONE;
                let slot = number * fields + at;
                let Some(found) = self.ledger.differs(&claim, slot, total, place, exact) else {
                    continue;
                };
                let printed =
                    |figure: Decimal| figure.checked_div(factor).unwrap_or(figure).normalize().to_string();
                let mut finding = self
                    .at(claim.row, Some(column), head.number, "total-differs")
                    .of_field(&field.name)
                    .with("header", self.header(column))
                    .with("total", printed(total))
                    .with("sum", printed(found.sum))
                    .with("difference", printed(found.difference));
                finding.origin = None;
                told.push(finding);
            }
        }
        self.findings.append(&mut told);
    }

    /// Notes what a sum says.
    fn note_sum(&mut self, row: usize) {
        let mut sums = Vec::new();
        for (number, head) in self.sum_heads().enumerate() {
            for (at, field) in self.fields().filter(|(_, field)| field.adds_up() && writable(field)) {
                if let Some((total, place, column)) = self.sum_at(row, at, field, head) {
                    sums.push(Sum { row, head: number, field: at, total, place, column });
                }
            }
        }
        self.sums.append(&mut sums);
    }

    /// The columns whose figures are added up, in the order in which the rows gave them.
    fn sum_heads(&self) -> impl Iterator<Item = &Head> {
        let wide = self.wanted.contract.header_field().is_some();
        self.plan.heads().filter(move |head| (head.number > 0) == wide)
    }

    fn sum_at(
        &self,
        row: usize,
        at: usize,
        field: &Field,
        head: &Head,
    ) -> Option<(Decimal, Option<Decimal>, usize)> {
        let (column, measure) = (head.columns.get(at).copied().flatten()?, head.measures.get(at)?);
        let cell = self.place.sheet.cell(row, column);
        let Ok(Ok(good)) = values::read(cell, field, measure, dates::Dating::default()) else { return None };
        let total = crate::constraints::as_number(&good.value, field.kind)?;
        Some((total, values::last_place(cell, field, measure), column))
    }

    /// Sections that say how many rows they have. One that only holds other sections is not counted.
    fn check_sections(&mut self, classified: &Classified) {
        let mut told = Vec::new();
        for (at, section) in classified.sections.iter().enumerate() {
            let Some(expected) = section.count else { continue };
            let next = classified.sections.get(at + 1).map(|next| next.row);
            let below = classified
                .rows
                .iter()
                .filter(|(row, _)| *row > section.row && next.is_none_or(|next| *row < next));
            let data = |row: &Row| matches!(row, Row::Data(_) | Row::NotData(RowKind::OutOfScope));
            let found = below.filter(|(_, row)| data(row)).count() as u64;
            if found != expected && (found > 0 || next.is_none()) {
                let mut finding = self.finding(None, "section-count-differs");
                (finding.row, finding.column) = self.spot(Some(section.row), None);
                let name = personal::masked(&section.name, &self.place.job.delivery.received_on);
                told.push(finding.with("section", name).with("expected", expected).with("found", found));
            }
        }
        self.findings.append(&mut told);
    }

    /// Rules that met no value.
    fn tell_untested(&mut self) {
        let contract = self.wanted.contract;
        let untested: Vec<_> = self.rules.untested(contract).collect();
        for (field, rules) in untested {
            let rules = rules.join("、");
            let finding = self.finding(None, "rule-without-rows").of_field(&field.name);
            self.findings.push(finding.with("rules", rules).with("field", &field.name));
        }
    }

    /// What was noted of columns, once each.
    fn tell_noted(&mut self) {
        for ((at, code), (count, row, column)) in std::mem::take(&mut self.noted) {
            let Some(field) = self.wanted.contract.field.get(at) else { continue };
            let decimals = field.kind.decimal().map_or(0, |(_, scale)| scale);
            let shown = self.place.sheet.spread(row, column).shown();
            let value = if code == "measure-unit-unknown" { text::tidy(&shown) } else { String::new() };
            let mut finding = self
                .at(row, Some(column), 0, code)
                .of_field(&field.name)
                .with("header", self.header(column))
                .with("count", count)
                .with("decimals", decimals);
            if !value.is_empty() {
                finding = finding.with("value", value);
            }
            if code == "duration-counted" {
                finding = finding.with("from", self.begins_at(field));
            }
            finding.origin = None;
            self.findings.push(finding);
        }
    }

    /// Which column holds which field, under which header value.
    fn bound_columns(&self) -> Vec<BoundColumn> {
        let header = self.wanted.contract.header_field();
        let mut columns = Vec::new();
        for head in self.plan.heads() {
            let kind = header.map_or(FieldType::String, |field| field.kind);
            let value = head.value.as_ref().map(|value| as_text(value, kind));
            let is_period = header.is_some_and(Field::is_period);
            for (at, field) in self.fields() {
                let Some(Some(column)) = head.columns.get(at) else { continue };
                columns.push(BoundColumn {
                    field: field.name.clone(),
                    column: counted(*column),
                    head: head.number,
                    header_value: value.clone().unwrap_or_else(|| head.label.clone()),
                    period: value.clone().filter(|_| is_period),
                    header: self.header(*column).to_owned(),
                    measure_unit: head
                        .measures
                        .get(at)
                        .map(|measure| measure.symbol.clone())
                        .unwrap_or_default(),
                });
            }
        }
        columns
    }

    /// The text of a note.
    pub(super) fn note_in(&self, row: usize) -> String {
        let cells = self.place.sheet.cells(row).iter();
        self.told(&cells.map(|(_, cell)| text::tidy(&cell.shown())).collect::<Vec<_>>().join(" "))
    }

    /// A title or note as it may be kept.
    fn told(&self, shown: &str) -> String {
        personal::masked(&personal::unsigned(shown), &self.place.job.delivery.received_on)
    }

    /// The source, when all rows are read.
    pub(super) fn finish(mut self, number: u32, classified: &Classified) -> Source {
        self.check_sums();
        self.check_sections(classified);
        self.tell_untested();
        self.tell_noted();
        let columns = self.bound_columns();
        let (title, notes) = (self.told(&classified.title), self.notes.join(" / "));
        let contract = self.wanted.contract;
        let decisions = self.plan.decisions.iter();
        for (field, links) in std::mem::take(&mut self.links) {
            self.rows.number(field, links.numbers());
        }
        Source {
            id: self.id,
            contract: contract.id.clone(),
            sheet: self.place.sheet.name.clone(),
            table: number,
            orientation: contract.orientation,
            format: self.place.format.to_owned(),
            encoding: self.place.encoding.to_owned(),
            hidden_known: self.place.sheet.hidden_known,
            title,
            notes,
            flags: self.flags.into_iter().collect(),
            first_row: counted(self.table.first),
            columns,
            decisions: decisions.flat_map(|decision| decision.decided.decisions.iter().cloned()).collect(),
            missing: self.missing,
            accounting: self.accounting,
            crossings: contract.header_field().map(|_| self.crossings),
            rows: self.rows.finish(self.place.job.delivery, self.place.job.number),
            rejects: self.rejects.finish(contract),
            handed_out: None,
        }
    }
}
