//! What programs other than the usual one write into xlsx, and what is wrong with files: each in a workbook of its own.

use ingest::Outcome;
use model::Contract;

use crate::common::{codes, fields, packed, read, row, xlsx};

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn contract() -> Contract {
    fields("", &["a string 名称", "b string 户数"])
}

fn rows(outcome: &Outcome) -> Vec<String> {
    let rows = &outcome.sources[0].rows;
    (0..rows.num_rows()).map(|at| row(rows, at)).collect()
}

/// A workbook of its parts, the sheet last; relations only where they are not the usual ones.
fn book(extra: &[(&str, &str)], sheet: &str) -> Vec<u8> {
    let mut parts = vec![
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"一\" r:id=\"r1\"/></sheets></workbook>".to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{KIND}/worksheet\" Target=\"worksheets/1.xml\"/>\
                 </Relationships>"
            ),
        ),
        ("xl/worksheets/1.xml", sheet.to_owned()),
    ];
    for (name, text) in extra {
        parts.retain(|(other, _)| other != name);
        parts.push((name, (*text).to_owned()));
    }
    packed(&parts)
}

fn text(value: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{value}</t></is></c>")
}

fn data(rows: &str) -> String {
    format!("<worksheet><sheetData><row>{}{}</row>{rows}</sheetData></worksheet>", text("名称"), text("户数"))
}

#[test]
fn places_and_styles_may_be_left_out() {
    let sheet = data(&format!(
        "<row>{}<c><v>3</v></c></row><row r=\"4\">{}<c s=\"7\"><v>4.50</v></c></row><row>{}<c/><c r=\"B5\"><v>5</v></c></row>",
        text("甲"),
        text("乙"),
        text("丙")
    ));
    let outcome = read(&[contract()], &book(&[], &sheet));
    assert_eq!(rows(&outcome), ["甲|3", "乙|4.5", "丙|5"]);
    assert_eq!(outcome.sources[0].accounting.sheet_rows, 5);
}

#[test]
fn cells_may_stand_in_any_order() {
    let sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>\
                 <row r=\"3\"><c r=\"B3\"><v>2</v></c><c r=\"A3\" t=\"str\"><v>乙</v></c></row>\
                 <row r=\"1\"><c r=\"B1\" t=\"str\"><v>户数</v></c><c r=\"A1\" t=\"str\"><v>名称</v></c></row>\
                 <row r=\"2\"><c r=\"A2\" t=\"str\"><v>甲</v></c><c r=\"B2\"><v>1</v></c></row></sheetData></worksheet>";
    assert_eq!(rows(&read(&[contract()], &book(&[], sheet))), ["甲|1", "乙|2"]);
}

#[test]
fn prefixes_and_the_strict_edition_make_no_difference() {
    let main = "xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"";
    let kind = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    let root = format!(
        "<Relationships><Relationship Id=\"r\" Type=\"{kind}/officeDocument\" Target=\"/XL/Book.xml\"/></Relationships>"
    );
    let relations = format!(
        "<p:Relationships xmlns:p=\"p\"><p:Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"./s/../one.xml\"/>\
         <p:Relationship Id=\"r2\" Type=\"{kind}/chartsheet\" Target=\"chart.xml\"/>\
         <p:Relationship Id=\"t\" Type=\"{kind}/sharedStrings\" Target=\"texts.xml\"/></p:Relationships>"
    );
    let book = format!(
        "<x:workbook {main}><x:workbookPr dateCompatibility=\"0\"/><x:sheets><x:sheet name=\"一\" q:id=\"r1\"/>\
         <x:sheet name=\"图\" q:id=\"r2\"/></x:sheets></x:workbook>"
    );
    let texts = format!("<x:sst {main}><x:si><x:t>名称</x:t></x:si><x:si><x:t>户数</x:t></x:si></x:sst>");
    let sheet = format!(
        "<x:worksheet {main}><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c>\
         <x:c r=\"B1\" t=\"s\"><x:v>1</x:v></x:c></x:row><x:row r=\"2\"><x:c r=\"A2\" t=\"str\"><x:v>甲</x:v></x:c>\
         <x:c r=\"B2\" t=\"d\"><x:v>2024-03-01T00:00:00</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    );
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", root),
        ("xl/book.xml", book),
        ("xl/_rels/book.xml.rels", relations),
        ("xl/texts.xml", texts),
        ("xl/ONE.xml", sheet),
    ];
    assert_eq!(rows(&read(&[contract()], &packed(&parts))), ["甲|2024-03-01"]);
}

#[test]
fn texts_are_what_is_shown() {
    let texts = "<sst count=\"9\"><si><t>名称</t></si><si><r><t>户</t></r><r><rPr><b/></rPr><t>数</t></r></si>\
                 <si><t>东京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>\
                 <si><t xml:space=\"preserve\"> a&lt;b_x000D_&#10;c </t></si><si/>\
                 <si><t><![CDATA[<甲>]]></t></si><si><t>&nbsp;丁</t></si></sst>";
    let cell = |at: &str, text: u8| format!("<c r=\"{at}\" t=\"s\"><v>{text}</v></c>");
    let line = |row: u8, first: u8, second: u8| {
        format!(
            "<row r=\"{row}\">{}{}</row>",
            cell(&format!("A{row}"), first),
            cell(&format!("B{row}"), second)
        )
    };
    let sheet = format!(
        "<worksheet><sheetData>{}{}{}{}</sheetData></worksheet>",
        line(1, 0, 1),
        line(2, 2, 3),
        line(3, 5, 4),
        line(4, 6, 2)
    );
    let outcome = read(&[contract()], &book(&[("xl/sharedStrings.xml", texts)], &sheet));
    assert_eq!(rows(&outcome), ["东京|a<b c", "<甲>|NULL", "&nbsp;丁|东京"]);
}

#[test]
fn shares_keep_their_sign_and_truths_and_errors_their_names() {
    let styles = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"180\" formatCode=\"0.0%;[Red]\\-0.0%\"/></numFmts>\
                  <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"180\"/>\
                  <xf numFmtId=\"10\"/><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/></cellXfs><cellStyles/></styleSheet>";
    let cells = [
        "s=\"1\"><v>0.705</v>",
        "s=\"2\"><v>7.0000000000000007E-2</v>",
        "s=\"3\"><v>45352.5</v>",
        "s=\"4\"><v>1.5</v>",
        "t=\"b\"><v>1</v>",
        "t=\"n\" s=\"1\"><f>1/4</f><v>0.25</v>",
    ];
    let lines: Vec<String> =
        cells.iter().map(|cell| format!("<row>{}<c {cell}</c></row>", text("甲"))).collect();
    let bad = format!("<row>{}<c t=\"e\"><v>#SPILL!</v></c></row>", text("乙"));
    let outcome = read(&[contract()], &book(&[("xl/styles.xml", styles)], &data(&(lines.concat() + &bad))));
    assert_eq!(
        rows(&outcome),
        ["甲|70.5%", "甲|7%", "甲|2024-03-01 12:00:00", "甲|1.5", "甲|TRUE", "甲|25%", "乙|NULL"]
    );
    assert_eq!(codes(&outcome), ["formula-error"]);
    // Shares with their sign and shares without one are told apart in one column.
    let share = fields("", &["a string 名称", "b ratio 户数"]);
    let mixed = "<row><c t=\"str\"><v>甲</v></c><c s=\"1\"><v>0.705</v></c></row>\
                 <row><c t=\"str\"><v>乙</v></c><c><v>70.5</v></c></row><row><c t=\"str\"><v>丙</v></c><c><v>98.2</v></c></row>";
    let outcome = read(&[share], &book(&[("xl/styles.xml", styles)], &data(mixed)));
    assert_eq!(rows(&outcome), ["甲|0.70500000", "乙|0.70500000", "丙|0.98200000"]);
}

#[test]
fn other_parts_of_a_sheet_are_no_rows() {
    let sheet = format!(
        "<worksheet><cols><col min=\"1\" max=\"2\"/></cols><sheetData><row>{}{}</row><row>{}<c><v>1</v></c></row></sheetData>\
         <controls><from><col>3</col><row>9</row></from></controls><extLst><ext><f>A1</f><c r=\"A9\"><v>9</v></c></ext>\
         </extLst></worksheet>",
        text("名称"),
        text("户数"),
        text("甲")
    );
    let outcome = read(&[contract()], &book(&[], &sheet));
    assert_eq!((rows(&outcome), outcome.sources[0].accounting.sheet_rows), (vec!["甲|1".to_owned()], 2));
    assert!(outcome.findings.is_empty());
}

#[test]
fn what_contradicts_itself_is_damaged() {
    let row = |cells: &str| data(&format!("<row>{cells}</row>"));
    for (sheet, code) in [
        (row("<c><v>1</v></c>").replace("</worksheet>", ""), "file-damaged"),
        (row("<c><v>1</c></v>"), "file-damaged"),
        (row("<c r=\"A\"><v>1</v></c>"), "file-damaged"),
        (row("<c r=\"甲1\"><v>1</v></c>"), "file-damaged"),
        (row("<c t=\"s\"><v>0</v></c>"), "file-damaged"),
        (row("<c t=\"q\"><v>0</v></c>"), "file-damaged"),
        (row("<c r=\"A1048577\"><v>1</v></c>"), "file-too-big"),
        (row("<c r=\"XFE1\"><v>1</v></c>"), "file-too-big"),
        (data("<row r=\"99999999\"/>"), "file-too-big"),
        (data("<row r=\"99999999999999999999999\"><c r=\"A1\"><v>1</v></c></row>"), "file-damaged"),
    ] {
        assert_eq!(codes(&read(&[contract()], &book(&[], &sheet))).join(" "), code, "{sheet}");
    }
    let lost =
        [("xl/workbook.xml", "<workbook><sheets><sheet name=\"一\" r:id=\"r9\"/></sheets></workbook>")];
    assert_eq!(codes(&read(&[contract()], &book(&lost, "")))[0], "file-damaged");
    let texts = [("xl/sharedStrings.xml", "<sst><si><t>a</t></si>")];
    assert_eq!(codes(&read(&[contract()], &book(&texts, &data("")))), ["file-damaged"]);
    // A file that was cut off on its way.
    let whole = xlsx("", &[("一", "", "<sheetData/>")]);
    assert_eq!(codes(&read(&[contract()], &whole[..whole.len() / 2])), ["file-damaged"]);
}
