//! What a node of a plan is asked for, and what it therefore asks of its inputs: which columns the figure is made of
//! (*value*), which decide whether a row takes part (*filter*) and which say what it is added up by (*group*).
//! `provenance` and `lineage` both walk plans with this and must never disagree. Nothing here changes a plan.

use std::collections::BTreeSet;

use datafusion::common::{Column, DFSchema, JoinType, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::expr::{AggregateFunction, Case};
use datafusion::logical_expr::{Aggregate, Distinct, Expr, Join, LogicalPlan, Operator};

use crate::provenance::Asked;
use crate::provenance::made::Made;

/// Positions of columns in the schema of a node, by what they are needed for.
#[derive(Clone, Debug, Default)]
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
            Expr::Case(Case { expr, when_then_expr, else_expr }) => {
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
        Expr::Case(Case { when_then_expr, else_expr, .. }) => {
            when_then_expr.iter().any(|(_, then)| has_value(then))
                || else_expr.as_deref().is_some_and(has_value)
        }
        _ if decides(expr) => false,
        _ => parts(expr).is_ok_and(|parts| parts.iter().any(has_value)),
    }
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

/// What each input is asked for; `None` for an input that cannot change what is needed.
///
/// # Errors
/// An operator that is not known here.
pub(crate) fn of_inputs(node: &LogicalPlan, need: &Need) -> Result<Vec<Option<Need>>, DataFusionError> {
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
        LogicalPlan::Join(join) => of_join(join, need)?.into(),
        LogicalPlan::TableScan(_) | LogicalPlan::EmptyRelation(_) | LogicalPlan::Values(_) => Vec::new(),
        other => return Err(unknown(&operator(other))),
    })
}

/// The name of an operator as SQL would have it.
pub(crate) fn operator(node: &LogicalPlan) -> String {
    let shown = node.display().to_string();
    shown.split([':', ' ']).next().unwrap_or_default().to_uppercase()
}

fn uses(need: &Need, at: usize) -> Vec<Use> {
    let all = [(&need.value, Use::Value), (&need.filter, Use::Filter), (&need.group, Use::Group)];
    all.into_iter().filter(|(set, _)| set.contains(&at)).map(|(_, used)| used).collect()
}

/// The part of a need between two positions, counted from the first.
fn kept(need: &Need, from: usize, to: usize) -> Need {
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

/// The conditions of a join.
pub(crate) fn conditions(join: &Join) -> Vec<Expr> {
    use datafusion::common::NullEquality;
    use datafusion::logical_expr::{BinaryExpr, utils::split_conjunction};
    let equal = match join.null_equality {
        NullEquality::NullEqualsNothing => Operator::Eq,
        NullEquality::NullEqualsNull => Operator::IsNotDistinctFrom,
    };
    let pairs = join.on.iter().map(|(left, right)| {
        Expr::BinaryExpr(BinaryExpr::new(Box::new(left.clone()), equal, Box::new(right.clone())))
    });
    let others = join.filter.iter().flat_map(split_conjunction).cloned();
    pairs.chain(others).collect()
}

/// Where the columns of the two sides stand in the schema of a join: the first position and the number, left and
/// right; `None` where a side's columns do not come out.
pub(crate) fn sides(join: &Join) -> [Option<(usize, usize)>; 2] {
    let width = |plan: &LogicalPlan| plan.schema().fields().len();
    let (left, right) = (width(&join.left), width(&join.right));
    match join.join_type {
        JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => {
            [Some((0, left)), Some((left, right))]
        }
        JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => [Some((0, left)), None],
        JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => [None, Some((0, right))],
    }
}

fn of_join(join: &Join, need: &Need) -> Result<[Option<Need>; 2], DataFusionError> {
    let sides = sides(join);
    let plans = [&join.left, &join.right];
    let part =
        |at: usize| sides[at].map_or_else(Need::default, |(from, width)| kept(need, from, from + width));
    let mut needs = [part(0), part(1)];
    // Rows are those behind FROM, unless nothing was sent for them.
    let first = match (sides[0], sides[1]) {
        (Some(_), None) => 0,
        (None, Some(_)) => 1,
        _ => {
            let preferred = usize::from(join.join_type == JoinType::Right);
            if has_extracts(plans[preferred]) { preferred } else { 1 - preferred }
        }
    };
    for (at, side) in needs.iter_mut().enumerate() {
        side.rows = need.rows && at == first;
    }
    let idle = |at: usize| needs[at].all().is_empty() && !needs[at].rows && is_unique(join, at);
    let dropped = match join.join_type {
        JoinType::Left => [false, idle(1)],
        JoinType::Right => [idle(0), false],
        _ => [false, false],
    };
    if dropped == [false, false] {
        for condition in conditions(join) {
            for column in read_by(&condition) {
                match join.left.schema().index_of_column(&column) {
                    Ok(at) => needs[0].filter.insert(at),
                    Err(_) => needs[1].filter.insert(join.right.schema().index_of_column(&column)?),
                };
            }
        }
    }
    let [left, right] = needs;
    Ok([(!dropped[0]).then_some(left), (!dropped[1]).then_some(right)])
}

/// Whether a side has at most one row for each row of the other: it is grouped by what it is joined on.
fn is_unique(join: &Join, side: usize) -> bool {
    let (plan, keys): (_, Vec<&Expr>) = if side == 0 {
        (&join.left, join.on.iter().map(|(left, _)| left).collect())
    } else {
        (&join.right, join.on.iter().map(|(_, right)| right).collect())
    };
    let positions: BTreeSet<usize> = keys
        .iter()
        .filter_map(|key| match key {
            Expr::Column(column) => plan.schema().index_of_column(column).ok(),
            _ => None,
        })
        .collect();
    unique_by(plan, positions)
}

fn unique_by(plan: &LogicalPlan, keys: BTreeSet<usize>) -> bool {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => unique_by(&alias.input, keys),
        LogicalPlan::Filter(filter) => unique_by(&filter.input, keys),
        LogicalPlan::Sort(sort) => unique_by(&sort.input, keys),
        LogicalPlan::Projection(projection) => {
            let schema = projection.input.schema();
            let below = keys.iter().filter_map(|at| plain(projection.expr.get(*at)?));
            unique_by(
                &projection.input,
                below.filter_map(|column| schema.index_of_column(column).ok()).collect(),
            )
        }
        LogicalPlan::Aggregate(aggregate) => (0..aggregate.group_expr.len()).all(|at| keys.contains(&at)),
        LogicalPlan::Distinct(Distinct::All(input)) => {
            (0..input.schema().fields().len()).all(|at| keys.contains(&at))
        }
        _ => false,
    }
}

fn plain(expr: &Expr) -> Option<&datafusion::common::Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => plain(&alias.expr),
        _ => None,
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
