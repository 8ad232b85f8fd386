//! Ways through joins, from either side: a row may be joined, may keep another out, or may stand alone where nothing joins
//! it.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, LogicalPlanBuilder, Operator, lit};

use crate::provenance::branch::{Branch, EXCLUDING, Names, named, translated};
use crate::provenance::need::{Need, conditions, of_inputs, read_by, sides};
use crate::provenance::trace::{Branches, Tracer};

impl Tracer<'_> {
    pub(super) fn join(&mut self, node: &LogicalPlan, join: &Join, need: &Need) -> Branches {
        let needs = of_inputs(node, need, self.keys)?;
        self.passed.selects |= sides(join).contains(&None);
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
        let mark = node.schema().fields().len().saturating_sub(1);
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

/// The side whose rows come out of a semi- or anti-join.
fn kept_side(join: &Join) -> usize {
    usize::from(sides(join)[0].is_none())
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
