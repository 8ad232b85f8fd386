//! Everything people wrote for an assessment, read once and checked against each other: `assessment.toml`, reference,
//! contracts, deliveries, queries, indicators, frameworks, reports, templates.
//!
//! All that is wrong is told at once. Nothing is run and nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use composite::Tree;
use model::delivery::Deliveries;
use model::{
    Assessment, Check, Checks, Contract, Delivery, Diagnostic, Digest, Framework, Indicator, Place,
    Reference, ReportDefinition, definition, files, text,
};
use query::{Query, TableName};
use report::Templates;

use crate::delivered_files::DeliveredFiles;
use crate::frameworks;

/// A report with all its texts.
#[derive(Debug)]
pub struct Report {
    /// `report.toml`.
    pub definition: ReportDefinition,
    /// The page, as the user knows it.
    pub page_file: String,
    /// The text of the page.
    pub page_text: String,
    /// Its data: `report_<id>.<name>`, handed to the page as `<name>`.
    pub queries: Vec<Query>,
    /// Digests of what its files mean, by their name in the assessment.
    pub digests: BTreeMap<String, Digest>,
}

/// A framework with its checked tree.
#[derive(Debug)]
pub struct Placed {
    /// `frameworks/<id>.toml`.
    pub framework: Framework,
    /// Its tree, goalposts filled in from the indicators.
    pub tree: Tree,
}

/// All definitions of an assessment.
#[derive(Debug)]
pub struct Definitions {
    /// The assessment folder.
    pub folder: PathBuf,
    /// `assessment.toml`.
    pub assessment: Assessment,
    /// The reference tables.
    pub reference: Reference,
    /// By id.
    pub contracts: BTreeMap<String, Contract>,
    /// In the order received.
    pub deliveries: Vec<Delivery>,
    /// What lies where the list of deliveries says.
    pub(crate) delivered: DeliveredFiles,
    /// All queries under `queries/`.
    pub queries: Vec<Query>,
    /// By id.
    pub indicators: BTreeMap<String, Indicator>,
    /// The entries of `checks.toml`, by id.
    pub checks: BTreeMap<String, Check>,
    /// By id.
    pub frameworks: BTreeMap<String, Placed>,
    /// By id.
    pub reports: BTreeMap<String, Report>,
    /// The assessment's templates over the built-in ones.
    pub templates: Templates,
    /// The digest of what every definition file means, by its name in the assessment (`contracts/population.toml`).
    pub digests: BTreeMap<String, Digest>,
}

/// The schema of what queries of survey items return.
pub(crate) const STRATA: &str = "strata";

/// The folder a query lies in: its schema, but strata lie with the indicators made from them.
pub(crate) fn folder_of(query: &Query) -> &str {
    if query.name.schema() == STRATA { "indicators" } else { query.name.schema() }
}

/// What is named in reference tables.
const OF_REFERENCE: [&str; 2] = ["department", "partition"];

impl Definitions {
    /// Whether a later delivery of the edition supersedes the one at this place of the list.
    pub(crate) fn is_sent_anew(&self, at: usize) -> bool {
        let Some(delivery) = self.deliveries.get(at) else { return false };
        let mut later = self.deliveries.iter().skip(at + 1);
        later
            .any(|later| later.supersedes.contains(&delivery.file) && !self.assessment.edition.is_late(later))
    }

    /// Reads the assessment in `folder`.
    ///
    /// # Errors
    /// Everything wrong in its files.
    pub fn load(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader { folder, diagnostics: Vec::new(), digests: BTreeMap::new() };
        let Some(assessment) = reader.toml::<Assessment>("assessment.toml") else {
            return Err(reader.diagnostics);
        };
        let folders = assessment.folders.clone();
        let reference_folder = folder.join(&folders.reference);
        let mut has_reference = true;
        let reference = Reference::load(&reference_folder, &reader.shown(&folders.reference)).unwrap_or_else(
            |diagnostics| {
                reader.diagnostics.extend(diagnostics);
                has_reference = false;
                Reference::default()
            },
        );
        for name in reader.list(&folders.reference, &[".csv", ".toml"]) {
            reader.digest_only(&folders.reference, &name, "reference");
        }
        for (name, table) in &reference.tables {
            if let Ok(bytes) = files::read(&table.file) {
                reader.digests.insert(format!("reference/{name}.csv"), Digest::of(&bytes));
            }
        }

        let contracts: BTreeMap<String, Contract> =
            reader.all(&folders.contracts, "contracts", |contract: &Contract| contract.id.clone());
        let deliveries = if folder.join(&folders.extracts).join("deliveries.toml").exists() {
            reader
                .toml::<Deliveries>(&format!("{}/deliveries.toml", folders.extracts))
                .unwrap_or_default()
                .delivery
        } else {
            Vec::new()
        };
        let queries = reader.queries(&folders.queries);
        let mut indicators: BTreeMap<String, Indicator> = reader.indicators(&folders.queries);
        let checks_file = format!("{}/checks/checks.toml", folders.queries);
        let has_checks = folder.join(&checks_file).exists();
        let checks = has_checks.then(|| reader.toml::<Checks>(&checks_file));
        let checks_read = checks.as_ref().is_none_or(Option::is_some);
        let checks = checks.flatten().unwrap_or_default().0;
        let mut frameworks: BTreeMap<String, Framework> =
            reader.all(&folders.frameworks, "frameworks", |framework: &Framework| framework.id.clone());
        // Who names no periods means every year.
        let unsaid = |periods: &&mut Vec<model::Period>| periods.is_empty();
        let of_indicators = indicators.values_mut().map(|indicator| &mut indicator.periods);
        for periods in of_indicators
            .chain(frameworks.values_mut().map(|framework| &mut framework.periods))
            .filter(unsaid)
        {
            periods.extend(
                assessment.periods.iter().filter(|period| period.grain() == model::period::Grain::Year),
            );
        }
        let reports = reader.reports(&folders.reports);
        let own_templates = folder.join(&folders.templates);
        let templates = Templates::with_folder(&own_templates, &reader.shown(&folders.templates));
        let templates = templates.unwrap_or_else(|diagnostics| {
            reader.diagnostics.extend(diagnostics);
            Templates::built_in()
        });

        let mut definitions = Self {
            folder: folder.to_path_buf(),
            assessment,
            reference,
            contracts,
            delivered: DeliveredFiles::look(
                deliveries.iter().map(|delivery| delivery.file.as_str()),
                &folder.join(&folders.extracts),
                &out(folder),
            ),
            deliveries,
            queries,
            indicators,
            checks,
            frameworks: BTreeMap::new(),
            reports,
            templates,
            digests: reader.digests,
        };
        let mut diagnostics = reader.diagnostics;
        // Names are not looked for where they could not be read.
        let is_moot = |definitions: &Self, told: &Diagnostic| {
            let of_reference =
                told.params.get("what").is_some_and(|what| OF_REFERENCE.contains(&what.as_str()));
            let unknown = told.code == "unknown-name";
            (unknown && of_reference && !has_reference) || definitions.is_unread(told)
        };
        let mut crossed = Vec::new();
        crate::cross_check::check(&definitions, &mut crossed);
        if checks_read {
            crate::cross_check::checks(&definitions, &mut crossed);
        }
        diagnostics.extend(crossed.into_iter().filter(|told| !is_moot(&definitions, told)));
        definitions.name_strata();
        for (id, framework) in frameworks {
            let file = definitions.shown(&format!("{}/{id}.toml", folders.frameworks));
            diagnostics.extend(crate::cross_check::framework_id(&definitions, &id, &file));
            match frameworks::tree(&framework, &definitions.indicators, &definitions.reference, &file) {
                Ok(tree) => {
                    definitions.frameworks.insert(id, Placed { framework, tree });
                }
                // An indicator whose own file is wrong is told there, not as missing here.
                Err(wrong) => {
                    diagnostics.extend(wrong.into_iter().filter(|told| !is_moot(&definitions, told)));
                }
            }
        }
        if diagnostics.is_empty() {
            Ok(definitions)
        } else {
            diagnostics.sort();
            diagnostics.dedup();
            Err(diagnostics)
        }
    }

    /// The query of a survey item makes `strata.<id>`; `indicators.<id>` is estimated from that.
    fn name_strata(&mut self) {
        for query in self.queries.iter_mut().filter(|query| query.name.schema() == "indicators") {
            let indicator = self.indicators.get(query.name.table());
            if indicator.is_some_and(|indicator| indicator.survey.is_some())
                && let Some(name) = TableName::new(STRATA, query.name.table())
            {
                query.name = name;
            }
        }
    }

    /// The survey items, by id.
    pub(crate) fn surveys(&self) -> impl Iterator<Item = &str> {
        let surveys = self.indicators.iter().filter(|(_, indicator)| indicator.survey.is_some());
        surveys.map(|(id, _)| id.as_str())
    }

    /// The deliveries that came after the edition's cut-off: read and told, and none of their rows stands.
    pub fn late(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().filter(|delivery| self.assessment.edition.is_late(delivery))
    }

    /// Whether a diagnostic misses an indicator or a contract whose file is there but could not be read.
    fn is_unread(&self, told: &Diagnostic) -> bool {
        let of = |name: &str| told.params.get(name).filter(|_| told.code == "unknown-name");
        let folders = &self.assessment.folders;
        let (Some(what), Some(id)) = (of("what"), of("name")) else { return false };
        let (file, read) = match what.as_str() {
            "indicator" => {
                (format!("{}/indicators/{id}.toml", folders.queries), self.indicators.contains_key(id))
            }
            "contract" => (format!("{}/{id}.toml", folders.contracts), self.contracts.contains_key(id)),
            _ => return false,
        };
        self.digests.contains_key(&file) && !read
    }

    /// A path of the assessment as the user knows it.
    pub fn shown(&self, relative: &str) -> String {
        shown(&self.folder, relative)
    }

    /// Where results go.
    pub fn out(&self) -> PathBuf {
        out(&self.folder)
    }

    /// The digests of all definition files whose name begins with one of the prefixes.
    pub fn digests_of<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (String, Digest)> + 'a {
        self.digests
            .iter()
            .filter(move |(name, _)| name.starts_with(prefix))
            .map(|(name, digest)| (name.clone(), *digest))
    }
}

/// The digest of what a file means, by its ending: a changed comment changes nothing.
pub(crate) fn meaning(name: &str, bytes: &[u8]) -> Digest {
    match (name.rsplit('.').next(), std::str::from_utf8(bytes)) {
        (Some("toml"), Ok(text)) => definition::meaning(text),
        (Some("sql"), Ok(text)) => query::meaning(text),
        (Some("j2" | "typ"), _) => report::meaning(name, bytes),
        _ => Digest::of(bytes),
    }
}

/// Where the results of the assessment in a folder go.
pub(crate) fn out(folder: &Path) -> PathBuf {
    folder.join("out")
}

fn shown(folder: &Path, relative: &str) -> String {
    let folder = folder.display().to_string();
    if folder == "." || folder.is_empty() { relative.to_owned() } else { format!("{folder}/{relative}") }
}

struct Reader<'a> {
    folder: &'a Path,
    diagnostics: Vec<Diagnostic>,
    digests: BTreeMap<String, Digest>,
}

impl Reader<'_> {
    fn shown(&self, relative: &str) -> String {
        shown(self.folder, relative)
    }

    fn text(&mut self, relative: &str) -> Option<String> {
        match files::read_text(&self.folder.join(relative)) {
            Ok(text) => {
                self.digests.insert(relative.to_owned(), meaning(relative, text.as_bytes()));
                Some(text)
            }
            Err(error) => {
                self.diagnostics.push(error.into());
                None
            }
        }
    }

    fn toml<T: definition::Definition>(&mut self, relative: &str) -> Option<T> {
        let text = self.text(relative)?;
        // What was probably meant is looked at too, so that all that is wrong is told at once.
        let (value, wrong) = definition::read(&self.shown(relative), &text);
        self.diagnostics.extend(wrong);
        value
    }

    fn list(&mut self, folder: &str, endings: &[&str]) -> Vec<String> {
        files::list(&self.folder.join(folder), endings).unwrap_or_else(|error| {
            self.diagnostics.push(error.into());
            Vec::new()
        })
    }

    /// Folders outside the assessment keep a name of their own, so that a copy elsewhere has the same digests.
    fn digest_only(&mut self, folder: &str, name: &str, as_folder: &str) {
        match files::read(&self.folder.join(folder).join(name)) {
            Ok(bytes) => {
                self.digests.insert(format!("{as_folder}/{name}"), meaning(name, &bytes));
            }
            Err(error) => self.diagnostics.push(error.into()),
        }
    }

    /// Every `<id>.toml` of a folder; the id inside must be the file's name.
    fn all<T: definition::Definition>(
        &mut self,
        folder: &str,
        what: &str,
        id: impl Fn(&T) -> String,
    ) -> BTreeMap<String, T> {
        let mut found = BTreeMap::new();
        for name in self.list(folder, &[".toml"]) {
            let relative = format!("{folder}/{name}");
            let Some(value) = self.toml::<T>(&relative) else { continue };
            let (id, stem) = (id(&value), name.trim_end_matches(".toml").to_owned());
            if id != stem {
                let place = Place::file(self.shown(&relative));
                self.diagnostics.push(
                    Diagnostic::new("wrong-value", place)
                        .with("key", "id")
                        .with("value", &id)
                        .with("expected", stem),
                );
            } else if TableName::new(what, &id).is_none() {
                let place = Place::file(self.shown(&relative));
                self.diagnostics.push(
                    Diagnostic::new("wrong-value", place)
                        .with("key", "id")
                        .with("value", &id)
                        .with("expected", "a-z, 0-9, _"),
                );
            } else {
                found.insert(id, value);
            }
        }
        found
    }

    fn queries(&mut self, folder: &str) -> Vec<Query> {
        let mut queries = Vec::new();
        for name in self.list(folder, &[".sql"]) {
            let relative = format!("{folder}/{name}");
            let Some(text) = self.text(&relative) else { continue };
            if name.matches('/').count() != 1 {
                self.diagnostics.push(Diagnostic::new("sql-file-name", Place::file(self.shown(&relative))));
                continue;
            }
            match Query::from_file(&self.shown(&relative), text) {
                Ok(query) => queries.push(query),
                Err(diagnostic) => self.diagnostics.push(*diagnostic),
            }
        }
        queries
    }

    /// `indicators/<id>.toml` beside its `.sql`: neither may stand alone.
    fn indicators(&mut self, queries: &str) -> BTreeMap<String, Indicator> {
        let folder = format!("{queries}/indicators");
        let stems = |names: Vec<String>, ending: &str| -> BTreeSet<String> {
            names.iter().map(|name| name.trim_end_matches(ending).to_owned()).collect()
        };
        let sql = stems(self.list(&folder, &[".sql"]), ".sql");
        let toml = stems(self.list(&folder, &[".toml"]), ".toml");
        for (present, absent, id) in sql
            .difference(&toml)
            .map(|id| (".sql", ".toml", id))
            .chain(toml.difference(&sql).map(|id| (".toml", ".sql", id)))
        {
            let place = Place::file(self.shown(&format!("{folder}/{id}{present}")));
            self.diagnostics.push(
                Diagnostic::new("indicator-half", place).with("absent", format!("{id}{absent}")).suggest(
                    text::suggest(
                        id,
                        sql.symmetric_difference(&toml).filter(|other| *other != id).map(String::as_str),
                    ),
                ),
            );
        }
        let mut found = BTreeMap::new();
        for id in toml {
            if let Some(indicator) = self.toml(&format!("{folder}/{id}.toml")) {
                found.insert(id, indicator);
            }
        }
        found
    }

    fn reports(&mut self, folder: &str) -> BTreeMap<String, Report> {
        let names = self.list(folder, &["report.toml"]);
        let ids: Vec<String> =
            names.iter().filter_map(|name| name.strip_suffix("/report.toml")).map(str::to_owned).collect();
        let mut reports = BTreeMap::new();
        for id in ids {
            let base = format!("{folder}/{id}");
            let page = format!("{base}/page.typ.j2");
            let (definition, page_text) =
                (self.toml::<ReportDefinition>(&format!("{base}/report.toml")), self.text(&page));
            let mut queries = Vec::new();
            for name in self.list(&base, &[".sql"]) {
                let relative = format!("{base}/{name}");
                let Some(text) = self.text(&relative) else { continue };
                let file = self.shown(&relative);
                match TableName::new(&format!("report_{id}"), name.trim_end_matches(".sql")) {
                    Some(name) => queries.push(Query { name, file, text }),
                    None => self.diagnostics.push(Diagnostic::new("sql-file-name", Place::file(file))),
                }
            }
            let prefix = format!("{base}/");
            let digests = self
                .digests
                .iter()
                .filter(|(name, _)| name.starts_with(&prefix))
                .map(|(name, digest)| (name.clone(), *digest))
                .collect();
            if let (Some(definition), Some(page_text)) = (definition, page_text) {
                let page_file = self.shown(&page);
                reports.insert(id, Report { definition, page_file, page_text, queries, digests });
            }
        }
        reports
    }
}
