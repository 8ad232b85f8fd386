//! Composite indicators: from values of indicators to scores of nodes, totals, ranks, and how far the ranks depend on
//! single indicators.
//!
//! Pure functions over units × indicators of one period: no files, no tables, no clock, no threads. Only `+ − × ÷ √`
//! and comparisons on doubles, in a fixed order, so that results are the same on every machine.
//!
//! The way through: [`Tree`] (checked once) → [`normalise::goalposts`] → [`aggregate::score`] →
//! [`rank::ranks`] → [`robustness::leave_one_out`]. Values that come from a questionnaire are estimated first
//! ([`survey::estimate`]).

pub mod aggregate;
pub mod normalise;
pub mod rank;
pub mod robustness;
pub mod survey;
pub mod tree;

pub use aggregate::{LeafScore, UnitScore, Unranked};
pub use normalise::Goalposts;
pub use tree::{Leaf, Node, Tree, TreeError};
