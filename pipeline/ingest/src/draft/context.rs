//! What must be known of a file as a whole before its tables are drafted: its period, department and partition.

use std::collections::BTreeSet;

use model::Delivery;
use model::period::Period;

use super::parts::Part;
use super::sketch::Remark;
use super::table::{self, Setting};
use super::{Wish, above, departments, labels, sheets};

/// The period of the titles, else of the file's name; one written with 年 before others.
pub(super) fn period_said(parts: &[Part<'_>], stem: &str) -> Option<Period> {
    let titles = parts.iter().flat_map(|part| &part.above.titles).map(String::as_str);
    let lines = parts.iter().flat_map(|part| &part.above.lines).filter(|line| line.is_time());
    let sheets = parts.iter().map(|part| part.sheet.name.as_str());
    first_period(titles.chain(lines.map(|line| line.value.as_str())).chain([stem]).chain(sheets))
}

/// The period of a delivery that one of the texts states; one written with 年 before others.
pub(super) fn first_period<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Period> {
    let found: Vec<(String, bool)> = texts.filter_map(above::stated_period).collect();
    let said = found.iter().find(|(_, said)| *said).or(found.first());
    said.and_then(|(period, _)| above::of_delivery(period))
}

/// The department asked for, else the one the file names, else any, loudly.
pub(super) fn department(wish: &Wish<'_>, parts: &[Part<'_>]) -> (String, Remark, bool) {
    if let Some(department) = wish.department {
        return (department.to_owned(), Remark::default(), true);
    }
    match departments::named(wish.reference, parts, wish.file) {
        Some(department) => (department, Remark::new("文件中写有其名称", "the file names it"), true),
        None => (
            departments::any(wish.reference).unwrap_or_else(|| "unknown".to_owned()),
            Remark::new(
                "报送部门待定：文件中没有写明，请改",
                "WHO SENDS IT IS UNKNOWN: the file does not say, please change",
            ),
            false,
        ),
    }
}

/// The partition asked for, else the one that understands most labels of any column.
pub(super) fn partition(wish: &Wish<'_>, parts: &[Part<'_>], vintage: &str) -> String {
    if let Some(partition) = wish.partition {
        return partition.to_owned();
    }
    let sheets: BTreeSet<String> = parts.iter().map(sheets::name).collect();
    let sets = parts.iter().flat_map(table::all_labels).chain([sheets]);
    let found = sets.filter_map(|labels| labels::partition(&labels, wish.reference, vintage));
    let best = found.max_by(|a, b| a.1.known.cmp(&b.1.known).then_with(|| b.0.cmp(&a.0)));
    best.map(|(partition, _)| partition).unwrap_or_default()
}

/// The delivery under which a file is read while its contract is drafted.
pub(super) fn as_delivery(wish: &Wish<'_>, period: Option<Period>, setting: &Setting<'_>) -> Delivery {
    Delivery {
        file: wish.file.to_owned(),
        sha256: String::new(),
        contracts: Vec::new(),
        department: setting.department.to_owned(),
        period: period.unwrap_or(Period::of_year(setting.years.delivery)),
        received_on: String::new(),
        partition: setting.partition.to_owned(),
        vintage: setting.vintage.to_owned(),
        flags: Vec::new(),
        page: String::new(),
        supersedes: Vec::new(),
    }
}
