//! What was sent and does not stand: rows that a check of all deliveries together rejected or a later delivery
//! replaced, and rows that could not be read.
//!
//! Of the former the query itself says whether they would have counted: it is followed once more with them let in.
//! Of the latter there is only the text: a row would have counted if it was sent for a contract and period the figure
//! rests on and its unit is named as this one.

use std::collections::BTreeMap;

use model::period::Period;
use model::resolve::Meaning;
use model::{Diagnostic, Value};
use query::{Lineage, Provenance, Role};
use schemars::JsonSchema;
use serde::Serialize;

use crate::accounts::{text_at, texts, whole, whole_at};
use crate::context::pass1_names;
use crate::explain::answer::{Row, Told};
use crate::explain::ask::select;
use crate::explain::follow::Follower;
use crate::explain::rows::{Finder, place};
use crate::explain::tables::Tables;
use crate::parquet_file;

/// How many rows are shown of a file and reason.
const SHOWN: usize = 5;

/// Refused rows of one file, for one reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The contract.
    pub contract: String,
    /// The file.
    pub file: String,
    /// The code of the finding.
    pub code: String,
    /// The field it is about; empty for the row.
    pub field: String,
    /// What it says of the first row: Chinese and English.
    pub reason: [String; 2],
    /// `query`: the figure's query would count them; `label`: their unit and period are named as the figure's.
    pub judged_by: &'static str,
    /// How many rows.
    pub count: usize,
    /// The first places, `sheet ▸ row`.
    pub places: Vec<String>,
    /// The first rows with their cells, where they could be read.
    pub rows: Vec<Row>,
}

/// Rows of one file that another file replaced.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Replaced {
    /// The contract.
    pub contract: String,
    /// The file whose rows were replaced.
    pub file: String,
    /// The file that replaced them.
    pub by: String,
    /// When that one came.
    pub by_received_on: String,
    /// How many rows would have counted.
    pub count: usize,
    /// The first of them with their cells.
    pub rows: Vec<Row>,
}

/// Rows that pass 2 left out and that would have counted: contract → origin → state, what stands instead, finding.
pub(super) struct Found(BTreeMap<String, BTreeMap<i64, State>>);

/// State, the row that stands instead, finding.
type State = (String, Option<i64>, String);

/// Follows the query with rejected and superseded rows let in, one contract at a time.
pub(super) fn find(
    tables: &mut Tables<'_, '_>,
    follower: &Follower<'_>,
    columns: &Lineage,
    known: &Provenance,
) -> Result<Found, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let mut found = BTreeMap::new();
    for contract in made_of(tables, columns) {
        let (_, state) = pass1_names(&contract).map_err(one)?;
        let states = select(
            &tables.engine,
            format!("SELECT _origin, state, by_origin, finding FROM {state} WHERE state IN ('rejected', 'superseded')"),
        )
        .map_err(one)?;
        if states.rows.is_empty() {
            continue;
        }
        let with_all = tables.with_all_rows(&contract, |engine| follower.all_rows(engine))?;
        let counted = with_all.rows.get(&contract).cloned().unwrap_or_default();
        let standing = known.rows.get(&contract);
        let mut of_contract = BTreeMap::new();
        for row in 0..states.rows.len() {
            let Some(Value::Int(origin)) = states.get(row, "_origin") else { continue };
            let stands = standing.is_some_and(|rows| rows.contains_key(origin));
            if stands || counted.get(origin) != Some(&Role::Counted) {
                continue;
            }
            let text = |column: &str| states.get(row, column).map(Value::to_text).unwrap_or_default();
            let by = match states.get(row, "by_origin") {
                Some(Value::Int(by)) => Some(*by),
                _ => None,
            };
            of_contract.insert(*origin, (text("state"), by, text("finding")));
        }
        if !of_contract.is_empty() {
            found.insert(contract, of_contract);
        }
    }
    Ok(Found(found))
}

/// The contracts whose figures or rows are in the figure: a row of another only decides, and never counts.
pub(super) fn made_of(tables: &Tables<'_, '_>, columns: &Lineage) -> Vec<String> {
    let named = |contract: &&String| {
        let table = format!("extracts.{contract}");
        columns.value.contains_key(&table) || columns.rows.contains(&table)
    };
    tables.contracts.iter().filter(named).cloned().collect()
}

/// Why rows of a file were refused.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Why {
    contract: String,
    file: String,
    code: String,
    field: String,
    judged_by: &'static str,
}

impl Why {
    fn new(
        finder: &Finder<'_, '_, '_>,
        contract: &str,
        origin: i64,
        code: &str,
        judged_by: &'static str,
    ) -> Self {
        let file = finder.places.of(origin, None).map_or("", |of| of.file);
        let field = finder.finding(origin, code).map(|told| told.field.clone()).unwrap_or_default();
        Self { contract: contract.to_owned(), file: file.to_owned(), code: code.to_owned(), field, judged_by }
    }
}

/// Why → origins.
type Refused = BTreeMap<Why, Vec<i64>>;

impl Found {
    /// Refused rows by file and reason, and replaced ones by file.
    pub(super) fn told(
        &self,
        finder: &Finder<'_, '_, '_>,
        columns: &Lineage,
        [unit, period]: [&str; 2],
    ) -> Result<(Vec<LeftOut>, Vec<Replaced>), Diagnostic> {
        let mut refused = Refused::new();
        let mut replaced: BTreeMap<[String; 3], Vec<i64>> = BTreeMap::new();
        for (contract, rows) in &self.0 {
            for (origin, (state, by, finding)) in rows {
                let Some(of) = finder.places.of(*origin, None) else { continue };
                if state == "superseded" {
                    let by = by.and_then(|by| finder.places.of(by, None)).map(|by| by.file.to_owned());
                    let key = [contract.clone(), of.file.to_owned(), by.unwrap_or_default()];
                    replaced.entry(key).or_default().push(*origin);
                } else {
                    let why = Why::new(finder, contract, *origin, finding, "query");
                    refused.entry(why).or_default().push(*origin);
                }
            }
        }
        for contract in made_of(finder.tables, columns) {
            unread(finder, &contract, unit, period, &mut refused)?;
        }
        let first_rows = |contract: &str, origins: &[i64]| {
            let (all, _) = pass1_names(contract)?;
            finder.rows(contract, &origins[..origins.len().min(SHOWN)], &all.to_string(), columns)
        };
        let deliveries = &finder.tables.context.definitions.deliveries;
        let received = |file: &str| {
            let found = deliveries.iter().find(|delivery| delivery.file == file);
            found.map(|delivery| delivery.received_on.clone()).unwrap_or_default()
        };
        let refused = refused.into_iter().map(|(why, origins)| {
            let line = |origin: &i64| {
                let of = finder.places.of(*origin, None);
                place("", of.map_or("", |of| of.sheet), &ingest::line_of(*origin).to_string())
            };
            // What could not be read is in no table.
            let read = why.judged_by == "query";
            let first = origins.first().and_then(|origin| finder.finding(*origin, &why.code));
            let said = |told: &Told| [told.message_zh.clone(), told.message_en.clone()];
            Ok(LeftOut {
                reason: first.map(said).unwrap_or_default(),
                count: origins.len(),
                places: origins.iter().take(SHOWN).map(line).collect(),
                rows: if read { first_rows(&why.contract, &origins)? } else { Vec::new() },
                contract: why.contract,
                file: why.file,
                code: why.code,
                field: why.field,
                judged_by: why.judged_by,
            })
        });
        let replaced = replaced.into_iter().map(|([contract, file, by], origins)| {
            Ok(Replaced {
                by_received_on: received(&by),
                count: origins.len(),
                rows: first_rows(&contract, &origins)?,
                contract,
                file,
                by,
            })
        });
        Ok((refused.collect::<Result<_, Diagnostic>>()?, replaced.collect::<Result<_, Diagnostic>>()?))
    }
}

/// Rows that could not be read, whose unit is named as this one.
fn unread(
    finder: &Finder<'_, '_, '_>,
    contract: &str,
    unit: &str,
    period: &str,
    refused: &mut Refused,
) -> Result<(), Diagnostic> {
    let definitions = finder.tables.context.definitions;
    let Some(known) = definitions.contracts.get(contract) else { return Ok(()) };
    let Some(field) = known.unit_field() else { return Ok(()) };
    let Ok(asked) = period.parse::<Period>() else { return Ok(()) };
    // Source → period, partition, vintage.
    let of_source: BTreeMap<i64, (Period, [String; 2])> = (0..finder.sources.num_rows())
        .filter_map(|row| {
            let text = |column: &str| text_at(texts(&finder.sources, column), row).unwrap_or_default();
            let source = whole_at(whole(&finder.sources, "source"), row)?;
            let told = text("period").parse().ok().filter(|_| text("contract") == contract)?;
            Some((source, (told, ["partition", "vintage"].map(text))))
        })
        .collect();
    for path in finder.tables.context.rejects(contract) {
        let batch = parquet_file::read(&path)?;
        for row in 0..batch.num_rows() {
            let Some(origin) = whole_at(whole(&batch, "_origin"), row) else { continue };
            let Some((delivered, [partition, vintage])) = of_source.get(&(origin >> 32)) else { continue };
            let text = |column: &str| text_at(texts(&batch, column), row).unwrap_or_default();
            let cells: Vec<String> = serde_json::from_str(&text("raw")).unwrap_or_default();
            let cell = |field: &str| {
                let column = finder.places.column(origin, field)?;
                cells.get(usize::try_from(column.line).ok()?.checked_sub(1)?)
            };
            let Some(label) = cell(&field.name) else { continue };
            let meaning = definitions.reference.resolve(label, partition, vintage);
            let same = match meaning {
                Meaning::Unit { unit: named, .. } => {
                    let parent = definitions.reference.units.get(&named).map(|known| known.parent.as_str());
                    named == unit || parent == Some(unit)
                }
                _ => false,
            };
            let own = known.period_field().and_then(|field| ingest::stated_period(cell(&field.name)?, field));
            // A row that does not say its period is of that of its delivery.
            let of = own.as_ref().unwrap_or(delivered);
            if same && (asked.contains(of) || of.contains(&asked)) {
                let why = Why::new(finder, contract, origin, &text("code"), "label");
                refused.entry(why).or_default().push(origin);
            }
        }
    }
    Ok(())
}
