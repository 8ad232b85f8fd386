//! `mantianxing sql`: one SELECT, answered as a table, CSV, JSON or Parquet.

use model::assessment::Nature;
use model::{Diagnostic, Table, Value, files};
use run::Answer;
use serde_json::{Map, Value as Json, json};

use crate::Exit;
use crate::args::{Format, SqlArgs};
use crate::printer::Printer;
use crate::{commands::run::thread_count, text_table};

/// The column that says that a row is of invented data.
const SYNTHETIC: &str = "_synthetic";

pub(crate) fn sql(args: &SqlArgs, threads: Option<u16>, printer: &mut Printer) -> Exit {
    match answer(args, threads, printer) {
        Ok(()) => Exit::Done,
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

fn answer(args: &SqlArgs, threads: Option<u16>, printer: &Printer) -> Result<(), Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let answer = run::ask(&args.dir, &args.query, thread_count(threads))?;
    let bytes = match args.format {
        Format::Parquet => answer.parquet().map_err(one)?,
        Format::Table => as_lines(&table(&answer).map_err(one)?).into_bytes(),
        Format::Csv => as_csv(&table(&answer).map_err(one)?).into_bytes(),
        Format::Json => as_json(&table(&answer).map_err(one)?).into_bytes(),
    };
    match &args.output {
        Some(path) => {
            files::write(path, &bytes).map_err(|error| one(error.into()))?;
            printer.talk(path.display().to_string());
        }
        None => printer.bytes(&bytes),
    }
    Ok(())
}

/// The answer; where the data are invented, each of its rows says so in a column of its own, the last.
fn table(answer: &Answer) -> Result<Table, Diagnostic> {
    let mut table = answer.table()?;
    if answer.nature == Nature::Synthetic {
        table.columns.push(SYNTHETIC.to_owned());
        table.rows.iter_mut().for_each(|row| row.push(Value::Bool(true)));
    }
    Ok(table)
}

fn as_lines(table: &Table) -> String {
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(Value::to_text).collect()).collect();
    let is_number = |value: &Value| !matches!(value, Value::Text(_) | Value::Bool(_));
    let right: Vec<bool> =
        (0..table.columns.len()).map(|column| table.rows.iter().all(|row| is_number(&row[column]))).collect();
    let mut lines = text_table::lines(&table.columns, &rows, &right).join("\n");
    lines.push('\n');
    lines
}

/// RFC 4180, with `\n` between records; NULL is an empty field and empty text is `""`.
fn as_csv(table: &Table) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let field = |value: &Value| match value {
        Value::Text(text) if text.is_empty() || text.contains(['"', ',', '\n', '\r']) => quoted(text),
        other => other.to_text(),
    };
    let header: Vec<String> = table.columns.iter().map(|name| field(&Value::Text(name.clone()))).collect();
    let lines = table.rows.iter().map(|row| row.iter().map(field).collect::<Vec<_>>().join(","));
    let mut text = std::iter::once(header.join(",")).chain(lines).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// An array of objects; decimals are text, so that no digit is lost.
fn as_json(table: &Table) -> String {
    let cell = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Text(text) => json!(text),
        Value::Int(number) => json!(number),
        Value::Decimal(number) => json!(number.to_string()),
        Value::Float(number) => json!(number),
        Value::Bool(truth) => json!(truth),
    };
    let object = |row: &Vec<Value>| {
        Json::Object(table.columns.iter().cloned().zip(row.iter().map(cell)).collect::<Map<String, Json>>())
    };
    let rows: Vec<Json> = table.rows.iter().map(object).collect();
    format!("{}\n", serde_json::to_string_pretty(&rows).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_tells_null_from_empty_and_quotes_what_must_be() {
        let table = Table {
            columns: vec!["a".into(), "b,c".into()],
            rows: vec![
                vec![Value::Null, Value::Text(String::new())],
                vec![Value::Int(1), Value::Text("x\"y".into())],
            ],
        };
        assert_eq!(as_csv(&table), "a,\"b,c\"\n,\"\"\n1,\"x\"\"y\"\n");
    }
}
