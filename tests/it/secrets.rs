//! No personal value of the invented city is in any file a run leaves: bytes as they are, Parquet also value by value.

use std::collections::{BTreeMap, BTreeSet};

use crate::city::files_under;
use crate::invented::{Invented, parquet};

/// Where values that must turn up nowhere turn up, and how many values were looked for.
pub(crate) fn leaks(invented: &Invented) -> (Vec<String>, usize) {
    let text = std::fs::read_to_string(invented.assessment.join("generated/truth/secrets.txt")).unwrap();
    let secrets = Secrets::new(text.lines());
    let mut told = Vec::new();
    let out = invented.out("");
    for name in files_under(&out) {
        let path = out.join(&name);
        let mut look = |text: &[u8]| {
            told.extend(secrets.found(text).into_iter().map(|secret| format!("{name}: {secret}")));
        };
        look(name.as_bytes());
        look(&std::fs::read(&path).unwrap());
        if name.ends_with(".parquet") {
            let rows = parquet(&path);
            for row in &rows.rows {
                look(row.join("\n").as_bytes());
            }
        }
    }
    (told, text.lines().count())
}

/// How many bytes of a value decide whether a place is looked at: no value is shorter.
const START: usize = 4;

/// Values by their length in bytes, and how they begin: most places of a text begin none.
struct Secrets {
    by_length: BTreeMap<usize, BTreeSet<Vec<u8>>>,
    begins: Vec<bool>,
}

impl Secrets {
    fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self { by_length: BTreeMap::new(), begins: vec![false; 1 << 16] };
        for secret in secrets {
            let bytes = secret.as_bytes();
            all.begins[begin(&bytes[..START])] = true;
            all.by_length.entry(bytes.len()).or_default().insert(bytes.to_vec());
        }
        all
    }

    fn found(&self, text: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for at in
            (0..text.len().saturating_sub(START - 1)).filter(|at| self.begins[begin(&text[*at..at + START])])
        {
            for (length, secrets) in &self.by_length {
                if let Some(part) = text.get(at..at + length).filter(|part| secrets.contains(*part)) {
                    found.insert(String::from_utf8_lossy(part).into_owned());
                }
            }
        }
        found
    }
}

/// A place in a small table for the first bytes of a value.
fn begin(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum: usize, byte| (sum * 31 + usize::from(*byte)) & 0xFFFF)
}

#[test]
fn a_leak_would_be_seen() {
    let secrets = Secrets::new(["阙云禾苒", "13900000000"].into_iter());
    let found = secrets.found("天枢区阙云禾苒面馆,13900000000".as_bytes());
    assert_eq!(found, BTreeSet::from(["阙云禾苒".to_owned(), "13900000000".to_owned()]));
    assert!(secrets.found("1390000000".as_bytes()).is_empty());
}
