//! Which units get values: those of a partition, and the functional zones that lie in one of them.

use model::Reference;

/// The units of a partition that are assessed, and the zones in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assessed {
    /// The units of the partition, in display order.
    pub(crate) units: Vec<String>,
    /// Zones that lie in one of them and are none of them, by id.
    pub(crate) zones: Vec<String>,
}

impl Assessed {
    /// The units of a partition; none where there is no such partition.
    pub(crate) fn of(reference: &Reference, partition: &str) -> Self {
        let units = reference.partitions.get(partition).cloned().unwrap_or_default();
        let zones = reference
            .units
            .values()
            .filter(|unit| unit.kind == "zone" && units.contains(&unit.parent) && !units.contains(&unit.id));
        Self { zones: zones.map(|unit| unit.id.clone()).collect(), units }
    }

    /// All of them, with whether each is a zone.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, bool)> {
        let units = self.units.iter().map(|unit| (unit.as_str(), false));
        units.chain(self.zones.iter().map(|zone| (zone.as_str(), true)))
    }
}
