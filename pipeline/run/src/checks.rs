//! What the checks of an assessment found: `queries/checks/<id>.sql` returns a row for each violation, `checks.toml` says
//! what it means and how serious it is.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use model::{Check, Diagnostic, Severity, Value};

use crate::assess::table_path;
use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::parquet_file;
use crate::reference_tables::{from_columns, texts};

/// The schema of the queries of checks.
pub(crate) const SCHEMA: &str = "checks";

/// How many violations of a check are named.
const FIRST: usize = 3;

/// The columns every check returns: whom and when it concerns, what is compared, what is found and expected, and the
/// row it comes from where there is one.
pub(crate) fn columns() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let decimal = |name: &str| Field::new(name, DataType::Decimal128(38, 8), true);
    let origin = Field::new("origin", DataType::Int64, true);
    let fields =
        vec![text("unit"), text("period"), text("subject"), decimal("found"), decimal("expected"), origin];
    Arc::new(Schema::new(fields))
}

/// `reference.checks`: what checks are called and how serious they are.
pub(crate) fn reference(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let column = |of: &dyn Fn(&String, &Check) -> String| -> ArrayRef {
        texts(definitions.checks.iter().map(|(id, check)| Some(of(id, check))).collect())
    };
    from_columns(vec![
        ("id", column(&|id, _| id.clone())),
        ("severity", column(&|_, check| check.severity.name().to_owned())),
        ("title_zh", column(&|_, check| check.title_zh.clone())),
        ("title_en", column(&|_, check| check.title_en.clone())),
        ("hint_zh", column(&|_, check| check.hint_zh.clone())),
        ("hint_en", column(&|_, check| check.hint_en.clone())),
    ])
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its id.
    pub id: String,
    /// How serious a violation is.
    pub severity: Severity,
    /// What is wrong, Chinese and English.
    pub title: [String; 2],
    /// What to do, Chinese and English.
    pub hint: [String; 2],
    /// How many violations.
    pub count: usize,
    /// The first of them.
    pub first: Vec<Violation>,
}

/// One violation, as texts; empty where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// What is compared.
    pub subject: String,
    /// What is found.
    pub found: String,
    /// What is expected.
    pub expected: String,
}

/// What the checks that have been made found, the most serious first.
pub(crate) fn gather(context: &Context<'_>) -> Result<Vec<Checked>, Diagnostic> {
    let mut all = Vec::new();
    for (id, check) in &context.definitions.checks {
        let path = context.store.path(&table_path(SCHEMA, id));
        if !path.exists() {
            continue;
        }
        let table = query::to_table(&[parquet_file::read(&path)?]).map_err(engine_failure)?;
        let text = |row: usize, column: &str| table.get(row, column).map(Value::to_text).unwrap_or_default();
        let violation = |row: usize| Violation {
            unit: text(row, "unit"),
            period: text(row, "period"),
            subject: text(row, "subject"),
            found: text(row, "found"),
            expected: text(row, "expected"),
        };
        all.push(Checked {
            id: id.clone(),
            severity: check.severity,
            title: [check.title_zh.clone(), check.title_en.clone()],
            hint: [check.hint_zh.clone(), check.hint_en.clone()],
            count: table.rows.len(),
            first: (0..table.rows.len().min(FIRST)).map(violation).collect(),
        });
    }
    all.sort_by(|a, b| (b.severity, b.count, &a.id).cmp(&(a.severity, a.count, &b.id)));
    Ok(all)
}
