//! Row accounting: what became of every row of a sheet.
//!
//! The identity `sheet rows = kept + rejected + superseded + duplicate + late + not data (by kind)` holds for each source
//! and each sheet; a program that loses a row cannot close it. A wide table has a second one in cells: `crossings of
//! data rows and header values = kept + rejected + superseded + duplicate + late + blank`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a sheet row is, or became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A data row that stands.
    Kept,
    /// A data row that was refused, with a finding.
    Rejected,
    /// A data row that a later delivery replaced.
    Superseded,
    /// A data row equal in key and values to one that stands.
    Duplicate,
    /// A data row that came after the edition's cut-off.
    Late,
    /// A title above a table.
    Title,
    /// A row that only states the measure unit.
    Unit,
    /// A row of the header band.
    Header,
    /// A label row that opens a part of the table.
    Section,
    /// A data row in a part of the table the contract does not ask for.
    OutOfScope,
    /// A total over the table.
    Total,
    /// A sum over a part of the table.
    Subtotal,
    /// A mean row.
    Mean,
    /// A “of which” row that is no zone.
    OtherOfWhich,
    /// A note below or between tables.
    Note,
    /// A row without any content, or of a wide table without any value; a crossing whose cells are all blank.
    Blank,
    /// A row hidden in the sheet.
    Hidden,
}

impl RowKind {
    /// Every kind, in the order of the printed table.
    pub const ALL: [Self; 17] = [
        Self::Kept,
        Self::Rejected,
        Self::Superseded,
        Self::Duplicate,
        Self::Late,
        Self::Title,
        Self::Unit,
        Self::Header,
        Self::Section,
        Self::OutOfScope,
        Self::Total,
        Self::Subtotal,
        Self::Mean,
        Self::OtherOfWhich,
        Self::Note,
        Self::Blank,
        Self::Hidden,
    ];

    /// The name used in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Rejected => "rejected",
            Self::Superseded => "superseded",
            Self::Duplicate => "duplicate",
            Self::Late => "late",
            Self::Title => "title",
            Self::Unit => "unit",
            Self::Header => "header",
            Self::Section => "section",
            Self::OutOfScope => "out_of_scope",
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Mean => "mean",
            Self::OtherOfWhich => "other_of_which",
            Self::Note => "note",
            Self::Blank => "blank",
            Self::Hidden => "hidden",
        }
    }

    /// The Chinese name printed in tables.
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Kept => "采用",
            Self::Rejected => "退回",
            Self::Superseded => "被替代",
            Self::Duplicate => "重复",
            Self::Late => "逾期",
            Self::Title => "标题",
            Self::Unit => "单位行",
            Self::Header => "表头",
            Self::Section => "分组行",
            Self::OutOfScope => "非本表分组",
            Self::Total => "合计",
            Self::Subtotal => "小计",
            Self::Mean => "均值",
            Self::OtherOfWhich => "其他其中项",
            Self::Note => "注",
            Self::Blank => "空行",
            Self::Hidden => "隐藏行",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The count of rows by kind for one source or one sheet, or of the crossings of a wide table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// Rows of the sheet that belong here; for crossings, how many there are.
    pub sheet_rows: u64,
    /// How many of them are of each kind; kinds without rows are absent.
    pub rows: BTreeMap<RowKind, u64>,
}

impl Accounting {
    /// Counts one more row of a kind. `sheet_rows` is counted apart, from the sheet itself.
    pub fn add(&mut self, kind: RowKind) {
        *self.rows.entry(kind).or_default() += 1;
    }

    /// Adds what was counted of other rows.
    pub fn join(&mut self, other: &Self) {
        self.sheet_rows += other.sheet_rows;
        for (kind, count) in &other.rows {
            *self.rows.entry(*kind).or_default() += count;
        }
    }

    /// How many rows are of a kind.
    pub fn count(&self, kind: RowKind) -> u64 {
        self.rows.get(&kind).copied().unwrap_or_default()
    }

    /// Whether every sheet row is accounted for exactly once.
    pub fn closes(&self) -> bool {
        self.rows.values().sum::<u64>() == self.sheet_rows
    }

    /// Moves rows from one kind to another, as pass 2 does with rows that read as kept.
    pub fn move_rows(&mut self, from: RowKind, to: RowKind, count: u64) {
        if let Some(rows) = self.rows.get_mut(&from) {
            let moved = count.min(*rows);
            *rows -= moved;
            if *rows == 0 {
                self.rows.remove(&from);
            }
            if moved > 0 {
                *self.rows.entry(to).or_default() += moved;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closes_only_when_every_row_is_counted_once() {
        let mut accounting = Accounting { sheet_rows: 3, ..Accounting::default() };
        accounting.add(RowKind::Title);
        accounting.add(RowKind::Kept);
        assert!(!accounting.closes());
        accounting.add(RowKind::Kept);
        assert!(accounting.closes());
        accounting.move_rows(RowKind::Kept, RowKind::Duplicate, 2);
        assert!(accounting.closes());
        assert_eq!((accounting.count(RowKind::Kept), accounting.count(RowKind::Duplicate)), (0, 2));
    }

    #[test]
    fn names_are_read_back() {
        for kind in RowKind::ALL {
            assert_eq!(RowKind::from_name(kind.name()), Some(kind));
        }
    }
}
