//! From a node of an optimised plan down to the scans of extracts, and back up one way at a time: on each way the rows
//! of one scan carry their origins through the very plan that made the figure; whatever stands beside the way is run
//! as it is. Conditions that another set of rows might turn (sums, ranks, a missing partner) never drop a row from a
//! way; they only say that it was kept out.
//!
//! So what is not named cannot change the figure. An operator that is not known here is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::logical_plan::TableScanBuilder;
use datafusion::logical_expr::utils::{conjunction, disjunction, split_conjunction};
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, ExprSchemable as _, Filter, Join, LogicalPlan, LogicalPlanBuilder, Operator,
    TableScan, Window, lit,
};

use crate::provenance::branch::{
    Branch, COUNTED, EXCLUDING, MATCHED, Names, ORIGIN, ROLE, named, renamed, translated,
};
use crate::provenance::made::Made;
use crate::provenance::need::{
    Need, aggregate_call, conditions, has_extracts, of_inputs, read_by, sides, unknown,
};

/// Runs a plan whose columns have names that occur once, and gives a plan over its rows.
pub(crate) type Run<'r> = &'r dyn Fn(LogicalPlan) -> Result<LogicalPlan, DataFusionError>;

/// What a walk gathers beside the ways.
pub(crate) struct Tracer<'r> {
    names: Names,
    run: Run<'r>,
    optimise: Run<'r>,
    /// The plans behind made tables: kept, because nodes are known by their place in memory.
    behind: Vec<Arc<LogicalPlan>>,
    /// What was run, by the place of its node in memory: a node stays where it is while it is walked.
    made: BTreeMap<usize, (LogicalPlan, BTreeMap<usize, String>)>,
    /// The extract at each beginning.
    pub(crate) leaves: Vec<String>,
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

impl<'r> Tracer<'r> {
    pub(crate) fn new(run: Run<'r>, optimise: Run<'r>) -> Self {
        Self {
            names: Names::default(),
            run,
            optimise,
            behind: Vec::new(),
            made: BTreeMap::new(),
            leaves: Vec::new(),
            whole: BTreeSet::new(),
            selects: false,
            chooses: false,
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
            self.made.insert(place, ((self.run)(plan)?, names));
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
        self.merged(branches)
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
                let needs = of_inputs(node, need)?;
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
            other => Err(of_inputs(other, need).err().unwrap_or_else(|| unknown("this operator"))),
        }
    }

    fn only(&mut self, node: &LogicalPlan, input: &LogicalPlan, need: &Need) -> Branches {
        match of_inputs(node, need)?.into_iter().flatten().next() {
            Some(need) => self.trace(input, &need),
            None => Ok(Vec::new()),
        }
    }

    fn scan(&mut self, scan: &TableScan, need: &Need) -> Branches {
        if let Some(plan) = Made::behind(scan) {
            let plan = Arc::new((self.optimise)(plan?)?);
            self.behind.push(Arc::clone(&plan));
            return self.trace(&plan, need);
        }
        let source = scan.source.schema();
        let origin = source.index_of("_origin").map_err(DataFusionError::from)?;
        let position = |at: usize| scan.projection.as_ref().map_or(Some(at), |kept| kept.get(at).copied());
        let mut read: BTreeSet<usize> = need.all().into_iter().filter_map(position).collect();
        read.insert(origin);
        for filter in &scan.filters {
            for column in read_by(filter) {
                read.insert(source.index_of(&column.name).map_err(DataFusionError::from)?);
            }
        }
        let bare = TableScanBuilder::new(scan.table_name.clone(), scan.source.clone())
            .with_projection(Some(read.into_iter().collect()))
            .build()?;
        let mut builder = LogicalPlanBuilder::new(LogicalPlan::TableScan(bare));
        if let Some(filter) = conjunction(scan.filters.iter().cloned()) {
            builder = builder.filter(filter)?;
        }
        let column = |at: usize| {
            let name = source.field(at).name();
            Expr::Column(Column::new(Some(scan.table_name.clone()), name))
        };
        let role = if need.counts() { COUNTED } else { MATCHED };
        let mut exprs = vec![column(origin).alias(ORIGIN), lit(role).alias(ROLE)];
        let mut columns = BTreeMap::new();
        for at in need.all() {
            let name = self.names.next();
            exprs.push(column(position(at).ok_or_else(|| unknown("a scan"))?).alias(&name));
            columns.insert(at, name);
        }
        self.leaves.push(scan.table_name.table().to_owned());
        let plan = builder.project(exprs)?.build()?;
        Ok(vec![Branch { leaf: self.leaves.len() - 1, plan, columns, changing: BTreeSet::new() }])
    }

    /// The columns of the next node from expressions over this one; `changing` are known to change there.
    fn compute(
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

    fn filter(&mut self, node: &LogicalPlan, filter: &Filter, need: &Need) -> Branches {
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
    fn cut(&mut self, node: &LogicalPlan, below: Vec<Branch>, need: &Need) -> Branches {
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

    fn aggregate(&mut self, node: &LogicalPlan, aggregate: &Aggregate, need: &Need) -> Branches {
        let below = self.only(node, &aggregate.input, need)?;
        let schema = aggregate.input.schema();
        let groups = aggregate.group_expr.len();
        let sums: BTreeSet<usize> = need.all().into_iter().filter(|at| *at >= groups).collect();
        self.chooses |= need.conditions().iter().any(|at| *at >= groups) || sums.is_empty() || need.rows;
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

    /// Notes an operator through which every row of a group matters for the figure itself.
    fn mark(&mut self, operator: &str, need: &Need) {
        self.chooses = true;
        if need.counts() {
            self.whole.insert(operator.to_owned());
        }
    }

    fn window(&mut self, node: &LogicalPlan, window: &Window, need: &Need) -> Branches {
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

    fn join(&mut self, node: &LogicalPlan, join: &Join, need: &Need) -> Branches {
        let needs = of_inputs(node, need)?;
        self.selects |= sides(join).contains(&None);
        let mut all = Vec::new();
        for (side, plan) in [&join.left, &join.right].into_iter().enumerate() {
            let Some(below) = needs.get(side).and_then(Option::as_ref) else { continue };
            for branch in self.trace(plan, below)? {
                self.through(node, join, need, side, &branch, &mut all)?;
            }
        }
        Ok(all)
    }

    /// One way from a side of a join through it.
    fn through(
        &mut self,
        node: &LogicalPlan,
        join: &Join,
        need: &Need,
        side: usize,
        branch: &Branch,
        all: &mut Vec<Branch>,
    ) -> Result<(), DataFusionError> {
        let (mine, other) = if side == 0 { (&join.left, &join.right) } else { (&join.right, &join.left) };
        let places = sides(join);
        let marked = matches!(join.join_type, JoinType::LeftMark | JoinType::RightMark);
        // This side's rows stand in the result whatever the other side says.
        let stays = matches!(
            (join.join_type, side),
            (JoinType::Left | JoinType::LeftMark, 0)
                | (JoinType::Right | JoinType::RightMark, 1)
                | (JoinType::Full, _)
        );
        let anti = matches!(join.join_type, JoinType::LeftAnti | JoinType::RightAnti);
        let wanted_of = |place: Option<(usize, usize)>| -> BTreeSet<usize> {
            let Some((from, width)) = place else { return BTreeSet::new() };
            need.all().range(from..from + width).map(|at| at - from).collect()
        };
        let wanted = wanted_of(places[1 - side]);

        // The other side's columns: those wanted above and those the conditions read.
        let (mut read, mut known, mut dropped, mut turned) = (wanted.clone(), Vec::new(), false, false);
        let whole = conditions(join);
        for condition in &whole {
            for column in read_by(condition) {
                if let Ok(at) = other.schema().index_of_column(&column)
                    && mine.schema().index_of_column(&column).is_err()
                {
                    read.insert(at);
                }
            }
        }
        let (right, theirs) = self.actual(other, &read)?;
        let joined = join_schema(mine, other)?;
        let width = mine.schema().fields().len();
        let mut columns = branch.columns.clone();
        columns.extend(theirs.iter().map(|(at, name)| (at + width, name.clone())));
        for condition in &whole {
            if branch.is_changing_in(condition, mine) {
                (dropped, turned) = (true, true);
            } else if let Some(told) = translated(condition, &joined, &columns)? {
                known.push(told);
            } else {
                dropped = true;
            }
        }
        if join.null_aware && side == 1 {
            // NOT IN: one NULL keeps everything out.
            known = known
                .into_iter()
                .map(|one| match one {
                    Expr::BinaryExpr(ref pair) if pair.op == Operator::Eq => {
                        let nulls = pair.left.clone().is_null().or(pair.right.clone().is_null());
                        one.or(nulls)
                    }
                    other => other,
                })
                .collect();
        }
        let equal = known.iter().any(|one| {
            matches!(one, Expr::BinaryExpr(pair) if matches!(pair.op, Operator::Eq | Operator::IsNotDistinctFrom))
        });
        // Without a condition left, the other side would stand beside every row.
        let beside = dropped && !equal;
        let kind = if beside || (stays && wanted.is_empty()) {
            None
        } else if stays {
            Some(JoinType::Left)
        } else if anti && side == kept_side(join) {
            Some(JoinType::LeftAnti)
        } else if wanted.is_empty() {
            Some(JoinType::LeftSemi)
        } else {
            Some(JoinType::Inner)
        };
        let with_theirs = matches!(kind, Some(JoinType::Left | JoinType::Inner)) && !beside;

        let mut result = branch.clone();
        if let Some(kind) = kind {
            let builder = LogicalPlanBuilder::new(branch.plan.clone());
            result.plan = joined_plan(builder, right.clone(), kind, known.clone())?;
        }
        let base = result.clone();
        let offset = |place: Option<(usize, usize)>| place.map(|(from, _)| from);
        let mut placed = BTreeMap::new();
        let mut changing = BTreeSet::new();
        if let Some(from) = offset(places[side]) {
            placed.extend(base.columns.iter().map(|(at, name)| (at + from, name.clone())));
            changing.extend(base.changing.iter().map(|at| at + from));
        }
        if let (true, Some(from)) = (with_theirs, offset(places[1 - side])) {
            let wanted = theirs.iter().filter(|(at, _)| wanted.contains(at));
            placed.extend(wanted.map(|(at, name)| (at + from, name.clone())));
        }
        placed.retain(|at, _| need.all().contains(at));
        result.columns = placed;
        result.changing = changing;

        let decides = places[side].is_none();
        if decides && anti {
            result = result.at_most(EXCLUDING)?;
        }
        if (turned || (dropped && !marked)) && !stays && !(decides && anti) {
            result = self.settle(result, node)?;
        }
        let mark = node.schema().fields().len() - 1;
        if marked && decides && need.all().contains(&mark) {
            let flip = result.clone().with(mark, lit(false), &mut self.names)?.at_most(EXCLUDING)?;
            all.push(flip);
            result = result.with(mark, lit(true), &mut self.names)?;
        }
        // Without this row its partner might stand alone, with NULL in this side's columns.
        let alone = matches!(
            (join.join_type, side),
            (JoinType::Left, 1) | (JoinType::Right, 0) | (JoinType::Full, _)
        );
        if let (true, Some((from, width))) = (alone, places[side]) {
            let turns: Vec<usize> = need.conditions().range(from..from + width).copied().collect();
            if !turns.is_empty() {
                let mut flip = result.clone();
                if matches!(join.join_type, JoinType::Full) {
                    flip.plan = joined_plan(
                        LogicalPlanBuilder::new(branch.plan.clone()),
                        right,
                        JoinType::Inner,
                        known,
                    )?;
                }
                flip.changing.clear();
                for at in turns {
                    let kind = node.schema().field(at).data_type().clone();
                    let null = Expr::Literal(ScalarValue::try_from(&kind)?, None);
                    flip = flip.with(at, null, &mut self.names)?;
                }
                all.push(flip.at_most(EXCLUDING)?);
            }
        }
        all.push(result);
        Ok(())
    }
}

/// How many scans of extracts there are.
fn scans(plan: &LogicalPlan) -> usize {
    match plan {
        LogicalPlan::TableScan(_) => usize::from(has_extracts(plan)),
        other => other.inputs().into_iter().map(scans).sum(),
    }
}

fn size(plan: &LogicalPlan) -> usize {
    1 + plan.inputs().into_iter().map(size).sum::<usize>()
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

/// The side whose rows come out of a semi- or anti-join.
fn kept_side(join: &Join) -> usize {
    usize::from(sides(join)[0].is_none())
}

fn called(expr: &Expr) -> Result<&WindowFunction, DataFusionError> {
    match expr {
        Expr::WindowFunction(window) => Ok(window),
        Expr::Alias(alias) => called(&alias.expr),
        _ => Err(unknown("a window")),
    }
}

fn join_schema(mine: &LogicalPlan, other: &LogicalPlan) -> Result<DFSchema, DataFusionError> {
    mine.schema().join(other.schema())
}

/// A join whose equalities are keys.
fn joined_plan(
    left: LogicalPlanBuilder,
    right: LogicalPlan,
    kind: JoinType,
    known: Vec<Expr>,
) -> Result<LogicalPlan, DataFusionError> {
    if known.is_empty() && kind == JoinType::Inner {
        return left.cross_join(right)?.build();
    }
    let known = if known.is_empty() { vec![lit(true)] } else { known };
    let keys: (Vec<Column>, Vec<Column>) = (Vec::new(), Vec::new());
    left.join_detailed(right, kind, keys, conjunction(known), NullEquality::NullEqualsNothing)?.build()
}

impl Branch {
    /// Whether a condition of a join rests on a changing column of this side.
    fn is_changing_in(&self, condition: &Expr, mine: &LogicalPlan) -> bool {
        let position = |column: Column| mine.schema().index_of_column(&column).ok();
        read_by(condition).into_iter().filter_map(position).any(|at| self.changing.contains(&at))
    }

    /// One more column, or another in its place.
    fn with(mut self, at: usize, expr: Expr, names: &mut Names) -> Result<Self, DataFusionError> {
        let changing = std::mem::take(&mut self.changing);
        let mut computed: Vec<(usize, Expr)> = self
            .columns
            .iter()
            .filter(|(position, _)| **position != at)
            .map(|(position, name)| (*position, named(name)))
            .collect();
        computed.push((at, expr));
        self.project(computed, changing, names)
    }
}
