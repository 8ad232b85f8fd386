//! Real files, where they are at hand.

use super::*;

#[test]
fn years_across_02() {
    let Some(bytes) = file("02") else { return };
    let outcome = read(&[provinces("money")], &bytes);
    assert_eq!(all(&outcome), ["37 = 31 kept, 3 title, 1 header, 2 note", "589 = 589 kept"]);
    let source = &outcome.sources[0];
    assert_eq!(dated(&source.rows, 0), "2024|北京市|地区生产总值|4967020000000.00");
    assert_eq!(found(source, "2006|新疆"), "2006|新疆维吾尔自治区|地区生产总值|298450000000.00");
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
    assert_eq!(decisions(source), ["value measure_unit 亿元 medium"]);
}

#[test]
fn empty_columns_03() {
    let Some(bytes) = file("03") else { return };
    let outcome = read(&[provinces("ratio")], &bytes);
    let [rows, crossings] = all(&outcome);
    assert!(rows.starts_with("36 = 31 kept") || rows.starts_with("37 = 31 kept"), "{rows}");
    assert!(crossings.starts_with("620 = ") && crossings.ends_with(" blank"), "{crossings}");
    let source = &outcome.sources[0];
    let name = "固定资产投资(不含农户)实际到位资金_比上年增长";
    assert_eq!(found(source, "2024|北京市"), format!("2024|北京市|{name}|-0.04700000"));
    assert!(source.columns.iter().any(|column| column.header_value == "2025" && column.head == 1));
}

#[test]
fn indicators_down_04_05() {
    let place = "place string from = \"above\", zh = [\"地区\"], required = true";
    let contract = indicators(&["period period from = \"header\"", place]);
    let (Some(xls), Some(csv)) = (file("04"), file("05")) else { return };
    let [xls, csv] = [xls, csv].map(|bytes| read(std::slice::from_ref(&contract), &bytes));
    for outcome in [&xls, &csv] {
        let [rows, crossings] = all(outcome);
        assert!(rows.contains(" = 13 kept, 3 title, 1 header, 1 note"), "{rows}");
        assert!(crossings.starts_with("260 = "), "{crossings}");
    }
    assert_eq!(rows(&xls.sources[0]), rows(&csv.sources[0]));
    let source = &xls.sources[0];
    assert_eq!(dated(&source.rows, 0), "2019|房地产开发投资额|元|423138000000.000000|上海");
    let area = found(source, "2000|房地产开发企业土地开发面积|");
    assert_eq!(area, "2000|房地产开发企业土地开发面积|平方米|1655800.000000|上海");
}

#[test]
fn merged_labels_without_header_06() {
    let contract = table(
        "",
        &[
            "number int position = 1",
            "indicator string position = 2",
            "province string position = 4",
            "period period from = \"header\"",
            "value money from = \"cell\", measure_unit = \"亿元\"",
        ],
    );
    let Some(bytes) = file("06") else { return };
    let outcome = read(&[contract], &bytes);
    let [rows, crossings] = all(&outcome);
    assert_eq!(rows, "63 = 62 kept, 1 header");
    assert!(crossings.starts_with("1240 = "), "{crossings}");
    let source = &outcome.sources[0];
    let name = "一般公共预算支出（亿元）i";
    assert_eq!(found(source, "2007|1|"), format!("2007|1|{name}|北京|164950000000.00"));
    assert_eq!(found(source, "2024|3|"), format!("2024|3|{name}|河北|1032672000000.00"));
    assert_eq!(found(source, "2005|61|"), "2005|61|财政支出（亿元）i|宁夏|16025000000.00");
}

#[test]
fn on_its_side_07() {
    let contract = table(
        "orientation = \"columns\"\nsheet = \"Sheet1\"",
        &[
            "indicator string zh = [\"指标\"], required = true",
            "region string zh = [\"地区\"]",
            "rhythm string zh = [\"频度\"]",
            "measure string from = \"measure_unit\", zh = [\"单位\"]",
            "period month from = \"header\"",
            "value decimal from = \"cell\"",
        ],
    );
    let Some(bytes) = file("07") else { return };
    let outcome = read(&[contract], &bytes);
    let [rows, crossings] = all(&outcome);
    assert_eq!(rows, "27 = 26 kept, 1 header");
    assert!(crossings.starts_with("624 = "), "{crossings}");
    let source = &outcome.sources[0];
    assert_eq!(found(source, "2018-06|GDP_累计|"), "2018-06|GDP_累计|全国|季|元|42599790000000.000000");
    let value = source.columns.iter().find(|column| column.header_value == "2018-06").unwrap();
    assert_eq!((value.column, value.head), (6, 2));
    assert_eq!(line_of(origins_of_rows(source).next().unwrap()), 2);
}

#[test]
fn months_across_08() {
    let Some(bytes) = file("08") else { return };
    let outcome = read(&[indicators(&["period month from = \"header\""])], &bytes);
    assert_eq!(all(&outcome), ["15 = 10 kept, 2 title, 1 header, 2 note", "360 = 360 kept"]);
    let source = &outcome.sources[0];
    let first = "2020-04|工业生产者购进价格指数(上年同月=100)|NULL|96.200000";
    assert_eq!(dated(&source.rows, 0), first);
    assert_eq!(
        found(source, "2017-05|纺织原料类"),
        "2017-05|纺织原料类购进价格指数(上年同月=100)|NULL|104.900000"
    );
}

#[test]
fn an_empty_month_17() {
    let Some(bytes) = file("17") else { return };
    let contract = table(
        "",
        &["region string zh = [\"地区\"]", "period month from = \"header\"", "value decimal from = \"cell\""],
    );
    let outcome = read(&[contract], &bytes);
    assert_eq!(all(&outcome), ["37 = 31 kept, 3 title, 1 header, 2 note", "93 = 62 kept, 31 blank"]);
    assert_eq!(dated(&outcome.sources[0].rows, 0), "2020-02|北京市|103.600000");
}

#[test]
fn october_22() {
    let Some(bytes) = file("22") else { return };
    let contract = table(
        "",
        &[
            "province string zh = [\"省份\"]",
            "period month from = \"header\"",
            "value decimal from = \"cell\"",
        ],
    );
    let outcome = read(&[contract], &bytes);
    let [rows, crossings] = all(&outcome);
    assert_eq!((rows.as_str(), crossings.as_str()), ("32 = 31 kept, 1 header", "1488 = 1488 kept"));
    let source = &outcome.sources[0];
    assert_eq!(found(source, "2016-10|浙江"), "2016-10|浙江|103.900000");
    assert_eq!(found(source, "2016-01|浙江"), "2016-01|浙江|104.641900");
    assert_eq!(found(source, "2017-10|浙江"), "2017-10|浙江|100.344400");
    assert_eq!(decisions(source), ["period point_one october high"]);
}

#[test]
fn indicators_across_23() {
    let Some(bytes) = file("23") else { return };
    let contract = table(
        "",
        &[
            "period period zh = [\"\"]",
            "group string from = \"header\"",
            "people int from = \"cell\", measure_unit = \"万人\"",
        ],
    );
    let outcome = read(&[contract], &bytes);
    assert_eq!(all(&outcome), ["38 = 37 kept, 1 header", "185 = 185 kept"]);
    let source = &outcome.sources[0];
    assert_eq!(dated(&source.rows, 0), "1978|乡村人口|790140000");
    assert_eq!(found(source, "1980|年末总人口"), "1980|年末总人口|987050000");
}
