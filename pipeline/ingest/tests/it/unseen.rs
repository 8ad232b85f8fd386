//! Files never seen before: a contract is drafted from each and the file read by it. What must come out stands in
//! `tests/unseen.toml`, which anyone may add to; `MANTIANXING_SHOW=1` prints what came out in the same form.
//!
//! The real files lie beside the project and are not part of it; without them the test says so.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::record_batch::RecordBatch;
use ingest::{Draft, Drafted, Source, Wish, draft};
use model::contract::FieldSource;
use model::{Contract, Field, Language, Reference, RowKind, definition};
use serde::Deserialize;

use crate::beside;
use crate::common::{accounts, line, xlsx};

/// `unseen.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unseen {
    file: Vec<File>,
}

/// A file and what must come of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// A file beside the project: how its path begins.
    #[serde(default)]
    path: String,
    /// Or a file written here: its name and text (a web page, or delimited text).
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
    /// Or the sheets of a workbook made of such texts.
    #[serde(default)]
    sheet: Vec<WrittenSheet>,
    /// What traps it holds, for people.
    #[serde(default, rename = "about")]
    _about: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    partition: String,
    /// The tables read, in order of sheets and rows.
    #[serde(default)]
    table: Vec<Table>,
    /// Codes of the findings, and how many values (or else findings) they speak of.
    #[serde(default)]
    findings: BTreeMap<String, u64>,
}

/// A sheet of a workbook: its name, and its cells line by line, parted by commas. Figures become numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSheet {
    name: String,
    text: String,
}

/// A table and what must be read of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    sheet: String,
    title: String,
    /// What became of the sheet rows.
    accounts: String,
    /// What became of the crossings of a wide table.
    #[serde(default)]
    crossings: String,
    key: String,
    /// The fields a person should look at, where they matter.
    #[serde(default)]
    unsure: Option<String>,
    /// Each as `type(measure unit)[lengths] header path`, with `@header`, `@section` … where it stands in no column.
    fields: Vec<String>,
    /// Rows by number from 1, also -1 for the last: the period, then the fields, parted by bars.
    rows: BTreeMap<String, String>,
}

fn expectations() -> Unseen {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unseen.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The file beside the project whose path begins so; `None`, loudly, where the folder is not at hand.
fn at_hand(path: &str) -> Option<(String, Vec<u8>)> {
    let (folder, start) = path.rsplit_once('/').unwrap();
    let folder = beside::folder(folder);
    let Ok(listed) = std::fs::read_dir(&folder) else {
        beside::not_checked(&folder.join(start));
        return None;
    };
    let names = listed.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut fitting: Vec<String> = names.filter(|name| name.starts_with(start)).collect();
    fitting.sort();
    assert!(!fitting.is_empty(), "no file {path}");
    let name = fitting.swap_remove(0);
    let bytes = std::fs::read(folder.join(&name)).unwrap();
    Some((name, bytes))
}

/// The bytes of a file that is written in the list of expectations.
fn written(file: &File) -> Vec<u8> {
    if file.sheet.is_empty() {
        return file.text.trim_start().as_bytes().to_vec();
    }
    let xml = |sheet: &WrittenSheet| {
        let lines = sheet.text.trim().lines().enumerate();
        let rows = lines.map(|(at, text)| line(at + 1, "", &text.split(',').collect::<Vec<_>>()));
        format!("<sheetData>{}</sheetData>", rows.collect::<String>())
    };
    let sheets: Vec<String> = file.sheet.iter().map(xml).collect();
    let named = file.sheet.iter().zip(&sheets).map(|(sheet, xml)| (sheet.name.as_str(), "", xml.as_str()));
    xlsx("", &named.collect::<Vec<_>>())
}

fn drafted(name: &str, bytes: &[u8]) -> Drafted {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
    let reference = Reference::load(&folder, "reference").unwrap();
    let wish = Wish {
        reference: &reference,
        file: name,
        id: None,
        department: None,
        period: None,
        partition: None,
        languages: &[Language::Zh, Language::En],
    };
    let drafted = draft(bytes, &wish).unwrap();
    for draft in &drafted.drafts {
        sound(draft);
    }
    drafted
}

/// The text is the contract, nothing in it is at fault, each field has its reason, and no name stands twice.
fn sound(draft: &Draft) {
    let parsed: Contract = definition::parse("draft", &draft.text).unwrap();
    assert_eq!(format!("{parsed:?}"), format!("{:?}", draft.contract));
    assert_eq!(parsed.faults(), [], "{}", draft.text);
    let names: Vec<&str> = draft.contract.field.iter().map(|field| field.name.as_str()).collect();
    for (at, name) in names.iter().enumerate() {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        assert!(plain && !names[..at].contains(name), "{name} in {names:?}");
        assert!(!draft.contract.field[at].misplaced().iter().any(|key| !key.is_empty()), "{name}");
    }
    for field in draft.text.split("[[field]]\n").skip(1) {
        assert!(field.starts_with("# 把握"), "{field}");
    }
    let known = |key: &String| key == "period" || names.contains(&key.as_str());
    assert!(!draft.contract.key.is_empty() && draft.contract.key.iter().all(known), "{}", draft.text);
}

fn field(field: &Field) -> String {
    let mut text = field.kind.name().to_owned();
    if let Some(unit) = &field.measure_unit {
        text.push_str(&format!("({unit})"));
    }
    if !field.length.is_empty() {
        text.push_str(&format!("{:?}", field.length));
    }
    if field.sensitivity >= model::contract::Sensitivity::S3 {
        text.push('!');
    }
    let from = match field.from {
        FieldSource::Column => "",
        FieldSource::Section => " @section",
        FieldSource::Header => " @header",
        FieldSource::Cell => " @cell",
        FieldSource::Above => " @above",
        FieldSource::Sheet => " @sheet",
        FieldSource::MeasureUnit => " @measure_unit",
        // Nothing in a file asks for these.
        FieldSource::Office | FieldSource::Address | FieldSource::AddressZone | FieldSource::Linked => {
            " @derived"
        }
    };
    text.push_str(from);
    match (field.position, field.zh.first()) {
        (Some(position), _) => text.push_str(&format!(" #{position}")),
        (None, Some(zh)) => text.push_str(&format!(" {zh}")),
        (None, None) => {}
    }
    text
}

/// A row from its period on, parted by bars.
fn row(batch: &RecordBatch, row: usize) -> String {
    let options = arrow::util::display::FormatOptions::default().with_null("NULL");
    let schema = batch.schema();
    let first = schema.fields().iter().position(|field| field.name() == "period").unwrap();
    let cell = |column: usize| {
        let column = batch.column(column);
        let shown = arrow::util::display::ArrayFormatter::try_new(column, &options).unwrap();
        let text = shown.value(row).to_string();
        // Trailing zeros of decimals say nothing here.
        let number = text.strip_prefix('-').unwrap_or(&text);
        if number.contains('.') && number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return text.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        text
    };
    let shown = (first..batch.num_columns()).map(cell).collect::<Vec<_>>().join("|");
    // Nobody knows when.
    match shown.strip_prefix("1000|") {
        Some(rest) => format!("?|{rest}"),
        None => shown,
    }
}

fn numbered(batch: &RecordBatch, number: &str) -> String {
    let number: i64 = number.parse().unwrap();
    let rows = i64::try_from(batch.num_rows()).unwrap();
    let at = if number < 0 { rows + number } else { number - 1 };
    if (0..rows).contains(&at) { row(batch, usize::try_from(at).unwrap()) } else { "no such row".to_owned() }
}

fn crossings(source: &Source) -> String {
    let Some(crossings) = &source.crossings else { return String::new() };
    assert!(crossings.closes());
    assert_eq!(crossings.count(RowKind::Kept), u64::try_from(source.rows.num_rows()).unwrap());
    let kinds = crossings.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", crossings.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

/// Sheet rows of a wide table are not the rows that come out.
fn accounted(source: &Source) -> String {
    if source.crossings.is_none() {
        return accounts(source);
    }
    assert!(source.accounting.closes());
    let kinds = source.accounting.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", source.accounting.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

fn findings(drafted: &Drafted) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for finding in &drafted.outcome.findings {
        let count = finding.params.get("count").and_then(|count| count.parse().ok()).unwrap_or(1);
        *counts.entry(finding.code.to_owned()).or_insert(0) += count;
    }
    counts
}

/// What came of a file, in the form of the expectations.
fn shown(drafted: &Drafted, rows: &[Vec<String>]) -> String {
    let quoted = |text: &str| format!("{text:?}").replace("\\'", "'");
    let mut text = String::new();
    if let Some(period) = drafted.period {
        text.push_str(&format!("period = \"{period}\"\n"));
    }
    if !drafted.partition.is_empty() {
        text.push_str(&format!("partition = \"{}\"\n", drafted.partition));
    }
    let counts: Vec<String> =
        findings(drafted).iter().map(|(code, count)| format!("{code} = {count}")).collect();
    if !counts.is_empty() {
        text.push_str(&format!("findings = {{ {} }}\n", counts.join(", ")));
    }
    for (at, source) in drafted.outcome.sources.iter().enumerate() {
        let draft = drafted.drafts.iter().find(|draft| draft.id == source.contract).unwrap();
        text.push_str("[[file.table]]\n");
        if !source.sheet.is_empty() {
            text.push_str(&format!("sheet = {}\n", quoted(&source.sheet)));
        }
        text.push_str(&format!("title = {}\n", quoted(&draft.title)));
        text.push_str(&format!("accounts = \"{}\"\n", accounted(source)));
        if source.crossings.is_some() {
            text.push_str(&format!("crossings = \"{}\"\n", crossings(source)));
        }
        text.push_str(&format!("key = \"{}\"\n", draft.contract.key.join(" ")));
        if !draft.unsure.is_empty() {
            text.push_str(&format!("unsure = \"{}\"\n", draft.unsure.join(" ")));
        }
        text.push_str("fields = [\n");
        for each in &draft.contract.field {
            text.push_str(&format!("    {},\n", quoted(&field(each))));
        }
        text.push_str("]\n[file.table.rows]\n");
        let usual = vec!["1".to_owned(), "-1".to_owned()];
        for number in rows.get(at).unwrap_or(&usual) {
            if source.rows.num_rows() > 0 {
                text.push_str(&format!("{number} = {}\n", quoted(&numbered(&source.rows, number))));
            }
        }
    }
    text
}

fn check(file: &File, name: &str, bytes: &[u8]) -> Result<(), String> {
    let drafted = drafted(name, bytes);
    let rows: Vec<Vec<String>> =
        file.table.iter().map(|table| table.rows.keys().cloned().collect()).collect();
    let got = shown(&drafted, &rows);
    if std::env::var_os("MANTIANXING_SHOW").is_some() {
        eprintln!("#### {name}\n{got}");
        for draft in &drafted.drafts {
            eprintln!("{}", draft.text);
        }
    }
    for sheet in &drafted.outcome.unread {
        assert!(sheet.accounting.closes());
    }
    let mut wrong = Vec::new();
    let mut compare = |what: &str, expected: &str, found: &str| {
        if expected != found {
            wrong.push(format!("{what}:\n    expected {expected}\n    found    {found}"));
        }
    };
    let period = drafted.period.map(|period| period.to_string()).unwrap_or_default();
    compare("period", &file.period, &period);
    compare("partition", &file.partition, &drafted.partition);
    compare("findings", &format!("{:?}", file.findings), &format!("{:?}", findings(&drafted)));
    compare("tables", &file.table.len().to_string(), &drafted.outcome.sources.len().to_string());
    for (number, (table, source)) in file.table.iter().zip(&drafted.outcome.sources).enumerate() {
        let draft = drafted.drafts.iter().find(|draft| draft.id == source.contract).unwrap();
        let what = |part: &str| format!("table {}, {part}", number + 1);
        compare(&what("sheet"), &table.sheet, &source.sheet);
        compare(&what("title"), &table.title, &draft.title);
        compare(&what("accounts"), &table.accounts, &accounted(source));
        compare(&what("crossings"), &table.crossings, &crossings(source));
        compare(&what("key"), &table.key, &draft.contract.key.join(" "));
        if let Some(unsure) = &table.unsure {
            compare(&what("unsure"), unsure, &draft.unsure.join(" "));
        }
        let fields: Vec<String> = draft.contract.field.iter().map(field).collect();
        compare(&what("fields"), &table.fields.join("\n      "), &fields.join("\n      "));
        for (number, expected) in &table.rows {
            compare(&what(&format!("row {number}")), expected, &numbered(&source.rows, number));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{name}\n  {}", wrong.join("\n  "))) }
}

fn run(wanted: impl Fn(&File) -> bool) {
    let only = std::env::var("MANTIANXING_ONLY").unwrap_or_default();
    let mut wrong = Vec::new();
    for file in expectations().file.iter().filter(|file| wanted(file)) {
        let found =
            if file.path.is_empty() { Some((file.name.clone(), written(file))) } else { at_hand(&file.path) };
        let Some((name, bytes)) = found.filter(|(name, _)| name.contains(&only)) else { continue };
        wrong.extend(check(file, &name, &bytes).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn real_files() {
    run(|file| !file.path.is_empty());
}

#[test]
fn files_written_here() {
    run(|file| file.path.is_empty());
}
