//! Chance without memory: every drawing stands at a key (seed, what for, which one), so that anything invented can be
//! invented again without being stored.
//!
//! ChaCha8 gives the bits; whole numbers are taken from them here and nowhere else, by multiplication, never through
//! binary floating point, so that a draw is the same on every machine and with every version of a library.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// What a drawing is for. A new purpose gets a new number; numbers are never reused, or other draws would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum For {
    /// An enterprise, individual business, cooperative or branch: what it is.
    Entity = 1,
    /// Its figures in a year.
    Year = 2,
    /// Its titles.
    Titles = 3,
    /// Rows of procurement, and so on: one number a contract.
    Procurement = 10,
    /// Payments under support policies.
    Payment = 11,
    /// Guarantees.
    Guarantee = 12,
    /// Requests and complaints.
    Request = 13,
    /// Openings of businesses.
    Opening = 14,
    /// Inspections and penalties.
    Enforcement = 15,
    /// Overdue claims.
    Arrears = 16,
    /// Parks.
    Park = 17,
    /// Survey responses.
    Survey = 18,
    /// County tables.
    County = 19,
    /// Task reports.
    Tasks = 20,
    /// Loans.
    Loans = 21,
    /// Mess in a row.
    Mess = 40,
    /// Mess in a file.
    Paper = 41,
    /// Columns nobody asked for.
    Extra = 42,
}

/// Draws at one key.
#[derive(Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The draws at a key.
    pub fn at(seed: u64, purpose: For, place: u32, number: u64) -> Self {
        let mut key = [0_u8; 32];
        let parts = [seed, u64::from(purpose as u32) << 32 | u64::from(place), number, 0];
        for (slot, part) in key.chunks_exact_mut(8).zip(parts) {
            slot.copy_from_slice(&part.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A whole number below `end` (0 if `end` is 0).
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A whole number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to.saturating_sub(from)).unwrap_or_default();
        from + i64::try_from(self.below(span + 1)).unwrap_or_default()
    }

    /// Whether something happens that happens to `permille` of a thousand.
    pub fn happens(&mut self, permille: u32) -> bool {
        self.below(1000) < u64::from(permille)
    }

    /// Whether something happens that happens to `count` of a million.
    pub fn rarely(&mut self, count: u32) -> bool {
        self.below(1_000_000) < u64::from(count)
    }

    /// One of some things; the first of none is a default.
    pub fn pick<T: Copy + Default>(&mut self, things: &[T]) -> T {
        let at = usize::try_from(self.below(things.len() as u64)).unwrap_or_default();
        things.get(at).copied().unwrap_or_default()
    }

    /// The place of one of some weights.
    pub fn weighted(&mut self, weights: impl IntoIterator<Item = u32, IntoIter: Clone>) -> usize {
        let weights = weights.into_iter();
        let mut left = self.below(weights.clone().map(u64::from).sum());
        for (at, weight) in weights.enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return at,
            }
        }
        0
    }

    /// A value of a distribution given by its quantiles: pairs of (permille, value), the first at 0, the last at 1000.
    pub fn quantile(&mut self, table: &[(i64, i64)]) -> i64 {
        let at = self.between(0, 999_999);
        for pair in table.windows(2) {
            let [(low, least), (high, most)] = pair else { continue };
            if at < high * 1000 {
                let (part, whole) = (at - low * 1000, (high - low) * 1000);
                return least + (most - least) * part / whole.max(1);
            }
        }
        table.last().map_or(0, |(_, value)| *value)
    }

    /// How many of `parts` halves come up: a bell around `parts / 2`, for figures that scatter about a mean.
    pub fn bell(&mut self, parts: u32) -> i64 {
        let bits = self.0.next_u64() & ((1_u64 << parts.min(63)) - 1);
        i64::from(bits.count_ones())
    }
}

/// `value` times `permille` thousandths, rounded down.
pub fn share(value: i64, permille: i64) -> i64 {
    i64::try_from(i128::from(value) * i128::from(permille) / 1000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_draws_the_same_for_ever() {
        let mut draw = Draw::at(7, For::Entity, 3, 11);
        let drawn: Vec<u64> = (0..4).map(|_| draw.below(1000)).collect();
        // Fixed here: a library that draws otherwise would change every file of every sample.
        assert_eq!(drawn, FIXED);
    }

    const FIXED: [u64; 4] = [154, 26, 530, 957];

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut draw = Draw::at(1, For::Mess, 0, 0);
        for _ in 0..1000 {
            assert!(draw.below(3) < 3 && (5..=6).contains(&draw.between(5, 6)));
            assert!(draw.weighted([0, 2, 0]) == 1);
            assert!((10..=40).contains(&draw.quantile(&[(0, 10), (500, 20), (1000, 40)])));
        }
        assert_eq!(draw.below(0), 0);
        let low = (0..1000).filter(|_| draw.quantile(&[(0, 0), (900, 100), (1000, 1000)]) < 100).count();
        assert!((850..950).contains(&low), "{low}");
    }
}
