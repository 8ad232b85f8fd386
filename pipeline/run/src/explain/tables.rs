//! The tables behind a query: what was sent (opaque, so that rows are followed to it and no further), what others made,
//! and the queries between, as tables made by them.

use std::collections::{BTreeMap, BTreeSet};

use model::Diagnostic;
use query::{Embedded, Engine as _, Parsed, TableName};

use crate::context::{Context, engine_failure, pass1_names};
use crate::table_keys;

/// The engine with everything a query reads.
pub(super) struct Tables<'c, 'd> {
    pub(super) context: &'c mut Context<'d>,
    pub(super) engine: Embedded,
    /// The queries between, each behind those it reads.
    pub(super) between: Vec<Parsed>,
    /// The contracts read.
    pub(super) contracts: BTreeSet<String>,
}

impl<'c, 'd> Tables<'c, 'd> {
    pub(super) fn new(context: &'c mut Context<'d>, query: &Parsed) -> Result<Self, Diagnostic> {
        let by_name: BTreeMap<&TableName, &Parsed> =
            context.parsed.iter().map(|parsed| (&parsed.query.name, parsed)).collect();
        let (mut between, mut given) = (Vec::new(), BTreeSet::new());
        gather(query, &by_name, &mut between, &mut given);
        between.pop();
        let between: Vec<Parsed> = between.into_iter().cloned().collect();
        let contracts: BTreeSet<String> = given
            .iter()
            .filter(|name| name.schema() == "extracts")
            .map(|name| name.table().to_owned())
            .collect();
        let beside = [
            ("ingest", "sources"),
            ("ingest", "cells"),
            ("ingest", "findings"),
            ("reference", "expected"),
            ("reference", "delivered"),
        ];
        given.extend(beside.iter().filter_map(|(schema, table)| TableName::new(schema, table)));
        let made = between.iter().map(|parsed| &parsed.query.name);
        let mut engine = context.engine_of(given.iter().chain(made))?;
        for name in given.iter().filter(|name| name.schema() == "extracts") {
            engine.close(name).map_err(engine_failure)?;
        }
        engine.know(table_keys::keys(context.definitions));
        // They lie under `out/`, as the last run made them.
        for parsed in &between {
            engine.made_by(&parsed.query.name, &parsed.query.text).map_err(engine_failure)?;
        }
        Ok(Self { context, engine, between, contracts })
    }

    /// Asks with all rows of a contract taken for standing, whatever was decided of them, then puts back what was.
    pub(super) fn with_all_rows<T>(
        &mut self,
        contract: &str,
        ask: impl FnOnce(&Embedded) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<T, Vec<Diagnostic>> {
        let one = |diagnostic: Diagnostic| vec![diagnostic];
        let failed = |error| one(engine_failure(error));
        let (rows, _) = pass1_names(contract).map_err(one)?;
        let name = TableName::new("extracts", contract).ok_or_else(Vec::new)?;
        // Only what reads the contract, itself or through others, comes out otherwise.
        let mut changed = BTreeSet::from([name.clone()]);
        let mut remade = Vec::new();
        for parsed in &self.between {
            if parsed.tables.iter().any(|used| changed.contains(&used.name)) {
                changed.insert(parsed.query.name.clone());
                remade.push(parsed);
            }
        }
        let kept = self.engine.keep(&changed).map_err(failed)?;
        self.engine.register_view(&name, &format!("SELECT * FROM {rows}")).map_err(failed)?;
        self.engine.close(&name).map_err(failed)?;
        for parsed in remade {
            self.engine.make(&parsed.query.name, &parsed.query.text).map_err(failed)?;
        }
        let answer = ask(&self.engine);
        self.engine.put_back(kept).map_err(failed)?;
        answer
    }
}

/// The queries a query stands on, each behind those it reads and itself last, and the tables that are no queries.
fn gather<'q>(
    query: &'q Parsed,
    by_name: &BTreeMap<&TableName, &'q Parsed>,
    between: &mut Vec<&'q Parsed>,
    given: &mut BTreeSet<TableName>,
) {
    for used in &query.tables {
        match by_name.get(&used.name) {
            Some(other) if between.iter().any(|known| known.query.name == other.query.name) => {}
            Some(other) => gather(other, by_name, between, given),
            None => {
                given.insert(used.name.clone());
            }
        }
    }
    between.push(query);
}
