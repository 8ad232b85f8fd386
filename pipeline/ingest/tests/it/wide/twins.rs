//! Small twins of real files.

use super::*;

#[test]
fn twin_of_years_across() {
    let text = "数据库：分省年度数据\n指标：生产总值(亿元)\n时间：最近3年\n地区,2024年,2023年,备注\n\
                甲省,49670.2,47353.7,\n乙省,,-4.7,快报\n丙省,—,,\n注：快报数\n数据来源：统计局\n";
    let outcome = read(&[provinces("money")], text.as_bytes());
    assert_eq!(all(&outcome), ["9 = 3 kept, 3 title, 1 header, 2 note", "6 = 4 kept, 2 blank"]);
    let source = &outcome.sources[0];
    let expected = [
        "2024|甲省|生产总值|4967020000000.00",
        "2023|甲省|生产总值|4735370000000.00",
        "2023|乙省|生产总值|-470000000.00",
        "2024|丙省|生产总值|NULL",
    ];
    assert_eq!(rows(source), expected);
    assert_eq!(codes(&outcome), ["unknown-column"]);
    let told = &source.missing[0];
    assert_eq!((told.origin, told.reason), (origins_of_rows(source).nth(3).unwrap(), "not_applicable"));
    let heads: Vec<u32> = origins_of_rows(source).map(ingest::head_of).collect();
    assert_eq!(heads, [1, 2, 2, 1]);
}

#[test]
fn two_declared_units_declare_none() {
    let text = "指标：生产总值(亿元)\n另：人口(万人)\n地区,2024年,2023年\n甲省,2,1\n";
    let outcome = read(&[provinces("money")], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[0], "2024|甲省|生产总值|2.00");
}

#[test]
fn twin_of_indicators_down() {
    let text = "地区：,上海\n指标,2024年,2023年\n投资额(亿元),1.5,1\n施工面积(万平方米),2,\n\
                价格指数(上年=100),101.2,99\n标准煤(万吨标准煤),3,4\n增速(%),5.5,-1\n";
    let place = "place string from = \"above\", zh = [\"地区\"], required = true";
    let contract = indicators(&["period period from = \"header\"", place]);
    let outcome = read(&[contract], text.as_bytes());
    let expected = [
        "2024|投资额|元|150000000.000000|上海",
        "2023|投资额|元|100000000.000000|上海",
        "2024|施工面积|平方米|20000.000000|上海",
        "2024|价格指数(上年=100)|NULL|101.200000|上海",
        "2023|价格指数(上年=100)|NULL|99.000000|上海",
        "2024|标准煤(万吨标准煤)|NULL|3.000000|上海",
        "2023|标准煤(万吨标准煤)|NULL|4.000000|上海",
        "2024|增速|1|0.055000|上海",
        "2023|增速|1|-0.010000|上海",
    ];
    assert_eq!(rows(&outcome.sources[0]), expected);
    assert_eq!(crossings(&outcome.sources[0]), "10 = 9 kept, 1 blank");
}

#[test]
fn a_unit_column_with_units_nobody_knows() {
    let contract = table(
        "",
        &[
            "indicator string zh = [\"指标\"]",
            "measure string from = \"measure_unit\", zh = [\"计量单位\"]",
            "period period from = \"header\"",
            "value decimal from = \"cell\"",
        ],
    );
    let text = "指标,计量单位,2024年,2023年\n产值,亿元,1,2\n能耗,吨标准煤,3,4\n指数,-,5,6\n";
    let outcome = read(&[contract], text.as_bytes());
    let expected =
        ["2024|产值|元|100000000.000000", "2023|产值|元|200000000.000000", "2024|能耗|吨标准煤|3.000000"];
    assert_eq!(rows(&outcome.sources[0])[..3], expected);
    assert_eq!(rows(&outcome.sources[0])[4], "2024|指数|NULL|5.000000");
    assert_eq!(codes(&outcome), ["measure-unit-unknown"]);
}

#[test]
fn a_row_in_another_measure_has_no_figure() {
    let mut contract = indicators(&["period period from = \"header\""]);
    contract.field[2].measure_unit = Some("元".to_owned());
    let text = "指标,2024年,2023年\n投资额(亿元),1,2\n施工面积(平方米),3,\n";
    let outcome = read(&[contract], text.as_bytes());
    let rows = rows(&outcome.sources[0]);
    assert_eq!((rows.len(), rows[2].as_str()), (3, "2024|施工面积|平方米|NULL"));
    assert_eq!(codes(&outcome), ["row-measure-unfit"]);
    assert_eq!(outcome.sources[0].missing[0].reason, "unreadable");
}

#[test]
fn twin_of_merged_labels_without_header() {
    let lines = [
        line(1, "", &["", "", "", "", "2005", "2006"]),
        line(2, "", &["1", "支出（亿元）i", "", "北京", "1.5", "2"]),
        line(3, "", &["2", "", "支出（亿元）i", "天津", "3", ""]),
        line(4, "", &["3", "收入（亿元）i", "", "北京", "4", "5"]),
        line(5, "", &["4", "", "收入（亿元）i", "天津", "", ""]),
    ];
    let merges = "<mergeCells><mergeCell ref=\"B2:B3\"/><mergeCell ref=\"B4:B5\"/></mergeCells>";
    let sheet = format!("<sheetData>{}</sheetData>{merges}", lines.concat());
    let contract = table(
        "",
        &[
            "indicator string position = 2",
            "measure string from = \"measure_unit\"",
            "province string position = 4",
            "period period from = \"header\"",
            "value decimal from = \"cell\"",
        ],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(all(&outcome), ["5 = 3 kept, 1 header, 1 blank", "8 = 5 kept, 3 blank"]);
    let expected = [
        "2005|支出|元|北京|150000000.000000",
        "2006|支出|元|北京|200000000.000000",
        "2005|支出|元|天津|300000000.000000",
        "2005|收入|元|北京|400000000.000000",
        "2006|收入|元|北京|500000000.000000",
    ];
    assert_eq!(rows(&outcome.sources[0]), expected);
}

#[test]
fn twin_of_a_table_on_its_side() {
    let lines = [
        line(1, "", &["指标", "产值", "产值", "能耗", "从业人员"]),
        line(2, "", &["地区", "鹿城区", "龙弯市", "鹿城区", "鹿城区"]),
        line(3, "hidden=\"1\"", &["内部", "1", "1", "1", "1"]),
        line(4, "", &["单位", "亿元", "亿元", "吨", "人"]),
        line(5, "", &["2018-05", "1", "2", "", "多少"]),
        line(6, "", &["2018-06", "3", "4", "5", "6"]),
    ];
    let columns = "<cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols>";
    let sheet = format!("{columns}<sheetData>{}</sheetData>", lines.concat());
    let contract = table(
        "orientation = \"columns\"",
        &[
            "indicator string zh = [\"指标\"], required = true",
            "unit unit zh = [\"地区\"]",
            "measure string from = \"measure_unit\", zh = [\"单位\"]",
            "period month from = \"header\"",
            "value decimal from = \"cell\"",
        ],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(all(&outcome), ["5 = 2 kept, 1 rejected, 1 header, 1 hidden", "6 = 4 kept, 2 rejected"]);
    let source = &outcome.sources[0];
    let expected = [
        "2018-05|产值|lucheng|元|100000000.000000",
        "2018-06|产值|lucheng|元|300000000.000000",
        "2018-05|从业人员|lucheng|人|NULL",
        "2018-06|从业人员|lucheng|人|6.000000",
    ];
    assert_eq!(rows(source), expected);
    let places: Vec<String> =
        outcome.findings.iter().map(|finding| format!("{} {}", finding.cell(), finding.code)).collect();
    assert_eq!(places, [" hidden-columns", "C2 unknown-unit", "3 hidden-rows", "E5 not-a-number"]);
    assert_eq!(source.orientation.name(), "columns");
    let cells = ingest::cells_batch(&[source]);
    let numbers = |name: &str| {
        let column = cells.column_by_name(name).unwrap();
        let column = column.as_primitive::<arrow::datatypes::Int32Type>();
        column.iter().map(|number| number.map_or(0, |number| number)).collect::<Vec<_>>()
    };
    assert_eq!((numbers("column"), numbers("row")), (vec![0; 5], vec![1, 2, 4, 5, 6]));
}
