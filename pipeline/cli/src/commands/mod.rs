//! One file a verb, except the stages of a run, which differ only in what they select.

mod checks;
pub(crate) mod explain;
mod findings;
pub(crate) mod lineage;
pub(crate) mod lint;
pub(crate) mod new;
pub(crate) mod receive;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod sql;
