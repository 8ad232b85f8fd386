//! `mantianxing sql`: every form of answer, and what is refused.

use crate::city::City;

#[test]
fn answers_in_every_form() {
    let city = City::new();
    city.run_well();
    let select = "SELECT unit, rank, score FROM air.ranks ORDER BY rank, unit LIMIT 2";
    let csv = city.run(&["sql", select, "--format", "csv"]).stdout;
    assert_eq!(csv, "unit,rank,score\ntaishun,1,100\nwencheng,1,100\n");
    let json = city.run(&["sql", select, "--format", "json"]).json();
    assert_eq!(json[0]["unit"], "taishun");
    assert!(city.run(&["sql", select]).stdout.contains("taishun"));
    let days = "SELECT kind, count(*) AS days FROM reference.working_days WHERE year = 2024 GROUP BY kind ORDER BY kind";
    assert_eq!(city.run(&["sql", days, "--format", "csv"]).stdout, "kind,days\nrest,19\nwork,8\n");
    let file = city.path("answer.parquet");
    let ran = city.run(&["sql", select, "--format", "parquet", "-o", file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(&std::fs::read(file).unwrap()[..4], b"PAR1");
}

#[test]
fn what_is_printed_is_the_whole_answer() {
    let city = City::new();
    city.run_well();
    let nulls = city.run(&[
        "sql",
        "SELECT standard_error FROM indicators.pm25 ORDER BY unit, period",
        "--format",
        "csv",
    ]);
    assert_eq!(nulls.stdout, format!("standard_error\n{}", "\n".repeat(24)));
    if std::path::Path::new("/dev/full").exists() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = city.command(&["sql", "SELECT unit FROM indicators.pm25 ORDER BY unit, period"]);
        assert_eq!(command.stdout(full).status().unwrap().code(), Some(1));
    }
    // Deep nesting ends in an answer or a diagnostic, not in a crash.
    let deep = format!("SELECT {} AS a", vec!["1"; 800].join(" + "));
    assert!(matches!(city.run(&["sql", &deep, "--format", "csv"]).code, Some(0 | 1)));
}

#[test]
fn contributions_add_up_exactly() {
    let city = City::new();
    city.run_well();
    let select = "SELECT r.unit FROM air.ranks AS r JOIN (SELECT unit, sum(CAST(contribution AS DECIMAL(20, 9))) AS total \
                  FROM air.contributions GROUP BY unit) AS c ON c.unit = r.unit \
                  WHERE CAST(r.score AS DECIMAL(20, 9)) <> c.total";
    assert_eq!(city.run(&["sql", select, "--format", "csv"]).stdout, "unit\n");
}

#[test]
fn refuses_what_is_no_select_or_leads_outside() {
    let city = City::new();
    city.run_well();
    for (sql, code) in [
        ("DROP TABLE extracts.population", "sql-not-select"),
        ("COPY (SELECT 1 AS a) TO 'x.csv'", "sql-not-select"),
        ("SELECT 1 AS a; SELECT 2 AS a", "sql-many-statements"),
        ("SELECT * FROM '/etc/passwd'", "sql-outside-table"),
        ("SELECT * FROM read_csv('/etc/passwd')", "sql-table-function"),
        ("SELECT now() AS t", "sql-changing-function"),
        ("SELECT avg(value) AS v FROM indicators.pm25", "sql-average"),
        ("SELECT sum(value) AS v FROM indicators.pm25", "sql-float-sum"),
        ("SELECT unit FROM indicators.pm25 LIMIT 1", "sql-limit-without-order"),
        ("SELECT * FROM indicators.pm52", "sql-unknown-table"),
    ] {
        city.run(&["sql", sql]).assert_fails(1, &[&format!("error[{code}]")]);
    }
}
