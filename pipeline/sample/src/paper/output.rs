//! The folder a sample is written to: each file beside its place, then renamed, its digest taken on the way.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::SampleError;

/// The folder.
#[derive(Clone, Debug)]
pub struct Output {
    folder: PathBuf,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A file that is being written.
#[derive(Debug)]
pub struct Sink {
    path: PathBuf,
    beside: PathBuf,
    file: BufWriter<std::fs::File>,
    digest: Sha256,
    bytes: u64,
}

impl Output {
    /// A folder to write to.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Begins a file; `name` is relative to the folder, `/`-separated.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(&self, name: &str) -> Result<Sink, SampleError> {
        let path = self.folder.join(name);
        let beside = path.with_added_extension("part");
        let file = BufWriter::with_capacity(1 << 18, model::files::create(&beside)?);
        Ok(Sink { path, beside, file, digest: Sha256::new(), bytes: 0 })
    }

    /// Writes a file at once.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<Written, SampleError> {
        let mut sink = self.create(name)?;
        sink.write(bytes)?;
        sink.finish()
    }
}

impl Sink {
    /// Adds bytes.
    ///
    /// # Errors
    /// The disk is full, or the like.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SampleError> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        let written = self.file.write_all(bytes);
        written.map_err(|source| model::files::FileError { path: self.beside.clone(), source }.into())
    }

    /// Ends the file and puts it in its place.
    ///
    /// # Errors
    /// The disk is full, or the like.
    pub fn finish(mut self) -> Result<Written, SampleError> {
        let flushed = self.file.flush();
        flushed.map_err(|source| model::files::FileError { path: self.beside.clone(), source })?;
        drop(self.file);
        model::files::rename(&self.beside, &self.path)?;
        let sha256 = self
            .digest
            .finalize()
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect();
        Ok(Written { sha256, bytes: self.bytes })
    }
}
