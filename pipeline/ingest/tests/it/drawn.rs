//! Properties of drawn values, with a fixed seed, so that each run tests the same. Used here and, for what only the crate
//! sees, by its own tests.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Runs a property on drawn values.
pub(crate) fn holds<S: Strategy>(cases: u32, values: &S, property: impl Fn(S::Value)) {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(20_240_301),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(values, |value| {
        property(value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
