//! Writing and reading Parquet with properties that never change by themselves: zstd, fixed creator, no clock.

use std::io::Write;
use std::sync::Arc;

use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use model::assessment::Nature;
use model::{Diagnostic, Place};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterVersion};

/// Rows of a row group: small enough to skip through, large enough to compress.
const ROW_GROUP: usize = 128 * 1024;

fn unreadable(what: &str, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new("output-unreadable", Place::file(what)).with("reason", error)
}

fn failure(what: &str, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new("file-unusable", Place::file(what)).with("reason", error.to_string())
}

/// The key of a file's metadata that says what its data are: `assessment`, `demonstration` or `synthetic`.
pub(crate) const NATURE: &str = "mantianxing.nature";

/// The bytes of a Parquet file that holds the batches, and says of what nature they are.
///
/// # Errors
/// The batches do not fit the schema; `what` names the table in the diagnostic.
pub(crate) fn to_bytes(
    nature: Nature,
    what: &str,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(nature, what, schema, &mut bytes)?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()?;
    Ok(bytes)
}

/// A Parquet file that is written batch by batch.
pub(crate) struct Writer<W: Write + Send> {
    what: String,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file of data of this nature; `what` names the table in diagnostics.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn new(nature: Nature, what: &str, schema: &SchemaRef, into: W) -> Result<Self, Diagnostic> {
        let properties = properties(nature).map_err(|error| failure(what, error))?;
        let writer = ArrowWriter::try_new(into, Arc::clone(schema), Some(properties));
        Ok(Self { what: what.to_owned(), writer: writer.map_err(|error| failure(what, error))? })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// They do not fit the schema, or the disk refuses.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        self.writer.write(batch).map_err(|error| failure(&self.what, error))
    }

    /// Ends the file; what it was written into.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn finish(self) -> Result<W, Diagnostic> {
        self.writer.into_inner().map_err(|error| failure(&self.what, error))
    }
}

/// How every Parquet file is written.
fn properties(nature: Nature) -> Result<WriterProperties, ParquetError> {
    let said = KeyValue::new(NATURE.to_owned(), nature.name().to_owned());
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by(concat!("mantianxing ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_key_value_metadata(Some(vec![said]))
        .build())
}

/// All rows of a Parquet file as one batch.
///
/// # Errors
/// The file is not there or not Parquet.
pub(crate) fn read(path: &std::path::Path) -> Result<RecordBatch, Diagnostic> {
    let what = path.display().to_string();
    let file = model::files::open(path)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&what, error))?;
    let schema = Arc::clone(reader.schema());
    let batches: Result<Vec<RecordBatch>, _> =
        reader.build().map_err(|error| unreadable(&what, error))?.collect();
    let batches = batches.map_err(|error| unreadable(&what, error))?;
    concat_batches(&schema, &batches).map_err(|error| unreadable(&what, error))
}

/// Hands out some columns of a file, batch by batch.
///
/// # Errors
/// The file is not there, not Parquet, or lacks one of them.
pub(crate) fn columns(
    path: &std::path::Path,
    names: &[&str],
    mut take: impl FnMut(&RecordBatch),
) -> Result<(), Diagnostic> {
    let what = path.display().to_string();
    let file = model::files::open(path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&what, error))?;
    let wanted = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
    let reader = builder.with_projection(wanted).build().map_err(|error| unreadable(&what, error))?;
    for batch in reader {
        take(&batch.map_err(|error| unreadable(&what, error))?);
    }
    Ok(())
}

/// The schema of a Parquet file.
///
/// # Errors
/// The file is not there or not Parquet.
pub(crate) fn schema(path: &std::path::Path) -> Result<SchemaRef, Diagnostic> {
    let what = path.display().to_string();
    let file = model::files::open(path)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&what, error))?;
    // Metadata would make the schema unlike the one of the same query checked without data.
    Ok(Arc::new(arrow::datatypes::Schema::new(reader.schema().fields().clone())))
}
