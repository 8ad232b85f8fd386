//! Drafts.
use ingest::{Wish, draft};
use model::{Language, Reference};

#[test]
fn show() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
    let reference = Reference::load(&folder, "reference").unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    for folder in ["messy", "wenzhou/as-published"] {
        let beside =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(&beside)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e != "md"))
            .collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !only.split(',').any(|o| name.starts_with(o)) {
                continue;
            }
            let start = std::time::Instant::now();
            let bytes = std::fs::read(&path).unwrap();
            let drafted = draft(
                &bytes,
                &Wish {
                    reference: &reference,
                    file: &name,
                    id: None,
                    department: None,
                    period: None,
                    partition: None,
                    languages: &[Language::Zh],
                },
            )
            .unwrap();
            println!(
                "===================== {name} period {:?} partition {} {:?}",
                drafted.period.map(|p| p.to_string()),
                drafted.partition,
                start.elapsed()
            );
            for d in &drafted.drafts {
                println!("{}\n----- tables {:?} unsure {:?}", d.text, d.tables, d.unsure);
            }
            for s in &drafted.outcome.sources {
                println!(
                    "  SOURCE {} [{}] {} rows; {:?}",
                    s.contract, s.sheet, s.accounting.sheet_rows, s.accounting.rows
                );
                for r in [0, 1, s.rows.num_rows().saturating_sub(1)] {
                    if r < s.rows.num_rows() {
                        println!("     {}", crate::common::row(&s.rows, r));
                    }
                }
            }
            for s in &drafted.outcome.unread {
                println!("  UNREAD {:?}", s);
            }
            let mut counts = std::collections::BTreeMap::new();
            for f in &drafted.outcome.findings {
                counts.entry(f.code).or_insert((0, f.params.clone())).0 += 1;
            }
            println!("  FINDINGS {counts:?}");
        }
    }
}
