//! The reader reads what the generator writes: every file of a clean sample under its contract, row by row as the truth says;
//! every file of a messy one without losing a row that should stand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::{Contract, Deliveries, Delivery, Reference};
use sample::Options;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Sample {
    folder: tempfile::TempDir,
    deliveries: Deliveries,
    reference: Reference,
    contracts: BTreeMap<String, Contract>,
}

impl Sample {
    fn write(clean: bool, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { scale: "mini".to_owned(), clean, seed, ..Options::default() };
        sample::write(folder.path(), &options).unwrap();
        let text = model::files::read_text(&folder.path().join("extracts/deliveries.toml")).unwrap();
        let deliveries: Deliveries = toml::from_str(&text).unwrap();
        let reference = root().join("data-samples/synthetic/reference");
        let reference = Reference::load(&reference, "reference").unwrap_or_else(|told| panic!("{told:?}"));
        let mut contracts = BTreeMap::new();
        for file in model::files::list(&root().join("contracts"), &[".toml"]).unwrap() {
            let text = model::files::read_text(&root().join("contracts").join(&file)).unwrap();
            let contract: Contract = toml::from_str(&text).unwrap();
            contracts.insert(contract.id.clone(), contract);
        }
        Self { folder, deliveries, reference, contracts }
    }

    fn bytes(&self, delivery: &Delivery) -> Vec<u8> {
        model::files::read(&self.folder.path().join("extracts").join(&delivery.file)).unwrap()
    }

    fn read(&self, number: usize, delivery: &Delivery) -> ingest::Outcome {
        let contracts: Vec<&Contract> = delivery.contracts.iter().map(|id| &self.contracts[id]).collect();
        let number = i64::try_from(number).unwrap();
        let job = ingest::Job { delivery, number, contracts: &contracts, reference: &self.reference };
        ingest::read(&job, &self.bytes(delivery))
    }

    fn table(&self, name: &str) -> Vec<Row> {
        let text = model::files::read_text(&self.folder.path().join(format!("truth/{name}.csv"))).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let row =
            |record: csv::StringRecord| head.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        reader.records().map(|record| row(record.unwrap())).collect()
    }

    /// For each delivery the rows that stand, by place.
    fn truth(&self, contract: &str) -> BTreeMap<(usize, Place), Vec<Row>> {
        let mut all: BTreeMap<(usize, Place), Vec<Row>> = BTreeMap::new();
        for row in self.table(contract) {
            let place = (row["row"].parse().unwrap(), in_header(&self.contracts[contract], &row));
            all.entry((row["delivery"].parse().unwrap(), place)).or_default().push(row);
        }
        all
    }
}

/// One spelling for numbers and moments.
fn plain(text: &str) -> String {
    let text = text.replace('T', " ");
    let decimal = text.contains('.') && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if decimal { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Values by column.
type Row = BTreeMap<String, String>;

/// Sheet row, and the value in the header where the table is wide. Two sheets of a file have the same places.
type Place = (u32, String);

fn in_header(contract: &Contract, row: &Row) -> String {
    contract.header_field().map(|field| row[&field.name].clone()).unwrap_or_default()
}

/// The rows that were read, by place.
fn rows(outcome: &ingest::Outcome, contract: &Contract) -> BTreeMap<Place, Vec<Row>> {
    let mut all: BTreeMap<Place, Vec<Row>> = BTreeMap::new();
    for source in &outcome.sources {
        let batch = &source.rows;
        let options = FormatOptions::default();
        let formatters: Vec<ArrayFormatter<'_>> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        for at in 0..batch.num_rows() {
            let mut row = BTreeMap::new();
            for (field, formatter) in batch.schema().fields().iter().zip(&formatters) {
                // A field named as a column of all extracts comes after it and says more.
                row.insert(field.name().clone(), plain(&formatter.value(at).to_string()));
            }
            let origin: i64 = row["_origin"].parse().unwrap();
            let place = (u32::try_from(origin & 0x1F_FFFF).unwrap(), in_header(contract, &row));
            all.entry(place).or_default().push(row);
        }
    }
    all
}

/// What of a file's truth was not read so.
fn not_read(
    file: &str,
    number: usize,
    rows: &BTreeMap<Place, Vec<Row>>,
    truth: &BTreeMap<(usize, Place), Vec<Row>>,
) -> Vec<String> {
    let mut told = Vec::new();
    for ((_, place), all) in truth.iter().filter(|((of, _), _)| *of == number) {
        let read = rows.get(place).map(Vec::as_slice).unwrap_or_default();
        for expected in all {
            // Of rows at one place the one most like it.
            match read.iter().map(|read| differences(read, expected)).min_by_key(Vec::len) {
                Some(unlike) => told.extend(unlike.iter().map(|d| format!("{file}:{place:?} {d}"))),
                None => told.push(format!("{file}: row {place:?} is not read")),
            }
        }
    }
    told
}

/// The differences of a row read from the truth.
fn differences(read: &Row, truth: &Row) -> Vec<String> {
    let mut told = Vec::new();
    for (field, expected) in truth.iter().filter(|(field, _)| !matches!(field.as_str(), "delivery" | "row")) {
        let Some(found) = read.get(field) else {
            told.push(format!("no column {field}"));
            continue;
        };
        if *found != plain(expected) {
            told.push(format!("{field}: read {found:?}, truth {expected:?}"));
        }
    }
    told
}

#[test]
fn a_clean_sample_is_read_as_it_was_meant() {
    let sample = Sample::write(true, 1);
    let mut told = Vec::new();
    let mut read_contracts = BTreeSet::new();
    for (at, delivery) in sample.deliveries.delivery.iter().enumerate() {
        let number = at + 1;
        let contract = delivery.contracts.first().unwrap();
        let outcome = sample.read(number, delivery);
        let truth = sample.truth(contract);
        let rows = rows(&outcome, &sample.contracts[contract]);
        let lists: Vec<String> = sample
            .table("deliveries")
            .iter()
            .filter(|row| row["file"] == delivery.file)
            .map(|row| row["sent_rows"].clone())
            .collect();
        let read: usize = rows.values().map(Vec::len).sum();
        if lists.first().and_then(|rows| rows.parse().ok()) != Some(read) {
            told.push(format!("{}: {read} rows read, {lists:?} sent", delivery.file));
        }
        let findings: Vec<String> = outcome
            .findings
            .iter()
            .filter(|f| is_cell(f))
            .map(|f| format!("{} {} {:?}", f.code, f.row, f.params))
            .collect();
        if !findings.is_empty() {
            told.push(format!("{}: findings {:?}", delivery.file, &findings[..findings.len().min(3)]));
        }
        told.extend(not_read(&delivery.file, number, &rows, &truth));
        read_contracts.insert(contract.clone());
    }
    assert_eq!(read_contracts.len(), 19);
    let count = told.len();
    told.truncate(60);
    assert!(told.is_empty(), "{count} differences:\n{}", told.join("\n"));
}

/// What the reader made of a messy sample, against what was planted.
#[derive(Debug, Default)]
struct Grade {
    /// For each class: planted with a finding, of them found; planted without, of them with a finding.
    classes: BTreeMap<String, (u32, u32)>,
    told: Vec<String>,
    missed: Vec<String>,
    unplanted: Vec<String>,
}

fn is_cell(finding: &model::Finding) -> bool {
    !matches!(finding.code, "hidden-unknown" | "header-inferred" | "rule-without-rows")
}

#[test]
fn a_messy_sample_loses_nothing_but_what_was_planted() {
    let mut grade = Grade::default();
    for seed in 1..=3 {
        lost_and_found(&Sample::write(false, seed), &mut grade);
    }
    eprintln!("{:?}", grade.classes);
    grade.missed.truncate(40);
    grade.unplanted.truncate(40);
    eprintln!("{:#?} {:#?}", grade.missed, grade.unplanted);
    assert!(
        grade.told.is_empty(),
        "{} differences:\n{}",
        grade.told.len(),
        grade.told[..grade.told.len().min(40)].join("\n")
    );
    assert!(grade.missed.is_empty(), "missed:\n{}", grade.missed.join("\n"));
    assert!(grade.unplanted.is_empty(), "not planted:\n{}", grade.unplanted.join("\n"));
}

fn lost_and_found(sample: &Sample, grade: &mut Grade) {
    let mut told = Vec::new();
    let planted = sample.table("planted");
    let how: BTreeMap<String, String> =
        sample.table("deliveries").into_iter().map(|row| (row["file"].clone(), row["how"].clone())).collect();
    for (at, delivery) in sample.deliveries.delivery.iter().enumerate() {
        let number = at + 1;
        let contract = delivery.contracts.first().unwrap();
        let outcome = sample.read(number, delivery);
        let truth = sample.truth(contract);
        let rows = rows(&outcome, &sample.contracts[contract]);
        told.extend(not_read(&delivery.file, number, &rows, &truth));
        let here: Vec<_> = planted.iter().filter(|row| row["file"] == delivery.file).collect();
        let again: BTreeSet<u32> = here
            .iter()
            .filter(|row| ["m17", "m18"].contains(&row["class"].as_str()))
            .map(|row| row["row"].parse().unwrap())
            .collect();
        let superseded = truth.keys().all(|(of, _)| *of != number) && how[&delivery.file] == "wrong"
            || ["arrears", "trade_promotion"].contains(&contract.as_str());
        for (row, read) in &rows {
            let standing = truth.get(&(number, row.clone())).map_or(0, Vec::len);
            if read.len() > standing && !superseded && !again.contains(&row.0) {
                told.push(format!("{}: row {row:?} is read and should not stand", delivery.file));
            }
        }
        check_findings(&outcome, delivery, &here, grade);
    }
    grade.told.append(&mut told);
}

/// What only the second pass can see; `tests/it/synthetic.rs` runs it.
const OF_PASS_2: [&str; 3] = ["conflicting-row", "rule-broken", "jump-from-last-year"];

/// Findings told once a column, with the first place only.
const OF_COLUMN: [&str; 6] =
    ["duration-counted", "value-rounded", "code-repaired", "no-clock-time", "personal-data", "footnote-mark"];

fn check_findings(outcome: &ingest::Outcome, delivery: &Delivery, planted: &[&Row], grade: &mut Grade) {
    let told = outcome.findings.iter().filter(|f| is_cell(f));
    let found: BTreeSet<(&str, u32, u32, &str)> =
        told.map(|f| (f.code, f.row, f.column, f.field.as_str())).collect();
    let mut explained: BTreeSet<(&str, u32, u32, &str)> = BTreeSet::new();
    let wanted = planted
        .iter()
        .filter(|row| !row["finding"].is_empty() && !OF_PASS_2.contains(&row["finding"].as_str()));
    for row in wanted {
        let code = row["finding"].as_str();
        let (line, column): (u32, u32) = (row["row"].parse().unwrap(), row["column"].parse().unwrap());
        let fits = |(other, at, of, field): &&(&str, u32, u32, &str)| {
            // In a wide table a field has many columns.
            let same_field = OF_COLUMN.contains(&code) && *field == row["field"];
            let place = OF_COLUMN.contains(&code) || code.starts_with("hidden") || line == 0 || *at == line;
            *other == code && place && (column == 0 || *of == 0 || *of == column || same_field)
        };
        let hits: Vec<_> = found.iter().filter(fits).copied().collect();
        let of_class = grade.classes.entry(row["class"].clone()).or_default();
        of_class.0 += 1;
        if hits.is_empty() {
            grade.missed.push(format!("{}:{line}:{column} {} {code}", delivery.file, row["what"]));
        } else {
            of_class.1 += 1;
            explained.extend(hits);
        }
    }
    for (code, row, column, _) in found.difference(&explained) {
        grade.unplanted.push(format!("{}:{row}:{column} {code}", delivery.file));
    }
}
