//! How a table is to be read: which column holds which field, under which header value, in which measure unit, and
//! what is decided for columns as a whole.
//!
//! A table that is not wide has the columns of the row itself. A wide one has besides, for each header value, the
//! columns that stand under it.

use std::collections::BTreeMap;

use model::contract::FieldSource;
use model::resolve::Meaning;
use model::{Field, FieldType};

use super::{MAX_HEADS, Place};
use crate::bind::{Wanted, showable};
use crate::constraints::as_text;
use crate::dates::{self, Dating};
use crate::decide::{self, Decided, Evidence, Years};
use crate::grid::{Cell, Sheet};
use crate::layout::Table;
use crate::rows::{Classified, Row};
use crate::values::{self, Measure, Value};

/// The columns that make a row: those of the sheet row itself, or those under one header value.
#[derive(Debug)]
pub(crate) struct Head {
    /// 0 for the row itself, else the number of the header value.
    pub(crate) number: u32,
    /// The header value as it stands.
    pub(crate) label: String,
    /// Its value; `None` where it could not be decided.
    pub(crate) value: Option<Value>,
    /// The county its unit is a part of.
    pub(crate) of_which: Option<String>,
    /// For each field its column here.
    pub(crate) columns: Vec<Option<usize>>,
    /// For each field how its figures become canonical.
    pub(crate) measures: Vec<Measure>,
    /// For each field how its dates are read.
    pub(crate) dating: Vec<Dating>,
}

/// What was decided on a field, and the first column concerned.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The field.
    pub(crate) field: usize,
    /// The column.
    pub(crate) column: Option<usize>,
    /// What was decided.
    pub(crate) decided: Decided,
}

/// How a table is read.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The columns of the row itself.
    pub(crate) row: Head,
    /// Those under header values; none where the table is not wide.
    pub(crate) crossings: Vec<Head>,
    /// What was decided, by field.
    pub(crate) decisions: Vec<Decision>,
    /// Columns in which the same field stands under the same header value; the first was taken.
    pub(crate) twice: Vec<(usize, Vec<usize>)>,
    /// Header values that are listed misspellings of a unit: the column, the label, the unit.
    pub(crate) misspelt: Vec<(usize, String, String)>,
    /// Flags of the series that names of units in headers stand for.
    pub(crate) flags: Vec<String>,
    /// How many fields the header of a text has, under a contract with personal columns: where a row has another number,
    /// they may stand in other columns.
    pub(crate) header_fields: Option<u32>,
    /// How many header values are more than a source can hold.
    pub(crate) too_many: usize,
}

impl Plan {
    /// Whether cells are read the same way under both, whatever it rests on.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        self.row.measures == other.row.measures && self.row.dating == other.row.dating
    }

    /// The row's own columns and those under header values.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &Head> {
        std::iter::once(&self.row).chain(&self.crossings)
    }
}

/// Makes the plan of a table.
///
/// `evidence` says for a field and the columns it stands in what all their cells say.
pub(crate) fn make(
    place: Place<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    classified: &Classified,
    evidence: &dyn Fn(usize, &[usize]) -> Evidence,
) -> Plan {
    let delivery = place.job.delivery;
    let years = Years { title: dates::year_in(&classified.title), delivery: delivery.period.year() };
    let fields = &wanted.contract.field;
    let head = |number, label: String, columns: Vec<Option<usize>>| Head {
        number,
        label,
        value: None,
        of_which: None,
        measures: fields
            .iter()
            .zip(&columns)
            .map(|(field, column)| measure(field, *column, table, classified))
            .collect(),
        dating: vec![Dating::default(); columns.len()],
        columns,
    };
    let row = head(0, String::new(), table.found.binding.columns.clone());
    let mut plan = Plan {
        row,
        crossings: Vec::new(),
        decisions: Vec::new(),
        twice: Vec::new(),
        misspelt: Vec::new(),
        flags: Vec::new(),
        header_fields: wanted
            .contract
            .field
            .iter()
            .any(|field| !showable(field))
            .then(|| place.sheet.fields(table.found.band.end().saturating_sub(1)))
            .flatten(),
        too_many: 0,
    };
    if let Some((at, field)) = fields.iter().enumerate().find(|(_, field)| field.from == FieldSource::Header)
    {
        let values = header_values(wanted, table, at, field, years, &mut plan);
        for (value, columns) in values {
            let number = u32::try_from(plan.crossings.len() + 1).unwrap_or(u32::MAX);
            let head = head(number, value.label, columns);
            plan.crossings.push(Head { value: value.value, of_which: value.of_which, ..head });
        }
        plan.too_many = plan.crossings.len().saturating_sub(MAX_HEADS);
        plan.crossings.truncate(MAX_HEADS);
    }
    decide(wanted, &place.sheet.name, years, evidence, &mut plan);
    plan
}

struct HeaderValue {
    label: String,
    value: Option<Value>,
    of_which: Option<String>,
}

/// The header values from left to right, each with the columns under it. One value may be written in several ways.
fn header_values(
    wanted: &Wanted<'_>,
    table: &Table,
    at: usize,
    field: &Field,
    years: Years,
    plan: &mut Plan,
) -> Vec<(HeaderValue, Vec<Option<usize>>)> {
    let headed = &table.found.binding.headed;
    let cells: Vec<Cell> = headed.iter().map(|headed| Cell::text(&headed.label)).collect();
    let mut measure = Measure::decide(field, None, &[]);
    let decided = decide::column(field, &mut measure, &Evidence::of(field, &cells), years);
    let mut values: Vec<(HeaderValue, Vec<Option<usize>>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut twice: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (headed, cell) in headed.iter().zip(&cells) {
        let mut of_which = None;
        let value = match (field.kind, wanted.meaning(&headed.label)) {
            (FieldType::Unit, Some(Meaning::Unit { unit, of_which: part, flag, misspelt, .. })) => {
                if misspelt {
                    plan.misspelt.push((headed.column, headed.label.clone(), unit.clone()));
                }
                plan.flags.extend(flag);
                of_which = part;
                Some(Value::Text(unit.into()))
            }
            (FieldType::Unit, _) => None,
            _ => match values::read(cell, field, &measure, decided.dating) {
                Ok(Ok(good)) => Some(good.value),
                _ => None,
            },
        };
        let key = value.as_ref().map_or_else(|| headed.label.clone(), |value| as_text(value, field.kind));
        let head = *known.entry(key).or_insert_with(|| {
            let value = HeaderValue { label: headed.label.clone(), value, of_which };
            values.push((value, vec![None; wanted.contract.field.len()]));
            values.len() - 1
        });
        let Some(slot) = values.get_mut(head).and_then(|(_, columns)| columns.get_mut(headed.field)) else {
            continue;
        };
        match slot {
            Some(first) => {
                twice.entry((head, headed.field)).or_insert_with(|| vec![*first]).push(headed.column);
            }
            None => *slot = Some(headed.column),
        }
    }
    plan.twice = twice.into_iter().map(|((_, field), columns)| (field, columns)).collect();
    let column = headed.first().map(|headed| headed.column);
    plan.decisions.push(Decision { field: at, column, decided });
    values
}

/// The measure unit of a field in a column: what its header or a row under the header declares, else the title, else
/// the contract.
fn measure(field: &Field, column: Option<usize>, table: &Table, classified: &Classified) -> Measure {
    let declared = column.and_then(|column| {
        let header = table.found.columns.get(column).and_then(|column| column.unit.as_deref());
        let mut under = classified.column_units.iter().filter(|(at, _)| *at == column);
        header.or_else(|| under.next().map(|(_, symbol)| symbol.as_str()))
    });
    Measure::decide(field, declared, &classified.units)
}

/// What the cells of a field say in the data rows of a sheet.
pub(crate) fn evidence(sheet: &Sheet, field: &Field, columns: &[usize], classified: &Classified) -> Evidence {
    if !decide::looks_at_cells(field.kind) {
        return Evidence::default();
    }
    let data = classified.rows.iter().filter(|(_, what)| matches!(what, Row::Data(_)));
    let rows: Vec<usize> = data.map(|(row, _)| *row).collect();
    let cells = columns.iter().flat_map(|column| rows.iter().map(|row| sheet.cell(*row, *column)));
    Evidence::of(field, cells)
}

/// Decides on each field, looking at all its cells. The columns of a cell field are decided together, but for those
/// in another measure unit.
fn decide(
    wanted: &Wanted<'_>,
    sheet: &str,
    years: Years,
    evidence: &dyn Fn(usize, &[usize]) -> Evidence,
    plan: &mut Plan,
) {
    for (at, field) in wanted.contract.field.iter().enumerate() {
        if field.from == FieldSource::Sheet {
            let name = Evidence::of(field, [&Cell::text(sheet)]);
            let decided = decide::column(field, &mut Measure::decide(field, None, &[]), &name, years);
            plan.decisions.push(Decision { field: at, column: None, decided });
            continue;
        }
        let mut heads: Vec<&mut Head> = if field.from == FieldSource::Cell {
            plan.crossings.iter_mut().collect()
        } else {
            vec![&mut plan.row]
        };
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, head) in heads.iter().enumerate() {
            if let (Some(Some(_)), Some(measure)) = (head.columns.get(at), head.measures.get(at)) {
                groups.entry(measure.symbol.clone()).or_default().push(number);
            }
        }
        for numbers in groups.into_values() {
            let columns: Vec<usize> = numbers
                .iter()
                .filter_map(|number| heads.get(*number)?.columns.get(at).copied().flatten())
                .collect();
            let first = numbers.first().and_then(|number| heads.get(*number)?.measures.get(at).cloned());
            let Some(mut measure) = first else { continue };
            let decided = decide::column(field, &mut measure, &evidence(at, &columns), years);
            for number in numbers {
                let Some(head) = heads.get_mut(number) else { continue };
                if let (Some(slot), Some(dating)) = (head.measures.get_mut(at), head.dating.get_mut(at)) {
                    (*slot, *dating) = (measure.clone(), decided.dating);
                }
            }
            plan.decisions.push(Decision { field: at, column: columns.first().copied(), decided });
        }
    }
    plan.decisions.sort_by_key(|decision| decision.field);
}
