//! Reference as Parquet, so that SQL sees it like any other table: the CSV files of the reference folder, and what
//! follows from definitions: `reference.deliveries`, `reference.periods`, `reference.indicators`, `reference.placements`,
//! and what contracts promise ([`promised`]).

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use model::reference::{ColumnType, ReferenceTable};

use crate::definitions::Definitions;
use crate::{checks, promised};

/// Tables made from definitions rather than from CSV files.
pub(crate) const GENERATED: [&str; 6] =
    ["checks", "deliveries", "indicator_links", "indicators", "periods", "placements"];

/// Every reference table with its rows.
///
/// # Errors
/// Arrow refuses the columns; cannot happen with rows the reader has checked.
pub fn batches(definitions: &Definitions) -> Result<Vec<(String, RecordBatch)>, ArrowError> {
    let mut made = Vec::new();
    for (name, table) in &definitions.reference.tables {
        made.push((name.clone(), batch(table)?));
    }
    made.push(("checks".to_owned(), checks::reference(definitions)?));
    made.push(("deliveries".to_owned(), deliveries(definitions)?));
    made.push(("indicators".to_owned(), indicators(definitions)?));
    made.push(("indicator_links".to_owned(), indicator_links(definitions)?));
    made.push(("periods".to_owned(), periods(definitions)?));
    made.push(("placements".to_owned(), placements(definitions)?));
    made.extend(promised::batches(definitions)?);
    Ok(made)
}

fn batch(table: &ReferenceTable) -> Result<RecordBatch, ArrowError> {
    let columns = table.definition.columns.iter().enumerate().map(|(at, column)| {
        let cells =
            table.rows.iter().map(|row| row.get(at).map(String::as_str).filter(|cell| !cell.is_empty()));
        match column.kind {
            ColumnType::Text => (column.name.as_str(), text_column(cells)),
            ColumnType::Integer => {
                let whole: Int64Array =
                    cells.map(|cell| cell.and_then(|cell| cell.parse::<i64>().ok())).collect();
                (column.name.as_str(), Arc::new(whole) as ArrayRef)
            }
        }
    });
    from_columns(columns.collect())
}

fn text_column<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(cells.collect::<StringArray>())
}

/// All columns nullable, whatever the rows: a schema must not depend on the data.
pub(crate) fn from_columns(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect())
}

pub(crate) fn texts(values: Vec<Option<String>>) -> ArrayRef {
    Arc::new(StringArray::from(values))
}

fn periods(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let periods = &definitions.assessment.periods;
    let column = |of: &dyn Fn(&model::Period) -> String| {
        texts(periods.iter().map(|period| Some(of(period))).collect())
    };
    from_columns(vec![
        ("period", column(&ToString::to_string)),
        ("name_zh", column(&model::Period::name_zh)),
        ("grain", column(&|period| period.grain().name().to_owned())),
        ("first_day", column(&|period| period.days().0)),
        ("last_day", column(&|period| period.days().1)),
        ("position", positions(periods.len())),
    ])
}

fn positions(count: usize) -> ArrayRef {
    Arc::new((1..).take(count).collect::<Int64Array>())
}

/// The list of deliveries as written, numbered in the order received.
fn deliveries(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let all = &definitions.deliveries;
    let column = |of: &dyn Fn(&model::Delivery) -> String| {
        texts(all.iter().map(|delivery| Some(of(delivery))).collect())
    };
    from_columns(vec![
        ("number", positions(all.len())),
        ("file", column(&|delivery| delivery.file.clone())),
        ("sha256", column(&|delivery| delivery.sha256.clone())),
        ("contracts", column(&|delivery| delivery.contracts.join(","))),
        ("department", column(&|delivery| delivery.department.clone())),
        ("period", column(&|delivery| delivery.period.to_string())),
        ("received_on", column(&|delivery| delivery.received_on.clone())),
        ("partition", column(&|delivery| delivery.partition.clone())),
        ("vintage", column(&|delivery| delivery.vintage.clone())),
        ("page", column(&|delivery| delivery.page.clone())),
        ("first_day", column(&|delivery| delivery.period.days().0)),
        ("last_day", column(&|delivery| delivery.period.days().1)),
        ("in_edition", in_edition(definitions)),
    ])
}

/// Whether a delivery came before the edition's cut-off.
fn in_edition(definitions: &Definitions) -> ArrayRef {
    let edition = &definitions.assessment.edition;
    let in_edition = definitions.deliveries.iter().map(|delivery| Some(!edition.is_late(delivery)));
    Arc::new(in_edition.collect::<BooleanArray>())
}

fn indicators(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let all: Vec<_> = definitions.indicators.iter().collect();
    let column = |of: &dyn Fn(&str, &model::Indicator) -> Option<String>| {
        texts(all.iter().map(|(id, indicator)| of(id, indicator)).collect())
    };
    let whole = |of: &dyn Fn(&model::Indicator) -> Option<u64>| {
        let found =
            all.iter().map(|(_, indicator)| of(indicator).and_then(|count| i64::try_from(count).ok()));
        Arc::new(found.collect::<Int64Array>()) as ArrayRef
    };
    let double = |of: &dyn Fn(&model::Indicator) -> Option<model::Decimal>| {
        let found = all.iter().map(|(_, indicator)| of(indicator).and_then(|number| number.try_into().ok()));
        Arc::new(found.collect::<Float64Array>()) as ArrayRef
    };
    let zones: BooleanArray = all.iter().map(|(_, indicator)| Some(indicator.zones)).collect();
    let posts = |of: &dyn Fn(&model::indicator::Goalposts) -> String| {
        texts(all.iter().map(|(_, indicator)| indicator.goalposts.as_ref().map(of)).collect())
    };
    let limit = |at: usize| {
        double(&move |indicator: &model::Indicator| Some(indicator.goalposts.as_ref()?.band?[at]))
    };
    from_columns(vec![
        ("id", column(&|id, _| Some(id.to_owned()))),
        ("name_zh", column(&|_, indicator| Some(indicator.name_zh.clone()))),
        ("name_en", column(&|_, indicator| Some(indicator.name_en.clone()))),
        ("definition_zh", column(&|_, indicator| Some(indicator.definition_zh.clone()))),
        ("definition_en", column(&|_, indicator| Some(indicator.definition_en.clone()))),
        ("kind", column(&|_, indicator| Some(indicator.kind().to_owned()))),
        ("measure_unit", column(&|_, indicator| Some(indicator.measure_unit.clone()))),
        ("display_unit", column(&|_, indicator| Some(indicator.display.measure_unit.clone()))),
        ("decimals", whole(&|indicator| Some(u64::from(indicator.display.decimals)))),
        ("direction", column(&|_, indicator| Some(indicator.direction.name().to_owned()))),
        ("partition", column(&|_, indicator| Some(indicator.partition.clone()))),
        ("zones", Arc::new(zones)),
        ("denominator_zh", column(&|_, indicator| indicator.denominator_zh.clone())),
        ("minimum_denominator", whole(&|indicator| indicator.minimum_denominator)),
        ("minimum_coverage", double(&|indicator| indicator.minimum_coverage)),
        ("plausible_low", double(&|indicator| Some(indicator.plausible?[0]))),
        ("plausible_high", double(&|indicator| Some(indicator.plausible?[1]))),
        ("source_zh", column(&|_, indicator| Some(indicator.source_zh.clone()))),
        (
            "pitfalls_zh",
            column(&|_, indicator| Some(indicator.pitfalls_zh.join("；")).filter(|text| !text.is_empty())),
        ),
        ("goalpost_worst", posts(&|posts| posts.worst.normalize().to_string())),
        ("goalpost_best", posts(&|posts| posts.best.normalize().to_string())),
        ("goalpost_band_low", limit(0)),
        ("goalpost_band_high", limit(1)),
        ("goalpost_basis", posts(&|posts| posts.basis.name().to_owned())),
        ("goalpost_basis_zh", posts(&|posts| posts.basis_zh.clone())),
    ])
}

/// What indicators are tied to: a row each for `task`, `department` and `target`, with its number or id.
fn indicator_links(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let mut rows: Vec<[String; 3]> = Vec::new();
    for (id, indicator) in &definitions.indicators {
        let tasks = indicator.tasks.iter().map(|task| ("task", task.to_string()));
        let departments = indicator.departments.iter().map(|department| ("department", department.clone()));
        let targets = indicator.targets.iter().map(|target| ("target", target.clone()));
        rows.extend(
            tasks.chain(departments).chain(targets).map(|(kind, to)| [id.clone(), kind.to_owned(), to]),
        );
    }
    let text = |at: usize| texts(rows.iter().map(|row| Some(row[at].clone())).collect());
    from_columns(vec![("indicator", text(0)), ("kind", text(1)), ("id", text(2))])
}

/// Every placement with the share of the whole its indicator has when nothing is missing.
fn placements(definitions: &Definitions) -> Result<RecordBatch, ArrowError> {
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut numbers: [Vec<f64>; 3] = Default::default();
    for (id, placed) in &definitions.frameworks {
        for (leaf, weight) in placed.tree.leaves().iter().zip(placed.tree.nominal_weights()) {
            let own =
                placed.framework.placement.iter().find(|placement| placement.indicator == leaf.indicator);
            let own = own.and_then(|placement| placement.goalposts.as_ref());
            let posts = own.or_else(|| definitions.indicators.get(&leaf.indicator)?.goalposts.as_ref());
            let basis = posts.map(|posts| posts.basis_zh.clone()).unwrap_or_default();
            rows.push([id.clone(), leaf.parent.clone(), leaf.indicator.clone(), basis]);
            for (column, number) in
                numbers.iter_mut().zip([weight, leaf.goalposts.worst, leaf.goalposts.best])
            {
                column.push(number);
            }
        }
    }
    let text = |at: usize| texts(rows.iter().map(|row| Some(row[at].clone())).collect());
    let [weight, worst, best] = numbers.map(|column| Arc::new(Float64Array::from(column)) as ArrayRef);
    from_columns(vec![
        ("framework", text(0)),
        ("node", text(1)),
        ("indicator", text(2)),
        ("weight", weight),
        ("worst", worst),
        ("best", best),
        ("basis_zh", text(3)),
    ])
}
