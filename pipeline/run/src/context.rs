//! What a run holds in its hands: definitions, parsed queries, steps, the store, the state as it grows, the engine.
//!
//! The engine starts only when a step needs it: a run with nothing to do must not wait for one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use model::assessment::Nature;
use model::{Diagnostic, Digest, Finding, Place};
use query::{Embedded, Engine as _, Location, Parsed, TableName};

use crate::definitions::Definitions;
use crate::read_table::location;
use crate::steps::Step;
use crate::store::{State, Store};
use crate::up_to_date::result_of;

/// Bytes a query may hold unless said otherwise; what sorts and groups more spills to the system's temporary folder.
const QUERY_MEMORY: usize = 2 << 30;

pub(crate) struct Context<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) parsed: Vec<Parsed>,
    pub(crate) reports: BTreeMap<String, Vec<Parsed>>,
    pub(crate) steps: Vec<Step>,
    pub(crate) store: Store,
    /// The state as this run changes it; what is in place stands in `store.state`.
    pub(crate) state: State,
    /// Findings of deliveries that failed in this run, by position: no file holds them.
    pub(crate) failed: BTreeMap<usize, Vec<Finding>>,
    /// What stopped nothing but should be seen.
    pub(crate) warnings: Vec<Diagnostic>,
    /// How many threads work at once; no result depends on it.
    pub(crate) threads: usize,
    /// Bytes a query may hold; no result depends on it.
    pub(crate) memory: usize,
    engine: Option<Embedded>,
    program: Digest,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        definitions: &'a Definitions,
        parsed: Vec<Parsed>,
        reports: BTreeMap<String, Vec<Parsed>>,
        steps: Vec<Step>,
        store: Store,
        threads: usize,
    ) -> Self {
        let names: Vec<&String> = steps.iter().map(|step| &step.name).collect();
        let mut state = store.state.clone();
        state.steps.retain(|name, _| names.contains(&name));
        state.nature = Some(definitions.assessment.nature);
        let program = program();
        Self {
            definitions,
            parsed,
            reports,
            steps,
            store,
            state,
            failed: BTreeMap::new(),
            warnings: Vec::new(),
            threads,
            memory: QUERY_MEMORY,
            engine: None,
            program,
        }
    }

    /// The inputs of a step by name, as they are now.
    pub(crate) fn inputs(&self, step: &Step) -> BTreeMap<String, String> {
        let needs = step.needs.iter().map(|need| {
            let result = result_of(self.state.steps.get(&self.steps[need.step].name), &need.prefix);
            (format!("{} ({})", need.label, self.steps[need.step].name), result)
        });
        let failures = self.failed.iter().filter(|(at, _)| {
            step.needs.iter().any(|need| self.steps[need.step].work == crate::steps::Work::Delivery(**at))
        });
        let failures = failures
            .map(|(at, findings)| (format!("failed delivery {at}"), Digest::of(format!("{findings:?}"))));
        let own = step.own.iter().map(|(name, digest)| (name.clone(), *digest));
        own.chain(needs)
            .chain(failures)
            .chain([("mantianxing".to_owned(), self.program)])
            // Every file says it, so every step is made anew when it changes.
            .chain([("assessment.toml#nature".to_owned(), Digest::of(self.nature().name()))])
            .map(|(name, digest)| (name, digest.hex()))
            .collect()
    }

    /// The files a step made under a prefix, where they can be read now.
    pub(crate) fn files(&self, step: &str, prefix: &str) -> Vec<PathBuf> {
        let done = self.state.steps.get(step);
        let outputs = done.map(|done| done.outputs.as_slice()).unwrap_or_default();
        outputs
            .iter()
            .filter(|output| output.path.starts_with(prefix) && output.path.ends_with(".parquet"))
            .map(|output| self.store.path(&output.path))
            .collect()
    }

    /// The engine with these tables registered as they are now.
    pub(crate) fn engine<'t>(
        &mut self,
        tables: impl IntoIterator<Item = &'t TableName>,
    ) -> Result<&Embedded, Diagnostic> {
        let mut engine = self.take_engine()?;
        for name in tables {
            self.read_table(name)?.register(&mut engine)?;
        }
        Ok(self.engine.insert(engine))
    }

    /// The engine with one table registered at a place of its own.
    pub(crate) fn engine_with(&mut self, name: &TableName, at: &Location) -> Result<&Embedded, Diagnostic> {
        let mut engine = self.take_engine()?;
        engine.register(name, at).map_err(engine_failure)?;
        Ok(self.engine.insert(engine))
    }

    /// An engine of its own without tables, which may be asked beside others of this run.
    pub(crate) fn engine_beside(&mut self) -> Result<Embedded, Diagnostic> {
        let engine = self.take_engine()?;
        Ok(self.engine.insert(engine).beside())
    }

    /// An engine of its own with these tables, to which its owner may add others.
    pub(crate) fn engine_of<'t>(
        &mut self,
        tables: impl IntoIterator<Item = &'t TableName>,
    ) -> Result<Embedded, Diagnostic> {
        self.engine(tables)?;
        self.take_engine()
    }

    fn take_engine(&mut self) -> Result<Embedded, Diagnostic> {
        match self.engine.take() {
            Some(engine) => Ok(engine),
            None => Embedded::new(&query::Options {
                threads: self.threads,
                memory_limit: Some(self.memory),
                ..query::Options::default()
            })
            .map_err(engine_failure),
        }
    }

    /// What the data of the assessment are; every result says it.
    pub(crate) fn nature(&self) -> Nature {
        self.definitions.assessment.nature
    }

    /// The digest of this program.
    pub(crate) fn program(&self) -> Digest {
        self.program
    }

    /// Keeps the last good rows of a contract in place when it cannot be decided anew: rows that were read in this run
    /// for it wait until it can, and are then read again.
    pub(crate) fn hold_back(&mut self, contract: &str, step: &Step) {
        let prefixes = [format!("extracts/{contract}/"), format!("rejects/{contract}/")];
        let of_contract = |path: &str| prefixes.iter().any(|prefix| path.starts_with(prefix));
        for need in &step.needs {
            let name = &self.steps[need.step].name;
            let before = self.store.state.steps.get(name).cloned().unwrap_or_default();
            self.store.unstage(of_contract);
            if let Some(now) = self.state.steps.get_mut(name).filter(|now| **now != before) {
                now.outputs.retain(|output| !of_contract(&output.path));
                now.outputs.extend(before.outputs.into_iter().filter(|output| of_contract(&output.path)));
                now.inputs = before.inputs;
            }
        }
    }

    /// All rows of all sources of a contract that came before the edition's cut-off.
    pub(crate) fn contract_rows(&self, contract: &str, schema: SchemaRef) -> Location {
        location(&self.contract_files(contract), schema)
    }

    /// The files with the rows of a contract of deliveries that came before the edition's cut-off, one a source.
    pub(crate) fn contract_files(&self, contract: &str) -> Vec<PathBuf> {
        self.files_in_time(&format!("extracts/{contract}/"))
    }

    /// The rows of a contract that could not be read, of deliveries that came before the edition's cut-off.
    pub(crate) fn rejects(&self, contract: &str) -> Vec<PathBuf> {
        self.files_in_time(&format!("rejects/{contract}/"))
    }

    fn files_in_time(&self, prefix: &str) -> Vec<PathBuf> {
        let edition = &self.definitions.assessment.edition;
        let in_time =
            |at: usize| self.definitions.deliveries.get(at).is_some_and(|one| !edition.is_late(one));
        let deliveries = self
            .steps
            .iter()
            .filter(|step| matches!(step.work, crate::steps::Work::Delivery(at) if in_time(at)));
        deliveries.flat_map(|step| self.files(&step.name, prefix)).collect()
    }
}

/// The tables pass 2 reads and makes: `pass1.<contract>` and `pass1.<contract>_state`.
pub(crate) fn pass1_names(contract: &str) -> Result<(TableName, TableName), Diagnostic> {
    Ok((pass1_name(contract, "")?, pass1_name(contract, "_state")?))
}

/// A table of pass 2, by its ending.
pub(crate) fn pass1_name(contract: &str, ending: &str) -> Result<TableName, Diagnostic> {
    TableName::new("pass1", &format!("{contract}{ending}"))
        .ok_or_else(|| Diagnostic::new("sql-file-name", Place::file(contract)))
}

/// What pass 2 decides of each row.
pub(crate) fn state_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType, nullable: bool| Field::new(name, kind, nullable);
    Arc::new(Schema::new(vec![
        field("_origin", DataType::Int64, true),
        field("state", DataType::Utf8, true),
        field("by_origin", DataType::Int64, true),
        field("finding", DataType::Utf8, true),
    ]))
}

/// What pass 2 says of figures a power of ten away from where they should be.
pub(crate) fn jumps_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("_origin", DataType::Int64),
        field("field", DataType::Utf8),
        field("against", DataType::Utf8),
        field("times", DataType::Int64),
        field("value", DataType::Float64),
        field("least", DataType::Float64),
        field("most", DataType::Float64),
        field("state", DataType::Utf8),
    ]))
}

pub(crate) fn engine_failure(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new("sql-engine", Place::default()).with("reason", error.to_string())
}

/// Another program may make other results from the same inputs: its version, and while it is being developed its
/// file, are an input of every step.
fn program() -> Digest {
    let file = std::env::current_exe().and_then(|path| path.metadata()).map(|found| {
        let changed = found.modified().ok();
        format!("{} {changed:?}", found.len())
    });
    Digest::of(format!("{} {}", env!("CARGO_PKG_VERSION"), file.unwrap_or_default()))
}
