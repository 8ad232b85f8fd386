//! What a join asks of its sides, and what a join is made of.

use datafusion::common::{JoinType, NullEquality};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Join, LogicalPlan, Operator};

use crate::keys::{Dependencies, Keys};
use crate::provenance::need::inputs::kept;
use crate::provenance::need::{Need, has_extracts, read_by};

/// The conditions of a join.
pub(crate) fn conditions(join: &Join) -> Vec<Expr> {
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

pub(super) fn of_join(join: &Join, need: &Need, keys: &Keys) -> Result<[Option<Need>; 2], DataFusionError> {
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
    let idle = |at: usize| needs[at].all().is_empty() && !needs[at].rows && is_unique(join, at, keys);
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

/// Whether a side has at most one row for each row of the other: what it is joined on tells its rows apart.
fn is_unique(join: &Join, side: usize, keys: &Keys) -> bool {
    let (plan, on): (_, Vec<&Expr>) = if side == 0 {
        (&join.left, join.on.iter().map(|(left, _)| left).collect())
    } else {
        (&join.right, join.on.iter().map(|(_, right)| right).collect())
    };
    let mut known = Dependencies::of_each_row(keys);
    let relation = known.relation(plan);
    let on = Dependencies::columns_of(plan, &relation, on);
    known.determine(&on, &relation.rows)
}
