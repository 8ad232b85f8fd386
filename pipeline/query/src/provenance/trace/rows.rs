//! Ways through operators that look at one row at a time, and through LIMIT, behind which any row might stand in the place
//! of any other.

use std::collections::BTreeSet;

use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Filter, LogicalPlan, LogicalPlanBuilder};

use crate::provenance::branch::{Branch, MATCHED, translated};
use crate::provenance::need::{Need, read_by};
use crate::provenance::trace::{Branches, Tracer};

impl Tracer<'_> {
    /// The columns of the next node from expressions over this one; `changing` are known to change there.
    pub(super) fn compute(
        &mut self,
        branch: Branch,
        exprs: &[(usize, &Expr)],
        schema: &DFSchema,
        mut changing: BTreeSet<usize>,
    ) -> Result<Branch, DataFusionError> {
        let mut computed = Vec::new();
        for (at, expr) in exprs {
            if let Some(told) = translated(expr, schema, &branch.columns)? {
                let bare = told.unalias();
                computed.push((*at, bare));
            } else if branch.is_changing(expr, schema)? {
                changing.insert(*at);
            }
        }
        branch.project(computed, changing, &mut self.names)
    }

    pub(super) fn filter(&mut self, node: &LogicalPlan, filter: &Filter, need: &Need) -> Branches {
        let below = self.only(node, &filter.input, need)?;
        let schema = filter.input.schema();
        let conjuncts = split_conjunction(&filter.predicate);
        let mut all = Vec::with_capacity(below.len());
        for mut branch in below {
            let (mut known, mut steady, mut of_others, mut turned) = (Vec::new(), Vec::new(), false, false);
            for conjunct in &conjuncts {
                if branch.is_changing(conjunct, schema)? {
                    turned = true;
                    continue;
                }
                steady.push((*conjunct).clone());
                match translated(conjunct, schema, &branch.columns)? {
                    Some(told) => known.push(told),
                    None => of_others = true,
                }
            }
            if let Some(known) = conjunction(known) {
                branch = branch.filter(known)?;
            }
            if of_others && !branch.columns.is_empty() {
                let mut wanted: BTreeSet<usize> = branch.columns.keys().copied().collect();
                for column in steady.iter().flat_map(read_by) {
                    wanted.insert(schema.index_of_column(&column)?);
                }
                let (plan, mut columns) = self.actual(&filter.input, &wanted)?;
                let passing = steady.iter().map(|one| translated(one, schema, &columns));
                let passing = passing.collect::<Result<Option<Vec<Expr>>, _>>()?.and_then(conjunction);
                let mut builder = LogicalPlanBuilder::new(plan);
                if let Some(passing) = passing {
                    builder = builder.filter(passing)?;
                }
                columns.retain(|at, _| branch.columns.contains_key(at));
                branch = branch.among((builder.build()?, columns))?;
            }
            if turned {
                branch = self.settle(branch, node)?;
            }
            all.push(branch);
        }
        Ok(all)
    }

    /// Behind a LIMIT any row might stand in the place of any other.
    pub(super) fn cut(&mut self, node: &LogicalPlan, below: Vec<Branch>, need: &Need) -> Branches {
        self.mark("LIMIT", need);
        let mut all = Vec::with_capacity(2 * below.len());
        for branch in below {
            let mut others = branch.clone().at_most(MATCHED)?;
            others.columns.clear();
            all.push(others);
            all.push(self.settle(branch, node)?);
        }
        Ok(all)
    }
}
