//! Reading the TOML files people edit: every unknown or missing key and every value of a wrong type is told at once,
//! with line, column and what was probably meant.
//!
//! What is known comes from the same type that the file is read into (its JSON Schema), so they cannot drift apart.

mod walk;

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use self::walk::Walk;
use crate::diagnostic::{Diagnostic, Place};
use crate::digest::Digest;

/// What a definition file can be read into: a type that also knows its keys.
pub trait Definition: DeserializeOwned + JsonSchema {}

impl<T: DeserializeOwned + JsonSchema> Definition for T {}

/// Parses a TOML text into a definition.
///
/// # Errors
/// Everything wrong with its keys and the types of its values, or the one syntax error, each with its place in `file`.
pub fn parse<T: Definition>(file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    let (read, wrong) = read(file, text);
    read.filter(|_| wrong.is_empty()).ok_or(wrong)
}

/// The same; where something is wrong, also what the definition is with unknown keys left out and with what was
/// probably meant, if that much can be told: only to look what else is wrong with it.
pub fn read<T: Definition>(file: &str, text: &str) -> (Option<T>, Vec<Diagnostic>) {
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => return (None, vec![syntax(file, text, &error)]),
    };
    let schema = schemars::schema_for!(T).to_value();
    let (mended, mut wrong) = Walk::over(file, text, &schema, &document);
    if wrong.is_empty() {
        return match toml::from_str(text) {
            Ok(definition) => (Some(definition), wrong),
            Err(error) => (None, vec![syntax(file, text, &error)]),
        };
    }
    wrong.sort();
    (toml::Value::Table(mended).try_into().ok(), wrong)
}

/// The digest of what a TOML text says: its keys and values, whatever comments and white space stand around them and in
/// whatever order keys stand. A text that is no TOML stands for itself.
pub fn meaning(text: &str) -> Digest {
    match toml::from_str::<toml::Table>(text) {
        Ok(table) => Digest::of(said(&toml::Value::Table(table))),
        Err(_) => Digest::of(text),
    }
}

/// One value in one form, keys sorted.
fn said(value: &toml::Value) -> String {
    match value {
        toml::Value::Table(table) => {
            let sorted: std::collections::BTreeMap<&String, &toml::Value> = table.iter().collect();
            let entries: Vec<String> =
                sorted.into_iter().map(|(key, value)| format!("{key:?}: {}", said(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        toml::Value::Array(values) => {
            let values: Vec<String> = values.iter().map(said).collect();
            format!("[{}]", values.join(", "))
        }
        other => format!("{other:?}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn a_text_means_its_values() {
        let text = "id = \"a\" # one\nn = [1, 2]\n[b]\nx = 1\ny = 2.50\n";
        assert_eq!(meaning(text), meaning("n = [\n  1,\n  2,\n]\nid = 'a'\n\n# two\nb.y = 2.5\nb.x = 1\n"));
        for other in [
            "id = \"a\"\nn = [2, 1]\nb = {x = 1, y = 2.5}",
            "id = \"a\"\nn = [1, 2]\nb = {x = 1.0, y = 2.5}",
            "id =",
        ] {
            assert_ne!(meaning(text), meaning(other), "{other}");
        }
    }

    #[test]
    fn all_unknown_keys_at_once_with_place_and_suggestion() {
        let text = "id = \"a\"\ntitel_zh = \"x\"\ndepartment = \"d\"\nrow = \"x\"\nkey = []\n[[field]]\nname = \"unit\"\ntyp = \"unit\"\n";
        let errors = parse::<Contract>("contracts/a.toml", text).unwrap_err();
        let told: Vec<_> =
            errors.iter().map(|e| (e.place.to_string(), e.suggestion.clone().unwrap_or_default())).collect();
        assert_eq!(
            told,
            [
                ("contracts/a.toml:2:1".to_owned(), "title_zh".to_owned()),
                ("contracts/a.toml:8:1".to_owned(), "type".to_owned())
            ]
        );
    }

    #[test]
    fn syntax_errors_have_a_line() {
        let errors = parse::<Contract>("contracts/a.toml", "id = \"a\n").unwrap_err();
        assert_eq!((errors[0].code, errors[0].place.line), ("toml-invalid", Some(1)));
    }

    #[test]
    fn wrong_values_and_missing_keys_are_told_at_once() {
        let text = "id = 5\ntitle_zh = \"x\"\nrow = \"x\"\nkey = \"a\"\nhidden = \"skp\"\n\n[[field]]\ntype = \"unt\"\n\
                    required = \"yes\"\n[[field]]\nname = \"b\"\ntype = \"int\"\nconstraints = 5\nposition = 1.5\n";
        let errors = parse::<Contract>("a.toml", text).unwrap_err();
        let told: Vec<String> = errors
            .iter()
            .map(|e| {
                let param = |name: &str| e.params.get(name).map_or("", String::as_str);
                let suggestion = e.suggestion.as_deref().unwrap_or_default();
                format!("{} {} {} {} {suggestion}", e.place, e.code, param("key"), param("value"))
                    .trim()
                    .to_owned()
            })
            .collect();
        assert_eq!(
            told,
            [
                "a.toml missing-key department",
                "a.toml:1:6 wrong-value id 5",
                "a.toml:4:7 wrong-value key a",
                "a.toml:5:10 wrong-value hidden skp skip",
                "a.toml:7:1 missing-key name",
                "a.toml:8:8 wrong-value type unt unit",
                "a.toml:9:12 wrong-value required yes",
                "a.toml:13:15 wrong-value constraints 5",
                "a.toml:14:12 wrong-value position 1.5",
            ]
        );
    }

    #[test]
    fn what_was_meant_is_read_to_look_further() {
        let text = "id = \"a\"\ntitle_zh = \"x\"\ndepartment = \"d\"\nrow = \"x\"\nkey = []\nkeys = 1\n\
                    [[field]]\nname = \"b\"\ntype = \"unt\"\n";
        let (contract, wrong) = read::<Contract>("a.toml", text);
        assert_eq!((contract.unwrap().field[0].kind.name(), wrong.len()), ("unit", 2));
        assert!(read::<Contract>("a.toml", "id = 5").0.is_none());
    }
}
