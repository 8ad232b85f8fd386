//! What tells the rows of a table apart, for the rule that orders must not tie: keys of reference tables as their
//! definitions say, keys of what this program makes itself. Keys of queries follow from their SQL.

use query::{Keys, TableName};

use crate::definitions::{Definitions, STRATA};
use crate::framework_tables;

/// Tables made from definitions or by ingest whose rows have a key.
const MADE: &[(&str, &str, &[&str])] = &[
    ("ingest", "sources", &["source"]),
    ("reference", "checks", &["id"]),
    ("reference", "contracts", &["id"]),
    ("reference", "delivered", &["number", "contract"]),
    ("reference", "deliveries", &["number"]),
    ("reference", "expected", &["contract", "period"]),
    ("reference", "indicators", &["id"]),
    ("reference", "periods", &["period"]),
    ("reference", "placements", &["framework", "indicator"]),
    ("reference", "queries", &["schema", "name"]),
    ("reference", "supersedes", &["later", "earlier"]),
];

/// The keys of all tables of an assessment that have one.
pub fn keys(definitions: &Definitions) -> Keys {
    let mut keys = Keys::new();
    let mut add = |schema: &str, table: &str, key: Vec<String>| {
        if let Some(name) = TableName::new(schema, table).filter(|_| !key.is_empty()) {
            keys.insert(name, key);
        }
    };
    let owned = |key: &[&str]| key.iter().map(|&name| name.to_owned()).collect::<Vec<String>>();
    for (name, table) in &definitions.reference.tables {
        add("reference", name, table.definition.key.clone());
    }
    for (schema, table, key) in MADE {
        add(schema, table, owned(key));
    }
    for id in definitions.contracts.keys() {
        add("extracts", id, owned(&["_origin"]));
    }
    // Held row by row when an indicator is made.
    for id in definitions.indicators.keys() {
        add("indicators", id, owned(&["unit", "period"]));
    }
    for id in definitions.surveys() {
        add(STRATA, id, owned(&["unit", "period", "industry", "size_class"]));
    }
    for id in definitions.frameworks.keys() {
        for (table, last) in framework_tables::TABLES.iter().zip(["indicator", "", "node"]) {
            let key: Vec<&str> =
                ["unit", "period", last].into_iter().filter(|column| !column.is_empty()).collect();
            add(id, table, owned(&key));
        }
    }
    keys
}
