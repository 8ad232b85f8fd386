//! Wrong input is told, not suffered: text, place and exit code of every kind of mistake.

use std::fmt::Write as _;

use crate::city::City;

const POPULATION: &str = "2021年温州市人口主要数据公报_各县市区.xlsx";

#[test]
fn a_missing_file_leaves_the_rest_working() {
    let city = City::new();
    city.run_well();
    let before = city.results();
    std::fs::remove_file(city.path("extracts/2024年10月温州市环境空气质量月报.xlsx")).unwrap();
    let ran = city.run(&["run"]);
    ran.assert_fails(
        1,
        &[
            "[delivery-missing] 2024年10月温州市环境空气质量月报.xlsx",
            "the listed file is not there",
            "deliveries.toml",
        ],
    );
    let pdf = |results: Vec<(String, String)>| results.into_iter().find(|(name, _)| name.ends_with(".pdf"));
    assert_eq!(pdf(city.results()), pdf(before), "the last good report stays");
    ran.assert_fails(1, &["report published: 未更新，保留上次结果"]);
}

#[test]
fn rows_of_a_contract_that_cannot_be_decided_stay_as_they_were() {
    let city = City::new();
    city.run_well();
    let select =
        ["sql", "SELECT unit, resident_population FROM extracts.population ORDER BY unit", "--format", "csv"];
    let before = city.run(&select).stdout;
    assert_eq!(before.lines().count(), 14);
    // One delivery of the contract is gone, the other comes with another figure.
    let workbook = city.path(&format!("extracts/{POPULATION}"));
    let kept = std::fs::read(&workbook).unwrap();
    std::fs::remove_file(&workbook).unwrap();
    city.change_a_figure();
    city.run(&["run", "--quiet"]).assert_fails(1, &["[delivery-missing]"]);
    assert_eq!(city.run(&select).stdout, before, "the last good rows stand");
    // Once the file is back, both are read.
    std::fs::write(&workbook, kept).unwrap();
    city.run_well();
    let after = city.run(&select).stdout;
    assert!(after.contains("lucheng,1189600"), "{after}");
}

#[test]
fn a_changed_file_is_not_read() {
    let city = City::new();
    let path = city.path(&format!("extracts/{POPULATION}"));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(0);
    std::fs::write(&path, bytes).unwrap();
    city.run(&["run", "--quiet"])
        .assert_fails(1, &["[delivery-changed]", "SHA-256", "a delivery is never edited"]);
}

#[test]
fn a_truncated_workbook_is_told() {
    let city = City::new();
    let bytes = std::fs::read(city.path(&format!("extracts/{POPULATION}"))).unwrap();
    city.redeliver(POPULATION, &bytes[..bytes.len() / 2]);
    city.run(&["run", "--quiet"]).assert_fails(1, &["[file-damaged]", POPULATION]);
}

#[test]
fn a_column_that_is_not_there_is_told_with_the_nearest_header() {
    let city = City::new();
    city.edit(
        "contracts/population.toml",
        "zh = [\"年末常住人口\", \"常住人口\", \"年末常住总人口\"]",
        "zh = [\"年末长住人口\"]",
    );
    let ran = city.run(&["run", "--quiet"]);
    ran.assert_fails(
        1,
        &["[missing-column]", POPULATION, "resident_population", "年末长住人口", "年末常住人口"],
    );
}

#[test]
fn an_unknown_county_is_rejected_counted_and_listed() {
    let city = City::new();
    let web_page = "2021年各县市区人口_网页另存.xls";
    city.keep_deliveries(&[web_page]);
    let bytes = std::fs::read(city.path(&format!("extracts/{web_page}"))).unwrap();
    // 龙湾区 in GB18030 becomes 龙湾市.
    let (district, city_of_no_list) =
        ([0xC1, 0xFA, 0xCD, 0xE5, 0xC7, 0xF8], [0xC1, 0xFA, 0xCD, 0xE5, 0xCA, 0xD0]);
    let at = bytes.windows(6).position(|window| window == district).unwrap();
    let mut changed = bytes;
    changed[at..at + 6].copy_from_slice(&city_of_no_list);
    city.redeliver(web_page, &changed);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "rejected rows alone are no failure: {}", ran.stderr);
    let json = ran.json();
    assert_eq!(json["sources"][0]["rows"]["rejected"], 1);
    assert_eq!(json["sources"][0]["rows"]["kept"], 12);
    let finding = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "unknown-unit")
        .unwrap();
    assert_eq!(finding["place"], format!("{web_page} ▸ table 1 ▸ A5"));
    assert!(finding["message_zh"].as_str().unwrap().contains("龙湾市"), "{finding}");
    assert!(finding["hint_en"].as_str().unwrap().contains("did you mean `龙湾区`?"), "{finding}");
    let rejects = city.path("out/rejects/population");
    assert_eq!(std::fs::read_dir(rejects).unwrap().count(), 1);
}

#[test]
fn sql_mistakes_have_file_line_and_column() {
    let city = City::new();
    city.edit(
        "queries/indicators/pm25.sql",
        "    CAST(s.pm25 AS DOUBLE) AS value,",
        "    CAST(s.pm52 AS DOUBLE) AS value,",
    );
    city.edit("queries/staging/population.sql", "FROM extracts.population", "FROM extracts.popluation");
    city.edit("queries/staging/rd_projects.sql", "WHERE", "WHERE WHERE");
    let ran = city.run(&["lint"]);
    ran.assert_fails(
        1,
        &[
            "queries/indicators/pm25.sql:8:10",
            "pm25`?",
            "queries/staging/population.sql:8:6",
            "did you mean `extracts.population`?",
            "queries/staging/rd_projects.sql:11:",
            "3 in all",
        ],
    );
    assert!(!city.path("out").exists(), "lint writes nothing");
    let json = city.run(&["run", "--json", "--quiet"]).json();
    assert_eq!((&json["good"], json["diagnostics"][0]["code"].is_string()), (&false.into(), true));
    city.run(&["run", "--quiet"]).assert_fails(1, &["queries/staging/rd_projects.sql:11:"]);
}

#[test]
fn template_mistakes_have_file_line_and_name() {
    let city = City::new();
    city.edit("reports/published/page.typ.j2", "#contents()", "#contents()\n{{ data.scores[0].scroe }}");
    let ran = city.run(&["run", "--quiet"]);
    ran.assert_fails(1, &["reports/published/page.typ.j2:", "scroe"]);

    let city = City::new();
    city.edit("reports/published/page.typ.j2", "#contents()", "#contents()\n{% if %}");
    city.run(&["lint"]).assert_fails(1, &["reports/published/page.typ.j2:"]);

    let city = City::new();
    city.edit("reports/published/page.typ.j2", "#contents()", "#contentz()");
    city.run(&["run", "--quiet"]).assert_fails(1, &["reports/published/page.typ.j2", "contentz"]);
}

#[test]
fn unknown_keys_of_every_toml_are_told_at_once() {
    let city = City::new();
    for (file, line) in [
        ("assessment.toml", "publishr_zh = \"x\"\n"),
        ("contracts/population.toml", "titel_zh = \"x\"\n"),
        ("extracts/deliveries.toml", "deliverys = 1\n"),
        ("queries/indicators/pm25.toml", "nam_zh = \"x\"\n"),
        ("frameworks/air.toml", "nodes = 1\n"),
        ("reports/published/report.toml", "titl_zh = \"x\"\n"),
        ("reference/tables.toml", "tabel = 1\n"),
    ] {
        let text = city.read(file);
        city.write(file, format!("{line}{text}"));
        let ran = city.run(&["lint"]);
        let key = line.split(' ').next().unwrap();
        ran.assert_fails(
            1,
            &["error[unknown-key]", &format!("unknown key `{key}`"), &format!("{file}:1:1"), "did you mean"],
        );
        if file != "assessment.toml" {
            continue;
        }
        city.write(file, text);
    }
    let ran = city.run(&["lint"]);
    ran.assert_fails(1, &["6 in all"]);
}

#[test]
fn one_mistake_is_told_once() {
    let city = City::new();
    city.edit("queries/indicators/pm25.toml", "\nmeasure_unit =", "\nmeasure_unti =");
    city.run(&["lint"]).assert_fails(1, &["unknown key `measure_unti`", "1 in all"]);
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let city = City::new();
    city.edit("frameworks/air.toml", "indicator = \"pm25\"", "indicator = \"pm2\"");
    city.edit("contracts/air_pm25.toml", "department = \"shengtai\"", "department = \"shentai\"");
    city.edit("queries/indicators/pm25.toml", "partition = \"p12\"", "partition = \"p13\"");
    let ran = city.run(&["lint"]);
    ran.assert_fails(
        1,
        &[
            "did you mean `pm25`?",
            "did you mean `shengtai`?",
            "contracts/air_pm25.toml:5:14",
            "there is no partition `p13`",
        ],
    );
}

#[test]
fn one_file_is_listed_once() {
    let city = City::new();
    let text = city.read("extracts/deliveries.toml");
    let first = text.split("[[delivery]]").nth(1).unwrap().replacen(POPULATION, "copy.xlsx", 1);
    city.write("extracts/deliveries.toml", format!("{text}\n[[delivery]]{first}"));
    city.run(&["lint"]).assert_fails(1, &["error[delivery-twice]", POPULATION]);
}

#[test]
fn goalposts_and_shares_that_make_no_sense_are_told() {
    let city = City::new();
    city.edit("queries/indicators/pm25.toml", "worst = 35", "worst = 5");
    city.edit("frameworks/air.toml", "partition = \"p12\"", "partition = \"p12\"\nunit_minimum = [3, 2]");
    city.run(&["lint"]).assert_fails(1, &["error[framework-direction]", "`[3, 2]`"]);
}

#[test]
fn a_contract_says_once_where_each_field_stands() {
    let city = City::new();
    city.edit("contracts/air_pm25.toml", "ignore =", "header_rows = 7\nignore =");
    city.edit("contracts/rd_projects.toml", "type = \"unit\"", "type = \"unit\"\nposition = 0");
    city.edit("contracts/population.toml", "type = \"ratio\"", "type = \"ratio\"\nfrom = \"section\"");
    city.edit("contracts/air_pm25.toml", "type = \"unit\"", "type = \"unit\"\nfrom = \"header\"");
    let ran = city.run(&["lint"]);
    ran.assert_fails(
        1,
        &[
            "1 to 4",
            "1 to 1048576, each once",
            "no `section` for a field of type `ratio`",
            "a field with from = \"cell\"",
        ],
    );
}

#[test]
fn rules_that_cannot_be_are_told() {
    let city = City::new();
    let rank = "name = \"good_air_rank\"\nzh = [\"本月/排名\"]\ntype = \"int\"";
    let rules = "scale = \"percent\"\nconstraints = { pattern = \"[0-9\" }";
    city.edit("contracts/air_good_days.toml", rank, &format!("{rank}\n{rules}"));
    let ran = city.run(&["lint"]);
    let places = ["contracts/air_good_days.toml:27", "contracts/air_good_days.toml:28"];
    ran.assert_fails(1, &[places[0], places[1], "unclosed character class", "`int`"]);
}

#[test]
fn unknown_keys_inside_a_field_are_told() {
    let city = City::new();
    let rank = "name = \"good_air_rank\"\nzh = [\"本月/排名\"]\ntype = \"int\"";
    let keys = "constraints = { minimun = 0 }\nmeasure_unti = \"位\"";
    city.edit("contracts/air_good_days.toml", rank, &format!("{rank}\n{keys}"));
    let ran = city.run(&["lint"]);
    let told = ["contracts/air_good_days.toml:27", "did you mean `minimum`?", "did you mean `measure_unit`?"];
    ran.assert_fails(1, &told);
}

#[test]
fn decisions_and_missing_values_can_be_asked() {
    let city = City::new();
    city.run_well();
    let ask = |select: &str| city.run(&["sql", select, "--format", "csv"]).stdout;
    let scales = ask(
        "SELECT DISTINCT what, choice, confidence FROM ingest.decisions WHERE what = 'scale' ORDER BY choice, confidence",
    );
    assert!(scales.contains("scale,percent,"), "{scales}");
    assert_eq!(ask("SELECT reason FROM ingest.missing ORDER BY reason").lines().next(), Some("reason"));
}

#[test]
fn wrong_usage_is_exit_code_two() {
    let city = City::new();
    city.run(&["rnu"]).assert_fails(2, &["rnu"]);
    city.run(&["sql"]).assert_fails(2, &["<QUERY>"]);
    city.run(&["run", "nowhere"]).assert_fails(1, &["nowhere/assessment.toml"]);
}

#[test]
fn findings_are_summed_up_by_delivery_and_rule() {
    let city = City::new();
    let file = "人口.tsv";
    let mut text = String::from("县（市、区）\t年末常住人口\t城镇化率\n");
    for (at, county) in
        ["鹿城区", "龙湾区", "瓯海区", "洞头区", "乐清市", "某某县", "甲县"].iter().enumerate()
    {
        writeln!(text, "{county}\t约定{at}\t50%").unwrap();
    }
    city.write(&format!("extracts/{file}"), &text);
    city.write(
        "extracts/deliveries.toml",
        format!(
            "[[delivery]]\nfile = \"{file}\"\nsha256 = \"{}\"\ncontracts = [\"population\"]\ndepartment = \"tongji\"\n\
             period = \"2021\"\nreceived_on = \"2022-03-01\"\npartition = \"p12\"\nvintage = \"2021\"\n",
            model::Digest::of(&text).hex()
        ),
    );
    let ran = city.run(&["ingest", "--quiet", "--lang", "en"]);
    // Five figures in one group with three places, the hint once.
    let heading = format!("warning[not-a-number] {file} ▸ B2, B3, B4 … (5 in all)");
    assert!(ran.stderr.contains(&heading), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("[not-a-number]").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("约定0") && !ran.stderr.contains("约定4"), "{}", ran.stderr);
    assert!(ran.stderr.contains("[unknown-unit]") && !ran.stderr.contains("警告"), "{}", ran.stderr);
    let json = city.run(&["ingest", "--json", "--quiet"]).json();
    let counted: u64 =
        json["summary"].as_array().unwrap().iter().map(|group| group["count"].as_u64().unwrap()).sum();
    assert_eq!(counted, json["findings"].as_array().unwrap().len() as u64);
    let chinese = city.run(&["ingest", "--quiet", "--lang", "zh"]);
    assert!(!chinese.stderr.contains("warning["), "{}", chinese.stderr);
}

#[test]
fn a_summary_stays_short() {
    let city = City::new();
    let mut deliveries = String::new();
    for number in 1..=25 {
        let text = format!("县（市、区）\t年末常住人口\n鹿城区\t约定{number}\n");
        city.write(&format!("extracts/{number:02}.tsv"), &text);
        write!(
            deliveries,
            "[[delivery]]\nfile = \"{number:02}.tsv\"\nsha256 = \"{}\"\ncontracts = [\"population\"]\ndepartment = \"tongji\"\n\
             period = \"2021\"\nreceived_on = \"2022-03-01\"\npartition = \"p12\"\nvintage = \"2021\"\n\n",
            model::Digest::of(&text).hex()
        )
        .unwrap();
    }
    city.write("extracts/deliveries.toml", deliveries);
    let ran = city.run(&["ingest", "--quiet", "--lang", "en"]);
    assert!(ran.stderr.matches("[not-a-number]").count() <= 20, "{}", ran.stderr);
    assert!(ran.stderr.contains("more in out/findings.parquet"), "{}", ran.stderr);
    let hint = "write digits only";
    assert!(ran.stderr.matches(hint).count() <= 1, "{}", ran.stderr);
}
