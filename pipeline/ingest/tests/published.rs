//! The published sample, read file by file: twins agree, every row is accounted for.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test reads its files itself, stops at the first surprise, and says what it did not check"
)]

#[path = "it/beside.rs"]
mod beside;

use std::path::{Path, PathBuf};

use arrow::record_batch::RecordBatch;
use ingest::{Job, Outcome, Source};
use model::{Contract, Deliveries, Delivery, Reference, RowKind};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sample() -> PathBuf {
    root().join("data-samples/published")
}

fn contract(id: &str) -> Contract {
    let path = sample().join(format!("contracts/{id}.toml"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn deliveries() -> Vec<Delivery> {
    let text = std::fs::read_to_string(sample().join("extracts/deliveries.toml")).unwrap();
    toml::from_str::<Deliveries>(&text).unwrap().delivery
}

fn read_as(at: usize, bytes: &[u8]) -> Outcome {
    let deliveries = deliveries();
    let contracts: Vec<Contract> = deliveries[at].contracts.iter().map(|id| contract(id)).collect();
    let contracts: Vec<&Contract> = contracts.iter().collect();
    let reference = Reference::load(&root().join("reference"), "reference").unwrap();
    let number = i64::try_from(at).unwrap() + 1;
    ingest::read(
        &Job { delivery: &deliveries[at], number, contracts: &contracts, reference: &reference },
        bytes,
    )
}

fn bytes(at: usize) -> Vec<u8> {
    std::fs::read(sample().join("extracts").join(&deliveries()[at].file)).unwrap()
}

fn read(at: usize) -> Outcome {
    read_as(at, &bytes(at))
}

fn accounts(source: &Source) -> String {
    assert!(source.accounting.closes());
    let kept = source.accounting.count(RowKind::Kept);
    assert_eq!(kept, u64::try_from(source.rows.num_rows()).unwrap());
    let kinds = source.accounting.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", source.accounting.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

/// The fields of a batch without where they came from.
fn values(batch: &RecordBatch) -> RecordBatch {
    let keep: Vec<usize> = (2..batch.num_columns()).collect();
    batch.project(&keep).unwrap()
}

fn shown(batch: &RecordBatch, row: usize) -> String {
    let options = arrow::util::display::FormatOptions::default().with_null("NULL");
    let cell = |column: usize| {
        let column = batch.column(column);
        arrow::util::display::ArrayFormatter::try_new(column, &options).unwrap().value(row).to_string()
    };
    (2..batch.num_columns()).map(cell).collect::<Vec<_>>().join(" ")
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn population_and_its_twin() {
    let (workbook, page) = (read(0), read(1));
    assert_eq!(accounts(&workbook.sources[0]), "17 = 13 kept, 2 title, 1 header, 1 total");
    assert_eq!(accounts(&page.sources[0]), "16 = 13 kept, 1 title, 1 header, 1 total");
    assert_eq!((workbook.sources[0].format.as_str(), page.sources[0].format.as_str()), ("xlsx", "html"));
    assert_eq!(page.sources[0].encoding, "gb18030");
    assert_eq!(values(&workbook.sources[0].rows), values(&page.sources[0].rows));
    let rows = &workbook.sources[0].rows;
    assert_eq!(shown(rows, 0), "NULL p12 2021 2021 lucheng 1189500 0.90700000");
    assert_eq!(shown(rows, 2), "longwan p12 2021 2021 zhenan 253100 0.99700000");
    assert_eq!(workbook.sources[0].title, "2021年温州市人口主要数据公报 / 四、全市及各县(市、区)主要数据");
    assert_eq!(workbook.sources[0].columns[1].measure_unit, "万人");
    assert!(workbook.findings.is_empty() && page.findings.is_empty(), "{:?}", workbook.findings);
}

#[test]
fn research_and_its_twin() {
    let (workbook, text) = (read(2), read(3));
    let expected = "31 = 11 kept, 1 title, 2 header, 3 section, 13 out_of_scope, 1 total";
    assert_eq!(accounts(&workbook.sources[0]), expected);
    assert_eq!(accounts(&text.sources[0]), expected);
    assert_eq!(text.sources[0].encoding, "UTF-16LE");
    assert_eq!(values(&workbook.sources[0].rows), values(&text.sources[0].rows));
    assert_eq!(
        shown(&text.sources[0].rows, 0),
        "NULL p11 2017 2017 lucheng 487 3733 2759.000000 524890000.00"
    );
    // The contract pins the rows of the header: a text has no merged cells to say what its upper labels cover.
    assert_eq!(codes(&workbook), codes(&text));
    assert!(workbook.findings.is_empty());
}

#[test]
fn two_tables_on_one_sheet() {
    let air = read(4);
    let accounts: Vec<String> = air.sources.iter().map(accounts).collect();
    assert_eq!(
        accounts,
        [
            "18 = 12 kept, 2 title, 2 header, 1 mean, 1 blank",
            "17 = 12 kept, 1 title, 2 header, 1 mean, 1 note"
        ]
    );
    assert_eq!(air.sources[0].contract, "air_good_days");
    assert_eq!(
        shown(&air.sources[0].rows, 1),
        "NULL p12 2024 2024-10 longwan 0.96600000 9 0.92900000 11 3.700000"
    );
    assert_eq!(
        shown(&air.sources[1].rows, 0),
        "NULL p12 2024 2024-10 lucheng 19.000000 12 23.000000 11 -0.17400000"
    );
    assert_eq!((air.sources[1].title.as_str(), air.sources[1].first_row), ("全市PM2.5浓度情况", 19));
    assert!(air.unread.is_empty() && air.findings.is_empty(), "{:?}", air.findings);
    let id = air.sources[1].id;
    let origins = air.sources[1].rows.column(0).as_any().downcast_ref::<arrow::array::Int64Array>().unwrap();
    assert_eq!((origins.value(0) >> 32, origins.value(0) & 0xFFFF_FFFF), (id, 22));
}

#[test]
fn a_table_no_contract_asks_for_is_not_read_as_another() {
    let deliveries = deliveries();
    let days = contract("air_good_days");
    let reference = Reference::load(&root().join("reference"), "reference").unwrap();
    let job = Job { delivery: &deliveries[4], number: 1, contracts: &[&days], reference: &reference };
    let outcome = ingest::read(&job, &bytes(4));
    assert_eq!(
        accounts(&outcome.sources[0]),
        "35 = 12 kept, 2 title, 2 header, 17 out_of_scope, 1 mean, 1 blank"
    );
    assert_eq!(codes(&outcome), ["further-table"]);
}

#[test]
fn broken_files_are_findings() {
    let whole = bytes(0);
    for length in [0, 3, 4, 100, whole.len() / 2, whole.len() - 1] {
        let outcome = read_as(0, &whole[..length]);
        assert!(outcome.sources.is_empty());
        assert_eq!(outcome.findings.len(), 1, "{length}: {:?}", outcome.findings);
        assert_eq!(outcome.findings[0].severity(), model::Severity::Error);
    }
    // A byte changed anywhere may be noticed or not; it is never a panic.
    for at in (0..whole.len()).step_by(37) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        read_as(0, &damaged);
    }
    assert_eq!(codes(&read_as(0, &[0, 159, 146, 150, 7, 7, 7])), ["file-of-unknown-kind"]);
    assert_eq!(codes(&read_as(0, "没有表\n只有字\n".as_bytes())), ["no-table", "sheet-without-table"]);
}

#[test]
fn what_clerks_get_wrong_is_told_and_counted() {
    let text = ",年末常住人口（万人）,城镇化率\n鹿城区,118.95,90.7\n龙湾市,73.29,99.9\n龙弯区,73.29,99.9\n瓯海区,九十七,83.8\n\
                市本级,1,2\n龙湾区（不含经开区）,1,2\n,5,5\n合　计,9,9\n注：快报数\n";
    let outcome = read_as(0, text.as_bytes());
    assert_eq!(accounts(&outcome.sources[0]), "10 = 2 kept, 5 rejected, 1 header, 1 total, 1 note");
    assert_eq!(shown(&outcome.sources[0].rows, 1), "NULL p12 2021 2021 longwan 732900 0.99900000");
    assert_eq!(
        codes(&outcome),
        [
            "unknown-unit",
            "unit-misspelt",
            "not-a-number",
            "required-value-missing",
            "row-is-no-unit",
            "unit-outside-partition",
            "unit-blank"
        ]
        .into_iter()
        .collect::<Vec<_>>()
    );
    let unknown = &outcome.findings[0];
    assert_eq!((unknown.cell().as_str(), unknown.suggestion.as_deref()), ("A3", Some("龙湾区")));
    assert_eq!(outcome.sources[0].rejects.num_rows(), 5);
    assert!(shown(&outcome.sources[0].rejects, 0).ends_with(r#"["龙湾市","73.29","99.9"] NULL NULL NULL"#));
    let whom: Vec<String> = (1..5).map(|row| shown(&outcome.sources[0].rejects, row)).collect();
    let whom: Vec<&str> = whom.iter().filter_map(|row| Some(row.split_once("] ")?.1)).collect();
    assert_eq!(whom, ["ouhai NULL NULL", "NULL NULL residual", "longwan_ex NULL NULL", "NULL NULL NULL"]);
}

#[test]
fn a_missing_column_stops_the_table_and_says_so() {
    let text = "县（市、区）,年末常住人囗（万人）,城镇化率（%）\n鹿城区,118.95,90.7\n龙湾区,73.29,99.9\n";
    let outcome = read_as(0, text.as_bytes());
    assert_eq!(accounts(&outcome.sources[0]), "3 = 2 rejected, 1 header");
    let missing = outcome.findings.iter().find(|finding| finding.code == "missing-column").unwrap();
    assert_eq!(
        (missing.field.as_str(), missing.suggestion.as_deref()),
        ("resident_population", Some("年末常住人囗"))
    );
    assert_eq!(missing.severity(), model::Severity::Error);
    for finding in &outcome.findings {
        for language in [model::Language::Zh, model::Language::En] {
            assert!(!finding.message(language).contains('{'), "{finding:?}");
            assert!(!finding.hint(language).unwrap_or_default().contains('{'), "{finding:?}");
        }
    }
}

#[test]
fn unit_rows_sums_parts_and_merged_figures() {
    let page = "<table><tr><td>某某表（2021年）<td>单位：万人<tr><td>地区<td>常住人口<td>城镇化率<td>备注\
                <tr><td>单位<td>人<td>%<tr><td>合　计<td>30<td>50\
                <tr><td>鹿城区<td>1,189,500<td>90.7%<tr><td>其中：女性<td>5<td>5<tr><td>龙湾区<td rowspan=2>5<td>1\
                <tr><td>其中：经开区<td>2<tr><td colspan=3>快报数，以公报为准</table>";
    let outcome = read_as(1, page.as_bytes());
    assert_eq!(
        accounts(&outcome.sources[0]),
        "9 = 1 kept, 2 rejected, 1 title, 1 unit, 1 header, 1 total, 1 other_of_which, 1 note"
    );
    assert_eq!(shown(&outcome.sources[0].rows, 0), "NULL p12 2021 2021 lucheng 1189500 0.90700000");
    assert_eq!(
        codes(&outcome),
        [
            "unknown-column",
            "merged-figure",
            "required-value-missing",
            "merged-figure",
            "required-value-missing"
        ]
    );
    let lists = ingest::cells_batch(&outcome.sources.iter().collect::<Vec<_>>());
    assert_eq!((lists.num_rows(), shown(&lists, 1)), (3, "NULL 0  2 NULL 常住人口 人".to_owned()));
    let listed = ingest::sources_batch(&[(&deliveries()[1], &outcome.sources[0])]);
    assert_eq!(listed.num_rows(), 1);
    assert_eq!(ingest::findings_batch(&outcome.findings).num_rows(), 5);
}

#[test]
fn a_workbook_that_unfolds_without_end_is_refused() {
    let mut packed = Vec::new();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(&mut packed));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..80 {
        std::io::Write::write_all(&mut archive, &zeros).unwrap();
    }
    archive.finish().unwrap();
    assert_eq!(codes(&read_as(0, &packed)), ["file-too-big"]);
}

/// A contract that fits many lists: one column of names.
const NAMES: &str = r#"
id = "names"
title_zh = "名单"
department = "tongji"
row = "anything with a name"
key = ["name"]
[[field]]
name = "name"
zh = ["学校名称", "公司全称", "企业名称", "地区", "名称", "指标", "城市", "市", "name"]
type = "string"
required = true
[[field]]
name = "secret"
zh = ["主管部门", "英文名称"]
type = "string"
sensitivity = "S3"
"#;

/// Every real file we have, with all contracts at once: no panic, and the rows add up.
#[test]
fn real_files_of_all_kinds() {
    let reference = Reference::load(&root().join("reference"), "reference").unwrap();
    let mut contracts: Vec<Contract> =
        ["population", "rd_projects", "air_good_days", "air_pm25"].into_iter().map(contract).collect();
    contracts.push(toml::from_str(NAMES).unwrap());
    let contracts: Vec<&Contract> = contracts.iter().collect();
    let delivery = &deliveries()[0];
    let job = Job { delivery, number: 1, contracts: &contracts, reference: &reference };
    let mut read = 0;
    for folder in ["messy", "wenzhou/as-published"] {
        let folder = beside::folder(folder);
        let Ok(listed) = std::fs::read_dir(&folder) else {
            beside::not_checked(&folder);
            continue;
        };
        let mut files: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let outcome = ingest::read(&job, &std::fs::read(&file).unwrap());
            eprintln!("{}", file.file_name().unwrap().display());
            for source in &outcome.sources {
                eprintln!("    {} {}: {}", source.format, source.contract, accounts(source));
                let rejected = source.accounting.count(RowKind::Rejected);
                assert_eq!(rejected, u64::try_from(source.rejects.num_rows()).unwrap());
            }
            for sheet in &outcome.unread {
                assert!(sheet.accounting.closes());
            }
            let codes: std::collections::BTreeSet<&str> = codes(&outcome).into_iter().collect();
            eprintln!("    {} sheets unread, {codes:?}", outcome.unread.len());
            read += 1;
        }
    }
    eprintln!("{read} real files read");
}
