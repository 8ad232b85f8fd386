//! From indicators to scores: survey items, functional zones, units that are not ranked, checks, and rows that no
//! indicator may have. Over an invented city of which nothing was delivered: its queries give constants.

use crate::city::City;

/// The units of the ranked partition and the zones, in every period, as `u` and `p`.
const UNITS: &str = "FROM (
    SELECT unit, 'county' AS kind FROM reference.memberships WHERE partition = 'p12'
    UNION ALL
    SELECT id AS unit, kind FROM reference.units WHERE kind = 'zone'
) AS u
CROSS JOIN reference.periods AS p";

const TOML: &str = "name_zh = \"测试\"
name_en = \"Test\"
definition_zh = \"测试\"
definition_en = \"Test\"
measure_unit = \"分\"
display = { measure_unit = \"分\", decimals = 0 }
direction = \"higher\"
partition = \"p12\"
source_zh = \"测试\"
";

const POSTS: &str = "goalposts = { worst = 0, best = 100, basis = \"expert_range\", basis_zh = \"测试\" }\n";

/// An indicator that says the same of every unit and period; status and value are SQL.
fn indicator(city: &City, id: &str, [status, value]: [&str; 2], toml: &str) {
    indicator_of(city, id, [status, "''", value, "NULL"], toml);
}

/// The same with flags and coverage.
fn indicator_of(city: &City, id: &str, [status, flags, value, coverage]: [&str; 4], toml: &str) {
    let sql = format!(
        "SELECT u.unit, p.period, {status} AS status, {flags} AS flags, CAST({value} AS DOUBLE) AS value,
    NULL AS standard_error, NULL AS effective_n, CAST({coverage} AS DOUBLE) AS coverage, NULL AS numerator,
    NULL AS denominator, NULL AS sample_size
{UNITS}"
    );
    city.write(&format!("queries/indicators/{id}.sql"), sql);
    city.write(&format!("queries/indicators/{id}.toml"), format!("{TOML}{toml}{POSTS}"));
}

/// Two branches: `x` of `a` and of the survey item `s`; `y` of `b`, which zones do not have.
fn assessed() -> City {
    let city = City::invented();
    for folder in ["queries", "extracts"] {
        std::fs::remove_dir_all(city.path(folder)).unwrap();
    }
    indicator(&city, "a", ["'ok'", "40"], "");
    let by_design = "CASE WHEN u.kind = 'zone' THEN 'not_available_by_design' ELSE 'ok' END";
    indicator(&city, "b", [by_design, "CASE WHEN u.kind <> 'zone' THEN 80 END"], "zones = false\n");
    // Nobody answers in the base in one county; of another nothing was sent.
    let answers =
        |figure: u32| format!("CAST(CASE WHEN u.unit = 'yuheng' THEN 0 ELSE {figure} END AS BIGINT)");
    let strata = format!(
        "SELECT u.unit, p.period, 'trade' AS industry, NULL AS size_class, CAST(100 AS BIGINT) AS frame,
    CAST(10 AS BIGINT) AS responses, {} AS answers, {} AS answer_sum, {} AS answer_squares,
    u.unit = 'tianxuan' AS reconstructed
{UNITS}
WHERE u.unit <> 'douyang'",
        answers(8),
        answers(32),
        answers(130),
    );
    city.write("queries/indicators/s.sql", strata);
    let survey = "survey = { scale = \"likert\" }\nminimum_denominator = 8\n";
    city.write("queries/indicators/s.toml", format!("{TOML}{survey}{POSTS}"));
    let framework = "id = \"test\"
name_zh = \"测试\"
name_en = \"Test\"
partition = \"p12\"
periods = [\"2024\"]
node = [
    { id = \"test\", name_zh = \"全部\" },
    { id = \"x\", name_zh = \"甲\", parent = \"test\" },
    { id = \"y\", name_zh = \"乙\", parent = \"test\" },
]
placement = [
    { indicator = \"a\", parent = \"x\", weight = 3 },
    { indicator = \"s\", parent = \"x\" },
    { indicator = \"b\", parent = \"y\" },
]
";
    city.write("frameworks/test.toml", framework);
    city
}

fn ask(city: &City, sql: &str) -> Vec<String> {
    let answer = city.run(&["sql", sql, "--format", "csv"]);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    // The last column of invented data says that they are.
    answer.stdout.lines().skip(1).map(|line| line.strip_suffix(",true").unwrap().to_owned()).collect()
}

#[test]
fn surveys_zones_and_units_without_rank() {
    let city = assessed();
    let ran = city.run(&["run", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let values = "SELECT unit, status, flags, value, standard_error, effective_n, coverage, sample_size \
                  FROM indicators.s WHERE period = '2024' AND unit IN ('douyang', 'nandou', 'tianxuan', 'yuheng') \
                  ORDER BY unit";
    // One stratum: m = 4, S² = (130 − 8 · 16) / 9, se² = (1 − 0.1) · 10 · S² / 8².
    let error = 25.0 * (0.9_f64 * 10.0 * (2.0 / 9.0) / 64.0).sqrt();
    let found = ask(&city, values);
    assert_eq!(found[0], "douyang,missing,\"\",,,,,");
    assert_eq!(found[3], "yuheng,zero_denominator,unstable,,,,0,0");
    for (row, begins) in
        [(1, "nandou,estimated,estimated,75,"), (2, "tianxuan,reconstructed,\"estimated,reconstructed\",75,")]
    {
        let rest = found[row].strip_prefix(begins).unwrap_or_else(|| panic!("{}", found[row]));
        let mut cells = rest.split(',');
        let standard_error: f64 = cells.next().unwrap().parse().unwrap();
        assert!((standard_error - error).abs() < 1e-12, "{standard_error}");
        assert_eq!(cells.collect::<Vec<_>>(), ["8", "0.8", "8"]);
    }
    let strata =
        ask(&city, "SELECT answers, answer_sum FROM strata.s WHERE unit = 'nandou' AND period = '2024'");
    assert_eq!(strata, ["8,32"]);

    // x = (3 · 40 + 75) / 4 = 48.75; without s it is 40; y = 80.
    let ranks = "SELECT unit, score, coverage, rank, ranked, reason FROM test.ranks \
                 WHERE unit IN ('doukou', 'tianxuan', 'yuheng') ORDER BY unit";
    assert_eq!(
        ask(&city, ranks),
        ["doukou,,0.5,,false,zone", "tianxuan,64.375,1,1,true,", "yuheng,60,0.875,11,true,"]
    );
    let scores =
        "SELECT unit, node, score FROM test.scores WHERE unit IN ('doukou', 'yuheng') ORDER BY unit, node";
    let expected =
        ["doukou,test,", "doukou,x,48.75", "doukou,y,", "yuheng,test,60", "yuheng,x,40", "yuheng,y,80"];
    assert_eq!(ask(&city, scores), expected);
    let contributions = "SELECT unit, indicator, node, path, branch, status, value, score, branch_weight, \
                         branch_contribution, weight, contribution FROM test.contributions \
                         WHERE unit IN ('doukou', 'tianxuan') ORDER BY unit, indicator";
    assert_eq!(
        ask(&city, contributions),
        [
            "doukou,a,x,test/x,x,ok,40,40,0.75,30,,",
            "doukou,b,y,test/y,y,not_available_by_design,,,,,,",
            "doukou,s,x,test/x,x,estimated,75,75,0.25,18.75,,",
            "tianxuan,a,x,test/x,x,ok,40,40,0.75,30,0.375,15",
            "tianxuan,b,y,test/y,y,ok,80,80,1,80,0.5,40",
            "tianxuan,s,x,test/x,x,reconstructed,75,75,0.25,18.75,0.125,9.375",
        ]
    );

    // Without `a` too little is left of one branch, and with it of the whole.
    let some = "CASE WHEN u.unit = 'yuheng' THEN 'missing' ELSE 'ok' END";
    indicator(&city, "a", [some, "CASE WHEN u.unit <> 'yuheng' THEN 40 END"], "");
    let ran = city.run(&["run", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let unranked = ask(&city, "SELECT score, coverage, rank, reason FROM test.ranks WHERE unit = 'yuheng'");
    assert_eq!(unranked, [",0.5,,too_little_weight"]);
}

#[test]
fn rows_no_indicator_may_have() {
    let city = assessed();
    for (columns, told) in [
        (["'fine'", "''", "1", "NULL"], "`status` of"),
        (["'ok'", "''", "NULL", "NULL"], "expected IS NOT NULL (ok)"),
        (["'missing'", "''", "1", "NULL"], "expected IS NULL (missing)"),
        (["'not_available_by_design'", "''", "NULL", "NULL"], "expected <> not_available_by_design"),
        (["'ok'", "'unstable,estimated'", "1", "NULL"], "expected a,b,c"),
        (["'ok'", "'windy'", "1", "NULL"], "is windy, expected"),
        (["'ok'", "''", "1", "1.5"], "expected 0 … 1"),
    ] {
        indicator_of(&city, "a", columns, "");
        city.run(&["run", "--quiet"]).assert_fails(1, &["[indicator-row]", told]);
    }
    indicator(&city, "a", ["'ok'", "1"], "");
    let sql = format!("{}\nWHERE u.unit <> 'yuheng'", city.read("queries/indicators/a.sql"));
    city.write("queries/indicators/a.sql", sql);
    city.run(&["run", "--quiet"]).assert_fails(1, &["[indicator-row-absent]", "yuheng, 2021; 3 more"]);
    indicator(&city, "a", ["'ok'", "1"], "");
    city.edit("queries/indicators/s.sql", "THEN 0 ELSE 130", "THEN 0 ELSE 31");
    city.run(&["run", "--quiet"])
        .assert_fails(1, &["[indicator-row]", "`answer_squares` of", "expected 32 … 160"]);
    city.edit("queries/indicators/s.sql", "AS answers,", "AS answer,");
    city.run(&["lint"]).assert_fails(1, &["[indicator-column-missing]", "answer_squares BIGINT"]);
}

#[test]
fn checks_are_told_and_counted() {
    let city = assessed();
    let check = "SELECT unit, period, 'a' AS subject, CAST(value AS DECIMAL(38, 8)) AS found, \
                 CAST(41 AS DECIMAL(38, 8)) AS expected, CAST(NULL AS BIGINT) AS origin FROM indicators.a \
                 WHERE unit = 'yuheng'";
    city.write("queries/checks/higher.sql", check);
    city.run(&["lint"]).assert_fails(1, &["[check-half]", "queries/checks/higher.sql", "[higher]"]);
    let entry = |severity: &str| {
        format!(
            "[higher]\nseverity = \"{severity}\"\ntitle_zh = \"太低\"\ntitle_en = \"Too low\"\n\
             hint_zh = \"请核对\"\nhint_en = \"look again\"\n"
        )
    };
    city.write("queries/checks/checks.toml", entry("warning"));
    let ran = city.run(&["run", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let told = &ran.json()["checks"][0];
    assert_eq!((told["check"].as_str(), told["count"].as_u64()), (Some("higher"), Some(4)));
    assert_eq!(
        (told["title_en"].as_str(), told["first"].as_array().map(Vec::len)),
        (Some("Too low"), Some(3))
    );
    let names = "SELECT c.id, c.severity, h.subject, h.found FROM checks.higher AS h CROSS JOIN reference.checks AS c \
                 WHERE h.period = '2024'";
    assert_eq!(ask(&city, names), ["higher,warning,a,40"]);
    // Four errors where one is borne.
    city.write("queries/checks/checks.toml", entry("error"));
    let ran = city.run(&["run"]);
    ran.assert_fails(1, &["[checks.higher]", "太低", "Too low", "yuheng 2021 a: 40", "look again"]);
    for (text, told) in [
        (entry("grave"), "severity"),
        (format!("{}\n{}", entry("error"), entry("error").replace("higher", "hihger")), "hihger.sql"),
    ] {
        city.write("queries/checks/checks.toml", text);
        city.run(&["lint"]).assert_fails(1, &["queries/checks/checks.toml", told]);
    }
    city.write("queries/checks/checks.toml", entry("error"));
    city.edit("queries/checks/higher.sql", "AS subject", "AS about");
    city.run(&["lint"]).assert_fails(1, &["[indicator-column-missing]", "subject"]);
}
