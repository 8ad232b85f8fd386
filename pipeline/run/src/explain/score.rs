//! What a figure does in the frameworks that place it: its score, its weight, what it adds to each level above it, and
//! the rank of the unit. All of it is read from the tables the framework made.

use model::{Diagnostic, Value};
use query::TableName;
use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::explain::ask::{quoted, select};

/// The figure in one framework.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Scored {
    /// The framework.
    pub framework: String,
    /// Its name.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// The score of the value by its goalposts, from 0 to 100.
    pub score: Option<f64>,
    /// The share of the total this indicator has for this unit, from 0 to 1.
    pub weight: Option<f64>,
    /// What it adds to the total, in points.
    pub contribution: Option<f64>,
    /// The levels above it, from its parent to the total.
    pub levels: Vec<Level>,
    /// The unit's rank.
    pub rank: Option<i64>,
    /// The ranks it takes when one indicator is left out.
    pub rank_interval: Option<[i64; 2]>,
}

/// A pillar, a dimension or the framework itself.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Level {
    /// Its id.
    pub node: String,
    /// Its name.
    pub name_zh: String,
    /// The unit's score in it.
    pub score: Option<f64>,
    /// What the indicator adds to that score, in points.
    pub contribution: Option<f64>,
}

/// The figure in each framework that places it and has tables for the period.
pub(super) fn placed(
    context: &mut Context<'_>,
    indicator: &str,
    unit: &str,
    period: &str,
) -> Result<Vec<Scored>, Diagnostic> {
    let mut all = Vec::new();
    for (id, known) in &context.definitions.frameworks {
        let places = |placement: &&model::framework::Placement| placement.indicator == indicator;
        let Some(placement) = known.framework.placement.iter().find(places) else { continue };
        let at = format!("WHERE unit = {} AND period = {}", quoted(unit), quoted(period));
        let mut table = |table: &str, more: &str| {
            let name = TableName::new(id, table).ok_or_else(|| crate::context::engine_failure(id))?;
            let engine = context.engine([&name])?;
            select(engine, format!("SELECT * FROM {name} {at}{more}"))
        };
        let contributions = table("contributions", "")?;
        let own = (0..contributions.rows.len())
            .find(|row| contributions.get(*row, "indicator").and_then(Value::as_text) == Some(indicator));
        let Some(own) = own else { continue };
        let (scores, ranks) = (table("scores", "")?, table("ranks", "")?);
        let number = |column: &str| contributions.get(own, column).and_then(Value::as_f64);
        let whole = |column: &str| match ranks.get(0, column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let mut levels = Vec::new();
        let mut parent = Some(placement.parent.clone());
        while let Some(node) = parent.take() {
            let Some(known) = known.framework.node.iter().find(|known| known.id == node) else { break };
            let row = (0..scores.rows.len())
                .find(|row| scores.get(*row, "node").and_then(Value::as_text) == Some(node.as_str()));
            // The weights of the indicators under a node, as this unit has them, are shares of the node's weight.
            let under =
                |indicator: &str| is_under(&context.definitions.frameworks[id].framework, indicator, &node);
            let weight: f64 = (0..contributions.rows.len())
                .filter(|row| {
                    let of = contributions.get(*row, "indicator").and_then(Value::as_text);
                    of.is_some_and(under)
                })
                .filter_map(|row| contributions.get(row, "weight").and_then(Value::as_f64))
                .sum();
            let contribution = number("contribution").filter(|_| weight > 0.0).map(|points| points / weight);
            levels.push(Level {
                name_zh: known.name_zh.clone(),
                score: row.and_then(|row| scores.get(row, "score")).and_then(Value::as_f64),
                contribution,
                node,
            });
            parent.clone_from(&known.parent);
        }
        all.push(Scored {
            framework: id.clone(),
            name_zh: known.framework.name_zh.clone(),
            name_en: known.framework.name_en.clone(),
            score: number("score"),
            weight: number("weight"),
            contribution: number("contribution"),
            levels,
            rank: whole("rank"),
            rank_interval: whole("rank_low").zip(whole("rank_high")).map(|(low, high)| [low, high]),
        });
    }
    Ok(all)
}

fn is_under(framework: &model::Framework, indicator: &str, node: &str) -> bool {
    let placed = framework.placement.iter().find(|placement| placement.indicator == indicator);
    let mut at = placed.map(|placement| placement.parent.as_str());
    while let Some(here) = at {
        if here == node {
            return true;
        }
        at = framework.node.iter().find(|known| known.id == here).and_then(|known| known.parent.as_deref());
    }
    false
}
