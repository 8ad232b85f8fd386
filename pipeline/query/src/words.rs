//! Rules about words that stand in a row: clauses and types that other engines lack or read otherwise, and that leave
//! no trace in a plan. Words in comments, strings and quoted names are never meant.

use std::collections::BTreeSet;

use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};
use model::Diagnostic;

use crate::place;
use crate::source::Query;

/// These words in a row are refused, unless the word behind them is `unless`. The last word is the one told.
struct WordRule {
    code: &'static str,
    words: &'static [&'static str],
    unless: &'static str,
}

const fn refuse(code: &'static str, words: &'static [&'static str]) -> WordRule {
    WordRule { code, words, unless: "" }
}

const RULES: &[WordRule] = &[
    // Where NULL goes in a falling order differs; in a rising one it is last everywhere.
    WordRule { code: "sql-nulls-order", words: &["DESC"], unless: "NULLS" },
    // DECIMAL alone is (38,10) here and (18,3) there; FLOAT has four bytes or eight.
    WordRule { code: "sql-vague-type", words: &["AS", "DECIMAL"], unless: "(" },
    WordRule { code: "sql-vague-type", words: &["::", "DECIMAL"], unless: "(" },
    WordRule { code: "sql-vague-type", words: &["AS", "NUMERIC"], unless: "(" },
    WordRule { code: "sql-vague-type", words: &["::", "NUMERIC"], unless: "(" },
    refuse("sql-vague-type", &["AS", "FLOAT"]),
    refuse("sql-vague-type", &["::", "FLOAT"]),
    refuse("sql-vague-type", &["AS", "REAL"]),
    refuse("sql-vague-type", &["::", "REAL"]),
    refuse("sql-not-portable", &["WITH", "RECURSIVE"]),
    refuse("sql-not-portable", &["LATERAL"]),
    refuse("sql-not-portable", &["LEFT", "SEMI"]),
    refuse("sql-not-portable", &["RIGHT", "SEMI"]),
    refuse("sql-not-portable", &["LEFT", "ANTI"]),
    refuse("sql-not-portable", &["RIGHT", "ANTI"]),
    refuse("sql-not-portable", &["IGNORE", "NULLS"]),
    refuse("sql-not-portable", &["RESPECT", "NULLS"]),
];

/// What the rules about words say of a query.
pub(crate) fn refused(query: &Query) -> BTreeSet<Diagnostic> {
    let tokens = place::tokens(query);
    let mut found = BTreeSet::new();
    for at in 0..tokens.len() {
        for rule in RULES {
            let Some(inside) = tokens.get(at..at + rule.words.len()) else { continue };
            let stand = inside.iter().zip(rule.words).all(|(token, word)| reads(token, word));
            let saved = tokens.get(at + rule.words.len()).is_some_and(|next| reads(next, rule.unless));
            if let (true, false, Some(last), Some(name)) = (stand, saved, inside.last(), rule.words.last()) {
                found.insert(Diagnostic::new(rule.code, place::token(query, last)).with("name", name));
            }
        }
    }
    found
}

fn reads(token: &TokenWithSpan, word: &str) -> bool {
    match &token.token {
        Token::Word(found) => found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word),
        other => !word.is_empty() && other.to_string() == word,
    }
}
