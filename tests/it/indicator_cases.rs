//! The case files of indicators, `tests/cases/indicators/<id>.toml`: a few rows as contracts give them, worked out by
//! hand. Each indicator has one, and each shows a missing value, a zero denominator and rows that must not count.
//!
//! The queries an indicator stands on run as they are; nothing is delivered as a file, so ingest has no part here.
//! `MANTIANXING_CASES=p1_01,p1_02` runs these only.

mod case;
mod compare;
mod deliveries;
mod frames;
mod graph;
mod honest;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use model::files;

use case::Case;
use graph::Graph;

use crate::city::repository;

/// The ids of all files of a folder with an ending.
fn ids(folder: &str, ending: &str) -> BTreeSet<String> {
    let names = files::list(&repository().join(folder), &[ending]).unwrap();
    names.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect()
}

#[test]
fn every_indicator_has_a_case() {
    let indicators = ids("queries/indicators", ".sql");
    assert_eq!(ids("tests/cases/indicators", ".toml"), indicators);
}

/// The cases asked for, or all.
fn chosen_cases() -> Vec<(String, Result<Case, String>)> {
    let chosen = std::env::var("MANTIANXING_CASES").unwrap_or_default();
    let chosen: BTreeSet<&str> = chosen.split(',').filter(|id| !id.is_empty()).collect();
    let all = ids("tests/cases/indicators", ".toml").into_iter();
    let wanted: Vec<String> = all.filter(|id| chosen.is_empty() || chosen.contains(id.as_str())).collect();
    assert!(wanted.len() >= chosen.len(), "no such case: {chosen:?}");
    let read = |id: String| {
        let path = repository().join(format!("tests/cases/indicators/{id}.toml"));
        (id, Case::read(&files::read_text(&path).unwrap()))
    };
    wanted.into_iter().map(read).collect()
}

#[test]
fn every_case_gives_what_was_worked_out_by_hand() {
    let wanted = chosen_cases();
    // Planning is what takes the time, and planning is done by one thread.
    let (first, second) = wanted.split_at(wanted.len() / 2);
    let told = std::thread::scope(|scope| {
        let halves = [first, second].map(|half| scope.spawn(|| all_wrong(half)));
        halves.map(|half| half.join().unwrap()).concat()
    });
    assert!(told.is_empty(), "\n{told}");
}

/// What is wrong in these cases.
fn all_wrong(cases: &[(String, Result<Case, String>)]) -> String {
    let mut told = String::new();
    if cases.is_empty() {
        return told;
    }
    let mut graph = Graph::new();
    for (id, case) in cases {
        let wrong = match case {
            Ok(case) => wrong(&mut graph, id, case),
            Err(reason) => vec![reason.clone()],
        };
        if !wrong.is_empty() {
            writeln!(told, "{id}\n  {}", wrong.join("\n  ")).unwrap();
        }
    }
    told
}

/// What is wrong in one case.
fn wrong(graph: &mut Graph, id: &str, case: &Case) -> Vec<String> {
    let mut wrong = case.shows_too_little();
    let all = match graph.indicator(id, case, true) {
        Ok(found) => found,
        Err(told) => return [wrong, told].concat(),
    };
    wrong.extend(compare::with_expected(&case.expected, &["unit", "period"], &all.rows));
    if let Some(expected) = &case.strata {
        let key = ["unit", "period", "industry", "size_class"];
        let key: Vec<&str> = key.into_iter().filter(|name| expected.has(name)).collect();
        match &all.strata {
            Some(strata) => wrong.extend(compare::with_expected(expected, &key, strata)),
            None => wrong.push("only survey items have strata".to_owned()),
        }
    }
    match graph.indicator(id, case, false) {
        Ok(without) => wrong.extend(compare::same_rows(&case.expected, &all.rows, &without.rows)),
        Err(told) => wrong.extend(told),
    }
    wrong
}
