//! Values made from other fields of the row: the units an office or an address names, and numbers that rows share
//! when they agree. What they are made from may itself never be written.

use std::collections::BTreeMap;

use ecow::EcoString;
use model::Field;
use model::contract::FieldSource;

use super::reader::Reader;
use crate::codes;
use crate::values::Value;

impl Reader<'_> {
    /// Adds what is made from other fields, and takes out what is not kept in such a row.
    pub(super) fn derive(&mut self, row: usize, own: &mut [Option<Value>]) {
        for (at, field) in self.fields().filter(|(_, field)| field.from.is_derived()) {
            let value = self.unit_named(field, own).map(Value::Text);
            if let Some(slot) = own.get_mut(at) {
                *slot = value;
            }
        }
        for (at, field) in self.fields() {
            let Some(condition) = &field.drop_when else { continue };
            let other = self.fields().find(|(_, other)| other.name == condition.field);
            let dropped = other.and_then(|(other, _)| own.get(other)).is_some_and(
                |value| matches!(value, Some(Value::Text(value)) if condition.is.iter().any(|one| one == value)),
            );
            if let Some(slot) = own.get_mut(at).filter(|slot| dropped && slot.is_some()) {
                *slot = None;
                self.lack(row, 0, field, "dropped", "");
            }
        }
    }

    /// The unit an office or an address names.
    fn unit_named(&mut self, field: &Field, row: &[Option<Value>]) -> Option<EcoString> {
        let job = self.place.job;
        let vintage = &job.delivery.vintage;
        let of = field.of.first()?;
        let at = self.fields().find(|(_, other)| other.name == *of)?.0;
        let Some(Some(Value::Text(text))) = row.get(at) else { return None };
        if field.from == FieldSource::Office {
            let named = || job.reference.office(text, vintage).map(EcoString::from);
            return self.offices.of_text(text, named);
        }
        // The county and the zone of an address are asked for one after the other.
        let located = self.address.take().filter(|(known, _)| known == text);
        let (_, location) = self
            .address
            .insert(located.unwrap_or_else(|| (text.clone(), job.reference.address(text, vintage))));
        let location = location.as_ref()?;
        match field.from {
            FieldSource::Address => Some(location.county.as_str().into()),
            FieldSource::AddressZone => location.zone.as_deref().map(EcoString::from),
            _ => None,
        }
    }

    /// Gives a registration number that stands in the column of a credit code to the field that takes it.
    pub(super) fn hand_registration_number(&mut self, row: usize, own: &mut [Option<Value>]) {
        let is_free = |own: &[Option<Value>], at: usize| own.get(at).is_some_and(Option::is_none);
        for (at, field) in self.fields() {
            let Some(taker) = field.registration_number.as_ref().filter(|_| is_free(own, at)) else {
                continue;
            };
            let Some((to, taker)) = self.fields().find(|(_, other)| other.name == *taker) else { continue };
            let Some(column) = self.plan.row.columns.get(at).copied().flatten() else { continue };
            let holds = codes::holds_registration_number(self.place.sheet.spread(row, column));
            if !(holds && is_free(own, to)) {
                continue;
            }
            let value = self.value_in(row, column, to, taker, &self.plan.row);
            if let Some(slot) = own.get_mut(to) {
                *slot = value;
            }
        }
    }

    /// Notes in what a kept row agrees with others.
    pub(super) fn link(&mut self, values: &[Option<Value>]) {
        for (at, field) in self.fields().filter(|(_, field)| field.from == FieldSource::Linked) {
            let others = self.fields().filter(|(_, other)| field.of.contains(&other.name));
            let agreed: Vec<(usize, EcoString)> = others
                .filter_map(|(other, _)| match values.get(other) {
                    Some(Some(Value::Text(text))) => Some((other, text.clone())),
                    _ => None,
                })
                .collect();
            self.links.entry(at).or_default().add(agreed);
        }
    }
}

/// Rows of a table that agree in one of some fields, directly or over other rows, get the same number.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// For each row the row it is linked to; itself if to none before it.
    linked: Vec<usize>,
    /// The first row with a value, by field and value. Never leaves this type.
    first: BTreeMap<(usize, EcoString), usize>,
}

impl Links {
    /// Adds the next row, with what it may agree in with others: field and value.
    pub(super) fn add(&mut self, values: impl IntoIterator<Item = (usize, EcoString)>) {
        let row = self.linked.len();
        self.linked.push(row);
        for value in values {
            let other = *self.first.entry(value).or_insert(row);
            let (one, other) = (self.root(row), self.root(other));
            // The earlier row stands for all.
            if let Some(slot) = self.linked.get_mut(one.max(other)) {
                *slot = one.min(other);
            }
        }
    }

    fn root(&self, mut row: usize) -> usize {
        while let Some(next) = self.linked.get(row).filter(|next| **next != row) {
            row = *next;
        }
        row
    }

    /// The number of each row, counted from 1 in the order of first appearance.
    pub(super) fn numbers(&self) -> Vec<i64> {
        let mut known: BTreeMap<usize, i64> = BTreeMap::new();
        let mut next = 0;
        let number = |row| {
            *known.entry(self.root(row)).or_insert_with(|| {
                next += 1;
                next
            })
        };
        (0..self.linked.len()).map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_linked_over_others() {
        let mut links = Links::default();
        let rows = [
            vec![(0, "a"), (1, "x")],
            vec![(0, "b")],
            vec![(0, "c"), (1, "x")],
            vec![],
            vec![(0, "b"), (1, "y")],
        ];
        for row in rows {
            links.add(row.into_iter().map(|(field, value)| (field, value.into())));
        }
        assert_eq!(links.numbers(), [1, 2, 1, 3, 2]);
        links.add([(0, "a".into()), (0, "b".into())]);
        assert_eq!(links.numbers(), [1, 1, 1, 2, 1, 1]);
    }
}
