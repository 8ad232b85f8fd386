//! Explain is honest, for each indicator over the rows of its case: a row that is not named can be taken away and
//! numerator, denominator, value and status stay; without the counted rows numerator or denominator is empty; a counted
//! row alone changes them, where rows only add up.
//!
//! A few cases are drawn, and a unit and period of each. `MANTIANXING_CASES=p1_01` tries these cases, `MANTIANXING_SEED=7`
//! draws others, `MANTIANXING_DRAWS=99` tries so many cases.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Int64Type};
use model::{Digest, Table, Value};
use query::{Asked, Embedded, Engine as _, Location, Parsed, Query, Role, TableName};

use super::case::Case;
use super::chosen_cases;
use super::graph::{Graph, Rows};

/// How many cases are tried.
const DRAWS: usize = 6;

#[test]
fn what_is_not_named_changes_nothing() {
    let number = |name: &str, otherwise: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (seed, draws) = (number("MANTIANXING_SEED", 1), number("MANTIANXING_DRAWS", DRAWS));
    // What is wrong with a case is told where all of them are read.
    let mut cases: Vec<(String, Case)> =
        chosen_cases().into_iter().filter_map(|(id, case)| Some((id, case.ok()?))).collect();
    cases.sort_by_key(|(id, _)| Digest::of(format!("{seed} {id}")).hex());
    cases.truncate(draws);
    let (first, second) = cases.split_at(cases.len() / 2);
    let told = std::thread::scope(|scope| {
        let halves = [first, second].map(|half| scope.spawn(move || all_wrong(half, seed)));
        halves.map(|half| half.join().unwrap())
    });
    let counted: usize = told.iter().map(|(_, counted)| counted).sum();
    let told: Vec<String> = told.into_iter().flat_map(|(told, _)| told).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    assert!(counted > 0, "no row is counted in {} cases", cases.len());
}

fn all_wrong(cases: &[(String, Case)], seed: usize) -> (Vec<String>, usize) {
    let (mut wrong, mut counted) = (Vec::new(), 0);
    if cases.is_empty() {
        return (wrong, counted);
    }
    let mut graph = Graph::new();
    for (id, case) in cases {
        let mut tried = Tried::new(&mut graph, id, case);
        let rows = &case.expected.rows;
        let order = |at: &usize| Digest::of(format!("{seed} {id} {at}")).hex();
        let mut drawn: Vec<usize> = (0..rows.len()).collect();
        drawn.sort_by_key(order);
        for at in drawn.into_iter().take(1) {
            let of = |column: &str| case.expected.get(&rows[at], column).unwrap_or_default().to_owned();
            let (unit, period) = (of("unit"), of("period"));
            match tried.wrong(&unit, &period) {
                Ok(found) => counted += found,
                Err(told) => wrong.push(format!("{id} {unit} {period}: {told}")),
            }
        }
    }
    (wrong, counted)
}

/// The tables of a case, and the queries over them as tables made by them.
struct Tried<'g> {
    graph: &'g Graph,
    query: Parsed,
    columns: [&'static str; 4],
    between: Vec<Parsed>,
    given: BTreeMap<TableName, Rows>,
    engine: Embedded,
}

/// What an indicator says, or one stratum of a survey item.
type Figure = [Value; 4];

/// The figure is made of the first two; the third and the fourth are asked for together.
const COLUMNS: [&str; 4] = ["numerator", "denominator", "value", "status"];
const STRATUM_COLUMNS: [&str; 4] = ["answer_sum", "answers", "frame", "responses"];

impl<'g> Tried<'g> {
    fn new(graph: &'g mut Graph, id: &str, case: &Case) -> Self {
        let [indicators, strata] = ["indicators", "strata"].map(|schema| TableName::new(schema, id).unwrap());
        let given = graph.given(case, true).unwrap();
        let graph: &Graph = graph;
        let (columns, query) = match graph.parsed.get(&strata) {
            Some(query) => (STRATUM_COLUMNS, query.clone()),
            None => (COLUMNS, graph.parsed[&indicators].clone()),
        };
        let (mut between, mut read) = (Vec::new(), BTreeSet::new());
        gather(graph, &query, &mut between, &mut read);
        between.pop();
        let mut engine = Embedded::new(&query::Options::default()).unwrap();
        engine.know(run::table_keys(&graph.definitions));
        for name in read {
            let empty = || Location::empty(graph.known[&name].clone());
            let at = given.get(&name).map_or_else(empty, |rows| rows.at.clone());
            engine.register(&name, &at).unwrap();
        }
        let mut tried = Self { graph, query, columns, between, given, engine };
        tried.make_tables();
        tried
    }

    fn make_tables(&mut self) {
        for parsed in &self.between {
            self.engine.make(&parsed.query.name, &parsed.query.text).unwrap();
        }
    }

    /// The figure without some rows of extracts.
    fn figure(&mut self, unit: &str, period: &str, gone: &dyn Fn(&str, i64) -> bool) -> Vec<Figure> {
        for (name, rows) in self.given.iter().filter(|(name, _)| name.schema() == "extracts") {
            let left = without(&rows.batch, &|origin| gone(name.table(), origin));
            self.engine.register(name, &self.graph.write(left).at).unwrap();
        }
        self.make_tables();
        let columns = self.columns.join(", ");
        let own = self.query.query.text.trim_end();
        let text =
            format!("SELECT {columns} FROM (\n{own}\n) AS q WHERE unit = '{unit}' AND period = '{period}'");
        let batches = self.engine.select(&Query { text, ..self.query.query.clone() }).unwrap();
        let table: Table = query::to_table(&batches).unwrap();
        let row = |row: Vec<Value>| row.try_into().unwrap();
        table.rows.into_iter().map(row).collect()
    }

    /// How many rows are counted, or what is wrong.
    fn wrong(&mut self, unit: &str, period: &str) -> Result<usize, String> {
        let value = self.figure(unit, period, &|_, _| false);
        let rows = [("unit", unit), ("period", period)];
        let ask = |values, conditions| Asked { rows: &rows, values, conditions };
        let columns = self.columns;
        let asked = [ask(&columns[..1], &[]), ask(&columns[1..2], &[]), ask(&columns[2..3], &columns[3..])];
        let all = self.engine.provenance(&self.query, &asked).map_err(|error| error.to_string())?;
        let named = |table: &str, origin: i64| {
            all.iter().any(|found| found.rows.get(table).is_some_and(|rows| rows.contains_key(&origin)))
        };
        let left = self.figure(unit, period, &|table, origin| !named(table, origin));
        if left != value {
            return Err(format!("without what is not named {left:?}, not {value:?}\n{all:?}"));
        }
        let parts = if empty(&value, 0) && empty(&value, 1) { 2..3 } else { 0..2 };
        let found = &all[parts.clone()];
        let chooses = found.iter().any(|found| found.chooses);
        let counted = |table: &str, origin: i64| {
            found.iter().any(|found| {
                let role = found.rows.get(table).and_then(|rows| rows.get(&origin));
                if chooses { role.is_some() } else { role == Some(&Role::Counted) }
            })
        };
        let left = self.figure(unit, period, &counted);
        if !parts.clone().any(|part| empty(&left, part)) {
            return Err(format!("without what is counted {left:?}\n{found:?}"));
        }
        let mut number = 0;
        for (part, found) in parts.zip(found) {
            number += found.count(Role::Counted);
            if found.chooses || found.selects || empty(&value, part) {
                continue;
            }
            let origins = found.rows.iter().flat_map(|(table, rows)| {
                let counted = rows.iter().filter(|(_, role)| **role == Role::Counted);
                counted.map(move |(origin, _)| (table.as_str(), *origin))
            });
            for one in origins.collect::<Vec<_>>().into_iter().take(2) {
                let left = self.figure(unit, period, &|table, origin| (table, origin) == one);
                if left.first().map(|left| &left[part]) == value.first().map(|value| &value[part]) {
                    return Err(format!("without {one:?} still {left:?}\n{found:?}"));
                }
            }
        }
        Ok(number)
    }
}

/// Whether a part of the figure is NULL, 0 or not there.
fn empty(figure: &[Figure], part: usize) -> bool {
    figure.iter().all(|row| matches!(&row[part], Value::Null) || row[part].as_f64() == Some(0.0))
}

fn without(batch: &RecordBatch, gone: &dyn Fn(i64) -> bool) -> RecordBatch {
    let origins = batch.column_by_name("_origin").unwrap();
    assert_eq!(*origins.data_type(), DataType::Int64);
    let origins = origins.as_primitive::<Int64Type>();
    let kept: BooleanArray = origins.values().iter().map(|origin| Some(!gone(*origin))).collect();
    filter_record_batch(batch, &kept).unwrap()
}

/// The queries a query stands on, each behind those it reads and itself last, and the tables that are no queries.
fn gather(graph: &Graph, query: &Parsed, between: &mut Vec<Parsed>, read: &mut BTreeSet<TableName>) {
    for used in &query.tables {
        match graph.parsed.get(&used.name) {
            Some(other) if between.iter().any(|known| known.query.name == other.query.name) => {}
            Some(other) => gather(graph, other, between, read),
            None => {
                read.insert(used.name.clone());
            }
        }
    }
    between.push(query.clone());
}
