//! From a node of an optimised plan down to the scans of extracts, and back up one way at a time: on each way the rows
//! of one scan carry their origins through the very plan that made the figure; whatever stands beside the way is run
//! as it is. Conditions that another set of rows might turn (sums, ranks, a missing partner) never drop a row from a
//! way; they only say that it was kept out.
//!
//! So what is not named cannot change the figure. An operator that is not known here is an error.

mod groups;
mod join;
mod rows;
mod scan;
mod so_far;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan, LogicalPlanBuilder, lit};

use crate::keys::Keys;
use crate::provenance::branch::{Branch, Names, ORIGIN, ROLE, named, renamed};
use crate::provenance::need::{Need, has_extracts, of_inputs, unknown};
use crate::provenance::trace::scan::Behind;
pub(crate) use crate::provenance::trace::so_far::Leaf;

/// The rows of a plan, held in memory.
pub(crate) struct Held {
    /// A scan of them.
    pub(crate) plan: LogicalPlan,
    /// How many there are.
    pub(crate) rows: usize,
}

/// Makes another plan of one, or runs it. Where it is run its columns have names that occur once.
pub(crate) type With<'r, T> = &'r dyn Fn(LogicalPlan) -> Result<T, DataFusionError>;

/// What a walk gathers beside the ways.
pub(crate) struct Tracer<'r> {
    names: Names,
    run: With<'r, Held>,
    optimise: With<'r, LogicalPlan>,
    keys: &'r Keys,
    /// Made tables that were asked for so far.
    behind: Vec<Rc<Behind>>,
    /// What was run, by the place of its node in memory: a node stays where it is while it is walked.
    made: BTreeMap<usize, (LogicalPlan, BTreeMap<usize, String>)>,
    /// Where ways begin.
    pub(crate) leaves: Vec<Leaf>,
    /// What was passed on the ways so far.
    pub(crate) passed: Passed,
}

/// What the ways of a figure pass that a reader must know of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    /// Operators where every row of a group matters, as SQL words.
    pub(crate) whole: BTreeSet<String>,
    /// Whether EXISTS or NOT EXISTS selects rows.
    pub(crate) selects: bool,
    /// Whether anything chooses among rows or groups: a rank, an extreme, a sum that decides.
    pub(crate) chooses: bool,
}

type Branches = Result<Vec<Branch>, DataFusionError>;

/// Plans of more nodes than this beside a way are run once, not once a way.
const SMALL: usize = 6;

/// Ways of more nodes than this are run before they go on: above, a way parts and meets again, and a plan would hold it
/// as often as there are ways through it.
const SHORT: usize = 20;

impl<'r> Tracer<'r> {
    pub(crate) fn new(run: With<'r, Held>, optimise: With<'r, LogicalPlan>, keys: &'r Keys) -> Self {
        Self {
            names: Names::default(),
            run,
            optimise,
            keys,
            behind: Vec::new(),
            made: BTreeMap::new(),
            leaves: Vec::new(),
            passed: Passed::default(),
        }
    }

    /// The rows of a node as it is: the wanted columns, under names that occur once.
    fn actual(
        &mut self,
        node: &LogicalPlan,
        wanted: &BTreeSet<usize>,
    ) -> Result<(LogicalPlan, BTreeMap<usize, String>), DataFusionError> {
        if size(node) <= SMALL {
            return renamed(node, wanted, &mut self.names);
        }
        let place = std::ptr::from_ref(node).addr();
        if !self.made.contains_key(&place) {
            let (plan, names) = renamed(node, &(0..node.schema().fields().len()).collect(), &mut self.names)?;
            self.made.insert(place, ((self.run)(plan)?.plan, names));
        }
        let Some((plan, known)) = self.made.get(&place) else { return Err(unknown("a plan")) };
        let columns: BTreeMap<usize, String> =
            wanted.iter().filter(|at| known.contains_key(at)).map(|at| (*at, self.names.next())).collect();
        let mut exprs: Vec<Expr> =
            columns.iter().filter_map(|(at, name)| Some(named(known.get(at)?).alias(name))).collect();
        if exprs.is_empty() {
            exprs.push(lit(true).alias(self.names.next()));
        }
        Ok((LogicalPlanBuilder::new(plan.clone()).project(exprs)?.build()?, columns))
    }

    fn settle(&mut self, branch: Branch, node: &LogicalPlan) -> Result<Branch, DataFusionError> {
        if branch.columns.is_empty() {
            return Ok(branch);
        }
        let actual = self.actual(node, &branch.columns.keys().copied().collect())?;
        branch.settle(actual, &mut self.names)
    }

    /// All ways up to a node.
    ///
    /// # Errors
    /// An operator that is not known here.
    pub(crate) fn trace(&mut self, node: &LogicalPlan, need: &Need) -> Branches {
        if !has_extracts(node) {
            return Ok(Vec::new());
        }
        let branches = self.step(node, need)?;
        let groups = matches!(node, LogicalPlan::Aggregate(_) | LogicalPlan::Window(_));
        let mut all = Vec::new();
        for branch in self.merged(branches)? {
            if groups || size(&branch.plan) > SHORT {
                all.extend(self.run_so_far(branch)?);
            } else {
                all.push(branch);
            }
        }
        Ok(all)
    }

    /// Ways from the same scan on which the same is known become one.
    fn merged(&mut self, branches: Vec<Branch>) -> Branches {
        let mut alike: BTreeMap<(usize, Vec<usize>, BTreeSet<usize>), Vec<Branch>> = BTreeMap::new();
        for branch in branches {
            let known: Vec<usize> = branch.columns.keys().copied().collect();
            alike.entry((branch.leaf, known, branch.changing.clone())).or_default().push(branch);
        }
        let mut all = Vec::with_capacity(alike.len());
        for ((leaf, known, changing), group) in alike {
            if group.len() == 1 {
                all.extend(group);
                continue;
            }
            let columns: BTreeMap<usize, String> =
                known.into_iter().map(|at| (at, self.names.next())).collect();
            let mut union: Option<LogicalPlanBuilder> = None;
            for branch in group {
                let mut exprs = vec![named(ORIGIN), named(ROLE)];
                exprs.extend(
                    columns.iter().filter_map(|(at, name)| Some(named(branch.columns.get(at)?).alias(name))),
                );
                let rows = LogicalPlanBuilder::new(branch.plan).project(exprs)?;
                union = Some(match union {
                    None => rows,
                    Some(before) => before.union(rows.build()?)?,
                });
            }
            if let Some(union) = union {
                all.push(Branch { leaf, plan: union.build()?, columns, changing });
            }
        }
        Ok(all)
    }

    fn step(&mut self, node: &LogicalPlan, need: &Need) -> Branches {
        match node {
            LogicalPlan::TableScan(scan) => self.scan(scan, need),
            LogicalPlan::Projection(projection) => {
                let below = self.only(node, &projection.input, need)?;
                let schema = projection.input.schema();
                let wanted: Vec<(usize, &Expr)> =
                    need.all().into_iter().filter_map(|at| Some((at, projection.expr.get(at)?))).collect();
                below
                    .into_iter()
                    .map(|branch| self.compute(branch, &wanted, schema, BTreeSet::new()))
                    .collect()
            }
            LogicalPlan::SubqueryAlias(alias) => self.only(node, &alias.input, need),
            LogicalPlan::Repartition(repartition) => self.only(node, &repartition.input, need),
            LogicalPlan::Filter(filter) => self.filter(node, filter, need),
            LogicalPlan::Sort(sort) => {
                let below = self.only(node, &sort.input, need)?;
                if sort.fetch.is_some() { self.cut(node, below, need) } else { Ok(below) }
            }
            LogicalPlan::Limit(limit) => {
                let below = self.only(node, &limit.input, need)?;
                self.cut(node, below, need)
            }
            LogicalPlan::Union(union) => {
                let needs = of_inputs(node, need, self.keys)?;
                let mut all = Vec::new();
                for (input, need) in union.inputs.iter().zip(needs.iter().flatten()) {
                    all.extend(self.trace(input, need)?);
                }
                Ok(all)
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                self.mark("DISTINCT", need);
                self.only(node, input, need)
            }
            LogicalPlan::Aggregate(aggregate) => self.aggregate(node, aggregate, need),
            LogicalPlan::Window(window) => self.window(node, window, need),
            LogicalPlan::Join(join) => self.join(node, join, need),
            other => Err(of_inputs(other, need, self.keys).err().unwrap_or_else(|| unknown("this operator"))),
        }
    }

    fn only(&mut self, node: &LogicalPlan, input: &LogicalPlan, need: &Need) -> Branches {
        match of_inputs(node, need, self.keys)?.into_iter().flatten().next() {
            Some(need) => self.trace(input, &need),
            None => Ok(Vec::new()),
        }
    }

    /// Notes an operator through which every row of a group matters for the figure itself.
    fn mark(&mut self, operator: &str, need: &Need) {
        self.passed.chooses = true;
        if need.counts() {
            self.passed.whole.insert(operator.to_owned());
        }
    }
}

pub(crate) fn size(plan: &LogicalPlan) -> usize {
    1 + plan.inputs().into_iter().map(size).sum::<usize>()
}
