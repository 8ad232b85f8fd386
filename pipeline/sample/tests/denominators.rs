//! The small sample is large enough: its counties meet the minimum denominators of most indicators, and 玉衡区 stays
//! small. Which do not is a table of `data-samples/synthetic/README.md`.
//!
//! `cargo nextest run -p mantianxing-sample --run-ignored only small`
#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says why")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use sample::Options;

type Row = BTreeMap<String, String>;

/// The year of the indicators.
const YEAR: &str = "2024";

fn table(folder: &Path, name: &str) -> Vec<Row> {
    let text = model::files::read_text(&folder.join(format!("truth/{name}.csv"))).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row =
        |record: csv::StringRecord| head.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// What is counted by county: denominators of the catalogue of indicators.
#[derive(Default)]
struct Counts(BTreeMap<&'static str, BTreeMap<String, u64>>);

impl Counts {
    fn add(&mut self, what: &'static str, row: &Row, count: u64, counts: bool) {
        let county = match row["unit"].as_str() {
            "nandou" => "tianxuan",
            "doukou" => "yuheng",
            unit => unit.trim_end_matches("_ex"),
        };
        *self.0.entry(what).or_default().entry(county.to_owned()).or_default() +=
            if counts { count } else { 0 };
    }

    fn of(folder: &Path) -> Self {
        let mut all = Self::default();
        let within = |row: &Row, field: &str| row[field].starts_with(YEAR);
        for row in table(folder, "registry").iter().filter(|row| row["entity_kind"] == "enterprise") {
            // The copy made at the end of a year tells how things stood then.
            let (last, active) = (row["period"] == "2024-12", row["status"] == "active");
            all.add("living at the end", row, 1, last && active);
            all.add("living at the start", row, 1, !last && active);
            all.add("new", row, 1, last && within(row, "est_date"));
            all.add("born three years before", row, 1, last && row["est_date"].starts_with("2021"));
        }
        for row in table(folder, "above_scale") {
            all.add("industry above scale", &row, 1, row["period"] == YEAR && row["list_kind"] == "industry");
            all.add("list of the year before", &row, 1, row["period"] == "2023");
        }
        for row in table(folder, "tech_enterprise") {
            all.add("technology enterprises", &row, 1, row["period"] == YEAR);
        }
        for row in table(folder, "procurement") {
            all.add("procurement contracts", &row, 1, within(&row, "signed_on"));
        }
        for row in table(folder, "policy_payment") {
            all.add("payments", &row, 1, within(&row, "paid_on"));
            all.add(
                "payments after notice",
                &row,
                1,
                within(&row, "paid_on") && !row["notice_end_on"].is_empty(),
            );
        }
        for row in table(folder, "service_case") {
            let opens = row["case_type"] == "open_business";
            let asks = ["request", "complaint", "report"].contains(&row["case_type"].as_str());
            let votes =
                !["", "none"].contains(&row["satisfaction"].as_str()) && row["rating_default"] != "true";
            all.add("openings", &row, 1, opens && within(&row, "accept_at"));
            all.add("cases due", &row, 1, asks && within(&row, "due_at"));
            all.add("votes", &row, 1, asks && votes && within(&row, "close_at"));
        }
        let mut checks = BTreeSet::new();
        for row in table(folder, "enforcement") {
            let counts = within(&row, "decided_on") && row["uscc"].starts_with("91");
            let check =
                if row["plan_no"].is_empty() { row["case_id"].clone() } else { row["plan_no"].clone() };
            let new = counts && row["kind"] == "inspection" && checks.insert((check, row["uscc"].clone()));
            all.add("inspections", &row, 1, new);
            all.add(
                "first minor penalties",
                &row,
                1,
                counts && row["kind"] == "penalty" && row["minor_first"] == "true",
            );
        }
        for row in table(folder, "guarantee") {
            all.add("guarantee contracts", &row, 1, within(&row, "start_on"));
        }
        for row in table(folder, "arrears") {
            all.add("claims", &row, 1, within(&row, "accepted_on"));
        }
        for row in table(folder, "park") {
            all.add("sites", &row, 1, row["period"] == "2024-H2");
        }
        for row in table(folder, "survey").iter().filter(|row| within(row, "started_at")) {
            all.add("responses", row, 1, true);
            all.add("responses with need", row, 1, row["q_fin_need"] != "no_need");
        }
        for row in table(folder, "joint_sheet") {
            let last = row["period"] == "2024-Q4";
            all.add("key towns", &row, row["key_towns"].parse().unwrap_or(0), last);
            all.add("grids", &row, row["grids"].parse().unwrap_or(0), last);
            all.add(
                "commercial cases closed",
                &row,
                row["commercial_closed"].parse().unwrap_or(0),
                within(&row, "period"),
            );
        }
        for row in table(folder, "county_base") {
            let population = row["population"].split('.').next().and_then(|whole| whole.parse().ok());
            all.add("population", &row, population.unwrap_or(0), row["period"] == YEAR);
        }
        all
    }
}

/// The least counts of the catalogue of indicators.
const LEAST: [(&str, u64); 24] = [
    ("living at the end", 500),
    ("living at the start", 500),
    ("new", 200),
    ("born three years before", 300),
    ("industry above scale", 50),
    ("list of the year before", 50),
    ("technology enterprises", 50),
    ("procurement contracts", 30),
    ("payments", 100),
    ("payments after notice", 100),
    ("openings", 100),
    ("cases due", 50),
    ("votes", 50),
    ("inspections", 100),
    ("first minor penalties", 30),
    ("guarantee contracts", 20),
    ("claims", 3),
    ("sites", 3),
    ("responses", 100),
    ("responses with need", 100),
    ("key towns", 1),
    ("grids", 1),
    ("commercial cases closed", 50),
    ("population", 10_000),
];

#[test]
fn the_small_sample_is_large_enough() {
    let folder = tempfile::tempdir().unwrap();
    sample::write(folder.path(), &Options::default()).unwrap();
    let counts = Counts::of(folder.path());
    let readme = model::files::read_text(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data-samples/synthetic/README.md"),
    );
    let readme = readme.unwrap();
    let (mut table, mut met) = (String::new(), 0);
    for (what, least) in LEAST {
        let of = &counts.0[what];
        assert_eq!(of.len(), 12, "{what}: {of:?}");
        let short: Vec<String> = of
            .iter()
            .filter(|(county, count)| *county != "yuheng" && **count < least)
            .map(|(county, count)| format!("{county} {count}"))
            .collect();
        met += usize::from(short.is_empty());
        let others = of.iter().filter(|(county, _)| *county != "yuheng").map(|(_, count)| count).min();
        let short = if short.is_empty() { "—".to_owned() } else { short.join(", ") };
        writeln!(table, "| {what} | {least} | {} | {} | {short} |", others.unwrap(), of["yuheng"]).unwrap();
    }
    assert!(counts.0["living at the end"]["yuheng"] < 500, "玉衡区 stays small");
    assert!(readme.contains(&table), "the table of README.md is not\n{table}");
    assert!(met >= 12, "{met}");
}
