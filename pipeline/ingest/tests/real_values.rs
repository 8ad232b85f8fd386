//! Values of real spreadsheets that others made, where that folder lies beside the project: dates, counts typed as
//! text, codes that lost their zeros.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its files itself, stops at the first surprise, and says what it did not check"
)]

#[path = "it/beside.rs"]
mod beside;

use std::path::Path;

use ingest::{Job, Outcome};
use model::{Contract, Delivery, Language, Reference};

/// Reads the file whose name begins with a number of the folder's list.
fn read(number: &str, fields: &str) -> Option<Outcome> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = beside::folder("messy");
    let Ok(listed) = std::fs::read_dir(&folder) else {
        beside::not_checked(&folder);
        return None;
    };
    let mut files = listed.map(|entry| entry.unwrap().path());
    let file = files.find(|file| file.file_name().unwrap().to_string_lossy().starts_with(number)).unwrap();
    let contract: Contract = toml::from_str(&format!(
        "id = \"a\"\ntitle_zh = \"表\"\ndepartment = \"d\"\nrow = \"\"\nkey = []\n{fields}"
    ))
    .unwrap();
    let delivery: Delivery = toml::from_str(
        "file = \"f\"\nsha256 = \"\"\ncontracts = [\"a\"]\ndepartment = \"d\"\nperiod = \"2024\"\n\
         received_on = \"2025-12-31\"\npartition = \"p12\"\nvintage = \"2024\"\n",
    )
    .unwrap();
    let reference = Reference::load(&root.join("reference"), "reference").unwrap();
    let job = Job { delivery: &delivery, number: 1, contracts: &[&contract], reference: &reference };
    Some(ingest::read(&job, &std::fs::read(file).unwrap()))
}

fn field(name: &str, header: &str, rest: &str) -> String {
    format!("[[field]]\nname = \"{name}\"\nzh = [\"{header}\"]\n{rest}\n")
}

/// Rows, NULLs a field, and the findings that are not about unknown columns.
fn told(outcome: &Outcome) -> String {
    let source = &outcome.sources[0];
    assert!(source.accounting.closes());
    let schema = source.rows.schema();
    let nulls = source.rows.columns().iter().zip(schema.fields()).skip(3);
    let nulls = nulls.map(|(column, field)| format!("{} {}", field.name(), column.null_count()));
    let findings =
        outcome.findings.iter().filter(|f| f.code != "unknown-column" && f.code != "sheet-without-table");
    let findings = findings.map(|finding| finding.message(Language::En));
    let mut lines = vec![format!("{} rows", source.rows.num_rows())];
    lines.extend(nulls.chain(findings));
    lines.join("\n")
}

#[test]
fn a_list_of_an_exchange() {
    let fields = field("code", "A股代码", "type = \"code\"\nlength = [6]")
        + &field("listed", "A股上市日期", "type = \"date\"\nconstraints = { minimum = \"1990-12-01\" }")
        + &field("shares", "A股总股本", "type = \"int\"\nmeasure_unit = \"个\"")
        + &field("profitable", "未盈利", "type = \"bool\"");
    if let Some(outcome) = read("15-", &fields) {
        assert_eq!(told(&outcome), "2875 rows\ncode 0\nlisted 0\nshares 0\nprofitable 2255");
    }
}

#[test]
fn codes_that_were_numbers() {
    let fields = field("code", "行业代码", "type = \"code\"\nlength = [4]")
        + &field("name", "行业内容", "type = \"string\"");
    if let Some(outcome) = read("12-", &fields) {
        assert_eq!(
            told(&outcome),
            "515 rows\ncode 0\nname 0\n1 codes of the column `行业代码` have too few digits and may have lost leading \
             zeros; they were used as they are"
        );
    }
}

#[test]
fn codes_with_their_zeros() {
    let fields = field("code", "comp_type", "type = \"code\"\nlength = [4]")
        + &field("name", "comp_type_name", "type = \"string\"");
    if let Some(outcome) = read("20-", &fields) {
        assert_eq!(told(&outcome), "283 rows\ncode 0\nname 0");
    }
}
