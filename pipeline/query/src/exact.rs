//! Sums of whole numbers are exact or an error. The engine adds BIGINT in 64 bits and starts over below zero where they
//! do not suffice; added as DECIMAL(38,0) and cast back, a sum that does not fit stops the query. The plan only gets
//! casts, which every engine of this family knows.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, DFSchemaRef};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Aggregate, Expr, ExprSchemable as _, LogicalPlan, Projection, Window, cast};

const WIDE: DataType = DataType::Decimal128(38, 0);

/// The plan with all sums of whole numbers widened.
pub(crate) fn sums(plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let widened = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Aggregate(old) => {
            let (exprs, changed) = widen(&old.aggr_expr, old.input.schema())?;
            if !changed.contains(&true) {
                return Ok(Transformed::no(LogicalPlan::Aggregate(old)));
            }
            let new = Aggregate::try_new(Arc::clone(&old.input), old.group_expr.clone(), exprs)?;
            back(LogicalPlan::Aggregate(new), &old.schema, &changed)
        }
        LogicalPlan::Window(old) => {
            let (exprs, changed) = widen(&old.window_expr, old.input.schema())?;
            if !changed.contains(&true) {
                return Ok(Transformed::no(LogicalPlan::Window(old)));
            }
            let new = Window::try_new(exprs, Arc::clone(&old.input))?;
            back(LogicalPlan::Window(new), &old.schema, &changed)
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(widened.data)
}

/// The expressions with their sums widened, and which of them those are.
fn widen(exprs: &[Expr], schema: &DFSchema) -> Result<(Vec<Expr>, Vec<bool>), DataFusionError> {
    let mut made = Vec::with_capacity(exprs.len());
    let mut changed = Vec::with_capacity(exprs.len());
    for expr in exprs {
        let widened = expr.clone().transform(|inner| {
            Ok(match inner {
                Expr::AggregateFunction(mut call)
                    if is_whole_sum(call.func.name(), &call.params.args, schema) =>
                {
                    call.params.args = wide(call.params.args);
                    Transformed::yes(Expr::AggregateFunction(call))
                }
                Expr::WindowFunction(mut call)
                    if is_whole_sum(call.fun.name(), &call.params.args, schema) =>
                {
                    call.params.args = wide(call.params.args);
                    Transformed::yes(Expr::WindowFunction(call))
                }
                other => Transformed::no(other),
            })
        })?;
        changed.push(widened.transformed);
        made.push(widened.data);
    }
    Ok((made, changed))
}

fn is_whole_sum(name: &str, args: &[Expr], schema: &DFSchema) -> bool {
    name == "sum" && args.iter().all(|arg| arg.get_type(schema).is_ok_and(|of| of.is_signed_integer()))
}

fn wide(args: Vec<Expr>) -> Vec<Expr> {
    args.into_iter().map(|arg| cast(arg, WIDE)).collect()
}

/// The columns under their old names and types. What was computed stands last in both schemas.
fn back(
    plan: LogicalPlan,
    old: &DFSchemaRef,
    changed: &[bool],
) -> Result<Transformed<LogicalPlan>, DataFusionError> {
    let first = old.fields().len().saturating_sub(changed.len());
    let columns = (0..old.fields().len()).map(|at| {
        let column = Expr::Column(Column::from(plan.schema().qualified_field(at)));
        let is_sum = at.checked_sub(first).and_then(|at| changed.get(at)).is_some_and(|changed| *changed);
        let (qualifier, field) = old.qualified_field(at);
        if is_sum {
            cast(column, DataType::Int64).alias_qualified(qualifier.cloned(), field.name())
        } else {
            column
        }
    });
    let columns = columns.collect();
    Ok(Transformed::yes(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(plan))?)))
}
