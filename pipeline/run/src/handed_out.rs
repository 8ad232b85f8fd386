//! The files of a long table, written while it is read: its rows, those refused, why values are missing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;

use arrow::array::RecordBatch;
use ingest::Handed;
use model::assessment::Nature;
use model::{Diagnostic, Place};

use crate::parquet_file::Writer;
use crate::store::{Output, Store};

/// The files of one delivery that are being written, by path.
pub(crate) struct Files<'a> {
    store: &'a mut Store,
    nature: Nature,
    /// Where the list of missing values belongs.
    missing: String,
    open: BTreeMap<String, Writer<BufWriter<File>>>,
}

impl<'a> Files<'a> {
    /// No files yet.
    pub(crate) fn new(store: &'a mut Store, nature: Nature, missing: String) -> Self {
        Self { store, nature, missing, open: BTreeMap::new() }
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn take(&mut self, handed: Handed<'_>) -> Result<(), Diagnostic> {
        match handed {
            Handed::Anew => self.leave_out(),
            Handed::Rows { contract, source, rows, rejects, missing } => {
                self.write(&path("extracts", contract, source), &rows)?;
                if rejects.num_rows() > 0 {
                    self.write(&path("rejects", contract, source), &rejects)?;
                }
                self.write(&self.missing.clone(), &missing)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, path: &str, batch: &RecordBatch) -> Result<(), Diagnostic> {
        if let Some(writer) = self.open.get_mut(path) {
            return writer.write(batch);
        }
        let file = BufWriter::new(self.store.begin(path)?);
        let mut writer = Writer::new(self.nature, path, &batch.schema(), file)?;
        writer.write(batch)?;
        self.open.insert(path.to_owned(), writer);
        Ok(())
    }

    /// Leaves out all that was taken: nothing of it counts.
    pub(crate) fn leave_out(&mut self) {
        self.open.clear();
    }

    /// Ends all files.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn finish(self) -> Result<Vec<Output>, Diagnostic> {
        let mut outputs = Vec::new();
        for (path, writer) in self.open {
            let unwritten = |error: std::io::Error| {
                Diagnostic::new("file-unusable", Place::file(&path)).with("reason", error)
            };
            let file = writer.finish()?.into_inner().map_err(|error| unwritten(error.into_error()))?;
            outputs.push(self.store.end(&path, &file)?);
        }
        Ok(outputs)
    }
}

/// Where the rows of a source belong.
pub(crate) fn path(folder: &str, contract: &str, source: i64) -> String {
    format!("{folder}/{contract}/{source:08x}.parquet")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};

    use super::*;
    use crate::parquet_file;

    #[test]
    fn rows_are_written_as_they_come_and_begun_again_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let batch = |numbers: Vec<i64>| {
            let column: ArrayRef = Arc::new(Int64Array::from(numbers));
            RecordBatch::try_from_iter([("n", column)]).unwrap()
        };
        let rows = |kept, rejects| Handed::Rows {
            contract: "a",
            source: 255,
            rows: batch(kept),
            rejects: batch(rejects),
            missing: batch(vec![]),
        };
        let mut files = Files::new(&mut store, Nature::Synthetic, "deliveries/x/missing.parquet".to_owned());
        files.take(rows(vec![7, 7, 7], vec![7])).unwrap();
        files.take(Handed::Anew).unwrap();
        files.take(rows(vec![1, 2], vec![])).unwrap();
        files.take(rows(vec![3], vec![])).unwrap();
        let outputs = files.finish().unwrap();
        let paths: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
        assert_eq!(paths, ["deliveries/x/missing.parquet", "extracts/a/000000ff.parquet"]);
        let written = parquet_file::read(&store.path(paths[1])).unwrap();
        assert_eq!(written.columns(), batch(vec![1, 2, 3]).columns());
        assert_eq!(written.schema().metadata()[parquet_file::NATURE], "synthetic");
        assert_eq!(parquet_file::read(&store.path(paths[0])).unwrap().num_rows(), 0);
    }
}
