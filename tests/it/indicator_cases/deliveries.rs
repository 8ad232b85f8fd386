//! The deliveries a case stands for, and its rows as the typed table of a contract.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::SchemaRef;
use model::{Contract, Delivery, Period};

use super::case::{Case, Sheet};

/// Of the invented city today.
const VINTAGE: &str = "2024";

/// The partition of rows that name none.
const PARTITION: &str = "p12";

/// What makes a delivery of its own: the contract, the period and the partition.
type Key = (String, String, String);

/// One delivery for each contract, period and partition of a case, in the order of their periods.
pub(crate) struct Made {
    pub(crate) deliveries: Vec<Delivery>,
    numbers: BTreeMap<Key, usize>,
}

fn key(contract: &str, sheet: &Sheet, row: &[String]) -> Result<Key, String> {
    let period = sheet.get(row, "period").ok_or_else(|| format!("{contract}: a row without period"))?;
    let partition = sheet.get(row, "partition").unwrap_or(PARTITION);
    Ok((contract.to_owned(), period.to_owned(), partition.to_owned()))
}

impl Made {
    /// All rows count here, also those marked: whether a row is there must not decide what was delivered.
    pub(crate) fn of(case: &Case, contracts: &BTreeMap<String, Contract>) -> Result<Self, String> {
        let mut keys = BTreeSet::new();
        for (contract, sheet) in &case.rows {
            for row in &sheet.rows {
                keys.insert(key(contract, sheet, row)?);
            }
        }
        for noted in &case.delivered {
            let mut parts = noted.split(':').map(str::to_owned);
            let (Some(contract), Some(period)) = (parts.next(), parts.next()) else {
                return Err(format!("delivered: `{noted}` is no contract:period"));
            };
            keys.insert((contract, period, parts.next().unwrap_or_else(|| PARTITION.to_owned())));
        }
        let mut dated = Vec::new();
        for key in keys {
            let period: Period = key.1.parse().map_err(|_| format!("{}: `{}` is no period", key.0, key.1))?;
            let contract = contracts.get(&key.0).ok_or_else(|| format!("no contract {}", key.0))?;
            dated.push((period.days().1, key, period, contract));
        }
        dated.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let mut made = Self { deliveries: Vec::new(), numbers: BTreeMap::new() };
        for (received_on, key, period, contract) in dated {
            made.deliveries.push(Delivery {
                file: format!("{}-{}-{}.csv", key.0, key.1, key.2),
                sha256: String::new(),
                contracts: vec![key.0.clone()],
                department: contract.department.clone(),
                period,
                received_on,
                partition: key.2.clone(),
                vintage: VINTAGE.to_owned(),
                flags: Vec::new(),
                page: String::new(),
                supersedes: Vec::new(),
            });
            made.numbers.insert(key, made.deliveries.len());
        }
        Ok(made)
    }

    /// The rows of a contract, numbered.
    pub(crate) fn table(
        &self,
        contract: &str,
        sheet: &Sheet,
        schema: &SchemaRef,
    ) -> Result<RecordBatch, String> {
        let mut given = Vec::new();
        for (at, row) in sheet.rows.iter().enumerate() {
            let key = key(contract, sheet, row)?;
            let number = self.numbers.get(&key).copied().unwrap_or_default();
            given.push(BTreeMap::from([
                ("_origin", (at + 1).to_string()),
                ("_delivery", number.to_string()),
                ("partition", key.2),
                ("vintage", VINTAGE.to_owned()),
            ]));
        }
        batch(contract, sheet, schema, &given)
    }
}

/// A sheet as a typed table; `given` has, a row, what the harness knows better than the sheet.
pub(crate) fn batch(
    what: &str,
    sheet: &Sheet,
    schema: &SchemaRef,
    given: &[BTreeMap<&str, String>],
) -> Result<RecordBatch, String> {
    let is_column = |name: &str| name == "counts" || schema.column_with_name(name).is_some();
    if let Some(unknown) = sheet.columns.iter().find(|name| !is_column(name)) {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        return Err(format!("{what}: no column {unknown}; it has {}", names.join(", ")));
    }
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let mut columns: Vec<ArrayRef> = Vec::new();
    for field in schema.fields() {
        let cells = sheet.rows.iter().enumerate().map(|(at, row)| {
            let known = given.get(at).and_then(|known| known.get(field.name().as_str()));
            known.map(String::as_str).or_else(|| sheet.get(row, field.name()))
        });
        let texts: StringArray = cells.collect();
        let typed = cast_with_options(&texts, field.data_type(), &options);
        columns.push(typed.map_err(|error| format!("{what}.{}: {error}", field.name()))?);
    }
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(|error| format!("{what}: {error}"))
}
