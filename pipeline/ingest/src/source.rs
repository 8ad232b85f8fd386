//! One table of a sheet becomes one source: its rows read, refused or passed over, each counted once.

use std::collections::{BTreeMap, BTreeSet};

use arrow::record_batch::RecordBatch;
use model::contract::FieldSource;
use model::resolve::Meaning;
use model::{Accounting, Decimal, Digest, Field, FieldType, Finding, RowKind, text};

use crate::Job;
use crate::bind::{Wanted, needed, writable};
use crate::constraints::{Rules, as_number};
use crate::decide::{self, Decided, Decision, Years};
use crate::grid::{Cell, Sheet, counted};
use crate::layout::Table;
use crate::rows::{self, Classified, Row};
use crate::table::{Rejects, Rows};
use crate::totals::Parts;
use crate::values::{self, Good, Measure, Missing, Note, Value};
use crate::{dates, personal};

/// One table read from a delivery.
#[derive(Clone, Debug)]
pub struct Source {
    /// The upper half of the `_origin` of its rows: 31 bits of the hash of file, sheet and table.
    pub id: i64,
    /// The contract it was read for.
    pub contract: String,
    /// The sheet; empty for text files.
    pub sheet: String,
    /// Which table of the sheet, from 1.
    pub table: u32,
    /// `xlsx`, `xls`, `xlsb`, `ods`, `spreadsheetml`, `html` or `text`.
    pub format: String,
    /// The encoding of the text; empty for workbooks.
    pub encoding: String,
    /// Whether the file can tell of hidden rows and columns; where it cannot, they were read like the rest.
    pub hidden_known: bool,
    /// The text of its title rows, without the persons who signed.
    pub title: String,
    /// The text of its notes, without the persons who signed.
    pub notes: String,
    /// Flags of its series: the delivery's and those of the labels found.
    pub flags: Vec<String>,
    /// The first sheet row that belongs to it, from 1.
    pub first_row: u32,
    /// Which column holds which field.
    pub columns: Vec<BoundColumn>,
    /// How its columns were understood.
    pub decisions: Vec<Decision>,
    /// Values that are missing for a reason; cells that are blank are not listed.
    pub missing: Vec<MissingValue>,
    /// What became of its sheet rows.
    pub accounting: Accounting,
    /// The rows that were read, as [`crate::schema`] says.
    pub rows: RecordBatch,
    /// The rows that were refused, as [`crate::rejects_schema`] says.
    pub rejects: RecordBatch,
}

/// A column of a sheet that holds a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundColumn {
    /// The field.
    pub field: String,
    /// The sheet column, from 1.
    pub column: u32,
    /// The header as it stands in the sheet, levels joined by `/`.
    pub header: String,
    /// The measure unit the values were declared in; empty when there is none.
    pub measure_unit: String,
}

/// Why a value of a kept row is NULL although its cell is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValue {
    /// The row.
    pub origin: i64,
    /// The field.
    pub field: String,
    /// `not_applicable`, `not_available`, `too_small`, `suppressed`, `pending`; `error` for formula errors, `unreadable`
    /// for what is no value of the field, `refused` for what breaks a rule, `personal` for what is nobody's business.
    pub reason: &'static str,
    /// What stands in the cell; empty for personal data.
    pub raw: String,
}

/// Where a table stands and what all its rows share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The delivery and what is needed to read it.
    pub(crate) job: &'a Job<'a>,
    /// The file's SHA-256.
    pub(crate) file: &'a Digest,
    /// How the file was read.
    pub(crate) format: &'static str,
    /// Its encoding.
    pub(crate) encoding: &'a str,
    /// The sheet.
    pub(crate) sheet: &'a Sheet,
}

/// Reads a table.
pub(crate) fn read(
    place: Place<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    number: u32,
    findings: &mut Vec<Finding>,
) -> Source {
    let parts =
        [("file", place.file.hex()), ("sheet", place.sheet.name.clone()), ("table", number.to_string())];
    let id = Digest::of_parts(parts.iter().map(|(name, part)| (*name, part.as_bytes()))).high_31_bits();
    let classified = rows::classify(place.job, place.sheet, wanted, table);
    let mut measures = measures(wanted, table, &classified);
    let decided = decide(place, wanted, table, &classified, &mut measures);
    let mut reader = Reader {
        place,
        wanted,
        table,
        id,
        measures,
        decided,
        rules: Rules::new(wanted.contract),
        missing: Vec::new(),
        missing_of_row: Vec::new(),
        parts: vec![Parts::default(); wanted.contract.field.len()],
        totals: Vec::new(),
        accounting: Accounting::default(),
        rows: Rows::new(wanted.contract),
        rejects: Rejects::default(),
        flags: place.job.delivery.flags.iter().cloned().collect(),
        noted: BTreeMap::new(),
        findings,
    };
    reader.tell_columns(&classified);
    for (row, what) in &classified.rows {
        reader.accounting.sheet_rows += 1;
        let kind = match what {
            Row::NotData(kind) => {
                if *kind == RowKind::Total {
                    reader.totals.push(*row);
                }
                *kind
            }
            Row::Data(label) => reader.data_row(*row, label.as_ref(), classified.section_of(*row)),
        };
        reader.accounting.add(kind);
    }
    reader.finish(number, &classified)
}

fn measures(wanted: &Wanted<'_>, table: &Table, classified: &Classified) -> Vec<Measure> {
    let fields = wanted.contract.field.iter().zip(&table.found.binding.columns);
    fields
        .map(|(field, column)| {
            let under = |column: usize| {
                classified
                    .column_units
                    .iter()
                    .find(|(at, _)| *at == column)
                    .map(|(_, symbol)| symbol.as_str())
            };
            let header =
                |column: usize| table.found.columns.get(column).and_then(|column| column.unit.as_deref());
            let declared = column.and_then(|column| header(column).or_else(|| under(column)));
            Measure::decide(field, declared, &classified.units)
        })
        .collect()
}

/// Decides on each column, looking at all its data rows.
fn decide(
    place: Place<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    classified: &Classified,
    measures: &mut [Measure],
) -> Vec<Decided> {
    let delivery = place.job.delivery;
    let years = Years { title: dates::year_in(&classified.title), delivery: delivery.period.year() };
    let data: Vec<usize> = classified
        .rows
        .iter()
        .filter(|(_, what)| matches!(what, Row::Data(_)))
        .map(|(row, _)| *row)
        .collect();
    let fields = wanted.contract.field.iter().zip(&table.found.binding.columns).zip(measures);
    fields
        .map(|((field, column), measure)| {
            let Some(column) = *column else { return Decided::default() };
            let data = if decide::looks_at_cells(field.kind) { data.as_slice() } else { &[] };
            let cells: Vec<&Cell> = data.iter().map(|row| place.sheet.cell(*row, column)).collect();
            decide::column(field, measure, &cells, years)
        })
        .collect()
}

struct Reader<'a> {
    place: Place<'a>,
    wanted: &'a Wanted<'a>,
    table: &'a Table,
    id: i64,
    measures: Vec<Measure>,
    decided: Vec<Decided>,
    rules: Rules,
    missing: Vec<MissingValue>,
    /// Those of the row being read: they count only if the row is kept.
    missing_of_row: Vec<MissingValue>,
    /// For each field the figures of the rows that add up.
    parts: Vec<Parts>,
    /// The total rows.
    totals: Vec<usize>,
    accounting: Accounting,
    rows: Rows<'a>,
    rejects: Rejects,
    flags: BTreeSet<String>,
    /// For each field and note how many values have it, and where first.
    noted: BTreeMap<(usize, &'static str), (u64, usize, usize)>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn finding(&self, code: &'static str) -> Finding {
        Finding::new(code, &self.place.job.delivery.file)
            .at(&self.place.sheet.name, counted(self.table.found.band.top), 0)
            .of_contract(&self.wanted.contract.id)
    }

    fn origin(&self, row: usize) -> i64 {
        (self.id << 32) | i64::from(counted(row))
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &Field, Option<usize>)> {
        let fields = self.wanted.contract.field.iter().zip(&self.table.found.binding.columns);
        fields.enumerate().map(|(at, (field, column))| (at, field, *column))
    }

    fn header(&self, column: usize) -> &str {
        self.table.found.columns.get(column).map_or("", |column| column.shown.as_str())
    }

    /// Findings about the table as a whole.
    fn tell_columns(&mut self, classified: &Classified) {
        let headers: Vec<&str> =
            self.table.found.columns.iter().map(|column| column.shown.as_str()).collect();
        let paths = || self.table.found.columns.iter().map(|column| column.path.as_str());
        let shown =
            headers.iter().filter(|header| !header.is_empty()).copied().collect::<Vec<_>>().join("、");
        let mut told = Vec::new();
        for (_, field, column) in self.columns() {
            if column.is_none() && needed(field) {
                let names: Vec<&str> =
                    field.zh.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
                let used: Vec<&str> = self.bound_paths();
                let near = names.iter().find_map(|name| {
                    text::suggest(name, paths().filter(|path| !path.is_empty() && !used.contains(path)))
                });
                told.push(
                    self.finding("missing-column")
                        .of_field(&field.name)
                        .with("contract", &self.wanted.contract.title_zh)
                        .with("field", &field.name)
                        .with("expected", names.join("、"))
                        .with("found", &shown)
                        .suggest(near),
                );
            }
        }
        for (field, columns) in &self.table.found.binding.ambiguous {
            let Some(field) = self.wanted.contract.field.get(*field) else { continue };
            let names: Vec<String> =
                columns.iter().map(|column| model::finding::column_letters(counted(*column))).collect();
            told.push(
                self.finding("ambiguous-column")
                    .of_field(&field.name)
                    .with("field", &field.name)
                    .with("columns", names.join("、")),
            );
        }
        let bound: BTreeSet<usize> = self.columns().filter_map(|(_, _, column)| column).collect();
        for (at, column) in self.table.found.columns.iter().enumerate() {
            // Under a label merged over more columns than have anything to say.
            let empty = (self.table.found.band.top..self.table.end)
                .all(|row| self.place.sheet.cell(row, at).is_empty());
            let known = bound.contains(&at) || self.wanted.ignores(&column.path);
            if !column.path.is_empty() && !known && !empty {
                let header = &column.shown;
                let mut finding = self.finding("unknown-column").with("header", header);
                finding.column = counted(at);
                told.push(finding);
            }
        }
        for (at, field, column) in self.columns() {
            let unfit = self.measures.get(at).is_some_and(|measure| measure.factor.is_none());
            if let (true, Some(column)) = (unfit, column) {
                let measure = self.measures.get(at).cloned();
                let (found, wanted) =
                    measure.map(|m| (m.symbol, m.canonical.unwrap_or_default())).unwrap_or_default();
                let mut finding = self
                    .finding("measure-unit-unfit")
                    .of_field(&field.name)
                    .with("header", self.header(column))
                    .with("found", found)
                    .with("expected", wanted);
                finding.column = counted(column);
                told.push(finding);
            }
        }
        for (at, field, column) in self.columns() {
            let decided = self.decided.get(at);
            let doubt = decided.and_then(|decided| Some((decided.doubt?, decided.decisions.first()?)));
            if let (Some((code, decision)), Some(column)) = (doubt, column) {
                let mut finding = self
                    .finding(code)
                    .of_field(&field.name)
                    .with("header", self.header(column))
                    .with("choice", &decision.choice)
                    .with("evidence", &decision.evidence);
                finding.column = counted(column);
                told.push(finding);
            }
        }
        if let (false, Some(section)) = (classified.section_found, &self.wanted.contract.section) {
            told.push(self.finding("missing-section").with("section", section));
        }
        if let Some(row) = classified.other_header {
            let mut finding = self.finding("further-table");
            finding.row = counted(row);
            told.push(finding);
        }
        self.findings.append(&mut told);
    }

    fn bound_paths(&self) -> Vec<&str> {
        let bound = self.table.found.binding.columns.iter().flatten();
        bound
            .filter_map(|column| self.table.found.columns.get(*column))
            .map(|column| column.path.as_str())
            .collect()
    }

    /// Reads a data row; says whether it was kept or rejected.
    fn data_row(&mut self, row: usize, label: Option<&(String, Meaning)>, section: Option<&str>) -> RowKind {
        if !self.table.found.binding.complete {
            self.reject(row, "missing-column", "");
            return RowKind::Rejected;
        }
        let unit = match label.map(|(label, meaning)| self.unit(row, label, meaning)) {
            None => None,
            Some(Ok(unit)) => Some(unit),
            Some(Err(finding)) => {
                self.refuse(row, *finding);
                return RowKind::Rejected;
            }
        };
        let mut values: Vec<Option<Value>> = Vec::new();
        let mut lacking = None;
        let mut figures: Vec<(usize, Option<Decimal>)> = Vec::new();
        self.missing_of_row.clear();
        for at in 0..self.wanted.contract.field.len() {
            let Some(field) = self.wanted.contract.field.get(at) else { continue };
            let value = match (&unit, field.kind) {
                (Some(unit), FieldType::Unit) => Some(Value::Text(unit.0.clone())),
                _ if field.from == FieldSource::Section => section.map(|name| Value::Text(name.to_owned())),
                _ => self.value(row, at, field),
            };
            if value.is_none() && field.required && lacking.is_none() {
                lacking = Some(at);
            }
            if field.adds_up() {
                figures.push((at, value.as_ref().and_then(|value| as_number(value, field.kind))));
            }
            if writable(field) {
                values.push(value);
            }
        }
        if let Some(field) = lacking.and_then(|at| self.wanted.contract.field.get(at)) {
            let column = self
                .columns()
                .find(|(_, other, _)| other.name == field.name)
                .and_then(|(_, _, column)| column);
            let finding = self
                .at(row, column, "required-value-missing")
                .of_field(&field.name)
                .with("header", column.map_or("", |column| self.header(column)));
            self.refuse(row, finding);
            return RowKind::Rejected;
        }
        let of_which = unit.and_then(|(_, of_which)| of_which);
        if of_which.is_none() {
            for (at, figure) in figures {
                let place = self.last_place(row, at);
                if let Some(parts) = self.parts.get_mut(at) {
                    parts.add(figure, place);
                }
            }
        }
        self.missing.append(&mut self.missing_of_row);
        self.rows.push(self.origin(row), of_which, values);
        RowKind::Kept
    }

    /// The worth of the last printed place of a figure.
    fn last_place(&self, row: usize, at: usize) -> Option<Decimal> {
        let field = self.wanted.contract.field.get(at)?;
        let column = self.table.found.binding.columns.get(at).copied().flatten()?;
        values::last_place(self.place.sheet.cell(row, column), field, self.measures.get(at)?)
    }

    fn at(&self, row: usize, column: Option<usize>, code: &'static str) -> Finding {
        let mut finding = self.finding(code);
        finding.row = counted(row);
        finding.column = column.map_or(0, counted);
        finding.origin = Some(self.origin(row));
        finding
    }

    fn refuse(&mut self, row: usize, finding: Finding) {
        self.reject(row, finding.code, &finding.field.clone());
        self.findings.push(finding);
    }

    /// Notes a refused row with its cells, those of S3 fields masked.
    fn reject(&mut self, row: usize, code: &str, field: &str) {
        let secret: BTreeSet<usize> = self
            .columns()
            .filter(|(_, field, _)| !writable(field))
            .filter_map(|(_, _, column)| column)
            .collect();
        let sheet = self.place.sheet;
        let cells: Vec<String> = (0..sheet.width(row))
            .map(|column| {
                let shown = sheet.cell(row, column).shown();
                if secret.contains(&column) && !shown.is_empty() {
                    "***".to_owned()
                } else {
                    personal::masked(&shown, &self.place.job.delivery.received_on)
                }
            })
            .collect();
        self.rejects.push(self.origin(row), code, field, &cells);
    }

    /// The unit of a row and the county it is a part of, or why the row cannot be used.
    fn unit(
        &mut self,
        row: usize,
        label: &str,
        meaning: &Meaning,
    ) -> Result<(String, Option<String>), Box<Finding>> {
        let bound = self.columns().find(|(_, field, _)| field.kind == FieldType::Unit);
        let (name, column) = bound.map(|(_, field, column)| (field.name.clone(), column)).unwrap_or_default();
        let partition = &self.place.job.delivery.partition;
        let label = &personal::masked(label, &self.place.job.delivery.received_on);
        let finding = |code| {
            self.at(row, column, code).of_field(&name).with("label", label).with("partition", partition)
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
            Meaning::Unknown { .. } if label.is_empty() => finding("unit-blank"),
            Meaning::Unknown { suggestion } => finding("unknown-unit").suggest(suggestion.clone()),
        };
        Err(Box::new(refused))
    }

    fn unit_name(&self, id: &str) -> String {
        self.place.job.reference.units.get(id).map_or_else(|| id.to_owned(), |unit| unit.name_zh.clone())
    }

    /// The value of a field in a row. Texts of merged cells hold for all their rows; a merged figure belongs to none
    /// of them alone.
    fn value(&mut self, row: usize, at: usize, field: &Field) -> Option<Value> {
        let column = self.table.found.binding.columns.get(at).copied().flatten()?;
        let sheet = self.place.sheet;
        let own = sheet.cell(row, column);
        let cell = if field.kind.is_number() { own } else { sheet.spread(row, column) };
        let joint = field.kind.is_number()
            && sheet.merge(row, column).is_some_and(|region| {
                region.bottom > region.top && !sheet.cell(region.top, region.left).is_empty()
            });
        if joint {
            self.tell_cell(row, column, field, "merged-figure", sheet.spread(row, column));
            return None;
        }
        if cell.is_without_value() {
            self.tell_cell(row, column, field, "formula-without-value", cell);
            return None;
        }
        let measure = self.measures.get(at)?;
        let dating = self.decided.get(at).map(|decided| decided.dating).unwrap_or_default();
        let read = values::read(cell, field, measure, dating);
        if self.is_personal(cell, field, &read) {
            self.note(at, "personal-data", row, column);
            self.lack(row, field, "personal", "");
            return None;
        }
        let good = match read {
            Ok(Ok(good)) => good,
            Ok(Err(Missing::Blank)) => return None,
            Ok(Err(missing)) => {
                self.lack(row, field, missing.reason(), &cell.shown());
                return None;
            }
            Err(problem) => {
                if let Some(code) = problem.code() {
                    self.tell_cell(row, column, field, code, cell);
                }
                let reason = if problem == values::Problem::Formula { "error" } else { "unreadable" };
                self.lack(row, field, reason, &cell.shown());
                return None;
            }
        };
        for note in &good.notes {
            if *note == Note::Approximate {
                self.tell_cell(row, column, field, note.code(), cell);
            } else {
                self.note(at, note.code(), row, column);
            }
        }
        if let Some(broken) = self.rules.test(at, field, &good.value, counted(row)) {
            self.tell_cell(row, column, field, broken.code, cell);
            if let Some(finding) = self.findings.last_mut() {
                finding.params.insert("rule".to_owned(), broken.rule);
            }
            if broken.refuse {
                self.lack(row, field, "refused", &cell.shown());
                return None;
            }
        }
        Some(good.value)
    }

    /// Whether a cell of a text column holds personal data. Values that passed the check of their own type are left
    /// alone.
    fn is_personal(&self, cell: &Cell, field: &Field, read: &values::Read) -> bool {
        let tested = match (field.kind, read) {
            (FieldType::Unit, _) => false,
            (FieldType::String, _) => true,
            (FieldType::Code, Ok(Ok(Good { notes, .. }))) => field.length.is_empty() || !notes.is_empty(),
            (kind, Err(_)) => !kind.is_number(),
            _ => false,
        };
        tested && writable(field) && personal::holds(&cell.shown(), &self.place.job.delivery.received_on)
    }

    fn note(&mut self, at: usize, code: &'static str, row: usize, column: usize) {
        self.noted.entry((at, code)).or_insert((0, row, column)).0 += 1;
    }

    /// Notes why a value is missing.
    fn lack(&mut self, row: usize, field: &Field, reason: &'static str, raw: &str) {
        if writable(field) {
            let raw = personal::masked(&text::tidy(raw), &self.place.job.delivery.received_on);
            let (origin, field) = (self.origin(row), field.name.clone());
            self.missing_of_row.push(MissingValue { origin, field, reason, raw });
        }
    }

    fn tell_cell(&mut self, row: usize, column: usize, field: &Field, code: &'static str, cell: &Cell) {
        let received = &self.place.job.delivery.received_on;
        let value = if writable(field) {
            personal::masked(&text::tidy(&cell.shown()), received)
        } else {
            "***".to_owned()
        };
        let finding = self
            .at(row, Some(column), code)
            .of_field(&field.name)
            .with("header", self.header(column))
            .with("value", value);
        self.findings.push(finding);
    }

    /// Holds each total against the sum of the rows kept. A total over rows of which one was refused or has no figure
    /// says nothing.
    fn check_totals(&mut self) {
        if self.accounting.count(RowKind::Rejected) > 0 {
            return;
        }
        let mut told = Vec::new();
        for (at, field, column) in self.columns() {
            let (Some(column), Some(measure), Some(parts)) =
                (column, self.measures.get(at), self.parts.get(at))
            else {
                continue;
            };
            if !field.adds_up() || !writable(field) || !parts.complete() {
                continue;
            }
            let factor = measure.factor.unwrap_or(Decimal::ONE);
            let exact = field.kind == FieldType::Int && factor == Decimal::ONE;
            let printed =
                |figure: Decimal| figure.checked_div(factor).unwrap_or(figure).normalize().to_string();
            for row in &self.totals {
                let dating = dates::Dating::default();
                let cell = self.place.sheet.cell(*row, column);
                let Ok(Ok(good)) = values::read(cell, field, measure, dating) else { continue };
                let Some(total) = as_number(&good.value, field.kind) else { continue };
                let place = self.last_place(*row, at);
                if let Some(found) = parts.differs(total, place, exact) {
                    let mut finding = self
                        .at(*row, Some(column), "total-differs")
                        .of_field(&field.name)
                        .with("header", self.header(column))
                        .with("total", printed(total))
                        .with("sum", printed(found.sum))
                        .with("difference", printed(found.difference));
                    finding.origin = None;
                    told.push(finding);
                }
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
            let finding = self.finding("rule-without-rows").of_field(&field.name).with("rules", rules);
            self.findings.push(finding.with("field", &field.name));
        }
    }

    /// The text of the notes above and below the table.
    fn notes(&self, classified: &Classified) -> String {
        let notes = classified.rows.iter().filter(|(_, what)| *what == Row::NotData(RowKind::Note));
        let line = |row: usize| {
            let cells = self.place.sheet.cells(row).iter();
            cells.map(|(_, cell)| text::tidy(&cell.shown())).collect::<Vec<_>>().join(" ")
        };
        notes.map(|(row, _)| self.told(&line(*row))).collect::<Vec<_>>().join(" / ")
    }

    /// A title or note as it may be kept.
    fn told(&self, shown: &str) -> String {
        personal::masked(&personal::unsigned(shown), &self.place.job.delivery.received_on)
    }

    fn finish(mut self, number: u32, classified: &Classified) -> Source {
        self.check_totals();
        self.tell_untested();
        for ((at, code), (count, row, column)) in std::mem::take(&mut self.noted) {
            let Some(field) = self.wanted.contract.field.get(at) else { continue };
            let decimals = field.kind.decimal().map_or(0, |(_, scale)| scale);
            let mut finding = self
                .at(row, Some(column), code)
                .of_field(&field.name)
                .with("header", self.header(column))
                .with("count", count)
                .with("decimals", decimals);
            finding.origin = None;
            self.findings.push(finding);
        }
        let notes = self.notes(classified);
        let title = self.told(&classified.title);
        let columns = self
            .columns()
            .filter_map(|(at, field, column)| {
                let column = column?;
                Some(BoundColumn {
                    field: field.name.clone(),
                    column: counted(column),
                    header: self.header(column).to_owned(),
                    measure_unit: self
                        .measures
                        .get(at)
                        .map(|measure| measure.symbol.clone())
                        .unwrap_or_default(),
                })
            })
            .collect();
        Source {
            id: self.id,
            contract: self.wanted.contract.id.clone(),
            sheet: self.place.sheet.name.clone(),
            table: number,
            format: self.place.format.to_owned(),
            encoding: self.place.encoding.to_owned(),
            hidden_known: self.place.sheet.hidden_known,
            title,
            notes,
            flags: self.flags.into_iter().collect(),
            first_row: counted(self.table.first),
            columns,
            decisions: self.decided.into_iter().flat_map(|decided| decided.decisions).collect(),
            missing: self.missing,
            accounting: self.accounting,
            rows: self.rows.finish(self.place.job.delivery, self.place.job.number),
            rejects: self.rejects.finish(self.wanted.contract),
        }
    }
}
