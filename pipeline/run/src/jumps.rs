//! Findings about figures a power of ten away from where they should be, worded for those who typed them: in the measure
//! unit of their column, with the unit they probably meant.

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::Float64Type;
use model::{Decimal, Diagnostic, Field, Finding, MeasureUnit};

use crate::accounts::{text_at, texts, whole, whole_at};
use crate::context::Context;
use crate::parquet_file;
use crate::places::{Column, Places};

/// One finding a suspect.
pub(crate) fn findings(context: &Context<'_>, places: &Places) -> Result<Vec<Finding>, Diagnostic> {
    let mut findings = Vec::new();
    for (id, contract) in &context.definitions.contracts {
        for path in context.files(&format!("extracts.{id}"), "jumps/") {
            let batch = parquet_file::read(&path)?;
            for row in 0..batch.num_rows() {
                let text = |column: &str| text_at(texts(&batch, column), row).unwrap_or_default();
                let (Some(origin), Some(field)) =
                    (whole_at(whole(&batch, "_origin"), row), contract.field(&text("field")))
                else {
                    continue;
                };
                let code = if text("against") == "peers" { "jump-from-peers" } else { "jump-from-last-year" };
                let Some(finding) = places.finding(code, origin, Some(&field.name)) else { continue };
                let column = places.column(origin, &field.name);
                let times = whole_at(whole(&batch, "times"), row).unwrap_or_default();
                let figure = |column: &str| number(&batch, column, row);
                let told = Told::new(field, column, times);
                findings.push(
                    finding
                        .with("header", column.map_or(field.name.as_str(), |column| column.header.as_str()))
                        .with("value", told.shown(figure("value")))
                        .with("least", told.shown(figure("least")))
                        .with("most", told.shown(figure("most")))
                        .with("times", if times < 0 { format!("1/{}", -times) } else { times.to_string() })
                        .with("unit", &told.unit)
                        .with("suspected", &told.suspected)
                        .with("jump", if text("state") == "rejected" { "reject" } else { "tell" }),
                );
            }
        }
    }
    Ok(findings)
}

/// How figures of a column are told.
struct Told {
    unit: String,
    suspected: String,
    factor: f64,
}

impl Told {
    fn new(field: &Field, column: Option<&Column>, times: i64) -> Self {
        let declared = column.map(|column| column.measure_unit.as_str()).filter(|unit| !unit.is_empty());
        let declared = declared.or(field.kind.canonical_unit()).and_then(MeasureUnit::parse);
        let power = i32::try_from(times.unsigned_abs().max(1).ilog10()).unwrap_or_default();
        // A figure ten thousand times too large under 万元 was typed in 元.
        let power = if times < 0 { power } else { -power };
        let suspected = declared.as_ref().and_then(|unit| unit.shifted(power));
        let factor = declared.as_ref().map_or(Decimal::ONE, |unit| unit.factor);
        Self {
            unit: declared.map_or_else(|| "—".to_owned(), |unit| unit.symbol),
            suspected: suspected.map_or_else(|| "—".to_owned(), |unit| unit.symbol),
            factor: factor.to_string().parse().unwrap_or(1.0),
        }
    }

    /// Six digits: enough to find the figure, none of the dust of a division.
    fn shown(&self, canonical: f64) -> String {
        let rounded = format!("{:.5e}", canonical / self.factor);
        rounded.parse::<f64>().map_or(rounded, |figure| figure.to_string())
    }
}

fn number(batch: &RecordBatch, column: &str, row: usize) -> f64 {
    let column = batch.column_by_name(column).and_then(|column| column.as_primitive_opt::<Float64Type>());
    column.filter(|column| column.is_valid(row)).map_or(0.0, |column| column.value(row))
}
