//! A run after a change gives what a clean run over the changed assessment gives, whatever was changed.

use crate::city::City;

type Edit = fn(&City);

const EDITS: [(&str, Edit); 10] = [
    ("the order of deliveries", |city| {
        let text = city.read("extracts/deliveries.toml");
        let mut entries: Vec<&str> = text.split("[[delivery]]").skip(1).collect();
        entries.swap(0, 1);
        let entries: Vec<String> = entries.iter().map(|entry| format!("[[delivery]]{entry}\n")).collect();
        city.write("extracts/deliveries.toml", entries.concat());
    }),
    ("a contract", |city| {
        city.edit("contracts/population.toml", "\"年末常住人口\", ", "\"年末常住人口\", \"常住人口数\", ");
    }),
    ("a reference table", |city| city.edit("reference/units.csv", "鹿城区,鹿城,", "鹿城区,鹿城城,")),
    ("what a delivery says of itself", |city| {
        let text = city.read("extracts/deliveries.toml");
        city.write(
            "extracts/deliveries.toml",
            text.replacen("received_on = \"2018-11-20\"", "received_on = \"2018-11-21\"", 1),
        );
    }),
    ("an indicator", |city| city.edit("queries/indicators/pm25.toml", "worst = 35", "worst = 40")),
    ("a framework", |city| {
        city.edit("frameworks/air.toml", "indicator = \"pm25\"", "weight = 2\nindicator = \"pm25\"");
    }),
    ("a query", |city| {
        city.edit("queries/staging/rd_projects.sql", "    projects,", "    projects + 1 AS projects,");
    }),
    ("the edition", |city| city.edit("assessment.toml", "date = \"2026-11-23\"", "date = \"2026-12-01\"")),
    ("a page", |city| city.edit("reports/published/page.typ.j2", "= 关于本报告", "= 关于这份报告")),
    ("fewer deliveries", |city| {
        city.keep_deliveries(&["2021年温州市", "9-6规模以上工业企业RD项目情况2017.xlsx", "2024年10月"]);
    }),
];

#[test]
fn an_incremental_run_gives_what_a_clean_run_gives() {
    let city = City::new();
    city.run_well();
    for (done, (what, edit)) in EDITS.iter().enumerate() {
        edit(&city);
        city.run_well();
        let clean = City::new();
        for (_, edit) in &EDITS[..=done] {
            edit(&clean);
        }
        clean.run_well();
        let (incremental, clean) = (city.results(), clean.results());
        let names = |of: &[(String, String)], other: &[(String, String)]| {
            of.iter().filter(|file| !other.contains(file)).map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let differing = (names(&incremental, &clean), names(&clean, &incremental));
        assert_eq!(differing, (Vec::new(), Vec::new()), "after a change of {what}");
    }
}

/// One remark in each kind of file that has remarks.
const REMARKS: [(&str, &str, &str); 8] = [
    ("queries/indicators/pm25.sql", "SELECT\n", "-- a remark\nselect\n"),
    ("queries/staging/air_pm25.sql", "-- grain: unit, period", "-- grain: unit and period"),
    ("queries/indicators/pm25.toml", "[goalposts]", "# a remark\n[goalposts]"),
    ("contracts/rd_projects.toml", "header_rows = 2", "header_rows   =   2 # a remark"),
    ("frameworks/air.toml", "[[node]]", "# a remark\n[[node]]"),
    ("assessment.toml", "[edition]", "# a remark\n[edition]"),
    ("reports/published/rd_total.sql", "-- 11个单位合计", "-- a remark"),
    ("reports/published/page.typ.j2", "= 关于本报告", "{# a remark #}= 关于本报告"),
];

#[test]
fn a_remark_recomputes_nothing_and_is_printed_where_sql_is() {
    let city = City::new();
    let page = "#import \"/theme.typ\": *\n#show: report.with(title: {{ report.title_zh | lit }}, digest: {{ digest_short | lit }})\n\
                = 计算语句\n{% for query in data.texts %}\n{{ query.title }}\n\n{{ query.sql }}\n{% endfor %}\n";
    city.write("reports/texts/page.typ.j2", page);
    city.write(
        "reports/texts/report.toml",
        "title_zh = \"计算语句\"\nkind_zh = \"演示\"\naudience = \"internal\"\n",
    );
    city.write(
        "reports/texts/texts.sql",
        "SELECT name, title, sql FROM reference.queries WHERE schema = 'indicators' ORDER BY name",
    );
    city.run_well();
    let pdf = |name: &str| std::fs::read(city.path(&format!("out/reports/{name}.pdf"))).unwrap();
    let (published, texts) = (pdf("published"), pdf("texts"));
    for (file, old, new) in REMARKS {
        let text = city.read(file);
        assert!(text.contains(old), "`{old}` in {file}");
        city.write(file, text.replacen(old, new, 1));
        let ran = city.run_well();
        let expected: &[&str] = if file.starts_with("queries/") && file.ends_with(".sql") {
            &["reference.queries", "report texts"]
        } else {
            &[]
        };
        assert_eq!(ran.steps_that_ran(), expected, "after a remark in {file}");
        if !expected.is_empty() {
            let reason = ran.json()["steps"]
                .as_array()
                .unwrap()
                .iter()
                .find(|step| step["step"] == "reference.queries")
                .unwrap()["reason"]["inputs"]
                .to_string();
            assert_eq!(reason, format!("[\"{file}#text\"]"));
        }
    }
    // The report that prints SQL prints the remark and another digest; the other one is the same to the last byte.
    assert_eq!(pdf("published"), published);
    assert_ne!(pdf("texts"), texts);
    let printed = city.run(&[
        "sql",
        "SELECT title FROM reference.queries WHERE name = 'pm25' ORDER BY title",
        "--format",
        "csv",
    ]);
    assert_eq!(printed.stdout, "title\nPM2.5平均浓度（Mean concentration of PM2.5）\n");
}
