//! A figure down to its cells: what it is, the rows it stands on with file, sheet and cell and the text as sent, what
//! is known to be wrong with them, what was left out, and what it does in each framework.
//!
//! Rows are found by running the query's plan with origins (`query::provenance`), never by a list kept beside it. All
//! else is read from what the last run left under `out/`; nothing is written.

mod asked;
mod left_out;
mod rows;
mod score;
mod tables;

use std::path::Path;

use model::{Diagnostic, MeasureUnit, Place, Value};
use query::{Asked, Embedded, Lineage, Parsed, Provenance, Query, Role, TableName};
use serde::Serialize;

use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::lint::parse_all;
use crate::steps;
use crate::store::Store;

pub use left_out::{LeftOut, Replaced};
pub use rows::{Cell, Group, Row, Told};
pub use score::{Level, Scored};

/// Everything about one figure. Texts are as people read them; numbers are exact decimal texts.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// `assessment`, `demonstration` or `synthetic`.
    pub nature: &'static str,
    /// The indicator.
    pub indicator: Described,
    /// The unit's id.
    pub unit: String,
    /// Its name.
    pub unit_zh: String,
    /// The period.
    pub period: String,
    /// What the indicator's table says.
    pub figure: Figure,
    /// The rows behind each part of the figure.
    pub parts: Vec<Part>,
    /// Rows that were refused and would have counted.
    pub rejected: Vec<LeftOut>,
    /// Rows of earlier deliveries that would have counted, had no later one replaced them.
    pub superseded: Vec<Replaced>,
    /// What the figure does in each framework that places it.
    pub frameworks: Vec<Scored>,
}

/// What is true of the indicator wherever it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Described {
    /// Its id.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What it measures.
    pub definition_zh: String,
    /// The same in English.
    pub definition_en: String,
    /// The measure unit of `value`.
    pub measure_unit: String,
    /// Who publishes the figures.
    pub source_zh: String,
    /// What a reader must know before comparing.
    pub pitfalls_zh: Vec<String>,
    /// The file of its query.
    pub sql_file: String,
}

/// A row of an indicator's table.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// See the architecture: `ok`, `missing`, …
    pub status: String,
    /// Comma-separated.
    pub flags: String,
    /// In the indicator's measure unit; absent where there is none.
    pub value: Option<String>,
    /// As reports print it, with its unit.
    pub shown: Option<String>,
    /// What is above the line.
    pub numerator: Option<String>,
    /// What is below it.
    pub denominator: Option<String>,
    /// The count that the minimum is held against.
    pub sample_size: Option<String>,
    /// Of estimates.
    pub standard_error: Option<String>,
}

/// One part of a figure and the rows behind it.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// `numerator`, `denominator`, `value`, or `status` for what only decides; of a survey item `answer_sum`, `answers`
    /// and `frame`, over its strata.
    pub part: &'static str,
    /// Its amount, if it is a number.
    pub amount: Option<String>,
    /// Operators through which every row of a group matters: `median`, `max`, `DISTINCT`, …
    pub every_row_matters: Vec<String>,
    /// Its rows by contract and role.
    pub groups: Vec<Group>,
}

/// Contracts and columns an indicator is made of, through the queries between.
#[derive(Clone, Debug, Serialize)]
pub struct Columns {
    /// The indicator.
    pub indicator: Described,
    /// The figure is made of these columns: table → columns.
    pub value: Vec<Of>,
    /// Tables whose rows are counted, whatever stands in them.
    pub rows: Vec<Of>,
    /// Columns that decide which rows take part.
    pub filter: Vec<Of>,
    /// Columns by which rows are added up.
    pub group: Vec<Of>,
    /// The queries between, the first read first.
    pub queries: Vec<String>,
}

/// Columns of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Of {
    /// `extracts.<contract>`, `reference.<table>`, …
    pub table: String,
    /// The contract's title; empty for other tables.
    pub title_zh: String,
    /// Names of columns, with the first header the contract gives them.
    pub columns: Vec<[String; 2]>,
}

/// The parts of a figure by the columns of its query.
const PARTS: [&str; 3] = ["numerator", "denominator", "value"];

/// The same of a survey item, whose query returns sums by stratum.
const STRATUM_PARTS: [&str; 3] = ["answer_sum", "answers", "frame"];

/// Of a survey item: weights are trimmed within a stratum.
const TRIMMED: &str = "trimmed weights";

/// Explains one figure of the assessment in `folder`. `unit` may be an id, a name or an alias; without a period it is
/// the last one with a value.
///
/// # Errors
/// What is wrong in the definitions, a name that is not known, a table that has not been made, or an operator in the
/// query that cannot be followed.
pub fn explain(
    folder: &Path,
    indicator: &str,
    unit: &str,
    period: Option<&str>,
    threads: usize,
) -> Result<Explanation, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let definitions = Definitions::load(folder)?;
    let (mut context, parsed) = open(&definitions, indicator, threads)?;
    let unit = asked::unit(&definitions, indicator, unit).map_err(one)?;
    let table = asked::table(&mut context, indicator, &unit).map_err(one)?;
    let unit_zh =
        definitions.reference.units.get(&unit).map_or(unit.as_str(), |known| known.name_zh.as_str());
    let (period, row) = asked::period(&table, unit_zh, period).map_err(one)?;
    let get = |column: &str| table.get(row, column).filter(|value| **value != Value::Null);
    let text = |column: &str| get(column).map(Value::to_text);

    let mut behind = tables::Tables::new(&mut context, &parsed).map_err(one)?;
    let chosen = [("unit", unit.as_str()), ("period", period.as_str())];
    let mut found: Vec<(&'static str, Provenance)> = Vec::new();
    let survey = definitions.indicators.get(indicator).is_some_and(|known| known.survey.is_some());
    for part in parts_of(survey, &|column| get(column).is_some()) {
        let mut rows = provenance(&behind.engine, &parsed, &chosen, &[part], &[])?;
        if survey {
            rows.whole.insert(TRIMMED.to_owned());
        }
        found.push((part, rows));
    }
    if !survey {
        let decides = provenance(&behind.engine, &parsed, &chosen, &["value"], &["status"])?;
        found.push(("status", only_new(decides, &found)));
    }
    let columns = lineage(&behind.engine, &parsed, survey, &chosen)?;

    let mut all = Provenance::default();
    for (_, provenance) in &found {
        all.merge(provenance.clone());
    }
    let left = left_out::find(&mut behind, &parsed, survey, &chosen, &all)?;
    let finder = rows::Finder::new(&mut behind, &columns).map_err(one)?;
    let mut parts = Vec::new();
    for (part, provenance) in &found {
        let groups = finder.groups(provenance).map_err(one)?;
        if groups.is_empty() && *part == "status" {
            continue;
        }
        let every_row_matters = provenance.whole.iter().cloned().collect();
        parts.push(Part { part, amount: text(part), every_row_matters, groups });
    }
    let (rejected, superseded) = left.told(&finder, &unit, &period).map_err(one)?;
    let value = get("value").and_then(Value::as_f64);
    Ok(Explanation {
        nature: definitions.assessment.nature.name(),
        indicator: described(&definitions, indicator, &parsed.query),
        unit_zh: definitions
            .reference
            .units
            .get(&unit)
            .map_or_else(|| unit.clone(), |found| found.name_zh.clone()),
        figure: Figure {
            status: text("status").unwrap_or_default(),
            flags: text("flags").unwrap_or_default(),
            value: text("value"),
            shown: value.map(|value| shown(&definitions, indicator, value)),
            numerator: text("numerator"),
            denominator: text("denominator"),
            sample_size: text("sample_size"),
            standard_error: text("standard_error"),
        },
        parts,
        rejected,
        superseded,
        frameworks: score::placed(&mut context, indicator, &unit, &period).map_err(one)?,
        unit,
        period,
    })
}

/// The contracts and columns an indicator is made of.
///
/// # Errors
/// As [`explain`].
pub fn columns(folder: &Path, indicator: &str) -> Result<Columns, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let definitions = Definitions::load(folder)?;
    let (mut context, parsed) = open(&definitions, indicator, 1)?;
    let behind = tables::Tables::new(&mut context, &parsed).map_err(one)?;
    let survey = definitions.indicators.get(indicator).is_some_and(|known| known.survey.is_some());
    let found = lineage(&behind.engine, &parsed, survey, &[])?;
    let tables = |by: &std::collections::BTreeMap<String, std::collections::BTreeSet<String>>| {
        by.iter().map(|(table, columns)| of(&definitions, table, columns)).collect()
    };
    Ok(Columns {
        value: tables(&found.value),
        filter: tables(&found.filter),
        group: tables(&found.group),
        rows: found.rows.iter().map(|table| of(&definitions, table, [])).collect(),
        queries: behind.between.iter().map(|parsed| parsed.query.file.clone()).collect(),
        indicator: described(&definitions, indicator, &parsed.query),
    })
}

fn of<'c>(definitions: &Definitions, table: &str, columns: impl IntoIterator<Item = &'c String>) -> Of {
    let contract = table.strip_prefix("extracts.").and_then(|id| definitions.contracts.get(id));
    let header = |column: &String| {
        let field = contract.and_then(|contract| contract.field(column));
        field.and_then(|field| field.zh.first()).cloned().unwrap_or_default()
    };
    Of {
        table: table.to_owned(),
        title_zh: contract.map(|contract| contract.title_zh.clone()).unwrap_or_default(),
        columns: columns.into_iter().map(|column| [column.clone(), header(column)]).collect(),
    }
}

/// The definitions with what the last run made, and the query of the indicator.
fn open<'d>(
    definitions: &'d Definitions,
    indicator: &str,
    threads: usize,
) -> Result<(Context<'d>, Parsed), Vec<Diagnostic>> {
    asked::indicator(definitions, indicator).map_err(|diagnostic| vec![diagnostic])?;
    let (queries, reports) = parse_all(definitions)?;
    let steps = steps::build(definitions, &queries, &reports)?;
    let query = queries.iter().find(|parsed| {
        ["indicators", "strata"].contains(&parsed.query.name.schema())
            && parsed.query.name.table() == indicator
    });
    let Some(query) = query.cloned() else {
        let unknown = Diagnostic::new("not-made-yet", Place::default());
        return Err(vec![unknown.with("what", format!("indicators.{indicator}"))]);
    };
    let store = Store::read_only(&definitions.out()).map_err(|diagnostic| vec![diagnostic])?;
    Ok((Context::new(definitions, queries, reports, steps, store, threads), query))
}

/// Numerator and denominator where there are any, else the value; of a survey item the sums by stratum.
fn parts_of(survey: bool, has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    if survey {
        return STRATUM_PARTS.to_vec();
    }
    let parts: Vec<&'static str> = PARTS[..2].iter().copied().filter(|part| has(part)).collect();
    if parts.is_empty() { vec![PARTS[2]] } else { parts }
}

fn provenance(
    engine: &Embedded,
    parsed: &Parsed,
    rows: &[(&str, &str)],
    values: &[&str],
    conditions: &[&str],
) -> Result<Provenance, Vec<Diagnostic>> {
    engine
        .provenance(parsed, &Asked { rows, values, conditions })
        .map_err(|error| not_followed(&error.diagnostics(&parsed.query)))
}

fn lineage(
    engine: &Embedded,
    parsed: &Parsed,
    survey: bool,
    rows: &[(&str, &str)],
) -> Result<Lineage, Vec<Diagnostic>> {
    engine
        .lineage(parsed, &Asked { rows, values: columns_of(survey), conditions: &["unit", "period"] })
        .map_err(|error| not_followed(&error.diagnostics(&parsed.query)))
}

/// The columns of a query that make the figure.
fn columns_of(survey: bool) -> &'static [&'static str] {
    if survey { &STRATUM_PARTS } else { &PARTS }
}

/// An operator that cannot be followed has a message of its own.
fn not_followed(told: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut all = told.to_vec();
    for one in &mut all {
        let operator = one.params.get("reason").and_then(|reason| reason.strip_prefix("provenance through "));
        if let Some(operator) = operator {
            *one = Diagnostic::new("not-followed", one.place.clone()).with("operator", operator);
        }
    }
    all
}

/// The rows that have a role here and none in what was found before; they only decide.
fn only_new(mut decides: Provenance, before: &[(&'static str, Provenance)]) -> Provenance {
    for (contract, rows) in &mut decides.rows {
        rows.retain(|origin, _| {
            !before
                .iter()
                .any(|(_, found)| found.rows.get(contract).is_some_and(|rows| rows.contains_key(origin)))
        });
        for role in rows.values_mut() {
            *role = Role::Matched.max(*role);
        }
    }
    decides.rows.retain(|_, rows| !rows.is_empty());
    decides.whole.clear();
    decides
}

fn described(definitions: &Definitions, id: &str, query: &Query) -> Described {
    let known = definitions.indicators.get(id);
    let text = |get: fn(&model::Indicator) -> &String| known.map(get).cloned().unwrap_or_default();
    Described {
        id: id.to_owned(),
        name_zh: text(|found| &found.name_zh),
        name_en: text(|found| &found.name_en),
        definition_zh: text(|found| &found.definition_zh),
        definition_en: text(|found| &found.definition_en),
        measure_unit: text(|found| &found.measure_unit),
        source_zh: text(|found| &found.source_zh),
        pitfalls_zh: known.map(|found| found.pitfalls_zh.clone()).unwrap_or_default(),
        sql_file: query.file.clone(),
    }
}

/// The value as reports print it: in the display's measure unit, rounded.
fn shown(definitions: &Definitions, indicator: &str, value: f64) -> String {
    let Some(known) = definitions.indicators.get(indicator) else { return value.to_string() };
    let display = &known.display;
    let [own, printed] =
        [&known.measure_unit, &display.measure_unit].map(|unit| MeasureUnit::of_indicator(unit));
    let factor = match (own, printed) {
        (Some(own), Some(printed)) if own.canonical == printed.canonical => own
            .factor
            .checked_div(printed.factor)
            .and_then(|factor| f64::try_from(factor).ok())
            .unwrap_or(1.0),
        _ => 1.0,
    };
    let unit = if display.measure_unit == "1" { "" } else { display.measure_unit.as_str() };
    format!("{:.*} {unit}", usize::from(display.decimals), value * factor).trim_end().to_owned()
}

/// One row of text from the engine as plain values.
fn select(engine: &Embedded, sql: String) -> Result<model::Table, Diagnostic> {
    let name = TableName::new("ad_hoc", "query").ok_or_else(|| engine_failure("no name"))?;
    let batches = engine.select(&Query { name, file: String::new(), text: sql }).map_err(|wrong| *wrong)?;
    query::to_table(&batches).map_err(engine_failure)
}

/// A text as SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
