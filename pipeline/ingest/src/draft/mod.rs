//! A contract drafted from a file never seen before: what its tables are, where their columns stand, what the values
//! are, and how sure that is.
//!
//! ```text
//! bytes ─ format ─▶ sheets ─ blocks ─▶ parts ─ labels, above, wide ─▶ table ─ fields, kinds ─▶ sketch
//!       ─ text ─ the reader ─▶ rows ─ key ─▶ text
//! ```
//!
//! It reads with the reader's own eyes: cells, header paths, values, dates, codes and units are those of the modules
//! that read deliveries, and a draft is only handed out after the reader has read the file by it. It never decides
//! anything for the reader: a contract does, once a person has looked at it.

mod above;
mod apart;
mod band;
mod blocks;
mod codes;
mod context;
mod days;
mod departments;
mod fields;
mod figures;
mod key;
mod kinds;
mod labels;
mod names;
mod parts;
mod recognise;
mod sheets;
mod sideways;
mod sketch;
mod table;
mod units;
mod wide;
mod words;

use arrow::record_batch::RecordBatch;
use model::period::Period;
use model::{Contract, Diagnostic, Digest, Finding, Language, Reference, RowKind, definition};

use crate::decide::Years;
use crate::delivery::{self, Job, Outcome};
use crate::format;
use crate::grid::Sheet;
use parts::Part;
use sketch::{Sketch, Sure};
use table::Setting;

pub use recognise::{Recognised, recognise};

/// What a draft is wanted for.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Units and their names.
    pub reference: &'a Reference,
    /// The file's name, for titles and periods that stand nowhere else.
    pub file: &'a str,
    /// The id of the contract; of several drafts the first.
    pub id: Option<&'a str>,
    /// The department that sends it, if known.
    pub department: Option<&'a str>,
    /// The period it speaks of, if known.
    pub period: Option<Period>,
    /// The partition of its units, if known.
    pub partition: Option<&'a str>,
    /// The languages of the comments.
    pub languages: &'a [Language],
}

/// A drafted contract.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The text of `contracts/<id>.toml`.
    pub text: String,
    /// The same, parsed.
    pub contract: Contract,
    /// The tables it was drafted from.
    pub tables: Vec<DraftedTable>,
    /// The fields a person should look at.
    pub unsure: Vec<String>,
}

/// A table that was found, and what the reader made of it under the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftedTable {
    /// The sheet; empty for text files.
    pub sheet: String,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected.
    pub rejected: u64,
}

/// What was found in a file.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// One for each kind of table.
    pub drafts: Vec<Draft>,
    /// The period the file speaks of, if it says so.
    pub period: Option<Period>,
    /// The partition under which its units are understood best; empty when no unit was found.
    pub partition: String,
    /// The department: the one asked for, else the one the file names, else the first of the list.
    pub department: String,
    /// Whether it was asked for or named.
    pub department_known: bool,
    /// What the reader says of the file under the drafts.
    pub outcome: Outcome,
}

/// Why nothing was drafted.
#[derive(Debug)]
pub enum Undrafted {
    /// The file cannot be opened.
    Unopened(Box<Finding>),
    /// The draft is no contract: a fault of the drafter.
    Wrong(Vec<Diagnostic>),
}

/// Drafts a contract for each kind of table in a file, and reads the file by them.
///
/// # Errors
/// A file that cannot be opened. A file without tables has no drafts.
pub fn draft(bytes: &[u8], wish: &Wish<'_>) -> Result<Drafted, Undrafted> {
    let drafted = drafted(bytes, wish)?;
    match drafted.period {
        Some(_) => Ok(drafted),
        // The rows say when, if nothing else does: partition and vintage follow from it.
        None => match period_of_rows(&drafted.outcome) {
            Some(period) => self::drafted(bytes, &Wish { period: Some(period), ..wish.clone() }),
            None => Ok(drafted),
        },
    }
}

/// The year of the latest period that rows have of their own.
fn period_of_rows(outcome: &Outcome) -> Option<Period> {
    let texts = outcome.sources.iter().filter_map(|source| {
        let column = source.rows.column_by_name("period")?;
        let values = column.as_any().downcast_ref::<arrow::array::StringArray>()?;
        values.iter().flatten().max().map(str::to_owned)
    });
    let latest: Option<Period> = texts.max().and_then(|latest| latest.get(..4)?.parse().ok());
    latest.filter(|period| period.year() != NO_YEAR)
}

/// The year of deliveries of which nobody knows the year.
const NO_YEAR: u16 = 1000;

fn drafted(bytes: &[u8], wish: &Wish<'_>) -> Result<Drafted, Undrafted> {
    let opened = match format::open(bytes) {
        Ok(opened) => opened,
        Err(trouble) => return Err(Undrafted::Unopened(Box::new(format::unopened(wish.file, trouble)))),
    };
    let visible: Vec<Option<Sheet>> = opened.sheets.iter().map(Sheet::visible).collect();
    let shown = opened.sheets.iter().zip(&visible).filter(|(sheet, _)| !sheet.hidden);
    let shown: Vec<&Sheet> = shown.map(|(full, visible)| visible.as_ref().unwrap_or(full)).collect();
    let turned: Vec<Option<Sheet>> = shown.iter().map(|sheet| sideways::turned(sheet)).collect();
    let lying =
        shown.iter().zip(&turned).map(|(sheet, turned)| (turned.as_ref().unwrap_or(sheet), turned.is_some()));
    let names = |label: &str| labels::names_row(label, wish.reference);
    let parts: Vec<Part<'_>> = lying
        .flat_map(|(sheet, turned)| {
            blocks::find(sheet, &names).into_iter().map(move |block| Part::new(sheet, block, turned))
        })
        .collect();
    let stem = wish.file.rsplit_once('.').map_or(wish.file, |(stem, _)| stem);
    let period = wish.period.or_else(|| context::period_said(&parts, stem));
    let year = period.map_or(0, |period| period.year());
    let vintage = if year == 0 { String::new() } else { year.to_string() };
    let partition = context::partition(wish, &parts, &vintage);
    let (department, department_why, department_known) = context::department(wish, &parts);
    let setting = Setting {
        reference: wish.reference,
        partition: &partition,
        vintage: &vintage,
        department: &department,
        department_why: &department_why,
        years: Years { title: None, delivery: if year == 0 { NO_YEAR } else { year } },
        stem,
    };
    let kinds = parts::by_kind(parts);
    let mut sketches: Vec<(Sketch, &[Part<'_>])> =
        kinds.iter().filter_map(|parts| Some((table::sketch(&setting, parts)?, parts.as_slice()))).collect();
    apart::tell_apart(&mut sketches);
    apart::name(&mut sketches, wish);
    let delivery = context::as_delivery(wish, period, &setting);
    let mut sketches: Vec<Sketch> = sketches.into_iter().map(|(sketch, _)| sketch).collect();
    let read = |sketches: &[Sketch]| -> Result<(Vec<Contract>, Outcome), Undrafted> {
        let contracts = contracts(sketches, wish.languages)?;
        let wanted: Vec<&Contract> = contracts.iter().collect();
        let job = Job { delivery: &delivery, number: 1, contracts: &wanted, reference: wish.reference };
        let mut outcome = Outcome::default();
        delivery::read_sheets(&job, &Digest::of(bytes), &opened, &mut outcome);
        outcome.findings.sort();
        Ok((contracts, outcome))
    };
    // Until the rows are known the key is what every contract must have.
    for sketch in &mut sketches {
        let of_header = sketch.fields.iter().filter(|field| field.from == "header" && field.name != "period");
        sketch.key = of_header.map(|field| field.name.clone()).chain(["period".to_owned()]).collect();
    }
    let (_, outcome) = read(&sketches)?;
    for sketch in &mut sketches {
        let sources = outcome.sources.iter().filter(|source| source.contract == sketch.id);
        let batches: Vec<&RecordBatch> = sources.map(|source| &source.rows).collect();
        key::choose(sketch, &batches);
    }
    let (contracts, outcome) = read(&sketches)?;
    let drafts = sketches.into_iter().zip(contracts).map(|(sketch, contract)| {
        let sources = outcome.sources.iter().filter(|source| source.contract == sketch.id);
        let tables = sources.map(|source| DraftedTable {
            sheet: source.sheet.clone(),
            kept: source.accounting.count(RowKind::Kept),
            rejected: source.accounting.count(RowKind::Rejected),
        });
        let unsure =
            sketch.fields.iter().filter(|field| field.sure == Sure::Low).map(|field| field.name.clone());
        Draft {
            tables: tables.collect(),
            unsure: unsure.collect(),
            text: sketch.text(wish.languages),
            id: sketch.id,
            title: sketch.title,
            contract,
        }
    });
    let drafts: Vec<Draft> = drafts.collect();

    Ok(Drafted {
        drafts,
        period,
        partition: partition.clone(),
        department: department.clone(),
        department_known,
        outcome,
    })
}

fn contracts(sketches: &[Sketch], languages: &[Language]) -> Result<Vec<Contract>, Undrafted> {
    sketches
        .iter()
        .map(|sketch| contract(sketch, languages))
        .collect::<Result<_, _>>()
        .map_err(Undrafted::Wrong)
}

/// The contract of a sketch, looked at as `lint` looks at it.
fn contract(sketch: &Sketch, languages: &[Language]) -> Result<Contract, Vec<Diagnostic>> {
    let (file, text) = (format!("contracts/{}.toml", sketch.id), sketch.text(languages));
    let contract: Contract = definition::parse(&file, &text)?;
    let wrong = contract.faults().into_iter().map(|fault| {
        let path: Vec<&str> = fault.path.iter().map(String::as_str).collect();
        Diagnostic::new("wrong-value", definition::locate(&file, &text, &path))
            .with("key", fault.path.join("."))
            .with("value", fault.value)
            .with("expected", fault.expected)
    });
    let wrong: Vec<Diagnostic> = wrong.collect();
    if wrong.is_empty() { Ok(contract) } else { Err(wrong) }
}
