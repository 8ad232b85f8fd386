//! From a framework's tree and indicator values to the tables `<framework>.scores`, `.ranks` and `.contributions`.
//!
//! The numerics are `composite`'s; this file only hands values over and lays results out as rows. Units of the partition
//! are scored and ranked; functional zones get scores of indicators and nodes, no total and no rank.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use composite::aggregate::{Minimum, UnitScore, Unranked, profile, round9, score};
use composite::rank::ranks;
use composite::robustness::{RankInterval, leave_one_out};
use composite::{LeafScore, Tree};
use model::{Framework, Value, status};

use crate::assessed::Assessed;

/// The tables a framework makes.
pub(crate) const TABLES: [&str; 3] = ["contributions", "ranks", "scores"];

/// The schema of one of [`TABLES`].
///
/// - `contributions`, a row a unit, period and indicator: `node` it hangs under, `path` from the root to that node
///   (`friendly/p5`), `branch` (the child of the root above it); `status`, `value` and `score` of the indicator;
///   `branch_weight` and `branch_contribution`: share of the branch's score and points in it; `weight` and `contribution`: share of the total
///   and points in it.
/// - `ranks`, a row a unit and period: `score`, `coverage` (share of weight that enters), `rank` with `rank_low` and
///   `rank_high`, `ranked`, and `reason` where it is not: `zone`, `too_little_weight`, `too_few_branches`.
/// - `scores`, a row a unit, period and node.
pub(crate) fn schema(table: &str) -> SchemaRef {
    let text = |name: &str, nullable: bool| Field::new(name, DataType::Utf8, nullable);
    let double = |name: &str| Field::new(name, DataType::Float64, true);
    let whole = |name: &str| Field::new(name, DataType::Int64, true);
    let rest = match table {
        "scores" => vec![text("node", false), double("score")],
        "ranks" => vec![
            double("score"),
            double("coverage"),
            whole("rank"),
            whole("rank_low"),
            whole("rank_high"),
            Field::new("ranked", DataType::Boolean, false),
            text("reason", true),
        ],
        _ => vec![
            text("indicator", false),
            text("node", false),
            text("path", false),
            text("branch", true),
            text("status", true),
            double("value"),
            double("score"),
            double("branch_weight"),
            double("branch_contribution"),
            double("weight"),
            double("contribution"),
        ],
    };
    Arc::new(Schema::new([vec![text("unit", false), text("period", false)], rest].concat()))
}

/// What an indicator says of a unit and period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said {
    status: String,
    /// Where the status has one.
    value: Option<f64>,
}

/// An indicator by unit and period.
pub(crate) type Values = BTreeMap<(String, String), Said>;

/// Reads an indicator's table. Values of every status that has one enter scores.
pub(crate) fn values(table: &model::Table) -> Values {
    let text = |row: usize, column: &str| table.get(row, column).and_then(Value::as_text).map(str::to_owned);
    (0..table.rows.len())
        .filter_map(|row| {
            let named = text(row, "status")?;
            let scores = status(&named).is_some_and(|status| status.has_value);
            let value = table.get(row, "value").and_then(Value::as_f64).filter(|_| scores);
            Some(((text(row, "unit")?, text(row, "period")?), Said { status: named, value }))
        })
        .collect()
}

/// What is said of one unit in one period.
struct Judged {
    unit: String,
    period: String,
    statuses: Vec<Option<String>>,
    result: UnitScore,
    rank: Option<u32>,
    interval: RankInterval,
    is_zone: bool,
}

impl Judged {
    /// Why the unit has no rank.
    fn reason(&self) -> Option<&'static str> {
        match (self.is_zone, self.result.reason) {
            (true, _) => Some("zone"),
            (false, Some(Unranked::TooLittleWeight)) => Some("too_little_weight"),
            (false, Some(Unranked::TooFewBranches)) => Some("too_few_branches"),
            (false, None) => None,
        }
    }
}

/// The three tables of a framework, in the order of [`TABLES`].
///
/// # Errors
/// Arrow refuses the columns; cannot happen while they follow [`schema`].
pub(crate) fn tables(
    framework: &Framework,
    tree: &Tree,
    assessed: &Assessed,
    values: &BTreeMap<String, Values>,
) -> Result<[RecordBatch; 3], ArrowError> {
    let judged: Vec<Judged> = framework
        .periods
        .iter()
        .flat_map(|period| judge(framework, tree, assessed, values, &period.to_string()))
        .collect();
    Ok([contributions(tree, &judged)?, rank_rows(&judged)?, scores(tree, &judged)?])
}

fn judge(
    framework: &Framework,
    tree: &Tree,
    assessed: &Assessed,
    values: &BTreeMap<String, Values>,
    period: &str,
) -> Vec<Judged> {
    let minimum = Minimum { parent: framework.parent_minimum, unit: framework.unit_minimum };
    let said = |unit: &str| -> Vec<Option<&Said>> {
        let key = (unit.to_owned(), period.to_owned());
        tree.leaves().iter().map(|leaf| values.get(&leaf.indicator)?.get(&key)).collect()
    };
    let numbers =
        |said: &[Option<&Said>]| -> Vec<Option<f64>> { said.iter().map(|said| (*said)?.value).collect() };
    let by_unit: Vec<Vec<Option<f64>>> = assessed.units.iter().map(|unit| numbers(&said(unit))).collect();
    let scored: Vec<UnitScore> = by_unit.iter().map(|values| score(tree, values, minimum, None)).collect();
    let totals: Vec<Option<f64>> = scored.iter().map(|unit| unit.total).collect();
    let intervals = leave_one_out(tree, &by_unit, minimum);
    let units = scored.into_iter().zip(ranks(&totals)).zip(intervals);
    let zones =
        assessed.zones.iter().map(|zone| ((profile(tree, &numbers(&said(zone)), minimum), None), None));
    assessed
        .all()
        .zip(units.chain(zones))
        .map(|((unit, is_zone), ((result, rank), interval))| Judged {
            unit: unit.to_owned(),
            period: period.to_owned(),
            statuses: said(unit).into_iter().map(|said| said.map(|said| said.status.clone())).collect(),
            result,
            rank,
            // The interval says nothing of a unit that is not ranked.
            interval: rank.and(interval),
            is_zone,
        })
        .collect()
}

/// The columns `unit` and `period` of rows that say so many things of each.
fn keys(judged: &[Judged], each: usize) -> [ArrayRef; 2] {
    let column = |of: fn(&Judged) -> &str| -> ArrayRef {
        let repeated = judged.iter().flat_map(|one| std::iter::repeat_n(Some(of(one)), each));
        Arc::new(repeated.collect::<StringArray>())
    };
    [column(|one| &one.unit), column(|one| &one.period)]
}

fn contributions(tree: &Tree, judged: &[Judged]) -> Result<RecordBatch, ArrowError> {
    let paths: Vec<Vec<&str>> = (0..tree.leaves().len())
        .map(|leaf| tree.path(leaf).into_iter().map(|at| tree.nodes()[at].id.as_str()).collect())
        .collect();
    let of_leaf = |of: &dyn Fn(usize) -> Option<String>| -> ArrayRef {
        let cells = judged.iter().flat_map(|_| (0..tree.leaves().len()).map(of));
        Arc::new(cells.collect::<StringArray>())
    };
    let number = |of: fn(&LeafScore) -> Option<f64>| -> ArrayRef {
        let cells = judged.iter().flat_map(|one| one.result.leaves.iter().map(of));
        Arc::new(cells.collect::<Float64Array>())
    };
    let statuses = judged.iter().flat_map(|one| one.statuses.iter().map(Option::as_deref));
    let [unit, period] = keys(judged, tree.leaves().len());
    let columns = vec![
        unit,
        period,
        of_leaf(&|at| Some(tree.leaves()[at].indicator.clone())),
        of_leaf(&|at| Some(tree.leaves()[at].parent.clone())),
        of_leaf(&|at| Some(paths[at].join("/"))),
        of_leaf(&|at| paths[at].get(1).map(|node| (*node).to_owned())),
        Arc::new(statuses.collect::<StringArray>()),
        number(|leaf| leaf.value),
        number(|leaf| leaf.score.map(round9)),
        number(|leaf| leaf.branch_weight),
        number(|leaf| leaf.branch_contribution),
        number(|leaf| leaf.weight),
        number(|leaf| leaf.contribution),
    ];
    RecordBatch::try_new(schema("contributions"), columns)
}

fn rank_rows(judged: &[Judged]) -> Result<RecordBatch, ArrowError> {
    let whole = |of: fn(&Judged) -> Option<u32>| -> ArrayRef {
        Arc::new(judged.iter().map(|one| of(one).map(i64::from)).collect::<Int64Array>())
    };
    let number = |of: fn(&Judged) -> Option<f64>| -> ArrayRef {
        Arc::new(judged.iter().map(of).collect::<Float64Array>())
    };
    let [unit, period] = keys(judged, 1);
    let columns = vec![
        unit,
        period,
        number(|one| one.result.total),
        number(|one| Some(round9(one.result.coverage))),
        whole(|one| one.rank),
        whole(|one| one.interval.map(|interval| interval.0)),
        whole(|one| one.interval.map(|interval| interval.1)),
        Arc::new(judged.iter().map(|one| Some(one.rank.is_some())).collect::<BooleanArray>()),
        Arc::new(judged.iter().map(Judged::reason).collect::<StringArray>()),
    ];
    RecordBatch::try_new(schema("ranks"), columns)
}

fn scores(tree: &Tree, judged: &[Judged]) -> Result<RecordBatch, ArrowError> {
    let nodes = judged.iter().flat_map(|_| tree.nodes().iter().map(|node| Some(node.id.as_str())));
    let found = judged.iter().flat_map(|one| one.result.nodes.iter().map(|score| score.map(round9)));
    let [unit, period] = keys(judged, tree.nodes().len());
    let columns = vec![
        unit,
        period,
        Arc::new(nodes.collect::<StringArray>()),
        Arc::new(found.collect::<Float64Array>()),
    ];
    RecordBatch::try_new(schema("scores"), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_enter_where_the_status_has_one() {
        let row = |unit: &str, status: &str, value: Value| {
            vec![Value::Text(unit.into()), Value::Text("2024".into()), Value::Text(status.into()), value]
        };
        let table = model::Table {
            columns: ["unit", "period", "status", "value"].map(str::to_owned).to_vec(),
            rows: ["ok", "reconstructed", "estimated", "imputed", "unstable", "missing", "suppressed"]
                .into_iter()
                .map(|status| row(status, status, Value::Float(1.0)))
                .collect(),
        };
        let found = values(&table);
        let entering: Vec<&str> =
            found.values().filter(|said| said.value.is_some()).map(|said| said.status.as_str()).collect();
        assert_eq!(entering, ["estimated", "imputed", "ok", "reconstructed", "unstable"]);
    }
}
