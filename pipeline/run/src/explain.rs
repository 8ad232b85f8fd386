//! A figure down to its cells: what it is, the rows it stands on with file, sheet and cell and the text as sent, what
//! is known to be wrong with them, what was left out, and what it does in each framework.
//!
//! ```text
//! asked ─▶ follow ─▶ rows, cells, left_out, absent ─▶ score ─▶ answer
//! ```
//!
//! Rows are found by running the query's plan with origins (`query::provenance`), never by a list kept beside it. All
//! else is read from what the last run left under `out/`; nothing is written.

mod absent;
mod answer;
mod ask;
mod asked;
mod cells;
mod columns;
mod describe;
mod follow;
mod left_out;
mod rows;
mod score;
mod tables;

use std::path::Path;

use model::{Diagnostic, Value};
use query::{Provenance, TableName};

use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::explain::follow::Follower;

pub use absent::{Absence, Supply};
pub use answer::{Cell, Described, Explanation, Figure, Group, Part, Row, Told};
pub use columns::{Columns, Of, columns};
pub use left_out::{LeftOut, Replaced};
pub use score::{Level, Scored};

/// What an explanation may take of the machine; it is the same with any.
#[derive(Clone, Copy, Debug)]
pub struct Power {
    /// Threads.
    pub threads: usize,
    /// Bytes that queries may hold; none given: as in a run.
    pub memory: Option<usize>,
}

impl Default for Power {
    fn default() -> Self {
        Self { threads: 1, memory: None }
    }
}

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
    power: Power,
) -> Result<Explanation, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let definitions = Definitions::load(folder)?;
    let (mut context, parsed) = asked::open(&definitions, indicator, power)?;
    let unit = asked::unit(&definitions, indicator, unit).map_err(one)?;
    let table = asked::table(&mut context, indicator, &unit).map_err(one)?;
    let (period, row) = asked::period(&definitions, indicator, &unit, &table, period).map_err(one)?;
    let get = |column: &str| table.get(row, column).filter(|value| **value != Value::Null);
    let has = |column: &str| get(column).is_some();
    let text = |column: &str| get(column).map(Value::to_text);
    let survey = definitions.indicators.get(indicator).is_some_and(|known| known.survey.is_some());
    let sums = if survey { strata_sums(&mut context, indicator, &unit, &period)? } else { Vec::new() };
    let amount = |part: &str| {
        text(part).or_else(|| sums.iter().find(|(name, _)| *name == part).map(|(_, sum)| sum.clone()))
    };

    let mut behind = tables::Tables::new(&mut context, &parsed).map_err(one)?;
    let chosen = [("unit", unit.as_str()), ("period", period.as_str())];
    let follower = Follower { parsed: &parsed, survey, chosen: &chosen };
    let followed = follower.parts(&behind.engine, &has)?;
    let columns = follower.all_columns(&behind.engine)?;
    let mut known = Provenance::default();
    for one in &followed {
        known.merge(one.rows.clone());
    }
    let left = left_out::find(&mut behind, &follower, &columns, &known)?;

    let finder = rows::Finder::new(&behind).map_err(one)?;
    let mut parts = Vec::new();
    for one_part in &followed {
        let groups = finder.groups(&one_part.rows, &one_part.columns).map_err(one)?;
        if groups.is_empty() && one_part.part == "status" {
            continue;
        }
        let every_row_matters = one_part.rows.whole.iter().cloned().collect();
        parts.push(Part { part: one_part.part, amount: amount(one_part.part), every_row_matters, groups });
    }
    let (rejected, superseded) = left.told(&finder, &columns, [&unit, &period]).map_err(one)?;
    let status = text("status").unwrap_or_default();
    let absence = if has("value") {
        None
    } else {
        let by_design = status == "not_available_by_design";
        let supplies = if by_design {
            Vec::new()
        } else {
            absent::supplies(&behind, &columns, &unit, &period).map_err(one)?
        };
        Some(Absence { by_design, parts: absent::parts(&has), supplies })
    };
    let value = get("value").and_then(Value::as_f64);
    Ok(Explanation {
        nature: definitions.assessment.nature.name(),
        indicator: describe::described(&definitions, indicator, &parsed.query),
        unit_zh: asked::name(&definitions, &unit),
        figure: Figure {
            status,
            flags: text("flags").unwrap_or_default(),
            value: text("value"),
            shown: value.map(|value| describe::shown(&definitions, indicator, value)),
            numerator: text("numerator"),
            denominator: text("denominator"),
            sample_size: text("sample_size"),
            standard_error: text("standard_error"),
        },
        absence,
        extracts_folder: describe::plain_path(&definitions.shown(&definitions.assessment.folders.extracts)),
        parts,
        rejected,
        superseded,
        frameworks: score::placed(&mut context, indicator, &unit, &period).map_err(one)?,
        unit,
        period,
    })
}

/// What the parts of a survey item come to over its strata; nothing where there is no number.
fn strata_sums(
    context: &mut Context<'_>,
    indicator: &str,
    unit: &str,
    period: &str,
) -> Result<Vec<(&'static str, String)>, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let name = TableName::new("strata", indicator).ok_or_else(|| one(engine_failure(indicator)))?;
    let engine = context.engine([&name]).map_err(one)?;
    let sums = follow::STRATUM_PARTS.map(|part| format!("SUM({part}) AS {part}")).join(", ");
    let [unit, period] = [unit, period].map(ask::quoted);
    let sql = format!("SELECT {sums} FROM {name} WHERE unit = {unit} AND period = {period}");
    let found = ask::select(engine, sql).map_err(one)?;
    let sum = |part: &'static str| match found.get(0, part) {
        None | Some(Value::Null) => None,
        Some(sum) => Some((part, sum.to_text())),
    };
    Ok(follow::STRATUM_PARTS.into_iter().filter_map(sum).collect())
}
