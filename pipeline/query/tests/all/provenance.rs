//! Explain is honest: over random tables, a row without a role can be taken away and the figure stays; without the
//! counted rows nothing is left of it; each counted row alone changes it, where rows only add up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use query::arrow::array::{
    Array as _, AsArray as _, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray,
};
use query::arrow::compute::filter_record_batch;
use query::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use query::parquet::arrow::ArrowWriter;
use query::{
    Asked, Embedded, Engine as _, Location, Options, Parsed, Query, Role, TableName, parse, to_table,
};

/// Numbers that look random and are the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("_origin", DataType::Int64, true),
        Field::new("unit", DataType::Utf8, true),
        Field::new("period", DataType::Utf8, true),
        Field::new("firm", DataType::Utf8, true),
        Field::new("kind", DataType::Utf8, true),
        Field::new("amount", DataType::Decimal128(18, 2), true),
        Field::new("number", DataType::Int64, true),
    ]))
}

fn rows(draw: &mut Draw, count: usize) -> RecordBatch {
    let mut text = |pool: &[Option<&'static str>]| -> StringArray {
        (0..count).map(|_| pool[usize::try_from(draw.below(pool.len() as u64)).unwrap()]).collect()
    };
    let units = text(&[Some("a"), Some("a"), Some("b"), None]);
    let periods = text(&[Some("2023"), Some("2024"), Some("2024")]);
    let firms = text(&[Some("f1"), Some("f2"), Some("f3"), Some("f4"), Some("f5"), Some("f6"), None]);
    let kinds = text(&[Some("x"), Some("x"), Some("y"), None]);
    let amounts: Decimal128Array = (0..count)
        .map(|_| {
            [None, Some(0), Some(100), Some(250), Some(-50), Some(700)]
                [usize::try_from(draw.below(6)).unwrap()]
        })
        .collect();
    let numbers: Int64Array = (0..count)
        .map(|_| [None, Some(0), Some(1), Some(2), Some(3)][usize::try_from(draw.below(5)).unwrap()])
        .collect();
    let origins = Int64Array::from_iter_values((0..count).map(|row| i64::try_from(row).unwrap() + 1));
    RecordBatch::try_new(
        schema(),
        vec![
            Arc::new(origins),
            Arc::new(units),
            Arc::new(periods),
            Arc::new(firms),
            Arc::new(kinds),
            Arc::new(amounts.with_precision_and_scale(18, 2).unwrap()),
            Arc::new(numbers),
        ],
    )
    .unwrap()
}

const TABLES: [&str; 3] = ["loans", "firms", "visits"];

/// Between extracts and indicators.
const STAGING: &[(&str, &str)] = &[
    (
        "loans_by_unit",
        "SELECT unit, period, kind, sum(amount) AS amount, count(*) AS n, max(number) AS top \
        FROM extracts.loans GROUP BY unit, period, kind",
    ),
    (
        "firms_by_unit",
        "SELECT unit, period, count(*) AS n, count(DISTINCT firm) AS different \
        FROM extracts.firms WHERE kind = 'x' GROUP BY unit, period",
    ),
    (
        "latest",
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY firm ORDER BY period DESC, number DESC, \
        amount DESC, kind, unit, _origin) AS place FROM extracts.visits) AS ranked WHERE place = 1",
    ),
    (
        "units",
        "SELECT unit, period FROM (VALUES ('a', '2023'), ('a', '2024'), ('b', '2023'), ('b', '2024')) \
        AS listed(unit, period)",
    ),
];

/// Figures `n` (and a status) by unit and period.
const FIGURES: &[&str] = &[
    "SELECT unit, period, sum(amount) AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT unit, period, sum(CASE WHEN kind = 'x' THEN amount END) AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT unit, period, sum(CASE WHEN kind = 'x' THEN 1 ELSE 0 END) AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT unit, period, count(*) FILTER (WHERE kind = 'x') AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT f.unit, f.period, sum(f.number) AS n FROM extracts.firms f \
     LEFT JOIN extracts.visits v ON v.unit = f.unit AND v.period = f.period GROUP BY f.unit, f.period",
    "SELECT unit, period, sum(CASE kind WHEN 'x' THEN 2 WHEN 'y' THEN 0 END) AS n FROM extracts.loans \
     GROUP BY unit, period",
    "SELECT unit, period, sum(amount) AS n FROM staging.loans_by_unit WHERE kind = 'x' GROUP BY unit, period",
    "SELECT u.unit, u.period, coalesce(f.n, 0) AS n FROM staging.units u \
     LEFT JOIN staging.firms_by_unit f ON f.unit = u.unit AND f.period = u.period \
     LEFT JOIN staging.loans_by_unit l ON l.unit = u.unit AND l.period = u.period AND l.kind = 'x'",
    "SELECT u.unit, u.period, f.different AS n FROM staging.units u \
     JOIN staging.firms_by_unit f ON f.unit = u.unit AND f.period = u.period",
    "SELECT l.unit, l.period, sum(l.amount) AS n FROM extracts.loans l JOIN extracts.firms f ON f.firm = l.firm \
     GROUP BY l.unit, l.period",
    "SELECT l.unit, l.period, sum(l.amount) AS n FROM extracts.loans l \
     WHERE l.firm IN (SELECT firm FROM extracts.firms WHERE kind = 'x') GROUP BY l.unit, l.period",
    "SELECT l.unit, l.period, count(*) AS n FROM extracts.loans l \
     WHERE NOT EXISTS (SELECT 1 FROM extracts.visits v WHERE v.firm = l.firm AND v.kind = 'y') \
     GROUP BY l.unit, l.period",
    "SELECT l.unit, l.period, count(*) AS n FROM extracts.loans l LEFT JOIN extracts.visits v \
     ON v.firm = l.firm AND v.period = l.period WHERE v.firm IS NULL GROUP BY l.unit, l.period",
    "SELECT l.unit, l.period, sum(l.amount) AS n FROM extracts.loans l \
     WHERE l.kind = 'x' OR EXISTS (SELECT 1 FROM extracts.visits v WHERE v.firm = l.firm) GROUP BY l.unit, l.period",
    "SELECT unit, period, sum(amount) AS n FROM staging.latest GROUP BY unit, period",
    "SELECT unit, period, count(*) AS n FROM staging.latest WHERE kind = 'x' GROUP BY unit, period",
    "SELECT unit, period, count(*) AS n FROM (SELECT unit, period, firm FROM extracts.loans \
     GROUP BY unit, period, firm HAVING count(*) > 1) AS often GROUP BY unit, period",
    "SELECT unit, period, sum(n) AS n FROM (SELECT unit, period, amount AS n FROM extracts.loans \
     UNION ALL SELECT unit, period, CAST(number AS DECIMAL(18, 2)) AS n FROM extracts.visits) AS both \
     GROUP BY unit, period",
    "SELECT unit, period, count(*) AS n FROM (SELECT DISTINCT unit, period, firm FROM extracts.firms) AS d \
     GROUP BY unit, period",
    "SELECT unit, period, max(amount) AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT unit, period, median(CAST(amount AS DOUBLE)) AS n FROM extracts.loans GROUP BY unit, period",
    "SELECT u.unit, u.period, l.amount AS n FROM staging.units u JOIN (SELECT unit, period, sum(amount) AS amount \
     FROM extracts.loans GROUP BY unit, period) l ON l.unit = u.unit WHERE l.period = (SELECT max(m.period) \
     FROM extracts.loans m WHERE m.unit = u.unit)",
    "SELECT unit, period, sum(amount) AS n FROM extracts.loans \
     WHERE number >= (SELECT max(number) FROM extracts.visits WHERE kind = 'y') GROUP BY unit, period",
    "SELECT a.unit, a.period, a.amount - b.amount AS n FROM (SELECT unit, period, sum(amount) AS amount \
     FROM extracts.loans GROUP BY unit, period) a JOIN (SELECT unit, period, sum(amount) AS amount \
     FROM extracts.loans GROUP BY unit, period) b ON b.unit = a.unit \
     AND CAST(b.period AS BIGINT) = CAST(a.period AS BIGINT) - 1",
    "SELECT coalesce(a.unit, b.unit) AS unit, coalesce(a.period, b.period) AS period, \
     coalesce(a.n, 0) + coalesce(b.n, 0) AS n FROM (SELECT unit, period, count(*) AS n FROM extracts.loans \
     GROUP BY unit, period) a FULL JOIN (SELECT unit, period, count(*) AS n FROM extracts.visits WHERE kind = 'y' \
     GROUP BY unit, period) b ON a.unit = b.unit AND a.period = b.period",
    "SELECT u.unit, u.period, CASE WHEN f.n > 2 THEN l.amount END AS n FROM staging.units u \
     LEFT JOIN staging.firms_by_unit f ON f.unit = u.unit AND f.period = u.period \
     LEFT JOIN (SELECT unit, period, sum(amount) AS amount FROM staging.loans_by_unit GROUP BY unit, period) l \
     ON l.unit = u.unit AND l.period = u.period",
    "SELECT unit, period, sum(amount) AS n FROM extracts.loans WHERE firm NOT IN \
     (SELECT firm FROM extracts.visits WHERE kind = 'y' AND firm IS NOT NULL) GROUP BY unit, period",
    "SELECT unit, period, sum(amount) AS n FROM (SELECT unit, period, amount, \
     rank() OVER (PARTITION BY unit, period ORDER BY number DESC) AS place FROM extracts.loans) AS r \
     WHERE place <= 2 GROUP BY unit, period",
    "SELECT l.unit, l.period, sum(l.amount) AS n FROM extracts.loans l JOIN staging.latest f ON f.firm = l.firm \
     WHERE f.kind = 'x' GROUP BY l.unit, l.period",
];

struct World {
    folder: tempfile::TempDir,
    tables: Vec<RecordBatch>,
    /// Whether the queries between are tables made by them, or views.
    is_made: bool,
    written: std::cell::Cell<usize>,
}

fn write(path: &Path, batch: &RecordBatch) -> PathBuf {
    let mut writer = ArrowWriter::try_new(model::files::create(path).unwrap(), schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    path.to_path_buf()
}

impl World {
    fn new(seed: u64) -> Self {
        let mut draw = Draw(seed);
        let counts: Vec<u64> = TABLES.iter().map(|_| draw.below(30)).collect();
        Self::of(seed, &mut draw, &counts)
    }

    /// So many rows that those alike go on together.
    fn large(seed: u64) -> Self {
        Self::of(seed, &mut Draw(seed), &[900, 900, 900])
    }

    fn of(seed: u64, draw: &mut Draw, counts: &[u64]) -> Self {
        let tables = counts.iter().map(|count| rows(draw, usize::try_from(*count).unwrap()));
        Self {
            tables: tables.collect(),
            is_made: seed.is_multiple_of(2),
            written: std::cell::Cell::new(0),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The engine over the rows that are not taken away.
    fn engine(&self, gone: &dyn Fn(&str, i64) -> bool) -> Embedded {
        let mut engine = Embedded::new(&Options::default()).unwrap();
        for (table, batch) in TABLES.iter().zip(&self.tables) {
            let origins = batch.column(0).as_primitive::<Int64Type>();
            let kept: BooleanArray =
                origins.values().iter().map(|origin| Some(!gone(table, *origin))).collect();
            let kept = filter_record_batch(batch, &kept).unwrap();
            self.written.set(self.written.get() + 1);
            let path =
                write(&self.folder.path().join(format!("{table}{}.parquet", self.written.get())), &kept);
            let at = Location::files([path.as_path()], schema());
            engine.register(&TableName::new("extracts", table).unwrap(), &at).unwrap();
        }
        for (name, sql) in STAGING {
            let name = TableName::new("staging", name).unwrap();
            let put = if self.is_made { Embedded::make } else { Embedded::register_view };
            put(&mut engine, &name, sql).unwrap();
        }
        engine
    }
}

fn query(sql: &str) -> Query {
    let name = TableName::parse("indicators.x").unwrap();
    Query { name, file: "queries/indicators/x.sql".into(), text: sql.into() }
}

fn figure(engine: &Embedded, sql: &str, unit: &str, period: &str) -> String {
    let sql = format!("SELECT n FROM ({sql}) AS q WHERE unit = '{unit}' AND period = '{period}'");
    let rows = to_table(&engine.select(&query(&sql)).unwrap()).unwrap().rows;
    rows.iter().map(|row| row[0].to_text()).collect::<Vec<_>>().join(";")
}

fn amount_of(world: &World, table: &str, origin: i64) -> bool {
    let at = TABLES.iter().position(|name| *name == table).unwrap();
    let row = usize::try_from(origin - 1).unwrap();
    let amounts = world.tables[at].column(5);
    amounts.is_valid(row)
}

#[test]
fn what_is_not_named_changes_nothing_and_what_is_counted_does() {
    let mut counted_rows = 0;
    let worlds = [World::new(11), World::new(7930), World::large(2)];
    for (seed, world) in worlds.iter().enumerate() {
        let whole = world.engine(&|_, _| false);
        for sql in FIGURES {
            let parsed: Parsed = parse(&query(sql)).unwrap();
            for unit in ["a", "b"] {
                let period = "2024";
                let rows = [("unit", unit), ("period", period)];
                let asked = Asked { rows: &rows, values: &["n"], conditions: &[] };
                let found = whole.provenance(&parsed, &[asked]);
                let found = found.unwrap_or_else(|error| panic!("{sql}: {error}")).remove(0);
                let value = figure(&whole, sql, unit, period);
                let told = || format!("seed {seed}, {unit}: {sql}\n{value}\n{found:?}");

                let named = |table: &str, origin: i64| {
                    found.rows.get(table).is_some_and(|rows| rows.contains_key(&origin))
                };
                let fewer = world.engine(&|table, origin| !named(table, origin));
                assert_eq!(figure(&fewer, sql, unit, period), value, "without what is not named: {}", told());

                let counted = |table: &str, origin: i64| {
                    found.rows.get(table).and_then(|rows| rows.get(&origin)) == Some(&Role::Counted)
                };
                // Where a rank or an extreme chooses, another row takes the place of one that is gone.
                let gone = |table: &str, origin: i64| {
                    if found.chooses { named(table, origin) } else { counted(table, origin) }
                };
                let empty = figure(&world.engine(&gone), sql, unit, period);
                let is_empty = ["", "0", "0.00"].contains(&empty.as_str());
                assert!(is_empty, "without what is counted: {empty:?}, {}", told());

                let origins: BTreeSet<(&str, i64)> = found
                    .rows
                    .iter()
                    .flat_map(|(table, rows)| rows.keys().map(move |origin| (table.as_str(), *origin)))
                    .filter(|(table, origin)| counted(table, *origin))
                    .collect();
                counted_rows += origins.len();
                if found.selects || found.chooses || origins.is_empty() || value.is_empty() {
                    continue;
                }
                for one in [origins.first().unwrap(), origins.last().unwrap()] {
                    if !amount_of(world, one.0, one.1) && sql.contains("amount") {
                        continue;
                    }
                    let without = world.engine(&|table, origin| (table, origin) == *one);
                    assert_ne!(figure(&without, sql, unit, period), value, "without {one:?}: {}", told());
                }
            }
        }
    }
    assert!(counted_rows > 200, "{counted_rows}");
}

#[test]
fn lineage_parts_columns_by_what_they_do() {
    let world = World::new(5);
    let engine = world.engine(&|_, _| false);
    let sql = "SELECT l.unit, l.period, sum(CASE WHEN l.kind = 'x' THEN l.amount END) AS n FROM extracts.loans l \
        JOIN staging.latest v ON v.firm = l.firm WHERE v.number > 1 GROUP BY l.unit, l.period";
    let asked = Asked { rows: &[], values: &["n"], conditions: &["unit"] };
    let found = engine.lineage(&parse(&query(sql)).unwrap(), &asked).unwrap();
    let columns = |by: &std::collections::BTreeMap<String, BTreeSet<String>>, table: &str| {
        by.get(table).into_iter().flatten().cloned().collect::<Vec<_>>().join(",")
    };
    assert_eq!(columns(&found.value, "extracts.loans"), "amount");
    assert_eq!(columns(&found.filter, "extracts.loans"), "firm,kind");
    assert_eq!(columns(&found.group, "extracts.loans"), "period,unit");
    assert!(found.filter["extracts.visits"].is_superset(&["firm", "number"].map(str::to_owned).into()));
    assert!(!found.value.contains_key("extracts.visits") && found.rows.is_empty());
}

#[test]
fn what_cannot_be_followed_is_an_error() {
    let world = World::new(5);
    let engine = world.engine(&|_, _| false);
    let sql = "SELECT unit, period, sum(amount) AS n FROM extracts.loans GROUP BY GROUPING SETS ((unit, period), (unit))";
    let asked = Asked { rows: &[("unit", "a")], values: &["n"], conditions: &[] };
    let error = engine.provenance(&parse(&query(sql)).unwrap(), &[asked]).unwrap_err();
    assert!(error.to_string().contains("provenance through GROUPING SETS"), "{error}");
}
