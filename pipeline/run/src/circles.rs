//! Queries and frameworks that need each other in a circle: which, by which tables, and where in the SQL. Circles of
//! queries alone are told by `query::check`.

use std::collections::BTreeMap;

use model::{Diagnostic, Place};
use query::TableName;

use crate::steps::{Kind, Waiting};

/// The circles among what cannot be ordered; never empty for what waits for something that waits.
pub(crate) fn among(waiting: &BTreeMap<String, Waiting<'_>>) -> Vec<Diagnostic> {
    let makers: BTreeMap<&TableName, &str> = waiting
        .iter()
        .flat_map(|(name, waiting)| waiting.makes.iter().map(move |table| (table, name.as_str())))
        .collect();
    let mut told: Vec<Diagnostic> = Vec::new();
    for start in waiting.keys() {
        let mut path: Vec<(&str, &TableName)> = Vec::new();
        let mut here = start.as_str();
        // Following the first table read of each leads around a circle before long.
        while let Some(one) = waiting.get(here) {
            let Some((table, maker)) = one.reads.iter().find_map(|table| Some((table, *makers.get(table)?)))
            else {
                break;
            };
            path.push((here, table));
            if let Some(from) = path.iter().position(|(name, _)| *name == maker) {
                told.push(circle(waiting, &path[from..]));
                break;
            }
            here = maker;
        }
    }
    told.sort();
    told.dedup();
    told
}

/// Told once, from its first name on, at the place where a query of it reads a framework's table, else any of it.
fn circle(waiting: &BTreeMap<String, Waiting<'_>>, path: &[(&str, &TableName)]) -> Diagnostic {
    let first = (0..path.len()).min_by_key(|at| path[*at].0).unwrap_or_default();
    let round: Vec<(&str, &TableName)> = path.iter().cycle().skip(first).take(path.len()).copied().collect();
    let is_framework =
        |name: &str| waiting.get(name).is_some_and(|one| matches!(one.kind, Kind::Framework(_)));
    let mut shown: Vec<String> = Vec::new();
    for (name, table) in &round {
        shown.push((*name).to_owned());
        // Of a framework it matters which of its tables was read.
        if table.to_string() != *name && !waiting.contains_key(&table.to_string()) {
            shown.push(table.to_string());
        }
    }
    shown.extend(round.first().map(|(name, _)| (*name).to_owned()));
    let place = |(name, table): &(&str, &TableName)| match waiting.get(*name)?.kind {
        Kind::Query(_, query) => {
            query.tables.iter().find(|used| used.name == **table).map(|used| used.place.clone())
        }
        Kind::Survey(_) | Kind::Framework(_) => None,
    };
    let of_framework = round.iter().filter(|(_, table)| is_framework(table.schema()));
    let place = of_framework.chain(&round).find_map(place).unwrap_or_else(|| Place::file(""));
    let code =
        if round.iter().any(|(name, _)| is_framework(name)) { "framework-circle" } else { "sql-circle" };
    Diagnostic::new(code, place).with("circle", shown.join(" -> "))
}
