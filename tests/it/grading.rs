//! Ingest graded by the truth of the invented city: of what was planted, how much was found (recall), and of what was
//! found, how much was planted (precision), class by class.
//!
//! `cargo nextest run -p mantianxing-tests --run-ignored only --no-capture grading::the_small_city` grades the small city.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::invented::{Invented, parquet};
use crate::{secrets, truth};

/// Findings told once a column, at their first place.
const OF_COLUMN: [&str; 6] =
    ["code-repaired", "duration-counted", "footnote-mark", "no-clock-time", "personal-data", "value-rounded"];
/// Notes on what could not be tested or was inferred; they say nothing of a value.
const NOTES: [&str; 4] = ["header-inferred", "hidden-unknown", "relation-untested", "rule-without-rows"];

/// One class of mess.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Class {
    /// Planted with a finding, and of them found.
    planted: usize,
    found: usize,
    /// Planted to be read without a word.
    silent: usize,
    /// Findings told, and of them planted.
    told: usize,
    right: usize,
}

#[derive(Debug, Default)]
struct Grades {
    classes: BTreeMap<String, Class>,
    missed: Vec<String>,
    not_planted: Vec<String>,
}

/// A place in a sheet: row and column, 0 where none is meant.
type At = (u32, u32);
/// Where one code was told: the field, and whether it was planted there.
type Places<'a> = BTreeMap<At, (&'a str, bool)>;

fn grade(invented: &Invented) -> Grades {
    let planted = invented.truth("planted");
    let findings = parquet(&invented.out("findings.parquet"));
    let mut told: BTreeMap<(&str, &str), Places<'_>> = BTreeMap::new();
    for [file, code, row, column, field] in findings.select(["file", "code", "row", "column", "field"]) {
        if !NOTES.contains(&code) {
            let at = (row.parse().unwrap(), column.parse().unwrap());
            told.entry((file, code)).or_default().insert(at, (field, false));
        }
    }
    let mut grades = Grades::default();
    let mut class_of_code: BTreeMap<&str, &str> = BTreeMap::new();
    for [file, row, column, field, class, what, code] in
        planted.select(["file", "row", "column", "field", "class", "what", "finding"])
    {
        let of_class = grades.classes.entry(class.to_owned()).or_default();
        if code.is_empty() {
            of_class.silent += 1;
            continue;
        }
        class_of_code.entry(code).or_insert(class);
        of_class.planted += 1;
        let (line, at): At = (row.parse().unwrap(), column.parse().unwrap());
        let anywhere = line == 0 || OF_COLUMN.contains(&code) || code.starts_with("hidden");
        let rows = if anywhere { (0, 0)..=(u32::MAX, u32::MAX) } else { (line, 0)..=(line, u32::MAX) };
        let mut hit = false;
        for ((_, of), (of_field, explained)) in
            told.get_mut(&(file, code)).into_iter().flat_map(|told| told.range_mut(rows.clone()))
        {
            // In a wide table a field has many columns.
            let same_field = OF_COLUMN.contains(&code) && *of_field == field;
            if at == 0 || *of == 0 || *of == at || same_field {
                (hit, *explained) = (true, true);
            }
        }
        if hit {
            of_class.found += 1;
        } else {
            grades.missed.push(format!("{file}:{line}:{at} {what} {code}"));
        }
    }
    for ((file, code), places) in &told {
        let class = class_of_code.get(code).copied().unwrap_or("none");
        let of_class = grades.classes.entry(class.to_owned()).or_default();
        for ((row, column), (_, explained)) in places {
            of_class.told += 1;
            of_class.right += usize::from(*explained);
            if !explained {
                grades.not_planted.push(format!("{file}:{row}:{column} {code}"));
            }
        }
    }
    grades
}

impl Grades {
    /// The table as Markdown, the sum below.
    fn table(&self) -> String {
        let mut table = String::from(
            "| class | planted with a finding | found | recall | read without a word | findings told | of them planted | precision |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        let mut all = Class::default();
        for (name, class) in &self.classes {
            line(&mut table, name, class);
            all.planted += class.planted;
            all.found += class.found;
            all.silent += class.silent;
            all.told += class.told;
            all.right += class.right;
        }
        line(&mut table, "all", &all);
        table
    }
}

fn line(table: &mut String, name: &str, class: &Class) {
    let share = |part: usize, whole: usize| {
        let hundredths = (part * 10_000).checked_div(whole);
        hundredths.map_or_else(|| "—".to_owned(), |share| format!("{}.{:02} %", share / 100, share % 100))
    };
    let Class { planted, found, silent, told, right } = class;
    let (recall, precision) = (share(*found, *planted), share(*right, *told));
    writeln!(
        table,
        "| {name} | {planted} | {found} | {recall} | {silent} | {told} | {right} | {precision} |"
    )
    .unwrap();
}

/// Runs a scale and holds it against everything the truth says.
fn examine(invented: &Invented) -> (Grades, Vec<String>) {
    let ran = invented.run(&["run", "--quiet", "--json"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", &ran.stdout[..ran.stdout.len().min(2000)], ran.stderr);
    let grades = grade(invented);
    say(&grades.table());
    say(&shortened(&grades.missed));
    say(&shortened(&grades.not_planted));
    let mut wrong = truth::differences(invented);
    let (leaks, secrets) = secrets::leaks(invented);
    assert!(secrets > 100, "{secrets}");
    wrong.extend(leaks);
    (grades, wrong)
}

fn say(text: &str) {
    std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes()).unwrap();
}

fn shortened(lines: &[String]) -> String {
    format!("{}: {}", lines.len(), lines[..lines.len().min(40)].join("\n"))
}

#[test]
fn the_mini_city_is_read_as_its_truth_says() {
    let invented = Invented::of("mini");
    let (grades, wrong) = examine(&invented);
    assert!(wrong.is_empty(), "{}", shortened(&wrong));
    assert!(grades.missed.is_empty(), "missed: {}", shortened(&grades.missed));
    assert!(grades.not_planted.is_empty(), "not planted: {}", shortened(&grades.not_planted));
    let classes: BTreeSet<&str> = grades.classes.keys().map(String::as_str).collect();
    for class in 1..=22 {
        let class = format!("m{class:02}");
        assert!(classes.contains(class.as_str()), "{class} is not planted: {classes:?}");
    }
    let planted = invented.truth("planted");
    let kinds: BTreeSet<&str> = planted.select(["what"]).map(|[what]| what).collect();
    for kind in
        ["second table below", "second sheet", "hidden row", "hidden column", "formula without its value"]
    {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
}

#[test]
#[ignore = "minutes; its table stands in data-samples/synthetic/README.md"]
fn the_small_city_is_read_as_its_truth_says() {
    let (grades, wrong) = examine(&Invented::in_place());
    assert!(wrong.is_empty(), "{}", shortened(&wrong));
    assert!(grades.missed.is_empty(), "missed: {}", shortened(&grades.missed));
    let (told, right) =
        grades.classes.values().fold((0, 0), |(told, right), class| (told + class.told, right + class.right));
    assert!(right * 100 >= told * 99, "{right} of {told}");
}
