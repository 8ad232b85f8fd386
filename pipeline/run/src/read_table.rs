//! A table that a query reads, as it stands now: which files hold its rows, and how an engine is made to know it. The
//! files are found when the step begins; they are opened where the query runs, which may be beside other queries.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use model::{Contract, Diagnostic, Place};
use query::{Embedded, Engine as _, Location, TableName};

use crate::context::{Context, engine_failure, pass1_names, state_schema};
use crate::parquet_file;

/// A table and the files behind it.
#[derive(Clone, Debug)]
pub(crate) struct ReadTable<'d> {
    name: TableName,
    behind: Behind<'d>,
}

#[derive(Clone, Debug)]
enum Behind<'d> {
    /// The rows of a contract that stand: a view over all rows and what was decided of each.
    Extract { contract: &'d Contract, rows: Vec<PathBuf>, states: Vec<PathBuf> },
    /// Files of the same columns; at least one.
    Files(Vec<PathBuf>),
}

impl<'d> Context<'d> {
    /// The table of this name as it stands now.
    ///
    /// # Errors
    /// It has not been made.
    pub(crate) fn read_table(&self, name: &TableName) -> Result<ReadTable<'d>, Diagnostic> {
        let not_made = || Diagnostic::new("not-made-yet", Place::default()).with("what", name);
        let contract = self.definitions.contracts.get(name.table());
        let behind = match contract.filter(|_| name.schema() == "extracts") {
            Some(contract) if self.state.steps.contains_key(&name.to_string()) => Behind::Extract {
                contract,
                rows: self.contract_files(name.table()),
                states: self.files(&name.to_string(), "extracts/"),
            },
            Some(_) => return Err(not_made()),
            None => {
                let path = path_of(name);
                let files: Vec<PathBuf> =
                    self.steps.iter().flat_map(|step| self.files(&step.name, &path)).collect();
                if files.is_empty() {
                    return Err(not_made());
                }
                Behind::Files(files)
            }
        };
        Ok(ReadTable { name: name.clone(), behind })
    }
}

impl ReadTable<'_> {
    /// Makes the table known to an engine.
    ///
    /// # Errors
    /// A file that cannot be read, or rows that were written under another form of their contract.
    pub(crate) fn register(&self, engine: &mut Embedded) -> Result<(), Diagnostic> {
        match &self.behind {
            Behind::Extract { contract, rows, states } => {
                let (all, state) = pass1_names(self.name.table())?;
                let schema = ingest::schema(contract);
                same_columns(&self.name, rows, &schema)?;
                engine
                    .register(&all, &location(rows, schema))
                    .and_then(|()| engine.register(&state, &location(states, state_schema())))
                    .and_then(|()| engine.register_view(&self.name, &ingest::standing_sql(contract)))
                    .map_err(engine_failure)
            }
            Behind::Files(files) => {
                let schema = files.first().map(|first| parquet_file::schema(first)).transpose()?;
                let schema = schema.unwrap_or_else(|| Arc::new(arrow::datatypes::Schema::empty()));
                engine.register(&self.name, &location(files, schema)).map_err(engine_failure)
            }
        }
    }
}

/// Files of these columns, as an engine takes them.
pub(crate) fn location(files: &[PathBuf], schema: SchemaRef) -> Location {
    Location::files(files.iter().map(PathBuf::as_path), schema)
}

/// Rows written under another form of the contract would read as missing values.
fn same_columns(name: &TableName, files: &[PathBuf], schema: &SchemaRef) -> Result<(), Diagnostic> {
    for file in files {
        if parquet_file::schema(file)?.fields() != schema.fields() {
            return Err(Diagnostic::new("not-up-to-date", Place::default()).with("what", name));
        }
    }
    Ok(())
}

/// Where the table of a name lies under `out/`; `extracts` are views and lie nowhere.
fn path_of(name: &TableName) -> String {
    match name.schema() {
        "reference" => format!("reference/{}.parquet", name.table()),
        "ingest" => format!("{}.parquet", name.table()),
        schema => crate::assess::table_path(schema, name.table()),
    }
}
