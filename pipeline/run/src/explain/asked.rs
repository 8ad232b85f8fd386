//! What was asked for: names as people type them become an indicator, a unit and a period that exist, or a diagnostic
//! that says what is near.

use model::resolve::Meaning;
use model::{Diagnostic, Place, Table, Value, text};
use query::TableName;

use crate::context::Context;
use crate::definitions::Definitions;
use crate::explain::{quoted, select};

fn unknown(what: &str, name: &str, candidates: &[String]) -> Diagnostic {
    let near = text::suggest(name, candidates.iter().map(String::as_str)).map(str::to_owned);
    Diagnostic::new("unknown-name", Place::default()).with("what", what).with("name", name).suggest(near)
}

/// Whether there is such an indicator.
pub(super) fn indicator(definitions: &Definitions, id: &str) -> Result<(), Diagnostic> {
    if definitions.indicators.contains_key(id) {
        return Ok(());
    }
    let by_name = definitions.indicators.iter().find(|(_, known)| known.name_zh == id || known.name_en == id);
    let near = by_name.map(|(known, _)| vec![known.clone()]);
    let told = Diagnostic::new("unknown-name", Place::default()).with("what", "indicator").with("name", id);
    Err(match near {
        Some(near) => told.suggest(near.first().cloned()),
        None => unknown("indicator", id, &definitions.indicators.keys().cloned().collect::<Vec<_>>()),
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
            let names: Vec<String> = names.flat_map(|unit| [unit.name_zh.clone(), unit.id.clone()]).collect();
            Err(unknown("unit", name, &names))
        }
    }
}

/// The indicator's rows for a unit, as the last run made them.
pub(super) fn table(context: &mut Context<'_>, indicator: &str, unit: &str) -> Result<Table, Diagnostic> {
    let name = TableName::new("indicators", indicator).ok_or_else(|| unknown("indicator", indicator, &[]))?;
    let engine = context.engine([&name])?;
    select(engine, format!("SELECT * FROM {name} WHERE unit = {}", quoted(unit)))
}

/// The period asked for, or the last one with a value (else the last one), and its row. `unit` is its name, for the message.
pub(super) fn period(table: &Table, unit: &str, asked: Option<&str>) -> Result<(String, usize), Diagnostic> {
    let of = |row: usize| table.get(row, "period").map(Value::to_text).unwrap_or_default();
    let rows = || 0..table.rows.len();
    let found = if let Some(asked) = asked {
        rows().find(|row| of(*row) == asked)
    } else {
        let has_value = |row: &usize| table.get(*row, "value").is_some_and(|value| *value != Value::Null);
        rows().filter(has_value).max_by_key(|row| of(*row)).or_else(|| rows().max_by_key(|row| of(*row)))
    };
    found.map(|row| (of(row), row)).ok_or_else(|| {
        let periods: Vec<String> = rows().map(of).collect();
        let told = Diagnostic::new("no-figure", Place::default()).with("unit", unit);
        told.with("period", asked.unwrap_or_default()).with("periods", periods.join(", "))
    })
}
