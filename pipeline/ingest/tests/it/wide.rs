//! Wide tables and tables on their side: in each real file of that kind, and in small twins of its traps, so that the
//! traps are tested where the files are not at hand.

mod headers;
mod lines;
mod real;
mod twins;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use ingest::{Outcome, Source, line_of};
use model::Contract;

use crate::common::{codes, contract, line, read, row, xlsx};
use crate::messy::file;

/// The fields of a contract, each as `name type more`.
pub(crate) fn table(keys: &str, fields: &[&str]) -> Contract {
    let mut text = format!("{keys}\n");
    for field in fields {
        let mut words = field.splitn(3, ' ');
        let (name, kind) = (words.next().unwrap(), words.next().unwrap());
        let more = words.next().unwrap_or_default().replace(", ", "\n");
        text += &format!("[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\n{more}\n");
    }
    contract(&text)
}

/// What became of the crossings of a source, in words; it must close, and every row has an origin of its own.
fn crossings(source: &Source) -> String {
    let crossings = source.crossings.as_ref().unwrap();
    assert!(crossings.closes() && source.accounting.closes());
    for (counted, written) in source.counted_and_written() {
        assert_eq!(counted, written);
    }
    let mut origins: Vec<i64> = origins(&source.rows).chain(origins(&source.rejects)).collect();
    let all = origins.len();
    origins.sort_unstable();
    origins.dedup();
    assert_eq!(origins.len(), all);
    let kinds = crossings.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", crossings.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

fn origins(batch: &RecordBatch) -> impl Iterator<Item = i64> + '_ {
    let column = batch.column(0).as_primitive::<Int64Type>();
    (0..batch.num_rows()).map(|row| column.value(row))
}

fn origins_of_rows(source: &Source) -> impl Iterator<Item = i64> + '_ {
    origins(&source.rows)
}

/// The accounts of the only source: its rows, then its crossings.
fn all(outcome: &Outcome) -> [String; 2] {
    assert_eq!(outcome.sources.len(), 1, "{:?}", outcome.findings);
    let source = &outcome.sources[0];
    let kinds = source.accounting.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    let rows = format!("{} = {}", source.accounting.sheet_rows, kinds.collect::<Vec<_>>().join(", "));
    [rows, crossings(source)]
}

/// The period of a row and the values of its fields.
fn dated(batch: &RecordBatch, at: usize) -> String {
    let period = batch.column_by_name("period").unwrap().as_string::<i32>().value(at).to_owned();
    format!("{period}|{}", row(batch, at))
}

/// Every row of a source.
fn rows(source: &Source) -> Vec<String> {
    (0..source.rows.num_rows()).map(|at| dated(&source.rows, at)).collect()
}

/// The row with this period and these first values.
fn found(source: &Source, start: &str) -> String {
    let mut found = rows(source).into_iter().filter(|row| row.starts_with(start));
    let row = found.next().unwrap();
    assert_eq!(found.next(), None);
    row
}

fn decisions(source: &Source) -> Vec<String> {
    let told = source.decisions.iter();
    told.map(|decision| {
        format!("{} {} {} {}", decision.field, decision.what, decision.choice, decision.confidence)
    })
    .collect()
}

/// Indicators above, counties down, years across.
fn provinces(measure: &str) -> Contract {
    table(
        "",
        &[
            "region string zh = [\"地区\"], required = true",
            "indicator string from = \"above\", zh = [\"指标\"]",
            "period period from = \"header\"",
            &format!("value {measure} from = \"cell\""),
        ],
    )
}

/// Indicators with their units down, years across, for one place.
fn indicators(more: &[&str]) -> Contract {
    let mut fields = vec![
        "indicator string zh = [\"指标\"], required = true",
        "measure string from = \"measure_unit\"",
        "value decimal from = \"cell\"",
    ];
    fields.extend(more);
    table("", &fields)
}
