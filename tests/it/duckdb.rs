//! The SQL files as they are, in another engine: DuckDB over the same Parquet gives the tables that we wrote.
//!
//! `benches/same_in_duckdb.py` does the work, also by hand on larger cities. It needs Python with the package duckdb:
//! `MANTIANXING_PYTHON`, else `python3`.

use std::path::Path;
use std::process::Command;

use crate::city::{City, copy, finish, repository};

fn python() -> Option<String> {
    let python = std::env::var("MANTIANXING_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_duckdb = Command::new(&python).args(["-c", "import duckdb"]).output();
    if has_duckdb.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let line = "SKIPPED: no Python with the package duckdb (.ci/run installs it); that SQL is portable was NOT checked\n";
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    None
}

fn compared(python: &str, out: &Path, queries: &Path) -> (Option<i32>, String) {
    let script = repository().join("benches/same_in_duckdb.py");
    let ran = finish(Command::new(python).arg(script).arg(out).arg(queries).env("THREADS", "2"));
    (ran.code, ran.stdout + &ran.stderr)
}

#[test]
fn duckdb_gives_the_same_tables() {
    let Some(python) = python() else { return };
    let city = City::invented();
    let ran = city.run(&["run", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let (out, queries) = (city.path("out"), city.path("queries"));
    let (code, told) = compared(&python, &out, &queries);
    let made = ran_tables(&queries);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with(&format!("{made} tables of ")), "{made} files, but {told}");

    // The comparison is none if it cannot fail: one figure of one row more, one row less.
    let other = city.path("other");
    copy(&queries, &other);
    let file = other.join("monitoring/timeliness.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("SELECT * REPLACE (deliveries + CASE WHEN contract = 'training' AND period = '2021-Q1' THEN 1 ELSE 0 END AS deliveries) FROM ({text}\n) AS t")).unwrap();
    let (code, told) = compared(&python, &out, &other);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("monitoring.timeliness: deliveries: "), "{told}");
    std::fs::write(&file, format!("SELECT * FROM ({text}\n) AS t WHERE contract <> 'training'")).unwrap();
    let (code, told) = compared(&python, &out, &other);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("monitoring.timeliness: ") && told.contains(" rows and "), "{told}");
}

/// How many SQL files there are.
fn ran_tables(queries: &Path) -> usize {
    let folders = std::fs::read_dir(queries).unwrap();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    files
        .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "sql"))
        .count()
}
