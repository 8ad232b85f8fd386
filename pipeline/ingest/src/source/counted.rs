//! Durations of a row (`5个工作日`) that become days, counted from another field of the same row.
//!
//! What a cell says is the same in every row, what it comes to is not: so nothing of this is kept by text.

use model::Field;

use super::reader::{Reader, is_needed};
use crate::dates::{Begin, Duration};
use crate::grid::Cell;
use crate::values::Value;

impl Reader<'_> {
    /// Counts the durations of a row from the values of the fields they begin at.
    pub(super) fn count_durations(&mut self, row: usize, own: &mut [Option<Value>]) {
        for (at, field) in self.fields() {
            let free = own.get(at).is_some_and(Option::is_none);
            let Some(from) = field.counted_from.as_ref().filter(|_| free) else { continue };
            let Some(column) = self.plan.row.columns.get(at).copied().flatten() else { continue };
            let cell = self.place.sheet.spread(row, column);
            let Some(duration) = Duration::stated(&cell.shown(), field.kind) else { continue };
            let Some((start, starting)) = self.fields().find(|(_, other)| other.name == *from) else {
                continue;
            };
            let Some(begin) = own.get(start).and_then(Option::as_ref).and_then(Begin::at) else {
                // A row that cannot do without it is refused for that.
                if !is_needed(starting) {
                    self.tell_uncounted(row, column, field, cell, "duration-without-start", "");
                }
                continue;
            };
            match duration.after(begin, field.kind, &self.place.job.reference.working_days) {
                Ok(value) if self.keeps_rules((row, Some(column)), 0, at, field, &value, cell) => {
                    self.note(at, "duration-counted", row, column);
                    if let Some(slot) = own.get_mut(at) {
                        *slot = Some(value);
                    }
                }
                Ok(_) => self.lack(row, 0, field, "refused", &cell.shown()),
                Err(year) => {
                    self.tell_uncounted(row, column, field, cell, "working-days-unknown", &year.to_string());
                }
            }
        }
    }

    fn tell_uncounted(
        &mut self,
        row: usize,
        column: usize,
        field: &Field,
        cell: &Cell,
        code: &'static str,
        year: &str,
    ) {
        self.tell_cell(row, Some(column), 0, field, code, cell);
        let from = self.begins_at(field);
        if let Some(finding) = self.findings.last_mut() {
            finding.params.insert("from".to_owned(), from);
            finding.params.insert("year".to_owned(), year.to_owned());
        }
        self.lack(row, 0, field, "unreadable", &cell.shown());
    }

    /// What the field that durations begin at is called: its header, or its name where it has no column.
    pub(super) fn begins_at(&self, field: &Field) -> String {
        let from = field.counted_from.as_deref().unwrap_or_default();
        let start = self.fields().position(|(_, other)| other.name == from);
        let column = start.and_then(|start| self.plan.row.columns.get(start).copied().flatten());
        let header = column.map(|column| self.header(column)).filter(|header| !header.is_empty());
        header.unwrap_or(from).to_owned()
    }
}
