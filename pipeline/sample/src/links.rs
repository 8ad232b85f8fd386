//! Numbers that rows of a file share when they agree in one of some fields, directly or over other rows: counted from 1
//! in the order of first appearance. Told here again and not taken from the reader, which it grades.

use std::collections::BTreeMap;

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
