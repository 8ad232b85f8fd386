//! A TOML document held against the schema of its type: what does not fit, and the document with what was meant.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use crate::diagnostic::{Diagnostic, Place};
use crate::text;

/// What may be written, in words, for each type of a schema.
const TYPES: [(&str, &str); 6] = [
    ("string", "a text in quotes"),
    ("integer", "a whole number"),
    ("number", "a number"),
    ("boolean", "true or false"),
    ("array", "a list"),
    ("object", "a table"),
];

/// Goes through a document.
pub(super) struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    root: &'a Json,
    wrong: Vec<Diagnostic>,
}

type Entry<'d> = Spanned<DeValue<'d>>;

impl<'a> Walk<'a> {
    /// The document without unknown keys and with what was probably meant, and everything wrong in it.
    pub(super) fn over(
        file: &'a str,
        text: &'a str,
        root: &'a Json,
        document: &Spanned<DeTable<'_>>,
    ) -> (Table, Vec<Diagnostic>) {
        let mut walk = Self { file, text, root, wrong: Vec::new() };
        let mended = walk.table(document.get_ref(), root, &Place::file(file));
        (mended, walk.wrong)
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::span(self.file, self.text, span)
    }

    fn table(&mut self, table: &DeTable<'_>, schema: &Json, place: &Place) -> Table {
        let schema = self.resolve(schema).clone();
        let mut mended = Table::new();
        let before = self.wrong.len();
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties").filter(|inner| inner.is_object());
        for (key, value) in table {
            let name = key.get_ref().to_string();
            match properties.and_then(|properties| properties.get(&name)).or(others) {
                Some(inner) => mended.extend(self.value(&name, value, inner).map(|value| (name, value))),
                None => match properties {
                    Some(properties) => self.unknown(key, properties.keys().map(String::as_str).collect()),
                    None => mended.extend(plain(value).map(|value| (name, value))),
                },
            }
        }
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten();
        for key in required.filter_map(Json::as_str) {
            let misspelt =
                || self.wrong.iter().skip(before).any(|told| told.suggestion.as_deref() == Some(key));
            if !table.keys().any(|name| name.get_ref() == key) && !misspelt() {
                self.wrong.push(Diagnostic::new("missing-key", place.clone()).with("key", key));
            }
        }
        mended
    }

    /// The value as it was probably meant, if that can be told.
    fn value(&mut self, key: &str, value: &Entry<'_>, schema: &Json) -> Option<Value> {
        let words = self.words(schema);
        if let (DeValue::String(said), false) = (value.get_ref(), words.is_empty()) {
            if words.contains(&&**said) {
                return plain(value);
            }
            let meant = text::suggest(said, words.iter().copied()).map(str::to_owned);
            let told = self.misfit(key, value, &words.join(", ")).suggest(meant.clone());
            self.wrong.push(told);
            return meant.map(Value::String);
        }
        let types = self.types(schema);
        let own: &[&str] = match value.get_ref() {
            DeValue::String(_) | DeValue::Datetime(_) => &["string"],
            DeValue::Integer(_) => &["integer", "number"],
            DeValue::Float(_) => &["number"],
            DeValue::Boolean(_) => &["boolean"],
            DeValue::Array(_) => &["array"],
            DeValue::Table(_) => &["object"],
        };
        if !types.is_empty() && !own.iter().any(|own| types.contains(own)) {
            let words = TYPES.iter().filter(|(name, _)| types.contains(name)).map(|(_, words)| *words);
            let expected = words.collect::<Vec<_>>().join(" / ");
            let told = self.misfit(key, value, &expected);
            self.wrong.push(told);
            return None;
        }
        match value.get_ref() {
            DeValue::Table(table) => {
                let place = self.place(value.span());
                Some(Value::Table(self.table(table, schema, &place)))
            }
            DeValue::Array(array) => {
                let items = self.resolve(schema).get("items").cloned().unwrap_or_default();
                let mended = array.iter().filter_map(|value| self.value(key, value, &items)).collect();
                Some(Value::Array(mended))
            }
            _ => plain(value),
        }
    }

    fn misfit(&self, key: &str, value: &Entry<'_>, expected: &str) -> Diagnostic {
        let written = self.text.get(value.span()).unwrap_or_default();
        let written = written.lines().next().unwrap_or_default().trim_matches(['"', '\'']);
        let (key, place) = (key.to_owned(), self.place(value.span()));
        Diagnostic::new("wrong-value", place)
            .with("key", key)
            .with("value", written)
            .with("expected", expected)
    }

    fn unknown(&mut self, key: &Spanned<Cow<'_, str>>, known: Vec<&str>) {
        self.wrong.push(
            Diagnostic::new("unknown-key", self.place(key.span()))
                .with("key", key.get_ref())
                .with("known", known.join(", "))
                .suggest(text::suggest(key.get_ref(), known)),
        );
    }

    /// The words a schema has, if it is a list of words.
    fn words<'s>(&'s self, schema: &'s Json) -> Vec<&'s str> {
        let schema = self.resolve(schema);
        let branches = schema.get("oneOf").and_then(Json::as_array).into_iter().flatten();
        let of = |schema: &'s Json| {
            let listed = schema.get("enum").and_then(Json::as_array).into_iter().flatten();
            listed.chain(schema.get("const")).filter_map(Json::as_str)
        };
        branches.chain([schema]).flat_map(of).collect()
    }

    /// The types a schema allows; none if it does not say.
    fn types<'s>(&'s self, schema: &'s Json) -> BTreeSet<&'s str> {
        if let Some(branches) = schema.get("anyOf").and_then(Json::as_array) {
            return branches.iter().flat_map(|branch| self.types(branch)).collect();
        }
        let schema = self.resolve(schema);
        if !self.words(schema).is_empty() {
            return BTreeSet::from(["string"]);
        }
        match schema.get("type") {
            Some(Json::String(name)) => BTreeSet::from([name.as_str()]),
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
            _ => schema.get("anyOf").map_or_else(BTreeSet::new, |_| self.types(schema)),
        }
    }

    /// Follows references and takes the non-null branch of optional values.
    fn resolve<'s>(&'s self, schema: &'s Json) -> &'s Json {
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let pointer = reference.trim_start_matches('#');
            return self.root.pointer(pointer).map_or(schema, |target| self.resolve(target));
        }
        let branches = schema.get("anyOf").and_then(Json::as_array);
        let optional = |branches: &&Vec<Json>| {
            branches.iter().any(|branch| branch.get("type") == Some(&Json::from("null")))
        };
        branches
            .filter(optional)
            .and_then(|branches| {
                branches.iter().find(|branch| branch.get("type") != Some(&Json::from("null")))
            })
            .map_or(schema, |branch| self.resolve(branch))
    }
}

/// The value as it stands.
fn plain(value: &Entry<'_>) -> Option<Value> {
    Some(match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Float(number) => Value::Float(number.as_str().parse().ok()?),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Datetime(*date),
        DeValue::Array(array) => Value::Array(array.iter().filter_map(plain).collect()),
        DeValue::Table(table) => {
            let entries = table.iter();
            Value::Table(
                entries.filter_map(|(key, value)| Some((key.get_ref().to_string(), plain(value)?))).collect(),
            )
        }
    })
}
