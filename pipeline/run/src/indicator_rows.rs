//! What the rows of an indicator must be, whatever its query says: every assessed unit in every period once, a status and
//! flags that are known, a value exactly where the status has one. Told with unit, period, column, found and expected.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use model::{Diagnostic, Indicator, Place, STATUSES, Table, Value, status};
use query::Query;

use crate::assessed::Assessed;
use crate::context::engine_failure;
use crate::definitions::Definitions;

/// Everything wrong in the rows of an indicator's table; of each rule the first row and how many more.
pub fn wrong_rows(
    definitions: &Definitions,
    id: &str,
    query: &Query,
    batch: &RecordBatch,
) -> Vec<Diagnostic> {
    let wrong = query::indicator::check_rows(query, batch);
    let Some(indicator) = definitions.indicators.get(id).filter(|_| wrong.is_empty()) else { return wrong };
    let table = match query::to_table(std::slice::from_ref(batch)) {
        Ok(table) => table,
        Err(error) => return vec![engine_failure(error)],
    };
    let assessed = Assessed::of(&definitions.reference, &indicator.partition);
    let flags = known_flags(definitions);
    let mut violations = Violations::default();
    for row in 0..table.rows.len() {
        check_key(indicator, &assessed, &table, row, &mut violations);
        check_status(indicator, &assessed, &table, row, &mut violations);
        check_flags(&flags, &table, row, &mut violations);
        check_numbers(&table, row, &mut violations);
    }
    let mut wrong = violations.diagnostics(query);
    wrong.extend(absent(indicator, &assessed, query, &table));
    wrong
}

/// Rows that break rules: by column and what is expected there the first one, and how many.
#[derive(Default)]
pub(crate) struct Violations {
    found: BTreeMap<(&'static str, String), (Diagnostic, usize)>,
}

impl Violations {
    /// Notes that a column of a row is not what is expected.
    pub(crate) fn add(
        &mut self,
        table: &Table,
        row: usize,
        column: &'static str,
        found: String,
        expected: &str,
    ) {
        let first = || {
            Diagnostic::new("indicator-row", Place::default())
                .with("unit", words(table, row, "unit"))
                .with("period", words(table, row, "period"))
                .with("column", column)
                .with("found", found)
                .with("expected", expected)
        };
        let (_, count) = self.found.entry((column, expected.to_owned())).or_insert_with(|| (first(), 0));
        *count += 1;
    }

    /// The same as diagnostics at the columns of the query.
    pub(crate) fn diagnostics(self, query: &Query) -> Vec<Diagnostic> {
        let placed = self.found.into_iter().map(|((column, _), (mut first, count))| {
            first.place = query::indicator::output(query, column);
            first.with("others", count - 1)
        });
        placed.collect()
    }
}

/// The text in a column of a row; empty for NULL.
pub(crate) fn words(table: &Table, row: usize, column: &str) -> String {
    table.get(row, column).map(Value::to_text).unwrap_or_default()
}

fn shown(table: &Table, row: usize, column: &str) -> String {
    match table.get(row, column) {
        None | Some(Value::Null) => "NULL".to_owned(),
        Some(value) => value.to_text(),
    }
}

fn number(table: &Table, row: usize, column: &str) -> Option<f64> {
    table.get(row, column).and_then(Value::as_f64)
}

fn check_key(
    indicator: &Indicator,
    assessed: &Assessed,
    table: &Table,
    row: usize,
    violations: &mut Violations,
) {
    let (unit, period) = (words(table, row, "unit"), words(table, row, "period"));
    if !assessed.all().any(|(known, _)| known == unit) {
        violations.add(table, row, "unit", unit, &format!("{}, zone", indicator.partition));
    }
    let periods: Vec<String> = indicator.periods.iter().map(ToString::to_string).collect();
    if !periods.contains(&period) {
        violations.add(table, row, "period", period, &periods.join(", "));
    }
}

/// A status of the list; `not_available_by_design` for zones nobody has rows for, and only for these.
fn check_status(
    indicator: &Indicator,
    assessed: &Assessed,
    table: &Table,
    row: usize,
    violations: &mut Violations,
) {
    const BY_DESIGN: &str = "not_available_by_design";
    let found = words(table, row, "status");
    let Some(status) = status(&found) else {
        let names: Vec<&str> = STATUSES.iter().map(|status| status.id).collect();
        violations.add(table, row, "status", found, &names.join(", "));
        return;
    };
    let by_design = assessed.zones.contains(&words(table, row, "unit")) && !indicator.zones;
    if by_design != (status.id == BY_DESIGN) {
        let expected = if by_design { BY_DESIGN.to_owned() } else { format!("<> {BY_DESIGN}") };
        violations.add(table, row, "status", found, &expected);
    }
    let value = shown(table, row, "value");
    if status.has_value != (value != "NULL") {
        let expected = if status.has_value { "IS NOT NULL" } else { "IS NULL" };
        violations.add(table, row, "value", value, &format!("{expected} ({})", status.id));
    }
    let denominator = number(table, row, "denominator");
    let zero = status.id == "zero_denominator";
    if (zero && denominator.is_some_and(|found| found != 0.0))
        || (status.has_value && denominator == Some(0.0))
    {
        let expected = if zero { "0" } else { "<> 0" };
        let found = shown(table, row, "denominator");
        violations.add(table, row, "denominator", found, &format!("{expected} ({})", status.id));
    }
}

/// Statuses that may hold beside another, and flags of series: those of units' aliases and of deliveries.
fn known_flags(definitions: &Definitions) -> BTreeSet<String> {
    let of_statuses = STATUSES.iter().map(|status| status.id.to_owned());
    let of_deliveries = definitions.deliveries.iter().flat_map(|delivery| delivery.flags.iter().cloned());
    of_statuses.chain(of_deliveries).chain(definitions.reference.flags()).collect()
}

fn check_flags(known: &BTreeSet<String>, table: &Table, row: usize, violations: &mut Violations) {
    let found = shown(table, row, "flags");
    let parts: Vec<&str> = found.split(',').filter(|_| !found.is_empty()).collect();
    if found == "NULL" || !parts.is_sorted_by(|a, b| a < b) {
        violations.add(table, row, "flags", found, "a,b,c");
    } else if let Some(unknown) = parts.iter().find(|flag| !known.contains(**flag)) {
        let expected = known.iter().cloned().collect::<Vec<_>>().join(", ");
        violations.add(table, row, "flags", (*unknown).to_owned(), &expected);
    }
}

/// Finite numbers, none below zero where that means nothing, shares up to 1.
fn check_numbers(table: &Table, row: usize, violations: &mut Violations) {
    const NOT_NEGATIVE: &str = "0 … < inf";
    let limits = [
        ("value", f64::MIN..=f64::MAX, "-inf < … < inf"),
        ("standard_error", 0.0..=f64::MAX, NOT_NEGATIVE),
        ("effective_n", 0.0..=f64::MAX, NOT_NEGATIVE),
        ("coverage", 0.0..=1.0, "0 … 1"),
        ("sample_size", 0.0..=f64::MAX, NOT_NEGATIVE),
    ];
    for (column, limits, expected) in limits {
        if number(table, row, column).is_some_and(|found| !limits.contains(&found)) {
            violations.add(table, row, column, shown(table, row, column), expected);
        }
    }
}

/// The assessed units and periods without a row. Where zones have no values by design, they may do without rows.
fn absent(indicator: &Indicator, assessed: &Assessed, query: &Query, table: &Table) -> Option<Diagnostic> {
    let there: BTreeSet<(String, String)> =
        (0..table.rows.len()).map(|row| (words(table, row, "unit"), words(table, row, "period"))).collect();
    let wanted = assessed.all().filter(|(_, is_zone)| indicator.zones || !is_zone);
    let missing: Vec<(String, String)> = wanted
        .flat_map(|(unit, _)| indicator.periods.iter().map(|period| (unit.to_owned(), period.to_string())))
        .filter(|key| !there.contains(key))
        .collect();
    let (unit, period) = missing.first()?;
    let told = Diagnostic::new("indicator-row-absent", Place::file(&query.file));
    Some(told.with("unit", unit).with("period", period).with("others", missing.len() - 1))
}
