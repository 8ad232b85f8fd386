//! What the engine says, as diagnostics: a code where the kind of mistake is known, a place wherever one can be had,
//! SQL words instead of the engine's own. Nothing here decides whether a query is good.

use datafusion::common::{Column, SchemaError, Span};
use datafusion::error::DataFusionError;
use model::{Diagnostic, Place, text};

use crate::place;
use crate::source::Query;

/// Every mistake in an error of planning.
pub(crate) fn planning(query: &Query, error: &DataFusionError) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = error.iter().map(|error| one(query, error, "sql-plan")).collect();
    found.sort();
    found.dedup();
    found
}

/// The mistake that stopped an execution.
pub(crate) fn execution(query: &Query, error: &DataFusionError) -> Diagnostic {
    one(query, error, "sql-execution")
}

fn one(query: &Query, error: &DataFusionError, otherwise: &'static str) -> Diagnostic {
    let mut hint = Hint::default();
    let root = root(error, &mut hint);
    if let DataFusionError::SchemaError(schema_error, _) = root {
        return schema(query, schema_error, hint.span);
    }
    let reason = words(root);
    if let Some(name) = hint.message.as_deref().and_then(|text| quoted_behind(text, "Invalid function ")) {
        let suggestion =
            reason.split_once("Did you mean ").and_then(|(_, rest)| quoted(rest).into_iter().next());
        let place = hint
            .span
            .map_or_else(|| place::locate_call(query, &[&name], None), |span| place::span(query, span));
        return Diagnostic::new("sql-unknown-function", place).with("name", name).suggest(suggestion);
    }
    let place = hint.span.map(|span| place::span(query, span)).or_else(|| {
        let places = quoted(&reason).into_iter().map(|word| place::locate(query, last_part(&word)));
        places.into_iter().find(|place| place.line.is_some())
    });
    Diagnostic::new(otherwise, place.unwrap_or_else(|| Place::file(&query.file))).with("reason", reason)
}

/// What the layers around an error add.
#[derive(Default)]
struct Hint {
    span: Option<Span>,
    message: Option<String>,
}

/// The innermost error, through context and sharing.
fn root<'a>(error: &'a DataFusionError, hint: &mut Hint) -> &'a DataFusionError {
    match error {
        DataFusionError::Diagnostic(told, inner) => {
            hint.span = told.span.or(hint.span);
            hint.message = Some(told.message.clone());
            root(inner, hint)
        }
        DataFusionError::Context(_, inner) => root(inner, hint),
        DataFusionError::Shared(inner) => root(inner, hint),
        DataFusionError::Collection(errors) => errors.first().map_or(error, |first| root(first, hint)),
        _ => error,
    }
}

fn schema(query: &Query, error: &SchemaError, span: Option<Span>) -> Diagnostic {
    let (code, name, field) = match error {
        SchemaError::FieldNotFound { field, .. } => ("sql-unknown-column", field.flat_name(), Some(field)),
        SchemaError::AmbiguousReference { field } => {
            ("sql-ambiguous-column", field.name.clone(), Some(field))
        }
        SchemaError::DuplicateQualifiedField { name, .. }
        | SchemaError::DuplicateUnqualifiedField { name } => ("sql-duplicate-column", name.clone(), None),
    };
    let span = span.or_else(|| field.and_then(|field| field.spans().first()));
    let place = span.map_or_else(|| place::locate(query, last_part(&name)), |span| place::span(query, span));
    let mut diagnostic = Diagnostic::new(code, place).with("name", &name);
    if let SchemaError::FieldNotFound { field, valid_fields } = error {
        let same_table = |valid: &&Column| field.relation.is_none() || valid.relation == field.relation;
        let names = |all: bool| valid_fields.iter().filter(move |valid| all || same_table(valid));
        let any = names(false).next().is_none();
        let candidates = names(any).map(|valid| valid.name.as_str());
        diagnostic = diagnostic.suggest(text::suggest(&field.name, candidates));
    }
    diagnostic
}

/// The sentence of an error without the engine's prefixes, backtraces and type names.
pub(crate) fn words(error: &DataFusionError) -> String {
    let mut hint = Hint::default();
    let message = root(error, &mut hint).strip_backtrace();
    let message = message.split("This issue was likely caused by").next().unwrap_or_default();
    let mut message = message.trim().trim_end_matches('.').to_owned();
    for prefix in PREFIXES {
        if let Some(rest) = message.strip_prefix(prefix) {
            message = rest.to_owned();
        }
    }
    let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    sql_types(&lines.join(" "))
}

const PREFIXES: &[&str] = &[
    "Error during planning: ",
    "This feature is not implemented: ",
    "Execution error: ",
    "Optimizer rule 'simplify_expressions' failed",
    "Arrow error: ",
    "Internal error: ",
    "External error: ",
    "Schema error: ",
    "Cast error: ",
    "Compute error: ",
];

/// `Utf8` becomes `VARCHAR`, and so on, word by word.
fn sql_types(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        out.push_str(match word.as_str() {
            "Utf8" | "LargeUtf8" | "Utf8View" => "VARCHAR",
            "Float64" => "DOUBLE",
            "Float32" => "REAL",
            "Int64" | "UInt64" => "BIGINT",
            "Int32" => "INTEGER",
            "Decimal128" => "DECIMAL",
            "Boolean" => "BOOLEAN",
            "Date32" => "DATE",
            other => other,
        });
        word.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn quoted_behind(text: &str, lead: &str) -> Option<String> {
    text.strip_prefix(lead).and_then(|rest| quoted(rest).into_iter().next())
}

/// The words between quotes of a sentence.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for quote in ['\'', '"', '`'] {
        found.extend(text.split(quote).skip(1).step_by(2).map(str::to_owned));
    }
    found
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_speak_sql() {
        let error = DataFusionError::Plan("Cannot coerce Utf8 and Decimal128(18, 2) to Int64".into());
        let error = error.context("type_coercion");
        assert_eq!(words(&error), "Cannot coerce VARCHAR and DECIMAL(18, 2) to BIGINT");
        assert_eq!(quoted("no 'a.b' in \"c\""), ["a.b", "c"]);
    }
}
