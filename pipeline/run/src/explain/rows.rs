//! Rows of extracts as people look them up: file, sheet, cell, the text as sent beside the value it was read as, and
//! the findings on them. All are shown when they are few; of many an evenly spaced sample in the order of files and
//! rows, the same each time.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use ingest::CellAt;
use model::finding::cell_name;
use model::{Diagnostic, Field, MeasureUnit, Value, files};
use query::{Lineage, Provenance, Query, Role, TableName};
use serde::Serialize;

use crate::accounts::{text_at, texts, whole, whole_at};
use crate::context::engine_failure;
use crate::explain::select;
use crate::explain::tables::Tables;
use crate::places::Places;

/// Up to so many rows of a role are all shown; of more, so many are.
const FEW: usize = 20;
/// How many are shown of rows that only had to be there or keep others out.
const OTHERS: usize = 5;
/// How many findings are shown of a group.
const FINDINGS: usize = 20;

/// The rows of one contract with one role.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// The contract.
    pub contract: String,
    /// Its title.
    pub title_zh: String,
    /// `counted`, `matched` or `excluding`.
    pub role: &'static str,
    /// How many rows.
    pub count: usize,
    /// Whether all of them are shown; else an evenly spaced sample in the order of files and rows.
    pub all_shown: bool,
    /// Rows, in the order of files and rows.
    pub rows: Vec<Row>,
    /// How many findings there are on rows of the group.
    pub finding_count: usize,
    /// The first findings.
    pub findings: Vec<Told>,
}

/// One row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its `_origin`.
    pub origin: i64,
    /// The file it was sent in.
    pub file: String,
    /// The sheet; empty for texts.
    pub sheet: String,
    /// Its line: the row of the sheet (the column where the table lies on its side).
    pub line: u32,
    /// The fields that matter, those the figure is made of first.
    pub cells: Vec<Cell>,
}

/// One field of a row.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The field.
    pub field: String,
    /// The first header the contract gives it.
    pub name_zh: String,
    /// `value`, `filter` or `group`.
    pub used_as: &'static str,
    /// `B7`; absent where the value stands in no cell of the row (section, title, delivery).
    pub cell: Option<String>,
    /// The text as sent, `***` where it may not be shown; absent where there is no cell or the file is gone.
    pub raw: Option<String>,
    /// What it was read as, in canonical measure units; empty: missing.
    pub value: String,
    /// The measure unit the column was read in, if any.
    pub measure_unit: String,
    /// The canonical one.
    pub canonical_unit: String,
    /// What the figure was multiplied by.
    pub factor: String,
}

/// A finding on a row.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Its code.
    pub code: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// `file ▸ sheet ▸ cell`.
    pub place: String,
    /// The field; empty for the row.
    pub field: String,
    /// Chinese.
    pub message_zh: String,
    /// English.
    pub message_en: String,
}

/// Finds rows and cells.
pub(super) struct Finder<'t, 'c, 'd> {
    pub(super) tables: &'t Tables<'c, 'd>,
    pub(super) places: Places,
    pub(super) sources: RecordBatch,
    lineage: &'t Lineage,
    /// By origin.
    findings: BTreeMap<i64, Vec<Told>>,
}

impl<'t, 'c, 'd> Finder<'t, 'c, 'd> {
    pub(super) fn new(tables: &'t mut Tables<'c, 'd>, lineage: &'t Lineage) -> Result<Self, Diagnostic> {
        let tables: &'t Tables<'c, 'd> = tables;
        let sources = batch(tables, "SELECT * FROM ingest.sources")?;
        let cells = batch(tables, "SELECT * FROM ingest.cells")?;
        let told = batch(
            tables,
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
        Ok(Self { places: Places::new(&sources, &cells), sources, lineage, findings, tables })
    }

    /// What a finding of this code says of a row, Chinese and English.
    pub(super) fn message(&self, origin: i64, code: &str) -> Option<[String; 2]> {
        let found = self.findings.get(&origin)?.iter().find(|told| told.code == code)?;
        Some([found.message_zh.clone(), found.message_en.clone()])
    }

    /// The rows of a provenance, by contract and role.
    pub(super) fn groups(&self, found: &Provenance) -> Result<Vec<Group>, Diagnostic> {
        let mut groups = Vec::new();
        for (contract, rows) in &found.rows {
            for role in Role::ALL {
                let origins: Vec<i64> =
                    rows.iter().filter(|(_, of)| **of == role).map(|(origin, _)| *origin).collect();
                if !origins.is_empty() {
                    groups.push(self.group(contract, role, &origins)?);
                }
            }
        }
        groups.sort_by_key(|group| Role::ALL.iter().position(|role| role.name() == group.role));
        Ok(groups)
    }

    fn group(&self, contract: &str, role: Role, origins: &[i64]) -> Result<Group, Diagnostic> {
        let most = if role == Role::Counted { FEW } else { OTHERS };
        let shown = sample(origins, most);
        let on_rows: Vec<&Told> =
            origins.iter().filter_map(|origin| self.findings.get(origin)).flatten().collect();
        let known = self.tables.context.definitions.contracts.get(contract);
        Ok(Group {
            contract: contract.to_owned(),
            title_zh: known.map(|known| known.title_zh.clone()).unwrap_or_default(),
            role: role.name(),
            count: origins.len(),
            all_shown: shown.len() == origins.len(),
            rows: self.rows(contract, &shown, &format!("extracts.{contract}"))?,
            finding_count: on_rows.len(),
            findings: on_rows.into_iter().take(FINDINGS).cloned().collect(),
        })
    }

    /// Rows of a contract with their cells, from a table that holds them.
    pub(super) fn rows(&self, contract: &str, origins: &[i64], table: &str) -> Result<Vec<Row>, Diagnostic> {
        let Some(known) = self.tables.context.definitions.contracts.get(contract) else {
            return Ok(Vec::new());
        };
        let fields = self.fields(contract, &known.field);
        if origins.is_empty() {
            return Ok(Vec::new());
        }
        let list: Vec<String> = origins.iter().map(i64::to_string).collect();
        let columns: Vec<String> = fields.iter().map(|(field, _)| format!(", \"{}\"", field.name)).collect();
        let values = select(
            &self.tables.engine,
            format!("SELECT _origin{} FROM {table} WHERE _origin IN ({})", columns.concat(), list.join(", ")),
        )?;
        let mut rows = Vec::new();
        for at in 0..values.rows.len() {
            let Some(Value::Int(origin)) = values.get(at, "_origin") else { continue };
            let Some(of) = self.places.of(*origin, None) else { continue };
            let cells = fields.iter().map(|(field, used_as)| {
                let value = values.get(at, &field.name).map(Value::to_text).unwrap_or_default();
                self.cell(*origin, field, used_as, value)
            });
            rows.push(Row {
                origin: *origin,
                file: of.file.to_owned(),
                sheet: of.sheet.to_owned(),
                line: ingest::line_of(*origin),
                cells: cells.collect(),
            });
        }
        self.fill_in_raw(&known.field, &mut rows);
        Ok(rows)
    }

    /// The fields of a contract the figure rests on, by what they do for it.
    fn fields<'f>(&self, contract: &str, fields: &'f [Field]) -> Vec<(&'f Field, &'static str)> {
        let table = format!("extracts.{contract}");
        let uses = [
            (&self.lineage.value, "value"),
            (&self.lineage.group, "group"),
            (&self.lineage.filter, "filter"),
        ];
        let mut all: Vec<(&Field, &'static str)> = Vec::new();
        for (by_table, used_as) in uses {
            let columns = by_table.get(&table).into_iter().flatten();
            let found = columns.filter_map(|column| fields.iter().find(|field| field.name == *column));
            for field in found {
                if !all.iter().any(|(known, _)| known.name == field.name) {
                    all.push((field, used_as));
                }
            }
        }
        all
    }

    fn cell(&self, origin: i64, field: &Field, used_as: &'static str, value: String) -> Cell {
        let column = self.places.column(origin, &field.name);
        let of = column.and_then(|_| self.places.of(origin, Some(&field.name)));
        let unit = column.map(|column| column.measure_unit.clone()).unwrap_or_default();
        let parsed = MeasureUnit::parse(&unit);
        Cell {
            field: field.name.clone(),
            name_zh: field.zh.first().cloned().unwrap_or_default(),
            used_as,
            cell: of.map(|of| cell_name(of.row, of.column)),
            raw: None,
            value,
            measure_unit: unit,
            canonical_unit: parsed.as_ref().map(|unit| unit.canonical.clone()).unwrap_or_default(),
            factor: parsed.map(|unit| unit.factor.normalize().to_string()).unwrap_or_default(),
        }
    }

    /// The texts as sent, read back from the kept files, each opened once.
    fn fill_in_raw(&self, fields: &[Field], rows: &mut [Row]) {
        let mut wanted: BTreeMap<String, Vec<(usize, usize, CellAt)>> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            for (number, cell) in row.cells.iter().enumerate() {
                let of = self.places.of(row.origin, Some(&cell.field)).filter(|_| cell.cell.is_some());
                let Some(of) = of else { continue };
                let cell = CellAt { sheet: of.sheet.to_owned(), row: of.row, column: of.column };
                wanted.entry(row.file.clone()).or_default().push((at, number, cell));
            }
        }
        let secret: BTreeSet<&str> =
            fields.iter().filter(|field| !ingest::may_show(field)).map(|field| field.name.as_str()).collect();
        let definitions = self.tables.context.definitions;
        let folder = definitions.folder.join(&definitions.assessment.folders.extracts);
        for (file, cells) in wanted {
            let delivery = definitions.deliveries.iter().find(|delivery| delivery.file == file);
            let received = delivery.map(|delivery| delivery.received_on.as_str()).unwrap_or_default();
            let Ok(bytes) = files::read(&folder.join(&file)) else { continue };
            let places: Vec<CellAt> = cells.iter().map(|(.., cell)| cell.clone()).collect();
            for ((row, cell, _), raw) in cells.iter().zip(ingest::raw_texts(&bytes, received, &places)) {
                let cell = rows.get_mut(*row).and_then(|row| row.cells.get_mut(*cell));
                if let Some(cell) = cell {
                    let masked = secret.contains(cell.field.as_str());
                    cell.raw = if masked { Some("***".to_owned()) } else { raw };
                }
            }
        }
    }
}

/// All, or evenly spaced ones.
fn sample(origins: &[i64], most: usize) -> Vec<i64> {
    if origins.len() <= FEW.min(most.max(1)) {
        return origins.to_vec();
    }
    (0..most).filter_map(|at| origins.get(at * origins.len() / most).copied()).collect()
}

/// `file ▸ sheet ▸ cell`.
pub(super) fn place(file: &str, sheet: &str, cell: &str) -> String {
    [file, sheet, cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ▸ ")
}

pub(super) fn batch(tables: &Tables<'_, '_>, sql: &str) -> Result<RecordBatch, Diagnostic> {
    let name = TableName::new("ad_hoc", "query").ok_or_else(|| engine_failure("no name"))?;
    let query = Query { name, file: String::new(), text: sql.to_owned() };
    let mut batches = tables.engine.select(&query).map_err(|wrong| *wrong)?;
    batches.pop().ok_or_else(|| engine_failure("no batch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_all_shown_and_many_are_spread() {
        let few: Vec<i64> = (0..20).collect();
        assert_eq!(sample(&few, FEW), few);
        let many: Vec<i64> = (0..1000).collect();
        assert_eq!(sample(&many, 4), [0, 250, 500, 750]);
        assert_eq!(sample(&many, FEW).len(), FEW);
    }
}
