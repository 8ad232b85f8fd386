//! What a contract says that cannot be meant, found by looking at the contract alone.
//!
//! Whoever has the file adds the line; whether its department exists is not asked here.

use std::collections::BTreeSet;

use super::{Contract, Field, FieldSource, FieldType, Limit};
use crate::MeasureUnit;

/// A key of a contract whose value cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The way to the key: `field`, `2`, `from`.
    pub path: Vec<String>,
    /// Its value.
    pub value: String,
    /// What may stand there.
    pub expected: String,
}

/// Greatest position of a column, or of a row in a table that lies on its side.
const MAX_POSITION: u32 = 1_048_576;

impl Contract {
    /// Everything that cannot be meant.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.structure(&mut faults);
        let mut positions = BTreeSet::new();
        for (at, field) in self.field.iter().enumerate() {
            faults.field = Some(at);
            field.source(&mut faults);
            field.derivation(&self.field, &mut faults);
            field.content(&mut faults);
            if let Some(position) = field.position.filter(|_| field.has_column())
                && (position == 0 || position > MAX_POSITION || !positions.insert(position))
            {
                faults.wrong("position", position, &format!("1 to {MAX_POSITION}, each once"));
            }
        }
        faults.all
    }

    fn structure(&self, faults: &mut Faults) {
        if self.key.is_empty() {
            faults.wrong("key", "[]", "fields that identify a row");
        }
        if let Some(header) = self.header_field().filter(|header| !self.key.contains(&header.name)) {
            let expected = format!("also `{}`: each value of the header makes a row of its own", header.name);
            faults.wrong("key", self.key.join(", "), &expected);
        }
        let lowest = u32::from(!self.by_position());
        if let Some(rows) = self.header_rows.filter(|rows| !(lowest..=4).contains(rows)) {
            faults.wrong("header_rows", rows, &format!("{lowest} to 4"));
        }
        let count = |is: &dyn Fn(&Field) -> bool| self.field.iter().filter(|field| is(field)).count();
        let from = |source| count(&|field| field.from == source);
        let mut at_most_one = |found: usize, expected: &str| {
            if found > 1 {
                faults.wrong("field", found, expected);
            }
        };
        at_most_one(count(&|field| field.kind == FieldType::Unit), "at most one field of type unit");
        at_most_one(from(FieldSource::Header), "at most one field with from = \"header\"");
        at_most_one(from(FieldSource::MeasureUnit), "at most one field with from = \"measure_unit\"");
        let open = count(&|field| field.from == FieldSource::Cell && field.zh.is_empty());
        at_most_one(open, "at most one field with from = \"cell\" and no zh");
        match (from(FieldSource::Header), from(FieldSource::Cell)) {
            (0, 1..) => faults.wrong("field", "cell", "also a field with from = \"header\""),
            (1.., 0) => faults.wrong("field", "header", "also a field with from = \"cell\""),
            _ => {}
        }
    }
}

impl Field {
    /// Whether its keys fit where its values stand.
    fn source(&self, faults: &mut Faults) {
        let name = self.from.name();
        let kind = self.kind;
        if self.name == "period" && !self.is_period() {
            faults.wrong("name", "period", "another name: `period` is a month or period");
        }
        if self.is_period() && self.sensitivity >= super::Sensitivity::S3 {
            faults.wrong("sensitivity", "S3", "a class that is written, for the period");
        }
        if self.from == FieldSource::Header && self.sensitivity >= super::Sensitivity::S3 {
            faults.wrong("sensitivity", "S3", "a class that is written: headers are shown");
        }
        let text =
            matches!(kind, FieldType::String | FieldType::Enum | FieldType::Code | FieldType::Industry);
        let fits = match self.from {
            FieldSource::Column => true,
            FieldSource::Header => {
                text || matches!(
                    kind,
                    FieldType::Unit | FieldType::Month | FieldType::Period | FieldType::Date
                )
            }
            FieldSource::Cell => kind != FieldType::Unit,
            FieldSource::Above | FieldSource::Sheet | FieldSource::Section => !kind.is_number(),
            FieldSource::MeasureUnit
            | FieldSource::Office
            | FieldSource::Address
            | FieldSource::AddressZone => kind == FieldType::String,
            FieldSource::Linked => kind == FieldType::Int,
        };
        if !fits {
            let expected = format!("no `{name}` for a field of type `{}`", kind.name());
            faults.wrong("from", name, &expected);
        }
        if self.position.is_some() && !matches!(self.from, FieldSource::Column | FieldSource::MeasureUnit) {
            let expected = format!("no position for a field with from = \"{name}\"");
            faults.wrong("position", "position", &expected);
        }
        let without_label =
            matches!(kind, FieldType::Month | FieldType::Period | FieldType::Date | FieldType::Unit);
        match self.from {
            FieldSource::Column if self.zh.is_empty() && self.position.is_none() => {
                let expected = "header variants (zh), a position, or a `from` that says where else it stands";
                faults.wrong("name", &self.name, expected);
            }
            FieldSource::Above if self.zh.is_empty() && !without_label => {
                let expected = "labels (zh) of the line above the header";
                faults.wrong("name", &self.name, expected);
            }
            _ => {}
        }
    }

    /// Whether its keys fit what it is made from.
    fn derivation(&self, fields: &[Field], faults: &mut Faults) {
        let name = self.from.name();
        let without_zh = self.from.is_derived()
            || matches!(self.from, FieldSource::Header | FieldSource::Sheet | FieldSource::Section);
        if without_zh && !self.zh.is_empty() {
            faults.wrong("zh", "zh", &format!("no zh for a field with from = \"{name}\""));
        }
        if self.from.is_derived() && self.of.is_empty() {
            faults.wrong("from", name, "also the fields it is made from (of)");
        }
        if self.from != FieldSource::Linked && self.of.len() > 1 {
            faults.wrong("of", self.of.join(", "), "one field");
        }
        let other = |name: &str| fields.iter().find(|field| field.name == name && !field.from.is_derived());
        for (at, name) in self.of.iter().enumerate().filter(|(_, name)| other(name).is_none()) {
            faults.at(&["of", &at.to_string()], name, "another field of this contract");
        }
        if let Some(taker) = &self.registration_number {
            let own = |field: &&Field| self.from == FieldSource::Column && field.from == FieldSource::Column;
            let taking = other(taker).filter(|field| field.kind == FieldType::Code).filter(own);
            if taking.is_none_or(|field| field.sensitivity < self.sensitivity) {
                let expected =
                    "a field of type code with a column of its own, of the same sensitivity or a higher one";
                faults.wrong("registration_number", taker, expected);
            }
        }
        if let Some(start) = self.counted_from.as_ref().filter(|_| self.kind.is_day()) {
            let own = |field: &Field| {
                !matches!(field.from, FieldSource::Header | FieldSource::Cell) && field.counted_from.is_none()
            };
            // A moment is not counted from a day without clock time.
            let kind = |field: &Field| {
                field.kind.is_day() && (self.kind, field.kind) != (FieldType::Datetime, FieldType::Date)
            };
            if self.from != FieldSource::Column {
                faults.wrong("counted_from", start, &format!("nothing for a field with from = \"{name}\""));
            } else if !other(start)
                .is_some_and(|field| own(field) && kind(field) && field.sensitivity <= self.sensitivity)
            {
                let expected = "a field of the row of type datetime (or date, for a date) that is not itself counted, of the same sensitivity or a lower one";
                faults.wrong("counted_from", start, expected);
            }
        }
        let Some(condition) = &self.drop_when else { return };
        match other(&condition.field).filter(|field| field.kind == FieldType::Enum) {
            None => faults.at(&["drop_when", "field"], &condition.field, "a field of type enum"),
            Some(field) => {
                let known = field.values.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                for (at, value) in condition.is.iter().enumerate() {
                    if !field.values.contains_key(value) {
                        faults.at(&["drop_when", "is", &at.to_string()], value, &known);
                    }
                }
            }
        }
    }

    /// Whether its keys fit what its values are.
    fn content(&self, faults: &mut Faults) {
        if let Some(Err(error)) = self.constraints.compiled() {
            let pattern = self.constraints.pattern.as_deref().unwrap_or_default();
            faults.at(&["constraints", "pattern"], pattern, &format!("a regular expression ({error})"));
        }
        let limits = (&self.constraints.minimum, &self.constraints.maximum);
        let crossed = match limits {
            (Some(Limit::Number(low)), Some(Limit::Number(high))) => low > high,
            (Some(Limit::Text(low)), Some(Limit::Text(high))) => low > high,
            _ => false,
        };
        if let (Some(low), Some(high), true) = (limits.0, limits.1, crossed) {
            faults.at(&["constraints", "minimum"], low, &format!("at most the maximum {high}"));
        }
        for key in self.misplaced() {
            let expected = format!("nothing: it says nothing of the type `{}`", self.kind.name());
            faults.wrong(key, key, &expected);
        }
        if self.kind == FieldType::Enum && self.values.is_empty() {
            faults.wrong("values", "", "a table of values");
        }
        let Some(symbol) = &self.measure_unit else { return };
        let canonical = self.kind.canonical_unit();
        let unit = MeasureUnit::parse(symbol);
        if unit.is_none_or(|unit| canonical.is_some_and(|canonical| canonical != unit.canonical)) {
            faults.wrong("measure_unit", symbol, canonical.unwrap_or("a known measure unit"));
        }
    }
}

#[derive(Default)]
struct Faults {
    field: Option<usize>,
    all: Vec<Fault>,
}

impl Faults {
    fn wrong(&mut self, key: &str, value: impl std::fmt::Display, expected: &str) {
        self.at(&[key], value, expected);
    }

    fn at(&mut self, keys: &[&str], value: impl std::fmt::Display, expected: &str) {
        let field = self.field.map(|at| ["field".to_owned(), at.to_string()]).into_iter().flatten();
        let path = field.chain(keys.iter().map(|key| (*key).to_owned())).collect();
        self.all.push(Fault { path, value: value.to_string(), expected: expected.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(more: &str) -> String {
        let contract: Contract = toml::from_str(&format!(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"name\", \"period\"]\n{more}"
        ))
        .unwrap();
        let faults = contract.faults();
        // What may stand there is said in both languages, unless it is a sign of a language of its own.
        for fault in &faults {
            let mut words = fault.expected.split(|c: char| !c.is_ascii_alphabetic());
            let words = words.any(|word| word.len() > 3);
            assert_eq!(crate::phrases::in_chinese(&fault.expected).is_some(), words, "{}", fault.expected);
        }
        faults.iter().map(|fault| fault.path.join(".")).collect::<Vec<_>>().join(" ")
    }

    fn field(name: &str, kind: &str, more: &str) -> String {
        format!("[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\n{more}\n")
    }

    #[test]
    fn where_fields_stand_fits_together() {
        let name = field("name", "string", "zh = [\"地区\"]");
        let header = field("period", "period", "from = \"header\"");
        let cell = field("value", "decimal", "from = \"cell\"");
        let credit = |more: &str| {
            field("name", "uscc", &format!("zh = [\"码\"]\nregistration_number = \"no\"\n{more}"))
        };
        let accepted = field("accepted", "datetime", "zh = [\"受理时间\"]");
        let due = |kind: &str, from: &str| {
            field("due", kind, &format!("zh = [\"时限\"]\ncounted_from = \"{from}\""))
        };
        for (fields, expected) in [
            (vec![&name], ""),
            (vec![&name, &header, &cell], ""),
            (vec![&name, &header], "field"),
            (vec![&name, &cell], "field"),
            (vec![&name, &header, &cell, &cell], "field"),
            (vec![&field("name", "string", "")], "field.0.name"),
            (vec![&field("name", "decimal", "from = \"header\""), &cell], "field.0.from"),
            (vec![&name, &field("county", "unit", "from = \"header\""), &cell], "key"),
            (
                vec![&name, &field("period", "month", "from = \"header\"\nsensitivity = \"S3\""), &cell],
                "field.1.sensitivity field.1.sensitivity",
            ),
            (vec![&name, &header, &field("x", "int", "from = \"cell\"\nposition = 3")], "field.2.position"),
            (vec![&name, &field("x", "string", "from = \"above\"")], "field.1.name"),
            (vec![&name, &field("x", "unit", "from = \"above\"")], ""),
            (vec![&name, &field("x", "int", "from = \"above\"\nzh = [\"数\"]")], "field.1.from"),
            (vec![&name, &field("x", "string", "from = \"measure_unit\"")], ""),
            (vec![&name, &field("x", "money", "from = \"measure_unit\"")], "field.1.from"),
            (vec![&name, &field("x", "string", "from = \"section\"\nzh = [\"x\"]")], "field.1.zh"),
            (vec![&name, &field("period", "string", "zh = [\"时间\"]")], "field.1.name"),
            (vec![&name, &field("x", "string", "from = \"office\"\nof = [\"name\"]")], ""),
            (vec![&name, &field("x", "unit", "from = \"office\"\nof = [\"name\"]")], "field.1.from"),
            (vec![&name, &field("x", "string", "from = \"address\"")], "field.1.from"),
            (vec![&name, &field("x", "int", "from = \"linked\"\nof = [\"name\", \"ip\"]")], "field.1.of.1"),
            (vec![&name, &field("x", "string", "zh = [\"x\"]\nof = [\"name\"]")], "field.1.of"),
            (
                vec![
                    &name,
                    &field("x", "string", "zh = [\"x\"]\ndrop_when = { field = \"name\", is = [\"a\"] }"),
                ],
                "field.1.drop_when.field",
            ),
            (vec![&credit(""), &field("no", "code", "zh = [\"号\"]")], ""),
            (vec![&credit(""), &field("no", "string", "zh = [\"号\"]")], "field.0.registration_number"),
            (vec![&credit(""), &field("no", "code", "from = \"section\"")], "field.0.registration_number"),
            (
                vec![&credit("sensitivity = \"S3\""), &field("no", "code", "zh = [\"号\"]")],
                "field.0.registration_number",
            ),
            (
                vec![&name, &field("x", "code", "zh = [\"x\"]\nregistration_number = \"x\"")],
                "field.1.registration_number",
            ),
            (vec![&name, &due("datetime", "accepted"), &accepted], ""),
            (vec![&name, &due("date", "accepted"), &accepted], ""),
            (vec![&name, &due("date", "accepted"), &field("accepted", "date", "from = \"above\"")], ""),
            (vec![&name, &due("datetime", "nowhere"), &accepted], "field.1.counted_from"),
            (vec![&name, &due("datetime", "name"), &accepted], "field.1.counted_from"),
            (vec![&name, &due("datetime", "due")], "field.1.counted_from"),
            (
                vec![&name, &due("datetime", "accepted"), &field("accepted", "date", "zh = [\"受理日期\"]")],
                "field.1.counted_from",
            ),
            (vec![&name, &due("string", "accepted"), &accepted], "field.1.counted_from"),
            (
                vec![
                    &name,
                    &accepted,
                    &field("due", "date", "from = \"above\"\nzh = [\"时限\"]\ncounted_from = \"accepted\""),
                ],
                "field.2.counted_from",
            ),
            (vec![&field("name", "string", "position = 2"), &field("x", "int", "zh = [\"数\"]")], ""),
            (
                vec![&field("name", "string", "position = 2"), &field("x", "int", "position = 2")],
                "field.1.position",
            ),
        ] {
            let text = fields.into_iter().map(String::as_str).collect::<String>();
            assert_eq!(faults(&text), expected, "{text}");
        }
        assert_eq!(faults(&format!("header_rows = 0\n{name}")), "header_rows");
        assert_eq!(faults(&format!("header_rows = 0\n{}", field("name", "string", "position = 1"))), "");
    }

    #[test]
    fn what_values_are_fits_together() {
        for (more, expected) in [
            ("scale = \"percent\"", "field.0.scale"),
            ("constraints.pattern = \"(\"", "field.0.constraints.pattern"),
            ("measure_unit = \"龘\"", "field.0.measure_unit"),
            ("constraints.minimum = 5\nconstraints.maximum = 3", "field.0.constraints.minimum"),
            ("constraints.minimum = 3\nconstraints.maximum = 3", ""),
        ] {
            let text = field("name", "decimal", &format!("zh = [\"x\"]\n{more}"));
            assert_eq!(faults(&text), expected, "{more}");
        }
        assert_eq!(faults(&field("name", "enum", "zh = [\"x\"]")), "field.0.values");
    }
}
