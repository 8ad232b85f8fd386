//! One file a verb, except the stages of a run, which differ only in what they select.

mod findings;
pub(crate) mod lint;
pub(crate) mod new;
pub(crate) mod receive;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod sql;
