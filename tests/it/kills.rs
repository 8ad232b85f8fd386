//! A run killed at any stage boundary leaves what was there before, whole; the next run completes.

use crate::city::{City, finish};

#[test]
fn a_killed_run_leaves_the_former_outputs() {
    let city = City::new();
    city.run_well();
    let before = city.results();
    let pdf = |results: &[(String, String)]| {
        results.iter().find(|(name, _)| name.ends_with(".pdf")).unwrap().1.clone()
    };

    // A change that reaches every stage: a delivered figure.
    let web_page = "2021年各县市区人口_网页另存.xls";
    let bytes = std::fs::read(city.path(&format!("extracts/{web_page}"))).unwrap();
    let at = bytes.windows(6).position(|window| window == b"118.95").unwrap();
    let mut changed = bytes;
    changed[at..at + 6].copy_from_slice(b"118.96");
    city.redeliver(web_page, &changed);

    for stage in ["ingest", "assess", "report"] {
        let ran = finish(city.command(&["run", "--quiet"]).env("MANTIANXING_ABORT_AFTER", stage));
        assert_eq!(ran.code, None, "the run ends by a signal: {}", ran.stderr);
        assert_eq!(city.results(), before, "after {stage}");
    }
    city.run_well();
    assert_ne!(pdf(&city.results()), pdf(&before));

    // The result is the one of a run that was never killed.
    let fresh = City::new();
    fresh.redeliver(web_page, &changed);
    fresh.run_well();
    assert_eq!(city.results(), fresh.results());
}
