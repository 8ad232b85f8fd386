//! Definitions checked against each other: every name one file uses must be defined by another.
//!
//! SQL is checked by `query`, trees by [`crate::frameworks`]; this is about contracts, deliveries and indicators.

use std::collections::{BTreeMap, BTreeSet};

use model::assessment::Nature;
use model::{Contract, Diagnostic, Place, definition, files, text};

use crate::definitions::Definitions;

/// Adds everything that does not fit together.
pub(crate) fn check(definitions: &Definitions, diagnostics: &mut Vec<Diagnostic>) {
    let mut checker = Checker { definitions, diagnostics };
    checker.assessment();
    checker.contracts();
    checker.deliveries();
    checker.indicators();
    checker.names();
}

/// Every check has a query and an entry in `checks.toml`.
pub(crate) fn checks(definitions: &Definitions, diagnostics: &mut Vec<Diagnostic>) {
    let mut checker = Checker { definitions, diagnostics };
    checker.checks();
}

/// Schemas that no query folder and no framework may take.
const RESERVED: [&str; 7] =
    ["extracts", "ingest", "pass1", "reference", "relations", "report", crate::definitions::STRATA];

/// The id of a framework is a schema: it must be neither reserved nor a folder of queries.
pub(crate) fn framework_id(definitions: &Definitions, id: &str, file: &str) -> Option<Diagnostic> {
    let taken = RESERVED.contains(&id) || definitions.queries.iter().any(|query| query.name.schema() == id);
    taken.then(|| Diagnostic::new("reserved-name", Place::file(file)).with("name", id))
}

struct Checker<'a> {
    definitions: &'a Definitions,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    /// The place of a key in a definition file; the file is read again because this is the way of an error.
    fn place(&self, relative: &str, path: &[&str]) -> Place {
        let shown = self.definitions.shown(relative);
        match files::read_text(&self.definitions.folder.join(relative)) {
            Ok(text) => definition::locate(&shown, &text, path),
            Err(_) => Place::file(shown),
        }
    }

    fn unknown(&mut self, what: &str, name: &str, known: &BTreeSet<String>, relative: &str, path: &[&str]) {
        if !known.contains(name) {
            let diagnostic = Diagnostic::new("unknown-name", self.place(relative, path))
                .with("what", what)
                .with("name", name)
                .suggest(text::suggest(name, known.iter().map(String::as_str)));
            self.diagnostics.push(diagnostic);
        }
    }

    fn wrong(&mut self, relative: &str, path: &[&str], value: &str, expected: &str) {
        let key = path.last().copied().unwrap_or_default();
        let diagnostic = Diagnostic::new("wrong-value", self.place(relative, path))
            .with("key", key)
            .with("value", value)
            .with("expected", expected);
        self.diagnostics.push(diagnostic);
    }

    fn departments(&self) -> BTreeSet<String> {
        let table = self.definitions.reference.tables.get("departments");
        table
            .map(|table| table.rows.iter().filter_map(|row| row.first().cloned()).collect())
            .unwrap_or_default()
    }

    fn assessment(&mut self) {
        let edition = &self.definitions.assessment.edition;
        if edition.year_month_day().is_none() {
            self.wrong("assessment.toml", &["edition", "date"], &edition.date.clone(), "YYYY-MM-DD");
        }
        self.sample();
        if let Some(day) = edition.data_cut_off.clone()
            && model::assessment::calendar_date(&day).is_none()
        {
            self.wrong("assessment.toml", &["edition", "data_cut_off"], &day, "YYYY-MM-DD");
        }
        let periods = &self.definitions.assessment.periods;
        for (at, period) in periods.iter().enumerate().filter(|(at, period)| periods[..*at].contains(period))
        {
            let place = self.place("assessment.toml", &["periods", &at.to_string()]);
            self.diagnostics
                .push(Diagnostic::new("duplicate-name", place).with("what", "period").with("name", period));
        }
    }

    /// Invented data stand only where everything says that they are invented.
    fn sample(&mut self) {
        let assessment = &self.definitions.assessment;
        let Some(sample) = &assessment.sample else { return };
        if assessment.nature != Nature::Synthetic {
            self.wrong("assessment.toml", &["nature"], assessment.nature.name(), "synthetic ([sample])");
        }
        if sample::Scale::named(&sample.scale).is_none() {
            self.wrong("assessment.toml", &["sample", "scale"], &sample.scale, &sample::Scale::names());
        }
        if crate::sampled::folder_of(&assessment.folders.extracts).is_none() {
            let extracts = &assessment.folders.extracts;
            self.wrong("assessment.toml", &["folders", "extracts"], extracts, "…/extracts ([sample])");
        }
    }

    fn contracts(&mut self) {
        let definitions = self.definitions;
        let departments = self.departments();
        for (id, contract) in &definitions.contracts {
            let relative = format!("{}/{id}.toml", definitions.assessment.folders.contracts);
            self.unknown("department", &contract.department, &departments, &relative, &["department"]);
            let fields: BTreeSet<String> = contract.field.iter().map(|field| field.name.clone()).collect();
            let mut columns = fields.clone();
            columns.insert("period".to_owned());
            for (at, key) in contract.key.iter().enumerate() {
                self.unknown("field", key, &columns, &relative, &["key", &at.to_string()]);
            }
            for fault in contract.faults() {
                let path: Vec<&str> = fault.path.iter().map(String::as_str).collect();
                self.wrong(&relative, &path, &fault.value, &fault.expected);
            }
            self.relations(contract, &relative);
            let mut seen = BTreeSet::new();
            for (at, field) in contract.field.iter().enumerate() {
                let path = ["field", &at.to_string(), "name"];
                let reserved = ["partition", "vintage"].contains(&field.name.as_str());
                if query::TableName::new("extracts", &field.name).is_none()
                    || reserved
                    || field.name.starts_with('_')
                {
                    self.wrong(&relative, &path, &field.name, "a-z, 0-9, _ (not partition, vintage)");
                }
                if !seen.insert(&field.name) {
                    let place = self.place(&relative, &path);
                    self.diagnostics.push(
                        Diagnostic::new("duplicate-name", place)
                            .with("what", "field")
                            .with("name", &field.name),
                    );
                }
            }
        }
    }

    /// Names in rules and foreign keys; what they say is checked as SQL.
    fn relations(&mut self, contract: &Contract, relative: &str) {
        let contracts: BTreeSet<String> = self.definitions.contracts.keys().cloned().collect();
        let columns = |contract: &Contract| -> BTreeSet<String> {
            ingest::schema(contract).fields().iter().map(|field| field.name().clone()).collect()
        };
        for (at, key) in contract.foreign_key.iter().enumerate() {
            let at = at.to_string();
            let other = &key.reference.contract;
            let path = ["foreign_key", &at, "reference", "contract"];
            self.unknown("contract", other, &contracts, relative, &path);
            if key.fields.is_empty() || key.fields.len() != key.reference.fields.len() {
                let found = key.reference.fields.join(", ");
                let expected = format!("as many fields as `fields` has ({})", key.fields.len().max(1));
                self.wrong(relative, &["foreign_key", &at, "reference", "fields"], &found, &expected);
            }
            let own = columns(contract);
            for (number, field) in key.fields.iter().enumerate() {
                let path = ["foreign_key", &at, "fields", &number.to_string()];
                self.unknown("field", field, &own, relative, &path);
            }
            if let Some(other) = self.definitions.contracts.get(other) {
                let theirs = columns(other);
                for (number, field) in key.reference.fields.iter().enumerate() {
                    let path = ["foreign_key", &at, "reference", "fields", &number.to_string()];
                    self.unknown("field", field, &theirs, relative, &path);
                }
            }
        }
        let mut seen = BTreeSet::new();
        for (at, rule) in contract.rule.iter().enumerate() {
            let path = ["rule", &at.to_string(), "id"];
            if query::TableName::new("relations", &rule.id).is_none() || rule.id.starts_with("foreign_key") {
                self.wrong(relative, &path, &rule.id, "a-z, 0-9, _ (not foreign_key…)");
            }
            if !seen.insert(&rule.id) {
                let place = self.place(relative, &path);
                let diagnostic = Diagnostic::new("duplicate-name", place);
                self.diagnostics.push(diagnostic.with("what", "rule").with("name", &rule.id));
            }
        }
    }

    fn deliveries(&mut self) {
        let definitions = self.definitions;
        let relative = format!("{}/deliveries.toml", definitions.assessment.folders.extracts);
        let departments = self.departments();
        let contracts: BTreeSet<String> = definitions.contracts.keys().cloned().collect();
        let partitions: BTreeSet<String> = definitions.reference.partitions.keys().cloned().collect();
        let listed: BTreeSet<String> =
            definitions.deliveries.iter().map(|delivery| delivery.file.clone()).collect();
        let mut seen = BTreeSet::new();
        for (at, delivery) in definitions.deliveries.iter().enumerate() {
            let at = at.to_string();
            self.unknown(
                "department",
                &delivery.department,
                &departments,
                &relative,
                &["delivery", &at, "department"],
            );
            self.unknown(
                "partition",
                &delivery.partition,
                &partitions,
                &relative,
                &["delivery", &at, "partition"],
            );
            for (number, contract) in delivery.contracts.iter().enumerate() {
                let number = number.to_string();
                self.unknown(
                    "contract",
                    contract,
                    &contracts,
                    &relative,
                    &["delivery", &at, "contracts", &number],
                );
            }
            for (number, file) in delivery.supersedes.iter().enumerate() {
                let number = number.to_string();
                let path = ["delivery", &at, "supersedes", &number];
                self.unknown("delivery", file, &listed, &relative, &path);
                let mut earlier =
                    definitions.deliveries.iter().take_while(|other| !std::ptr::eq(*other, delivery));
                if listed.contains(file) && !earlier.any(|other| other.file == *file) {
                    self.wrong(&relative, &path, file, "a delivery that is listed above it");
                }
            }
            if delivery.contracts.is_empty() {
                self.wrong(&relative, &["delivery", &at, "contracts"], "[]", "at least one contract");
            }
            if model::assessment::calendar_date(&delivery.received_on).is_none() {
                self.wrong(&relative, &["delivery", &at, "received_on"], &delivery.received_on, "YYYY-MM-DD");
            }
            let digest = delivery.sha256.to_lowercase();
            let same = definitions.deliveries.iter().take_while(|other| !std::ptr::eq(*other, delivery));
            if let Some(same) = same.into_iter().find(|other| other.sha256.to_lowercase() == digest) {
                let place = self.place(&relative, &["delivery", &at, "sha256"]);
                self.diagnostics.push(Diagnostic::new("delivery-twice", place).with("other", &same.file));
            }
            if !seen.insert(&delivery.file) {
                let place = self.place(&relative, &["delivery", &at, "file"]);
                self.diagnostics.push(
                    Diagnostic::new("duplicate-name", place)
                        .with("what", "delivery")
                        .with("name", &delivery.file),
                );
            }
            if delivery.sha256.len() != 64 || !delivery.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
                self.wrong(
                    &relative,
                    &["delivery", &at, "sha256"],
                    &delivery.sha256,
                    "64 hexadecimal digits",
                );
            }
            let inside = delivery.file.split('/').all(|part| !part.is_empty() && part != "..");
            if !inside || delivery.file.starts_with('.') {
                self.wrong(
                    &relative,
                    &["delivery", &at, "file"],
                    &delivery.file,
                    "a file under the extracts folder",
                );
            }
        }
    }

    /// Names that would stand for two things, or lead out of the folders they belong to.
    fn checks(&mut self) {
        let definitions = self.definitions;
        let file = format!("{}/checks/checks.toml", definitions.assessment.folders.queries);
        let queries = definitions.queries.iter().filter(|query| query.name.schema() == crate::checks::SCHEMA);
        let queries: BTreeMap<&str, &str> =
            queries.map(|query| (query.name.table(), query.file.as_str())).collect();
        for (id, query) in queries.iter().filter(|(id, _)| !definitions.checks.contains_key(**id)) {
            let unused = definitions.checks.keys().filter(|entry| !queries.contains_key(entry.as_str()));
            let told = Diagnostic::new("check-half", Place::file(*query));
            self.diagnostics.push(
                told.with("absent", format!("[{id}] (checks.toml)"))
                    .suggest(text::suggest(id, unused.map(String::as_str))),
            );
        }
        for id in definitions.checks.keys().filter(|id| !queries.contains_key(id.as_str())) {
            let unused = queries.keys().filter(|query| !definitions.checks.contains_key(**query)).copied();
            let told = Diagnostic::new("check-half", self.place(&file, &[id]));
            self.diagnostics
                .push(told.with("absent", format!("{id}.sql")).suggest(text::suggest(id, unused)));
        }
    }

    fn names(&mut self) {
        let definitions = self.definitions;
        let folders = &definitions.assessment.folders;
        let reserved = |name: &str| RESERVED.contains(&name) || name.starts_with("report_");
        for query in definitions.queries.iter().filter(|query| reserved(query.name.schema())) {
            let diagnostic = Diagnostic::new("reserved-name", Place::file(&query.file));
            self.diagnostics.push(diagnostic.with("name", query.name.schema()));
        }
        let mut pdfs = BTreeSet::new();
        for (id, report) in &definitions.reports {
            let pdf = report.definition.file.as_deref().unwrap_or(id);
            if !pdfs.insert(pdf) {
                let place = self.place(&format!("{}/{id}/report.toml", folders.reports), &["file"]);
                self.diagnostics
                    .push(Diagnostic::new("duplicate-name", place).with("what", "PDF").with("name", pdf));
            }
            let Some(file) = &report.definition.file else { continue };
            if file.is_empty() || file.starts_with('.') || file.contains(['/', '\\', ':']) {
                self.wrong(
                    &format!("{}/{id}/report.toml", folders.reports),
                    &["file"],
                    file,
                    "a plain file name",
                );
            }
        }
    }

    fn indicators(&mut self) {
        let definitions = self.definitions;
        let partitions: BTreeSet<String> = definitions.reference.partitions.keys().cloned().collect();
        let periods: BTreeSet<String> =
            definitions.assessment.periods.iter().map(ToString::to_string).collect();
        for (id, indicator) in &definitions.indicators {
            let relative = format!("{}/indicators/{id}.toml", definitions.assessment.folders.queries);
            self.unknown("partition", &indicator.partition, &partitions, &relative, &["partition"]);
            for (at, period) in indicator.periods.iter().enumerate() {
                self.unknown(
                    "period",
                    &period.to_string(),
                    &periods,
                    &relative,
                    &["periods", &at.to_string()],
                );
            }
            for (key, symbol) in
                [("measure_unit", &indicator.measure_unit), ("display", &indicator.display.measure_unit)]
            {
                if model::MeasureUnit::of_indicator(symbol).is_none() {
                    self.wrong(&relative, &[key], symbol, "a known measure unit");
                }
            }
        }
    }
}
