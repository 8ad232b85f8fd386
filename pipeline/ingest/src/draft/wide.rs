//! Tables that are wide: periods or counties stand in the header, and each row gives one row for each of them.

use std::collections::{BTreeMap, BTreeSet};

use model::FieldType;

use super::blocks::{Block, period_of};
use super::labels::Resolved;
use super::table::Setting;
use crate::grid::Cell;
use crate::header::Column;

/// What a table is wide over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
    /// `month`, `period` or `unit`.
    pub(crate) kind: FieldType,
    /// The columns under such headers, with the rest of their paths.
    pub(crate) columns: BTreeMap<usize, String>,
    /// The different header values, as they stand.
    pub(crate) values: Vec<String>,
}

impl Wide {
    /// What stands beside the header value in the paths, each once, in order of columns.
    pub(crate) fn rests(&self) -> Vec<&str> {
        let mut rests: Vec<&str> = Vec::new();
        for rest in self.columns.values() {
            if !rests.contains(&rest.as_str()) {
                rests.push(rest);
            }
        }
        rests
    }
}

/// Finds out whether a table is wide. All its figures must stand under such headers: a column of growth beside two
/// years is a table of two years.
pub(crate) fn find(columns: &[Column], block: &Block, setting: &Setting<'_>) -> Option<Wide> {
    let usual = block.usual.iter().enumerate();
    let figures: BTreeSet<usize> =
        usual.filter(|(_, usual)| **usual == Some(true)).map(|(column, _)| column).collect();
    [FieldType::Period, FieldType::Unit].into_iter().find_map(|kind| {
        let is_value = |label: &str| match kind {
            FieldType::Period => period_of(&Cell::text(label)).is_some(),
            _ => is_unit(label, setting),
        };
        let mut under: BTreeMap<usize, String> = BTreeMap::new();
        let mut values: Vec<String> = Vec::new();
        let mut crossings: BTreeSet<(String, String)> = BTreeSet::new();
        for (at, column) in columns.iter().enumerate() {
            let Some((value, rest)) = split(column, kind, &is_value) else { continue };
            if !values.contains(&value) {
                values.push(value.clone());
            }
            crossings.insert((value, rest.clone()));
            under.insert(at, rest);
        }
        let least = if kind == FieldType::Period { 2 } else { 3 };
        let outside = figures.iter().filter(|column| !under.contains_key(column)).count();
        let before = figures.iter().filter(|column| is_before(**column, &under)).count();
        let covered = outside <= before && under.len() > outside;
        // A header says each crossing once.
        if values.len() < least || !covered || crossings.len() < under.len() {
            return None;
        }
        let kind = if kind == FieldType::Period && is_months(&values) { FieldType::Month } else { kind };
        Some(Wide { kind, columns: under, values })
    })
}

/// The header value of a column and what stands beside it: one level or two together (`2024年/1月`), else the
/// beginning of a label (`2024年户数`).
fn split(column: &Column, kind: FieldType, is_value: &dyn Fn(&str) -> bool) -> Option<(String, String)> {
    let levels = &column.levels;
    for length in [2, 1] {
        for (start, run) in levels.windows(length).enumerate() {
            let value = run.concat();
            if value.is_empty() || !is_value(&value) {
                continue;
            }
            let rest = levels.iter().enumerate().filter(|(at, _)| !(start..start + length).contains(at));
            let rest: Vec<&str> = rest.map(|(_, level)| level.as_str()).collect();
            return Some((value, rest.join("/")));
        }
    }
    let [label] = levels.as_slice() else { return None };
    let ends = label.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    let cut =
        ends.rev().find(|at| label.get(..*at).is_some_and(|start| is_dated_start(start) && is_value(start)));
    let (value, rest) = label.split_at(cut.filter(|_| kind == FieldType::Period)?);
    Some((value.to_owned(), rest.to_owned()))
}

/// A period at the beginning of a label is written out: `2024年`, `1月`, not a bare number.
fn is_dated_start(label: &str) -> bool {
    label.ends_with(['年', '月', '度']) || label.ends_with("上半年") || label.ends_with("下半年")
}

/// A column of numbers before all of the others is a running number or a code.
fn is_before(column: usize, under: &BTreeMap<usize, String>) -> bool {
    under.keys().next().is_some_and(|first| column < *first)
}

/// Whether all of these periods are months.
pub(super) fn is_months(values: &[String]) -> bool {
    values.iter().all(|value| {
        period_of(&Cell::text(value)).is_some_and(|period| period.len() == 7 && !period.contains(['Q', 'H']))
    })
}

fn is_unit(label: &str, setting: &Setting<'_>) -> bool {
    let label = BTreeSet::from([label.to_owned()]);
    Resolved::of(&label, setting.reference, setting.partition, setting.vintage).known == 1
}
