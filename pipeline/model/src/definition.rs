//! Reading the TOML files people edit: every unknown key of a file is told at once, with line, column and the key
//! that was probably meant; then the first value of a wrong type.
//!
//! The known keys come from the same type that the file is read into (its JSON Schema), so they cannot drift apart.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Place};
use crate::text;

/// What a definition file can be read into: a type that also knows its keys.
pub trait Definition: DeserializeOwned + JsonSchema {}

impl<T: DeserializeOwned + JsonSchema> Definition for T {}

/// Parses a TOML text into a definition.
///
/// # Errors
/// All unknown keys, or the one syntax or type error, each with its place in `file`.
pub fn parse<T: Definition>(file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    let document = DeTable::parse(text).map_err(|error| vec![syntax(file, text, &error)])?;
    let schema = schemars::schema_for!(T).to_value();
    let mut diagnostics = Vec::new();
    let mut walk = Walk { file, text, root: &schema, diagnostics: &mut diagnostics };
    walk.table(document.get_ref(), &schema);
    if !diagnostics.is_empty() {
        diagnostics.sort();
        return Err(diagnostics);
    }
    toml::from_str(text).map_err(|error| vec![syntax(file, text, &error)])
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let place = error.span().map_or_else(|| Place::file(file), |span| Place::span(file, text, span));
    Diagnostic::new("toml-invalid", place).with("reason", error.message().replace('\n', ", "))
}

/// Where a dotted path of keys (`field.2.name`) stands in a TOML text, for diagnostics found later than parsing.
pub fn locate(file: &str, text: &str, path: &[&str]) -> Place {
    fn go(value: &DeValue<'_>, path: &[&str]) -> Option<Range<usize>> {
        let (first, rest) = path.split_first()?;
        let next = match value {
            DeValue::Table(table) => table.iter().find(|(key, _)| key.get_ref() == first)?.1,
            DeValue::Array(array) => array.get(first.parse::<usize>().ok()?)?,
            _ => return None,
        };
        go(next.get_ref(), rest).or_else(|| Some(next.span()))
    }
    DeTable::parse(text)
        .ok()
        .and_then(|document| go(&DeValue::Table(document.into_inner()), path))
        .map_or_else(|| Place::file(file), |span| Place::span(file, text, span))
}

struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    root: &'a Json,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, schema: &Json) {
        let schema = self.resolve(schema).clone();
        let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
            if let Some(inner) = schema.get("additionalProperties").filter(|inner| inner.is_object()) {
                for value in table.values() {
                    self.value(value, inner);
                }
            }
            return;
        };
        for (key, value) in table {
            match properties.get(key.get_ref().as_ref()) {
                Some(inner) => self.value(value, inner),
                None => self.unknown(key, properties.keys().map(String::as_str)),
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &Json) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, schema),
            DeValue::Array(array) => {
                let schema = self.resolve(schema).clone();
                if let Some(items) = schema.get("items") {
                    for value in array {
                        self.value(value, items);
                    }
                }
            }
            _ => {}
        }
    }

    fn unknown<'k>(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        known: impl Iterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.collect();
        self.diagnostics.push(
            Diagnostic::new("unknown-key", Place::span(self.file, self.text, key.span()))
                .with("key", key.get_ref())
                .with("known", known.join(", "))
                .suggest(text::suggest(key.get_ref(), known.iter().copied())),
        );
    }

    /// Follows references and takes the non-null branch of optional values.
    fn resolve<'s>(&'s self, schema: &'s Json) -> &'s Json {
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let pointer = reference.trim_start_matches('#');
            return self.root.pointer(pointer).map_or(schema, |target| self.resolve(target));
        }
        let branches = schema.get("anyOf").and_then(Json::as_array);
        branches
            .and_then(|branches| {
                branches.iter().find(|branch| branch.get("type") != Some(&Json::from("null")))
            })
            .map_or(schema, |branch| self.resolve(branch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn all_unknown_keys_at_once_with_place_and_suggestion() {
        let text = "id = \"a\"\ntitel_zh = \"x\"\n\n[[field]]\nname = \"unit\"\ntyp = \"unit\"\n";
        let errors = parse::<Contract>("contracts/a.toml", text).unwrap_err();
        let told: Vec<_> =
            errors.iter().map(|e| (e.place.to_string(), e.suggestion.clone().unwrap_or_default())).collect();
        assert_eq!(
            told,
            [
                ("contracts/a.toml:2:1".to_owned(), "title_zh".to_owned()),
                ("contracts/a.toml:6:1".to_owned(), "type".to_owned())
            ]
        );
    }

    #[test]
    fn syntax_and_type_errors_have_a_line() {
        for text in ["id = \"a\n", "id = 5\n"] {
            let errors = parse::<Contract>("contracts/a.toml", text).unwrap_err();
            assert_eq!(errors[0].code, "toml-invalid");
            assert_eq!(errors[0].place.line, Some(1), "{text}");
        }
    }
}
