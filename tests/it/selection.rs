//! What a selection means, what it refuses, and how circles are told.

use crate::city::{City, Ran};

#[track_caller]
fn ran(told: &Ran, expected: &[&str]) {
    let mut steps = told.steps_that_ran();
    steps.sort();
    assert_eq!(steps, expected, "{}", told.stderr);
}

#[test]
fn a_selection_takes_what_it_names() {
    let city = City::new();
    let assess = |names: &[&str]| city.run(&[&["assess", "--json", "--quiet"], names].concat());
    assert_eq!(city.run(&["ingest", "--quiet"]).code, Some(0));
    let air =
        ["air", "indicators.good_air_rate", "indicators.pm25", "staging.air_good_days", "staging.air_pm25"];
    ran(&assess(&["+air"]), &air);
    ran(&assess(&["+air.scores"]), &[]);

    // What stands on something stale is refused, and the stale thing named; with it, it runs.
    city.edit("queries/staging/air_pm25.sql", "    last_year_pm25 AS pm25", "    last_year_pm25 + 1 AS pm25");
    assess(&["indicators.pm25"]).assert_fails(1, &[]);
    let told = city.run(&["assess", "indicators.pm25", "--quiet"]);
    told.assert_fails(1, &["staging.air_pm25 is not up to date", "with + in front of the name"]);
    ran(&assess(&["staging.air_pm25+"]), &["air", "indicators.pm25", "staging.air_pm25"]);
    city.edit("queries/staging/air_pm25.sql", "last_year_pm25 + 1", "last_year_pm25 + 2");
    city.edit("queries/staging/rd_projects.sql", "    projects,", "    projects + 1 AS projects,");
    let both =
        ["air", "indicators.pm25", "indicators.rd_projects", "staging.air_pm25", "staging.rd_projects"];
    ran(&assess(&["+air", "+indicators.rd_projects"]), &both);
    ran(&assess(&["staging", "population"]), &["staging.population", "staging.sources"]);

    // A name of another stage says which; a mistyped one what was meant.
    let other = city.run(&["assess", "published", "--quiet"]);
    other.assert_fails(1, &["selection-of-other-stage", "`mantianxing report published`"]);
    let wrong = city.run(&["assess", "stagin", "indicators.pm2+", "--quiet"]);
    wrong.assert_fails(1, &["did you mean `staging`?", "did you mean `indicators.pm25`?"]);
    assert_eq!(city.run(&["assess", "--quiet"]).code, Some(0));
    ran(&city.run(&["report", "published", "--json", "--quiet"]), &["report published"]);
    ran(&city.run(&["ingest", "rd_projects", "--json", "--quiet"]), &[]);
}

#[test]
fn circles_and_unknown_tables_have_a_place() {
    let city = City::new();
    city.write("queries/staging/round.sql", "SELECT unit, period, rank AS n\nFROM air.ranks");
    city.edit(
        "queries/indicators/pm25.sql",
        "LEFT JOIN staging.air_pm25 AS s",
        "LEFT JOIN staging.round AS r ON r.unit = m.unit\nLEFT JOIN staging.air_pm25 AS s",
    );
    let told = city.run(&["lint"]);
    told.assert_fails(
        1,
        &[
            "framework-circle",
            "air -> indicators.pm25 -> staging.round -> air.ranks -> air",
            "queries/staging/round.sql:2:6",
        ],
    );
    // Everything else that is wrong is told at the same time.
    city.write("queries/staging/a.sql", "SELECT unit FROM staging.b");
    city.write("queries/staging/b.sql", "SELECT unit\nFROM staging.a");
    city.write("queries/staging/c.sql", "SELECT unit\nFROM indicators.pm52");
    city.run(&["lint"]).assert_fails(
        1,
        &[
            "framework-circle",
            "staging.a -> staging.b -> staging.a",
            "queries/staging/a.sql:1:18",
            "queries/staging/c.sql:2:6",
            "did you mean `indicators.pm25`?",
        ],
    );
}
