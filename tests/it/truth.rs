//! What stands after ingest is what the truth of the invented city says: no row more, no row less, every column.

use std::collections::{BTreeMap, BTreeSet};

use model::{Contract, Deliveries};

use crate::invented::{Invented, Rows, parquet, plain};

/// The differences between the rows that stand and the truth.
pub(crate) fn differences(invented: &Invented) -> Vec<String> {
    let text =
        std::fs::read_to_string(invented.assessment.join("generated/extracts/deliveries.toml")).unwrap();
    let deliveries: Deliveries = toml::from_str(&text).unwrap();
    let folder = invented.assessment.join("../../contracts");
    let mut told = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let contract: Contract =
            toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        told.extend(of_contract(invented, &contract, &deliveries));
        count += 1;
    }
    assert_eq!(count, 19);
    told
}

fn of_contract(invented: &Invented, contract: &Contract, deliveries: &Deliveries) -> Vec<String> {
    let id = contract.id.as_str();
    let expected = expected(&invented.truth(id), contract, deliveries);
    let found = standing(invented, id);
    let mut columns = found.head.clone();
    columns.sort();
    let mut wanted: Vec<String> = expected.head.clone();
    wanted.push("_origin".to_owned());
    wanted.extend(contract.unit_field().map(|_| "_of_which".to_owned()));
    wanted.sort();
    assert_eq!(columns, wanted, "{id}");
    assert!(!expected.rows.is_empty(), "{id}");
    let of = |rows: &Rows| -> BTreeMap<Vec<String>, usize> {
        let places: Vec<usize> = expected.head.iter().map(|name| rows.place(name)).collect();
        let mut counted = BTreeMap::new();
        for row in &rows.rows {
            let mut row: Vec<String> = places.iter().map(|at| row[*at].clone()).collect();
            settled(&mut row, &expected.head, contract, deliveries);
            *counted.entry(row).or_default() += 1;
        }
        counted
    };
    let mut told = Vec::new();
    if contract.unit_field().is_some() {
        let parts = found.select(["_of_which", "_origin"]).filter(|[of_which, _]| !of_which.is_empty());
        told.extend(parts.map(|[of_which, origin]| format!("{id}: {origin} is of which {of_which}")));
    }
    let (wanted, found) = (of(&expected), of(&found));
    for row in wanted.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
        let (wanted, stands) = (wanted.get(row).unwrap_or(&0), found.get(row).unwrap_or(&0));
        if wanted != stands {
            told.push(format!("{id}: {stands} stand, truth {wanted}: {row:?}"));
        }
    }
    told
}

/// Of equal rows in files that supersede each other the first stands, while the truth names the last: both are told as
/// rows of the last file.
fn settled(row: &mut [String], head: &[String], contract: &Contract, deliveries: &Deliveries) {
    let place = |name: &str| head.iter().position(|own| own == name);
    let list = &deliveries.delivery;
    let first = row[0].parse::<usize>().unwrap() - 1;
    let mut last = first;
    while let Some(later) = list.iter().position(|later| later.supersedes.contains(&list[last].file)) {
        last = later;
    }
    if last == first && list[first].supersedes.is_empty() {
        return;
    }
    row[0] = (last + 1).to_string();
    row[1].clear();
    if let Some(at) = place("vintage") {
        row[at].clone_from(&list[last].vintage);
    }
    if let (Some(at), None) = (place("period"), contract.period_field()) {
        row[at] = list[last].period.to_string();
    }
}

/// The truth of a contract with what the list of deliveries says of each row.
fn expected(truth: &Rows, contract: &Contract, deliveries: &Deliveries) -> Rows {
    let own = truth.head.iter().skip(2).cloned();
    let mut head: Vec<String> = ["_delivery", "_line"].map(str::to_owned).into_iter().chain(own).collect();
    let has_unit = contract.unit_field().is_some();
    if has_unit {
        head.extend(["partition".to_owned(), "vintage".to_owned()]);
    }
    let rows = truth.rows.iter().map(|row| {
        let delivery = &deliveries.delivery[row[0].parse::<usize>().unwrap() - 1];
        let mut row: Vec<String> = row.iter().map(|value| plain(value)).collect();
        if has_unit {
            row.extend([delivery.partition.clone(), delivery.vintage.clone()]);
        }
        row
    });
    Rows { rows: rows.collect(), head }
}

/// The rows of a contract that stand, with the sheet row they come from.
fn standing(invented: &Invented, contract: &str) -> Rows {
    let mut all = invented.tables(&format!("extracts/{contract}"));
    let states = parquet(&invented.out(&format!("extracts/{contract}/_state.parquet")));
    let kept: BTreeSet<&str> = states
        .select(["_origin", "state"])
        .filter(|[_, state]| *state == "kept")
        .map(|[origin, _]| origin)
        .collect();
    let at = all.place("_origin");
    all.rows.retain(|row| kept.contains(row[at].as_str()));
    all.head.push("_line".to_owned());
    for row in &mut all.rows {
        let line = row[at].parse::<i64>().unwrap() & 0x1F_FFFF;
        row.push(line.to_string());
    }
    all
}
