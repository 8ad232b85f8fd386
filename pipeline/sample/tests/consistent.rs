//! The contracts of the invented city tell of one city: whoever is named in one is registered in another, lived when it
//! happened, and lies where both say.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says why")]

use std::collections::BTreeMap;
use std::path::Path;

use sample::Options;

/// Rows by column.
type Rows = Vec<BTreeMap<String, String>>;

fn table(folder: &Path, name: &str) -> Rows {
    let text = model::files::read_text(&folder.join(format!("truth/{name}.csv"))).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records = reader.records().map(|record| record.unwrap());
    let row =
        |record: csv::StringRecord| head.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    records.map(row).collect()
}

fn clean() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { scale: "mini".to_owned(), clean: true, ..Options::default() };
    sample::write(folder.path(), &options).unwrap();
    folder
}

/// The county of a unit of either partition.
fn county(unit: &str) -> &str {
    match unit {
        "nandou" => "tianxuan",
        "doukou" => "yuheng",
        unit => unit.trim_end_matches("_ex"),
    }
}

#[test]
fn whoever_is_named_is_registered_there_and_lived_then() {
    let folder = clean();
    let registry: BTreeMap<String, BTreeMap<String, String>> = table(folder.path(), "registry")
        .into_iter()
        .filter(|row| !row["uscc"].is_empty())
        .map(|row| (row["uscc"].clone(), row))
        .collect();
    let mut told = Vec::new();
    let mut named = 0;
    // The contract, its code, when it happened, and whether its unit is where the enterprise lies.
    for (contract, code, day, there) in [
        ("above_scale", "uscc", "period", true),
        ("tech_enterprise", "uscc", "period", true),
        ("gradient", "uscc", "granted_on", true),
        ("guarantee", "uscc", "start_on", true),
        ("policy_payment", "uscc", "paid_on", true),
        ("enforcement", "uscc", "decided_on", true),
        ("service_case", "uscc", "accept_at", true),
        ("procurement", "supplier_uscc", "signed_on", false),
    ] {
        let rows = table(folder.path(), contract);
        assert!(!rows.is_empty(), "{contract}");
        for row in rows.iter().filter(|row| !row[code].is_empty()) {
            named += 1;
            let Some(registered) = registry.get(&row[code]) else {
                told.push(format!("{contract}: {} is not registered", row[code]));
                continue;
            };
            // Lists of a year name those who lived at its end.
            let year_end = format!("{}-12-31", &row[day]);
            let day = if day == "period" { &year_end } else { &row[day] };
            let day = day.get(..10).unwrap();
            // An opening is applied for before there is an enterprise.
            let opens = row.get("case_type").is_some_and(|kind| kind == "open_business");
            let born = opens || registered["est_date"].as_str() <= day;
            let ended = registered["cancel_date"].as_str();
            if !born || (!ended.is_empty() && ended < day) {
                told.push(format!("{contract}: {} did not live on {day}", row[code]));
            }
            if there && county(&row["unit"]) != county(&registered["unit"]) {
                told.push(format!(
                    "{contract}: {} lies in {}, not {}",
                    row[code], registered["unit"], row["unit"]
                ));
            }
        }
    }
    assert!(named > 500, "{named}");
    assert!(told.is_empty(), "{} of {named}: {:#?}", told.len(), &told[..told.len().min(20)]);
}

#[test]
fn loans_of_all_banks_are_those_of_the_groups() {
    let folder = clean();
    let mut sums: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for row in table(folder.path(), "sme_loan") {
        let cents: i64 = row["total_loans"].replace('.', "").parse().unwrap();
        let sum = sums.entry((row["unit"].clone(), row["period"].clone())).or_default();
        if row["bank_group"] == "all" { sum.0 += cents } else { sum.1 += cents }
    }
    assert!(sums.len() > 10 && sums.values().all(|(all, groups)| all == groups && *all > 0), "{sums:?}");
}

#[test]
fn the_questionnaire_fits_its_frame() {
    let folder = clean();
    let frame: BTreeMap<(String, String, String), usize> = table(folder.path(), "survey_frame")
        .into_iter()
        .map(|row| {
            (
                (row["year"].clone(), row["unit"].clone(), row["industry_group"].clone()),
                row["enterprises"].parse().unwrap(),
            )
        })
        .collect();
    let mut answers: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for row in table(folder.path(), "survey") {
        let stratum = (row["started_at"][..4].to_owned(), row["unit"].clone(), row["industry_group"].clone());
        *answers.entry(stratum).or_default() += 1;
    }
    assert!(!answers.is_empty());
    for (stratum, count) in &answers {
        assert!(
            frame.get(stratum).is_some_and(|whole| count <= whole),
            "{stratum:?}: {count} of {:?}",
            frame.get(stratum)
        );
    }
}

#[test]
fn the_register_was_copied_twice() {
    let folder = clean();
    let mut copies: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for row in table(folder.path(), "registry").into_iter().filter(|row| !row["uscc"].is_empty()) {
        copies.entry(row["period"].clone()).or_default().insert(row["uscc"].clone(), row);
    }
    assert_eq!(copies.keys().collect::<Vec<_>>(), ["2023-12", "2024-12"]);
    let (before, after) = (&copies["2023-12"], &copies["2024-12"]);
    let (mut changed, mut new) = (0, 0);
    for (code, row) in after {
        let Some(was) = before.get(code) else {
            assert!(
                row["est_date"].starts_with("2024"),
                "{code} was registered before and is not in the first copy"
            );
            new += 1;
            continue;
        };
        assert!(was["est_date"].as_str() <= "2023-12-31" && was["cancel_date"].as_str() <= "2023-12-31");
        for (field, value) in row {
            let of_time = ["delivery", "row", "period", "status", "cancel_date"].contains(&field.as_str());
            assert!(of_time || *value == was[field], "{code}: {field}");
        }
        if row["status"] != was["status"] {
            assert_eq!(was["status"], "active", "{code}: who ended stays as it is");
            assert!(row["cancel_date"].is_empty() || row["cancel_date"].starts_with("2024"), "{code}");
            changed += 1;
        }
    }
    // Whoever is in the first copy is in the second.
    assert_eq!(after.len(), before.len() + new);
    assert!(new > 20 && changed > 10, "{new} {changed}");
}
