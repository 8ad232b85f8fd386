//! Which column names counties, and under which partition most of its labels are understood.

use std::collections::BTreeSet;

use model::Reference;
use model::resolve::Meaning;

use super::sketch::{Remark, Sure};
use super::words;
use crate::rows;

/// A column of more different labels names no counties.
const MOST_LABELS: usize = 300;

/// What the labels of a column mean under a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Different units.
    pub(crate) units: usize,
    /// Different labels that are units.
    pub(crate) known: usize,
    /// Different labels that nobody knows, or that lie outside the partition.
    pub(crate) unknown: usize,
    /// They themselves.
    pub(crate) strangers: BTreeSet<String>,
}

impl Resolved {
    /// Resolves labels; totals and means count as neither.
    pub(crate) fn of(
        labels: &BTreeSet<String>,
        reference: &Reference,
        partition: &str,
        vintage: &str,
    ) -> Self {
        let mut units = BTreeSet::new();
        let mut resolved = Self::default();
        if labels.len() > MOST_LABELS {
            resolved.unknown = labels.len();
            return resolved;
        }
        for label in labels.iter().filter(|label| !label.is_empty()) {
            match reference.resolve(label, partition, vintage) {
                Meaning::Unit { unit, .. } => {
                    units.insert(unit);
                    resolved.known += 1;
                }
                Meaning::Other(_) | Meaning::OtherPart => {}
                Meaning::OutsidePartition { unit } if rows::is_city(reference, &unit) => {}
                Meaning::OutsidePartition { .. } | Meaning::Unknown { .. } => {
                    resolved.unknown += 1;
                    resolved.strangers.insert(label.clone());
                }
            }
        }
        resolved.units = units.len();
        resolved
    }

    /// Whether a column of these labels names counties. A few labels count only under a header that says so.
    pub(crate) fn is_county(&self, header: &str) -> bool {
        let hinted = header.is_empty() || words::is_county(header);
        let most = self.known > self.unknown || (hinted && self.known >= self.unknown);
        most && self.known > 0 && (self.units >= 3 || hinted)
    }

    /// Why, and how sure.
    pub(crate) fn why(&self, partition: &str) -> (Remark, Sure) {
        let sure = match (self.unknown, self.units) {
            (0, 3..) => Sure::High,
            (_, 3..) => Sure::Medium,
            _ => Sure::Low,
        };
        let said = Remark::new(
            format!(
                "{} 个名称按口径 {partition} 认作 {} 个县（市、区）或功能区{}",
                self.known,
                self.units,
                if self.unknown > 0 {
                    format!("，{} 个认不出，其行将被拒收", self.unknown)
                } else {
                    String::new()
                }
            ),
            format!(
                "labels that name units of the partition {partition}: {}; units: {}{}",
                self.known,
                self.units,
                if self.unknown > 0 {
                    format!("; {} are unknown, their rows will be rejected", self.unknown)
                } else {
                    String::new()
                }
            ),
        );
        (said, sure)
    }
}

/// Whether a label names a county under any partition, or a sum of counties.
pub(crate) fn names_row(label: &str, reference: &Reference) -> bool {
    !matches!(reference.resolve(label, "", ""), Meaning::Unknown { .. } | Meaning::OtherPart)
}

/// The partition under which most of the labels are units; of several the one in force, then the last listed.
pub(crate) fn partition(
    labels: &BTreeSet<String>,
    reference: &Reference,
    vintage: &str,
) -> Option<(String, Resolved)> {
    let best = reference.partitions.keys().map(|partition| {
        let resolved = Resolved::of(labels, reference, partition, vintage);
        let units = reference.partitions.get(partition).map_or(0, Vec::len);
        (
            resolved.known,
            is_in_force(reference, partition, vintage),
            std::cmp::Reverse(units),
            partition,
            resolved,
        )
    });
    let best = best.max_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)))?;
    (best.0 > 0).then(|| (best.3.clone(), best.4))
}

/// The partitions in force under which most of the labels are units, none where no label is one; and whether a label
/// is a zone that some of them list beside its county and others do not.
pub(crate) fn partitions(
    labels: &BTreeSet<String>,
    reference: &Reference,
    vintage: &str,
) -> (Vec<String>, bool) {
    let in_force = reference.partitions.keys().filter(|partition| is_in_force(reference, partition, vintage));
    let known =
        in_force.map(|partition| (partition, Resolved::of(labels, reference, partition, vintage).known));
    let known: Vec<(&String, usize)> = known.collect();
    let most = known.iter().map(|(_, known)| *known).max().unwrap_or_default();
    let best: Vec<&String> = known
        .iter()
        .filter(|(_, known)| *known == most && most > 0)
        .map(|(partition, _)| *partition)
        .collect();
    let meanings = |partition: &str| -> Vec<Meaning> {
        labels.iter().map(|label| reference.resolve(label, partition, vintage)).collect()
    };
    let alike = best.windows(2).all(|pair| matches!(pair, [a, b] if meanings(a) == meanings(b)));
    (best.into_iter().cloned().collect(), !alike)
}

/// Whether a partition is in force in a year. Which is ranked is the reference's word, not ours.
fn is_in_force(reference: &Reference, partition: &str, vintage: &str) -> bool {
    let Some(table) = reference.tables.get("partitions") else { return false };
    let at = |name: &str| table.definition.columns.iter().position(|column| column.name == name);
    let (Some(id), Some(from), Some(to)) = (at("id"), at("valid_from"), at("valid_to")) else { return false };
    let row = table.rows.iter().find(|row| row.get(id).is_some_and(|id| id == partition));
    let Some((from, to)) = row.and_then(|row| Some((row.get(from)?, row.get(to)?))) else { return false };
    if vintage.is_empty() {
        return to.is_empty();
    }
    let after = from.is_empty() || from.as_str() <= vintage || from.starts_with(vintage);
    let before = to.is_empty() || vintage <= to.as_str() || to.starts_with(vintage);
    after && before
}
