//! Findings put together for a reader: by delivery, rule and field, the worst first, with how many there are and where the
//! first stand. Nothing is left out: whoever prints decides how much to show.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::Severity;

use crate::outcome::Told;

/// How many places a group names.
const FIRST_PLACES: usize = 3;

/// The findings of one rule on one field of one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The delivered file.
    pub file: String,
    /// The code in the catalogue.
    pub code: String,
    /// The field; empty where none is concerned.
    pub field: String,
    /// How bad it is.
    pub severity: Severity,
    /// How many findings.
    pub count: usize,
    /// The first places, `sheet!B7`.
    pub places: Vec<String>,
    /// What the first one says, Chinese and English.
    pub message: [String; 2],
    /// What to do, Chinese and English; may be empty.
    pub hint: [String; 2],
}

/// Groups findings. Deliveries with the worst findings come first, then those with most of them; within a delivery the
/// worst rule, then the most frequent.
pub fn summary(findings: &[Told]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut weight: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for told in findings {
        let key = (told.file.as_str(), told.code.as_str(), told.field.as_str());
        let at = *known.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group {
                file: told.file.clone(),
                code: told.code.clone(),
                field: told.field.clone(),
                severity: told.severity,
                count: 0,
                places: Vec::new(),
                message: told.message.clone(),
                hint: told.hint.clone(),
            });
        }
        if let Some(group) = groups.get_mut(at) {
            group.count += 1;
            let place = told.cell_in_sheet();
            if group.places.len() < FIRST_PLACES && !place.is_empty() && !group.places.contains(&place) {
                group.places.push(place);
            }
        }
        let of_file = weight.entry(&told.file).or_default();
        let worst = [Severity::Error, Severity::Warning, Severity::Info];
        for (count, _) in of_file.iter_mut().zip(worst).filter(|(_, severity)| *severity == told.severity) {
            *count += 1;
        }
    }
    let of_file = |file: &str| weight.get(file).copied().unwrap_or_default();
    groups.sort_by(|a, b| {
        let key =
            |group: &Group| (Reverse(of_file(&group.file)), Reverse(group.severity), Reverse(group.count));
        let (first, second) = (key(a), key(b));
        let names = |group: &Group| (group.code.clone(), group.field.clone());
        (first.0, &a.file, first.1, first.2, names(a)).cmp(&(second.0, &b.file, second.1, second.2, names(b)))
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str, code: &str, severity: Severity, cell: &str) -> Told {
        let text = |language: &str| format!("{code} {cell} {language}");
        Told {
            code: code.into(),
            severity,
            file: file.into(),
            sheet: "表".into(),
            cell: cell.into(),
            field: "x".into(),
            message: [text("zh"), text("en")],
            hint: [String::new(), String::new()],
        }
    }

    #[test]
    fn the_worst_delivery_and_rule_come_first() {
        use Severity::{Error, Info, Warning};
        let findings = [
            told("a", "few", Warning, "A1"),
            told("a", "many", Warning, "A2"),
            told("a", "many", Warning, "A3"),
            told("b", "bad", Error, ""),
            told("b", "note", Info, "A1"),
            told("c", "many", Warning, "B1"),
            told("a", "many", Warning, "A4"),
            told("a", "many", Warning, "A5"),
        ];
        let groups = summary(&findings);
        let shown: Vec<String> = groups
            .iter()
            .map(|group| format!("{} {} {} {}", group.file, group.code, group.count, group.places.join(",")))
            .collect();
        assert_eq!(
            shown,
            ["b bad 1 表", "b note 1 表!A1", "a many 4 表!A2,表!A3,表!A4", "a few 1 表!A1", "c many 1 表!B1"]
        );
        assert_eq!(groups.iter().map(|group| group.count).sum::<usize>(), findings.len());
        assert_eq!(groups[2].message[0], "many A2 zh");
    }
}
