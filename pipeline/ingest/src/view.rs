//! One sheet as its contracts read it: with or without what its author hid, as it stands or turned on its side.

use std::collections::BTreeSet;

use model::Contract;
use model::contract::{Hidden, Orientation};

use crate::bind::Wanted;
use crate::grid::Sheet;
use crate::layout::{self, Found};

/// A sheet with and without what its author hid, and turned where a contract asks for it.
pub(crate) struct View<'a> {
    /// All of it, as it stands.
    pub(crate) full: &'a Sheet,
    visible: Option<Sheet>,
    turned: Option<Sheet>,
    visible_turned: Option<Sheet>,
}

impl<'a> View<'a> {
    /// The ways in which the contracts read the sheet.
    pub(crate) fn new(full: &'a Sheet, wanted: &[Wanted<'_>]) -> Self {
        let on_its_side = |wanted: &Wanted<'_>| {
            let contract = wanted.contract;
            contract.orientation == Orientation::Columns && contract.reads_sheet(&full.name)
        };
        // A sheet longer than sheets are wide holds no table that lies on its side.
        let turned = wanted.iter().any(on_its_side).then(|| full.turned().ok()).flatten();
        let visible_turned = turned.as_ref().and_then(Sheet::visible);
        Self { full, visible: full.visible(), turned, visible_turned }
    }

    /// The sheet as a contract with these keys reads it; `None` where it cannot be turned.
    pub(crate) fn lying(&self, orientation: Orientation, hidden: Hidden) -> Option<&Sheet> {
        let (full, visible) = match orientation {
            Orientation::Rows => (self.full, &self.visible),
            Orientation::Columns => (self.turned.as_ref()?, &self.visible_turned),
        };
        Some(match (hidden, visible) {
            (Hidden::Skip, Some(visible)) => visible,
            _ => full,
        })
    }

    /// The sheet as the contract reads it.
    pub(crate) fn of(&self, contract: &Contract) -> &Sheet {
        self.lying(contract.orientation, contract.hidden).unwrap_or(self.full)
    }

    /// The contracts that look for tables here, by which way they lie and whether they read what is hidden.
    fn readers(&self, wanted: &[Wanted<'_>], orientation: Orientation, hidden: Hidden) -> BTreeSet<usize> {
        let reads = |wanted: &Wanted<'_>| {
            let contract = wanted.contract;
            let seen = !self.full.hidden || hidden == Hidden::Use;
            let alike = contract.hidden == hidden && contract.orientation == orientation;
            alike && seen && contract.reads_sheet(&self.full.name)
        };
        wanted.iter().enumerate().filter(|(_, wanted)| reads(wanted)).map(|(at, _)| at).collect()
    }

    /// Every table that may be read, of those that lie this way.
    pub(crate) fn candidates(&self, wanted: &[Wanted<'_>], orientation: Orientation) -> Vec<Found> {
        let mut found = Vec::new();
        for hidden in [Hidden::Skip, Hidden::Use] {
            let readers = self.readers(wanted, orientation, hidden);
            if let (Some(sheet), false) = (self.lying(orientation, hidden), readers.is_empty()) {
                found.extend(layout::candidates(sheet, wanted, &readers));
            }
        }
        found
    }
}
