//! The invented city's assessment in a folder of its own, run by the command, and what came of it beside the truth.

use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use crate::city::{Ran, copy, files_under, finish, repository};

/// Rows of texts under a header; nothing is an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Rows {
    pub(crate) fn place(&self, column: &str) -> usize {
        let place = self.head.iter().position(|name| name == column);
        place.unwrap_or_else(|| panic!("no column {column} in {:?}", self.head))
    }

    /// The values of some columns, row by row.
    pub(crate) fn select<const N: usize>(&self, columns: [&str; N]) -> impl Iterator<Item = [&str; N]> {
        let places = columns.map(|column| self.place(column));
        self.rows.iter().map(move |row| places.map(|at| row[at].as_str()))
    }
}

/// The assessment of one sample.
pub(crate) struct Invented {
    _folder: Option<TempDir>,
    pub(crate) assessment: PathBuf,
}

impl Invented {
    /// The assessment with a sample of this scale, which its first run writes.
    pub(crate) fn of(scale: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let assessment = folder.path().join("data-samples/synthetic");
        for shared in ["contracts", "reference"] {
            copy(&repository().join(shared), &folder.path().join(shared));
        }
        copy(&repository().join("data-samples/synthetic/reference"), &assessment.join("reference"));
        let text =
            std::fs::read_to_string(repository().join("data-samples/synthetic/assessment.toml")).unwrap();
        assert!(text.contains("scale = \"small\""));
        let text = text.replace("scale = \"small\"", &format!("scale = \"{scale}\""));
        std::fs::write(assessment.join("assessment.toml"), text).unwrap();
        Self { _folder: Some(folder), assessment }
    }

    /// The assessment as it lies in the repository, for a sample too large to write for every test.
    pub(crate) fn in_place() -> Self {
        Self { _folder: None, assessment: repository().join("data-samples/synthetic") }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantianxing-under-test"));
        finish(command.args(arguments).current_dir(&self.assessment))
    }

    /// A table of the truth.
    pub(crate) fn truth(&self, name: &str) -> Rows {
        let path = self.assessment.join(format!("generated/truth/{name}.csv"));
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let head = texts(reader.headers().unwrap());
        Rows { head, rows: reader.records().map(|record| texts(&record.unwrap())).collect() }
    }

    /// A file under `out/`.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.assessment.join("out").join(name)
    }

    /// The Parquet files under a folder of `out/`, as one table.
    pub(crate) fn tables(&self, folder: &str) -> Rows {
        let mut all = Rows::default();
        for name in files_under(&self.out(folder)).iter().filter(|name| !name.contains('_')) {
            let rows = parquet(&self.out(folder).join(name));
            assert!(all.head.is_empty() || all.head == rows.head, "{name}");
            all.head = rows.head;
            all.rows.extend(rows.rows);
        }
        all
    }
}

/// The rows of a Parquet file.
pub(crate) fn parquet(path: &Path) -> Rows {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let head = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut rows = Vec::new();
    for batch in reader.build().unwrap() {
        rows.extend(texts(&batch.unwrap()));
    }
    Rows { head, rows }
}

fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S"))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S"));
    let formatters: Vec<_> =
        batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
    let decimal: Vec<bool> =
        batch.columns().iter().map(|column| matches!(column.data_type(), DataType::Decimal128(..))).collect();
    let text = |row: usize, at: usize| {
        let text = formatters[at].value(row).to_string();
        if decimal[at] { plain(&text) } else { text }
    };
    (0..batch.num_rows()).map(|row| (0..batch.num_columns()).map(|at| text(row, at)).collect()).collect()
}

/// A decimal without zeros at its end.
pub(crate) fn plain(text: &str) -> String {
    let decimal = text.contains('.') && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if decimal { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}
