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
