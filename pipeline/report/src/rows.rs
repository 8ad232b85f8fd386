//! Query results as templates see them: rows that remember their query, so that a printed number can say where it
//! comes from.
//!
//! `row.population` is the plain value, for comparisons and drawings; it cannot be printed. `row | num("population",
//! 2)` is the printed figure. Were cells objects themselves, minijinja would compare them with numbers by kind, and
//! `row.change > 0` would be true for every row without a word.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};
use model::Table;

/// The result of one query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) name: String,
    pub(crate) table: Table,
}

/// One row of a query.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) query: Arc<Query>,
    /// 0-based.
    pub(crate) index: usize,
}

impl Row {
    /// The cell of a column.
    pub(crate) fn cell(&self, column: &str) -> Option<&model::Value> {
        self.query.table.get(self.index, column)
    }
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.cell(key.as_str()?).map(plain)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.query.table.columns.iter().map(|column| Value::from(column.as_str())).collect(),
        )
    }
}

/// A cell as a plain template value.
fn plain(cell: &model::Value) -> Value {
    match cell {
        model::Value::Null => Value::from(()),
        model::Value::Text(text) => Value::from(text.as_str()),
        model::Value::Int(value) => Value::from(*value),
        model::Value::Decimal(_) | model::Value::Float(_) => Value::from(cell.as_f64().unwrap_or(f64::NAN)),
        model::Value::Bool(value) => Value::from(*value),
    }
}

/// All query results as the template variable `data`: lists of rows by query name.
pub(crate) fn data(tables: &BTreeMap<String, Table>) -> Value {
    let lists = tables.iter().map(|(name, table)| {
        let query = Arc::new(Query { name: name.clone(), table: table.clone() });
        let rows =
            (0..table.rows.len()).map(|index| Value::from_object(Row { query: Arc::clone(&query), index }));
        (name.as_str(), Value::from(rows.collect::<Vec<_>>()))
    });
    Value::from_pairs(lists)
}
