//! Values made from other fields of the row: the units an office or an address names, and numbers that rows share
//! when they agree. What they are made from may itself never be written.

use std::collections::BTreeMap;

use model::contract::FieldSource;
use model::{Contract, Field, Reference};

use crate::values::Value;

/// The unit an office or an address names.
pub(super) fn unit(
    reference: &Reference,
    vintage: &str,
    contract: &Contract,
    field: &Field,
    row: &[Option<Value>],
) -> Option<Value> {
    let of = field.of.first()?;
    let at = contract.field.iter().position(|other| other.name == *of)?;
    let Some(Some(Value::Text(text))) = row.get(at) else { return None };
    let unit = match field.from {
        FieldSource::Office => reference.office(text)?.to_owned(),
        FieldSource::Address => reference.address(text, vintage)?.county.clone(),
        FieldSource::AddressZone => reference.address(text, vintage)?.zone.clone()?,
        _ => return None,
    };
    Some(Value::Text(unit))
}

/// Rows of a table that agree in one of some fields, directly or over other rows, get the same number.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// For each row the row it is linked to; itself if to none before it.
    linked: Vec<usize>,
    /// The first row with a value, by field and value. Never leaves this type.
    first: BTreeMap<(usize, String), usize>,
}

impl Links {
    /// Adds the next row, with what it may agree in with others: field and value.
    pub(super) fn add(&mut self, values: impl IntoIterator<Item = (usize, String)>) {
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
            links.add(row.into_iter().map(|(field, value)| (field, value.to_owned())));
        }
        assert_eq!(links.numbers(), [1, 2, 1, 3, 2]);
        links.add([(0, "a".to_owned()), (0, "b".to_owned())]);
        assert_eq!(links.numbers(), [1, 1, 1, 2, 1, 1]);
    }
}
