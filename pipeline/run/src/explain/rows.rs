//! The rows behind a part of a figure as people look them up: file, sheet, cell, the text as sent beside the value it was
//! read as, and the findings on them. All are shown when they are few; of many an evenly spaced sample in the order of
//! files and rows, the same each time.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use model::{Contract, Diagnostic, Field, Value};
use query::{Lineage, Provenance, Role};

use crate::accounts::{text_at, texts, whole, whole_at};
use crate::explain::answer::{Group, Row, Told};
use crate::explain::ask::{batch, select};
use crate::explain::cells;
use crate::explain::tables::Tables;
use crate::places::Places;

/// Up to so many rows of a role are all shown.
const FEW: usize = 20;
/// How many are shown of more rows.
const SAMPLE: usize = 10;
/// How many are shown of rows that only had to be there or keep others out.
const OTHERS: usize = 3;
/// How many findings are shown of a group.
const FINDINGS: usize = 20;

/// Finds rows and cells.
pub(super) struct Finder<'t, 'c, 'd> {
    pub(super) tables: &'t Tables<'c, 'd>,
    pub(super) places: Places,
    pub(super) sources: RecordBatch,
    /// By origin.
    findings: BTreeMap<i64, Vec<Told>>,
}

impl<'t, 'c, 'd> Finder<'t, 'c, 'd> {
    pub(super) fn new(tables: &'t Tables<'c, 'd>) -> Result<Self, Diagnostic> {
        let sources = batch(&tables.engine, "SELECT * FROM ingest.sources")?;
        let cells = batch(&tables.engine, "SELECT * FROM ingest.cells")?;
        let told = batch(
            &tables.engine,
            "SELECT origin, code, severity, file, sheet, cell, field, message_zh, message_en \
             FROM ingest.findings WHERE origin IS NOT NULL",
        )?;
        let mut findings: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
        for row in 0..told.num_rows() {
            let text = |column: &str| text_at(texts(&told, column), row).unwrap_or_default();
            if let Some(origin) = whole_at(whole(&told, "origin"), row) {
                findings.entry(origin).or_default().push(Told {
                    code: text("code"),
                    severity: text("severity"),
                    place: place(&text("file"), &text("sheet"), &text("cell")),
                    field: text("field"),
                    message_zh: text("message_zh"),
                    message_en: text("message_en"),
                });
            }
        }
        Ok(Self { places: Places::new(&sources, &cells), sources, findings, tables })
    }

    /// The finding of this code on a row.
    pub(super) fn finding(&self, origin: i64, code: &str) -> Option<&Told> {
        self.findings.get(&origin)?.iter().find(|told| told.code == code)
    }

    /// The rows of a part, by contract and role; of their fields those that the part rests on.
    pub(super) fn groups(&self, found: &Provenance, columns: &Lineage) -> Result<Vec<Group>, Diagnostic> {
        let mut groups = Vec::new();
        for (contract, rows) in &found.rows {
            for role in Role::ALL {
                let mut origins: Vec<i64> =
                    rows.iter().filter(|(_, of)| **of == role).map(|(origin, _)| *origin).collect();
                origins.sort_by_cached_key(|origin| {
                    let of = self.places.of(*origin, None);
                    (of.map(|of| (of.file.to_owned(), of.sheet.to_owned())), *origin)
                });
                if !origins.is_empty() {
                    groups.push(self.group(contract, role, &origins, columns)?);
                }
            }
        }
        groups.sort_by_key(|group| Role::ALL.iter().position(|role| role.name() == group.role));
        Ok(groups)
    }

    fn group(
        &self,
        contract: &str,
        role: Role,
        origins: &[i64],
        columns: &Lineage,
    ) -> Result<Group, Diagnostic> {
        let (few, most) = if role == Role::Counted { (FEW, SAMPLE) } else { (OTHERS, OTHERS) };
        let shown = sample(origins, few, most);
        let known = self.tables.context.definitions.contracts.get(contract);
        let fields = known.map(|known| fields(known, columns)).unwrap_or_default();
        // What is wrong with a cell the part does not rest on is no concern of it.
        let concerns =
            |told: &&Told| told.field.is_empty() || fields.iter().any(|(field, _)| field.name == told.field);
        let on_rows: Vec<&Told> = origins
            .iter()
            .filter_map(|origin| self.findings.get(origin))
            .flatten()
            .filter(concerns)
            .collect();
        Ok(Group {
            contract: contract.to_owned(),
            title_zh: known.map(|known| known.title_zh.clone()).unwrap_or_default(),
            title_en: known.map(|known| known.title_en.clone()).unwrap_or_default(),
            role: role.name(),
            count: origins.len(),
            all_shown: shown.len() == origins.len(),
            rows: self.rows(contract, &shown, &format!("extracts.{contract}"), columns)?,
            finding_count: on_rows.len(),
            findings: on_rows.into_iter().take(FINDINGS).cloned().collect(),
        })
    }

    /// Rows of a contract with their cells, from a table that holds them.
    pub(super) fn rows(
        &self,
        contract: &str,
        origins: &[i64],
        table: &str,
        columns: &Lineage,
    ) -> Result<Vec<Row>, Diagnostic> {
        let definitions = self.tables.context.definitions;
        let Some(known) = definitions.contracts.get(contract).filter(|_| !origins.is_empty()) else {
            return Ok(Vec::new());
        };
        let fields = fields(known, columns);
        let list: Vec<String> = origins.iter().map(i64::to_string).collect();
        let names: Vec<String> = fields.iter().map(|(field, _)| format!(", \"{}\"", field.name)).collect();
        let list = list.join(", ");
        let values = select(
            &self.tables.engine,
            format!("SELECT _origin{} FROM {table} WHERE _origin IN ({list})", names.concat()),
        )?;
        let mut rows = Vec::new();
        for at in 0..values.rows.len() {
            let Some(Value::Int(origin)) = values.get(at, "_origin") else { continue };
            let Some(of) = self.places.of(*origin, None) else { continue };
            let cells = fields.iter().map(|(field, used_as)| {
                let value = values.get(at, &field.name).map(Value::to_text).unwrap_or_default();
                cells::cell(&self.places, *origin, field, used_as, value)
            });
            rows.push(Row {
                origin: *origin,
                file: of.file.to_owned(),
                sheet: of.sheet.to_owned(),
                line: ingest::line_of(*origin),
                cells: cells.collect(),
            });
        }
        rows.sort_by_key(|row| origins.iter().position(|origin| *origin == row.origin));
        cells::fill_in_raw(definitions, &self.places, &known.field, &mut rows);
        Ok(rows)
    }
}

/// The fields of a contract that are rested on, each once, as the first thing it does: what the part is made of, then
/// unit and period, then the others, in the order of the contract.
fn fields<'f>(contract: &'f Contract, columns: &Lineage) -> Vec<(&'f Field, &'static str)> {
    let table = format!("extracts.{}", contract.id);
    let uses = [(&columns.value, "value"), (&columns.group, "group"), (&columns.filter, "filter")];
    let used_as = |field: &Field| {
        let is_used = |by: &BTreeMap<String, BTreeSet<String>>| {
            by.get(&table).is_some_and(|columns| columns.contains(&field.name))
        };
        uses.iter().find(|(by, _)| is_used(by)).map(|(_, used_as)| *used_as)
    };
    let used = contract.field.iter().filter_map(|field| Some((field, used_as(field)?)));
    let mut all: Vec<(&Field, &'static str)> = used.collect();
    let keys = [contract.unit_field(), contract.period_field()].map(|key| key.map(|key| key.name.as_str()));
    all.sort_by_key(|(field, used_as)| (*used_as != "value", !keys.contains(&Some(field.name.as_str()))));
    all
}

/// All of up to `few`, or `most` evenly spaced ones.
fn sample(origins: &[i64], few: usize, most: usize) -> Vec<i64> {
    if origins.len() <= few {
        return origins.to_vec();
    }
    (0..most).filter_map(|at| origins.get(at * origins.len() / most).copied()).collect()
}

/// `file ▸ sheet ▸ cell`.
pub(super) fn place(file: &str, sheet: &str, cell: &str) -> String {
    [file, sheet, cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ▸ ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_all_shown_and_many_are_spread() {
        let few: Vec<i64> = (0..20).collect();
        assert_eq!(sample(&few, FEW, SAMPLE), few);
        let many: Vec<i64> = (0..1000).collect();
        assert_eq!(sample(&many, FEW, 4), [0, 250, 500, 750]);
        assert_eq!(sample(&many, FEW, SAMPLE).len(), SAMPLE);
        assert_eq!(sample(&few[..4], OTHERS, OTHERS), [0, 1, 2]);
    }
}
