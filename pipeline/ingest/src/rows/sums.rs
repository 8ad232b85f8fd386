//! What a row with content is by its label: data, or a sum or mean over others.

use model::resolve::Meaning;
use model::{RowKind, text};

use super::below::Below;
use super::{Row, is_city};

/// What sums and means are called where they stand among the names of other things.
const TOTALS: [&str; 3] = ["合计", "总计", "共计"];
const SUBTOTALS: [&str; 2] = ["小计", "本页小计"];
const MEANS: [&str; 4] = ["平均", "均值", "平均值", "平均数"];
/// What these begin with.
const INITIALS: [char; 7] = ['合', '总', '共', '小', '本', '平', '均'];

impl Below<'_> {
    /// What a row with content is by its label.
    pub(super) fn data_kind(&self, label: &str, in_scope: bool, any_section: bool) -> Row {
        let meaning =
            if self.has_units { self.meaning(label) } else { Meaning::Unknown { suggestion: None } };
        let ends = |ends: &[&str]| {
            let unknown = matches!(meaning, Meaning::Unknown { .. } | Meaning::OtherPart);
            (unknown || !self.has_units)
                && label.chars().count() <= 12
                && ends.iter().any(|end| label.ends_with(end))
        };
        let other = match &meaning {
            // Names of other things than units may be any words, so only what ends in a sum's name is one.
            _ if ends(&["合计", "总计"]) => "total",
            _ if ends(&["小计"]) => "subtotal",
            _ if !self.has_units && MEANS.contains(&label) => "mean",
            _ if !self.has_units => "",
            Meaning::Other(kind) => kind.as_str(),
            // The city among its counties: a check on their sum, no row of its own.
            Meaning::OutsidePartition { unit } if is_city(self.job.reference, unit) => "total",
            _ if ends(&["平均", "均值", "平均值"]) => "mean",
            _ => "",
        };
        let kind = match other {
            "total" => Some(RowKind::Total),
            "subtotal" => Some(RowKind::Subtotal),
            "mean" => Some(RowKind::Mean),
            _ if self.has_units && meaning == Meaning::OtherPart => Some(RowKind::OtherOfWhich),
            _ => None,
        };
        if !in_scope {
            // Above the first section stand the totals of the whole table.
            return Row::NotData(kind.filter(|_| !any_section).unwrap_or(RowKind::OutOfScope));
        }
        match kind {
            Some(kind) => Row::NotData(kind),
            None => Row::Data(self.has_units.then(|| (label.to_owned(), meaning))),
        }
    }

    /// What a row is whose second or later label is the name of a sum and nothing else: 鹿城区 | 小计. Under the label
    /// of one unit or part it is a sum over that part.
    pub(super) fn sum_beside(&self, row: usize) -> Option<RowKind> {
        let label = self.label.map(|(_, column)| column)?;
        let fields = self.wanted.contract.field.iter().zip(&self.table.found.binding.columns);
        let texts = fields.filter(|(field, _)| !field.kind.is_number()).filter_map(|(_, column)| *column);
        let others =
            texts.filter(|column| *column != label).map(|column| self.sheet.cell(row, column).shown());
        // Most texts begin otherwise.
        let may_be = |shown: &str| text::initial(shown).is_none_or(|initial| INITIALS.contains(&initial));
        let mut names = others.filter(|shown| may_be(shown));
        names.find_map(|shown| {
            let name = text::squeeze(&shown);
            let is = |names: &[&str]| names.contains(&name.as_str());
            let sum = (is(&TOTALS) || is(&SUBTOTALS)).then_some(RowKind::Subtotal);
            sum.or_else(|| is(&MEANS).then_some(RowKind::Mean))
        })
    }
}

/// Whether a label says that its row is in the figures of another one already: 其中：…, #….
pub(super) fn is_part(label: &str) -> bool {
    label.starts_with("其中") || label.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_sum_begins_as_told() {
        for name in TOTALS.iter().chain(&SUBTOTALS).chain(&MEANS) {
            assert!(name.starts_with(INITIALS), "{name}");
        }
    }
}
