//! What a node of a plan is asked for, and what it therefore asks of its inputs: which columns the figure is made of
//! (*value*), which decide whether a row takes part (*filter*) and which say what it is added up by (*group*).
//! `provenance` and `lineage` both walk plans with this and must never disagree. Nothing here changes a plan.

mod inputs;
mod join;

use std::collections::BTreeSet;

use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::expr::{AggregateFunction, Case};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::provenance::Asked;
use crate::provenance::made::Made;
pub(crate) use crate::provenance::need::inputs::of_inputs;
pub(crate) use crate::provenance::need::join::{conditions, sides};

/// Positions of columns in the schema of a node, by what they are needed for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Need {
    /// The figure is made of these.
    pub(crate) value: BTreeSet<usize>,
    /// These decide which rows take part.
    pub(crate) filter: BTreeSet<usize>,
    /// Rows are added up by these.
    pub(crate) group: BTreeSet<usize>,
    /// The figure counts rows, whatever stands in them.
    pub(crate) rows: bool,
}

/// What an expression is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Value,
    Filter,
    Group,
}

impl Need {
    /// What a plan of the asked columns is asked for.
    ///
    /// # Errors
    /// A column that the plan does not have.
    pub(crate) fn of(plan: &LogicalPlan, asked: &Asked<'_>) -> Result<Self, DataFusionError> {
        let position = |name: &&str| plan.schema().index_of_column(&Column::new_unqualified(*name));
        Ok(Self {
            value: asked.values.iter().map(position).collect::<Result<_, _>>()?,
            filter: asked.conditions.iter().map(position).collect::<Result<_, _>>()?,
            ..Self::default()
        })
    }

    /// All columns needed for anything.
    pub(crate) fn all(&self) -> BTreeSet<usize> {
        &self.conditions() | &self.value
    }

    /// The columns that decide something and add nothing.
    pub(crate) fn conditions(&self) -> BTreeSet<usize> {
        &self.filter | &self.group
    }

    /// Whether rows are counted into the figure; else they only decide.
    pub(crate) fn counts(&self) -> bool {
        self.rows || !self.value.is_empty()
    }

    /// Adds the columns of an expression. A figure that is made of no column but a constant counts rows.
    pub(crate) fn add(&mut self, expr: &Expr, schema: &DFSchema, used: Use) -> Result<(), DataFusionError> {
        let before = self.value.len();
        let mut constant = false;
        self.walk(expr, schema, used, &mut constant)?;
        if used == Use::Value && constant && self.value.len() == before && !has_value(expr) {
            self.rows = true;
        }
        Ok(())
    }

    fn walk(
        &mut self,
        expr: &Expr,
        schema: &DFSchema,
        used: Use,
        constant: &mut bool,
    ) -> Result<(), DataFusionError> {
        match expr {
            Expr::Column(column) => {
                let at = schema.index_of_column(column)?;
                match used {
                    Use::Value => self.value.insert(at),
                    Use::Filter => self.filter.insert(at),
                    Use::Group => self.group.insert(at),
                };
            }
            Expr::Literal(literal, _) => *constant |= !literal.is_null() && !is_zero(literal),
            Expr::Case(case) => {
                if let Some(base) = recoded(case) {
                    return self.walk(base, schema, used, constant);
                }
                let Case { expr, when_then_expr, else_expr } = case;
                let decides = if used == Use::Value { Use::Filter } else { used };
                let mut ignored = false;
                if let Some(base) = expr {
                    self.walk(base, schema, decides, &mut ignored)?;
                }
                for (when, then) in when_then_expr {
                    self.walk(when, schema, decides, &mut ignored)?;
                    self.walk(then, schema, used, constant)?;
                }
                if let Some(otherwise) = else_expr {
                    self.walk(otherwise, schema, used, constant)?;
                }
            }
            _ => {
                let inner = if used == Use::Value && decides(expr) { Use::Filter } else { used };
                for part in parts(expr)? {
                    self.walk(&part, schema, inner, constant)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a value of this expression comes out of a column, as the branches of CASE go.
fn has_value(expr: &Expr) -> bool {
    match expr {
        Expr::Column(_) => true,
        Expr::Case(case) => {
            let Case { when_then_expr, else_expr, .. } = case;
            recoded(case).is_some_and(has_value)
                || when_then_expr.iter().any(|(_, then)| has_value(then))
                || else_expr.as_deref().is_some_and(has_value)
        }
        _ if decides(expr) => false,
        _ => parts(expr).is_ok_and(|parts| parts.iter().any(has_value)),
    }
}

/// What is said in other words by `CASE answer WHEN 'full' THEN 1 WHEN 'none' THEN 0 END`: the answer is the value.
fn recoded(case: &Case) -> Option<&Expr> {
    let is_constant = |expr: &Expr| matches!(expr, Expr::Literal(..));
    let branches = case.when_then_expr.iter().flat_map(|(when, then)| [when, then]);
    let all = branches.map(AsRef::as_ref).chain(case.else_expr.as_deref()).all(is_constant);
    case.expr.as_deref().filter(|_| all)
}

/// Expressions that are true or false.
fn decides(expr: &Expr) -> bool {
    match expr {
        Expr::BinaryExpr(binary) => binary.op.supports_propagation() || binary.op.is_logic_operator(),
        Expr::Like(_)
        | Expr::SimilarTo(_)
        | Expr::Not(_)
        | Expr::IsNotNull(_)
        | Expr::IsNull(_)
        | Expr::IsTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotTrue(_)
        | Expr::IsNotFalse(_)
        | Expr::IsNotUnknown(_)
        | Expr::Between(_)
        | Expr::InList(_) => true,
        _ => false,
    }
}

fn parts(expr: &Expr) -> Result<Vec<Expr>, DataFusionError> {
    use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
    if matches!(
        expr,
        Expr::Exists(_) | Expr::InSubquery(_) | Expr::ScalarSubquery(_) | Expr::SetComparison(_)
    ) {
        return Err(unknown("subquery"));
    }
    let mut parts = Vec::new();
    expr.apply_children(|part| {
        parts.push(part.clone());
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(parts)
}

fn is_zero(literal: &ScalarValue) -> bool {
    ScalarValue::new_zero(&literal.data_type()).is_ok_and(|zero| zero == *literal)
}

/// The columns an expression reads, in order.
pub(crate) fn read_by(expr: &Expr) -> BTreeSet<Column> {
    expr.column_refs().into_iter().cloned().collect()
}

/// An operator that provenance cannot follow: told by name, never guessed at.
pub(crate) fn unknown(operator: &str) -> DataFusionError {
    DataFusionError::NotImplemented(format!("provenance through {operator}"))
}

/// The call of an aggregate function, whatever it is called.
pub(crate) fn aggregate_call(expr: &Expr) -> Result<&AggregateFunction, DataFusionError> {
    match expr {
        Expr::AggregateFunction(call) => Ok(call),
        Expr::Alias(alias) => aggregate_call(&alias.expr),
        other => Err(unknown(&other.variant_name().to_lowercase())),
    }
}

/// Whether anything below was sent: a table of the schema `extracts`.
pub(crate) fn has_extracts(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::TableScan(scan) => {
            scan.table_name.schema() == Some("extracts") || Made::from_extracts(scan)
        }
        other => other.inputs().into_iter().any(has_extracts),
    }
}
