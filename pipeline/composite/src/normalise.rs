//! Normalisation: from values in different measure units to scores from 0 to 100.

/// The values that score 0 and 100. `worst` above `best` means that less is better. With a `band`, everything in it scores
/// 100, and the score falls to 0 at `worst` below and at `best` above it.
///
/// Fixed goalposts make scores comparable over units and years, which ranges taken from a dozen units do not
/// (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 5; UNDP Human Development Report, technical
/// notes).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goalposts {
    /// Scores 0.
    pub worst: f64,
    /// Scores 100; with a band, 0 like `worst`.
    pub best: f64,
    /// Lower and upper end of what scores 100.
    pub band: Option<[f64; 2]>,
}

impl Goalposts {
    /// Goalposts without a band.
    pub fn new(worst: f64, best: f64) -> Self {
        Self { worst, best, band: None }
    }

    /// Whether a score can be computed: finite, different, and a band in order within them.
    pub fn fit(&self) -> bool {
        let range = self.best - self.worst;
        let in_order = |[low, high]: [f64; 2]| self.worst <= low && low <= high && high <= self.best;
        range.is_finite() && range != 0.0 && self.band.is_none_or(in_order)
    }
}

/// `100 · (value − worst) / (best − worst)`, clipped to 0…100; with a band, 100 within it and linear to 0 at both limits.
/// The goalposts must fit ([`crate::Tree`] checks).
pub fn goalposts(value: f64, posts: Goalposts) -> f64 {
    let between = |zero: f64, full: f64| (100.0 * (value - zero) / (full - zero)).clamp(0.0, 100.0);
    match posts.band {
        None => between(posts.worst, posts.best),
        // Where the band reaches a limit, that branch does not exist.
        Some([low, _]) if value < low && posts.worst < low => between(posts.worst, low),
        Some([_, high]) if value > high && high < posts.best => between(posts.best, high),
        Some(_) => 100.0,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the expected values are exact")]
mod tests {
    use super::*;

    #[test]
    fn both_directions_and_clipping() {
        let rate = Goalposts::new(0.8, 1.0);
        assert_eq!(goalposts(1.0, rate), 100.0);
        assert_eq!(goalposts(0.5, rate), 0.0);
        let pm = Goalposts::new(35.0, 5.0);
        assert_eq!(goalposts(20.0, pm), 50.0);
        assert_eq!(goalposts(3.0, pm), 100.0);
        assert_eq!(goalposts(40.0, pm), 0.0);
    }

    #[test]
    fn bands_fall_off_on_both_sides() {
        let occupancy = Goalposts { worst: 40.0, best: 110.0, band: Some([75.0, 95.0]) };
        let scores =
            [30.0, 40.0, 57.5, 75.0, 95.0, 100.0, 110.0, 120.0].map(|value| goalposts(value, occupancy));
        assert_eq!(scores, [0.0, 0.0, 50.0, 100.0, 100.0, 1000.0 / 15.0, 0.0, 0.0]);
        let fee = Goalposts { worst: 0.0, best: 1.5, band: Some([0.0, 1.0]) };
        assert_eq!(
            [-1.0, 0.0, 1.0, 1.25, 2.0].map(|value| goalposts(value, fee)),
            [100.0, 100.0, 100.0, 50.0, 0.0]
        );
        assert!(occupancy.fit() && fee.fit());
        assert!(!Goalposts { band: Some([95.0, 75.0]), ..occupancy }.fit());
        assert!(!Goalposts { band: Some([20.0, 75.0]), ..occupancy }.fit());
    }
}
