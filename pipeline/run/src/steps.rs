//! The steps of a run and what each needs: derived from the definitions, in an order in which every step stands
//! behind those it needs. Nothing is executed here.
//!
//! A step's inputs are its own files and definitions, by the digest of what they mean, and the *results* of the steps it needs, also by
//! digest. So a step whose needs were made anew, but came out the same, does not run.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, Digest, files};
use query::{Parsed, TableName};

use crate::definitions::{Definitions, STRATA};
use crate::observe::Stage;
use crate::{circles, framework_tables, promised, query_texts, reference_tables};

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Reference tables to Parquet.
    Reference,
    /// The texts of queries to Parquet.
    QueryTexts,
    /// A delivery (by position) to typed rows.
    Delivery(usize),
    /// Which rows of a contract stand.
    Contract(String),
    /// The rules and foreign keys of a contract.
    Relations(String),
    /// Sources, cells, findings and row accounting of all deliveries.
    Accounts,
    /// A query (by position).
    Query(usize),
    /// The values of a survey item.
    Survey(String),
    /// A framework's tables.
    Framework(String),
    /// A report.
    Report(String),
}

/// A part of what another step made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    /// Position of the step.
    pub(crate) step: usize,
    /// Its outputs whose path begins with this.
    pub(crate) prefix: String,
    /// How the need is named when it is the reason.
    pub(crate) label: String,
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Unique name, e.g. `indicators.pm25`.
    pub(crate) name: String,
    /// Other names a selection may use.
    pub(crate) aliases: Vec<String>,
    pub(crate) stage: Stage,
    pub(crate) work: Work,
    /// Files and definitions by name, as they are now.
    pub(crate) own: BTreeMap<String, Digest>,
    pub(crate) needs: Vec<Need>,
}

/// Where a table of the graph comes from.
#[derive(Clone, Debug)]
struct Made {
    step: usize,
    prefix: String,
}

/// Builds the steps. `parsed` are the parsed queries of `definitions.queries`, in the same order, and `reports` those
/// of each report.
///
/// # Errors
/// Queries and frameworks that need each other in a circle.
pub(crate) fn build(
    definitions: &Definitions,
    parsed: &[Parsed],
    reports: &BTreeMap<String, Vec<Parsed>>,
) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let mut builder = Builder { definitions, steps: Vec::new(), tables: BTreeMap::new() };
    builder.reference();
    builder.query_texts();
    builder.deliveries();
    builder.assess(parsed)?;
    for (id, parsed) in reports {
        builder.report(id, parsed);
    }
    Ok(builder.steps)
}

/// What reading a delivery depends on: the reference files that decide which unit a label, an office or an address means,
/// and the calendar durations are counted by.
const READING_TABLES: [&str; 11] = [
    "tables.toml",
    "units.csv",
    "unit_aliases.csv",
    "unit_codes.csv",
    "partitions.csv",
    "memberships.csv",
    "other_rows.csv",
    "name_prefixes.csv",
    "offices.csv",
    "subdistricts.csv",
    "working_days.csv",
];

struct Builder<'a> {
    definitions: &'a Definitions,
    steps: Vec<Step>,
    tables: BTreeMap<TableName, Vec<Made>>,
}

impl Builder<'_> {
    fn push(
        &mut self,
        name: String,
        stage: Stage,
        work: Work,
        own: BTreeMap<String, Digest>,
        needs: Vec<Need>,
    ) -> usize {
        self.steps.push(Step { name, aliases: Vec::new(), stage, work, own, needs });
        self.steps.len() - 1
    }

    fn makes(&mut self, schema: &str, table: &str, step: usize, prefix: impl Into<String>) {
        if let Some(name) = TableName::new(schema, table) {
            self.tables.entry(name).or_default().push(Made { step, prefix: prefix.into() });
        }
    }

    fn reference(&mut self) {
        let definitions = self.definitions;
        let mut own: BTreeMap<String, Digest> = definitions.digests_of("reference/").collect();
        own.extend(definitions.digests_of("assessment.toml"));
        own.extend(
            definitions
                .digests
                .iter()
                .filter(|(name, _)| {
                    name.starts_with(&format!("{}/indicators/", definitions.assessment.folders.queries))
                        && name.ends_with(".toml")
                })
                .map(|(name, digest)| (name.clone(), *digest)),
        );
        own.extend(definitions.digests_of(&format!("{}/", definitions.assessment.folders.frameworks)));
        own.extend(
            definitions.digests_of(&format!("{}/deliveries.toml", definitions.assessment.folders.extracts)),
        );
        own.extend(
            definitions.digests_of(&format!("{}/checks/checks.toml", definitions.assessment.folders.queries)),
        );
        own.insert("contracts#promised".to_owned(), Digest::of(promised::inputs(definitions)));
        let step = self.push("reference".to_owned(), Stage::Ingest, Work::Reference, own, Vec::new());
        let generated = reference_tables::GENERATED.into_iter().chain(promised::TABLES);
        let names = definitions.reference.tables.keys().map(String::as_str).chain(generated);
        for table in names {
            self.makes("reference", table, step, format!("reference/{table}.parquet"));
        }
    }

    /// The one table that shows texts as they were written: comments count for it, and for what reads it.
    fn query_texts(&mut self) {
        let folder = &self.definitions.assessment.folders.queries;
        let texts = self
            .definitions
            .queries
            .iter()
            .map(|query| (format!("{}#text", query_texts::file(folder, query)), Digest::of(&query.text)));
        let name = format!("reference.{}", query_texts::TABLE);
        let path = query_texts::path();
        let step = self.push(name, Stage::Ingest, Work::QueryTexts, texts.collect(), Vec::new());
        self.makes("reference", query_texts::TABLE, step, path);
    }

    fn deliveries(&mut self) {
        let definitions = self.definitions;
        let folders = &definitions.assessment.folders;
        let mut of_contract: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut all = Vec::new();
        for (at, delivery) in definitions.deliveries.iter().enumerate() {
            let file = format!("{}/{}", folders.extracts, delivery.file);
            let content = definitions.delivered.digest(&delivery.file);
            let content = content.unwrap_or_else(|| Digest::of("absent"));
            // Its place in the list is in every row, and says which delivery is the later one.
            let entry = serde_json::to_vec(&(at, delivery)).unwrap_or_default();
            let mut own = BTreeMap::from([
                (file, content),
                (format!("{}/deliveries.toml#{}", folders.extracts, delivery.file), Digest::of(entry)),
                ("sent anew".to_owned(), Digest::of(definitions.is_sent_anew(at).to_string())),
            ]);
            for contract in &delivery.contracts {
                own.extend(definitions.digests_of(&format!("{}/{contract}.toml", folders.contracts)));
            }
            for table in READING_TABLES {
                own.extend(definitions.digests_of(&format!("reference/{table}")));
            }
            let name = format!("delivery {}", delivery.file);
            let step = self.push(name, Stage::Ingest, Work::Delivery(at), own, Vec::new());
            self.steps[step].aliases =
                delivery.contracts.iter().cloned().chain([delivery.file.clone()]).collect();
            // Of what came too late no row stands: nothing waits for it but the accounts.
            if !definitions.assessment.edition.is_late(delivery) {
                for contract in &delivery.contracts {
                    of_contract.entry(contract).or_default().push(step);
                }
            }
            all.push(step);
        }
        let whole = |step: usize, steps: &[Step]| Need {
            step,
            prefix: String::new(),
            label: steps[step].name.clone(),
        };
        let mut accounts: Vec<Need> = all.iter().map(|step| whole(*step, &self.steps)).collect();
        for id in definitions.contracts.keys() {
            let prefix = format!("extracts/{id}/");
            let sources = of_contract.get(id.as_str()).cloned().unwrap_or_default();
            let needs: Vec<Need> = sources
                .iter()
                .map(|step| Need {
                    step: *step,
                    prefix: prefix.clone(),
                    label: self.steps[*step].name.clone(),
                })
                .collect();
            let file = format!("{}/{id}.toml", folders.contracts);
            let mut own: BTreeMap<String, Digest> = definitions.digests_of(&file).collect();
            let listed: Vec<_> = definitions
                .deliveries
                .iter()
                .map(|delivery| (&delivery.file, &delivery.supersedes))
                .collect();
            let listed = serde_json::to_vec(&listed).unwrap_or_default();
            own.insert(format!("{}/deliveries.toml#supersedes", folders.extracts), Digest::of(listed));
            let step =
                self.push(format!("extracts.{id}"), Stage::Ingest, Work::Contract(id.clone()), own, needs);
            self.steps[step].aliases = vec![id.clone()];
            for source in sources.into_iter().chain([step]) {
                self.makes("extracts", id, source, prefix.clone());
            }
            accounts.push(whole(step, &self.steps));
        }
        for (id, contract) in &definitions.contracts {
            if contract.rule.is_empty() && contract.foreign_key.is_empty() {
                continue;
            }
            let others = contract.foreign_key.iter().map(|key| key.reference.contract.as_str());
            let read: Vec<TableName> =
                others.chain([id.as_str()]).filter_map(|id| TableName::new("extracts", id)).collect();
            let needs = self.needs(read.iter());
            let own = definitions.digests_of(&format!("{}/{id}.toml", folders.contracts)).collect();
            let work = Work::Relations(id.clone());
            let step = self.push(format!("relations.{id}"), Stage::Ingest, work, own, needs);
            accounts.push(whole(step, &self.steps));
        }
        // The order of the list, and files that lie there unlisted, show in the accounts too.
        let lying = files::list(&definitions.folder.join(&folders.extracts), &crate::accounts::ENDINGS);
        let listed: Vec<&String> = definitions.deliveries.iter().map(|delivery| &delivery.file).collect();
        let late: Vec<_> =
            definitions.late().map(|delivery| (&delivery.file, &delivery.received_on)).collect();
        let cut_off = &definitions.assessment.edition.data_cut_off;
        let late = (!late.is_empty()).then_some((late, cut_off));
        let seen = serde_json::to_vec(&(lying.unwrap_or_default(), listed, late)).unwrap_or_default();
        let own = BTreeMap::from([(format!("{}/", folders.extracts), Digest::of(seen))]);
        let step = self.push("ingest.accounts".to_owned(), Stage::Ingest, Work::Accounts, own, accounts);
        for table in crate::accounts::TABLES {
            self.makes("ingest", table, step, format!("{table}.parquet"));
        }
    }

    /// Queries and frameworks, in an order in which each stands behind what it reads.
    fn assess(&mut self, parsed: &[Parsed]) -> Result<(), Vec<Diagnostic>> {
        let definitions = self.definitions;
        let mut waiting: BTreeMap<String, Waiting<'_>> = BTreeMap::new();
        for (at, query) in parsed.iter().enumerate() {
            let reads = query.tables.iter().map(|used| used.name.clone()).collect();
            let makes = vec![query.query.name.clone()];
            waiting
                .insert(query.query.name.to_string(), Waiting { kind: Kind::Query(at, query), reads, makes });
        }
        for id in definitions.surveys() {
            let reads = TableName::new(STRATA, id).into_iter().collect();
            let makes: Vec<TableName> = TableName::new("indicators", id).into_iter().collect();
            let name = makes.iter().map(ToString::to_string).collect();
            waiting.insert(name, Waiting { kind: Kind::Survey(id), reads, makes });
        }
        for (id, placed) in &definitions.frameworks {
            let reads = placed
                .framework
                .placement
                .iter()
                .filter_map(|placement| TableName::new("indicators", &placement.indicator))
                .collect();
            let makes =
                framework_tables::TABLES.iter().filter_map(|table| TableName::new(id, table)).collect();
            waiting.insert(id.clone(), Waiting { kind: Kind::Framework(id), reads, makes });
        }
        loop {
            let pending: BTreeSet<TableName> =
                waiting.values().flat_map(|waiting| waiting.makes.iter().cloned()).collect();
            let ready = waiting.iter().find(|(_, waiting)| waiting.reads.is_disjoint(&pending));
            let Some(name) = ready.map(|(name, _)| name.clone()) else { break };
            if let Some(next) = waiting.remove(&name) {
                self.assess_step(name, &next);
            }
        }
        if waiting.is_empty() {
            return Ok(());
        }
        Err(circles::among(&waiting))
    }

    fn assess_step(&mut self, name: String, waiting: &Waiting<'_>) {
        let definitions = self.definitions;
        let folders = &definitions.assessment.folders;
        let needs = self.needs(waiting.reads.iter());
        match waiting.kind {
            Kind::Query(at, query) => {
                let (schema, table) = (query.query.name.schema(), query.query.name.table());
                let relative = query_texts::file(&folders.queries, &query.query);
                let own = definitions.digests_of(&relative).collect();
                let step = self.push(name, Stage::Assess, Work::Query(at), own, needs);
                self.steps[step].aliases = vec![schema.to_owned(), table.to_owned()];
                self.makes(schema, table, step, crate::assess::table_path(schema, table));
            }
            Kind::Survey(id) => {
                let file = format!("{}/indicators/{id}.toml", folders.queries);
                let mut own: BTreeMap<String, Digest> = definitions.digests_of(&file).collect();
                for file in ["assessment.toml", "reference/memberships.csv", "reference/units.csv"] {
                    own.extend(definitions.digests_of(file));
                }
                let step = self.push(name, Stage::Assess, Work::Survey(id.to_owned()), own, needs);
                self.steps[step].aliases = vec!["indicators".to_owned(), id.to_owned()];
                self.makes("indicators", id, step, crate::assess::table_path("indicators", id));
            }
            Kind::Framework(id) => {
                let mut own: BTreeMap<String, Digest> =
                    definitions.digests_of(&format!("{}/{id}.toml", folders.frameworks)).collect();
                own.extend(definitions.digests_of("reference/memberships.csv"));
                own.extend(definitions.digests_of("reference/units.csv"));
                own.extend(definitions.digests_of("assessment.toml"));
                if let Some(placed) = definitions.frameworks.get(id) {
                    for placement in &placed.framework.placement {
                        let file = format!("{}/indicators/{}.toml", folders.queries, placement.indicator);
                        own.extend(definitions.digests_of(&file));
                    }
                }
                let step = self.push(name, Stage::Assess, Work::Framework(id.to_owned()), own, needs);
                self.steps[step].aliases =
                    framework_tables::TABLES.iter().map(|table| format!("{id}.{table}")).collect();
                for table in framework_tables::TABLES {
                    self.makes(id, table, step, crate::assess::table_path(id, table));
                }
            }
        }
    }

    fn needs<'n>(&self, tables: impl Iterator<Item = &'n TableName>) -> Vec<Need> {
        let mut needs = BTreeSet::new();
        for table in tables {
            for made in self.tables.get(table).into_iter().flatten() {
                needs.insert(Need { step: made.step, prefix: made.prefix.clone(), label: table.to_string() });
            }
        }
        needs.into_iter().collect()
    }

    fn report(&mut self, id: &str, parsed: &[Parsed]) {
        let definitions = self.definitions;
        let Some(report) = definitions.reports.get(id) else { return };
        let tables: BTreeSet<&TableName> =
            parsed.iter().flat_map(|query| &query.tables).map(|used| &used.name).collect();
        let needs = self.needs(tables.into_iter());
        let mut own = report.digests.clone();
        own.extend(definitions.digests_of("assessment.toml"));
        own.extend(
            definitions
                .templates
                .files()
                .map(|(name, file)| (format!("templates/{name}"), report::meaning(name, &file.bytes))),
        );
        own.insert("templates/fonts".to_owned(), report::font_digest());
        // The page prints the digest of everything it stands on, so all of that is its input.
        let mut inputs = own.clone();
        let mut steps: Vec<usize> = needs.iter().map(|need| need.step).collect();
        let mut seen = BTreeSet::new();
        while let Some(step) = steps.pop() {
            if seen.insert(step) {
                inputs.extend(self.steps[step].own.clone());
                steps.extend(self.steps[step].needs.iter().map(|need| need.step));
            }
        }
        let name = format!("report {id}");
        let step = self.push(name, Stage::Report, Work::Report(id.to_owned()), inputs, needs);
        self.steps[step].aliases = vec![id.to_owned()];
    }
}

/// A query or framework that stands behind others.
pub(crate) struct Waiting<'a> {
    pub(crate) kind: Kind<'a>,
    pub(crate) reads: BTreeSet<TableName>,
    pub(crate) makes: Vec<TableName>,
}

pub(crate) enum Kind<'a> {
    Query(usize, &'a Parsed),
    Survey(&'a str),
    Framework(&'a str),
}

impl Step {
    /// The digest of everything the step stands on, for reports: data, SQL, method, templates, fonts.
    pub(crate) fn input_digest(&self) -> Digest {
        Digest::of_parts(self.own.iter().map(|(name, digest)| (name.as_str(), digest.as_bytes())))
    }
}
