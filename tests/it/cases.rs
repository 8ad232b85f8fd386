//! The case files under `tests/cases/`: deliveries of a contract in, the rows that stand and the findings out. All cases
//! are contracts of one assessment, read in one run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::city::{City, repository};

/// One case file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What its cases are about.
    #[expect(dead_code, reason = "for people")]
    about: String,
    case: Vec<Case>,
}

/// One case; see `tests/cases/README.md`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    mess: Vec<String>,
    contract: toml::Table,
    field: Vec<toml::Table>,
    delivery: Vec<Sent>,
    rows: String,
    accounts: Vec<String>,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
}

/// One delivery.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    file: Option<String>,
    #[serde(default = "period")]
    period: String,
    #[serde(default = "received_on")]
    received_on: String,
    #[serde(default)]
    supersedes: Vec<usize>,
}

fn received_on() -> String {
    "2024-05-01".to_owned()
}

fn period() -> String {
    "2024".to_owned()
}

impl Sent {
    /// The bytes, and how the file is to be called.
    fn bytes(&self) -> (Vec<u8>, &str) {
        let Some(file) = &self.file else {
            let line = |line: &str| line.split('|').map(str::trim).collect::<Vec<_>>().join("\t");
            let lines: Vec<String> = self.sheet.lines().map(line).collect();
            return (lines.join("\r\n").into_bytes(), "tsv");
        };
        let path = repository().join("pipeline/ingest/tests/fixtures").join(file);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (bytes, file.rsplit('.').next().unwrap())
    }
}

/// Every case with a name that sorts as they stand.
fn all() -> Vec<(String, Case)> {
    let mut names: Vec<_> = std::fs::read_dir(repository().join("tests/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|name| name.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    names.sort();
    let mut all = Vec::new();
    for name in names {
        let text = std::fs::read_to_string(&name).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
        for case in file.case {
            let id = format!("case_{:02}", all.len() + 1);
            all.push((id, case));
        }
    }
    all
}

/// The name of a delivery's file.
fn file(id: &str, number: usize, ending: &str) -> String {
    format!("{id}-{number}.{ending}")
}

fn set_up(city: &City, cases: &[(String, Case)]) {
    for folder in ["contracts", "extracts", "frameworks", "queries", "reports"] {
        std::fs::remove_dir_all(city.path(folder)).unwrap();
    }
    let mut deliveries = String::new();
    for (id, case) in cases {
        let mut contract = case.contract.clone();
        for (key, value) in
            [("id", id.as_str()), ("title_zh", &case.name), ("department", "tongji"), ("row", "one row")]
        {
            contract.insert(key.into(), value.into());
        }
        let fields = case.field.iter().cloned().map(toml::Value::Table).collect();
        contract.insert("field".into(), toml::Value::Array(fields));
        city.write(&format!("contracts/{id}.toml"), toml::to_string(&contract).unwrap());
        for (number, sent) in (1..).zip(&case.delivery) {
            let (mut bytes, ending) = sent.bytes();
            if ending == "tsv" {
                // No file is delivered twice.
                bytes.extend(format!("\r\n\r\n注：{id}-{number}").bytes());
            }
            let name = file(id, number, ending);
            city.write(&format!("extracts/{name}"), &bytes);
            let earlier = |at: &usize| file(id, *at, case.delivery[*at - 1].bytes().1);
            let supersedes: Vec<String> = sent.supersedes.iter().map(earlier).collect();
            write!(
                deliveries,
                "[[delivery]]\nfile = \"{name}\"\nsha256 = \"{}\"\ncontracts = [\"{id}\"]\ndepartment = \"tongji\"\n\
                 period = \"{}\"\nreceived_on = \"{}\"\npartition = \"p12\"\nvintage = \"2024\"\n\
                 supersedes = {supersedes:?}\n\n",
                model::Digest::of(&bytes).hex(),
                sent.period,
                sent.received_on,
            )
            .unwrap();
        }
    }
    city.write("extracts/deliveries.toml", deliveries);
    city.edit("assessment.toml", "[edition]\n", "[edition]\ndata_cut_off = \"2024-06-30\"\n");
    city.edit("assessment.toml", "periods = [", "periods = [\"2022\", \"2023\", \"2024\", ");
}

#[test]
fn every_case_of_a_whole_run_gives_what_it_says() {
    let cases = all();
    let city = City::new();
    set_up(&city, &cases);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let json = ran.json();
    let stands = standing(&city, &cases);
    let mut wrong = String::new();
    for (id, case) in &cases {
        let mut differs = String::new();
        let mut compare = |what: &str, expected: &[String], found: &[String]| {
            if expected != found {
                let (expected, found) = (expected.join("\n    "), found.join("\n    "));
                writeln!(differs, "  {what}: expected\n    {expected}\n  found\n    {found}").unwrap();
            }
        };
        let row = |line: &str| line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ");
        let mut expected: Vec<String> = case.rows.lines().map(row).collect();
        expected.sort();
        compare("rows", &expected, stands.get(id).map(Vec::as_slice).unwrap_or_default());
        compare("accounts", &case.accounts, &accounts(&json, id));
        let (found, said) = findings(&json, id);
        compare("findings", &case.findings, &found);
        let unsaid: Vec<String> = case.says.iter().filter(|part| !said.contains(*part)).cloned().collect();
        compare("messages", &[], &unsaid);
        assert!(!said.contains("{value}") && !said.contains("{unit}"), "{said}");
        if !differs.is_empty() {
            writeln!(wrong, "{} ({id})\n{differs}", case.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn messes_of_several_deliveries_are_tested_in_sheets_and_files() {
    let mut told: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for (_, case) in all() {
        for mess in case.mess {
            let files = case.delivery.iter().any(|sent| sent.file.is_some());
            told.entry(mess).or_default()[usize::from(files)] = true;
        }
    }
    assert_eq!((told["m17"], told["m18"]), ([true, true], [true, true]));
}

/// The rows that stand by case, each as one text, sorted; asked in one SELECT, because starting the engine is what costs.
fn standing(city: &City, cases: &[(String, Case)]) -> BTreeMap<String, Vec<String>> {
    let select = |(id, case): &(String, Case)| {
        // What is never written is no column.
        let written =
            |field: &&toml::Table| field.get("sensitivity").is_none_or(|class| class.as_str() != Some("S3"));
        let fields = case.field.iter().filter(written).map(|field| field["name"].as_str().unwrap());
        let shown = |name: &str| format!("COALESCE(CAST({name} AS VARCHAR), 'NULL')");
        let row: Vec<String> = std::iter::once("period").chain(fields).map(shown).collect();
        format!("SELECT '{id}' AS id, {} AS shown FROM extracts.{id}", row.join(" || ' | ' || "))
    };
    let selects: Vec<String> = cases.iter().map(select).collect();
    let answer = city.run(&["sql", &selects.join(" UNION ALL "), "--format", "csv"]);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    let mut stands: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in answer.stdout.lines().skip(1) {
        let (id, row) = line.split_once(',').unwrap();
        stands.entry(id.to_owned()).or_default().push(row.to_owned());
    }
    for rows in stands.values_mut() {
        rows.sort();
    }
    stands
}

fn accounts(json: &Json, id: &str) -> Vec<String> {
    let sources = json["sources"].as_array().unwrap().iter().filter(|source| source["contract"] == *id);
    let data = ["kept", "rejected", "superseded", "duplicate", "late"];
    let of = |source: &Json| {
        let counts =
            data.iter().filter_map(|kind| Some(format!("{} {kind}", source["rows"][kind].as_u64()?)));
        counts.filter(|count| !count.starts_with("0 ")).collect::<Vec<_>>().join(", ")
    };
    sources.map(of).collect()
}

/// The findings of a case, and everything they say.
fn findings(json: &Json, id: &str) -> (Vec<String>, String) {
    let mut said = String::new();
    let mut found = Vec::new();
    for finding in json["findings"].as_array().unwrap() {
        let place = finding["place"].as_str().unwrap();
        let (file, rest) = place.split_once(" ▸ ").unwrap_or((place, ""));
        let Some(number) = file.strip_prefix(&format!("{id}-")).and_then(|rest| rest.split('.').next())
        else {
            continue;
        };
        let cell = rest.rsplit(" ▸ ").next().unwrap_or_default();
        found.push(format!("{number}!{cell} {}", finding["code"].as_str().unwrap()));
        for text in ["message_zh", "message_en", "hint_zh", "hint_en"] {
            said.push_str(finding[text].as_str().unwrap());
        }
    }
    found.sort();
    (found, said)
}
