//! What the lines above a table and the name of its sheet say of it as a whole, as values of fields.

use model::contract::FieldSource;
use model::resolve::Meaning;
use model::{Field, FieldType, Finding};

use super::reader::Reader;
use crate::above::{self, Line, Said};
use crate::bind::{showable, writable};
use crate::dates::Dating;
use crate::grid::Cell;
use crate::personal;
use crate::rows;
use crate::values::{self, Measure, Value};

impl Reader<'_> {
    /// Reads what the lines above the table and the name of its sheet say of it.
    pub(super) fn read_lines(&mut self, lines: &[Line]) {
        for (at, field) in self.fields() {
            let said = match field.from {
                FieldSource::Above => above::said(self.wanted, at, field, lines),
                FieldSource::Sheet => {
                    let text = rows::name_and_count(&self.place.sheet.name).0;
                    Some(Said { row: self.table.found.band.top, column: 0, text })
                }
                _ => continue,
            };
            let value = said.as_ref().and_then(|said| self.value_of_line(at, field, said));
            let needed = field.required || field.is_period() || field.kind == FieldType::Unit;
            if value.is_none() && (said.is_none() || needed) {
                let code = match (field.from, needed) {
                    (FieldSource::Sheet, _) => "sheet-name-unread",
                    (_, true) => "missing-line",
                    (_, false) => "line-not-found",
                };
                let finding = self.finding(None, code).of_field(&field.name).with("field", &field.name);
                let finding = finding.with("sheet", &self.place.sheet.name);
                self.findings.push(finding.with("expected", field.zh.join("、")));
                if needed {
                    self.lines.lacking = Some(field.name.clone());
                }
            }
            if let Some(slot) = self.lines.said.get_mut(at) {
                *slot = value;
            }
        }
    }

    fn value_of_line(&mut self, at: usize, field: &Field, said: &Said) -> Option<Value> {
        let value = self.read_line(at, field, said)?;
        let cell = Cell::text(&said.text);
        let place = (said.row, Some(said.column));
        self.keeps_rules(place, 0, at, field, &value, &cell).then_some(value)
    }

    fn read_line(&mut self, at: usize, field: &Field, said: &Said) -> Option<Value> {
        if field.kind == FieldType::Unit {
            let Some(Meaning::Unit { unit, of_which, flag, .. }) = self.wanted.meaning(&said.text) else {
                let finding = self.of_line(field, said, "unknown-unit");
                self.findings.push(finding);
                return None;
            };
            self.flags.extend(flag);
            self.lines.unit = Some((unit.clone(), of_which));
            return Some(Value::Text(unit.into()));
        }
        let cell = Cell::text(&said.text);
        if writable(field) && personal::holds(&said.text, &self.place.job.delivery.received_on) {
            let finding = self.of_line(field, said, "personal-data").with("count", 1);
            self.findings.push(finding);
            return None;
        }
        let measure = Measure::decide(field, None, &[]);
        let decided = self.plan.decisions.iter().find(|decision| decision.field == at);
        let year = Some(self.place.job.delivery.period.year());
        let dating =
            decided.map_or(Dating { year, point_one: field.point_one }, |decision| decision.decided.dating);
        match values::read(&cell, field, &measure, dating) {
            Ok(Ok(good)) => Some(good.value),
            Ok(Err(_)) => None,
            Err(problem) => {
                let finding = problem.code().map(|code| self.of_line(field, said, code));
                self.findings.extend(finding);
                None
            }
        }
    }

    /// A finding about a line.
    fn of_line(&self, field: &Field, said: &Said, code: &'static str) -> Finding {
        let delivery = self.place.job.delivery;
        let mut finding = self.finding(None, code).of_field(&field.name);
        if field.from != FieldSource::Sheet {
            (finding.row, finding.column) = self.spot(Some(said.row), Some(said.column));
        }
        let text = if showable(field) {
            personal::masked(&said.text, &delivery.received_on)
        } else {
            "***".to_owned()
        };
        finding
            .with("header", field.zh.first().map_or("", String::as_str))
            .with("value", &text)
            .with("label", &text)
            .with("partition", &delivery.partition)
    }
}
