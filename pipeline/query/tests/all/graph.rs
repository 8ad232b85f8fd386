//! Order, circles, unknown names and selections.

use std::collections::BTreeSet;

use query::{Parsed, Query, TableName, order, parse};

fn queries(texts: &[(&str, &str)]) -> Vec<Parsed> {
    let parsed = texts.iter().map(|(name, sql)| {
        let file = format!("queries/{}.sql", name.replace('.', "/"));
        parse(&Query::from_file(&file, (*sql).to_owned()).unwrap()).unwrap()
    });
    parsed.collect()
}

fn known() -> BTreeSet<TableName> {
    BTreeSet::from([
        TableName::parse("extracts.firms").unwrap(),
        TableName::parse("reference.units").unwrap(),
    ])
}

fn ordered(parsed: &[Parsed]) -> Vec<String> {
    order(parsed, &known()).unwrap().iter().map(|at| parsed[*at].query.name.to_string()).collect()
}

const CHAIN: &[(&str, &str)] = &[
    ("indicators.z", "SELECT * FROM staging.firms"),
    ("indicators.a", "SELECT * FROM staging.firms JOIN staging.late USING (unit)"),
    ("staging.firms", "WITH late AS (SELECT * FROM extracts.firms) SELECT * FROM late"),
    ("staging.late", "SELECT * FROM reference.units WHERE unit IN (SELECT unit FROM staging.firms)"),
];

#[test]
fn queries_stand_behind_what_they_read() {
    let expected = ["staging.firms", "indicators.z", "staging.late", "indicators.a"];
    assert_eq!(ordered(&queries(CHAIN)), expected);
    let reversed: Vec<_> = CHAIN.iter().rev().copied().collect();
    assert_eq!(ordered(&queries(&reversed)), expected);
}

#[test]
fn tables_are_found_with_their_places() {
    let parsed = &queries(&[(
        "a.b",
        "SELECT *\nFROM 表\n  JOIN extracts.firms f ON true".replace("表", "reference.units").as_str(),
    )])[0];
    let uses: Vec<String> =
        parsed.tables.iter().map(|used| format!("{} {}", used.place, used.name)).collect();
    assert_eq!(uses, ["queries/a/b.sql:2:6 reference.units", "queries/a/b.sql:3:8 extracts.firms"]);
    assert_eq!(parsed.tables[0].place.length, "reference.units".len());
}

#[test]
fn circles_are_written_out_once() {
    let parsed = queries(&[
        ("x.c", "SELECT * FROM x.a"),
        ("x.a", "SELECT *\nFROM x.b"),
        ("x.b", "SELECT * FROM x.c"),
        ("x.behind", "SELECT * FROM x.b"),
        ("x.self", "SELECT * FROM x.self"),
    ]);
    let wrong = order(&parsed, &known()).unwrap_err();
    let told: Vec<String> =
        wrong.iter().map(|one| format!("{} {}", one.place, one.params["circle"])).collect();
    assert_eq!(
        told,
        ["queries/x/a.sql:2:6 x.a -> x.b -> x.c -> x.a", "queries/x/self.sql:1:15 x.self -> x.self"]
    );
}

#[test]
fn unknown_and_repeated_names() {
    let parsed = queries(&[
        ("x.a", "SELECT * FROM extracts.frims"),
        ("extracts.firms", "SELECT 1 AS a"),
        ("x.b", "SELECT 1 AS a"),
        ("x.b", "SELECT 2 AS a"),
    ]);
    let wrong = order(&parsed, &known()).unwrap_err();
    let told: Vec<String> =
        wrong.iter().map(|one| format!("{} {} {:?}", one.place, one.code, one.suggestion)).collect();
    assert_eq!(
        told,
        [
            "queries/extracts/firms.sql sql-duplicate-table None",
            "queries/x/a.sql:1:15 sql-unknown-table Some(\"extracts.firms\")",
            "queries/x/b.sql sql-duplicate-table None",
        ]
    );
}
