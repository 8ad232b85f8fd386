//! Weighted arithmetic means up the tree, with missing values left out and their weight given to their siblings.
//!
//! A node has a score when at least `parent_minimum` of its children's weight has one; a unit has a total when at
//! least `unit_minimum` of all nominal weight enters it: indicators with a value, in nodes with a score. Contributions are rounded to nine decimals and the total
//! is their exact sum, so that they add up in the published data.

use crate::normalise::goalposts;
use crate::tree::{Child, Tree};

/// Thresholds as numerator and denominator, so that two thirds are two thirds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// Share of a node's weight that must have scores.
    pub parent: [u32; 2],
    /// Share of all weight that must have values for a unit to be ranked.
    pub unit: [u32; 2],
}

/// What one indicator adds to a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafScore {
    /// The value, if there is one.
    pub value: Option<f64>,
    /// Its score from 0 to 100.
    pub score: Option<f64>,
    /// Its share of the total after missing values were left out.
    pub weight: Option<f64>,
    /// `weight × score`, rounded to nine decimals.
    pub contribution: Option<f64>,
    /// Its share of the branch it lies in: the child of the root above it. `None` where the branch has no score, or the
    /// indicator hangs under the root itself.
    pub branch_weight: Option<f64>,
    /// `branch_weight × score`, rounded to nine decimals.
    pub branch_contribution: Option<f64>,
}

/// Why a unit has no total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unranked {
    /// Less of all weight enters than a unit needs.
    TooLittleWeight,
    /// Enough weight, but too few branches of the root have a score.
    TooFewBranches,
}

/// The scores of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitScore {
    /// By node of the tree; `None` where too much is missing.
    pub nodes: Vec<Option<f64>>,
    /// By leaf of the tree.
    pub leaves: Vec<LeafScore>,
    /// The share of nominal weight that enters: indicators with a value, in nodes with a score; 0 to 1.
    pub coverage: f64,
    /// The exact sum of the contributions; `None` when the unit is not ranked.
    pub total: Option<f64>,
    /// Why there is no total, where there is none.
    pub reason: Option<Unranked>,
}

/// Scores one unit. `values` has one entry a leaf; `left_out` is a leaf treated as if it were not in the tree.
pub fn score(tree: &Tree, values: &[Option<f64>], minimum: Minimum, left_out: Option<usize>) -> UnitScore {
    let in_tree = |leaf: usize| left_out != Some(leaf);
    let value = |leaf: usize| values.get(leaf).copied().flatten().filter(|value| value.is_finite());
    let scores: Vec<Option<f64>> = tree
        .leaves()
        .iter()
        .enumerate()
        .map(|(at, leaf)| value(at).filter(|_| in_tree(at)).map(|value| goalposts(value, leaf.goalposts)))
        .collect();

    let mut nodes = vec![None; tree.nodes().len()];
    node_score(tree, tree.root(), &scores, minimum, left_out, &mut nodes);
    let mut weights = vec![None; scores.len()];
    spread(tree, tree.root(), 1.0, &scores, &nodes, &mut weights);
    let mut in_branch = vec![None; scores.len()];
    for child in tree.children(tree.root()) {
        if let Child::Node(at) = *child {
            spread(tree, at, 1.0, &scores, &nodes, &mut in_branch);
        }
    }

    let nominal = tree.nominal_weights();
    let sum = |wanted: &dyn Fn(usize) -> bool| -> f64 {
        nominal
            .iter()
            .enumerate()
            .filter(|(at, _)| in_tree(*at) && wanted(*at))
            .map(|(_, weight)| weight)
            .sum()
    };
    let whole = sum(&|_| true);
    // Nodes between the root and the indicator: whether the root itself has a score is another question.
    let enters =
        |at: usize| scores[at].is_some() && tree.path(at).iter().skip(1).all(|node| nodes[*node].is_some());
    let covered = sum(&enters);
    let leaves: Vec<LeafScore> = (0..scores.len())
        .map(|at| LeafScore {
            value: value(at),
            score: scores[at],
            weight: weights[at],
            contribution: scores[at].zip(weights[at]).map(|(score, weight)| round9(score * weight)),
            branch_weight: in_branch[at],
            branch_contribution: scores[at].zip(in_branch[at]).map(|(score, weight)| round9(score * weight)),
        })
        .collect();
    let reason = match (reaches(covered, whole, minimum.unit), nodes[tree.root()]) {
        (false, _) => Some(Unranked::TooLittleWeight),
        (true, None) => Some(Unranked::TooFewBranches),
        (true, Some(_)) => None,
    };
    let total = reason.is_none().then(|| round9(leaves.iter().filter_map(|leaf| leaf.contribution).sum()));
    UnitScore { nodes, leaves, coverage: if whole > 0.0 { covered / whole } else { 0.0 }, total, reason }
}

/// The scores of a unit that is not compared with others on the whole, such as a functional zone: of indicators and of
/// nodes below the root; no score of the root, no total, and so no share of it.
pub fn profile(tree: &Tree, values: &[Option<f64>], minimum: Minimum) -> UnitScore {
    let mut unit = score(tree, values, minimum, None);
    unit.nodes[tree.root()] = None;
    (unit.total, unit.reason) = (None, None);
    for leaf in &mut unit.leaves {
        (leaf.weight, leaf.contribution) = (None, None);
    }
    unit
}

/// Whether `part` is at least `minimum` of `whole`. The tolerance is for sums of binary fractions only.
fn reaches(part: f64, whole: f64, [numerator, denominator]: [u32; 2]) -> bool {
    whole > 0.0 && part * f64::from(denominator) >= whole * f64::from(numerator) * (1.0 - 1e-12)
}

fn node_score(
    tree: &Tree,
    node: usize,
    scores: &[Option<f64>],
    minimum: Minimum,
    left_out: Option<usize>,
    nodes: &mut [Option<f64>],
) {
    let (mut whole, mut covered, mut sum) = (0.0, 0.0, 0.0);
    for child in tree.children(node) {
        let score = match *child {
            Child::Leaf(at) if left_out == Some(at) => continue,
            Child::Leaf(at) => scores[at],
            Child::Node(at) => {
                node_score(tree, at, scores, minimum, left_out, nodes);
                nodes[at]
            }
        };
        let weight = tree.weight(*child);
        whole += weight;
        if let Some(score) = score {
            covered += weight;
            sum += weight * score;
        }
    }
    nodes[node] = (covered > 0.0 && reaches(covered, whole, minimum.parent)).then(|| sum / covered);
}

/// Hands a node's share of the total down to the children that have scores.
fn spread(
    tree: &Tree,
    node: usize,
    share: f64,
    scores: &[Option<f64>],
    nodes: &[Option<f64>],
    weights: &mut [Option<f64>],
) {
    if nodes[node].is_none() {
        return;
    }
    let has_score = |child: &Child| match *child {
        Child::Leaf(at) => scores[at].is_some(),
        Child::Node(at) => nodes[at].is_some(),
    };
    let present: Vec<Child> = tree.children(node).iter().copied().filter(|child| has_score(child)).collect();
    let covered: f64 = present.iter().map(|child| tree.weight(*child)).sum();
    for child in present {
        let part = share * tree.weight(child) / covered;
        match child {
            Child::Leaf(at) => weights[at] = Some(part),
            Child::Node(at) => spread(tree, at, part, scores, nodes, weights),
        }
    }
}

/// Rounds to nine decimals, half away from zero: the precision in which scores are stored, compared and added.
pub fn round9(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the expected values are exact")]
mod tests {
    use super::*;
    use crate::normalise::Goalposts;
    use crate::tree::{Leaf, Node};

    const MINIMUM: Minimum = Minimum { parent: [2, 3], unit: [4, 5] };

    fn tree() -> Tree {
        let node = |id: &str, parent: Option<&str>| Node {
            id: id.into(),
            parent: parent.map(Into::into),
            weight: 1.0,
        };
        let leaf = |indicator: &str, parent: &str| Leaf {
            indicator: indicator.into(),
            parent: parent.into(),
            weight: 1.0,
            goalposts: Goalposts::new(0.0, 100.0),
        };
        Tree::new(
            vec![node("all", None), node("a", Some("all")), node("b", Some("all"))],
            vec![leaf("a1", "a"), leaf("a2", "a"), leaf("a3", "a"), leaf("b1", "b")],
        )
        .unwrap()
    }

    #[test]
    fn means_of_means_and_contributions_that_add_up() {
        let unit = score(&tree(), &[Some(10.0), Some(20.0), Some(30.0), Some(80.0)], MINIMUM, None);
        assert_eq!(unit.nodes, [Some(50.0), Some(20.0), Some(80.0)]);
        let sum: f64 = unit.leaves.iter().filter_map(|leaf| leaf.contribution).sum();
        assert_eq!(unit.total, Some(round9(sum)));
        assert!((unit.total.unwrap() - 50.0).abs() < 1e-8);
    }

    #[test]
    fn two_thirds_of_a_parent_and_four_fifths_of_a_unit() {
        // Two of three: the node stands, the weight of the missing one goes to its siblings.
        let unit = score(&tree(), &[Some(10.0), None, Some(30.0), Some(80.0)], MINIMUM, None);
        assert_eq!(unit.nodes[1], Some(20.0));
        assert_eq!(unit.leaves[0].weight, Some(0.25));
        assert!(unit.total.is_some(), "coverage {} is at least 0.8", unit.coverage);
        // One of three: the node falls, and with it half of the whole.
        let unit = score(&tree(), &[Some(10.0), None, None, Some(80.0)], MINIMUM, None);
        assert_eq!((unit.nodes[1], unit.total), (None, None));
        // What lies in a node without a score does not enter.
        assert_eq!((unit.coverage, unit.reason), (0.5, Some(Unranked::TooLittleWeight)));
        assert_eq!(unit.leaves[0].contribution, None);
        // Nothing at all.
        let unit = score(&tree(), &[None, Some(f64::NAN), None, None], MINIMUM, None);
        assert_eq!((unit.coverage, unit.total), (0.0, None));
    }

    #[test]
    fn a_profile_has_branches_and_no_whole() {
        let values = [Some(10.0), Some(20.0), None, Some(80.0)];
        let whole = score(&tree(), &values, MINIMUM, None);
        let zone = profile(&tree(), &values, MINIMUM);
        assert_eq!(zone.nodes, [None, Some(15.0), Some(80.0)]);
        assert_eq!((zone.total, zone.reason), (None, None));
        assert_eq!((zone.leaves[0].score, zone.leaves[0].weight), (Some(10.0), None));
        assert_eq!(
            (zone.leaves[0].branch_weight, zone.leaves[0].branch_contribution),
            (Some(0.5), Some(5.0))
        );
        assert_eq!(zone.leaves[3].contribution, None);
        assert_eq!(whole.leaves[3].contribution, Some(40.0));
    }

    #[test]
    fn enough_weight_in_too_few_branches_is_told() {
        let node = |id: &str, parent: Option<&str>, weight: f64| Node {
            id: id.into(),
            parent: parent.map(Into::into),
            weight,
        };
        let leaf = |indicator: &str, parent: &str| Leaf {
            indicator: indicator.into(),
            parent: parent.into(),
            weight: 1.0,
            goalposts: Goalposts::new(0.0, 100.0),
        };
        let nodes = vec![node("all", None, 1.0), node("a", Some("all"), 4.0), node("b", Some("all"), 1.0)];
        let tree = Tree::new(nodes, vec![leaf("x", "a"), leaf("y", "b")]).unwrap();
        let minimum = Minimum { parent: [9, 10], unit: [4, 5] };
        let unit = score(&tree, &[Some(10.0), None], minimum, None);
        assert_eq!((unit.coverage, unit.total, unit.reason), (0.8, None, Some(Unranked::TooFewBranches)));
    }

    #[test]
    fn a_leaf_left_out_is_not_a_missing_value() {
        let values = [Some(10.0), Some(20.0), Some(30.0), Some(80.0)];
        let unit = score(&tree(), &values, MINIMUM, Some(2));
        assert_eq!(unit.nodes[1], Some(15.0));
        assert_eq!(unit.coverage, 1.0);
        // Leaving out the only leaf of `b` removes `b`: half of the root's weight, less than two thirds.
        assert_eq!(score(&tree(), &values, MINIMUM, Some(3)).total, None);
    }
}
