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
    let levels = columns.iter().map(|column| column.path.split('/').count()).max().unwrap_or_default();
    let figures: BTreeSet<usize> = block
        .usual
        .iter()
        .enumerate()
        .filter(|(_, usual)| **usual == Some(true))
        .map(|(column, _)| column)
        .collect();
    for kind in [FieldType::Period, FieldType::Unit] {
        for level in 0..levels {
            let mut under: BTreeMap<usize, String> = BTreeMap::new();
            let mut values: Vec<String> = Vec::new();
            let mut grains = BTreeSet::new();
            for (at, column) in columns.iter().enumerate() {
                let mut labels: Vec<&str> = column.path.split('/').collect();
                let Some(label) = labels.get(level).copied().filter(|label| !label.is_empty()) else {
                    continue;
                };
                let value = match kind {
                    FieldType::Period => period_of(&Cell::text(label)),
                    _ => is_unit(label, setting).then(|| label.to_owned()),
                };
                let Some(value) = value else { continue };
                // A header says each crossing once; `2024年3月15日` is a day of data.
                grains.insert(value.len());
                if !values.contains(&label.to_owned()) {
                    values.push(label.to_owned());
                }
                labels.remove(level);
                under.insert(at, labels.join("/"));
            }
            let least = if kind == FieldType::Period { 2 } else { 3 };
            let outside = figures.iter().filter(|column| !under.contains_key(column)).count();
            let running = figures.iter().filter(|column| is_before(**column, &under)).count();
            let covered = outside <= running && under.len() > outside;
            let each_once = {
                let crossings: BTreeSet<(&str, &str)> = under
                    .iter()
                    .filter_map(|(at, rest)| {
                        let label = columns.get(*at)?.path.split('/').nth(level)?;
                        Some((label, rest.as_str()))
                    })
                    .collect();
                crossings.len() == under.len()
            };
            if values.len() >= least && covered && each_once {
                let months = grains.len() == 1 && grains.contains(&7);
                let kind = if kind == FieldType::Period && months && is_months(&values) {
                    FieldType::Month
                } else {
                    kind
                };
                return Some(Wide { kind, columns: under, values });
            }
        }
    }
    None
}

/// A column of numbers before all of the others is a running number or a code.
fn is_before(column: usize, under: &BTreeMap<usize, String>) -> bool {
    under.keys().next().is_some_and(|first| column < *first)
}

fn is_months(values: &[String]) -> bool {
    values.iter().all(|value| {
        period_of(&Cell::text(value)).is_some_and(|period| period.len() == 7 && !period.contains(['Q', 'H']))
    })
}

fn is_unit(label: &str, setting: &Setting<'_>) -> bool {
    let label = BTreeSet::from([label.to_owned()]);
    Resolved::of(&label, setting.reference, setting.partition, setting.vintage).known == 1
}
