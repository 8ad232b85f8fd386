//! The order of queries: who reads whom, found in the SQL itself. Nothing is planned or run here.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, Place, text};

use crate::name::TableName;
use crate::parse::Parsed;

/// Puts queries in an order in which each stands behind those it reads; among the ready ones, by name.
///
/// # Errors
/// Tables nobody makes, names defined twice, and circles.
pub fn order(queries: &[Parsed], known: &BTreeSet<TableName>) -> Result<Vec<usize>, Vec<Diagnostic>> {
    let arranged = arrange(queries, known);
    if arranged.wrong.is_empty() { Ok(arranged.order) } else { Err(arranged.wrong.into_iter().collect()) }
}

/// What can be ordered, and what is wrong with the rest.
pub(crate) struct Arranged {
    /// Queries not in a circle or behind one, in order; also those that read unknown tables.
    pub(crate) order: Vec<usize>,
    /// Everything wrong.
    pub(crate) wrong: BTreeSet<Diagnostic>,
    /// Queries that read unknown tables.
    pub(crate) faulty: BTreeSet<usize>,
}

pub(crate) fn arrange(queries: &[Parsed], known: &BTreeSet<TableName>) -> Arranged {
    let mut wrong = BTreeSet::new();
    let mut by_name: BTreeMap<&TableName, usize> = BTreeMap::new();
    for (at, parsed) in queries.iter().enumerate() {
        let name = &parsed.query.name;
        let other = by_name.get(name).map(|first| queries[*first].query.file.clone());
        if let Some(other) = other.or_else(|| known.contains(name).then(|| name.schema().to_owned())) {
            let place = Place::file(&parsed.query.file);
            wrong.insert(
                Diagnostic::new("sql-duplicate-table", place).with("name", name).with("other", other),
            );
        } else {
            by_name.insert(name, at);
        }
    }
    let faulty = unknown_tables(queries, known, &by_name, &mut wrong);

    let mut waiting: BTreeMap<usize, BTreeSet<usize>> =
        by_name.values().map(|at| (*at, reads(&queries[*at], &by_name))).collect();
    let mut order = Vec::with_capacity(waiting.len());
    loop {
        let ready = waiting.iter().filter(|(_, upstream)| upstream.is_empty()).map(|(at, _)| *at);
        let Some(next) = ready.min_by_key(|at| &queries[*at].query.name) else { break };
        waiting.remove(&next);
        for upstream in waiting.values_mut() {
            upstream.remove(&next);
        }
        order.push(next);
    }
    circles(queries, &waiting, &mut wrong);
    Arranged { order, wrong, faulty }
}

fn reads(parsed: &Parsed, by_name: &BTreeMap<&TableName, usize>) -> BTreeSet<usize> {
    parsed.tables.iter().filter_map(|used| by_name.get(&used.name).copied()).collect()
}

fn unknown_tables(
    queries: &[Parsed],
    known: &BTreeSet<TableName>,
    by_name: &BTreeMap<&TableName, usize>,
    wrong: &mut BTreeSet<Diagnostic>,
) -> BTreeSet<usize> {
    let names: BTreeSet<String> =
        known.iter().chain(by_name.keys().copied()).map(TableName::to_string).collect();
    let mut faulty = BTreeSet::new();
    for (at, parsed) in queries.iter().enumerate() {
        for used in &parsed.tables {
            if known.contains(&used.name) || by_name.contains_key(&used.name) {
                continue;
            }
            let name = used.name.to_string();
            let suggestion = text::suggest(&name, names.iter().map(String::as_str));
            let diagnostic = Diagnostic::new("sql-unknown-table", used.place.clone()).with("name", &name);
            wrong.insert(diagnostic.suggest(suggestion));
            faulty.insert(at);
        }
    }
    faulty
}

/// Every query left over reads another one left over; following the first such table ends in a circle.
fn circles(queries: &[Parsed], waiting: &BTreeMap<usize, BTreeSet<usize>>, wrong: &mut BTreeSet<Diagnostic>) {
    for start in waiting.keys() {
        let mut path = vec![*start];
        loop {
            let here = path.last().copied().unwrap_or_default();
            let upstream = waiting.get(&here).into_iter().flatten().copied();
            let Some(next) = upstream.min_by_key(|at| &queries[*at].query.name) else { break };
            if let Some(from) = path.iter().position(|at| *at == next) {
                wrong.insert(circle(queries, &path[from..]));
                break;
            }
            path.push(next);
        }
    }
}

fn circle(queries: &[Parsed], members: &[usize]) -> Diagnostic {
    let name = |at: usize| &queries[at].query.name;
    let first = (0..members.len()).min_by_key(|at| name(members[*at])).unwrap_or_default();
    let round: Vec<usize> = members.iter().cycle().skip(first).take(members.len() + 1).copied().collect();
    let shown: Vec<String> = round.iter().map(|at| name(*at).to_string()).collect();
    let (reader, read) = (&queries[round[0]], round.get(1).copied().unwrap_or(round[0]));
    let used = reader.tables.iter().find(|used| &used.name == name(read));
    let place = used.map_or_else(|| Place::file(&reader.query.file), |used| used.place.clone());
    Diagnostic::new("sql-circle", place).with("circle", shown.join(" -> "))
}
