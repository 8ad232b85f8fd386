//! The only way to the disk for code outside the table engine: errors name the path, listings are in order, and
//! what is written appears whole or not at all.
#![expect(clippy::disallowed_methods, reason = "this is the wrapper the lint points to")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// A file or folder could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct FileError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

impl FileError {
    /// What the system said, in words of ours where we have them.
    pub fn reason(&self) -> String {
        use std::io::ErrorKind;
        let known = match self.source.kind() {
            ErrorKind::NotFound => "there is no such file",
            ErrorKind::PermissionDenied => "permission denied",
            ErrorKind::IsADirectory => "it is a folder",
            ErrorKind::NotADirectory => "a part of the path is no folder",
            ErrorKind::InvalidData => "it is not UTF-8",
            ErrorKind::StorageFull => "the disk is full",
            _ => return self.source.to_string(),
        };
        known.to_owned()
    }
}

fn at<T>(path: &Path, result: std::io::Result<T>) -> Result<T, FileError> {
    result.map_err(|source| FileError { path: path.to_path_buf(), source })
}

/// The whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    at(path, fs::read(path))
}

/// The whole file, which must be UTF-8; a leading byte-order mark is dropped.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let mut text = at(path, fs::read_to_string(path))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// An open file for buffered reading.
pub fn open(path: &Path) -> Result<fs::File, FileError> {
    at(path, fs::File::open(path))
}

/// What the file system says of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// Length in bytes.
    pub length: u64,
    /// Number of the file on its file system.
    pub inode: u64,
    /// When the content was last said to change: seconds and nanoseconds.
    pub modified: (i64, i64),
    /// When content, name or rights last did; nobody can set it.
    pub changed: (i64, i64),
}

/// What the file system says of a file; `None` where it says too little to tell a changed file by it.
#[cfg(unix)]
pub fn stat(path: &Path) -> Option<Stat> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path).ok()?;
    let (modified, changed) = ((found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec()));
    Some(Stat { length: found.len(), inode: found.ino(), modified, changed })
}

/// What the file system says of a file; `None` where it says too little to tell a changed file by it.
#[cfg(not(unix))]
pub fn stat(_: &Path) -> Option<Stat> {
    None
}

/// The digest of a file, read piece by piece.
pub fn digest(path: &Path) -> Result<Digest, FileError> {
    at(path, open(path).map(Digest::of_reader)?)
}

/// A new file for writing, its folders made; for outputs under a staging folder that is renamed as a whole.
pub fn create(path: &Path) -> Result<fs::File, FileError> {
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    at(path, fs::File::create(path))
}

/// Brings a file that was written bit by bit to disk; its digest and length.
pub fn finish(path: &Path, file: &fs::File) -> Result<(Digest, u64), FileError> {
    at(path, file.sync_all())?;
    Ok((digest(path)?, at(path, file.metadata())?.len()))
}

/// Writes beside the target, flushes to disk, and renames: a reader sees the old file or the new one.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    let beside = path.with_added_extension("part");
    let mut file = at(&beside, fs::File::create(&beside))?;
    at(&beside, file.write_all(bytes))?;
    at(&beside, file.sync_all())?;
    rename(&beside, path)
}

/// Renames, replacing what was there; the folders of the target are made.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    if let Some(parent) = to.parent() {
        make_folder(parent)?;
    }
    at(to, fs::rename(from, to))
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    at(path, fs::create_dir_all(path))
}

/// Removes a file; one that is not there is no error.
pub fn remove_file(path: &Path) -> Result<(), FileError> {
    ignore_absent(path, fs::remove_file(path))
}

/// Removes a folder with all it holds; one that is not there is no error.
pub fn remove_folder(path: &Path) -> Result<(), FileError> {
    ignore_absent(path, fs::remove_dir_all(path))
}

fn ignore_absent(path: &Path, result: std::io::Result<()>) -> Result<(), FileError> {
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => at(path, other),
    }
}

/// The files under `folder` (any depth) whose names end in one of `endings`, relative to it, `/`-separated, in
/// byte order. A folder that is not there holds nothing. Names that begin with a dot are passed over.
pub fn list(folder: &Path, endings: &[&str]) -> Result<Vec<String>, FileError> {
    let mut found = Vec::new();
    if folder.exists() {
        collect(folder, "", endings, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, endings: &[&str], found: &mut Vec<String>) -> Result<(), FileError> {
    for entry in at(folder, fs::read_dir(folder))? {
        let entry = at(folder, entry)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let relative = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &relative, endings, found)?;
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(relative);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_order_and_writes_whole() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("b/two.sql"), b"2").unwrap();
        write(&folder.path().join("a.sql"), b"1").unwrap();
        write(&folder.path().join("b/.hidden.sql"), b"0").unwrap();
        assert_eq!(list(folder.path(), &[".sql"]).unwrap(), ["a.sql", "b/two.sql"]);
        assert_eq!(list(&folder.path().join("none"), &[".sql"]).unwrap(), Vec::<String>::new());
        let absent = read(&folder.path().join("c")).unwrap_err();
        assert!(absent.to_string().contains("/c: "));
        assert_eq!(absent.reason(), "there is no such file");
    }
}
