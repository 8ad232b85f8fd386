//! Every sheet row is accounted for, on every source; the expected numbers were counted by hand.

use serde_json::json;

use crate::city::City;

#[test]
fn rows_are_accounted_for_as_counted_by_hand() {
    let city = City::new();
    let sources = city.run_well().json()["sources"].clone();
    let told: Vec<_> = sources
        .as_array()
        .unwrap()
        .iter()
        .map(|source| json!([source["contract"], source["sheet_rows"], source["rows"]]))
        .collect();
    let expected = [
        json!(["population", 17, {"kept": 13, "title": 2, "header": 1, "total": 1}]),
        json!(["population", 16, {"duplicate": 13, "title": 1, "header": 1, "total": 1}]),
        json!(["rd_projects", 31, {"kept": 11, "title": 1, "header": 2, "section": 3, "out_of_scope": 13, "total": 1}]),
        json!(["rd_projects", 31, {"duplicate": 11, "title": 1, "header": 2, "section": 3, "out_of_scope": 13, "total": 1}]),
        // The sheet of 35 rows holds two tables: 18 + 17.
        json!(["air_good_days", 18, {"kept": 12, "title": 2, "header": 2, "mean": 1, "blank": 1}]),
        json!(["air_pm25", 17, {"kept": 12, "title": 1, "header": 2, "mean": 1, "note": 1}]),
    ];
    assert_eq!(told, expected);
    for source in sources.as_array().unwrap() {
        let rows = source["rows"].as_object().unwrap().values().map(|count| count.as_u64().unwrap());
        assert_eq!(rows.sum::<u64>(), source["sheet_rows"].as_u64().unwrap());
    }
}

#[test]
fn every_figure_counts_once() {
    let city = City::new();
    city.run_well();
    let sql = "SELECT count(*) AS n, sum(resident_population) AS people FROM extracts.population WHERE _of_which IS NULL";
    assert_eq!(city.run(&["sql", sql, "--format", "csv"]).stdout, "n,people\n12,9645000\n");
    let sql =
        "SELECT unit, _of_which, resident_population FROM extracts.population WHERE _of_which IS NOT NULL";
    let of_which = city.run(&["sql", sql, "--format", "csv"]).stdout;
    assert_eq!(of_which, "unit,_of_which,resident_population\nzhenan,longwan,253100\n");
}

#[test]
fn a_delivery_that_contradicts_itself_gives_nothing_for_that_county() {
    let city = City::new();
    city.keep_deliveries(&["9-6规模以上工业企业RD项目情况2017_Unicode文本.csv"]);
    let file = "9-6规模以上工业企业RD项目情况2017_Unicode文本.csv";
    let bytes = std::fs::read(city.path(&format!("extracts/{file}"))).unwrap();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let again = utf_16("\r\n泰顺县\t48\t231\t173\t4143\r\n");
    city.redeliver(file, &[bytes, again].concat());
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    let rows = ran.json()["sources"][0]["rows"].clone();
    assert_eq!((&rows["kept"], &rows["rejected"]), (&json!(10), &json!(2)), "{rows}");
    let codes: Vec<String> = ran.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].to_string())
        .collect();
    assert_eq!(codes.iter().filter(|code| *code == "\"conflicting-row\"").count(), 2, "{codes:?}");
}

#[test]
fn a_later_delivery_replaces_and_says_so() {
    let city = City::new();
    let web_page = city.change_a_figure();
    let ran = city.run_well();
    let rows = |source: usize, kind: &str| ran.json()["sources"][source]["rows"][kind].as_u64().unwrap_or(0);
    assert_eq!(
        (rows(0, "kept"), rows(0, "superseded"), rows(1, "kept"), rows(1, "duplicate")),
        (12, 1, 1, 12)
    );
    let findings = ran.json()["findings"].clone();
    assert_eq!(findings[0]["code"], "conflicting-delivery");
    assert_eq!(findings[0]["place"], "2021年温州市人口主要数据公报_各县市区.xlsx ▸ 2021 ▸ 5");

    // Said in the list, it is no finding.
    let entry = format!("file = \"{web_page}\"");
    let supersedes = format!("{entry}\nsupersedes = [\"2021年温州市人口主要数据公报_各县市区.xlsx\"]");
    city.edit("extracts/deliveries.toml", &entry, &supersedes);
    assert_eq!(city.run_well().json()["findings"], json!([]));
}

#[test]
fn moving_the_cut_off_changes_what_stands_and_back() {
    let city = City::new();
    city.keep_deliveries(&["2021年温州市人口主要数据公报_各县市区.xlsx", "2021年各县市区人口_网页另存.xls"]);
    let web_page = city.change_a_figure();
    let list = city.read("extracts/deliveries.toml");
    let of_page = list.split("[[delivery]]").find(|entry| entry.contains(web_page)).unwrap();
    let received = of_page.lines().find(|line| line.starts_with("received_on")).unwrap();
    let later = of_page.replace(received, "received_on = \"2026-12-01\"");
    city.write("extracts/deliveries.toml", list.replace(of_page, &later));
    let figure = || {
        let sql = "SELECT resident_population FROM extracts.population WHERE unit = 'lucheng'";
        city.run(&["sql", sql, "--format", "csv"]).stdout
    };
    let ingest = || city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ingest().code, Some(0));
    assert_eq!(figure(), "resident_population\n1189600\n");

    city.edit("assessment.toml", "[edition]\n", "[edition]\ndata_cut_off = \"2026-11-30\"\n");
    let ran = ingest();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // The delivery itself is not read again: what is decided of its rows is.
    let steps = ran.steps_that_ran();
    assert!(!steps.iter().any(|step| step.starts_with("delivery ")), "{steps:?}");
    assert_eq!(figure(), "resident_population\n1189500\n");
    let json = ran.json();
    assert_eq!(json["sources"][1]["rows"]["late"], 13, "{json}");
    assert_eq!(json["sources"][0]["rows"]["kept"], 13, "{json}");
    let told =
        json["findings"].as_array().unwrap().iter().any(|told| told["code"] == "delivery-after-cut-off");
    assert!(told, "{json}");
    let sql = "SELECT number FROM reference.deliveries WHERE NOT in_edition";
    assert_eq!(city.run(&["sql", sql, "--format", "csv"]).stdout, "number\n2\n");

    city.edit("assessment.toml", "2026-11-30", "2026-12-01");
    assert_eq!(ingest().code, Some(0));
    assert_eq!(figure(), "resident_population\n1189600\n");
    city.edit("assessment.toml", "2026-12-01", "2026-12-32");
    city.run(&["ingest"]).assert_fails(1, &["assessment.toml", "data_cut_off", "2026-12-32", "YYYY-MM-DD"]);
}

/// A contract of a wide table: counties down, years across.
const WIDE: &str = "id = \"output\"
title_zh = \"各县产值\"
department = \"tongji\"
row = \"one county, one year\"
key = [\"unit\", \"period\"]

[[field]]
name = \"unit\"
zh = [\"地区\"]
type = \"unit\"

[[field]]
name = \"period\"
type = \"period\"
from = \"header\"

[[field]]
name = \"output\"
type = \"money\"
measure_unit = \"亿元\"
from = \"cell\"
";

/// Lists a text file of the wide contract.
fn deliver(city: &City, file: &str, text: &str, more: &str) {
    city.write(&format!("extracts/{file}"), text);
    let list = city.read("extracts/deliveries.toml");
    let digest = model::Digest::of(text.as_bytes()).hex();
    let entry = format!(
        "{list}\n[[delivery]]\nfile = \"{file}\"\nsha256 = \"{digest}\"\ncontracts = [\"output\"]\n\
         department = \"tongji\"\nperiod = \"2024\"\nreceived_on = \"2025-01-10\"\npartition = \"p12\"\n\
         vintage = \"2024\"\n{more}\n"
    );
    city.write("extracts/deliveries.toml", entry);
}

#[test]
fn crossings_of_wide_tables_are_accounted_for_too() {
    let city = City::new();
    city.keep_deliveries(&["9-6规模以上工业企业RD项目情况2017.xlsx"]);
    city.write("contracts/output.toml", WIDE);
    let head = "指标：产值(亿元)\n地区,2024年,2023年,2022年\n";
    let first =
        format!("{head}鹿城区,1,2,3\n龙湾区,4,5,\n瓯海区,7,八,9\n某某区,1,,1\n洞头区,,,\n合计,12,,\n");
    // 鹿城区 as before, 龙湾区 all other, 瓯海区 one other.
    let second = format!("{head}鹿城区,1,2,3\n龙湾区,40,50,\n瓯海区,7,8,9\n");
    deliver(&city, "产值.csv", &first, "");
    deliver(&city, "产值（更正）.csv", &second, "supersedes = [\"产值.csv\"]");
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    let sources = ran.json()["sources"].clone();
    let told: Vec<_> = sources
        .as_array()
        .unwrap()
        .iter()
        .filter(|source| source["contract"] == "output")
        .map(|source| json!([source["file"], source["counted"], source["sheet_rows"], source["rows"]]))
        .collect();
    let expected = [
        // Of 瓯海区 two years stand, so its row does; of 龙湾区 none.
        json!(["产值.csv", "rows", 8, {"kept": 2, "rejected": 1, "superseded": 1, "title": 1, "header": 1, "total": 1, "blank": 1}]),
        json!(["产值.csv", "cells", 15, {"kept": 5, "rejected": 2, "superseded": 3, "blank": 5}]),
        json!(["产值（更正）.csv", "rows", 5, {"kept": 2, "duplicate": 1, "title": 1, "header": 1}]),
        json!(["产值（更正）.csv", "cells", 9, {"kept": 3, "duplicate": 5, "blank": 1}]),
    ];
    assert_eq!(told, expected, "{}", ran.stdout);
    let ask = |sql: &str| city.run(&["sql", sql, "--format", "csv"]).stdout;
    let rows = ask("SELECT unit, period, output FROM extracts.output ORDER BY unit, period");
    let expected = "unit,period,output\nlongwan,2023,5000000000\nlongwan,2024,4000000000\n\
                    lucheng,2022,300000000\nlucheng,2023,200000000\nlucheng,2024,100000000\n\
                    ouhai,2022,900000000\nouhai,2023,800000000\nouhai,2024,700000000\n";
    assert_eq!(rows, expected);
    // Each row leads to its cell: by source, header value, and line.
    let cell = ask(
        "SELECT c.\"column\", c.header, c.header_value, c.period, e._origin % 2097152 AS line FROM extracts.output AS e \
         JOIN ingest.cells AS c ON c.source * 4294967296 = e._origin - e._origin % 4294967296 \
         AND c.head * 2097152 = e._origin % 4294967296 - e._origin % 2097152 \
         WHERE e.unit = 'ouhai' AND e.period = '2022' AND c.field = 'output'",
    );
    assert_eq!(cell, "column,header,header_value,period,line\n4,2022年,2022,2022,5\n");
    let closed =
        ask("SELECT source, counted, max(sheet_rows) AS n FROM ingest.accounting WHERE source IS NOT NULL \
         GROUP BY source, counted HAVING sum(rows) <> max(sheet_rows)");
    assert_eq!(closed, "source,counted,n\n");
}

#[test]
fn nothing_supersedes_itself_or_what_comes_after_it() {
    let city = City::new();
    let entry = "file = \"2021年温州市人口主要数据公报_各县市区.xlsx\"";
    for other in ["2021年温州市人口主要数据公报_各县市区.xlsx", "2021年各县市区人口_网页另存.xls"]
    {
        let superseding = format!("{entry}\nsupersedes = [\"{other}\"]");
        city.edit("extracts/deliveries.toml", entry, &superseding);
        city.run(&["lint"])
            .assert_fails(1, &["[wrong-value]", "extracts/deliveries.toml:5", "listed above it"]);
        city.edit("extracts/deliveries.toml", &superseding, entry);
    }
}
