//! A query as the user wrote it: a name, a file and a text, and what makes two texts the same query.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use model::{Diagnostic, Digest, Place};

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

/// What an SQL text means, for fingerprints: its words without comments and white space, unquoted ones in lower case,
/// as every engine reads them. Nothing else is taken for the same: two texts of one meaning may differ here, two of
/// different meaning never do. A text that is no SQL stands for itself.
pub fn meaning(text: &str) -> Digest {
    let Ok(mut tokens) = Tokenizer::new(&GenericDialect {}, text).tokenize() else { return Digest::of(text) };
    tokens.retain(|token| !matches!(token, Token::Whitespace(_)));
    while matches!(tokens.last(), Some(Token::SemiColon)) {
        tokens.pop();
    }
    let words: Vec<String> = tokens
        .iter()
        .map(|token| match token {
            Token::Word(word) if word.quote_style.is_none() => word.value.to_lowercase(),
            other => other.to_string(),
        })
        .collect();
    Digest::of_parts(words.iter().map(|word| ("", word.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_blanks_and_case_of_words_mean_nothing() {
        let text = "SELECT unit, 'A -- b' AS t FROM data.rows -- note\nWHERE n <> 1;";
        assert_eq!(meaning(text), meaning("/* x */ select\tUnit,'A -- b' as T\nfrom DATA.Rows where N<>1"));
        for other in [
            "SELECT unit, 'a -- b' AS t FROM data.rows WHERE n <> 1",
            "SELECT \"Unit\", 'A -- b' AS t FROM data.rows WHERE n <> 1",
            "SELECT unit, 'A -- b' AS t FROM data.rows WHERE n <> 12",
            "SELECT unit 'A -- b' AS t FROM data.rows WHERE n <> 1",
            "SELECT 'open",
        ] {
            assert_ne!(meaning(text), meaning(other), "{other}");
        }
    }

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
