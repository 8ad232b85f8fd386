//! Ways as far as they were walked: run, and held in memory. Above, a way parts and meets again, and a plan would hold it
//! as often as there are ways through it.
//!
//! Where many rows of an extract are alike in all that is known of them, they go on together, as one: what thousands of
//! rows say at once (a median of all, a rank among all) would else stand beside each of thousands of rows it is said of.

use std::collections::BTreeSet;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::JoinType;
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::min;
use datafusion::functions_window::expr_fn::dense_rank;
use datafusion::logical_expr::{Expr, ExprFunctionExt as _, LogicalPlan, LogicalPlanBuilder, cast};

use crate::provenance::branch::{Branch, ORIGIN, ROLE, named};
use crate::provenance::need::unknown;
use crate::provenance::trace::{Held, Tracer};

/// The rows of a way that go on together; stands in for `ORIGIN` above.
const TOGETHER: &str = "__together";

/// A row that goes on with others.
const MEMBER: &str = "__member";
const RANK: &str = "__rank";

/// Fewer rows than this are not worth putting together.
const MANY: usize = 256;

/// How many rows there must be under a number, on average.
const WORTH: usize = 4;

/// What the origins of a way are.
pub(crate) enum Leaf {
    /// Rows of an extract.
    Extract(String),
    /// Numbers, each for rows of another leaf: the pairs, and that leaf.
    Together(LogicalPlan, usize),
}

impl Tracer<'_> {
    /// A way run so far, each row once; `None` if nothing came along it.
    pub(super) fn run_so_far(&mut self, branch: Branch) -> Result<Option<Branch>, DataFusionError> {
        let known = known(&branch);
        let mut exprs = vec![named(ORIGIN), named(ROLE)];
        exprs.extend(known.iter().cloned());
        let once = LogicalPlanBuilder::new(branch.plan).project(exprs.clone())?.distinct()?.build()?;
        let all = (self.run)(once)?;
        if all.rows == 0 {
            return Ok(None);
        }
        let plan = LogicalPlanBuilder::new(all.plan.clone()).project(exprs)?.build()?;
        let branch = Branch { plan, ..branch };
        if all.rows < MANY { Ok(Some(branch)) } else { self.together(branch, all).map(Some) }
    }

    /// Rows that are alike in role and in all that is known, under one number; as it was where few are alike.
    fn together(&mut self, branch: Branch, all: Held) -> Result<Branch, DataFusionError> {
        let mut alike = vec![named(ROLE)];
        alike.extend(known(&branch));
        let order = alike.iter().map(|one| one.clone().sort(true, true)).collect();
        let number = dense_rank().order_by(order).build()?.alias(RANK);
        let mut exprs = vec![cast(named(RANK), DataType::Int64).alias(TOGETHER), named(ORIGIN)];
        exprs.extend(alike.iter().cloned());
        let numbered = LogicalPlanBuilder::new(all.plan).window([number])?.project(exprs)?.build()?;
        let numbered = (self.run)(numbered)?.plan;

        let mut exprs = vec![named(TOGETHER).alias(ORIGIN)];
        exprs.extend(alike);
        let groups = LogicalPlanBuilder::new(numbered.clone()).project(exprs.clone())?.distinct()?.build()?;
        let groups = (self.run)(groups)?;
        if groups.rows * WORTH > all.rows {
            return Ok(branch);
        }
        let pairs = [named(TOGETHER), named(ORIGIN).alias(MEMBER)];
        let pairs = LogicalPlanBuilder::new(numbered).project(pairs)?.build()?;
        self.leaves.push(Leaf::Together(pairs, branch.leaf));
        exprs[0] = named(ORIGIN);
        let plan = LogicalPlanBuilder::new(groups.plan).project(exprs)?.build()?;
        Ok(Branch { leaf: self.leaves.len() - 1, plan, ..branch })
    }

    /// Of rows that go on together the one with the least origin: as good a witness as any other.
    pub(super) fn least(&self, mut branch: Branch) -> Result<Branch, DataFusionError> {
        while let Some(Leaf::Together(pairs, leaf)) = self.leaves.get(branch.leaf) {
            let least = [min(named(MEMBER)).alias(MEMBER)];
            let least =
                LogicalPlanBuilder::new(pairs.clone()).aggregate([named(TOGETHER)], least)?.build()?;
            let mut exprs = vec![named(MEMBER).alias(ORIGIN), named(ROLE)];
            exprs.extend(known(&branch));
            branch.plan = apart(branch.plan, least)?.project(exprs)?.build()?;
            branch.leaf = *leaf;
        }
        Ok(branch)
    }

    /// The extract of a leaf, and the plan of its rows and roles from a plan of origins and roles.
    pub(crate) fn extract(
        &self,
        mut leaf: usize,
        mut plan: LogicalPlan,
    ) -> Result<(String, LogicalPlan), DataFusionError> {
        loop {
            match self.leaves.get(leaf) {
                Some(Leaf::Extract(contract)) => return Ok((contract.clone(), plan)),
                Some(Leaf::Together(pairs, below)) => {
                    let rows =
                        apart(plan, pairs.clone())?.project([named(MEMBER).alias(ORIGIN), named(ROLE)])?;
                    plan = rows.aggregate([named(ORIGIN)], [min(named(ROLE)).alias(ROLE)])?.build()?;
                    leaf = *below;
                }
                None => return Err(unknown("a way without a beginning")),
            }
        }
    }
}

/// Each number beside what goes on under it.
fn apart(plan: LogicalPlan, pairs: LogicalPlan) -> Result<LogicalPlanBuilder, DataFusionError> {
    LogicalPlanBuilder::new(plan).join(pairs, JoinType::Inner, (vec![ORIGIN], vec![TOGETHER]), None)
}

/// The columns that are known, each once.
fn known(branch: &Branch) -> Vec<Expr> {
    let names: BTreeSet<&String> = branch.columns.values().collect();
    names.into_iter().map(|name| named(name)).collect()
}
