//! Rows that cannot be used: why, and what stands in them.

use model::resolve::Meaning;
use model::{Field, FieldType, Finding, RowKind};

use super::plan::Head;
use super::reader::Reader;
use crate::bind::showable;
use crate::personal;

impl Reader<'_> {
    /// Tells that a row has no value where it must have one.
    pub(super) fn tell_lacking(&mut self, row: usize, at: usize, field: &Field, head: &Head) {
        let column = head.columns.get(at).copied().flatten();
        let header = column.map_or("", |column| self.header(column)).to_owned();
        let finding = self.at(row, column, head.number, "required-value-missing");
        self.findings.push(finding.of_field(&field.name).with("header", header));
    }

    /// Refuses a sheet row as a whole, and with it every crossing at which anything stands.
    pub(super) fn refuse_whole(&mut self, row: usize, code: &str, field: &str) -> RowKind {
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
    pub(super) fn reject(&mut self, row: usize, head: &Head, code: &str, field: &str) {
        let holds = |head: &Head, at: usize, column: usize| head.columns.get(at) == Some(&Some(column));
        let shifted = self.is_shifted(row);
        let secret = |column: usize| {
            let mut fields = self.fields().filter(|(_, field)| !showable(field));
            shifted || fields.any(|(at, _)| holds(&self.plan.row, at, column) || holds(head, at, column))
        };
        let headed = &self.table.found.binding.headed;
        let of_another = |column: &usize| {
            let under = headed.binary_search_by_key(column, |headed| headed.column).is_ok();
            under && !head.columns.contains(&Some(*column))
        };
        let sheet = self.place.sheet;
        let cells: Vec<String> = (0..sheet.width(row))
            .filter(|column| !of_another(column))
            .map(|column| {
                let shown = sheet.cell(row, column).shown();
                if !shown.is_empty() && secret(column) {
                    "***".to_owned()
                } else {
                    personal::masked(&shown, &self.place.job.delivery.received_on)
                }
            })
            .collect();
        self.rejects.push(self.origin(row, head.number), code, field, &cells);
    }

    /// The unit of a row and the county it is a part of, or why the row cannot be used.
    pub(super) fn unit(
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
        let shown = if self.is_shifted(row) { "***" } else { label };
        let label = &personal::masked(shown, &self.place.job.delivery.received_on);
        let finding = |code| {
            self.at(row, column, 0, code).of_field(&name).with("label", label).with("partition", partition)
        };
        let refused = match meaning {
            Meaning::Unit { unit, of_which, flag, misspelt, scope } => {
                let named = |code| finding(code).with("unit", self.unit_name(unit));
                let mut told: Vec<Finding> = misspelt.then(|| named("unit-misspelt")).into_iter().collect();
                told.extend(scope.as_ref().map(|scope| named("unit-scope").with("scope", scope)));
                self.findings.append(&mut told);
                self.flags.extend(flag.clone());
                return Ok((unit.clone(), of_which.clone()));
            }
            Meaning::OutsidePartition { unit } => {
                finding("unit-outside-partition").with("unit", self.unit_name(unit))
            }
            Meaning::Other(_) | Meaning::OtherPart => finding("row-is-no-unit"),
            // What stands elsewhere in the row (a number, a name) is no misspelt unit.
            Meaning::Unknown { .. }
                if label.is_empty() || column.is_some_and(|at| self.place.sheet.cell(row, at).is_empty()) =>
            {
                finding("unit-blank")
            }
            Meaning::Unknown { suggestion } => finding("unknown-unit").suggest(suggestion.clone()),
        };
        Err(Box::new(refused))
    }

    /// The Chinese name of a unit.
    pub(super) fn unit_name(&self, id: &str) -> String {
        self.place.job.reference.units.get(id).map_or_else(|| id.to_owned(), |unit| unit.name_zh.clone())
    }
}
