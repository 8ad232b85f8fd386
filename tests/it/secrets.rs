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

/// Values by their length in bytes, so that each place of a text is looked at once a length.
struct Secrets(BTreeMap<usize, BTreeSet<Vec<u8>>>);

impl Secrets {
    fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut all: BTreeMap<usize, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for secret in secrets {
            all.entry(secret.len()).or_default().insert(secret.as_bytes().to_vec());
        }
        Self(all)
    }

    fn found(&self, text: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (length, secrets) in &self.0 {
            for window in text.windows(*length).filter(|window| secrets.contains(*window)) {
                found.insert(String::from_utf8_lossy(window).into_owned());
            }
        }
        found
    }
}

#[test]
fn a_leak_would_be_seen() {
    let secrets = Secrets::new(["阙云禾苒", "13900000000"].into_iter());
    let found = secrets.found("天枢区阙云禾苒面馆,13900000000".as_bytes());
    assert_eq!(found, BTreeSet::from(["阙云禾苒".to_owned(), "13900000000".to_owned()]));
    assert!(secrets.found("1390000000".as_bytes()).is_empty());
}
