//! Findings about a table as a whole: columns that are missing, unknown or ambiguous, measure units that do not fit,
//! decisions that are doubtful.

use std::collections::BTreeSet;

use model::contract::{FieldSource, Orientation};
use model::{Finding, text};

use super::reader::Reader;
use super::{MAX_HEADS, plan};
use crate::bind::needed;
use crate::grid::counted;
use crate::rows::Classified;

impl Reader<'_> {
    /// Tells what is wrong with the columns.
    pub(super) fn tell_columns(&mut self, classified: &Classified) {
        let mut told = self.missing_columns();
        told.extend(self.ambiguous_columns());
        told.extend(self.unknown_columns());
        told.extend(self.header_values());
        told.extend(self.unfit_measures());
        told.extend(self.doubts());
        if let (false, Some(section)) = (classified.section_found, &self.wanted.contract.section) {
            told.push(self.finding(None, "missing-section").with("section", section));
        }
        if let Some(row) = classified.other_unit {
            let mut finding = self.finding(None, "measure-unit-changes");
            (finding.row, finding.column) = self.spot(Some(row), None);
            let found = self.place.sheet.cells(row).first().map(|(_, cell)| text::tidy(&cell.shown()));
            told.push(finding.with("found", found.unwrap_or_default()));
        }
        if let Some(row) = classified.other_header {
            let mut finding = self.finding(None, "further-table");
            (finding.row, finding.column) = self.spot(Some(row), None);
            told.push(finding);
        }
        self.findings.append(&mut told);
    }

    fn missing_columns(&self) -> Vec<Finding> {
        let all = &self.table.found.columns;
        let bound: BTreeSet<&str> =
            self.bound().filter_map(|column| Some(all.get(column)?.path.as_str())).collect();
        let headers: Vec<&str> =
            all.iter().map(|column| column.shown.as_str()).filter(|header| !header.is_empty()).collect();
        let shown = headers.join("、");
        let binding = &self.table.found.binding;
        let lacks = |(at, field): &(usize, &model::Field)| {
            let stands = match field.from {
                FieldSource::Header => !binding.headed.is_empty(),
                _ => binding.places().any(|(field, _)| field == *at),
            };
            !stands && needed(field)
        };
        let tell = |(_, field): (usize, &model::Field)| {
            let names: Vec<&str> =
                field.zh.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
            let near = names.iter().find_map(|name| {
                let free = all.iter().map(|column| column.path.as_str());
                text::suggest(name, free.filter(|path| !path.is_empty() && !bound.contains(path)))
            });
            let expected = if names.is_empty() { field.kind.name().to_owned() } else { names.join("、") };
            self.finding(None, "missing-column")
                .of_field(&field.name)
                .with("contract", &self.wanted.contract.title_zh)
                .with("field", &field.name)
                .with("expected", expected)
                .with("found", &shown)
                .suggest(near)
        };
        self.fields().filter(lacks).map(tell).collect()
    }

    fn ambiguous_columns(&self) -> Vec<Finding> {
        let all = self.table.found.binding.ambiguous.iter().chain(&self.plan.twice);
        let tell = |(field, columns): &(usize, Vec<usize>)| {
            let field = self.wanted.contract.field.get(*field)?;
            let finding = self.finding(None, "ambiguous-column").of_field(&field.name);
            let names: Vec<String> = columns.iter().map(|column| self.column_name(*column)).collect();
            Some(finding.with("field", &field.name).with("columns", names.join("、")))
        };
        all.filter_map(tell).collect()
    }

    fn unknown_columns(&self) -> Vec<Finding> {
        let mut bound: BTreeSet<usize> = self.bound().collect();
        if self.wanted.contract.orientation == Orientation::Columns {
            bound.extend(self.table.found.titles(self.place.sheet));
        }
        let unknown = self.table.found.columns.iter().enumerate().filter(|(at, column)| {
            // Under a label merged over more columns than have anything to say.
            let lines = self.table.found.band.top..self.table.end;
            let empty = || lines.clone().all(|row| self.place.sheet.cell(row, *at).is_empty());
            !column.path.is_empty() && !bound.contains(at) && !self.wanted.ignores(&column.path) && !empty()
        });
        unknown
            .map(|(at, column)| self.finding(Some(at), "unknown-column").with("header", &column.shown))
            .collect()
    }

    fn header_values(&self) -> Vec<Finding> {
        let misspelt = self.plan.misspelt.iter().map(|(column, label, unit)| {
            let finding = self.finding(Some(*column), "unit-misspelt").with("label", label);
            finding.with("unit", self.unit_name(unit))
        });
        let too_many = (self.plan.too_many > 0).then(|| {
            self.finding(None, "too-many-header-values")
                .with("found", self.plan.too_many + MAX_HEADS)
                .with("most", MAX_HEADS)
        });
        misspelt.chain(too_many).collect()
    }

    fn unfit_measures(&self) -> Vec<Finding> {
        let mut told = Vec::new();
        for (at, field) in self.fields() {
            for head in self.plan.heads() {
                let (Some(Some(column)), Some(measure)) = (head.columns.get(at), head.measures.get(at))
                else {
                    continue;
                };
                if measure.factor.is_none() {
                    let finding = self.finding(Some(*column), "measure-unit-unfit").of_field(&field.name);
                    told.push(
                        finding
                            .with("header", self.header(*column))
                            .with("found", &measure.symbol)
                            .with("expected", measure.canonical.clone().unwrap_or_default()),
                    );
                }
            }
        }
        told
    }

    fn doubts(&self) -> Vec<Finding> {
        let tell = |decision: &plan::Decision| {
            let (code, first) = (decision.decided.doubt?, decision.decided.decisions.first()?);
            let field = self.wanted.contract.field.get(decision.field)?;
            let header = decision.column.map_or("", |column| self.header(column));
            let finding = self.finding(decision.column, code).of_field(&field.name).with("header", header);
            Some(finding.with("choice", &first.choice).with("evidence", &first.evidence))
        };
        self.plan.decisions.iter().filter_map(tell).collect()
    }

    /// The columns that hold a field.
    fn bound(&self) -> impl Iterator<Item = usize> {
        self.table.found.binding.places().map(|(_, column)| column)
    }

    /// What a column is called in the sheet: by letters, or by its row where the table lies on its side.
    fn column_name(&self, column: usize) -> String {
        match self.wanted.contract.orientation {
            Orientation::Rows => model::finding::column_letters(counted(column)),
            Orientation::Columns => counted(column).to_string(),
        }
    }
}
