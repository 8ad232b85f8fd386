//! What was asked for: names as people type them become an indicator, a unit and a period that exist, or a diagnostic
//! that says what is near.

use std::collections::{BTreeMap, BTreeSet};

use model::resolve::Meaning;
use model::{Diagnostic, Place, Table, Value, text};
use query::{Parsed, TableName};

use crate::assessed::Assessed;
use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::explain::Power;
use crate::explain::ask::{quoted, select};
use crate::lint::parse_all;
use crate::steps::{self, Work};
use crate::store::Store;
use crate::up_to_date::{below, stale};

/// The definitions with what the last run made, and the query of the indicator.
pub(super) fn open<'d>(
    definitions: &'d Definitions,
    id: &str,
    power: Power,
) -> Result<(Context<'d>, Parsed), Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    indicator(definitions, id).map_err(one)?;
    let (queries, reports) = parse_all(definitions)?;
    let steps = steps::build(definitions, &queries, &reports)?;
    let query = queries.iter().find(|parsed| {
        ["indicators", "strata"].contains(&parsed.query.name.schema()) && parsed.query.name.table() == id
    });
    let Some(query) = query.cloned() else {
        let unknown = Diagnostic::new("not-made-yet", Place::default());
        return Err(one(unknown.with("what", format!("indicators.{id}"))));
    };
    let store = Store::read_only(&definitions.out()).map_err(one)?;
    let mut context = Context::new(definitions, queries, reports, steps, store, power.threads);
    context.memory = power.memory.unwrap_or(context.memory);
    let out_of_date = out_of_date(&context, id);
    if out_of_date.is_empty() { Ok((context, query)) } else { Err(out_of_date) }
}

/// Where more is out of date than this, as after a new version of the program, only the figure is named.
const TOLD: usize = 5;

/// What is not as its inputs now are among all that a figure and its scores stand on: rows followed through changed queries
/// would be the rows of another figure. What only follows from that is not told.
fn out_of_date(context: &Context<'_>, id: &str) -> Vec<Diagnostic> {
    let places = |framework: &str| {
        let placed = &context.definitions.frameworks[framework].framework.placement;
        placed.iter().any(|placement| placement.indicator == id)
    };
    let own = [format!("indicators.{id}"), format!("strata.{id}")];
    let asked = context.steps.iter().enumerate().filter(|(_, step)| match &step.work {
        Work::Framework(framework) => places(framework),
        _ => own.contains(&step.name),
    });
    let all: BTreeSet<usize> = asked.flat_map(|(at, _)| below(context, at)).collect();
    let stale: BTreeMap<usize, Diagnostic> =
        all.into_iter().filter_map(|at| Some((at, stale(context, at)?))).collect();
    let first = |at: &usize| !context.steps[*at].needs.iter().any(|need| stale.contains_key(&need.step));
    let told: Vec<Diagnostic> =
        stale.iter().filter(|(at, _)| first(at)).map(|(_, told)| told.clone()).collect();
    if told.len() <= TOLD {
        return told;
    }
    let whole = Diagnostic::new("not-up-to-date", Place::default());
    vec![whole.with("what", format!("indicators.{id}"))]
}

/// So many units are listed where none is near.
const LISTED: usize = 40;

fn unknown(what: &str, name: &str, near: String) -> Diagnostic {
    let told = Diagnostic::new("unknown-name", Place::default()).with("what", what).with("name", name);
    told.suggest(Some(near))
}

/// Whether there is such an indicator. Its name leads to its id, a part of a name to the indicators that have it.
fn indicator(definitions: &Definitions, id: &str) -> Result<(), Diagnostic> {
    let known = &definitions.indicators;
    if known.contains_key(id) {
        return Ok(());
    }
    let named =
        |id: &String| known.get(id).map(|known| format!("{id} {}", known.name_zh)).unwrap_or_default();
    let lower = id.to_lowercase();
    let with_it = known.iter().filter(|(_, known)| {
        !lower.is_empty() && (known.name_zh.contains(id) || known.name_en.to_lowercase().contains(&lower))
    });
    let with_it: Vec<String> = with_it.map(|(id, _)| named(id)).collect();
    let names = known.values().flat_map(|known| [known.name_zh.as_str(), known.name_en.as_str()]);
    let near = text::suggest(id, known.keys().map(String::as_str).chain(names)).map(|near| {
        known.iter().find(|(id, known)| {
            *id == near || [&known.name_zh, &known.name_en].into_iter().any(|name| name == near)
        })
    });
    Err(match near.flatten() {
        _ if !with_it.is_empty() => unknown("indicator", id, with_it.join("、")),
        Some((near, _)) => unknown("indicator", id, named(near)),
        None => Diagnostic::new("no-such-indicator", Place::default()).with("name", id),
    })
}

/// The id of a unit by id, name, short name, alias or code.
pub(super) fn unit(definitions: &Definitions, indicator: &str, name: &str) -> Result<String, Diagnostic> {
    let units = &definitions.reference.units;
    if units.contains_key(name) {
        return Ok(name.to_owned());
    }
    let plain = text::squeeze(name);
    let assessed = |kind: &str| ["county", "zone"].contains(&kind);
    let by_name = units.values().filter(|unit| {
        [&unit.name_zh, &unit.short_zh].into_iter().any(|known| text::squeeze(known) == plain)
    });
    let by_name: Vec<_> = by_name.collect();
    let preferred = by_name.iter().find(|unit| assessed(&unit.kind)).or(by_name.first());
    if let Some(unit) = preferred {
        return Ok(unit.id.clone());
    }
    let partition = definitions.indicators.get(indicator).map(|known| known.partition.as_str());
    let vintage = definitions.assessment.periods.last().map(|period| period.year().to_string());
    let meaning =
        definitions.reference.resolve(name, partition.unwrap_or_default(), &vintage.unwrap_or_default());
    match meaning {
        Meaning::Unit { unit, .. } | Meaning::OutsidePartition { unit } => Ok(unit),
        _ => {
            let names = units.values().filter(|unit| assessed(&unit.kind));
            let names: Vec<[&str; 2]> = names.map(|unit| [unit.id.as_str(), unit.name_zh.as_str()]).collect();
            if let Some(near) = text::suggest(name, names.iter().flatten().copied()) {
                return Err(unknown("unit", name, near.to_owned()));
            }
            let few = names.len() <= LISTED;
            let all = names.into_iter().take(LISTED).map(|[id, name]| format!("{name} {id}"));
            let all = all.chain((!few).then(|| "…".to_owned())).collect::<Vec<_>>().join("、");
            Err(Diagnostic::new("no-such-unit", Place::default()).with("name", name).with("units", all))
        }
    }
}

/// The indicator's rows for a unit, as the last run made them.
pub(super) fn table(context: &mut Context<'_>, indicator: &str, unit: &str) -> Result<Table, Diagnostic> {
    let name = TableName::new("indicators", indicator).ok_or_else(|| engine_failure(indicator))?;
    let engine = context.engine([&name])?;
    select(engine, format!("SELECT * FROM {name} WHERE unit = {}", quoted(unit)))
}

/// The period asked for, or the last one with a value (else the last one), and its row.
pub(super) fn period(
    definitions: &Definitions,
    indicator: &str,
    unit: &str,
    table: &Table,
    asked: Option<&str>,
) -> Result<(String, usize), Diagnostic> {
    let of = |row: usize| table.get(row, "period").map(Value::to_text).unwrap_or_default();
    let rows = || 0..table.rows.len();
    let found = if let Some(asked) = asked {
        rows().find(|row| of(*row) == asked)
    } else {
        let has_value = |row: &usize| table.get(*row, "value").is_some_and(|value| *value != Value::Null);
        rows().filter(has_value).max_by_key(|row| of(*row)).or_else(|| rows().max_by_key(|row| of(*row)))
    };
    found.map(|row| (of(row), row)).ok_or_else(|| {
        let told = |code| Diagnostic::new(code, Place::default()).with("unit", name(definitions, unit));
        if table.rows.is_empty() {
            let known = definitions.indicators.get(indicator);
            let partition = known.map(|known| known.partition.as_str()).unwrap_or_default();
            let assessed = Assessed::of(&definitions.reference, partition);
            let units: Vec<String> = assessed.all().map(|(unit, _)| name(definitions, unit)).collect();
            return told("unit-not-assessed").with("partition", partition).with("units", units.join("、"));
        }
        let periods: Vec<String> = rows().map(of).collect();
        told("no-figure").with("period", asked.unwrap_or_default()).with("periods", periods.join(", "))
    })
}

/// The name of a unit; its id where it has none.
pub(super) fn name(definitions: &Definitions, unit: &str) -> String {
    definitions.reference.units.get(unit).map_or(unit, |known| known.name_zh.as_str()).to_owned()
}
