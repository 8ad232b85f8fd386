//! Reference tables: who and what. CSV files of a `reference` folder, described by `tables.toml`, read at ingest and
//! visible to SQL as `reference.<name>`.
//!
//! This file reads and checks them; [`crate::resolve`] uses them to find out which unit a label means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::definition;
use crate::diagnostic::{Diagnostic, Place};
use crate::files;
use crate::places::Places;
use crate::text;
use crate::working_days::WorkingDays;

/// `reference/tables.toml`: the tables, their columns, keys and references.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// One entry a CSV file.
    pub table: Vec<TableDefinition>,
    /// Tables that another folder of this form has, such as those of a policy that several cities follow.
    #[serde(default)]
    pub from: Vec<TakenFrom>,
}

/// Tables taken from another reference folder, with their rows and what is said of them there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenFrom {
    /// The other folder, seen from this one.
    pub folder: String,
    /// The names of the tables.
    pub tables: Vec<String>,
}

/// One reference table.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableDefinition {
    /// Name of the table and of its CSV file.
    pub name: String,
    /// What it says and where that comes from.
    pub about: String,
    /// The columns that identify a row; empty for lists that may repeat.
    #[serde(default)]
    pub key: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// One column of a reference table.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name, also the CSV header.
    pub name: String,
    /// What the values are.
    #[serde(rename = "type", default)]
    pub kind: ColumnType,
    /// What the column says.
    pub about: String,
    /// Values must stand in this column (`table.column`); empty values are free.
    #[serde(default)]
    pub references: Option<String>,
}

/// What a reference column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text; an empty cell is NULL.
    #[default]
    Text,
    /// A whole number.
    Integer,
}

/// One loaded table: its definition and rows of trimmed text.
#[derive(Clone, Debug)]
pub struct ReferenceTable {
    /// What `tables.toml` says of it.
    pub definition: TableDefinition,
    /// The rows; each has as many cells as the definition has columns.
    pub rows: Vec<Vec<String>>,
    /// The CSV file as the user knows it.
    shown: String,
    /// The same, where it lies.
    pub file: PathBuf,
}

impl ReferenceTable {
    fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let at = self.definition.columns.iter().position(|c| c.name == column);
        at.and_then(|at| row.get(at)).map_or("", String::as_str)
    }
}

/// A county, zone, remainder unit, or the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Stable ASCII id.
    pub id: String,
    /// Division code; empty where there is none.
    pub code: String,
    /// `county`, `zone`, `remainder`, `city` or `residual`.
    pub kind: String,
    /// Full Chinese name.
    pub name_zh: String,
    /// Short Chinese name, for charts.
    pub short_zh: String,
    /// The county a zone or remainder belongs to; empty otherwise.
    pub parent: String,
}

/// The loaded reference folder.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// All tables by name, for SQL.
    pub tables: BTreeMap<String, ReferenceTable>,
    /// Units by id.
    pub units: BTreeMap<String, Unit>,
    /// Squeezed alias → (unit, kind of alias: `name`, `alias`, `misspelling`, `joint`; flag or empty).
    pub(crate) aliases: BTreeMap<String, Vec<Alias>>,
    /// Division code → the units it meant and when.
    pub(crate) codes: BTreeMap<String, Vec<Code>>,
    /// Partition → its units in display order.
    pub partitions: BTreeMap<String, Vec<String>>,
    /// Squeezed label → what a row that is no unit is: `total`, `subtotal`, `mean`, `residual`, `part_of`.
    pub(crate) other_rows: BTreeMap<String, String>,
    /// Prefixes such as a province's name that may stand before a unit's name, longest first.
    pub(crate) prefixes: Vec<String>,
    /// Registering offices and the names that stand in addresses.
    pub(crate) places: Places,
    /// On which days people work; no year is known without the table.
    pub working_days: WorkingDays,
}

#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) unit: String,
    pub(crate) kind: String,
    pub(crate) flag: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) unit: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Reference {
    /// Reads the folder. `shown` is the folder as the user knows it, for diagnostics.
    ///
    /// # Errors
    /// Everything wrong in `tables.toml` and the CSV files: unknown or missing columns, rows of another length,
    /// repeated keys, values that stand in no referenced table, numbers that are none.
    pub fn load(folder: &Path, shown: &str) -> Result<Self, Vec<Diagnostic>> {
        let (tables, text) = read_tables(folder, shown)?;
        let mut diagnostics = Vec::new();
        let mut loaded = Self::default();
        for definition in tables.table {
            loaded.add(folder, shown, definition, &mut diagnostics);
        }
        for (at, from) in tables.from.iter().enumerate() {
            let (other, other_shown) = (folder.join(&from.folder), format!("{shown}/{}", from.folder));
            let (known, _) = match read_tables(&other, &other_shown) {
                Ok(read) => read,
                Err(wrong) => {
                    diagnostics.extend(wrong);
                    continue;
                }
            };
            for (nth, name) in from.tables.iter().enumerate() {
                if let Some(definition) = known.table.iter().find(|table| table.name == *name) {
                    loaded.add(&other, &other_shown, definition.clone(), &mut diagnostics);
                } else {
                    let path = ["from", &at.to_string(), "tables", &nth.to_string()];
                    let place = definition::locate(&format!("{shown}/tables.toml"), &text, &path);
                    let names = known.table.iter().map(|table| table.name.as_str());
                    diagnostics.push(
                        Diagnostic::new("unknown-name", place)
                            .with("what", "table")
                            .with("name", name)
                            .suggest(text::suggest(name, names)),
                    );
                }
            }
        }
        loaded.check_references(&mut diagnostics);
        loaded.working_days = loaded.read_working_days(&mut diagnostics);
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        loaded.index();
        Ok(loaded)
    }

    /// The flags of series that aliases of units stand for.
    pub fn flags(&self) -> impl Iterator<Item = String> {
        let aliases = self.aliases.values().flatten().map(|alias| alias.flag.clone());
        aliases.filter(|flag| !flag.is_empty())
    }

    fn add(&mut self, folder: &Path, shown: &str, definition: TableDefinition, wrong: &mut Vec<Diagnostic>) {
        let name = definition.name.clone();
        let (shown, file) = (format!("{shown}/{name}.csv"), folder.join(format!("{name}.csv")));
        match files::read_text(&file) {
            Ok(text) => {
                let rows = read_rows(&shown, &text, &definition, wrong);
                self.tables.insert(name, ReferenceTable { definition, rows, shown, file });
            }
            Err(error) => wrong.push(error.into()),
        }
    }

    fn check_references(&self, diagnostics: &mut Vec<Diagnostic>) {
        for table in self.tables.values() {
            for (at, column) in table.definition.columns.iter().enumerate() {
                let Some((other, key)) = column.references.as_deref().and_then(|r| r.split_once('.')) else {
                    continue;
                };
                let known: BTreeSet<&str> = self
                    .tables
                    .get(other)
                    .map(|table| table.rows.iter().map(|row| table.cell(row, key)).collect())
                    .unwrap_or_default();
                for (line, row) in table.rows.iter().enumerate() {
                    let value = row[at].as_str();
                    if !value.is_empty() && !known.contains(value) {
                        let place = Place { line: Some(line + 2), ..Place::file(&table.shown) };
                        diagnostics.push(
                            Diagnostic::new("reference-dangling", place)
                                .with("column", &column.name)
                                .with("value", value)
                                .with("target", format!("{other}.{key}"))
                                .suggest(text::suggest(value, known.iter().copied())),
                        );
                    }
                }
            }
        }
    }

    fn read_working_days(&self, diagnostics: &mut Vec<Diagnostic>) -> WorkingDays {
        let mut calendar = WorkingDays::default();
        let Some(table) = self.tables.get("working_days") else { return calendar };
        for (line, row) in table.rows.iter().enumerate() {
            let [day, kind, year] = ["day", "kind", "year"].map(|column| table.cell(row, column));
            if let Err(reason) = calendar.add(day, kind, year) {
                let place = Place { line: Some(line + 2), ..Place::file(&table.shown) };
                diagnostics.push(Diagnostic::new("reference-row", place).with("reason", reason));
            }
        }
        calendar
    }

    fn index(&mut self) {
        let mut indexed = Self::default();
        self.each("units", |get| {
            let id = get("id");
            indexed.units.insert(
                id.clone(),
                Unit {
                    id,
                    code: get("code"),
                    kind: get("kind"),
                    name_zh: get("name_zh"),
                    short_zh: get("short_zh"),
                    parent: get("parent"),
                },
            );
            indexed.aliases.entry(text::squeeze(&get("name_zh"))).or_default().push(Alias {
                unit: get("id"),
                kind: "name".to_owned(),
                flag: String::new(),
            });
        });
        self.each("unit_aliases", |get| {
            indexed.aliases.entry(text::squeeze(&get("alias"))).or_default().push(Alias {
                unit: get("unit"),
                kind: get("kind"),
                flag: get("flag"),
            });
        });
        self.each("unit_codes", |get| {
            indexed.codes.entry(get("code")).or_default().push(Code {
                unit: get("unit"),
                from: get("valid_from"),
                to: get("valid_to"),
            });
        });
        self.each("memberships", |get| {
            indexed.partitions.entry(get("partition")).or_default().push(get("unit"));
        });
        self.each("other_rows", |get| {
            indexed.other_rows.insert(text::squeeze(&get("label")), get("treat_as"));
        });
        self.each("name_prefixes", |get| indexed.prefixes.push(text::squeeze(&get("prefix"))));
        indexed.prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.chars().count()));
        let (mut offices, mut subdistricts) = (Vec::new(), Vec::new());
        self.each("offices", |get| offices.push(["office", "unit", "valid_from", "valid_to"].map(get)));
        self.each("subdistricts", |get| {
            subdistricts.push(["name", "unit", "zone", "valid_from", "valid_to"].map(get));
        });
        let counties = indexed.units.values().filter(|unit| unit.kind == "county");
        let counties: Vec<_> = counties.map(|unit| [unit.name_zh.clone(), unit.id.clone()]).collect();
        indexed.places = Places::new(offices, subdistricts, counties);
        indexed.tables = std::mem::take(&mut self.tables);
        indexed.working_days = std::mem::take(&mut self.working_days);
        *self = indexed;
    }

    fn each(&self, name: &str, mut visit: impl FnMut(&dyn Fn(&str) -> String)) {
        if let Some(table) = self.tables.get(name) {
            for row in &table.rows {
                visit(&|column| table.cell(row, column).to_owned());
            }
        }
    }
}

/// `tables.toml` of a folder, and its text.
fn read_tables(folder: &Path, shown: &str) -> Result<(Tables, String), Vec<Diagnostic>> {
    let text = files::read_text(&folder.join("tables.toml")).map_err(|error| vec![error.into()])?;
    Ok((definition::parse(&format!("{shown}/tables.toml"), &text)?, text))
}

fn read_rows(
    file: &str,
    text: &str,
    definition: &TableDefinition,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let expected: Vec<&str> = definition.columns.iter().map(|column| column.name.as_str()).collect();
    let header: Vec<String> =
        reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
    if header != expected {
        diagnostics.push(
            Diagnostic::new("reference-header", Place::line_column(file, text, 1, None))
                .with("found", header.join(","))
                .with("expected", expected.join(",")),
        );
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                diagnostics.push(Diagnostic::new("reference-row", Place::file(file)).with("reason", error));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let wrong = |reason: String| {
            Diagnostic::new("reference-row", Place::line_column(file, text, line, None))
                .with("reason", reason)
        };
        let row: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if row.len() != expected.len() {
            diagnostics.push(wrong(format!("{} ≠ {}", row.len(), expected.len())));
            continue;
        }
        for (cell, column) in row.iter().zip(&definition.columns) {
            if column.kind == ColumnType::Integer && !cell.is_empty() && cell.parse::<i64>().is_err() {
                diagnostics.push(wrong(format!("{}: {cell}", column.name)));
            }
        }
        let key: Vec<String> = definition
            .key
            .iter()
            .filter_map(|name| expected.iter().position(|column| column == name))
            .map(|at| row[at].clone())
            .collect();
        if !key.is_empty() && !seen.insert(key.clone()) {
            diagnostics.push(wrong(format!("{} ({})", key.join(","), definition.key.join(","))));
        }
        rows.push(row);
    }
    rows
}
