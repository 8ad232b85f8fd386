//! Where a row crosses header values: one output row for each crossing with a value, in a second accounting.

use model::RowKind;
use model::contract::FieldSource;

use super::MissingValue;
use super::plan::Head;
use super::reader::{Reader, is_needed};
use crate::grid::Cell;
use crate::values::Value;

impl<'a> Reader<'a> {
    /// Tests the header values; the rows under one that breaks a rule are refused.
    pub(super) fn test_headers(&mut self) {
        let Some((at, field)) = self.fields().find(|(_, field)| field.from == FieldSource::Header) else {
            return;
        };
        for head in &self.plan.crossings {
            let Some(value) = &head.value else { continue };
            let column = head.columns.iter().flatten().next().copied();
            let place = (self.table.found.band.top, column);
            if !self.keeps_rules(place, head.number, at, field, value, &Cell::text(&head.label)) {
                let code = self.findings.last().map_or("", |finding| finding.code);
                self.refused_heads.insert(head.number, code);
            }
        }
    }

    /// Reads the crossings of a row and the header values.
    pub(super) fn crossings_of(
        &mut self,
        row: usize,
        of_which: Option<&String>,
        own: &[Option<Value>],
    ) -> RowKind {
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
        let refused = self.refused_heads.get(&head.number).copied();
        for (at, field) in self.fields() {
            let value = match field.from {
                FieldSource::Header => head.value.clone().filter(|_| refused.is_none()),
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
                refused.unwrap_or("month-undecided")
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
        self.link(&values);
        self.rows.push(origin, of_which.cloned().or_else(|| head.of_which.clone()), values);
        RowKind::Kept
    }

    /// Whether nothing stands where a row crosses a header value.
    pub(super) fn is_blank(&self, row: usize, head: &Head) -> bool {
        let columns = self.fields().filter(|(_, field)| field.from == FieldSource::Cell);
        let mut columns = columns.filter_map(|(at, _)| head.columns.get(at).copied().flatten());
        columns.all(|column| self.place.sheet.spread(row, column).is_empty())
    }
}
