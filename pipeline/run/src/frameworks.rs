//! From a framework file and indicator values to the tables `<framework>.scores`, `.ranks` and `.contributions`.
//!
//! The numerics are `composite`'s; this file only hands values over and lays results out as rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use composite::aggregate::{Minimum, UnitScore, score};
use composite::rank::ranks;
use composite::robustness::leave_one_out;
use composite::{Goalposts, Leaf, Node, Tree, TreeError};
use model::{Diagnostic, Framework, Indicator, Place, Reference, Value, text};

/// The tables a framework makes.
pub(crate) const TABLES: [&str; 3] = ["contributions", "ranks", "scores"];

/// Builds and checks the tree of a framework.
///
/// # Errors
/// Unknown indicators, partitions and periods, goalposts nobody gives, and all that makes no tree.
pub(crate) fn tree(
    framework: &Framework,
    indicators: &BTreeMap<String, Indicator>,
    reference: &Reference,
    file: &str,
) -> Result<Tree, Vec<Diagnostic>> {
    let place = || Place::file(file);
    let mut wrong = Vec::new();
    if !reference.partitions.contains_key(&framework.partition) {
        wrong.push(
            Diagnostic::new("unknown-name", place())
                .with("what", "partition")
                .with("name", &framework.partition)
                .suggest(text::suggest(
                    &framework.partition,
                    reference.partitions.keys().map(String::as_str),
                )),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    for period in framework.periods.iter().filter(|period| !seen.insert(**period)) {
        wrong.push(Diagnostic::new("duplicate-name", place()).with("what", "period").with("name", period));
    }
    for (key, [part, whole]) in
        [("parent_minimum", framework.parent_minimum), ("unit_minimum", framework.unit_minimum)]
    {
        if part == 0 || part > whole {
            wrong.push(
                Diagnostic::new("wrong-value", place())
                    .with("key", key)
                    .with("value", format!("[{part}, {whole}]"))
                    .with("expected", "[2, 3], [4, 5], …"),
            );
        }
    }
    let number = |decimal: model::Decimal| f64::try_from(decimal).unwrap_or(f64::NAN);
    let mut leaves = Vec::new();
    for placement in &framework.placement {
        let Some(indicator) = indicators.get(&placement.indicator) else {
            wrong.push(
                Diagnostic::new("unknown-name", place())
                    .with("what", "indicator")
                    .with("name", &placement.indicator)
                    .suggest(text::suggest(&placement.indicator, indicators.keys().map(String::as_str))),
            );
            continue;
        };
        let told = |code| Diagnostic::new(code, place()).with("indicator", &placement.indicator);
        if indicator.partition != framework.partition {
            wrong.push(
                told("framework-partition")
                    .with("partition", &indicator.partition)
                    .with("expected", &framework.partition),
            );
        }
        for period in framework.periods.iter().filter(|period| !indicator.periods.contains(period)) {
            wrong.push(told("framework-period").with("period", period));
        }
        let Some(posts) = placement.goalposts.as_ref().or(indicator.goalposts.as_ref()) else {
            wrong.push(told("framework-goalposts"));
            continue;
        };
        let fits = match indicator.direction {
            model::Direction::Higher => posts.best > posts.worst,
            model::Direction::Lower => posts.best < posts.worst,
            model::Direction::Neutral => true,
        };
        if !fits {
            wrong.push(
                told("framework-direction")
                    .with("direction", indicator.direction.name())
                    .with("worst", posts.worst)
                    .with("best", posts.best),
            );
        }
        leaves.push(Leaf {
            indicator: placement.indicator.clone(),
            parent: placement.parent.clone(),
            weight: number(placement.weight),
            goalposts: Goalposts { worst: number(posts.worst), best: number(posts.best) },
        });
    }
    let nodes = framework.node.iter().map(|node| Node {
        id: node.id.clone(),
        parent: node.parent.clone(),
        weight: number(node.weight),
    });
    match Tree::new(nodes.collect(), leaves) {
        Ok(tree) if wrong.is_empty() => Ok(tree),
        Ok(_) => Err(wrong),
        Err(errors) => {
            // A leaf left out above would only be told a second time as a node without children.
            let after_others =
                |error: &TreeError| !wrong.is_empty() && matches!(error, TreeError::Childless(_));
            let told = errors.iter().filter(|error| !after_others(error));
            let told: Vec<Diagnostic> =
                told.map(|error| Diagnostic::new("framework-tree", place()).with("reason", error)).collect();
            wrong.extend(told);
            Err(wrong)
        }
    }
}

/// The schema of one of [`TABLES`].
pub(crate) fn schema(table: &str) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let double = |name: &str| Field::new(name, DataType::Float64, true);
    let whole = |name: &str| Field::new(name, DataType::Int64, true);
    let rest = match table {
        "scores" => vec![text("node"), double("score")],
        "ranks" => vec![
            double("score"),
            double("coverage"),
            whole("rank"),
            whole("rank_low"),
            whole("rank_high"),
            Field::new("ranked", DataType::Boolean, false),
        ],
        _ => vec![
            text("indicator"),
            double("value"),
            double("score"),
            double("weight"),
            double("contribution"),
        ],
    };
    Arc::new(Schema::new([vec![text("unit"), text("period")], rest].concat()))
}

/// The values of one indicator: unit and period → value, where it may enter a score.
pub(crate) type Values = BTreeMap<(String, String), f64>;

/// Reads the values of an indicator's table that may enter scores: by status, see `indicators` in the architecture.
pub(crate) fn values(table: &model::Table) -> Values {
    let scored = ["ok", "reconstructed", "estimated", "imputed", "unstable"];
    let text = |row: usize, column: &str| table.get(row, column).and_then(Value::as_text).map(str::to_owned);
    (0..table.rows.len())
        .filter_map(|row| {
            let status = text(row, "status")?;
            let value = table.get(row, "value").and_then(Value::as_f64)?;
            scored.contains(&status.as_str()).then_some(())?;
            Some(((text(row, "unit")?, text(row, "period")?), value))
        })
        .collect()
}

/// The three tables of a framework, in the order of [`TABLES`]. `units` are those of its partition, in display order.
///
/// # Errors
/// Arrow refuses the columns; cannot happen while the builders follow [`schema`].
pub(crate) fn tables(
    framework: &Framework,
    tree: &Tree,
    units: &[String],
    values: &BTreeMap<String, Values>,
) -> Result<[RecordBatch; 3], arrow::error::ArrowError> {
    let minimum = Minimum { parent: framework.parent_minimum, unit: framework.unit_minimum };
    let (mut contributions, mut rank_rows, mut scores) = (Rows::new(), Rows::new(), Rows::new());
    for period in &framework.periods {
        let period = period.to_string();
        let by_unit: Vec<Vec<Option<f64>>> = units
            .iter()
            .map(|unit| {
                let key = (unit.clone(), period.clone());
                let leaves = tree.leaves().iter();
                leaves.map(|leaf| values.get(&leaf.indicator)?.get(&key).copied()).collect()
            })
            .collect();
        let scored: Vec<UnitScore> =
            by_unit.iter().map(|values| score(tree, values, minimum, None)).collect();
        let totals: Vec<Option<f64>> = scored.iter().map(|unit| unit.total).collect();
        let ranked = ranks(&totals);
        let intervals = leave_one_out(tree, &by_unit, minimum);
        for (at, (unit, result)) in units.iter().zip(&scored).enumerate() {
            for (node, score) in tree.nodes().iter().zip(&result.nodes) {
                scores.key(unit, &period);
                scores.text.append_value(&node.id);
                scores.doubles[0].append_option(score.map(composite::aggregate::round9));
            }
            for (leaf, result) in tree.leaves().iter().zip(&result.leaves) {
                contributions.key(unit, &period);
                contributions.text.append_value(&leaf.indicator);
                let score = result.score.map(composite::aggregate::round9);
                let numbers = [result.value, score, result.weight, result.contribution];
                for (column, number) in contributions.doubles.iter_mut().zip(numbers) {
                    column.append_option(number);
                }
            }
            rank_rows.key(unit, &period);
            rank_rows.doubles[0].append_option(result.total);
            rank_rows.doubles[1].append_value(composite::aggregate::round9(result.coverage));
            // The interval says nothing of a unit that is not ranked.
            let interval = ranked[at].and(intervals[at]);
            let whole =
                [ranked[at], interval.map(|interval| interval.0), interval.map(|interval| interval.1)];
            for (column, number) in rank_rows.whole.iter_mut().zip(whole) {
                column.append_option(number.map(i64::from));
            }
            rank_rows.ranked.append_value(ranked[at].is_some());
        }
    }
    Ok([contributions.contributions()?, rank_rows.ranks()?, scores.scores()?])
}

/// Column builders; each table uses those it needs.
struct Rows {
    unit: StringBuilder,
    period: StringBuilder,
    text: StringBuilder,
    doubles: [Float64Builder; 4],
    whole: [Int64Builder; 3],
    ranked: BooleanBuilder,
}

impl Rows {
    fn new() -> Self {
        Self {
            unit: StringBuilder::new(),
            period: StringBuilder::new(),
            text: StringBuilder::new(),
            doubles: std::array::from_fn(|_| Float64Builder::new()),
            whole: std::array::from_fn(|_| Int64Builder::new()),
            ranked: BooleanBuilder::new(),
        }
    }

    fn key(&mut self, unit: &str, period: &str) {
        self.unit.append_value(unit);
        self.period.append_value(period);
    }

    fn contributions(mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let [value, score, weight, contribution] = &mut self.doubles;
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(self.unit.finish()),
            Arc::new(self.period.finish()),
            Arc::new(self.text.finish()),
            Arc::new(value.finish()),
            Arc::new(score.finish()),
            Arc::new(weight.finish()),
            Arc::new(contribution.finish()),
        ];
        RecordBatch::try_new(schema("contributions"), columns)
    }

    fn ranks(mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let [score, coverage, ..] = &mut self.doubles;
        let [rank, low, high] = &mut self.whole;
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(self.unit.finish()),
            Arc::new(self.period.finish()),
            Arc::new(score.finish()),
            Arc::new(coverage.finish()),
            Arc::new(rank.finish()),
            Arc::new(low.finish()),
            Arc::new(high.finish()),
            Arc::new(self.ranked.finish()),
        ];
        RecordBatch::try_new(schema("ranks"), columns)
    }

    fn scores(mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(self.unit.finish()),
            Arc::new(self.period.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.doubles[0].finish()),
        ];
        RecordBatch::try_new(schema("scores"), columns)
    }
}
