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
    city.change_a_figure();

    for stage in ["ingest", "assess", "report"] {
        let ran = finish(city.command(&["run", "--quiet"]).env("MANTIANXING_ABORT_AFTER", stage));
        assert_eq!(ran.code, None, "the run ends by a signal: {}", ran.stderr);
        assert_eq!(city.results(), before, "after {stage}");
    }
    city.run_well();
    assert_ne!(pdf(&city.results()), pdf(&before));

    // The result is the one of a run that was never killed.
    let fresh = City::new();
    fresh.change_a_figure();
    fresh.run_well();
    assert_eq!(city.results(), fresh.results());
}
