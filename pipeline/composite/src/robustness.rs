//! How far ranks depend on single choices. So far on one: which indicators are in the framework.

use crate::aggregate::{Minimum, score};
use crate::rank::ranks;
use crate::tree::Tree;

/// The rank interval: best and worst rank of a unit over a set of variants; `None` where it is ranked in none.
pub type RankInterval = Option<(u32, u32)>;

/// The interval of each unit's rank over the full framework and each framework with one indicator left out
/// (OECD/JRC Handbook 2008, step 7: exclusion of individual indicators).
///
/// A variant that ranks nobody, because what is left is no index by the availability rules, says nothing about
/// robustness and is not counted.
pub fn leave_one_out(tree: &Tree, values: &[Vec<Option<f64>>], minimum: Minimum) -> Vec<RankInterval> {
    let single = Minimum { parent: [0, 1], ..minimum };
    let variants =
        std::iter::once((None, minimum)).chain((0..tree.leaves().len()).map(|leaf| (Some(leaf), single)));
    let mut intervals: Vec<RankInterval> = vec![None; values.len()];
    // A unit that is not ranked in the full framework competes in no variant.
    let ranked: Vec<bool> =
        values.iter().map(|unit| score(tree, unit, minimum, None).total.is_some()).collect();
    for (left_out, minimum) in variants {
        let totals: Vec<Option<f64>> = values
            .iter()
            .zip(&ranked)
            .map(|(unit, ranked)| score(tree, unit, minimum, left_out).total.filter(|_| *ranked))
            .collect();
        for (interval, rank) in intervals.iter_mut().zip(ranks(&totals)) {
            if let Some(rank) = rank {
                *interval =
                    Some(interval.map_or((rank, rank), |(low, high)| (low.min(rank), high.max(rank))));
            }
        }
    }
    intervals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::Goalposts;
    use crate::tree::{Leaf, Node};

    #[test]
    fn intervals_cover_every_variant() {
        let leaf = |indicator: &str| Leaf {
            indicator: indicator.into(),
            parent: "all".into(),
            weight: 1.0,
            goalposts: Goalposts::new(0.0, 100.0),
        };
        let root = Node { id: "all".into(), parent: None, weight: 1.0 };
        let tree = Tree::new(vec![root], vec![leaf("x"), leaf("y")]).unwrap();
        let minimum = Minimum { parent: [2, 3], unit: [4, 5] };
        let values = vec![vec![Some(90.0), Some(10.0)], vec![Some(60.0), Some(60.0)], vec![None, None]];
        // Together 50 and 60; on x alone 90 and 60; on y alone 10 and 60.
        assert_eq!(leave_one_out(&tree, &values, minimum), [Some((1, 2)), Some((1, 2)), None]);
    }
}
