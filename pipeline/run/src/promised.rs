//! What contracts promise and what came of it, as tables of SQL: `reference.contracts`, `reference.expected`,
//! `reference.delivered`, `reference.supersedes`. Made from definitions alone; what was read stands in `ingest`.
//!
//! Due days are days of the calendar, as contracts say them; who wants working days has `reference.working_days`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::kernels::cast_utils::Parser as _;
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use model::{Contract, Delivery, Period};

use crate::definitions::Definitions;
use crate::receive::day_text;
use crate::reference_tables::{from_columns, texts};

/// The tables, by name.
pub(crate) const TABLES: [&str; 4] = ["contracts", "delivered", "expected", "supersedes"];

/// Every table with its rows.
///
/// # Errors
/// Arrow refuses the columns; cannot happen.
pub(crate) fn batches(definitions: &Definitions) -> Result<[(String, RecordBatch); 4], ArrowError> {
    Ok([
        ("contracts".to_owned(), contracts(definitions)?),
        ("delivered".to_owned(), delivered(definitions)?),
        ("expected".to_owned(), expected(definitions)?),
        ("supersedes".to_owned(), supersedes(definitions)?),
    ])
}

/// What of the contracts the tables are made from, so that another change of a contract does not make them anew.
pub(crate) fn inputs(definitions: &Definitions) -> Vec<u8> {
    let parts: Vec<_> = definitions
        .contracts
        .values()
        .map(|c| {
            let has_unit = c.unit_field().is_some();
            (&c.id, &c.title_zh, &c.title_en, &c.department, c.frequency, c.due_days, c.sensitivity, has_unit)
        })
        .collect();
    serde_json::to_vec(&parts).unwrap_or_default()
}

fn contracts(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let all: Vec<&Contract> = definitions.contracts.values().collect();
    let column =
        |of: &dyn Fn(&Contract) -> Option<String>| texts(all.iter().map(|contract| of(contract)).collect());
    let due: Int64Array = all.iter().map(|contract| contract.due_days.map(i64::from)).collect();
    let units: BooleanArray = all.iter().map(|contract| Some(contract.unit_field().is_some())).collect();
    from_columns(vec![
        ("id", column(&|contract| Some(contract.id.clone()))),
        ("title_zh", column(&|contract| Some(contract.title_zh.clone()))),
        ("title_en", column(&|contract| Some(contract.title_en.clone()))),
        ("department", column(&|contract| Some(contract.department.clone()))),
        ("frequency", column(&|contract| contract.frequency.map(|grain| grain.name().to_owned()))),
        ("due_days", Arc::new(due) as ArrayRef),
        ("has_units", Arc::new(units)),
    ])
}

/// The periods for which a contract is to be delivered: those of its frequency within the periods of the assessment.
fn periods(definitions: &Definitions, contract: &Contract) -> Vec<Period> {
    let Some(frequency) = contract.frequency else { return Vec::new() };
    let periods = definitions.assessment.periods.iter();
    let mut all: Vec<Period> = periods.flat_map(|period| period.parts(frequency)).collect();
    all.sort();
    all.dedup();
    all
}

/// The day so many days after a period's end.
fn due_on(contract: &Contract, period: Period) -> Option<i32> {
    let last = Date32Type::parse(&period.days().1)?;
    last.checked_add(i32::try_from(contract.due_days?).ok()?)
}

fn expected(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let mut columns: [Vec<Option<String>>; 7] = Default::default();
    let mut is_due = Vec::new();
    let edition = &definitions.assessment.edition;
    let closes = edition.data_cut_off.as_ref().unwrap_or(&edition.date);
    for (id, contract) in &definitions.contracts {
        for period in periods(definitions, contract) {
            let (first, last) = period.days();
            let due = due_on(contract, period).map(day_text);
            // What was not yet due when the edition closed is not missing.
            is_due.push(Some(due.as_ref().unwrap_or(&last) <= closes));
            let row = [
                Some(id.clone()),
                Some(contract.department.clone()),
                Some(period.to_string()),
                Some(period.grain().name().to_owned()),
                Some(first),
                Some(last),
                due,
            ];
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
    }
    let names = ["contract", "department", "period", "frequency", "first_day", "last_day", "due_on"];
    let mut columns: Vec<(&str, ArrayRef)> = names.into_iter().zip(columns.map(texts)).collect();
    columns.push(("is_due", Arc::new(BooleanArray::from(is_due))));
    from_columns(columns)
}

/// One row a delivery and contract of it. It serves the expected period that its own lies in.
fn delivered(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let mut whole: [Vec<Option<i64>>; 2] = Default::default();
    let mut columns: [Vec<Option<String>>; 4] = Default::default();
    let mut in_edition = Vec::new();
    for (number, delivery) in (1..).zip(&definitions.deliveries) {
        for contract in delivery.contracts.iter().filter_map(|id| definitions.contracts.get(id)) {
            let serves =
                periods(definitions, contract).into_iter().find(|period| period.contains(&delivery.period));
            let due = serves.and_then(|period| due_on(contract, period));
            let row = [
                Some(contract.id.clone()),
                Some(delivery.period.to_string()),
                serves.map(|period| period.to_string()),
                due.map(day_text),
            ];
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            whole[0].push(Some(number));
            whole[1].push(days_late(delivery, due));
            in_edition.push(Some(!definitions.assessment.edition.is_late(delivery)));
        }
    }
    let [number, days_late] = whole.map(|column| Arc::new(Int64Array::from(column)) as ArrayRef);
    let [contract, period, serves, due_on] = columns.map(texts);
    from_columns(vec![
        ("number", number),
        ("contract", contract),
        ("period", period),
        ("serves", serves),
        ("due_on", due_on),
        ("days_late", days_late),
        ("in_edition", Arc::new(BooleanArray::from(in_edition))),
    ])
}

/// How many days after it was due a delivery came: 0 when it came in time, nothing where no day is due.
fn days_late(delivery: &Delivery, due: Option<i32>) -> Option<i64> {
    let received = Date32Type::parse(&delivery.received_on)?;
    Some(i64::from(received.saturating_sub(due?)).max(0))
}

/// Which delivery says that it replaces which, by number.
fn supersedes(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let number: BTreeMap<&str, i64> =
        definitions.deliveries.iter().map(|delivery| delivery.file.as_str()).zip(1..).collect();
    let (mut later, mut earlier) = (Vec::new(), Vec::new());
    for (at, delivery) in (1..).zip(&definitions.deliveries) {
        for file in &delivery.supersedes {
            later.push(Some(at));
            earlier.push(number.get(file.as_str()).copied());
        }
    }
    let [later, earlier] = [later, earlier].map(|column| Arc::new(Int64Array::from(column)) as ArrayRef);
    from_columns(vec![("later", later), ("earlier", earlier)])
}
