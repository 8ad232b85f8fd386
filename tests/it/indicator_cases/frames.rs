//! Indicators differ in what they count, not in how status, flags and value follow from it: behind their CTEs their SQL
//! says the same, but for factor and id. There are two such frames, one of quotients and one of medians; survey items
//! return strata and have none.

use std::collections::BTreeMap;

use model::files;

use super::ids;
use crate::city::repository;

/// What stands behind the CTEs, with id and factor taken out. What is all of it is the factor itself: in floating point
/// the quotient of two equal amounts may come out beside it.
fn frame(id: &str, sql: &str) -> String {
    let lines: Vec<&str> = sql.lines().collect();
    let begins = lines.iter().rposition(|line| *line == "SELECT").unwrap_or_default();
    let outer = lines[begins..].join("\n").replace(&format!("'{id}'"), "'<id>'");
    let factor = factor(&outer).unwrap_or("1");
    outer
        .replace(&format!("CAST({factor} * p.numerator AS DOUBLE)"), "CAST(p.numerator AS DOUBLE)")
        .replace(&format!("THEN CAST({factor} AS DOUBLE)"), "THEN CAST(<factor> AS DOUBLE)")
}

/// `1000` of `CAST(1000 * p.numerator AS DOUBLE)`.
fn factor(sql: &str) -> Option<&str> {
    let (before, _) = sql.split_once(" * p.numerator AS DOUBLE)")?;
    let (_, factor) = before.rsplit_once("CAST(")?;
    let is_number = !factor.is_empty() && factor.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number.then_some(factor)
}

#[test]
fn indicators_share_their_frames() {
    let read = |name: &str| files::read_text(&repository().join("queries/indicators").join(name)).unwrap();
    let mut frames: BTreeMap<bool, (String, String)> = BTreeMap::new();
    let mut differ = Vec::new();
    for id in ids("queries/indicators", ".sql") {
        let definition: model::Indicator = toml::from_str(&read(&format!("{id}.toml"))).unwrap();
        if definition.survey.is_some() {
            continue;
        }
        let frame = frame(&id, &read(&format!("{id}.sql")));
        let is_median = frame.contains("p.median");
        let (first, model) = frames.entry(is_median).or_insert_with(|| (id.clone(), frame.clone()));
        if *model != frame {
            let other = model.lines().zip(frame.lines()).find(|(a, b)| a != b);
            let (expected, found) = other.unwrap_or(("its end", "another end"));
            differ.push(format!("{id}.sql is unlike {first}.sql:\n  {expected}\n  {found}"));
        }
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
    assert!(frames.get(&false).is_some_and(|(_, frame)| frame.contains("'zero_denominator'")));
}

#[test]
fn only_id_and_factor_are_free() {
    let sql = |id: &str, value: &str| {
        format!("WITH a AS (\n    SELECT\n    1\n)\nSELECT\n    {value} / 2\nWHERE i.id = '{id}'")
    };
    let whole = |factor: &str, all: &str| {
        sql("p1_01", &format!("THEN CAST({all} AS DOUBLE) {factor}p.numerator AS DOUBLE)"))
    };
    let model = frame("p1_01", &whole("CAST(100 * ", "100"));
    assert_eq!(frame("p1_01", &whole("CAST(", "1")), model);
    assert_ne!(frame("p1_01", &whole("CAST(1000 * ", "100")), model);
    let model = frame("p1_01", &sql("p1_01", "CAST(1000 * p.numerator AS DOUBLE)"));
    assert_eq!(frame("p1_02", &sql("p1_02", "CAST(p.numerator AS DOUBLE)")), model);
    assert_ne!(frame("p1_02", &sql("p1_01", "CAST(p.numerator AS DOUBLE)")), model);
    assert_ne!(frame("p1_02", &sql("p1_02", "CAST(a * p.numerator AS DOUBLE)")), model);
}
