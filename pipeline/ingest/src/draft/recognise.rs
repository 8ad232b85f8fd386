//! Which of the contracts a file fulfils, told by its headers alone, and what else it says of itself: its period and
//! the labels of its units. For noting a delivery; no row is read, and nothing is decided for the reader.

use std::collections::{BTreeMap, BTreeSet};

use model::contract::FieldSource;
use model::period::Period;
use model::{Contract, Delivery, Field, FieldType, Finding, Reference};

use super::above::Above;
use super::context::first_period;
use super::{blocks, labels};
use crate::Job;
use crate::bind::Wanted;
use crate::delivery::tables_of;
use crate::format;
use crate::grid::Sheet;
use crate::layout::Found;
use crate::view::View;

/// How many rows above a header are looked at for titles.
const ABOVE: usize = 12;

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The contracts with a complete table, in the order of sheets and rows.
    pub contracts: Vec<String>,
    /// Contracts that fit a table of one of `contracts` just as well.
    pub rivals: BTreeSet<String>,
    /// Where no contract has a complete table: the one with most of its columns, how many, and of how many.
    pub nearest: Option<(String, usize, usize)>,
    /// The period that titles, the file's name or names of sheets state.
    pub period: Option<Period>,
    /// The periods that rows state.
    pub periods_of_rows: BTreeSet<Period>,
    /// What stands in columns of units.
    pub labels: BTreeSet<String>,
}

/// Recognises a file of this name among the contracts. `partition` is that of units in headers.
///
/// # Errors
/// A file that cannot be opened, as a finding.
pub fn recognise(
    bytes: &[u8],
    file: &str,
    contracts: &[&Contract],
    reference: &Reference,
    partition: &str,
) -> Result<Recognised, Box<Finding>> {
    let opened = format::open(bytes).map_err(|trouble| Box::new(format::unopened(file, trouble)))?;
    let delivery = provisional(file, partition);
    let job = Job { delivery: &delivery, number: 1, contracts, reference };
    let wanted: Vec<Wanted<'_>> =
        contracts.iter().map(|contract| Wanted::new(contract).resolving(&job)).collect();
    let mut recognised = Recognised::default();
    let mut above = Above::default();
    let mut left: Vec<Found> = Vec::new();
    for sheet in &opened.sheets {
        let view = View::new(sheet, &wanted);
        let (mut tables, rest) = tables_of(&view, &wanted);
        tables.sort_by_key(|found| found.band);
        left.extend(rest);
        for found in &tables {
            let Some(contract) = contracts.get(found.contract) else { continue };
            if !recognised.contracts.contains(&contract.id) {
                recognised.contracts.push(contract.id.clone());
            }
            recognised.rivals.extend(rivals(&view, contracts, &job, found));
            let seen = view.of(contract);
            for row in found.band.top.saturating_sub(ABOVE)..found.band.top {
                seen.cells(row).iter().for_each(|(_, cell)| above.add(cell));
            }
            let fields = contract.field.iter().zip(0..);
            for field in fields.filter(|(field, _)| field.from == FieldSource::Column) {
                recognised.look_at(seen, contract, field, found);
            }
        }
    }
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let titles = above.titles.iter().map(String::as_str);
    let lines = above.lines.iter().filter(|line| line.is_time()).map(|line| line.value.as_str());
    let sheets = opened.sheets.iter().map(|sheet| sheet.name.as_str());
    recognised.period = first_period(titles.chain(lines).chain([stem]).chain(sheets));
    if recognised.contracts.is_empty() {
        recognised.nearest = nearest(contracts, &left);
    }
    Ok(recognised)
}

impl Recognised {
    /// The partitions in force at the vintage under which most labels are units, and whether a zone is listed: then it
    /// depends on the partition whether its county's figure has it in. No partition: no label is a unit.
    pub fn partitions(&self, reference: &Reference, vintage: &str) -> (Vec<String>, bool) {
        labels::partitions(&self.labels, reference, vintage)
    }

    fn look_at(&mut self, sheet: &Sheet, contract: &Contract, (field, at): (&Field, usize), found: &Found) {
        let in_key = contract.key.contains(&field.name);
        let tells_period = match field.kind {
            FieldType::Month | FieldType::Period => in_key || field.is_period(),
            FieldType::Int => in_key && field.name == "year",
            _ => false,
        };
        let tells_unit = field.kind == FieldType::Unit;
        if !tells_period && !tells_unit {
            return;
        }
        for (_, column) in found.binding.places().filter(|(of, _)| *of == at) {
            for row in found.band.end()..sheet.height() {
                let cell = sheet.cell(row, column);
                if cell.is_empty() {
                    continue;
                }
                if tells_unit {
                    self.labels.insert(cell.label());
                } else if let Some(Ok(period)) = blocks::period_of(cell).map(|period| period.parse()) {
                    self.periods_of_rows.insert(period);
                }
            }
        }
    }
}

/// The other contracts whose table under the same header is as good.
fn rivals(view: &View<'_>, contracts: &[&Contract], job: &Job<'_>, found: &Found) -> Vec<String> {
    let chosen = contracts.get(found.contract).map(|contract| contract.id.as_str()).unwrap_or_default();
    let others: Vec<&Contract> = contracts.iter().copied().filter(|contract| contract.id != chosen).collect();
    let wanted: Vec<Wanted<'_>> =
        others.iter().map(|contract| Wanted::new(contract).resolving(job)).collect();
    let measure = |found: &Found| (found.binding.found, found.binding.exact, found.binding.headed.len());
    let (tables, _) = tables_of(view, &wanted);
    let as_good =
        tables.iter().filter(|other| other.band.overlaps(found.band) && measure(other) >= measure(found));
    as_good.filter_map(|other| Some(others.get(other.contract)?.id.clone())).collect()
}

/// The contract of which the greatest part of its columns was found.
fn nearest(contracts: &[&Contract], left: &[Found]) -> Option<(String, usize, usize)> {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for table in left.iter().filter(|table| table.binding.named > 0) {
        if let Some(contract) = contracts.get(table.contract) {
            let columns = contract.field.iter().filter(|field| field.has_column()).count();
            let best = found.entry(&contract.id).or_insert((0, columns));
            best.0 = best.0.max(table.binding.found);
        }
    }
    let share = |(found, columns): (usize, usize)| (found * 1000).checked_div(columns).unwrap_or_default();
    let (id, (columns, of)) =
        found.into_iter().max_by(|a, b| share(a.1).cmp(&share(b.1)).then(b.0.cmp(a.0)))?;
    Some((id.to_owned(), columns, of))
}

fn provisional(file: &str, partition: &str) -> Delivery {
    Delivery {
        file: file.to_owned(),
        sha256: String::new(),
        contracts: Vec::new(),
        department: String::new(),
        period: Period::of_year(super::NO_YEAR),
        received_on: String::new(),
        partition: partition.to_owned(),
        vintage: String::new(),
        flags: Vec::new(),
        page: String::new(),
        supersedes: Vec::new(),
    }
}
