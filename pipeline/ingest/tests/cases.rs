//! The case files under `cases/`: a sheet and a contract in, rows and findings out. Each case is read twice, as a text
//! file and as a workbook whose figures are numbers; both must give what the case says.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reads its files itself and stops at the first surprise"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use ingest::{Job, Outcome, Source};
use model::{Contract, Delivery, Language, Reference};
use serde::Deserialize;

/// One case file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What its cases are about.
    #[expect(dead_code, reason = "for people")]
    about: String,
    case: Vec<Case>,
}

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The sheet: a line a row, `|` between cells.
    sheet: String,
    /// The contract; what every contract has is filled in.
    field: Vec<toml::Table>,
    /// The period of the delivery.
    #[serde(default = "period")]
    period: String,
    /// Read only as `text` or only as `xlsx`.
    #[serde(default)]
    only: Option<String>,
    /// The rows read, a line a row, `|` between values; NULL for a missing one.
    rows: String,
    /// `B3 code`, in order of place.
    #[serde(default)]
    findings: Vec<String>,
    /// `row field reason raw`.
    #[serde(default)]
    missing: Vec<String>,
    /// `field what choice confidence`.
    #[serde(default)]
    decisions: Vec<String>,
    /// A part of a finding's message, in either language.
    #[serde(default)]
    says: Vec<String>,
    /// What may stand nowhere in findings, rows, rejects and lists.
    #[serde(default)]
    never: Vec<String>,
}

fn period() -> String {
    "2024".to_owned()
}

#[test]
fn every_case_gives_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|name| name.extension().is_some_and(|ending| ending == "toml"));
    names.sort();
    assert!(!names.is_empty());
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
    let reference = Reference::load(&reference, "reference").unwrap();
    let mut wrong = String::new();
    for name in names {
        let text = std::fs::read_to_string(&name).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
        for case in &file.case {
            for (form, bytes) in [("text", as_text(&case.sheet)), ("xlsx", as_workbook(&case.sheet))] {
                if case.only.as_ref().is_some_and(|only| only != form) {
                    continue;
                }
                let differs = check(case, &bytes, &reference);
                if !differs.is_empty() {
                    let file = name.file_name().unwrap().to_string_lossy();
                    writeln!(wrong, "{file}: {} (as {form})\n{differs}", case.name).unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn check(case: &Case, bytes: &[u8], reference: &Reference) -> String {
    let mut contract = toml::Table::new();
    for (key, value) in [("id", "case"), ("title_zh", "案例"), ("department", "case"), ("row", "one row")] {
        contract.insert(key.into(), value.into());
    }
    contract.insert("key".into(), toml::Value::Array(Vec::new()));
    let fields = case.field.iter().cloned().map(toml::Value::Table).collect();
    contract.insert("field".into(), toml::Value::Array(fields));
    let contract: Contract = contract.try_into().unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let delivery = Delivery {
        file: "case".into(),
        sha256: String::new(),
        contracts: vec!["case".into()],
        department: "case".into(),
        period: case.period.parse().unwrap(),
        received_on: "2024-05-01".into(),
        partition: "p12".into(),
        vintage: "2024".into(),
        flags: Vec::new(),
        page: String::new(),
        supersedes: Vec::new(),
    };
    let job = Job { delivery: &delivery, number: 1, contracts: &[&contract], reference };
    let outcome = ingest::read(&job, bytes);
    let mut differs = String::new();
    let mut compare = |what: &str, expected: Vec<String>, found: Vec<String>| {
        if expected != found {
            let (expected, found) = (expected.join("\n    "), found.join("\n    "));
            writeln!(differs, "  {what}: expected\n    {expected}\n  found\n    {found}").unwrap();
        }
    };
    let Some(source) = outcome.sources.first() else { return format!("  no table: {:?}", outcome.findings) };
    assert!(source.accounting.closes(), "{}", case.name);
    compare("rows", lines(&case.rows), rows(source));
    compare("findings", case.findings.clone(), findings(&outcome));
    let of_row = |origin: i64| origin & 0xffff_ffff;
    let missing = source.missing.iter();
    let missing =
        missing.map(|m| format!("{} {} {} {}", of_row(m.origin), m.field, m.reason, m.raw).trim().into());
    compare("missing", case.missing.clone(), missing.collect());
    let decisions = source.decisions.iter();
    let decisions = decisions.map(|d| format!("{} {} {} {}", d.field, d.what, d.choice, d.confidence));
    compare("decisions", case.decisions.clone(), decisions.collect());
    let said = |language| outcome.findings.iter().map(move |finding| finding.message(language));
    let said: Vec<String> = said(Language::Zh).chain(said(Language::En)).collect();
    let unsaid = case.says.iter().filter(|part| !said.iter().any(|said| said.contains(*part)));
    compare("messages", unsaid.cloned().collect(), Vec::new());
    assert!(said.iter().all(|said| !said.contains('{')), "{}: {said:?}", case.name);
    let everything = format!("{said:?} {source:?} {:?}", ingest::missing_batch(&[source]));
    let told = case.never.iter().filter(|never| everything.contains(*never));
    compare("told what may not be", Vec::new(), told.cloned().collect());
    differs
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ")).collect()
}

fn rows(source: &Source) -> Vec<String> {
    let options = arrow::util::display::FormatOptions::default().with_null("NULL");
    let schema = source.rows.schema();
    let fields: Vec<usize> = (0..source.rows.num_columns())
        .filter(|at| {
            let name = schema.field(*at).name();
            !name.starts_with('_') && !["partition", "vintage", "period"].contains(&name.as_str())
        })
        .collect();
    let cell = |row: usize, column: usize| {
        let column = source.rows.column(column);
        arrow::util::display::ArrayFormatter::try_new(column, &options).unwrap().value(row).to_string()
    };
    (0..source.rows.num_rows())
        .map(|row| fields.iter().map(|column| cell(row, *column)).collect::<Vec<_>>().join(" | "))
        .collect()
}

fn findings(outcome: &Outcome) -> Vec<String> {
    outcome.findings.iter().map(|finding| format!("{} {}", finding.cell(), finding.code)).collect()
}

fn as_text(sheet: &str) -> Vec<u8> {
    let lines = sheet.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().join("\t"));
    lines.collect::<Vec<_>>().join("\r\n").into_bytes()
}

/// The least workbook that holds the sheet. What reads back as the same figure is a number, all else text.
fn as_workbook(sheet: &str) -> Vec<u8> {
    let mut cells = String::new();
    for (row, line) in sheet.lines().enumerate() {
        write!(cells, "<row r=\"{}\">", row + 1).unwrap();
        for (column, cell) in line.split('|').map(str::trim).enumerate().filter(|(_, cell)| !cell.is_empty())
        {
            let place = model::finding::cell_name(
                u32::try_from(row + 1).unwrap(),
                u32::try_from(column + 1).unwrap(),
            );
            let number = cell.parse::<f64>().is_ok_and(|number| number.to_string() == cell);
            let escaped = cell.replace('&', "&amp;").replace('<', "&lt;");
            if number {
                write!(cells, "<c r=\"{place}\"><v>{cell}</v></c>").unwrap();
            } else {
                write!(cells, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{escaped}</t></is></c>").unwrap();
            }
        }
        cells.push_str("</row>");
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kinds}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kinds}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>\
                 <sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{cells}</sheetData></worksheet>"),
        ),
    ];
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        file.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}");
        file.write_all(declared.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}
