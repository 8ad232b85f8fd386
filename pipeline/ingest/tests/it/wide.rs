//! Wide tables and tables on their side: in each real file of that kind, and in small twins of its traps, so that the
//! traps are tested where the files are not at hand.

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use ingest::{Outcome, Source, line_of};
use model::Contract;

use crate::common::{codes, contract, line, read, row, xlsx};
use crate::messy::file;

/// The fields of a contract, each as `name type more`.
pub(crate) fn table(keys: &str, fields: &[&str]) -> Contract {
    let mut text = format!("{keys}\n");
    for field in fields {
        let mut words = field.splitn(3, ' ');
        let (name, kind) = (words.next().unwrap(), words.next().unwrap());
        let more = words.next().unwrap_or_default().replace(", ", "\n");
        text += &format!("[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\n{more}\n");
    }
    contract(&text)
}

/// What became of the crossings of a source, in words; it must close, and every row has an origin of its own.
fn crossings(source: &Source) -> String {
    let crossings = source.crossings.as_ref().unwrap();
    assert!(crossings.closes() && source.accounting.closes());
    for (counted, written) in source.counted_and_written() {
        assert_eq!(counted, written);
    }
    let mut origins: Vec<i64> = origins(&source.rows).chain(origins(&source.rejects)).collect();
    let all = origins.len();
    origins.sort_unstable();
    origins.dedup();
    assert_eq!(origins.len(), all);
    let kinds = crossings.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", crossings.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

fn origins(batch: &RecordBatch) -> impl Iterator<Item = i64> + '_ {
    let column = batch.column(0).as_primitive::<Int64Type>();
    (0..batch.num_rows()).map(|row| column.value(row))
}

fn origins_of_rows(source: &Source) -> impl Iterator<Item = i64> + '_ {
    origins(&source.rows)
}

/// The accounts of the only source: its rows, then its crossings.
fn all(outcome: &Outcome) -> [String; 2] {
    assert_eq!(outcome.sources.len(), 1, "{:?}", outcome.findings);
    let source = &outcome.sources[0];
    let kinds = source.accounting.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    let rows = format!("{} = {}", source.accounting.sheet_rows, kinds.collect::<Vec<_>>().join(", "));
    [rows, crossings(source)]
}

/// The period of a row and the values of its fields.
fn dated(batch: &RecordBatch, at: usize) -> String {
    let period = batch.column_by_name("period").unwrap().as_string::<i32>().value(at).to_owned();
    format!("{period}|{}", row(batch, at))
}

/// Every row of a source.
fn rows(source: &Source) -> Vec<String> {
    (0..source.rows.num_rows()).map(|at| dated(&source.rows, at)).collect()
}

/// The row with this period and these first values.
fn found(source: &Source, start: &str) -> String {
    let mut found = rows(source).into_iter().filter(|row| row.starts_with(start));
    let row = found.next().unwrap();
    assert_eq!(found.next(), None);
    row
}

fn decisions(source: &Source) -> Vec<String> {
    let told = source.decisions.iter();
    told.map(|decision| {
        format!("{} {} {} {}", decision.field, decision.what, decision.choice, decision.confidence)
    })
    .collect()
}

/// Indicators above, counties down, years across.
fn provinces(measure: &str) -> Contract {
    table(
        "",
        &[
            "region string zh = [\"地区\"], required = true",
            "indicator string from = \"above\", zh = [\"指标\"]",
            "period period from = \"header\"",
            &format!("value {measure} from = \"cell\""),
        ],
    )
}

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

/// Indicators with their units down, years across, for one place.
fn indicators(more: &[&str]) -> Contract {
    let mut fields = vec![
        "indicator string zh = [\"指标\"], required = true",
        "measure string from = \"measure_unit\"",
        "value decimal from = \"cell\"",
    ];
    fields.extend(more);
    table("", &fields)
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

#[test]
fn two_levels_and_what_is_wrong_in_them() {
    let lines = [
        line(1, "", &["地区", "2024年", "", "2023年", "", "2023"]),
        line(2, "", &["", "户数", "余额(万元)", "户数", "余额(亿元)", "户数"]),
        line(3, "", &["鹿城区", "10", "1.5", "9", "", "7"]),
        line(4, "", &["龙湾区", "x", "2", "", "3", "7"]),
        line(5, "", &["某某市", "1", "", "", "", "7"]),
        line(6, "", &["瓯海区", "", "", "5", "—", "7"]),
    ];
    let merges = "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/></mergeCells>";
    let sheet = format!("<sheetData>{}</sheetData>{merges}", lines.concat());
    let contract = table(
        "",
        &[
            "unit unit zh = [\"地区\"]",
            "period period from = \"header\"",
            "count int zh = [\"户数\"], from = \"cell\", required = true",
            "loans money zh = [\"余额\"], from = \"cell\"",
        ],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(all(&outcome), ["6 = 2 kept, 2 rejected, 2 header", "8 = 3 kept, 3 rejected, 2 blank"]);
    let source = &outcome.sources[0];
    let expected = ["2024|lucheng|10|15000.00", "2023|lucheng|9|NULL", "2023|ouhai|5|NULL"];
    assert_eq!(rows(source), expected);
    let mut codes = codes(&outcome);
    codes.sort_unstable();
    let expected = [
        "ambiguous-column",
        "not-a-number",
        "required-value-missing",
        "required-value-missing",
        "unknown-unit",
    ];
    assert_eq!(codes, expected);
    // One reject for each refused crossing, one for the row nobody knows.
    assert_eq!(source.rejects.num_rows(), 3);
}

#[test]
fn months_typed_as_decimals() {
    let contract = table(
        "",
        &["name string zh = [\"省份\"]", "period month from = \"header\"", "value decimal from = \"cell\""],
    );
    let text = "省份,2016.08,2016.09,2016.1,2016.11,2016.12\n甲,1,2,3,4,5\n";
    let outcome = read(std::slice::from_ref(&contract), text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2016-10|甲|3.000000");
    assert_eq!(decisions(&outcome.sources[0]), ["period point_one october high"]);
    // Nobody knows, so the column has no month: told once, refused in each row.
    let text = "省份,2016.1,2016.3,2016.11\n甲,1,2,3\n乙,1,2,\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(all(&outcome), ["3 = 2 kept, 1 header", "6 = 3 kept, 2 rejected, 1 blank"]);
    assert_eq!(codes(&outcome), ["month-undecided"]);
}

#[test]
fn counties_across() {
    let contract = table(
        "",
        &["item string zh = [\"项目\"]", "unit unit from = \"header\"", "value int from = \"cell\""],
    );
    let text = "2024年情况\n项目,全市,鹿城区,龙湾,#经开区,龙弯区\n户数,9,1,2,3,4\n";
    let outcome = read(&[contract], text.as_bytes());
    let source = &outcome.sources[0];
    let expected = ["2024|户数|lucheng|1", "2024|户数|longwan|2", "2024|户数|zhenan|3"];
    assert_eq!(rows(source), expected);
    assert_eq!(row(&source.rows, 2), "户数|zhenan|3");
    let mut codes = codes(&outcome);
    codes.sort_unstable();
    assert_eq!(codes, ["ambiguous-column", "unit-misspelt", "unknown-column"]);
}

#[test]
fn months_of_the_year_in_the_title() {
    let contract = table(
        "",
        &["unit unit zh = [\"地区\"]", "period month from = \"header\"", "value int from = \"cell\""],
    );
    let text = "2023年各月户数\n地区,1月,2月,3月\n鹿城区,1,2,3\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2023-03|lucheng|3");
    assert_eq!(decisions(&outcome.sources[0]), ["period year 2023 high"]);
}

#[test]
fn sums_are_held_against_each_column_and_each_part() {
    let contract = table(
        "",
        &["name string zh = [\"地区\"]", "period period from = \"header\"", "value int from = \"cell\""],
    );
    let text = "地区,2024年,2023年\n甲,1,2\n乙,2,3\n小计,3,6\n丙,4,5\n丁,5,6\n小计,9,11\n合计,13,16\n";
    let outcome = read(&[contract], text.as_bytes());
    let told: Vec<String> = outcome
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.cell(), finding.code, finding.params["difference"]))
        .collect();
    assert_eq!(told, ["C4 total-differs 1", "B8 total-differs 1"]);
}

#[test]
fn lines_above_that_are_missing() {
    let mut contract = provinces("money");
    let text = "地区,2024年,2023年\n甲省,2,1\n";
    let outcome = read(std::slice::from_ref(&contract), text.as_bytes());
    assert_eq!((codes(&outcome), rows(&outcome.sources[0]).len()), (vec!["line-not-found"], 2));
    contract.field[1].required = true;
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(codes(&outcome), ["missing-line"]);
    assert_eq!(all(&outcome), ["2 = 1 rejected, 1 header", "2 = 2 rejected"]);
}

#[test]
fn period_and_unit_from_the_title() {
    let contract = table(
        "",
        &[
            "unit unit from = \"above\"",
            "period period from = \"above\"",
            "name string zh = [\"企业名称\"]",
            "people int zh = [\"从业人员\"]",
        ],
    );
    let text = "鹿城区 2023年上半年企业名单\n企业名称,从业人员\n甲厂,5\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0]), ["2023-H1|lucheng|甲厂|5"]);
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn a_period_of_its_own_column_is_the_rows_period() {
    let contract = table("", &["name string zh = [\"名称\"]", "period month zh = [\"月份\"]"]);
    let text = "名称,月份\n甲,2023年5月\n乙,春天\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0]), ["2023-05|甲"]);
    assert_eq!(codes(&outcome), ["not-a-date", "required-value-missing"]);
}

#[test]
fn sections_say_how_many_rows_they_have() {
    let contract = table(
        "",
        &["name string zh = [\"学校\"]", "kind string zh = [\"层次\"]", "province string from = \"section\""],
    );
    let text = "学校,层次\n甲省（2所）,\n一校,本科\n二校,本科\n乙省（3所）,\n三校,本科\n四校,专科\n";
    let outcome = read(&[contract], text.as_bytes());
    let [finding] = outcome.findings.as_slice() else { unreachable!("{:?}", outcome.findings) };
    assert_eq!((finding.code, finding.row), ("section-count-differs", 5));
    assert_eq!((finding.params["expected"].as_str(), finding.params["found"].as_str()), ("3", "2"));
}

#[test]
fn titles_and_notes_beside_a_table_on_its_side() {
    let lines = [
        line(1, "", &["2023年鹿城区工业情况"]),
        line(2, "", &["单位：万元"]),
        line(3, "", &["月份", "1月", "2月"]),
        line(4, "", &["产值", "5", "6"]),
        line(5, "", &["注：快报数"]),
    ];
    let sheet = format!("<sheetData>{}</sheetData>", lines.concat());
    let contract = table(
        "orientation = \"columns\"",
        &["period month zh = [\"月份\"]", "output money zh = [\"产值\"], required = true"],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(rows(&outcome.sources[0]), ["2023-01|50000.00", "2023-02|60000.00"]);
    assert_eq!(outcome.sources[0].title, "2023年鹿城区工业情况 / 单位:万元".replace(':', "："));
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn the_name_of_a_sheet_says_how_many_rows_it_has() {
    let lines = [line(1, "", &["名称", "级别"]), line(2, "", &["甲", "省"]), line(3, "", &["乙", "市"])];
    let sheet = format!("<sheetData>{}</sheetData>", lines.concat());
    let contract = table("", &["name string zh = [\"名称\"]", "level string zh = [\"级别\"]"]);
    let told = |name: &str| {
        let outcome = read(std::slice::from_ref(&contract), &xlsx("", &[(name, "", &sheet)]));
        codes(&outcome).len()
    };
    assert_eq!((told("名单（2家）"), told("名单（3家）"), told("2024")), (0, 1, 0));
}

#[test]
fn rules_hold_wherever_a_value_stands() {
    let contract = table(
        "",
        &[
            "name string zh = [\"名称\"]",
            "place string from = \"above\", zh = [\"地区\"], constraints.enum = [\"鹿城\",\"瓯海\"]",
            "part string from = \"section\", constraints.pattern = \"[甲乙]省\"",
            "period period from = \"header\", constraints.minimum = \"2020\"",
            "value int from = \"cell\", constraints.maximum = 10",
        ],
    );
    let text = "地区：龙湾\n名称,2021年,2019年\n甲省（2家）,,\n一,5,6\n二,50,\n丙省（1家）,,\n三,7,\n";
    let outcome = read(&[contract], text.as_bytes());
    let expected = ["2021|一|NULL|甲省|5", "2021|二|NULL|甲省|NULL", "2021|三|NULL|NULL|7"];
    assert_eq!(rows(&outcome.sources[0]), expected);
    let told: Vec<String> =
        outcome.findings.iter().map(|finding| format!("{} {}", finding.cell(), finding.code)).collect();
    assert_eq!(told, ["A1 not-in-enum", "C2 below-minimum", "B5 above-maximum", "7 pattern-unmet"]);
    assert_eq!(crossings(&outcome.sources[0]), "6 = 3 kept, 1 rejected, 2 blank");
}

#[test]
fn labels_without_header_in_order() {
    let contract = table(
        "",
        &[
            "city string zh = [\"\"]",
            "name string zh = [\"\"], required = true",
            "period period from = \"header\"",
            "value int from = \"cell\"",
        ],
    );
    let text = ",,2005.0,2006.0\n温州,鹿城,1,2\n温州,瓯海,3,\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2005|温州|瓯海|3");
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn wide_tables_repeat_and_go_on() {
    let contract = table(
        "",
        &["name string zh = [\"名称\"]", "period period from = \"header\"", "value int from = \"cell\""],
    );
    let two = "甲表\n名称,2024年,2023年\n一,1,2\n二,3,4\n\n乙表\n名称,2024年,2022年\n三,5,6\n";
    let outcome = read(std::slice::from_ref(&contract), two.as_bytes());
    let all: Vec<String> = outcome.sources.iter().flat_map(rows).collect();
    assert_eq!(all, ["2024|一|1", "2023|一|2", "2024|二|3", "2023|二|4", "2024|三|5", "2022|三|6"]);
    let first = [line(1, "", &["名称", "2024年", "2023年"]), line(2, "", &["一", "1", "2"])].concat();
    let second = line(1, "", &["二", "3", "4"]);
    let sheets = [first, second].map(|rows| format!("<sheetData>{rows}</sheetData>"));
    let outcome = read(&[contract], &xlsx("", &[("一", "", &sheets[0]), ("二", "", &sheets[1])]));
    let all: Vec<String> = outcome.sources.iter().flat_map(rows).collect();
    assert_eq!(all, ["2024|一|1", "2023|一|2", "2024|二|3", "2023|二|4"]);
    assert_eq!(codes(&outcome), ["header-continued"]);
}

/// Numbers that look random and are the same each time.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn whatever_a_wide_table_looks_like_nothing_is_lost() {
    let columns = [
        "name string zh = [\"名称\"], required = true",
        "place string from = \"above\", zh = [\"地区\"]",
        "period period from = \"header\"",
        "count int zh = [\"户数\"], from = \"cell\", required = true",
        "loans money zh = [\"余额\"], from = \"cell\"",
    ];
    let mut draws = Draws(7);
    for round in 0..150 {
        let side = draws.below(3) == 0;
        let years = 2 + draws.below(5);
        let mut lines: Vec<Vec<String>> = Vec::new();
        // Titles beside a table on its side would be columns of their own.
        for title in (0..if side { 0 } else { draws.below(3) }).rev() {
            lines.push(vec![if title == 0 { "地区：鹿城区".into() } else { "各年情况".into() }]);
        }
        let mut header = vec!["名称".to_owned()];
        for year in (0..years).rev() {
            header.extend(["户数", "余额(万元)"].map(|field| format!("{}年{field}", 2019 + year)));
        }
        lines.push(header);
        let mut expected = Vec::new();
        let (mut blank, mut refused) = (0_u64, 0_u64);
        let data = 1 + draws.below(9);
        for number in 0..data {
            let name = if draws.below(8) == 0 { String::new() } else { format!("甲{number}") };
            let mut cells = vec![name.clone()];
            for year in (0..years).rev() {
                let [count, loans] = [0, 1].map(|_| draws.below(3).min(1) * (1 + draws.below(99)));
                let shown = |figure: u64| if figure == 0 { String::new() } else { figure.to_string() };
                cells.extend([shown(count), shown(loans)]);
                match (count, loans) {
                    (0, 0) => blank += 1,
                    (0, _) => refused += 1,
                    _ if name.is_empty() => refused += 1,
                    _ => {
                        let money = if loans == 0 { "NULL".to_owned() } else { format!("{loans}0000.00") };
                        expected.push(format!("{}|{name}|{count}|{money}", 2019 + year));
                    }
                }
            }
            lines.push(cells);
            // A row without anything changes nothing.
            if draws.below(4) == 0 {
                lines.push(Vec::new());
            }
        }
        if lines.iter().skip(1).all(|cells| cells.iter().all(String::is_empty)) {
            continue;
        }
        if side {
            let width = lines.iter().map(Vec::len).max().unwrap_or_default();
            let cell = |row: usize, column: usize| {
                lines.get(row).and_then(|cells| cells.get(column)).cloned().unwrap_or_default()
            };
            lines =
                (0..width).map(|column| (0..lines.len()).map(|row| cell(row, column)).collect()).collect();
        }
        let text = lines.iter().map(|cells| cells.join(",")).collect::<Vec<_>>().join("\n") + "\n";
        let keys = if side { "orientation = \"columns\"" } else { "" };
        let outcome = read(&[table(keys, &columns)], text.as_bytes());
        assert_eq!(outcome.sources.len(), 1, "{round}\n{text}\n{:?}", outcome.findings);
        let source = &outcome.sources[0];
        let told = crossings(source);
        let counts = source.crossings.clone().unwrap();
        let kinds = [model::RowKind::Kept, model::RowKind::Rejected, model::RowKind::Blank];
        let found = kinds.map(|kind| counts.count(kind));
        let read: Vec<String> = rows(source)
            .into_iter()
            .map(|row| {
                let parts: Vec<&str> = row.split('|').collect();
                [parts[0], parts[1], parts[3], parts[4]].join("|")
            })
            .collect();
        assert_eq!(read, expected, "{round}\n{text}\n{told}");
        assert_eq!(found[..2], [expected.len() as u64, refused], "{round}\n{text}\n{told}");
        // Rows below the last with a value are notes or blank, not data.
        assert!(found[2] <= blank, "{round}\n{text}\n{told}");
    }
}
