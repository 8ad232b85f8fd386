//! The tree of a framework: nodes (the root, pillars, dimensions) over leaves (placed indicators).
//!
//! Built once and checked whole; everything after it may rely on: one root, no cycle, every node has a child,
//! positive weights, goalposts that differ.

use crate::normalise::Goalposts;

/// An inner node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Identifier.
    pub id: String,
    /// Identifier of the parent; `None` for the root.
    pub parent: Option<String>,
    /// Weight among its siblings.
    pub weight: f64,
}

/// A placed indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Identifier of the indicator.
    pub indicator: String,
    /// Identifier of the node it hangs under.
    pub parent: String,
    /// Weight among its siblings.
    pub weight: f64,
    /// The values that score 0 and 100.
    pub goalposts: Goalposts,
}

/// What is wrong with a tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// There is no node without a parent, or more than one.
    #[error("{0} roots instead of 1")]
    Roots(usize),
    /// Two nodes, or two leaves, share an identifier.
    #[error("`{0}` stands twice")]
    Duplicate(String),
    /// A parent that is no node.
    #[error("`{child}` hangs under `{parent}`, which is no node")]
    UnknownParent {
        /// The node or indicator.
        child: String,
        /// Its parent.
        parent: String,
    },
    /// Nodes that lead back to themselves.
    #[error("`{0}` is its own ancestor")]
    Cycle(String),
    /// A node under which nothing hangs.
    #[error("node `{0}` has no children")]
    Childless(String),
    /// A weight that is not a positive number.
    #[error("the weight of `{0}` is not positive")]
    Weight(String),
    /// Goalposts that are equal or no numbers, or a band that does not lie between them.
    #[error("the goalposts of `{0}` do not differ, or its band does not lie between them")]
    Goalposts(String),
}

/// A child of a node, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    Node(usize),
    Leaf(usize),
}

/// A checked tree.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<Leaf>,
    children: Vec<Vec<Child>>,
    root: usize,
}

impl Tree {
    /// Checks nodes and leaves and ties them together.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first.
    pub fn new(nodes: Vec<Node>, leaves: Vec<Leaf>) -> Result<Self, Vec<TreeError>> {
        let mut errors = Vec::new();
        let position = |id: &str| nodes.iter().position(|node| node.id == id);
        let mut children = vec![Vec::new(); nodes.len()];
        let mut root = None;
        let roots = nodes.iter().filter(|node| node.parent.is_none()).count();
        if roots != 1 {
            errors.push(TreeError::Roots(roots));
        }
        for (at, node) in nodes.iter().enumerate() {
            if position(&node.id) != Some(at) {
                errors.push(TreeError::Duplicate(node.id.clone()));
            }
            check_weight(&node.id, node.weight, &mut errors);
            match node.parent.as_deref() {
                None => root = root.or(Some(at)),
                Some(parent) => match position(parent) {
                    Some(parent) => children[parent].push(Child::Node(at)),
                    None => errors.push(unknown_parent(&node.id, parent)),
                },
            }
            if is_own_ancestor(&nodes, at) {
                errors.push(TreeError::Cycle(node.id.clone()));
            }
        }
        for (at, leaf) in leaves.iter().enumerate() {
            if leaves[..at].iter().any(|other| other.indicator == leaf.indicator) {
                errors.push(TreeError::Duplicate(leaf.indicator.clone()));
            }
            check_weight(&leaf.indicator, leaf.weight, &mut errors);
            if !leaf.goalposts.fit() {
                errors.push(TreeError::Goalposts(leaf.indicator.clone()));
            }
            match position(&leaf.parent) {
                Some(parent) => children[parent].push(Child::Leaf(at)),
                None => errors.push(unknown_parent(&leaf.indicator, &leaf.parent)),
            }
        }
        let childless = nodes.iter().zip(&children).filter(|(_, children)| children.is_empty());
        errors.extend(childless.map(|(node, _)| TreeError::Childless(node.id.clone())));
        match root {
            Some(root) if errors.is_empty() => Ok(Self { nodes, leaves, children, root }),
            _ => Err(errors),
        }
    }

    /// The nodes, in the order given.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The leaves, in the order given.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The position of the root.
    pub fn root(&self) -> usize {
        self.root
    }

    /// The share of the whole that each leaf has when no value is missing; they add up to 1.
    pub fn nominal_weights(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.leaves.len()];
        self.spread(self.root, 1.0, &mut weights);
        weights
    }

    fn spread(&self, node: usize, share: f64, weights: &mut [f64]) {
        let total: f64 = self.children(node).iter().map(|child| self.weight(*child)).sum();
        for child in self.children(node) {
            let part = share * self.weight(*child) / total;
            match child {
                Child::Node(at) => self.spread(*at, part, weights),
                Child::Leaf(at) => weights[*at] = part,
            }
        }
    }

    /// The nodes a leaf lies under, from the root down to its parent, by position.
    pub fn path(&self, leaf: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut parent = self.leaves.get(leaf).map(|leaf| leaf.parent.as_str());
        // There is no cycle, so this ends at the root.
        while let Some(at) = parent.and_then(|id| self.nodes.iter().position(|node| node.id == id)) {
            path.insert(0, at);
            parent = self.nodes[at].parent.as_deref();
        }
        path
    }

    pub(crate) fn children(&self, node: usize) -> &[Child] {
        &self.children[node]
    }

    pub(crate) fn weight(&self, child: Child) -> f64 {
        match child {
            Child::Node(at) => self.nodes[at].weight,
            Child::Leaf(at) => self.leaves[at].weight,
        }
    }
}

fn check_weight(id: &str, weight: f64, errors: &mut Vec<TreeError>) {
    if !weight.is_finite() || weight <= 0.0 {
        errors.push(TreeError::Weight(id.to_owned()));
    }
}

fn unknown_parent(child: &str, parent: &str) -> TreeError {
    TreeError::UnknownParent { child: child.to_owned(), parent: parent.to_owned() }
}

fn is_own_ancestor(nodes: &[Node], start: usize) -> bool {
    let mut at = start;
    for _ in 0..nodes.len() {
        let Some(parent) = nodes[at].parent.as_deref() else { return false };
        let Some(next) = nodes.iter().position(|node| node.id == parent) else { return false };
        if next == start {
            return true;
        }
        at = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, parent: Option<&str>) -> Node {
        Node { id: id.into(), parent: parent.map(Into::into), weight: 1.0 }
    }

    fn leaf(indicator: &str, parent: &str, weight: f64) -> Leaf {
        let goalposts = Goalposts::new(0.0, 1.0);
        Leaf { indicator: indicator.into(), parent: parent.into(), weight, goalposts }
    }

    #[test]
    fn weights_of_unequal_depth_add_up() {
        let nodes = vec![node("all", None), node("a", Some("all"))];
        let leaves = vec![leaf("x", "a", 1.0), leaf("y", "a", 3.0), leaf("z", "all", 1.0)];
        let tree = Tree::new(nodes, leaves).unwrap();
        assert_eq!(tree.nominal_weights(), [0.125, 0.375, 0.5]);
        assert_eq!([tree.path(0), tree.path(2)], [vec![0, 1], vec![0]]);
    }

    #[test]
    fn everything_wrong_is_told() {
        let nodes = vec![node("a", Some("b")), node("b", Some("a")), node("c", None), node("c", None)];
        let mut same = leaf("x", "nowhere", 0.0);
        same.goalposts.best = 0.0;
        let errors = Tree::new(nodes, vec![same]).unwrap_err();
        for expected in [
            TreeError::Roots(2),
            TreeError::Cycle("a".into()),
            TreeError::Duplicate("c".into()),
            TreeError::Childless("c".into()),
            TreeError::Weight("x".into()),
            TreeError::Goalposts("x".into()),
            TreeError::UnknownParent { child: "x".into(), parent: "nowhere".into() },
        ] {
            assert!(errors.contains(&expected), "{expected:?} not in {errors:?}");
        }
    }
}
