//! Files made by hand, one trap each: what is hidden, formulas, dates of 1904, kinds of workbooks.

use ingest::Outcome;

use crate::common::{accounts, codes, fields, line, read, row, xlsx};

const TWO: [&str; 2] = ["a string 名称", "b int 户数"];

fn sheet(lines: &[String]) -> String {
    format!("<sheetData>{}</sheetData>", lines.concat())
}

fn rows(outcome: &Outcome, source: usize) -> Vec<String> {
    let rows = &outcome.sources[source].rows;
    (0..rows.num_rows()).map(|at| row(rows, at)).collect()
}

fn hiding() -> Vec<u8> {
    let xml = format!(
        "<cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols><sheetData>{}{}{}{}</sheetData>\
         <mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>",
        line(1, "", &["名称", "户数", "金额"]),
        line(2, "hidden=\"1\"", &["甲", "1", "5"]),
        line(3, "", &["", "2", "6"]),
        line(5, "hidden=\"true\"", &["丙", "3", "7"]),
    );
    let second = sheet(&[line(1, "", &["名称", "户数"]), line(2, "", &["丁", "4"])]);
    xlsx("", &[("一", "", &xml), ("原始", "state=\"hidden\"", &second)])
}

#[test]
fn hidden_parts_are_told_and_not_read() {
    let outcome = read(&[fields("", &TWO)], &hiding());
    assert_eq!(codes(&outcome), ["hidden-columns", "hidden-rows", "hidden-sheet"]);
    let told = outcome.findings[1].message(model::Language::Zh);
    assert_eq!(told, "有 2 行被隐藏而没有读取：第 2、5 行");
    assert_eq!(accounts(&outcome.sources[0]), "5 = 1 kept, 1 header, 1 blank, 2 hidden");
    // The value of a merged cell is shown beside its visible part.
    assert_eq!(rows(&outcome, 0), ["甲|2"]);
    assert_eq!(outcome.unread[0].accounting.count(model::RowKind::Hidden), 2);
    assert!(outcome.sources[0].hidden_known);
}

#[test]
fn hidden_parts_are_read_if_the_contract_says_so() {
    let three = ["a string 名称", "b int 户数", "c int 金额"];
    let outcome = read(&[fields("hidden = \"use\"", &three)], &hiding());
    // The hidden sheet has no such column and is no table of this contract.
    assert_eq!(rows(&outcome, 0), ["甲|1|5", "甲|2|6", "丙|3|7"]);
    assert_eq!(accounts(&outcome.sources[0]), "5 = 3 kept, 1 header, 1 blank");
    let outcome = read(&[fields("hidden = \"use\"\nsheet = \"原*\"", &TWO)], &hiding());
    assert_eq!(rows(&outcome, 0), ["丁|4"]);
    assert!(codes(&outcome).contains(&"hidden-used"));
}

#[test]
fn formulas_without_value_are_missing_and_told() {
    let empty_text = "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>丙</t></is></c>\
                      <c r=\"B4\" t=\"str\"><f>IF(1,\"\")</f><v></v></c></row>";
    let computed = "<row r=\"5\"><c r=\"A5\" t=\"str\"><f>A4&amp;\"x\"</f><v>丁</v></c>\
                    <c r=\"B5\"><f t=\"shared\" si=\"0\"/><v>9</v></c></row>";
    let lines = [
        line(1, "", &["名称", "户数"]),
        line(2, "", &["甲", "=SUM(C2:D2)"]),
        line(3, "", &["乙", "2"]),
        empty_text.to_owned(),
        computed.to_owned(),
    ];
    let outcome = read(&[fields("", &TWO)], &xlsx("", &[("一", "", &sheet(&lines))]));
    assert_eq!(rows(&outcome, 0), ["甲|NULL", "乙|2", "丙|NULL", "丁|9"]);
    assert_eq!(codes(&outcome), ["formula-without-value"]);
    assert_eq!(outcome.findings[0].cell(), "B2");
}

#[test]
fn dates_follow_the_system_of_the_workbook() {
    let dated = |number: usize| {
        format!(
            "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>甲</t></is></c>\
             <c r=\"B2\" s=\"1\"><v>{number}</v></c></row>"
        )
    };
    let contract = fields("", &["a string 名称", "b string 日期"]);
    for (properties, number) in [("", 45_352), ("<workbookPr date1904=\"1\"/>", 43_890)] {
        let lines = [line(1, "", &["名称", "日期"]), dated(number)];
        let outcome = read(std::slice::from_ref(&contract), &xlsx(properties, &[("一", "", &sheet(&lines))]));
        assert_eq!(rows(&outcome, 0), ["甲|2024-03-01"]);
        assert!(outcome.findings.is_empty());
    }
}

/// `three-sheets.ods` was written with odfpy: merged header and counties, a filtered row, a hidden column, a million
/// hidden empty rows, a formula without value; a hidden sheet; a sheet whose header is not merged.
#[test]
fn ods_tells_merges_formulas_and_what_is_hidden() {
    let bytes = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/three-sheets.ods"),
    )
    .unwrap();
    let columns =
        ["a unit 地区", "name string 名称", "balance money 小微企业贷款/余额", "count int 小微企业贷款/户数"];
    let outcome = read(&[fields("", &columns)], &bytes);
    assert_eq!(
        codes(&outcome),
        ["hidden-columns", "hidden-rows", "formula-without-value", "header-inferred", "hidden-sheet"]
    );
    assert_eq!(outcome.findings[3].sheet, "二季度");
    assert_eq!(accounts(&outcome.sources[0]), "7 = 2 kept, 1 title, 1 unit, 2 header, 1 hidden");
    assert_eq!(rows(&outcome, 0), ["lucheng|甲|125000.00|3", "lucheng|丙|90000.00|NULL"]);
    assert_eq!(rows(&outcome, 1), ["ruian|丁|1.00|2"]);
    assert_eq!(accounts(&outcome.sources[1]), "4 = 1 kept, 2 header, 1 total");
    // Pinned, nothing is a guess any more.
    let outcome = read(&[fields("header_rows = 2\nsheet = \"二*\"", &columns)], &bytes);
    assert_eq!(codes(&outcome), ["hidden-columns", "sheet-without-table", "hidden-rows", "hidden-sheet"]);
    assert_eq!(rows(&outcome, 0), ["ruian|丁|1.00|2"]);
}

#[test]
fn every_sheet_with_the_header_is_a_source() {
    let table = |name: &str| sheet(&[line(1, "", &["名称", "户数"]), line(2, "", &[name, "2"])]);
    let (first, second, other) = (table("甲"), table("乙"), sheet(&[line(1, "", &["说明文字"])]));
    let bytes = xlsx("", &[("2024年1月", "", &first), ("说明", "", &other), ("2024年2月", "", &second)]);
    let outcome = read(&[fields("", &TWO)], &bytes);
    assert_eq!((rows(&outcome, 0), rows(&outcome, 1)), (vec!["甲|2".to_owned()], vec!["乙|2".to_owned()]));
    assert_ne!(outcome.sources[0].id, outcome.sources[1].id);
    assert_eq!(codes(&outcome), ["sheet-without-table"]);
    for (pin, expected) in [("2024年2月", "乙|2"), ("*1月", "甲|2")] {
        let outcome = read(&[fields(&format!("sheet = {pin:?}"), &TWO)], &bytes);
        assert_eq!((outcome.sources.len(), rows(&outcome, 0)), (1, vec![expected.to_owned()]), "{pin}");
    }
    let outcome = read(&[fields("sheet = \"3月\"", &TWO)], &bytes);
    assert!(outcome.sources.is_empty() && codes(&outcome).contains(&"no-table"));
}

#[test]
fn a_table_goes_on_over_sheets() {
    let first =
        sheet(&[line(1, "", &["名称", "户数"]), line(2, "", &["甲", "1"]), line(3, "", &["乙", "2"])]);
    let second = sheet(&[line(1, "", &["丙", "3"]), line(2, "", &["丁", "4"])]);
    let third = sheet(&[line(2, "", &["戊", "5"])]);
    let notes = sheet(&[line(1, "", &["口径", "见文件"]), line(2, "", &["来源", "某局"])]);
    let sheets = [("一", "", &*first), ("二", "", &*second), ("三", "", &*third), ("说明", "", &*notes)];
    let outcome = read(&[fields("", &TWO)], &xlsx("", &sheets));
    let all: Vec<String> = (0..outcome.sources.len()).flat_map(|source| rows(&outcome, source)).collect();
    assert_eq!(all, ["甲|1", "乙|2", "丙|3", "丁|4", "戊|5"]);
    assert_eq!(codes(&outcome), ["header-continued", "header-continued", "sheet-without-table"]);
    assert_eq!(accounts(&outcome.sources[2]), "2 = 1 kept, 1 blank");
    let outcome = read(&[fields("sheet = \"一\"", &TWO)], &xlsx("", &sheets));
    assert_eq!(outcome.sources.len(), 1);
}

#[test]
fn tables_without_header_are_read_by_position() {
    let columns = ["a string @1", "name string @3", "count int @2"];
    let by_position = |keys: &str, text: &str| read(&[fields(keys, &columns)], text.as_bytes());
    let outcome = by_position("", "0012,3,甲\n0034,,乙\n0056,7,\n");
    assert_eq!(rows(&outcome, 0), ["0012|甲|3", "0034|乙|NULL", "0056|NULL|7"]);
    assert_eq!(codes(&outcome), ["header-by-position"]);
    // Titles, and a header that no contract knows, are told by the kinds of their cells.
    let outcome =
        by_position("", "某某清单\n编码,数量,名称\n0012,3,甲\n0034,5,乙\n0056,1,丙\n0078,0,丁\n合计,9,\n");
    assert_eq!(accounts(&outcome.sources[0]), "7 = 4 kept, 2 title, 1 total");
    assert_eq!(outcome.findings[0].row, 3);
    // Where every cell is a text, only the contract can know.
    let all_text = [fields("header_rows = 1", &["a string @1", "name string @2"])];
    let outcome = read(&all_text, "编码,名称\nA1,甲\nA2,乙\n".as_bytes());
    assert_eq!(rows(&outcome, 0), ["A1|甲", "A2|乙"]);
    // A sheet that does not reach so far, or is mostly blank there, is another table.
    assert_eq!(codes(&by_position("", ",1,甲\n,2,乙\n")), ["no-table", "sheet-without-table"]);
}

#[test]
fn labels_of_sections_become_a_column() {
    let columns = ["a string 名称", "count int 户数", "part string section"];
    let outcome = read(
        &[fields("", &columns)],
        "名称,户数\n一、工业（共2家）,\n甲,1\n乙,2\n小计,3\n二、服务业,\n丙,\n丁,4\n合计,7\n".as_bytes(),
    );
    assert_eq!(
        rows(&outcome, 0),
        ["甲|1|一、工业", "乙|2|一、工业", "丙|NULL|二、服务业", "丁|4|二、服务业"]
    );
    assert_eq!(accounts(&outcome.sources[0]), "9 = 4 kept, 1 header, 2 section, 1 total, 1 subtotal");
    let columns = ["a string 名称", "count int 户数", "county unit section"];
    let outcome = read(
        &[fields("", &columns)],
        "名称,户数\n鹿城区,\n甲,1\n瑞安市（1家）,\n乙,2\n不知何处（1家）,\n丙,3\n".as_bytes(),
    );
    assert_eq!(rows(&outcome, 0), ["甲|1|lucheng", "乙|2|ruian"]);
    assert_eq!(codes(&outcome), ["unknown-unit"]);
}

#[test]
fn notes_marks_blank_columns_and_forms() {
    let text = "名称①\t\t户数（户）注1\n3\t\t\n甲\t\t2\n\n注：\t(1)口径\n\t(2)来源\n";
    let columns = ["a string 名称", "b int 户数"];
    let outcome = read(&[fields("", &columns)], text.as_bytes());
    // A name that is a number is no running number: it tells the row from others.
    assert_eq!(accounts(&outcome.sources[0]), "6 = 2 kept, 1 header, 2 note, 1 blank");
    let form = "序号,名称,户数\n1,甲,5\n2,,\n3,,\n";
    let columns = ["number int 序号", "a string 名称", "b int 户数"];
    let outcome = read(&[fields("", &columns)], form.as_bytes());
    assert_eq!(accounts(&outcome.sources[0]), "4 = 1 kept, 1 header, 2 blank");
    // Years are no running numbers.
    let years = "年份,名称,户数\n2025,甲,5\n2026,,\n";
    let columns = ["year int 年份", "name string 名称", "b int 户数"];
    assert_eq!(accounts(&read(&[fields("", &columns)], years.as_bytes()).sources[0]), "3 = 2 kept, 1 header");
}
