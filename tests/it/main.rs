//! End-to-end tests: the command over whole copies of the sample assessment. One binary, because linking is what
//! costs; one file a promise.
#![expect(clippy::disallowed_methods, reason = "tests read and write files directly")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod accounting;
mod by_hand;
mod cases;
mod catalogue;
mod city;
mod figures;
mod grading;
mod incremental;
mod invented;
mod kills;
mod monitoring;
mod new_contract;
mod receive;
mod relations;
mod same_bytes;
mod schemas;
mod secrets;
mod skipping;
mod sql;
mod synthetic;
mod text_from_data;
mod truth;
mod twins;
mod wrong_input;
