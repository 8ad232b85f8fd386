//! The rule that whatever depends on the order of rows has an order no two different rows tie in. What cannot be proven
//! from keys is refused: a tie would be broken by whichever thread came first, or by another engine otherwise.

use std::collections::BTreeSet;

use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{Expr, LogicalPlan, SortExpr, WindowFrameBound, WindowFrameUnits};
use model::Diagnostic;

use crate::calls::first_span;
use crate::keys::{Dependencies, Keys};
use crate::place;
use crate::source::Query;

/// Equal rows get equal values from these.
const TIES_ARE_FINE: [&str; 4] = ["rank", "dense_rank", "percent_rank", "cume_dist"];

/// The value of one row of the frame: ties are fine where they agree in it.
const ONE_OF_FRAME: [&str; 3] = ["first_value", "last_value", "nth_value"];

/// These look at rows, whatever the frame.
const NUMBERING: [&str; 4] = ["row_number", "ntile", "lag", "lead"];

/// What the rule says of a plan as it was written.
pub(crate) fn refused(query: &Query, plan: &LogicalPlan, keys: &Keys) -> BTreeSet<Diagnostic> {
    let mut found = BTreeSet::new();
    let mut refuse = |name: &str, expr: Option<&Expr>| {
        let near = expr.and_then(first_span);
        let place = place::locate_call(query, &[name], near);
        found.insert(Diagnostic::new("sql-order-not-total", place).with("name", name));
    };
    // The closures never fail, so neither does the walk.
    let _ = plan.apply_with_subqueries(|node| {
        match node {
            LogicalPlan::Window(window) => {
                for expr in &window.window_expr {
                    if let Some(call) = window_call(expr)
                        && !is_window_total(&window.input, call, keys)
                    {
                        refuse(call.fun.name(), Some(expr));
                    }
                }
            }
            LogicalPlan::Aggregate(aggregate) => {
                for expr in &aggregate.aggr_expr {
                    let _ = expr.apply(|inner| {
                        if let Expr::AggregateFunction(call) = inner
                            && !is_aggregate_total(&aggregate.input, &aggregate.group_expr, call, keys)
                        {
                            refuse(call.func.name(), Some(inner));
                        }
                        Ok(TreeNodeRecursion::Continue)
                    });
                }
            }
            LogicalPlan::Limit(limit) => {
                if let Some((input, by)) = sorted(&limit.input)
                    && !is_sort_total(input, by, keys)
                {
                    refuse("LIMIT", None);
                }
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

fn is_window_total(input: &LogicalPlan, call: &WindowFunction, keys: &Keys) -> bool {
    let (name, params) = (call.fun.name(), &call.params);
    let frame = &params.window_frame;
    let whole = matches!(&frame.start_bound, WindowFrameBound::Preceding(from) if from.is_null())
        && matches!(&frame.end_bound, WindowFrameBound::Following(to) if to.is_null());
    let by_rows = frame.units == WindowFrameUnits::Rows && !whole;
    // Without an order at all another rule refuses it.
    if params.order_by.is_empty() && !by_rows {
        return true;
    }
    if TIES_ARE_FINE.contains(&name)
        || (!NUMBERING.contains(&name) && !ONE_OF_FRAME.contains(&name) && !by_rows)
    {
        return true;
    }
    let mut known = Dependencies::new(keys);
    let relation = known.relation(input);
    let by = params.partition_by.iter().chain(params.order_by.iter().map(|sort| &sort.expr));
    let by = Dependencies::columns_of(input, &relation, by);
    let args = Dependencies::columns_of(input, &relation, params.args.iter().take(1));
    known.determine(&by, &relation.rows)
        || (ONE_OF_FRAME.contains(&name) && !by_rows && !args.is_empty() && known.determine(&by, &args))
}

fn is_aggregate_total(input: &LogicalPlan, group: &[Expr], call: &AggregateFunction, keys: &Keys) -> bool {
    if !["string_agg", "array_agg"].contains(&call.func.name()) {
        return true;
    }
    let order: Vec<&Expr> = call.params.order_by.iter().map(|sort| &sort.expr).collect();
    let Some(value) = call.params.args.first() else { return true };
    // Without an order at all another rule refuses it; ordered by itself, ties are the same text.
    if order.is_empty() || order.contains(&value) {
        return true;
    }
    let mut known = Dependencies::new(keys);
    let relation = known.relation(input);
    let by = Dependencies::columns_of(input, &relation, group.iter().chain(order));
    let values: Vec<Expr> = value.column_refs().into_iter().cloned().map(Expr::Column).collect();
    let values = Dependencies::columns_of(input, &relation, &values);
    known.determine(&by, &relation.rows) || (!values.is_empty() && known.determine(&by, &values))
}

fn is_sort_total(input: &LogicalPlan, by: &[SortExpr], keys: &Keys) -> bool {
    let mut known = Dependencies::new(keys);
    let relation = known.relation(input);
    let by = Dependencies::columns_of(input, &relation, by.iter().map(|sort| &sort.expr));
    known.determine(&by, &relation.rows) || known.determine(&by, &relation.columns.iter().copied().collect())
}

/// The ORDER BY a LIMIT cuts, and what it orders.
fn sorted(plan: &LogicalPlan) -> Option<(&LogicalPlan, &[SortExpr])> {
    match plan {
        LogicalPlan::Sort(sort) => Some((&sort.input, &sort.expr)),
        LogicalPlan::Projection(projection) => sorted(&projection.input),
        LogicalPlan::SubqueryAlias(alias) => sorted(&alias.input),
        _ => None,
    }
}

fn window_call(expr: &Expr) -> Option<&WindowFunction> {
    match expr {
        Expr::WindowFunction(call) => Some(call),
        Expr::Alias(alias) => window_call(&alias.expr),
        _ => None,
    }
}
