//! The embedded engine over Parquet files: equal bytes at every thread count, empty tables, confinement.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use query::arrow::array::{Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use query::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use query::parquet::arrow::ArrowWriter;
use query::{Embedded, Engine as _, Location, Options, Query, TableName, indicator, to_table};

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("unit", DataType::Utf8, true),
        Field::new("period", DataType::Utf8, true),
        Field::new("amount", DataType::Decimal128(18, 2), true),
        Field::new("rate", DataType::Float64, true),
        Field::new("number", DataType::Int64, true),
    ]))
}

/// Five files of rows made by a plain counter.
fn files(folder: &Path) -> Vec<PathBuf> {
    let write = |file: u32| {
        let path = folder.join(format!("第 {file} 份%.parquet"));
        let rows: Vec<u32> = (0..4000).map(|row| (row * 5 + file).wrapping_mul(2_654_435_761) >> 8).collect();
        let units = StringArray::from_iter_values(rows.iter().map(|n| format!("u{}", n % 97)));
        let periods = StringArray::from_iter_values(rows.iter().map(|n| format!("{}", 2020 + n % 5)));
        let amounts = Decimal128Array::from_iter_values(rows.iter().map(|n| i128::from(*n)));
        let amounts = amounts.with_precision_and_scale(18, 2).unwrap();
        let rates = rows.iter().map(|n| (n % 11 != 0).then(|| f64::from(*n) / 7.0)).collect::<Float64Array>();
        let numbers = Int64Array::from_iter_values(rows.iter().map(|n| i64::from(n % 13)));
        let columns: Vec<query::arrow::array::ArrayRef> =
            vec![Arc::new(units), Arc::new(periods), Arc::new(amounts), Arc::new(rates), Arc::new(numbers)];
        let batch = RecordBatch::try_new(schema(), columns).unwrap();
        let mut writer = ArrowWriter::try_new(model::files::create(&path).unwrap(), schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    };
    (0..5).map(write).collect()
}

fn engine(threads: usize, files: &[PathBuf]) -> Embedded {
    let mut engine = Embedded::new(&Options { threads, ..Options::default() }).unwrap();
    let at = Location::files(files.iter().map(PathBuf::as_path), schema());
    engine.register(&TableName::parse("data.rows").unwrap(), &at).unwrap();
    engine.register(&TableName::parse("data.none").unwrap(), &Location::empty(schema())).unwrap();
    engine
}

fn query(sql: &str) -> Query {
    Query {
        name: TableName::parse("staging.x").unwrap(),
        file: "queries/staging/x.sql".into(),
        text: sql.into(),
    }
}

/// The bytes a Parquet writer makes of the rows.
fn bytes(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), None).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn equal_bytes_at_every_thread_count() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let grouped = "SELECT unit, period, SUM(amount) AS total, count(*) AS n, median(rate) AS middle, max(rate) AS top, \
        CAST(SUM(amount) AS DOUBLE) / CAST(SUM(number) AS DOUBLE) AS q, \
        string_agg(period, ',' ORDER BY amount, period) AS texts, \
        rank() OVER (ORDER BY SUM(amount) DESC) AS place \
        FROM data.rows GROUP BY unit, period";
    let joined = "SELECT a.unit, count(*) AS n, sum(b.amount) AS s FROM data.rows a \
        JOIN (SELECT unit, sum(amount) AS amount FROM data.rows GROUP BY unit) b ON a.unit = b.unit \
        WHERE a.number > 3 GROUP BY a.unit HAVING count(*) > 2";
    let cut_at_a_tie = "SELECT unit, period, amount FROM data.rows ORDER BY number DESC LIMIT 50";
    let shown = "SELECT number, unit, period FROM data.rows ORDER BY number";
    for sql in [grouped, joined, cut_at_a_tie] {
        let answers: Vec<Vec<u8>> = [1, 2, 8, 8]
            .iter()
            .map(|threads| {
                let batches = engine(*threads, &files).select(&query(sql)).unwrap();
                assert_eq!(batches.len(), 1);
                assert!(batches[0].num_rows() > 10, "{sql}");
                bytes(&batches)
            })
            .collect();
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{sql}");
    }
    for sql in [cut_at_a_tie, shown] {
        let answers: Vec<Vec<u8>> = [1, 2, 8]
            .iter()
            .map(|threads| bytes(&engine(*threads, &files).select_as_written(&query(sql)).unwrap()))
            .collect();
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{sql}");
    }
}

#[test]
fn rows_are_sorted_or_as_written() {
    let engine = engine(2, &[]);
    let sql = "SELECT * FROM (VALUES (2, 'b'), (1, 'z'), (NULL, 'n'), (1, 'a')) AS t(n, w) ORDER BY w DESC";
    let words = |batches: Vec<RecordBatch>| -> Vec<String> {
        to_table(&batches).unwrap().rows.iter().map(|row| row[1].to_text()).collect()
    };
    assert_eq!(words(engine.select(&query(sql)).unwrap()), ["n", "a", "z", "b"]);
    assert_eq!(words(engine.select_as_written(&query(sql)).unwrap()), ["z", "n", "b", "a"]);
}

#[test]
fn an_empty_table_has_types_and_no_rows() {
    let engine = engine(2, &[]);
    let batches = engine
        .select(&query("SELECT unit, amount, count(*) AS n FROM data.none GROUP BY unit, amount"))
        .unwrap();
    assert_eq!(batches[0].num_rows(), 0);
    assert_eq!(*batches[0].schema().field(1).data_type(), DataType::Decimal128(18, 2));
    let batches = engine.select(&query("SELECT count(*) AS n, sum(amount) AS s FROM data.none")).unwrap();
    assert_eq!(to_table(&batches).unwrap().rows, [[model::Value::Int(0), model::Value::Null]]);
}

#[test]
fn results_have_plain_types() {
    let engine = engine(2, &[]);
    let sql = "SELECT CAST('a' AS VARCHAR) AS a, arrow_cast('b', 'Utf8View') AS b, arrow_cast(1, 'UInt64') AS c, \
        row_number() OVER (ORDER BY 1) AS d";
    let batch = &engine.select(&query(sql)).unwrap()[0];
    let types: Vec<String> =
        batch.schema().fields().iter().map(|field| indicator::sql_type(field.data_type())).collect();
    assert_eq!(types, ["VARCHAR", "VARCHAR", "BIGINT", "BIGINT"]);
    assert_eq!(engine.schema_of(sql).unwrap(), batch.schema());
}

#[test]
fn a_table_can_be_replaced_and_read_through_a_view() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let mut engine = engine(2, &files);
    let count = |engine: &Embedded| -> i64 {
        let rows = to_table(&engine.select(&query("SELECT count(*) AS n FROM views.v")).unwrap()).unwrap();
        match rows.rows[0][0] {
            model::Value::Int(n) => n,
            _ => -1,
        }
    };
    let view = TableName::parse("views.v").unwrap();
    engine.register_view(&view, "SELECT * FROM data.rows WHERE number >= 0").unwrap();
    assert_eq!(count(&engine), 20_000);
    let rows = TableName::parse("data.rows").unwrap();
    engine.register(&rows, &Location::files([files[0].as_path()], schema())).unwrap();
    engine.register_view(&view, "SELECT * FROM data.rows WHERE number >= 0").unwrap();
    assert_eq!(count(&engine), 4000);
    let least =
        |engine: &Embedded| engine.select(&query("SELECT min(amount) AS least FROM data.rows")).unwrap();
    let before = least(&engine);
    let other = model::files::read(&files[3]).unwrap();
    model::files::write(&files[0], &other).unwrap();
    assert_ne!(least(&engine), before, "what was known of the old file must not answer for the new one");
    let streamed: usize =
        engine.execute("SELECT * FROM data.rows").unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(streamed, 4000);
}

#[test]
fn the_engine_is_confined() {
    let folder = tempfile::tempdir().unwrap();
    let path = files(folder.path()).remove(0);
    let engine = engine(1, &[]);
    let file = path.display();
    for sql in [
        format!("SELECT * FROM '{file}'"),
        format!("SELECT * FROM read_parquet('{file}')"),
        format!("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{file}'"),
        format!("COPY data.rows TO '{file}'"),
        "SET datafusion.execution.batch_size = 1".to_owned(),
        "SELECT * FROM information_schema.tables".to_owned(),
        "TABLE data.rows".to_owned(),
        "SELECT * FROM generate_series(1, 2)".to_owned(),
    ] {
        assert!(engine.execute(&sql).is_err(), "{sql}");
    }
    let mut engine = engine;
    let name = TableName::parse("data.glob").unwrap();
    for url in ["file:///data/*.parquet", "file:///data/", "/data/x.parquet"] {
        let at = Location { urls: vec![url.into()], schema: schema() };
        assert!(engine.register(&name, &at).is_err(), "{url}");
    }
}

#[test]
fn long_expressions_are_planned() {
    let engine = engine(1, &[]);
    let many: Vec<String> = (0..400).map(|n| format!("number = {n}")).collect();
    let sql = format!("SELECT unit FROM data.none WHERE {}", many.join(" OR "));
    assert_eq!(engine.select(&query(&sql)).unwrap()[0].num_rows(), 0);
    assert!(engine.schema_of(&sql).is_ok());
    // A longer chain would outgrow the planner's stack: it is told before it comes there.
    let sql = format!("SELECT unit FROM data.none WHERE {}", vec!["number = 1"; 600].join(" OR "));
    assert_eq!(engine.select(&query(&sql)).unwrap_err().code, "sql-too-deep");
}

#[test]
fn what_stops_a_query_is_told_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let engine = engine(2, &files);
    let stopped = engine.select(&query("SELECT CAST(unit AS BIGINT) AS n FROM data.rows")).unwrap_err();
    assert_eq!((stopped.code, stopped.place.file.as_str()), ("sql-execution", "queries/staging/x.sql"));
    assert!(stopped.message(model::Language::En).contains("BIGINT"), "{stopped:?}");
    let unknown = engine.select(&query("SELECT unti FROM data.rows")).unwrap_err();
    assert_eq!((unknown.code, unknown.suggestion.as_deref()), ("sql-unknown-column", Some("unit")));
    model::files::remove_file(&files[0]).unwrap();
    let lost = engine.select(&query("SELECT unit FROM data.rows")).unwrap_err();
    assert_eq!(lost.code, "sql-engine", "{lost:?}");
}

#[test]
fn indicators_have_their_columns_and_one_row_a_unit_and_period() {
    let engine = engine(1, &[]);
    let good = "SELECT 'a' AS unit, p AS period, 'ok' AS status, '' AS flags, CAST(1 AS DOUBLE) AS value, \
        NULL AS standard_error, NULL AS effective_n, NULL AS coverage, \
        CAST(5 AS DECIMAL(38,8)) AS numerator, NULL AS denominator, NULL AS sample_size \
        FROM (VALUES ('2024'), ('2023'), ('2024')) AS t(p)";
    let asked = query(good);
    assert_eq!(indicator::check_columns(&asked, &engine.schema_of(good).unwrap(), &indicator::schema()), []);
    let batch = indicator::conform(&engine.select(&asked).unwrap()[0], &indicator::schema()).unwrap();
    assert_eq!(batch.schema(), indicator::schema());
    let wrong = indicator::check_rows(&asked, &batch);
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].code, wrong[0].params["period"].as_str()), ("indicator-not-unique", "2024"));

    let bad = query("SELECT 'a' AS unit, '2024' AS period, 1 AS valeu, 2 AS numerator");
    let found = engine.schema_of(&bad.text).unwrap();
    let told: Vec<String> = indicator::check_columns(&bad, &found, &indicator::schema())
        .iter()
        .map(|one| format!("{} {} {}", one.place, one.code, one.params["column"]))
        .collect();
    assert_eq!(told.len(), 9 - 1 + 1 + 1, "{told:?}");
    assert!(
        told.contains(&"queries/staging/x.sql:1:44 indicator-column-unknown valeu".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"queries/staging/x.sql:1:56 indicator-column-type numerator".to_owned()),
        "{told:?}"
    );
}

#[test]
fn sums_of_whole_numbers_fit_or_stop_the_query() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(2, &files(folder.path()));
    let text = |sql: &str| to_table(&engine.select(&query(sql)).unwrap()).unwrap().rows;
    // Under their own names and types, in groups, windows, HAVING, FILTER, subqueries and under an outer name.
    let rows = text(
        "SELECT t.unit, sum(number) AS s, sum(number) FILTER (WHERE number > 20) AS none, \
         (SELECT sum(number) FROM data.rows AS i WHERE i.unit = 'u1') AS one \
         FROM data.rows AS t GROUP BY t.unit HAVING sum(number) > 0 AND t.unit = 'u1'",
    );
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][1], rows[0][3]);
    assert_eq!(rows[0][2], model::Value::Null);
    assert!(matches!(rows[0][1], model::Value::Int(sum) if sum > 1000), "{rows:?}");
    let windows = text(
        "SELECT DISTINCT sum(number) OVER (PARTITION BY unit) AS s, sum(number) OVER () - sum(number) OVER () AS z \
         FROM data.rows WHERE unit = 'u1'",
    );
    assert_eq!(windows, [vec![rows[0][1].clone(), model::Value::Int(0)]]);
    for sum in ["sum(number + 9223372036854775000)", "sum(number + 9223372036854775000) OVER ()"] {
        let told = engine.select(&query(&format!("SELECT {sum} AS s FROM data.rows"))).unwrap_err();
        assert_eq!(told.code, "sql-execution", "{sum}: {told:?}");
    }
}

#[test]
fn engines_side_by_side_answer_as_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    // Holds every row in a table of its own before the first comes out.
    let joined = query(
        "SELECT a.number, COUNT(*) AS n, SUM(b.amount) AS amount FROM data.rows AS a \
         JOIN data.rows AS b ON a.unit = b.unit AND a.period = b.period AND a.amount = b.amount GROUP BY a.number",
    );
    let at = Location::files(files.iter().map(PathBuf::as_path), schema());
    let beside = |first: &Embedded| {
        let mut engine = first.beside();
        engine.register(&TableName::parse("data.rows").unwrap(), &at).unwrap();
        engine
    };
    let free = engine(2, &files);
    let expected = bytes(&free.select(&joined).unwrap());
    // The least of these in which one alone has its answer: too little for several.
    let limits = (1..64).map(|quarter| quarter << 18);
    let narrow = limits.map(|limit| {
        Embedded::new(&Options { threads: 2, memory_limit: Some(limit), ..Options::default() }).unwrap()
    });
    let narrow = narrow.into_iter().find(|engine| beside(engine).select(&joined).is_ok()).unwrap();
    for first in [free, narrow] {
        let engines: Vec<Embedded> = (0..6).map(|_| beside(&first)).collect();
        std::thread::scope(|scope| {
            let asked: Vec<_> = engines.iter().map(|engine| scope.spawn(|| engine.select(&joined))).collect();
            for answer in asked {
                assert_eq!(bytes(&answer.join().unwrap().unwrap()), expected);
            }
        });
    }
    assert!(engine(2, &files).beside().select(&joined).is_err(), "tables are each engine's own");
}
