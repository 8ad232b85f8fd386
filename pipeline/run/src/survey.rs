//! Survey items: from the strata a query counts (`strata.<id>`) to the values of the indicator (`indicators.<id>`).
//!
//! The numerics are `composite`'s; this file reads rows, says what is wrong in them and lays estimates out as rows with
//! a status. Every assessed unit has a row in every period, whatever was delivered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use composite::survey::{Estimate, Stratum, estimate};
use model::indicator::{Scale, Survey};
use model::{Diagnostic, Indicator, Table, Value};
use query::Query;

use crate::assessed::Assessed;
use crate::context::engine_failure;
use crate::definitions::Definitions;
use crate::indicator_rows::{Violations, words};

/// The table of a survey indicator, from the rows of its query.
///
/// # Errors
/// Every kind of row that cannot be one of a stratum, with the first place.
pub fn survey_estimates(
    definitions: &Definitions,
    id: &str,
    query: &Query,
    strata: &RecordBatch,
) -> Result<RecordBatch, Vec<Diagnostic>> {
    let one = |error: arrow::error::ArrowError| vec![engine_failure(error)];
    let Some((indicator, survey)) =
        definitions.indicators.get(id).and_then(|indicator| Some((indicator, indicator.survey?)))
    else {
        return Err(vec![engine_failure(format!("{id} is no survey item"))]);
    };
    let table = query::to_table(std::slice::from_ref(strata)).map_err(one)?;
    let assessed = Assessed::of(&definitions.reference, &indicator.partition);
    let wrong = wrong_strata(indicator, survey, &assessed, query, &table);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut by_key: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for row in 0..table.rows.len() {
        by_key.entry((words(&table, row, "unit"), words(&table, row, "period"))).or_default().push(row);
    }
    let mut rows = Vec::new();
    for (unit, is_zone) in assessed.all() {
        for period in &indicator.periods {
            let key = (unit.to_owned(), period.to_string());
            let strata = by_key.get(&key).map(Vec::as_slice).unwrap_or_default();
            let judged = if is_zone && !indicator.zones {
                Judged { status: "not_available_by_design", ..Judged::default() }
            } else {
                judge(indicator, survey, &table, strata)
            };
            rows.push((key, judged));
        }
    }
    batch(&rows).map_err(one)
}

/// What is said of one unit and period.
#[derive(Default)]
struct Judged {
    status: &'static str,
    flags: String,
    estimate: Option<Estimate>,
    coverage: Option<f64>,
    answers: Option<i64>,
}

#[expect(clippy::cast_precision_loss, reason = "counts of a survey are far below 2^53")]
fn judge(indicator: &Indicator, survey: Survey, table: &Table, rows: &[usize]) -> Judged {
    let missing = Judged { status: "missing", ..Judged::default() };
    let strata: Option<Vec<Stratum>> = rows.iter().map(|row| stratum(table, *row)).collect();
    let Some(strata) = strata else { return missing };
    let sum = |of: &dyn Fn(&Stratum) -> u64| -> u64 { strata.iter().map(of).sum() };
    let (frame, responses, answers) =
        (sum(&|one| one.frame), sum(&|one| one.responses), sum(&|one| one.answers));
    if frame == 0 || responses == 0 {
        return missing;
    }
    let scale = match survey.scale {
        Scale::Likert => composite::survey::Scale::Likert,
        Scale::Share => composite::survey::Scale::Share,
    };
    let coverage = answers as f64 / responses as f64;
    let lowest = indicator.minimum_coverage.and_then(|least| f64::try_from(least).ok());
    let unstable = indicator.minimum_denominator.is_some_and(|least| answers < least)
        || lowest.is_some_and(|least| coverage < least);
    let reconstructed = rows.iter().any(|row| table.get(*row, "reconstructed") == Some(&Value::Bool(true)));
    let estimate = estimate(&strata, scale);
    let holds = [("estimated", estimate.is_some()), ("reconstructed", reconstructed), ("unstable", unstable)];
    let flags: Vec<&str> = holds.iter().filter(|(_, holds)| *holds).map(|(flag, _)| *flag).collect();
    let status = match (estimate.is_some(), unstable, reconstructed) {
        (false, ..) => "zero_denominator",
        (true, true, _) => "unstable",
        (true, false, true) => "reconstructed",
        (true, false, false) => "estimated",
    };
    Judged {
        status,
        flags: flags.join(","),
        estimate,
        coverage: Some(coverage),
        answers: i64::try_from(answers).ok(),
    }
}

/// A row as a stratum; `None` where frame or responses are not known.
fn stratum(table: &Table, row: usize) -> Option<Stratum> {
    let count = |column: &str| whole(table, row, column).and_then(|count| u64::try_from(count).ok());
    let key = |column: &str| Some(words(table, row, column)).filter(|text| !text.is_empty());
    Some(Stratum {
        industry: key("industry"),
        size_class: key("size_class"),
        frame: count("frame")?,
        responses: count("responses")?,
        answers: count("answers")?,
        sum: count("answer_sum")?,
        sum_of_squares: count("answer_squares")?,
    })
}

fn whole(table: &Table, row: usize, column: &str) -> Option<i64> {
    match table.get(row, column) {
        Some(Value::Int(count)) => Some(*count),
        _ => None,
    }
}

/// What no stratum can be: unknown units and periods, negative counts, more answers than responses, sums that no answers
/// of the scale add up to, one stratum twice.
fn wrong_strata(
    indicator: &Indicator,
    survey: Survey,
    assessed: &Assessed,
    query: &Query,
    table: &Table,
) -> Vec<Diagnostic> {
    let units: BTreeSet<&str> = assessed.all().map(|(unit, _)| unit).collect();
    let periods: BTreeSet<String> = indicator.periods.iter().map(ToString::to_string).collect();
    let highest = match survey.scale {
        Scale::Likert => 5,
        Scale::Share => 1,
    };
    let lowest = highest / 5;
    let mut violations = Violations::default();
    let mut seen = BTreeSet::new();
    for row in 0..table.rows.len() {
        let mut tell = |column: &'static str, found: String, expected: String| {
            violations.add(table, row, column, found, &expected);
        };
        let (unit, period) = (words(table, row, "unit"), words(table, row, "period"));
        if !units.contains(unit.as_str()) {
            tell("unit", unit.clone(), indicator.partition.clone());
        }
        if !periods.contains(&period) {
            tell("period", period.clone(), periods.iter().cloned().collect::<Vec<_>>().join(", "));
        }
        let [industry, size_class] = ["industry", "size_class"].map(|column| words(table, row, column));
        if !seen.insert((unit, period, industry.clone(), size_class.clone())) {
            tell("industry", format!("{industry} {size_class} × 2"), "× 1".to_owned());
        }
        let counts = ["frame", "responses", "answers", "answer_sum", "answer_squares"];
        for column in counts {
            if let Some(count) = whole(table, row, column).filter(|count| *count < 0) {
                tell(column, count.to_string(), ">= 0".to_owned());
            }
        }
        let known = counts.map(|column| whole(table, row, column));
        let [_, Some(responses), Some(answers), Some(sum), Some(squares)] = known else {
            continue;
        };
        if answers > responses {
            tell("answers", answers.to_string(), format!("<= {responses}"));
        }
        let [least, most] = [lowest, highest].map(|answer: i64| answers.saturating_mul(answer));
        if !(least..=most).contains(&sum) {
            tell("answer_sum", sum.to_string(), format!("{least} … {most}"));
        }
        // Each y is from `lowest` to `highest`, so y ≤ y² ≤ highest · y.
        let most = sum.saturating_mul(highest);
        if !(sum..=most).contains(&squares) {
            tell("answer_squares", squares.to_string(), format!("{sum} … {most}"));
        }
    }
    violations.diagnostics(query)
}

/// Unit and period, and what is said of them.
type Row = ((String, String), Judged);

fn batch(rows: &[Row]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let text = |of: &dyn Fn(&Row) -> &str| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(of(row))).collect::<StringArray>())
    };
    let double = |of: &dyn Fn(&Judged) -> Option<f64>| -> ArrayRef {
        Arc::new(rows.iter().map(|(_, judged)| of(judged)).collect::<Float64Array>())
    };
    let of_estimate = |of: fn(&Estimate) -> Option<f64>| {
        double(&move |judged: &Judged| judged.estimate.as_ref().and_then(of))
    };
    let none = || -> Result<ArrayRef, arrow::error::ArrowError> {
        Ok(Arc::new(Decimal128Array::new_null(rows.len()).with_precision_and_scale(38, 8)?))
    };
    let answers: Int64Array = rows.iter().map(|(_, judged)| judged.answers).collect();
    let columns: Vec<ArrayRef> = vec![
        text(&|row| &row.0.0),
        text(&|row| &row.0.1),
        text(&|row| row.1.status),
        text(&|row| &row.1.flags),
        of_estimate(|estimate| Some(estimate.value)),
        of_estimate(|estimate| estimate.standard_error),
        of_estimate(|estimate| Some(estimate.effective_n)),
        double(&|judged| judged.coverage),
        none()?,
        none()?,
        Arc::new(answers),
    ];
    RecordBatch::try_new(query::indicator::schema(), columns)
}
