//! A query as the user wrote it: a name, a file and a text. Nothing here looks into the text.

use model::{Diagnostic, Place};

use crate::name::TableName;

/// One SQL file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The table it defines.
    pub name: TableName,
    /// Its path as the user knows it.
    pub file: String,
    /// Its text.
    pub text: String,
}

impl Query {
    /// The query of a file: the last folder of the path is the schema, the file the table.
    ///
    /// # Errors
    /// A diagnostic when the path makes no name.
    pub fn from_file(file: &str, text: String) -> Result<Self, Box<Diagnostic>> {
        let stem = file.strip_suffix(".sql").unwrap_or(file);
        let mut parts = stem.rsplit('/');
        let (table, schema) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match TableName::new(schema, table) {
            Some(name) => Ok(Self { name, file: file.to_owned(), text }),
            None => Err(Box::new(Diagnostic::new("sql-file-name", Place::file(file)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_schema_and_file_is_table() {
        let query = Query::from_file("queries/staging/firms.sql", String::new()).unwrap();
        assert_eq!(query.name.to_string(), "staging.firms");
        assert_eq!(
            Query::from_file("queries/staging/Firms.sql", String::new()).unwrap_err().code,
            "sql-file-name"
        );
        assert!(Query::from_file("firms.sql", String::new()).is_err());
    }
}
