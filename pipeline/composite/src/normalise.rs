//! Normalisation: from values in different measure units to scores from 0 to 100.

/// The values that score 0 and 100. `worst` above `best` means that less is better.
///
/// Fixed goalposts make scores comparable over units and years, which ranges taken from a dozen units do not
/// (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 5; UNDP Human Development Report, technical
/// notes).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goalposts {
    /// Scores 0.
    pub worst: f64,
    /// Scores 100.
    pub best: f64,
}

/// `100 · (value − worst) / (best − worst)`, clipped to 0…100. `worst` and `best` must differ ([`crate::Tree`] checks).
pub fn goalposts(value: f64, posts: Goalposts) -> f64 {
    (100.0 * (value - posts.worst) / (posts.best - posts.worst)).clamp(0.0, 100.0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the expected values are exact")]
mod tests {
    use super::*;

    #[test]
    fn both_directions_and_clipping() {
        let rate = Goalposts { worst: 0.8, best: 1.0 };
        assert_eq!(goalposts(1.0, rate), 100.0);
        assert_eq!(goalposts(0.5, rate), 0.0);
        let pm = Goalposts { worst: 35.0, best: 5.0 };
        assert_eq!(goalposts(20.0, pm), 50.0);
        assert_eq!(goalposts(3.0, pm), 100.0);
        assert_eq!(goalposts(40.0, pm), 0.0);
    }
}
