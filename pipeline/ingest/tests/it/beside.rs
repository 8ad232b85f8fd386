//! Files of others, in a folder beside the project that is not part of it: where it is not at hand, tests of them say so.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A folder of files of others.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real").join(name)
}

/// Says what was not checked, past the runner that keeps the words of tests that pass to itself.
pub(crate) fn not_checked(what: &Path) {
    let line = format!("NOT CHECKED: {} is not there\n", what.display());
    std::io::stderr().write_all(line.as_bytes()).unwrap_or_default();
}
