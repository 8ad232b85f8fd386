//! End-to-end tests: the command over whole copies of the sample assessment. One binary, because linking is what
//! costs; one file a promise.
#![expect(clippy::disallowed_methods, reason = "tests read and write files directly")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test fails the test")]

mod accounting;
mod assessing;
mod by_hand;
mod cases;
mod catalogue;
mod cells_read_back;
mod city;
mod duckdb;
mod explain;
mod figures;
mod grading;
mod incremental;
mod indicator_cases;
mod invented;
mod kills;
mod monitoring;
mod new_contract;
mod receive;
mod relations;
mod same_bytes;
mod schemas;
mod secrets;
mod selection;
mod skipping;
mod sql;
mod synthetic;
mod text_from_data;
mod truth;
mod twins;
mod wrong_input;
