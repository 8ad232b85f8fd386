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
