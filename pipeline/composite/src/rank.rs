//! Ranks: scores rounded to nine decimals, the highest first, equal scores share the smallest rank.

use crate::aggregate::round9;

/// The rank of each unit; `None` where there is no total. Among 90, 80, 80, 70: 1, 2, 2, 4.
///
/// Rounding before comparing is a declared rule, not a detail: without it two totals that print alike can differ in
/// their last bit.
pub fn ranks(totals: &[Option<f64>]) -> Vec<Option<u32>> {
    let rounded: Vec<Option<f64>> = totals.iter().map(|total| total.map(round9)).collect();
    rounded
        .iter()
        .map(|total| {
            total.map(|total| {
                let better = rounded.iter().flatten().filter(|other| **other > total).count();
                u32::try_from(better).unwrap_or(u32::MAX).saturating_add(1)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_smallest_rank_after_rounding() {
        let totals = [Some(80.0), Some(90.0), None, Some(80.000_000_000_1), Some(70.0)];
        assert_eq!(ranks(&totals), [Some(2), Some(1), None, Some(2), Some(4)]);
    }
}
