//! Every code the sources use has its words, and every entry of the catalogue is used.

use std::collections::BTreeSet;

use crate::city::{files_under, repository};

#[test]
fn codes_and_catalogue_agree() {
    let pipeline = repository().join("pipeline");
    let mut sources = String::new();
    for name in files_under(&pipeline).into_iter().filter(|name| name.ends_with(".rs")) {
        sources.push_str(&std::fs::read_to_string(pipeline.join(name)).unwrap());
    }
    let known: BTreeSet<&str> = model::catalogue::entries().map(|(code, _)| code).collect();
    for code in &known {
        assert!(sources.contains(&format!("\"{code}\"")), "`{code}` of the catalogue is used nowhere");
    }
    for call in ["Diagnostic::new(", "Finding::new("] {
        for used in sources.split(call).skip(1) {
            let Some(code) = used.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            assert!(known.contains(code), "`{code}` has no words in the catalogue");
        }
    }
}

/// Every phrase that Chinese messages translate is written somewhere in the sources.
#[test]
fn phrases_are_those_of_the_sources() {
    let pipeline = repository().join("pipeline");
    let mut sources = String::new();
    for name in files_under(&pipeline).into_iter().filter(|name| name.ends_with(".rs")) {
        sources.push_str(&std::fs::read_to_string(pipeline.join(name)).unwrap().replace("\\\"", "\""));
    }
    for phrase in model::phrases::english() {
        let parts = phrase.split("{}").flat_map(|part| part.split(" / "));
        for part in parts.map(|part| part.trim_matches(['"', '`', ' '])) {
            assert!(sources.contains(part), "`{part}` of the phrase `{phrase}` is written nowhere");
        }
    }
}
