//! The tests of the crate from outside, as one binary.

#[cfg(test)]
mod engine;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod provenance;
