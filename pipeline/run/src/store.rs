//! The store under `out/`: what was made, from what, and how it gets there whole.
//!
//! A run writes everything under `out/.staging/`, and only when all its steps are through moves the files into place:
//! first a journal of the moves is written, then the files are renamed, then `out/state.json` says what they were made
//! from. A run killed before the journal leaves `out/` as it was; one killed after it is finished by the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use model::assessment::Nature;
use model::files::{self, FileError};
use model::{Diagnostic, Digest, Place};
use serde::{Deserialize, Serialize};

/// One file a step made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Output {
    /// Relative to `out/`, `/`-separated.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What is remembered of a step that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Every input by name with its digest: files, definitions, the results of earlier steps, the engine.
    pub inputs: BTreeMap<String, String>,
    /// What it made.
    pub outputs: Vec<Output>,
}

/// `out/state.json`: the steps that are done, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// What the data of the assessment are; absent before its first run.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// By name of the step.
    pub steps: BTreeMap<String, Done>,
}

#[derive(Serialize, Deserialize)]
struct Journal {
    moves: Vec<String>,
    removals: Vec<String>,
    state: State,
}

/// The store of one assessment.
#[derive(Debug)]
pub struct Store {
    out: PathBuf,
    /// What stands in `out/`.
    pub state: State,
    staged: BTreeSet<String>,
    /// Holds the lock of a run that writes; released when the store is dropped.
    _lock: Option<std::fs::File>,
}

const STATE: &str = "state.json";
const STAGING: &str = ".staging";
const JOURNAL: &str = ".staging/journal.json";

impl Store {
    /// Opens the store for a run that writes: takes the lock, finishes what a killed run had begun to move, drops
    /// what it had not.
    ///
    /// # Errors
    /// Another run holds the lock, or the disk refuses.
    pub fn open(out: &Path) -> Result<Self, Diagnostic> {
        let lock = lock(out)?;
        let mut store =
            Self { out: absolute(out), state: State::default(), staged: BTreeSet::new(), _lock: Some(lock) };
        if out.join(JOURNAL).exists() {
            let journal = read_json(&out.join(JOURNAL))?;
            store.apply(&journal)?;
        }
        files::remove_folder(&out.join(STAGING))?;
        store.state = read_state(out)?;
        Ok(store)
    }

    /// Opens the store for reading only: nothing is written, no lock is taken.
    ///
    /// # Errors
    /// `state.json` is there and cannot be read, or a killed run had begun to move files into place.
    pub fn read_only(out: &Path) -> Result<Self, Diagnostic> {
        if out.join(JOURNAL).exists() {
            return Err(Diagnostic::new("store-unfinished", Place::file(out.display().to_string())));
        }
        Ok(Self { out: absolute(out), state: read_state(out)?, staged: BTreeSet::new(), _lock: None })
    }

    /// Where a file can be read now: among the staged ones if this run made it, else in `out/`.
    pub fn path(&self, relative: &str) -> PathBuf {
        if self.staged.contains(relative) {
            self.out.join(STAGING).join(relative)
        } else {
            self.out.join(relative)
        }
    }

    /// Where a file stands once the run is committed.
    pub fn final_path(&self, relative: &str) -> PathBuf {
        self.out.join(relative)
    }

    /// Writes a file into the staging folder.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn stage(&mut self, relative: &str, bytes: &[u8]) -> Result<Output, FileError> {
        files::write(&self.out.join(STAGING).join(relative), bytes)?;
        self.staged.insert(relative.to_owned());
        Ok(Output { path: relative.to_owned(), sha256: Digest::of(bytes).hex(), bytes: bytes.len() as u64 })
    }

    /// Begins a file in the staging folder that is written bit by bit. It counts once it is [ended](Self::end).
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begin(&self, relative: &str) -> Result<std::fs::File, FileError> {
        files::create(&self.out.join(STAGING).join(relative))
    }

    /// Ends such a file.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn end(&mut self, relative: &str, file: &std::fs::File) -> Result<Output, FileError> {
        let (digest, bytes) = files::finish(&self.out.join(STAGING).join(relative), file)?;
        self.staged.insert(relative.to_owned());
        Ok(Output { path: relative.to_owned(), sha256: digest.hex(), bytes })
    }

    /// The files staged so far, to go back to.
    pub fn staged(&self) -> BTreeSet<String> {
        self.staged.clone()
    }

    /// Forgets staged files: those of a step that failed, or that wait. What stands in `out/` stays.
    pub fn unstage(&mut self, forget: impl Fn(&str) -> bool) {
        self.staged.retain(|path| !forget(path));
    }

    /// Whether everything a step made still stands, by name and length.
    pub fn stands(&self, done: &Done) -> bool {
        done.outputs.iter().all(|output| {
            self.path(&output.path)
                .metadata()
                .is_ok_and(|found| found.is_file() && found.len() == output.bytes)
        })
    }

    /// Moves all staged files into place, removes files no step claims any longer, and remembers `steps`.
    ///
    /// # Errors
    /// The disk refuses; the journal then stays and the next run finishes the moves.
    pub fn commit(&mut self, state: State) -> Result<(), Diagnostic> {
        let claimed: BTreeSet<&str> = outputs(&state).collect();
        let removals =
            outputs(&self.state).filter(|path| !claimed.contains(path)).map(str::to_owned).collect();
        let moves = self.staged.iter().filter(|path| claimed.contains(path.as_str())).cloned().collect();
        let journal = Journal { moves, removals, state };
        files::write(&self.out.join(JOURNAL), to_json(&journal).as_bytes())?;
        self.apply(&journal)?;
        files::remove_folder(&self.out.join(STAGING))?;
        self.staged.clear();
        self.state = journal.state;
        Ok(())
    }

    fn apply(&self, journal: &Journal) -> Result<(), Diagnostic> {
        for path in &journal.moves {
            let from = self.out.join(STAGING).join(path);
            // A move that a killed run had already made is not there any longer.
            if from.exists() {
                files::rename(&from, &self.out.join(path))?;
            }
        }
        for path in &journal.removals {
            files::remove_file(&self.out.join(path))?;
        }
        files::write(&self.out.join(STATE), to_json(&journal.state).as_bytes())?;
        Ok(())
    }
}

/// Holds off other runs that write to the same folder, until it is dropped.
///
/// # Errors
/// Another run holds it, or the disk refuses.
pub(crate) fn lock(out: &Path) -> Result<std::fs::File, Diagnostic> {
    let path = out.join(".lock");
    let lock = files::create(&path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(_) => Err(Diagnostic::new("store-locked", Place::file(path.display().to_string()))),
    }
}

/// The engine addresses files by absolute path.
fn absolute(out: &Path) -> PathBuf {
    std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf())
}

fn outputs(state: &State) -> impl Iterator<Item = &str> {
    state.steps.values().flat_map(|done| &done.outputs).map(|output| output.path.as_str())
}

fn to_json<T: Serialize>(value: &T) -> String {
    // Maps with text keys and plain values: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn read_state(out: &Path) -> Result<State, Diagnostic> {
    let path = out.join(STATE);
    if path.exists() { read_json(&path) } else { Ok(State::default()) }
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Diagnostic> {
    let text = files::read_text(path)?;
    serde_json::from_str(&text).map_err(|error| {
        Diagnostic::new("store-unreadable", Place::file(path.display().to_string())).with("reason", error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(step: &str, outputs: Vec<Output>) -> State {
        State {
            nature: None,
            steps: BTreeMap::from([(step.to_owned(), Done { inputs: BTreeMap::new(), outputs })]),
        }
    }

    #[test]
    fn a_run_that_does_not_commit_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let one = store.stage("a.txt", b"one").unwrap();
        store.commit(state("step", vec![one])).unwrap();
        store.stage("a.txt", b"two").unwrap();
        assert_eq!(files::read(&store.path("a.txt")).unwrap(), b"two");
        drop(store);

        let store = Store::open(folder.path()).unwrap();
        assert_eq!(files::read(&store.path("a.txt")).unwrap(), b"one");
        assert!(store.stands(&store.state.steps["step"]));
        assert!(!folder.path().join(STAGING).exists());
    }

    #[test]
    fn a_file_written_bit_by_bit_counts_when_it_is_ended() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let mut file = store.begin("a/b.txt").unwrap();
        file.write_all(b"on").unwrap();
        file.write_all(b"e").unwrap();
        assert!(store.staged().is_empty());
        assert_eq!(store.end("a/b.txt", &file).unwrap(), {
            let mut other = Store::read_only(folder.path()).unwrap();
            other.stage("a/c.txt", b"one").map(|output| Output { path: "a/b.txt".into(), ..output }).unwrap()
        });
    }

    #[test]
    fn a_run_killed_while_moving_is_finished_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let old = store.stage("old.txt", b"old").unwrap();
        store.commit(state("step", vec![old])).unwrap();
        let moves = vec!["a.txt".to_owned(), "b.txt".to_owned()];
        let outputs = vec![store.stage("a.txt", b"a").unwrap(), store.stage("b.txt", b"b").unwrap()];
        let journal = Journal { moves, removals: vec!["old.txt".into()], state: state("step", outputs) };
        files::write(&folder.path().join(JOURNAL), to_json(&journal).as_bytes()).unwrap();
        // The first move was made before the kill.
        files::rename(&folder.path().join(STAGING).join("a.txt"), &folder.path().join("a.txt")).unwrap();
        drop(store);

        let store = Store::open(folder.path()).unwrap();
        assert!(store.stands(&store.state.steps["step"]));
        assert!(!folder.path().join("old.txt").exists());
    }

    #[test]
    fn two_runs_at_once_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Store::open(folder.path()).unwrap();
        assert_eq!(Store::open(folder.path()).unwrap_err().code, "store-locked");
    }
}
