//! Only what depends on a change runs again, and the reason is told, also by a dry run that writes nothing.

use crate::city::City;

#[test]
fn nothing_changed_nothing_runs() {
    let city = City::new();
    assert!(city.run_well().steps_that_ran().len() > 20);
    let before = city.results();
    assert_eq!(city.run_well().steps_that_ran(), Vec::<String>::new());
    assert_eq!(city.results(), before);
    let told = city.run(&["run"]);
    assert!(
        told.stdout.contains("没有变化，无需运行 / nothing has changed, nothing to run"),
        "{}",
        told.stdout
    );
}

#[test]
fn a_change_runs_what_depends_on_it_and_says_why() {
    let city = City::new();
    city.run_well();

    // A contract: its deliveries are read again; rows come out the same, so queries do not run; the page prints the
    // digest of all it stands on, so it does.
    city.edit("contracts/rd_projects.toml", "header_rows = 2", "header_rows = 2\nignore = [\"没有这一列\"]");
    let dry = city.run(&["run", "--dry-run"]);
    assert_eq!(dry.code, Some(0));
    assert!(dry.stderr.contains("changed: contracts/rd_projects.toml"), "{}", dry.stderr);
    assert!(!dry.stderr.contains("delivery 2024年10月温州市环境空气质量月报.xlsx: 有变化"), "{}", dry.stderr);
    assert_eq!(
        city.run_well().steps_that_ran(),
        [
            "delivery 9-6规模以上工业企业RD项目情况2017.xlsx",
            "delivery 9-6规模以上工业企业RD项目情况2017_Unicode文本.csv",
            "extracts.rd_projects",
            "report published"
        ]
    );

    // A query whose result changes reaches what reads it, and nothing else.
    city.edit("queries/staging/air_pm25.sql", "    last_year_pm25 AS pm25", "    last_year_pm25 + 1 AS pm25");
    let ran = city.run_well();
    let expected = ["reference.queries", "staging.air_pm25", "indicators.pm25", "air", "report published"];
    assert_eq!(ran.steps_that_ran(), expected);
    let reasons: Vec<String> = ran.json()["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["step"] == "staging.air_pm25" || step["step"] == "indicators.pm25")
        .map(|step| step["reason"]["inputs"].to_string())
        .collect();
    assert_eq!(reasons, ["[\"queries/staging/air_pm25.sql\"]", "[\"staging.air_pm25 (staging.air_pm25)\"]"]);

    // A template of the assessment's own stands before the built-in one.
    let theme = std::fs::read_to_string(crate::city::repository().join("templates/theme.typ")).unwrap();
    city.write("templates/theme.typ", format!("{theme}\n// ours\n"));
    assert_eq!(city.run_well().steps_that_ran(), Vec::<String>::new());
    city.write("templates/theme.typ", format!("{theme}\n#let ours = 1\n"));
    assert_eq!(city.run_well().steps_that_ran(), ["report published"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let city = City::new();
    let dry = city.run(&["run", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.stderr);
    assert!(dry.stderr.contains("indicators.pm25: 首次生成 / never made before"), "{}", dry.stderr);
    assert!(!city.path("out").exists());
}

#[test]
fn a_lost_output_is_made_again() {
    let city = City::new();
    city.run_well();
    let before = city.results();
    std::fs::remove_file(city.path("out/tables/indicators/pm25.parquet")).unwrap();
    assert_eq!(city.run_well().steps_that_ran(), ["indicators.pm25"]);
    assert_eq!(city.results(), before);
}

#[test]
fn stages_and_selections() {
    let city = City::new();
    let early = city.run(&["assess", "--quiet"]);
    early.assert_fails(1, &["尚未生成", "has not been made yet"]);
    assert_eq!(city.run(&["ingest", "--quiet"]).code, Some(0));
    // Rows of another form of the contract would read as missing values.
    let contract = city.read("contracts/air_pm25.toml");
    city.edit("contracts/air_pm25.toml", "ignore = [\"序号\"]", "ignore = [\"序号\", \"没有这一列\"]");
    city.run(&["assess", "--quiet"]).assert_fails(1, &["extracts.air_pm25 is not up to date"]);
    city.write("contracts/air_pm25.toml", contract);
    let some = city.run(&["assess", "+indicators.pm25", "--json", "--quiet"]);
    assert_eq!(some.steps_that_ran(), ["staging.air_pm25", "indicators.pm25"]);
    let wrong = city.run(&["assess", "indicators.pm2", "--quiet"]);
    wrong.assert_fails(1, &["没有名为“indicators.pm2”的步骤", "did you mean `indicators.pm25`?"]);
    assert_eq!(city.run(&["assess", "--quiet"]).code, Some(0));
    assert_eq!(city.run(&["report", "--quiet"]).code, Some(0));
    assert!(city.path("out/reports/published.pdf").exists());
}
