//! One way from rows of an extract up to a node of a plan: a plan of its own, whose rows stand for *row of the node,
//! row of the extract*, with the columns of the node that are still known. Nothing here decides what matters.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{Column, DFSchema, JoinType, NullEquality};
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::functions_aggregate::min_max::max_udaf;
use datafusion::functions_window::expr_fn::rank;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, ExprFunctionExt as _, LogicalPlan, LogicalPlanBuilder, lit, when};

use crate::provenance::need::read_by;

/// The column of origins.
pub(crate) const ORIGIN: &str = "__origin";
/// The column of roles, as numbers; the smaller is the stronger.
pub(crate) const ROLE: &str = "__role";

/// The row's figures are in the result.
pub(crate) const COUNTED: i64 = 0;
/// The row had to be there for others to be counted.
pub(crate) const MATCHED: i64 = 1;
/// The row keeps something out, or was itself kept out by another.
pub(crate) const EXCLUDING: i64 = 2;

/// Gives columns names that occur once.
#[derive(Default)]
pub(crate) struct Names(usize);

impl Names {
    pub(crate) fn next(&mut self) -> String {
        self.0 += 1;
        format!("c{}", self.0)
    }
}

/// One way.
#[derive(Clone)]
pub(crate) struct Branch {
    /// Which scan of an extract it begins at.
    pub(crate) leaf: usize,
    /// The rows.
    pub(crate) plan: LogicalPlan,
    /// Known columns of the node by position, and their names in `plan`.
    pub(crate) columns: BTreeMap<usize, String>,
    /// Columns of the node that another set of rows might change: sums, ranks. What is neither known nor changing
    /// belongs to other rows.
    pub(crate) changing: BTreeSet<usize>,
}

/// A column of a branch.
pub(crate) fn named(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// The plan as it is, with names that occur once, for the wanted columns.
pub(crate) fn renamed(
    plan: &LogicalPlan,
    wanted: &BTreeSet<usize>,
    names: &mut Names,
) -> Result<(LogicalPlan, BTreeMap<usize, String>), DataFusionError> {
    let columns: BTreeMap<usize, String> = wanted.iter().map(|at| (*at, names.next())).collect();
    let exprs: Vec<Expr> = columns
        .iter()
        .map(|(at, name)| Expr::Column(Column::from(plan.schema().qualified_field(*at))).alias(name))
        .collect();
    // A side of which nothing is wanted still has rows.
    let exprs = if exprs.is_empty() { vec![lit(true).alias(names.next())] } else { exprs };
    Ok((LogicalPlanBuilder::new(plan.clone()).project(exprs)?.build()?, columns))
}

/// An expression over a node, said in the names of the plans that know its columns; `None` where one is not known.
pub(crate) fn translated(
    expr: &Expr,
    schema: &DFSchema,
    columns: &BTreeMap<usize, String>,
) -> Result<Option<Expr>, DataFusionError> {
    let mut known = true;
    let told = expr.clone().transform(|part| {
        let Expr::Column(column) = &part else { return Ok(Transformed::no(part)) };
        if let Some(name) = columns.get(&schema.index_of_column(column)?) {
            return Ok(Transformed::yes(named(name)));
        }
        known = false;
        Ok(Transformed::no(part))
    })?;
    Ok(known.then_some(told.data))
}

impl Branch {
    /// Whether an expression over the node rests on a changing column.
    pub(crate) fn is_changing(&self, expr: &Expr, schema: &DFSchema) -> Result<bool, DataFusionError> {
        for column in read_by(expr) {
            if self.changing.contains(&schema.index_of_column(&column)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The columns of the next node: some computed, with what they are called.
    pub(crate) fn project(
        self,
        computed: Vec<(usize, Expr)>,
        changing: BTreeSet<usize>,
        names: &mut Names,
    ) -> Result<Self, DataFusionError> {
        let mut columns = BTreeMap::new();
        let mut exprs = vec![named(ORIGIN), named(ROLE)];
        let mut taken = BTreeSet::new();
        for (at, expr) in computed {
            if let Expr::Column(Column { relation: None, name, .. }) = &expr {
                if taken.insert(name.clone()) {
                    exprs.push(expr.clone());
                }
                columns.insert(at, name.clone());
            } else {
                let name = names.next();
                exprs.push(expr.alias(&name));
                columns.insert(at, name);
            }
        }
        let plan = LogicalPlanBuilder::new(self.plan).project(exprs)?.build()?;
        Ok(Self { leaf: self.leaf, plan, columns, changing })
    }

    /// The rows that pass.
    pub(crate) fn filter(mut self, predicate: Expr) -> Result<Self, DataFusionError> {
        self.plan = LogicalPlanBuilder::new(self.plan).filter(predicate)?.build()?;
        Ok(self)
    }

    /// The same rows with another role.
    pub(crate) fn role(mut self, role: Expr) -> Result<Self, DataFusionError> {
        let names: BTreeSet<&String> = self.columns.values().collect();
        let mut exprs = vec![named(ORIGIN), role.alias(ROLE)];
        exprs.extend(names.into_iter().map(|name| named(name)));
        self.plan = LogicalPlanBuilder::new(self.plan).project(exprs)?.build()?;
        Ok(self)
    }

    /// No role stronger than this.
    pub(crate) fn at_most(self, role: i64) -> Result<Self, DataFusionError> {
        let weakened = when(named(ROLE).lt(lit(role)), lit(role)).otherwise(named(ROLE))?;
        self.role(weakened)
    }

    /// The rows whose known columns stand in these of the same node.
    pub(crate) fn among(
        mut self,
        (right, theirs): (LogicalPlan, BTreeMap<usize, String>),
    ) -> Result<Self, DataFusionError> {
        let keys = self.keys(&theirs);
        self.plan = LogicalPlanBuilder::new(self.plan)
            .join_detailed(right, JoinType::LeftSemi, keys, None, NullEquality::NullEqualsNull)?
            .build()?;
        Ok(self)
    }

    /// Rows whose known columns do not stand in the node as it is were kept out there.
    pub(crate) fn settle(
        mut self,
        (right, theirs): (LogicalPlan, BTreeMap<usize, String>),
        names: &mut Names,
    ) -> Result<Self, DataFusionError> {
        let keys = self.keys(&theirs);
        let hit = names.next();
        let mut exprs: Vec<Expr> = theirs.values().map(|name| named(name)).collect();
        exprs.push(lit(true).alias(&hit));
        let right = LogicalPlanBuilder::new(right).distinct()?.project(exprs)?.build()?;
        self.plan = LogicalPlanBuilder::new(self.plan)
            .join_detailed(right, JoinType::Left, keys, None, NullEquality::NullEqualsNull)?
            .build()?;
        let role = when(named(&hit).is_null().and(named(ROLE).lt(lit(EXCLUDING))), lit(EXCLUDING))
            .otherwise(named(ROLE))?;
        self.role(role)
    }

    /// One row for each group to which no row adds anything, so that the group is there. The columns are the keys.
    ///
    /// Where rows come from several scans, what is named of one must fit what is named of the other: then it is all
    /// rows that are equal in the columns `told_by`, and the least of these.
    pub(crate) fn witness(
        self,
        keys: BTreeMap<usize, Expr>,
        adds: Expr,
        told_by: Option<&BTreeSet<usize>>,
        names: &mut Names,
    ) -> Result<Self, DataFusionError> {
        let columns: BTreeMap<usize, String> = keys.keys().map(|at| (*at, names.next())).collect();
        let adding = names.next();
        let flag = when(adds.is_true(), lit(1_i64)).otherwise(lit(0_i64))?;
        let mut exprs = vec![named(ORIGIN), named(ROLE), flag.alias(&adding)];
        exprs.extend(keys.into_values().zip(columns.values()).map(|(key, name)| key.alias(name)));
        let groups: Vec<Expr> = columns.values().map(|name| named(name)).collect();
        // Without keys there is one group even over no rows.
        let idle = named(&adding).eq(lit(0_i64)).and(named(ORIGIN).is_not_null());
        let plan = if let Some(told_by) = told_by {
            // Equal in all rows of such a group: where nothing tells rows apart, all are first.
            let mut order = vec![named(&adding).sort(true, true)];
            for name in told_by.iter().filter_map(|at| self.columns.get(at)) {
                let kept = names.next();
                exprs.push(named(name).alias(&kept));
                order.push(named(&kept).sort(true, true));
            }
            let [most, place] = [names.next(), names.next()];
            let most_of = WindowFunction::new(max_udaf(), vec![named(&adding)]);
            let whole = Expr::from(most_of).partition_by(groups.clone()).build()?.alias(&most);
            let first = rank().partition_by(groups).order_by(order).build()?.alias(&place);
            LogicalPlanBuilder::new(self.plan)
                .project(exprs)?
                .window([whole])?
                .window([first])?
                .filter(named(&most).eq(lit(0_i64)).and(named(&place).eq(lit(1_u64))).and(idle))?
                .build()?
        } else {
            let sums = [
                min(named(ORIGIN)).alias(ORIGIN),
                min(named(ROLE)).alias(ROLE),
                max(named(&adding)).alias(&adding),
            ];
            LogicalPlanBuilder::new(self.plan)
                .project(exprs)?
                .aggregate(groups, sums)?
                .filter(idle)?
                .build()?
        };
        Self { leaf: self.leaf, plan, columns, changing: BTreeSet::new() }.at_most(MATCHED)
    }

    fn keys(&self, theirs: &BTreeMap<usize, String>) -> (Vec<Column>, Vec<Column>) {
        let pairs = self.columns.iter().filter_map(|(at, mine)| Some((mine, theirs.get(at)?)));
        pairs.map(|(mine, other)| (Column::new_unqualified(mine), Column::new_unqualified(other))).unzip()
    }
}
