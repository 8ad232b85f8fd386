//! Survey estimates from sums by stratum: collapsed strata, post-stratification weights, a ratio estimate, its
//! linearised standard error and the effective number of answers.
//!
//! The base of an item (who has an answer that counts) is a domain of each stratum: answers that do not count stay in
//! the variance as zeros. Sources: Cochran, Sampling Techniques (1977), 5A.9 (stratification after selection), 5A.12
//! (collapsed strata), 5A.14 (subpopulations), 6.4 and 6.11 (variance of a ratio, combined over strata); Särndal,
//! Swensson, Wretman, Model Assisted Survey Sampling (1992), 5.6 (the same by linearisation); Kish, Survey Sampling (1965),
//! 11.7 (effective n of unequal weights); Potter, A Study of Procedures to Identify and Trim Extreme Sampling Weights
//! (1990). The limits (2 responses, 5 times the median) are rules of the survey's design.

use std::collections::BTreeMap;

/// A stratum with fewer responses has no variance of its own and is collapsed.
const LEAST_RESPONSES: u64 = 2;

/// Weights end at so many times the median weight.
const TRIM: f64 = 5.0;

/// What is known of one stratum: exact counts and sums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stratum {
    /// Industry group, collapsed last.
    pub industry: Option<String>,
    /// Size class where the frame has one, collapsed first.
    pub size_class: Option<String>,
    /// `N_h`: units of the population.
    pub frame: u64,
    /// `n_h`: accepted responses.
    pub responses: u64,
    /// `d_h`: responses with an answer in the base of the item.
    pub answers: u64,
    /// `Σ y` over the answers.
    pub sum: u64,
    /// `Σ y²` over the answers.
    pub sum_of_squares: u64,
}

/// How a mean of answers becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Answers 1 to 5: `25 · (m − 1)`, from 0 to 100.
    Likert,
    /// Answers 0 or 1: `100 · m`, in percent.
    Share,
}

impl Scale {
    /// What zero of the value is on the scale of answers, and the factor from there.
    fn line(self) -> (f64, f64) {
        match self {
            Self::Likert => (1.0, 25.0),
            Self::Share => (0.0, 100.0),
        }
    }
}

/// An estimate for one unit and period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// On the scale from 0 to 100.
    pub value: f64,
    /// Of the value; `None` where one response alone stands for more than itself.
    pub standard_error: Option<f64>,
    /// Answers of a simple random sample that says as much of the mean as these, by their weights alone.
    pub effective_n: f64,
}

/// Estimates an item from the strata of one unit and period, in whatever order they come. `None` where nobody answers
/// in the base or the frame is empty: there is nothing to divide by.
pub fn estimate(strata: &[Stratum], scale: Scale) -> Option<Estimate> {
    let strata = collapse(strata);
    let weights = weights(&strata);
    of_weighted(&strata, &weights, scale)
}

/// The estimate with a weight for each stratum, on which nothing but their ratios has a bearing.
fn of_weighted(strata: &[Stratum], weights: &[f64], scale: Scale) -> Option<Estimate> {
    let total = |of: &dyn Fn(&Stratum, f64) -> f64| -> f64 {
        strata.iter().zip(weights).map(|(stratum, weight)| of(stratum, *weight)).sum()
    };
    let answers = total(&|stratum, weight| weight * real(stratum.answers));
    if answers <= 0.0 {
        return None;
    }
    // Ratio of two estimated totals (Cochran 6.11): the number of answers is itself a result of the sample.
    let mean = total(&|stratum, weight| weight * real(stratum.sum)) / answers;
    let squares = total(&|stratum, weight| weight * weight * real(stratum.answers));
    let (zero, factor) = scale.line();
    let variances: Option<Vec<f64>> = strata.iter().map(|stratum| variance(stratum, mean)).collect();
    let standard_error = variances.map(|variances| {
        let sum: f64 =
            weights.iter().zip(variances).map(|(weight, variance)| weight * weight * variance).sum();
        factor * sum.sqrt() / answers
    });
    Some(Estimate {
        value: factor * (mean - zero),
        standard_error,
        // Kish 11.7: (Σ w)² / Σ w² over answers.
        effective_n: answers * answers / squares,
    })
}

/// The variance of a stratum's sum of residuals `y − m` (Cochran 6.11, with finite population correction):
/// `n (1 − f) S²`, `S² = (E2 − E1² / n) / (n − 1)` over all responses, those outside the base as zeros.
fn variance(stratum: &Stratum, mean: f64) -> Option<f64> {
    let responses = real(stratum.responses);
    let not_asked = 1.0 - (responses / real(stratum.frame)).min(1.0);
    if stratum.responses == 0 || not_asked == 0.0 {
        return Some(0.0);
    }
    if stratum.responses < LEAST_RESPONSES {
        return None;
    }
    let (answers, sum) = (real(stratum.answers), real(stratum.sum));
    let first = sum - mean * answers;
    let second = real(stratum.sum_of_squares) - 2.0 * mean * sum + mean * mean * answers;
    // Cancellation may leave a little less than nothing where all answers are equal.
    let spread = ((second - first * first / responses) / (responses - 1.0)).max(0.0);
    Some(responses * not_asked * spread)
}

/// `N_h / n_h` (Cochran 5A.9: stratification after selection, to the frame), cut off at five times the median over
/// responses (Potter), then raised again so that they sum to the frame.
fn weights(strata: &[Stratum]) -> Vec<f64> {
    let plain: Vec<f64> = strata
        .iter()
        .map(
            |stratum| {
                if stratum.responses == 0 { 0.0 } else { real(stratum.frame) / real(stratum.responses) }
            },
        )
        .collect();
    let Some(median) = median(strata, &plain) else { return plain };
    let trimmed: Vec<f64> = plain.iter().map(|weight| weight.min(TRIM * median)).collect();
    let sum = |weights: &[f64]| -> f64 {
        strata.iter().zip(weights).map(|(stratum, weight)| weight * real(stratum.responses)).sum()
    };
    let (whole, kept) = (sum(&plain), sum(&trimmed));
    trimmed.iter().map(|weight| if kept > 0.0 { weight * (whole / kept) } else { 0.0 }).collect()
}

/// The median of the weights over responses: between the two in the middle, half of both.
fn median(strata: &[Stratum], weights: &[f64]) -> Option<f64> {
    let mut by_weight: Vec<(f64, u64)> =
        weights.iter().zip(strata).map(|(weight, stratum)| (*weight, stratum.responses)).collect();
    by_weight.sort_by(|a, b| a.0.total_cmp(&b.0));
    let responses: u64 = by_weight.iter().map(|(_, responses)| responses).sum();
    // The weight of the response at this place, from 1.
    let at = |place: u64| {
        let mut before = 0;
        by_weight.iter().find_map(|(weight, responses)| {
            before += responses;
            (place <= before).then_some(*weight)
        })
    };
    let below = at(responses.div_ceil(2)).filter(|_| responses > 0)?;
    Some(f64::midpoint(below, at(responses / 2 + 1)?))
}

/// Strata in a fixed order, each with enough responses as far as there are any: an industry gives up its size classes
/// where one of them has fewer than two responses; then industries with fewer than two are put together, and if that is
/// still too few, with the industry that has the fewest. So is a stratum with responses whose frame is empty: a weight of
/// nothing would drop its answers.
fn collapse(strata: &[Stratum]) -> Vec<Stratum> {
    let mut industries: BTreeMap<&Option<String>, BTreeMap<&Option<String>, Stratum>> = BTreeMap::new();
    for stratum in strata.iter().filter(|stratum| stratum.frame > 0 || stratum.responses > 0) {
        let classes = industries.entry(&stratum.industry).or_default();
        add(classes.entry(&stratum.size_class).or_default(), stratum);
    }
    let mut groups: Vec<Vec<Stratum>> = industries
        .into_values()
        .map(|classes| {
            let classes: Vec<Stratum> = classes.into_values().collect();
            if classes.iter().any(is_too_small) { vec![together(&classes)] } else { classes }
        })
        .collect();
    let mut rest: Vec<Stratum> = Vec::new();
    groups.retain(|group| {
        let small = group.iter().any(is_too_small);
        if small {
            rest.extend(group.iter().cloned());
        }
        !small
    });
    while !rest.is_empty() && is_too_small(&together(&rest)) && !groups.is_empty() {
        let responses = |group: &[Stratum]| -> u64 { group.iter().map(|stratum| stratum.responses).sum() };
        let fewest = (0..groups.len()).min_by_key(|at| responses(&groups[*at])).unwrap_or_default();
        rest.extend(groups.remove(fewest));
    }
    let mut used: Vec<Stratum> = groups.into_iter().flatten().collect();
    if !rest.is_empty() {
        used.push(together(&rest));
    }
    used
}

fn is_too_small(stratum: &Stratum) -> bool {
    stratum.responses < LEAST_RESPONSES || stratum.frame == 0
}

fn together(strata: &[Stratum]) -> Stratum {
    let mut sum = Stratum::default();
    for stratum in strata {
        add(&mut sum, stratum);
    }
    sum
}

fn add(sum: &mut Stratum, other: &Stratum) {
    sum.frame += other.frame;
    sum.responses += other.responses;
    sum.answers += other.answers;
    sum.sum += other.sum;
    sum.sum_of_squares += other.sum_of_squares;
}

/// Counts and sums of a survey are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts and sums of a survey are far below 2^53")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
