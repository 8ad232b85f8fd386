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
