//! Names of tables: `schema.table`, both lower-case ASCII identifiers, so that folders, files, SQL and every engine
//! spell them the same way without quotes.

use std::fmt;

/// The name of a table in the graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableName {
    schema: String,
    table: String,
}

impl TableName {
    /// A name from its two parts, if both are lower-case ASCII identifiers.
    pub fn new(schema: &str, table: &str) -> Option<Self> {
        (is_identifier(schema) && is_identifier(table))
            .then(|| Self { schema: schema.to_owned(), table: table.to_owned() })
    }

    /// Reads `schema.table`.
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, table) = text.split_once('.')?;
        Self::new(schema, table)
    }

    /// The part before the dot: the folder.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The part behind the dot: the file.
    pub fn table(&self) -> &str {
        &self.table
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// A lower-case letter or underscore, then lower-case letters, digits and underscores.
pub(crate) fn is_identifier(text: &str) -> bool {
    let rest = |b: u8| b == b'_' || b.is_ascii_lowercase() || b.is_ascii_digit();
    text.bytes().next().is_some_and(|first| !first.is_ascii_digit()) && text.bytes().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let name = TableName::parse("indicators.p1_01").unwrap();
        assert_eq!(
            (name.schema(), name.table(), name.to_string().as_str()),
            ("indicators", "p1_01", "indicators.p1_01")
        );
        for wrong in ["firms", "a.b.c", "A.b", "a.", ".b", "1a.b", "统计.企业", "a.b-c", ""] {
            assert_eq!(TableName::parse(wrong), None, "{wrong}");
        }
    }
}
