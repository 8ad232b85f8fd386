//! Numbers that rows of a file share when they agree in one of some fields, directly or over other rows: counted from 1
//! in the order of first appearance. Told here again and not taken from the reader, which it grades.

use std::collections::BTreeMap;

use crate::layout::Layout;
use crate::value::Value;

/// The groups of a file's rows.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// For each row the group it first fell into.
    group_of_row: Vec<usize>,
    /// For each group the one it was joined with; itself if with none.
    joined: Vec<usize>,
    /// The group of each value, by field.
    of_value: BTreeMap<(usize, String), usize>,
}

impl Links {
    /// Adds the next row, by what it may share with others: field and value.
    pub(crate) fn add(&mut self, values: Vec<(usize, String)>) {
        let mut group = self.joined.len();
        self.joined.push(group);
        for value in values {
            let other = self.of_value.get(&value).map_or(group, |other| self.last(*other));
            let (first, second) = (group.min(other), group.max(other));
            if let Some(slot) = self.joined.get_mut(second) {
                *slot = first;
            }
            group = first;
            self.of_value.insert(value, group);
        }
        self.group_of_row.push(group);
    }

    fn last(&self, mut group: usize) -> usize {
        while let Some(next) = self.joined.get(group).filter(|next| **next != group) {
            group = *next;
        }
        group
    }

    /// The number of each row.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        let mut known: BTreeMap<usize, i64> = BTreeMap::new();
        let mut numbers = Vec::new();
        for group in &self.group_of_row {
            let next = i64::try_from(known.len()).unwrap_or_default() + 1;
            numbers.push(*known.entry(self.last(*group)).or_insert(next));
        }
        numbers
    }
}

/// The rows of a file that share numbers: known when all of them are.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    links: Links,
    /// For each row that stands its place among all rows read; they wait for their numbers.
    places: Vec<usize>,
    waiting: Vec<(u64, Vec<Value>)>,
    read: usize,
}

impl Linked {
    /// The place of the next row that is read.
    pub(crate) fn place(&self) -> usize {
        self.read
    }

    /// A row that stands, read at this place, waits for its number.
    pub(crate) fn wait(&mut self, place: usize, row: u64, values: Vec<Value>) {
        self.places.push(place);
        self.waiting.push((row, values));
    }

    /// Notes a row that is read.
    pub(crate) fn read(&mut self, layout: &Layout, values: &[Value]) {
        let Some(linked) = layout.linked() else { return };
        let shared = linked.links.iter().enumerate().filter_map(|(at, field)| {
            match layout.place(field).map(|at| values.get(at)) {
                Some(Some(Value::Text(text))) => Some((at, text.clone())),
                _ => None,
            }
        });
        self.links.add(shared.collect());
        self.read += 1;
    }

    /// The rows that waited, each with its number behind its columns.
    pub(crate) fn finish(self) -> impl Iterator<Item = (u64, Vec<Value>)> {
        let numbers = self.links.numbers();
        self.places.into_iter().zip(self.waiting).map(move |(at, (row, mut values))| {
            values.push(numbers.get(at).map_or(Value::None, |number| Value::Count(*number)));
            (row, values)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_grow_together() {
        let mut links = Links::default();
        for row in
            [vec![(0, "a")], vec![(0, "b"), (1, "x")], vec![(0, "c")], vec![(0, "a"), (1, "x")], vec![]]
        {
            links.add(row.into_iter().map(|(field, value)| (field, value.to_owned())).collect());
        }
        assert_eq!(links.numbers(), [1, 1, 2, 1, 3]);
    }
}
