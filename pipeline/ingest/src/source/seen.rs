//! What came of a column's texts before: most columns of a long table say few things, again and again.
//!
//! A text comes to the same each time in the same column, so it is kept. How much is kept is fixed, and what was kept is
//! nothing but what would have come of the text again.

use ecow::EcoString;

use crate::grid::Cell;

/// How many texts are kept of a column.
const SLOTS: usize = 512;
/// Longest text that is kept, in bytes.
const LONGEST: usize = 48;

/// What came of the cells of one column.
#[derive(Debug)]
pub(super) struct Seen<T> {
    slots: Vec<Option<(EcoString, T)>>,
}

impl<T: Clone> Seen<T> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// What comes of a cell: what came of its text before, else what `work` gives.
    pub(super) fn of(&mut self, cell: &Cell, work: impl FnOnce() -> T) -> T {
        match cell {
            Cell::Text(text) => self.of_text(text, work),
            _ => work(),
        }
    }

    /// The same of a text.
    pub(super) fn of_text(&mut self, text: &EcoString, work: impl FnOnce() -> T) -> T {
        if text.len() > LONGEST {
            return work();
        }
        self.slots.resize(SLOTS, None);
        let Some(slot) = self.slots.get_mut(place(text)) else { return work() };
        match slot {
            Some((known, came)) if known == text => came.clone(),
            _ => {
                let came = work();
                *slot = Some((text.clone(), came.clone()));
                came
            }
        }
    }
}

/// The slot of a text (FNV-1a).
fn place(text: &str) -> usize {
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    usize::try_from(hash ^ (hash >> 16)).unwrap_or_default() % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_came() {
        let mut seen = Seen::new();
        let mut asked = 0;
        let mut ask = |text: &str, came: i64| {
            seen.of(&Cell::text(text), || {
                asked += 1;
                came
            })
        };
        assert_eq!((ask("a", 1), ask("a", 2), ask("b", 3)), (1, 1, 3));
        // More texts than slots: each still comes to its own.
        for number in 0..5_000 {
            assert_eq!(ask(&number.to_string(), number), number);
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((ask(&long, 1), ask(&long, 2)), (1, 2));
        assert_eq!(asked, 5_004);
    }
}
