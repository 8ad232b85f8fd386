//! What every engine offers: register a table by its address, plan and run one SELECT. Calls block; whatever runs
//! behind them stays behind them. An engine reads and never writes: who asked writes the rows.

use std::path::Path;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use model::{Diagnostic, Place};

use crate::errors;
use crate::name::TableName;
use crate::source::Query;

/// Where a table's rows lie and what they look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Addresses of Parquet files, each exact; none for a table without rows.
    pub urls: Vec<String>,
    /// The declared columns.
    pub schema: SchemaRef,
}

impl Location {
    /// A table without rows.
    pub fn empty(schema: SchemaRef) -> Self {
        Self { urls: Vec::new(), schema }
    }

    /// A table of local files, whose paths must be absolute.
    pub fn files<'a>(paths: impl IntoIterator<Item = &'a Path>, schema: SchemaRef) -> Self {
        Self { urls: paths.into_iter().map(file_url).collect(), schema }
    }
}

/// The address of an absolute path: every byte that could mean something else is written `%XX`.
pub fn file_url(path: &Path) -> String {
    let mut url = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let hex = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
            url.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    url
}

/// Batches as they come.
pub type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, EngineError>> + 'a>;

/// Something that runs SQL over registered tables.
pub trait Engine {
    /// Makes a table known, replacing one of the same name.
    ///
    /// # Errors
    /// An address that cannot be understood.
    fn register(&mut self, name: &TableName, at: &Location) -> Result<(), EngineError>;

    /// Makes a SELECT known as a table, replacing one of the same name.
    ///
    /// # Errors
    /// Whatever is wrong in the SQL.
    fn register_view(&mut self, name: &TableName, sql: &str) -> Result<(), EngineError>;

    /// The columns a SELECT returns, in plain types.
    ///
    /// # Errors
    /// Whatever is wrong in the SQL.
    fn schema_of(&self, sql: &str) -> Result<SchemaRef, EngineError>;

    /// Runs a SELECT: batches in plain types, in the query's own order, without holding them all.
    ///
    /// # Errors
    /// Whatever is wrong in the SQL; mistakes in the data come with the batches.
    fn execute(&self, sql: &str) -> Result<Batches<'_>, EngineError>;
}

/// Why an engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The SQL is no single SELECT over named tables.
    #[error("{}", told(.0))]
    Refused(Vec<Diagnostic>),
    /// The SQL cannot be planned.
    #[error("{}", errors::words(.0))]
    Plan(Box<DataFusionError>),
    /// The query stopped while it ran.
    #[error("{}", errors::words(.0))]
    Execution(Box<DataFusionError>),
    /// An address of a table that cannot be used.
    #[error("{url}: {reason}")]
    Address {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The engine itself failed.
    #[error("the engine stopped: {0}")]
    Stopped(String),
}

impl EngineError {
    pub(crate) fn plan(error: DataFusionError) -> Self {
        Self::Plan(Box::new(error))
    }

    pub(crate) fn execution(error: impl Into<DataFusionError>) -> Self {
        Self::Execution(Box::new(error.into()))
    }

    /// The same as diagnostics of the query that was asked; never empty.
    pub fn diagnostics(&self, query: &Query) -> Vec<Diagnostic> {
        match self {
            Self::Refused(diagnostics) if !diagnostics.is_empty() => diagnostics.clone(),
            Self::Plan(error) => errors::planning(query, error),
            Self::Execution(error) => vec![errors::execution(query, error)],
            Self::Refused(_) | Self::Address { .. } | Self::Stopped(_) => {
                vec![Diagnostic::new("sql-engine", Place::file(&query.file)).with("reason", self)]
            }
        }
    }
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let told: Vec<String> = diagnostics.iter().map(|one| one.message(model::Language::En)).collect();
    told.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_exact() {
        assert_eq!(file_url(Path::new("/a b/表*.parquet")), "file:///a%20b/%E8%A1%A8%2A.parquet");
    }
}
