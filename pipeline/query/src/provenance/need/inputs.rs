//! What each operator asks of its inputs.

use std::collections::BTreeSet;

use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Aggregate, Distinct, Expr, LogicalPlan};

use crate::keys::Keys;
use crate::provenance::need::join::of_join;
use crate::provenance::need::{Need, Use, aggregate_call, unknown};

/// What each input is asked for; `None` for an input that cannot change what is needed.
///
/// # Errors
/// An operator that is not known here.
pub(crate) fn of_inputs(
    node: &LogicalPlan,
    need: &Need,
    keys: &Keys,
) -> Result<Vec<Option<Need>>, DataFusionError> {
    Ok(match node {
        LogicalPlan::Projection(projection) => {
            let mut below = Need { rows: need.rows, ..Need::default() };
            let schema = projection.input.schema();
            for (at, expr) in projection.expr.iter().enumerate() {
                uses(need, at).into_iter().try_for_each(|used| below.add(expr, schema, used))?;
            }
            vec![Some(below)]
        }
        LogicalPlan::Filter(filter) => {
            let mut below = need.clone();
            below.add(&filter.predicate, filter.input.schema(), Use::Filter)?;
            vec![Some(below)]
        }
        LogicalPlan::Sort(sort) => {
            let mut below = need.clone();
            if sort.fetch.is_some() {
                for one in &sort.expr {
                    below.add(&one.expr, sort.input.schema(), Use::Filter)?;
                }
            }
            vec![Some(below)]
        }
        LogicalPlan::SubqueryAlias(_) | LogicalPlan::Limit(_) | LogicalPlan::Repartition(_) => {
            vec![Some(need.clone())]
        }
        LogicalPlan::Union(union) => union.inputs.iter().map(|_| Some(need.clone())).collect(),
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let mut below = need.clone();
            below.group.extend(0..input.schema().fields().len());
            vec![Some(below)]
        }
        LogicalPlan::Aggregate(aggregate) => vec![Some(of_aggregate(aggregate, need)?)],
        LogicalPlan::Window(window) => {
            let width = window.input.schema().fields().len();
            let mut below = kept(need, 0, width);
            for (at, expr) in window.window_expr.iter().enumerate() {
                for used in uses(need, width + at) {
                    below.add(expr, window.input.schema(), used)?;
                }
            }
            vec![Some(below)]
        }
        LogicalPlan::Join(join) => of_join(join, need, keys)?.into(),
        LogicalPlan::TableScan(_) | LogicalPlan::EmptyRelation(_) | LogicalPlan::Values(_) => Vec::new(),
        other => return Err(unknown(&operator(other))),
    })
}

/// The name of an operator as SQL would have it.
fn operator(node: &LogicalPlan) -> String {
    let shown = node.display().to_string();
    shown.split([':', ' ']).next().unwrap_or_default().to_uppercase()
}

fn uses(need: &Need, at: usize) -> Vec<Use> {
    let all = [(&need.value, Use::Value), (&need.filter, Use::Filter), (&need.group, Use::Group)];
    all.into_iter().filter(|(set, _)| set.contains(&at)).map(|(_, used)| used).collect()
}

/// The part of a need between two positions, counted from the first.
pub(super) fn kept(need: &Need, from: usize, to: usize) -> Need {
    let part = |set: &BTreeSet<usize>| set.range(from..to).map(|at| at - from).collect();
    Need { value: part(&need.value), filter: part(&need.filter), group: part(&need.group), rows: need.rows }
}

fn of_aggregate(aggregate: &Aggregate, need: &Need) -> Result<Need, DataFusionError> {
    let schema = aggregate.input.schema();
    // Groups counted above are rows to be counted here.
    let mut below = Need { rows: need.rows, ..Need::default() };
    let groups = aggregate.group_expr.len();
    for (at, expr) in aggregate.group_expr.iter().enumerate() {
        if matches!(expr, Expr::GroupingSet(_)) {
            return Err(unknown("GROUPING SETS"));
        }
        if need.value.contains(&at) {
            below.add(expr, schema, Use::Value)?;
        }
        below.add(expr, schema, Use::Group)?;
    }
    for (at, expr) in aggregate.aggr_expr.iter().enumerate() {
        let call = aggregate_call(expr)?;
        for used in uses(need, groups + at) {
            let used = if used == Use::Group { Use::Filter } else { used };
            for arg in &call.params.args {
                below.add(arg, schema, used)?;
            }
            for sort in &call.params.order_by {
                below.add(&sort.expr, schema, Use::Filter)?;
            }
            if let Some(filter) = &call.params.filter {
                below.add(filter, schema, Use::Filter)?;
            }
        }
    }
    Ok(below)
}
