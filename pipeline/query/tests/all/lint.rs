//! The cases of `cases/lint.toml`: what is refused, where, and the near misses that pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Diagnostic, Language};
use query::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use query::{Keys, Query, TableName, check};

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    sql: String,
    wrong: Vec<String>,
}

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let fields: Vec<Field> = columns.iter().map(|(name, of)| Field::new(*name, of.clone(), true)).collect();
    Arc::new(Schema::new(fields))
}

fn known() -> BTreeMap<TableName, SchemaRef> {
    let rows = schema(&[
        ("unit", DataType::Utf8),
        ("period", DataType::Utf8),
        ("amount", DataType::Decimal128(18, 2)),
        ("rate", DataType::Float64),
        ("number", DataType::Int64),
        ("day", DataType::Date32),
    ]);
    let other = schema(&[("unit", DataType::Utf8), ("weight", DataType::Float64)]);
    BTreeMap::from([
        (TableName::parse("data.rows").unwrap(), rows),
        (TableName::parse("data.other").unwrap(), other),
    ])
}

/// The rows of data.rows are told apart by unit and period.
fn keys() -> Keys {
    let key = ["unit", "period"].map(str::to_owned).to_vec();
    Keys::from([(TableName::parse("data.rows").unwrap(), key)])
}

fn query(name: &str, sql: &str) -> Query {
    Query::from_file(&format!("queries/{}.sql", name.replace('.', "/")), sql.to_owned()).unwrap()
}

fn short(diagnostic: &Diagnostic) -> String {
    let place = &diagnostic.place;
    let at = match (place.line, place.column) {
        (Some(line), Some(column)) => format!("{line}:{column}"),
        _ => "-".to_owned(),
    };
    let suggestion = diagnostic.suggestion.iter().map(|suggestion| format!(" {suggestion}"));
    format!("{at} {}{}", diagnostic.code, suggestion.collect::<String>())
}

#[test]
fn cases() {
    let cases: Cases = toml::from_str(include_str!("cases/lint.toml")).unwrap();
    let mut failures = Vec::new();
    for case in &cases.case {
        let (wrong, _) = check(&[query("staging.case", &case.sql)], &known(), &keys());
        let mut found: Vec<String> = wrong.iter().map(short).collect();
        found.sort();
        if found != case.wrong {
            let told: Vec<String> = wrong.iter().map(|one| one.message(Language::En)).collect();
            failures.push(format!(
                "{}: {found:?} ({}), expected {:?}",
                case.name,
                told.join("; "),
                case.wrong
            ));
        }
        for diagnostic in &wrong {
            for language in [Language::Zh, Language::En] {
                let words = format!(
                    "{} {}",
                    diagnostic.message(language),
                    diagnostic.hint(language).unwrap_or_default()
                );
                if words.contains(['{', '}']) || words.starts_with("sql-") {
                    failures.push(format!("{}: unfilled words: {words}", case.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_query_that_fails_takes_no_blame_to_those_behind_it() {
    let queries = [
        query("staging.b", "SELECT unit, nonsense FROM staging.a"),
        query("staging.a", "SELECT unit, amuont FROM data.rows"),
        query("staging.c", "SELECT unit, n FROM staging.b"),
        query("staging.d", "SELECT unit FROM data.rows WHERE"),
        query("staging.e", "SELECT unit FROM staging.d"),
        query(
            "staging.f",
            "SELECT unit, CAST(NULL AS DOUBLE) AS x, count(*) AS n FROM data.rows GROUP BY unit",
        ),
        query("staging.g", "SELECT unit, m FROM staging.f"),
    ];
    let (wrong, schemas) = check(&queries, &known(), &keys());
    let told: Vec<String> = wrong.iter().map(|one| format!("{} {}", one.place, short(one))).collect();
    assert_eq!(
        told,
        [
            "queries/staging/a.sql:1:14 1:14 sql-unknown-column amount",
            "queries/staging/d.sql:1:33 1:33 sql-syntax",
            "queries/staging/g.sql:1:14 1:14 sql-unknown-column",
        ]
    );
    let made: Vec<String> = schemas.keys().map(TableName::to_string).collect();
    assert_eq!(made, ["staging.f"]);
    let of = &schemas[&TableName::parse("staging.f").unwrap()];
    let types: Vec<String> =
        of.fields().iter().map(|field| query::indicator::sql_type(field.data_type())).collect();
    assert_eq!(types, ["VARCHAR", "DOUBLE", "BIGINT"]);
}

#[test]
fn shown_rows_must_be_ordered() {
    let ordered =
        |sql: &str| query::lint::must_be_ordered(&query::parse(&query("reports.x", sql)).unwrap()).is_none();
    assert!(ordered("SELECT unit FROM data.rows ORDER BY unit"));
    assert!(!ordered("SELECT unit FROM (SELECT unit FROM data.rows ORDER BY unit) t"));
}
