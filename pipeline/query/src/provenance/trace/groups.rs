//! Ways through operators that say one thing of several rows: aggregates and windows. A row that adds nothing to a group
//! may still be what the group is there by.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::utils::{conjunction, disjunction, split_conjunction};
use datafusion::logical_expr::{Aggregate, Expr, ExprSchemable as _, LogicalPlan, Window, lit};

use crate::provenance::branch::{Branch, MATCHED, translated};
use crate::provenance::need::{Need, aggregate_call, has_extracts, unknown};
use crate::provenance::trace::{Branches, Tracer};

impl Tracer<'_> {
    pub(super) fn aggregate(&mut self, node: &LogicalPlan, aggregate: &Aggregate, need: &Need) -> Branches {
        let below = self.only(node, &aggregate.input, need)?;
        let schema = aggregate.input.schema();
        let groups = aggregate.group_expr.len();
        let sums: BTreeSet<usize> = need.all().into_iter().filter(|at| *at >= groups).collect();
        self.passed.chooses |=
            need.conditions().iter().any(|at| *at >= groups) || sums.is_empty() || need.rows;
        let (mut adds, mut nothings) = (Vec::new(), Vec::new());
        for at in &sums {
            let call = aggregate_call(&aggregate.aggr_expr[at - groups])?;
            let name = call.func.name();
            if call.params.distinct || !["sum", "count"].contains(&name) {
                let distinct = if call.params.distinct { "(DISTINCT)" } else { "" };
                self.mark(&format!("{name}{distinct}"), need);
            }
            let (takes_part, something) = contributes(call, schema)?;
            adds.push(something.clone());
            if takes_part != something {
                nothings.push((takes_part, something));
            }
        }
        if sums.is_empty() || need.rows {
            self.mark("DISTINCT", need);
        }
        // Where groups are counted, or are the figure, every row of a group adds something.
        let all_add = need.rows || (adds.is_empty() && need.counts());
        let keys: Vec<(usize, &Expr)> = aggregate.group_expr.iter().enumerate().collect();
        let wanted: Vec<(usize, &Expr)> =
            keys.iter().filter(|(at, _)| need.all().contains(at)).copied().collect();
        // Of rows that come from several scans, those of a group are told apart by what is known of all of them.
        let told_by = (scans(&aggregate.input) > 1).then(|| {
            let mut known = below.iter().map(|branch| branch.columns.keys().copied().collect());
            let first: BTreeSet<usize> = known.next().unwrap_or_default();
            known.fold(first, |all: BTreeSet<usize>, one: BTreeSet<usize>| &all & &one)
        });
        let nothing = adds.is_empty();
        let mut all = Vec::with_capacity(2 * below.len());
        for branch in below {
            let told = if all_add { None } else { any_of(&adds, schema, &branch)? };
            let known = keys.iter().map(|(_, key)| translated(key, schema, &branch.columns));
            let known = known.collect::<Result<Option<Vec<Expr>>, _>>()?;
            if let (Some(told), Some(known)) = (told, known) {
                // A group is there as long as one of its rows is, and a sum is 0 and not NULL as long as a 0 is.
                let of_group: BTreeMap<usize, Expr> = keys.iter().map(|(at, _)| *at).zip(known).collect();
                let mut witnesses = vec![branch.clone().witness(
                    of_group.clone(),
                    told.clone(),
                    told_by.as_ref(),
                    &mut self.names,
                )?];
                for (takes_part, something) in &nothings {
                    let both = [takes_part, something].map(|one| as_far_as_known(one, schema, &branch));
                    if let [Ok(Some(takes_part)), Ok(Some(something))] = both
                        && takes_part != something
                    {
                        let zeros = branch.clone().filter(takes_part)?;
                        witnesses.push(zeros.witness(
                            of_group.clone(),
                            something,
                            told_by.as_ref(),
                            &mut self.names,
                        )?);
                    }
                }
                for mut witness in witnesses {
                    if told_by.is_none() {
                        witness = self.least(witness)?;
                    }
                    witness.columns.retain(|at, _| need.all().contains(at));
                    witness.changing.clone_from(&sums);
                    all.push(witness);
                }
                if nothing {
                    continue;
                }
                let adding = branch.filter(told.is_true())?;
                all.push(self.compute(adding, &wanted, schema, sums.clone())?);
            } else {
                all.push(self.compute(branch, &wanted, schema, sums.clone())?);
            }
        }
        Ok(all)
    }

    pub(super) fn window(&mut self, node: &LogicalPlan, window: &Window, need: &Need) -> Branches {
        let below = self.only(node, &window.input, need)?;
        let schema = window.input.schema();
        let width = schema.fields().len();
        let mut common: Option<BTreeSet<usize>> = None;
        for expr in &window.window_expr {
            let WindowFunction { fun, params } = called(expr)?;
            self.mark(&format!("{} OVER", fun.name()), need);
            let mut keys = BTreeSet::new();
            for key in &params.partition_by {
                if let Expr::Column(column) = key {
                    keys.insert(schema.index_of_column(column)?);
                }
            }
            common = Some(common.map_or(keys.clone(), |common| &common & &keys));
        }
        let keys = common.unwrap_or_default();
        let outputs = width..width + window.window_expr.len();
        let mut all = Vec::with_capacity(2 * below.len());
        for mut branch in below {
            branch.changing.extend(outputs.clone());
            // What a window says of one row hangs on all rows of its part.
            let mut others = branch.clone().at_most(MATCHED)?;
            others.columns.retain(|at, _| keys.contains(at));
            all.extend([branch, others]);
        }
        Ok(all)
    }
}

/// How many scans of extracts there are.
fn scans(plan: &LogicalPlan) -> usize {
    match plan {
        LogicalPlan::TableScan(_) => usize::from(has_extracts(plan)),
        other => other.inputs().into_iter().map(scans).sum(),
    }
}

/// The parts of a condition that a way knows; what does not fulfil them does not fulfil the condition. `None` if it knows
/// none of them.
fn as_far_as_known(
    condition: &Expr,
    schema: &DFSchema,
    branch: &Branch,
) -> Result<Option<Expr>, DataFusionError> {
    let parts = split_conjunction(condition).into_iter();
    let parts = parts.map(|part| translated(part, schema, &branch.columns)).collect::<Result<Vec<_>, _>>()?;
    Ok(conjunction(parts.into_iter().flatten()))
}

/// Whether a row might fulfil one of some conditions, as far as a way knows; `None` where it knows nothing of one of them.
/// Without conditions nothing does.
fn any_of(conditions: &[Expr], schema: &DFSchema, branch: &Branch) -> Result<Option<Expr>, DataFusionError> {
    let known = conditions.iter().map(|one| as_far_as_known(one, schema, branch));
    let known = known.collect::<Result<Option<Vec<Expr>>, _>>()?;
    Ok(known.map(|known| disjunction(known).unwrap_or_else(|| lit(false))))
}

/// When a row takes part in an aggregate, and when it adds something to it.
fn contributes(call: &AggregateFunction, schema: &DFSchema) -> Result<(Expr, Expr), DataFusionError> {
    let mut parts: Vec<Expr> = call.params.filter.iter().map(|filter| filter.as_ref().clone()).collect();
    let mut zeros = Vec::new();
    for arg in call.params.args.iter().filter(|arg| !matches!(arg, Expr::Literal(..))) {
        parts.push(arg.clone().is_not_null());
        let zero = ScalarValue::new_zero(&arg.get_type(schema)?);
        if let ("sum", Ok(zero)) = (call.func.name(), zero) {
            zeros.push(arg.clone().not_eq(Expr::Literal(zero, None)));
        }
    }
    let takes_part = conjunction(parts).unwrap_or_else(|| lit(true));
    let adds = zeros.into_iter().fold(takes_part.clone(), Expr::and);
    Ok((takes_part, adds))
}

fn called(expr: &Expr) -> Result<&WindowFunction, DataFusionError> {
    match expr {
        Expr::WindowFunction(window) => Ok(window),
        Expr::Alias(alias) => called(&alias.expr),
        _ => Err(unknown("a window")),
    }
}
