//! The same table in two containers gives the same values, each read alone.

use crate::city::City;

fn values(kept: &str, contract: &str) -> String {
    let city = City::new();
    city.keep_deliveries(&[kept]);
    let ran = city.run(&["ingest", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let answer =
        city.run(&["sql", &format!("SELECT * FROM extracts.{contract} ORDER BY _origin"), "--format", "csv"]);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    // The first two columns say where a row came from.
    let lines = answer.stdout.lines().map(|line| line.splitn(3, ',').nth(2).unwrap_or_default().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn workbook_and_web_page() {
    let workbook = values("2021年温州市人口主要数据公报_各县市区.xlsx", "population");
    assert_eq!(workbook.lines().count(), 14);
    assert_eq!(workbook, values("2021年各县市区人口_网页另存.xls", "population"));
}

#[test]
fn workbook_and_unicode_text() {
    let workbook = values("9-6规模以上工业企业RD项目情况2017.xlsx", "rd_projects");
    assert_eq!(workbook.lines().count(), 12);
    assert!(workbook.contains("cangnan_with_longgang,515,2147,1567,425800000"), "{workbook}");
    assert_eq!(workbook, values("9-6规模以上工业企业RD项目情况2017_Unicode文本.csv", "rd_projects"));
}
