//! Where in a SQL text something stands. Positions of the parser are used where it has them; else the word itself is
//! looked up among the tokens, so that words in comments and strings are never meant.

use datafusion::common::Span;
use datafusion::sql::sqlparser::ast::Ident;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use model::Place;

use crate::source::Query;

/// A line and a column, both 1-based and in characters, and how many characters are meant.
pub(crate) fn at(query: &Query, line: u64, column: u64, length: usize) -> Place {
    let (Ok(line), Ok(column)) = (usize::try_from(line), usize::try_from(column)) else {
        return Place::file(&query.file);
    };
    if line == 0 {
        return Place::file(&query.file);
    }
    Place { length: length.max(1), ..Place::line_column(&query.file, &query.text, line, Some(column.max(1))) }
}

/// A span of the planner.
pub(crate) fn span(query: &Query, span: Span) -> Place {
    let same_line = span.start.line == span.end.line && span.end.column > span.start.column;
    let length = if same_line { span.end.column - span.start.column } else { 1 };
    at(query, span.start.line, span.start.column, usize::try_from(length).unwrap_or(1))
}

/// From the first to the last identifier of a dotted name.
pub(crate) fn idents(query: &Query, idents: &[&Ident]) -> Place {
    let (Some(first), Some(last)) = (idents.first(), idents.last()) else {
        return Place::file(&query.file);
    };
    span(query, Span { start: first.span.start.into(), end: last.span.end.into() })
}

/// Where the text ends: what a parser means that ran out of words.
pub(crate) fn end(query: &Query) -> Place {
    let end = query.text.trim_end().len();
    Place::span(&query.file, &query.text, end..end)
}

/// The first token of the text with this word, in any case; the whole file when there is none.
pub(crate) fn locate(query: &Query, word: &str) -> Place {
    let tokens = tokens(query);
    tokens
        .iter()
        .find(|token| is_word(token, word))
        .map_or_else(|| Place::file(&query.file), |found| token(query, found))
}

/// The first token that reads exactly so, quotes and all.
pub(crate) fn locate_token(query: &Query, text: &str) -> Place {
    let tokens = tokens(query);
    let found = tokens.iter().find(|token| token.token.to_string() == text);
    found.map_or_else(|| Place::file(&query.file), |found| token(query, found))
}

/// A call of a function known by one of `names`: the last one before `near` (an argument), else the first one.
/// Words followed by a parenthesis come before bare ones.
pub(crate) fn locate_call(query: &Query, names: &[&str], near: Option<Span>) -> Place {
    let tokens = tokens(query);
    let named = |at: &usize| names.iter().any(|name| is_word(&tokens[*at], name));
    let called = |at: &usize| tokens.get(at + 1).is_some_and(|next| next.token == Token::LParen);
    let bare: Vec<usize> = (0..tokens.len()).filter(named).collect();
    let calls: Vec<usize> = bare.iter().copied().filter(called).collect();
    let candidates = if calls.is_empty() { bare } else { calls };
    let before = |at: &&usize| near.is_some_and(|near| before(tokens[**at].span.start, near));
    let found = candidates.iter().rfind(before).or_else(|| candidates.first());
    match (found, near) {
        (Some(found), _) => token(query, &tokens[*found]),
        (None, Some(near)) => span(query, near),
        (None, None) => Place::file(&query.file),
    }
}

/// An operator: the first one at or behind `near` (its left side), else the first one.
pub(crate) fn locate_operator(query: &Query, sign: &str, near: Option<Span>) -> Place {
    let tokens = tokens(query);
    let signs = || tokens.iter().filter(|token| token.token.to_string() == sign);
    let behind = |token: &&TokenWithSpan| near.is_some_and(|near| !before(token.span.start, near));
    let found = signs().find(behind).or_else(|| signs().next());
    match (found, near) {
        (Some(found), _) => token(query, found),
        (None, Some(near)) => span(query, near),
        (None, None) => Place::file(&query.file),
    }
}

/// The place of a token.
pub(crate) fn token(query: &Query, token: &TokenWithSpan) -> Place {
    span(query, Span { start: token.span.start.into(), end: token.span.end.into() })
}

/// The tokens without white space and comments; none when the text is no SQL at all.
pub(crate) fn tokens(query: &Query) -> Vec<TokenWithSpan> {
    let mut tokens =
        Tokenizer::new(&GenericDialect {}, &query.text).tokenize_with_location().unwrap_or_default();
    tokens.retain(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF));
    tokens
}

fn is_word(token: &TokenWithSpan, word: &str) -> bool {
    matches!(&token.token, Token::Word(found) if found.value.eq_ignore_ascii_case(word))
}

fn before(start: Location, near: Span) -> bool {
    (start.line, start.column) < (near.start.line, near.start.column)
}
