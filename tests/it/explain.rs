//! `mantianxing explain` and `lineage`: a figure leads to cells that hold the text it prints, read back with another
//! library; names are taken as people type them; nothing is guessed.

use std::path::Path;

use calamine::{Data, Reader as _};
use serde_json::Value as Json;

use crate::city::City;

/// The text of a cell of a workbook.
fn cell(path: &Path, sheet: &str, cell: &str) -> String {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    let column = letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    let row: u32 = cell[letters.len()..].parse().unwrap();
    match range.get_value((row - 1, column - 1)).unwrap() {
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

fn cells(explained: &Json) -> Vec<(&Json, &Json)> {
    let mut all = Vec::new();
    for part in explained["parts"].as_array().unwrap() {
        for group in part["groups"].as_array().unwrap() {
            for row in group["rows"].as_array().unwrap() {
                all.extend(row["cells"].as_array().unwrap().iter().map(|cell| (row, cell)));
            }
        }
    }
    all
}

#[test]
fn a_figure_leads_to_cells_that_hold_what_is_printed() {
    let city = City::new();
    city.run_well();
    let explained = city.run(&["explain", "pm25", "鹿城", "--json"]).json();
    assert_eq!(explained["unit"], "lucheng");
    assert_eq!(explained["figure"]["status"], "ok");
    let mut compared = 0;
    for (row, found) in cells(&explained) {
        let (Some(place), Some(raw)) = (found["cell"].as_str(), found["raw"].as_str()) else { continue };
        let file = row["file"].as_str().unwrap();
        let path = city.path("extracts").join(file);
        assert_eq!(cell(&path, row["sheet"].as_str().unwrap(), place), raw, "{file} {place}");
        compared += 1;
    }
    assert!(compared >= 2, "{explained}");
    let air = &explained["frameworks"][0];
    assert_eq!(air["framework"], "air");
    let told = city
        .run(&[
            "sql",
            "SELECT score, contribution FROM air.contributions \
        WHERE indicator = 'pm25' AND unit = 'lucheng' ORDER BY score",
            "--format",
            "json",
        ])
        .json();
    assert_eq!((&air["score"], &air["contribution"]), (&told[0]["score"], &told[0]["contribution"]));
}

#[test]
fn a_figure_made_by_another_query_is_not_explained() {
    let city = City::new();
    city.run_well();
    city.edit("queries/indicators/pm25.sql", "SELECT", "-- a remark\nSELECT");
    assert_eq!(city.run(&["explain", "pm25", "鹿城"]).code, Some(0));
    city.edit("queries/indicators/pm25.sql", "s.pm25 IS NULL", "s.pm25 < 0");
    city.run(&["explain", "pm25", "鹿城"]).assert_fails(1, &["not-up-to-date", "indicators.pm25"]);
}

#[test]
fn names_are_taken_as_typed_or_told_with_what_is_near() {
    let city = City::new();
    city.run_well();
    for name in ["lucheng", "鹿城区", "鹿城"] {
        let ran = city.run(&["explain", "pm25", name]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains("鹿城区") && ran.stdout.contains("计入"), "{}", ran.stdout);
    }
    city.run(&["explain", "pm52", "鹿城"]).assert_fails(1, &["unknown-name", "pm25"]);
    city.run(&["explain", "pm25", "鹿成区"]).assert_fails(1, &["unknown-name", "鹿城区"]);
    city.run(&["explain", "pm25", "鹿城", "1999"]).assert_fails(1, &["no-figure", "1999"]);
    city.run(&["explain", "pm25", "杭州"])
        .assert_fails(1, &["no-such-unit", "鹿城区 lucheng", "龙港市 longgang"]);
    city.run(&["explain", "zzzz", "鹿城"]).assert_fails(1, &["no-such-indicator", "reference.indicators"]);
    city.run(&["explain", "人口", "鹿城"]).assert_fails(1, &["unknown-name", "resident_population"]);
    city.run(&["lineage", "pm52"]).assert_fails(1, &["unknown-name", "pm25"]);
}

#[test]
fn the_page_is_of_one_language_where_one_is_asked() {
    let city = City::new();
    city.run_well();
    let zh = city.run(&["explain", "pm25", "鹿城", "--lang", "zh"]).stdout;
    for text in
        ["【读法】", "单元格 “报送的原文” → 读取后的值", "文件在 extracts", "queries/indicators/pm25.sql"]
    {
        assert!(zh.contains(text), "`{text}` is not in:\n{zh}");
    }
    assert!(!zh.contains("counted") && !zh.contains("value"), "{zh}");
    let en = city.run(&["explain", "pm25", "鹿城", "--lang", "en"]).stdout;
    for text in ["【how to read the rows】", "counted:", "files are in extracts"] {
        assert!(en.contains(text), "`{text}` is not in:\n{en}");
    }
    assert!(!en.contains("计入") && !en.contains("数值"), "{en}");
}

#[test]
fn a_figure_that_is_not_there_says_what_was_not_delivered() {
    let city = City::invented();
    for stage in
        [&["ingest", "--quiet"][..], &["assess", "--quiet", "+indicators.p5_04", "+indicators.em_03"]]
    {
        let ran = city.run(stage);
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    }
    // Three counties were sent, and this one is not of them.
    let absent = city.run(&["explain", "p5_04", "摇光县", "2024", "--json"]).json();
    let supply = &absent["absence"]["supplies"][0];
    assert_eq!((&supply["contract"], &supply["rows_of_unit"]), (&Json::from("sme_loan"), &Json::from(0)));
    assert!(supply["rows"].as_u64().unwrap() > 0, "{absent}");
    assert!(supply["lacking"].as_array().unwrap().contains(&Json::from("2024-08")), "{absent}");
    assert!(!supply["lacking"].as_array().unwrap().contains(&Json::from("2024-12")), "{absent}");
    let zone = city.run(&["explain", "p5_04", "nandou", "2024", "--json"]).json();
    assert_eq!(zone["absence"]["by_design"], true);
    city.run(&["explain", "p5_04", "星州市"]).assert_fails(1, &["unit-not-assessed", "天璇区"]);

    // What a correction replaced is told with its cells, and each part with the columns it is made of.
    let corrected = city.run(&["explain", "em_03", "天璇", "2023", "--json"]).json();
    assert_eq!(corrected["absence"], Json::Null);
    let replaced = &corrected["superseded"][0];
    assert_eq!(replaced["file"], "county_base/县域基本情况2023.xls");
    assert_eq!(replaced["by"], "county_base/县域基本情况2023（更正）.xls");
    let cell = &replaced["rows"][0]["cells"][0];
    assert_eq!((&cell["used_as"], &cell["measure_unit"]), (&Json::from("value"), &Json::from("万人")));
    let counted = &corrected["parts"][1]["groups"][0];
    assert_eq!(
        (&corrected["parts"][1]["part"], &counted["role"]),
        (&Json::from("denominator"), &Json::from("counted"))
    );
    let cell = &counted["rows"][0]["cells"][0];
    let number = |name: &str| cell[name].as_str().unwrap().parse::<f64>().unwrap();
    assert!((number("raw") * number("factor") - number("value")).abs() < 1e-6, "{cell}");
    assert_eq!(cell["value"], corrected["figure"]["denominator"]);
}

#[test]
fn lineage_names_contracts_and_columns() {
    let city = City::new();
    city.run_well();
    let found = city.run(&["lineage", "pm25", "--json"]).json();
    assert_eq!(found["value"][0]["table"], "extracts.air_pm25");
    assert!(
        found["queries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|file| file.as_str().unwrap().ends_with("air_pm25.sql"))
    );
    assert!(city.run(&["lineage", "pm25"]).stdout.contains("air_pm25"));
}
