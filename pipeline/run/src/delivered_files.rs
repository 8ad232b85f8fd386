//! The digests of delivered files, without reading again what has not changed: a run with nothing to do must not wait for
//! gigabytes to be hashed.
//!
//! A digest is remembered with what the file system says of the file, among it the time of its last change, which nobody
//! can set. A file that changed within the two seconds before its digest was written down might have changed once more in
//! the same tick, so its digest is not believed. Only the file system's own times are compared with each other: no clock.

use std::collections::BTreeMap;
use std::path::Path;

use model::Digest;
use model::files::{self, FileError, Stat};
use serde::{Deserialize, Serialize};

/// Beside `state.json`; can be deleted like everything under `out/`.
const FILE: &str = ".delivered.json";

/// A time before the digests were written down that counts as the same moment, in seconds.
const SAME_MOMENT: i64 = 2;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    stat: Stat,
    sha256: String,
}

/// What is known of the delivered files, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeliveredFiles {
    known: BTreeMap<String, Known>,
    digests: BTreeMap<String, Digest>,
    is_changed: bool,
}

impl DeliveredFiles {
    /// Looks at all delivered files in `extracts`; `out` is where digests are remembered.
    pub(crate) fn look<'a>(files: impl IntoIterator<Item = &'a str>, extracts: &Path, out: &Path) -> Self {
        let remembered = out.join(FILE);
        let written = files::stat(&remembered).map_or(0, |stat| stat.changed.0);
        let before: BTreeMap<String, Known> = files::read(&remembered)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let mut seen = Self::default();
        for file in files {
            let path = extracts.join(file);
            let stat = files::stat(&path);
            let believed = before
                .get(file)
                .filter(|known| Some(known.stat) == stat && known.stat.changed.0 + SAME_MOMENT < written);
            let digest =
                believed.and_then(|known| Digest::parse(&known.sha256)).or_else(|| files::digest(&path).ok());
            let Some(digest) = digest else { continue };
            seen.digests.insert(file.to_owned(), digest);
            if let Some(stat) = stat {
                seen.known.insert(file.to_owned(), Known { stat, sha256: digest.hex() });
            }
            seen.is_changed |= believed.is_none();
        }
        seen.is_changed |= before.len() != seen.known.len();
        seen
    }

    /// The digest of a delivered file; `None` where it cannot be read.
    pub(crate) fn digest(&self, file: &str) -> Option<Digest> {
        self.digests.get(file).copied()
    }

    /// Remembers what was looked at.
    pub(crate) fn save(&self, out: &Path) -> Result<(), FileError> {
        if !self.is_changed {
            return Ok(());
        }
        let text = serde_json::to_vec(&self.known).unwrap_or_default();
        files::write(&out.join(FILE), &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_read_again_even_if_its_times_are_set_back() {
        let folder = tempfile::tempdir().unwrap();
        let (extracts, out) = (folder.path().join("extracts"), folder.path().join("out"));
        let look = || DeliveredFiles::look(["a.csv"], &extracts, &out);
        assert_eq!(look().digest("a.csv"), None);

        files::write(&extracts.join("a.csv"), b"1").unwrap();
        let seen = look();
        assert_eq!(seen.digest("a.csv"), Some(Digest::of("1")));
        seen.save(&out).unwrap();

        // Written down in the same moment: not believed, whatever it says.
        let lie = |stat: Stat, sha256: String| BTreeMap::from([("a.csv".to_owned(), Known { stat, sha256 })]);
        let stat = files::stat(&extracts.join("a.csv")).unwrap();
        let write = |known: BTreeMap<String, Known>| {
            files::write(&out.join(FILE), &serde_json::to_vec(&known).unwrap()).unwrap();
        };
        write(lie(stat, Digest::of("2").hex()));
        assert_eq!(look().digest("a.csv"), Some(Digest::of("1")));

        // Another length, another file, another change: read again.
        for other in [
            Stat { length: 2, ..stat },
            Stat { inode: stat.inode + 1, ..stat },
            Stat { changed: (stat.changed.0 - 100, 0), ..stat },
        ] {
            write(lie(other, Digest::of("2").hex()));
            assert_eq!(look().digest("a.csv"), Some(Digest::of("1")), "{other:?}");
        }
    }
}
