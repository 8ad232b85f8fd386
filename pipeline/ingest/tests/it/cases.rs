//! The case files under `tests/cases/`: a sheet and a contract in, rows and findings out. A sheet written in the case is
//! read twice, as a text file and as a workbook whose figures are numbers; both must give what the case says. A case
//! may name a file of `tests/fixtures/` instead, made by other programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ingest::{Job, Outcome, Source};
use model::{Contract, Delivery, Language, Reference};
use serde::Deserialize;

use crate::common;

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
    /// The messes of the catalogue it is about, `m01` to `m22`.
    #[serde(default)]
    mess: Vec<String>,
    /// The sheet: a line a row, `|` between cells.
    #[serde(default)]
    sheet: String,
    /// A file of `fixtures/` instead.
    #[serde(default)]
    file: Option<String>,
    /// The fields of the contract.
    field: Vec<toml::Table>,
    /// Other keys of the contract; what every contract has is filled in.
    #[serde(default)]
    contract: toml::Table,
    /// The period of the delivery.
    #[serde(default = "period")]
    period: String,
    /// Its partition.
    #[serde(default = "partition")]
    partition: String,
    /// The forms a written sheet is read in: `text`, `xlsx`, `html`, or text in an encoding (`utf-8-mark`, `gb18030`,
    /// `utf-16`, `utf-16-mark`).
    #[serde(default = "forms")]
    forms: Vec<String>,
    /// The rows read, a line a row, `|` between values; NULL for a missing one. A line `---` parts two tables.
    #[serde(default)]
    rows: String,
    /// `7 = 2 kept, 1 title, …` for each table, then for each sheet without one.
    #[serde(default)]
    accounts: Vec<String>,
    /// The text of the title rows and of the notes, of the first table.
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    notes: Option<String>,
    /// `B3 code`, in order of place; `sheet!B3 code` in files.
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

fn forms() -> Vec<String> {
    ["text", "xlsx"].map(str::to_owned).into()
}

fn partition() -> String {
    "p12".to_owned()
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every case, with the name of its file.
fn all() -> Vec<(String, Case)> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder("tests/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|name| name.extension().is_some_and(|ending| ending == "toml"));
    names.sort();
    let mut all = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        all.extend(file.case.into_iter().map(|case| (name.clone(), case)));
    }
    assert!(!all.is_empty());
    all
}

#[test]
fn every_case_gives_what_it_says() {
    let reference = Reference::load(&folder("../../reference"), "reference").unwrap();
    let mut wrong = String::new();
    for (file, case) in all() {
        let forms = match &case.file {
            Some(fixture) => {
                assert!(case.sheet.is_empty(), "{}: a sheet or a file", case.name);
                let bytes = std::fs::read(folder("tests/fixtures").join(fixture));
                vec![(fixture.clone(), bytes.unwrap_or_else(|error| panic!("{fixture}: {error}")))]
            }
            None => case.forms.iter().map(|form| (form.clone(), written(&case.sheet, form))).collect(),
        };
        for (form, bytes) in forms {
            let differs = check(&case, &bytes, &reference);
            if !differs.is_empty() {
                writeln!(wrong, "{file}: {} (as {form})\n{differs}", case.name).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Each mess of the catalogue is tested in a sheet anybody can read, and in a file made by another program.
#[test]
fn every_mess_has_cases() {
    let mut told: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, case) in all() {
        for mess in &case.mess {
            let (sheets, files) = told.entry(mess.clone()).or_default();
            *(if case.file.is_some() { files } else { sheets }) += 1;
        }
    }
    let all: Vec<String> = (1..=22).map(|number| format!("m{number:02}")).collect();
    // What concerns several deliveries (m17, m18) has its sheets among the cases of whole runs.
    let apart = ["m17", "m18"];
    let lacking: Vec<&String> =
        all.iter().filter(|mess| told.get(*mess).is_none_or(|(_, files)| *files == 0)).collect();
    assert!(lacking.iter().all(|mess| apart.contains(&mess.as_str())), "no file: {lacking:?}");
    let lacking: Vec<&String> =
        all.iter().filter(|mess| told.get(*mess).is_none_or(|(sheets, _)| *sheets == 0)).collect();
    assert!(lacking.iter().all(|mess| apart.contains(&mess.as_str())), "no sheet: {lacking:?}");
    assert!(told.keys().all(|mess| all.contains(mess)), "{told:?}");
}

fn contract(case: &Case) -> Contract {
    let mut contract = toml::Table::new();
    for (key, value) in [("id", "case"), ("title_zh", "案例"), ("department", "case"), ("row", "one row")] {
        contract.insert(key.into(), value.into());
    }
    contract.insert("key".into(), toml::Value::Array(Vec::new()));
    contract.extend(case.contract.clone());
    let fields = case.field.iter().cloned().map(toml::Value::Table).collect();
    contract.insert("field".into(), toml::Value::Array(fields));
    contract.try_into().unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

fn check(case: &Case, bytes: &[u8], reference: &Reference) -> String {
    let contract = contract(case);
    let delivery = Delivery {
        file: "case".into(),
        sha256: String::new(),
        contracts: vec!["case".into()],
        department: "case".into(),
        period: case.period.parse().unwrap(),
        received_on: "2024-05-01".into(),
        partition: case.partition.clone(),
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
    let mut read = Vec::new();
    for (at, source) in outcome.sources.iter().enumerate() {
        read.extend((at > 0).then(|| "---".to_owned()));
        read.extend(rows(source));
    }
    compare("rows", lines(&case.rows), read);
    compare("findings", case.findings.clone(), findings(&outcome, case.file.is_some()));
    let unread = outcome.unread.iter().map(|sheet| &sheet.accounting);
    let accounts: Vec<String> =
        outcome.sources.iter().map(|source| &source.accounting).chain(unread).map(common::account).collect();
    if !case.accounts.is_empty() {
        compare("accounts", case.accounts.clone(), accounts);
    }
    let first = outcome.sources.first();
    if let Some(title) = &case.title {
        compare("title", vec![title.clone()], first.iter().map(|source| source.title.clone()).collect());
    }
    if let Some(notes) = &case.notes {
        compare("notes", vec![notes.clone()], first.iter().map(|source| source.notes.clone()).collect());
    }
    let of_row = |origin: i64| origin & 0xffff_ffff;
    let missing = outcome.sources.iter().flat_map(|source| &source.missing);
    let missing =
        missing.map(|m| format!("{} {} {} {}", of_row(m.origin), m.field, m.reason, m.raw).trim().into());
    compare("missing", case.missing.clone(), missing.collect());
    let decisions = outcome.sources.iter().flat_map(|source| &source.decisions);
    let decisions = decisions.map(|d| format!("{} {} {} {}", d.field, d.what, d.choice, d.confidence));
    compare("decisions", case.decisions.clone(), decisions.collect());
    let said = |language| outcome.findings.iter().map(move |finding| finding.message(language));
    let said: Vec<String> = said(Language::Zh).chain(said(Language::En)).collect();
    let unsaid = case.says.iter().filter(|part| !said.iter().any(|said| said.contains(*part)));
    compare("messages", unsaid.cloned().collect(), Vec::new());
    assert!(said.iter().all(|said| !said.contains('{')), "{}: {said:?}", case.name);
    let sources: Vec<&Source> = outcome.sources.iter().collect();
    let everything = format!("{said:?} {sources:?} {:?}", ingest::missing_batch(&sources));
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

fn findings(outcome: &Outcome, of_file: bool) -> Vec<String> {
    let sheet = |finding: &model::Finding| match finding.sheet.as_str() {
        name if of_file && !name.is_empty() => format!("{name}!"),
        _ => String::new(),
    };
    let one = |finding: &model::Finding| format!("{}{} {}", sheet(finding), finding.cell(), finding.code);
    outcome.findings.iter().map(|finding| one(finding).trim().to_owned()).collect()
}

/// A sheet in one of the forms. `<` is a cell merged with the one to its left, `^` with the one above; only a workbook
/// can say so.
fn written(sheet: &str, form: &str) -> Vec<u8> {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    match form {
        "xlsx" => as_workbook(sheet),
        "html" => as_page(sheet).into_bytes(),
        "text" => as_text(sheet).into_bytes(),
        "utf-8-mark" => [b"\xEF\xBB\xBF", as_text(sheet).as_bytes()].concat(),
        "utf-16" => utf_16(&as_text(sheet)),
        "utf-16-mark" => utf_16(&format!("\u{feff}{}", as_text(sheet))),
        "gb18030" => encoding_rs::GB18030.encode(&as_text(sheet)).0.into_owned(),
        other => panic!("there is no form `{other}`"),
    }
}

fn cells_of(line: &str) -> Vec<&str> {
    line.split('|').map(str::trim).collect()
}

fn as_text(sheet: &str) -> String {
    sheet.lines().map(|line| cells_of(line).join("\t")).collect::<Vec<_>>().join("\r\n")
}

fn escaped(cell: &str) -> String {
    cell.replace('&', "&amp;").replace('<', "&lt;")
}

fn as_page(sheet: &str) -> String {
    let row = |line: &str| {
        let cells: Vec<String> = cells_of(line).into_iter().map(escaped).collect();
        format!("<td>{}</td>", cells.join("</td><td>"))
    };
    let rows: Vec<String> = sheet.lines().map(row).collect();
    format!("<html><body><table><tr>{}</tr></table></body></html>", rows.join("</tr><tr>"))
}

/// The least workbook that holds the sheet. What reads back as the same figure is a number, all else text.
fn as_workbook(sheet: &str) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = sheet.lines().map(cells_of).collect();
    let at = |row: usize, column: usize| rows.get(row).and_then(|cells| cells.get(column)).copied();
    let name = |row: usize, column: usize| {
        let counted = |at: usize| u32::try_from(at + 1).unwrap();
        model::finding::cell_name(counted(row), counted(column))
    };
    let mut xml = String::from("<sheetData>");
    let mut merges = String::new();
    for (row, cells) in rows.iter().enumerate() {
        write!(xml, "<row r=\"{}\">", row + 1).unwrap();
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !matches!(**cell, "" | "<" | "^")) {
            let place = name(row, column);
            if cell.parse::<f64>().is_ok_and(|number| number.to_string() == *cell) {
                write!(xml, "<c r=\"{place}\"><v>{cell}</v></c>").unwrap();
            } else {
                write!(xml, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(cell))
                    .unwrap();
            }
            let right = (column + 1..cells.len()).take_while(|right| at(row, *right) == Some("<")).count();
            let down = (row + 1..rows.len()).take_while(|down| at(*down, column) == Some("^")).count();
            if right + down > 0 {
                write!(merges, "<mergeCell ref=\"{place}:{}\"/>", name(row + down, column + right)).unwrap();
            }
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    if !merges.is_empty() {
        write!(xml, "<mergeCells>{merges}</mergeCells>").unwrap();
    }
    common::xlsx("", &[("表", "", &xml)])
}
