//! The SQL graph over tables: which query reads which, what is wrong in them, and the engine that runs them.
//!
//! Queries are plain SQL texts, one SELECT a file; the graph follows from the table names in the SQL itself. Nothing
//! here knows what a number means, writes a file or reads one except through the engine: `run` hands texts and
//! locations in and takes rows out.

mod calls;
pub mod check;
pub mod embedded;
pub mod engine;
mod errors;
mod exact;
mod expressions;
pub mod graph;
pub mod indicator;
mod keys;
pub mod lineage;
pub mod lint;
pub mod name;
mod order;
pub mod parse;
mod place;
pub mod provenance;
mod rows;
pub mod source;
pub mod table;
mod words;

pub use check::check;
pub use embedded::{Embedded, Options};
pub use engine::{Batches, Engine, EngineError, Location};
pub use graph::order;
pub use keys::Keys;
pub use lineage::Lineage;
pub use name::TableName;
pub use parse::{Parsed, TableUse, parse};
pub use provenance::{Asked, Kept, Provenance, Role};
pub use source::{Query, meaning};
pub use table::to_table;

pub use datafusion::arrow;
pub use datafusion::parquet;
