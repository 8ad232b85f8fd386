//! The rules a contract sets for values: unique, minimum, maximum, pattern, enum. Each counts the values it was tested
//! on, so that a rule that met none can be told.

use std::collections::BTreeMap;

use model::contract::Limit;
use model::{Contract, Decimal, Field, FieldType};
use regex::Regex;

use crate::dates;
use crate::values::Value;

/// A rule that a value breaks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The code of the finding.
    pub(crate) code: &'static str,
    /// What the rule asks for; for `unique` the row where the value stood first.
    pub(crate) rule: String,
    /// The value is left out.
    pub(crate) refuse: bool,
}

/// The rules of a contract's fields, on the rows of one table.
#[derive(Debug)]
pub(crate) struct Rules {
    fields: Vec<RulesOf>,
}

#[derive(Debug, Default)]
struct RulesOf {
    pattern: Option<Regex>,
    seen: BTreeMap<String, u32>,
    tested: u64,
}

impl Rules {
    /// The rules of a contract, untested.
    pub(crate) fn new(contract: &Contract) -> Self {
        let of = |field: &Field| RulesOf {
            // A pattern that does not compile is told where definitions are checked.
            pattern: field.constraints.compiled().and_then(Result::ok),
            ..RulesOf::default()
        };
        Self { fields: contract.field.iter().map(of).collect() }
    }

    /// Tests a value of a field in a row (counted from 1).
    pub(crate) fn test(&mut self, at: usize, field: &Field, value: &Value, row: u32) -> Option<Broken> {
        let rules = self.fields.get_mut(at)?;
        rules.tested += 1;
        let constraints = &field.constraints;
        let broken = |code, rule: &dyn std::fmt::Display| {
            Some(Broken { code, rule: rule.to_string(), refuse: code != "not-unique" })
        };
        if let Some(least) =
            constraints.minimum.as_ref().filter(|least| order(value, field.kind, least).is_lt())
        {
            return broken("below-minimum", least);
        }
        if let Some(most) = constraints.maximum.as_ref().filter(|most| order(value, field.kind, most).is_gt())
        {
            return broken("above-maximum", most);
        }
        if rules.pattern.is_none() && constraints.any_of.is_empty() && !constraints.unique {
            return None;
        }
        let text = as_text(value, field.kind);
        if rules.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(&text)) {
            return broken("pattern-unmet", constraints.pattern.as_ref()?);
        }
        if !constraints.any_of.is_empty() && !constraints.any_of.contains(&text) {
            return broken("not-in-enum", &constraints.any_of.join("、"));
        }
        if constraints.unique {
            if let Some(first) = rules.seen.get(&text) {
                return broken("not-unique", first);
            }
            rules.seen.insert(text, row);
        }
        None
    }

    /// For each field how many values its rules were tested on.
    pub(crate) fn tested(&self) -> Vec<u64> {
        self.fields.iter().map(|rules| rules.tested).collect()
    }

    /// Adds how many values they were tested on in another stretch of the table.
    pub(crate) fn add_tested(&mut self, tested: &[u64]) {
        for (rules, tested) in self.fields.iter_mut().zip(tested) {
            rules.tested += tested;
        }
    }

    /// The fields whose rules met no value, with the names of the rules.
    pub(crate) fn untested<'c>(
        &self,
        contract: &'c Contract,
    ) -> impl Iterator<Item = (&'c Field, Vec<&'static str>)> {
        let untested: Vec<_> = contract
            .field
            .iter()
            .zip(&self.fields)
            .filter(|(_, rules)| rules.tested == 0)
            .map(|(field, _)| (field, names(field)))
            .filter(|(_, names)| !names.is_empty())
            .collect();
        untested.into_iter()
    }
}

fn names(field: &Field) -> Vec<&'static str> {
    let constraints = &field.constraints;
    let set = [
        ("unique", constraints.unique),
        ("minimum", constraints.minimum.is_some()),
        ("maximum", constraints.maximum.is_some()),
        ("pattern", constraints.pattern.is_some()),
        ("enum", !constraints.any_of.is_empty()),
    ];
    set.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
}

/// A stored value as a number.
pub(crate) fn as_number(value: &Value, kind: FieldType) -> Option<Decimal> {
    match value {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Decimal(scaled) => {
            let scale = kind.decimal().and_then(|(_, scale)| u32::try_from(scale).ok())?;
            Decimal::try_from_i128_with_scale(*scaled, scale).ok()
        }
        _ => None,
    }
}

/// A stored value as text.
pub(crate) fn as_text(value: &Value, kind: FieldType) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Date(days) => dates::day_text(*days),
        Value::Moment(seconds) => dates::moment_text(*seconds),
        Value::Bool(truth) => truth.to_string(),
        _ => as_number(value, kind).map(|number| number.normalize().to_string()).unwrap_or_default(),
    }
}

/// How a value stands to a limit; equal where the two cannot be compared.
fn order(value: &Value, kind: FieldType, limit: &Limit) -> std::cmp::Ordering {
    match (as_number(value, kind), limit) {
        (Some(number), Limit::Number(limit)) => number.cmp(limit),
        // A year is written as a text and read as a number.
        (None, limit) => as_text(value, kind).cmp(&limit.to_string()),
        _ => std::cmp::Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(kind: &str, rules: &str, values: &[Value]) -> Vec<String> {
        let contract: Contract = toml::from_str(&format!(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"x\"]\n\
             [[field]]\nname = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\nconstraints = {{ {rules} }}\n"
        ))
        .unwrap();
        let mut rules = Rules::new(&contract);
        assert_eq!(rules.untested(&contract).count(), 1);
        let told: Vec<_> = values
            .iter()
            .zip(1..)
            .map(|(value, row)| rules.test(0, &contract.field[0], value, row))
            .collect();
        assert_eq!(rules.untested(&contract).count(), 0);
        let shown = |broken: Broken| format!("{} {}", broken.code, broken.rule);
        told.into_iter().map(|broken| broken.map(shown).unwrap_or_default()).collect()
    }

    #[test]
    fn rules_are_tested_on_stored_values() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(
            tested("int", "minimum = 0, maximum = 10", &[Value::Int(-1), Value::Int(10), Value::Int(11)]),
            ["below-minimum 0", "", "above-maximum 10"]
        );
        assert_eq!(
            tested("ratio", "maximum = 0.5", &[Value::Decimal(50_000_000), Value::Decimal(50_000_001)]),
            ["", "above-maximum 0.5"]
        );
        assert_eq!(
            tested("string", "pattern = \"[0-9]{2}\"", &[text("12"), text("123")]),
            ["", "pattern-unmet [0-9]{2}"]
        );
        assert_eq!(
            tested("string", "enum = [\"甲\", \"乙\"]", &[text("甲"), text("丙")]),
            ["", "not-in-enum 甲、乙"]
        );
        assert_eq!(tested("string", "unique = true", &[text("甲"), text("甲")]), ["", "not-unique 1"]);
        assert_eq!(
            tested("month", "minimum = \"2024-01\"", &[text("2023-12"), text("2024-01")]),
            ["below-minimum 2024-01", ""]
        );
    }
}
