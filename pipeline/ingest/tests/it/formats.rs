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
