//! Total rows as checksums: the sum of the rows a table keeps against the total it prints, within what rounding allows.
//!
//! A subtotal is over the rows between it and its neighbours: above it, or below it where sums come first. A total is
//! over the whole table; of several each may also be over its own block. A sum that is right for any of the blocks it
//! may be over is not told. Where no other sum bounds the rows of a subtotal on their far side, some of them may belong
//! to no part (市辖区小计, its districts, then the other counties): then it may be over fewer.

use std::ops::Range;

use model::Decimal;

/// A figure that adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// What it is worth.
    pub(crate) figure: Decimal,
    /// The worth of its last printed place.
    pub(crate) place: Option<Decimal>,
}

/// What matters of a row for the check of sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A row with figures, one for each slot.
    Part(Vec<Option<Figure>>),
    /// A row that was refused: no sum over it can be checked.
    Refused,
    /// Rows of both kinds, one after the other, summed up.
    Run(Run),
    /// A new part of the table begins.
    Section,
    /// A row with totals.
    Total(usize),
    /// A row with sums over a part of the table.
    Subtotal(usize),
}

/// Rows that are summed up and not kept one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// For each slot what the rows with figures come to.
    parts: Vec<Parts>,
    /// How many rows were refused.
    refused: u32,
}

impl Run {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Part(figures) => {
                self.parts.resize(figures.len().max(self.parts.len()), Parts::default());
                for (slot, parts) in self.parts.iter_mut().enumerate() {
                    parts.take(event, slot);
                }
            }
            Event::Refused => self.refused += 1,
            _ => {}
        }
    }
}

/// The rows of a table in order, as far as they matter for sums.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    open: bool,
    /// Rows between sums are summed up at once: nothing is a sum over a part of them.
    in_runs: bool,
    events: Vec<Event>,
}

/// A row that says what others come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The row.
    pub(crate) row: usize,
    /// Whether it is over the table as a whole.
    pub(crate) is_total: bool,
    /// Its place among the events.
    at: usize,
    /// The stretches of rows it may be over, the likeliest first.
    over: Vec<Range<usize>>,
    /// Of these, the ones it may be over in part: the rows nearest to it.
    partly: Vec<Range<usize>>,
}

impl Ledger {
    /// From now on rows are gathered.
    pub(crate) fn open(&mut self) {
        self.open = true;
    }

    /// From now on rows are gathered, and summed up at once: for tables without subtotals.
    pub(crate) fn open_in_runs(&mut self) {
        (self.open, self.in_runs) = (true, true);
    }

    /// Adds the rows of the next stretch of the table.
    pub(crate) fn append(&mut self, next: Self) {
        self.open |= next.open;
        self.events.extend(next.events);
    }

    /// Whether rows are gathered.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, event: Event) {
        if !self.open {
            return;
        }
        if self.in_runs && matches!(event, Event::Part(_) | Event::Refused) {
            if !matches!(self.events.last(), Some(Event::Run(_))) {
                self.events.push(Event::Run(Run::default()));
            }
            if let Some(Event::Run(run)) = self.events.last_mut() {
                run.take(&event);
            }
            return;
        }
        self.events.push(event);
    }

    /// The rows that say what others come to.
    pub(crate) fn claims(&self) -> Vec<Claim> {
        let all = 0..self.events.len();
        let totals = self.events.iter().filter(|event| matches!(event, Event::Total(_))).count();
        let is_total = |event: &Event| matches!(event, Event::Total(_));
        let parts_a_block = |event: &Event| !matches!(event, Event::Part(_) | Event::Refused | Event::Run(_));
        let mut claims = Vec::new();
        // Whether sums stand before their parts, as the first of them does.
        let (mut totals_first, mut subtotals_first) = (None, None);
        for (at, event) in self.events.iter().enumerate() {
            let claim = match event {
                Event::Total(row) if totals == 1 => {
                    Claim { row: *row, is_total: true, at, over: vec![all.clone()], partly: Vec::new() }
                }
                Event::Total(row) => {
                    let mut over = self.blocks(at, &is_total, &mut totals_first);
                    over.push(all.clone());
                    Claim { row: *row, is_total: true, at, over, partly: Vec::new() }
                }
                Event::Subtotal(row) => {
                    let over = self.blocks(at, &parts_a_block, &mut subtotals_first);
                    let partly =
                        over.iter().filter(|range| self.is_open_beyond(at, range)).cloned().collect();
                    Claim { row: *row, is_total: false, at, over, partly }
                }
                _ => continue,
            };
            claims.push(claim);
        }
        claims
    }

    /// The rows right above and right below an event, up to the next that bounds them; those below first where sums
    /// stand before their parts.
    fn blocks(
        &self,
        at: usize,
        bounds: &dyn Fn(&Event) -> bool,
        sums_first: &mut Option<bool>,
    ) -> Vec<Range<usize>> {
        let (before, from) = self.events.split_at(at);
        let after = from.get(1..).unwrap_or_default();
        let above = before.iter().rposition(bounds).map_or(0, |bound| bound + 1)..at;
        let below = at + 1..after.iter().position(bounds).map_or(self.events.len(), |bound| at + 1 + bound);
        let has_parts = |range: &Range<usize>| {
            let rows = self.events.get(range.clone()).unwrap_or_default();
            rows.iter().any(|event| match event {
                Event::Part(_) => true,
                Event::Run(run) => !run.parts.is_empty(),
                _ => false,
            })
        };
        let sums_first = *sums_first.get_or_insert_with(|| !has_parts(&above));
        let mut blocks = if sums_first { vec![below, above] } else { vec![above, below] };
        blocks.retain(has_parts);
        blocks
    }

    /// Whether a stretch beside an event ends, on the side away from it, with a total or the table.
    fn is_open_beyond(&self, at: usize, range: &Range<usize>) -> bool {
        let beyond = if range.start > at {
            self.events.get(range.end)
        } else {
            range.start.checked_sub(1).and_then(|before| self.events.get(before))
        };
        matches!(beyond, None | Some(Event::Total(_)))
    }

    /// How a total differs from the rows it is likeliest over, unless it is right for any stretch it may be over or
    /// one of them cannot be summed.
    pub(crate) fn differs(
        &self,
        claim: &Claim,
        slot: usize,
        total: Decimal,
        place: Option<Decimal>,
        exact: bool,
    ) -> Option<Difference> {
        let mut first = None;
        for range in &claim.over {
            let parts = self.sum(range.clone(), slot);
            if parts.missing > 0 || (first.is_none() && !parts.complete()) {
                return None;
            }
            let found = parts.differs(total, place, exact)?;
            first = first.or(Some(found));
        }
        let fits = |parts: &Parts| parts.complete() && parts.differs(total, place, exact).is_none();
        let partly = claim.partly.iter().any(|range| {
            let events = self.events.get(range.clone()).unwrap_or_default();
            let mut parts = Parts::default();
            let mut fits_with = |event| {
                parts.take(event, slot);
                fits(&parts)
            };
            if range.start > claim.at {
                events.iter().any(fits_with)
            } else {
                events.iter().rev().any(&mut fits_with)
            }
        });
        first.filter(|_| !partly)
    }

    fn sum(&self, range: Range<usize>, slot: usize) -> Parts {
        let mut parts = Parts::default();
        for event in self.events.get(range).unwrap_or_default() {
            parts.take(event, slot);
        }
        parts
    }
}

/// The figures of one field, gathered row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Their sum.
    sum: Decimal,
    /// How many there are.
    count: u32,
    /// How many rows have none.
    missing: u32,
    /// The worth of the finest place printed. Workbooks drop zeros at the end, so the finest is the column's.
    place: Option<Decimal>,
}

/// A total that is not the sum of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The sum of the parts.
    pub(crate) sum: Decimal,
    /// Total less sum.
    pub(crate) difference: Decimal,
}

impl Parts {
    /// Adds what a row of the table has in a slot.
    fn take(&mut self, event: &Event, slot: usize) {
        match event {
            Event::Part(figures) => {
                let figure = figures.get(slot).copied().flatten();
                self.add(figure.map(|figure| figure.figure), figure.and_then(|figure| figure.place));
            }
            Event::Refused => self.add(None, None),
            Event::Run(run) => {
                self.missing += run.refused;
                if let Some(parts) = run.parts.get(slot) {
                    self.join(parts);
                }
            }
            _ => {}
        }
    }

    /// Adds what others come to.
    fn join(&mut self, other: &Self) {
        self.missing += other.missing;
        if let Some(sum) = self.sum.checked_add(other.sum) {
            (self.sum, self.count) = (sum, self.count + other.count);
            self.see(other.place);
        } else {
            self.missing += other.count;
        }
    }

    /// Adds a row's figure, and the worth of its last printed place.
    pub(crate) fn add(&mut self, figure: Option<Decimal>, place: Option<Decimal>) {
        let Some(sum) = figure.and_then(|figure| self.sum.checked_add(figure)) else {
            self.missing += 1;
            return;
        };
        self.sum = sum;
        self.count += 1;
        self.see(place);
    }

    fn see(&mut self, place: Option<Decimal>) {
        self.place = match (self.place, place) {
            (Some(finest), Some(place)) => Some(finest.min(place)),
            (finest, place) => finest.or(place),
        };
    }

    /// Whether the sum can be held against a total: every row has a figure, and there are several.
    pub(crate) fn complete(&self) -> bool {
        self.missing == 0 && self.count > 1
    }

    /// How a total differs, if by more than rounding: half of the last place for each figure and for the total. Counts
    /// in single pieces (`exact`) are not rounded.
    pub(crate) fn differs(&self, total: Decimal, place: Option<Decimal>, exact: bool) -> Option<Difference> {
        let difference = total.checked_sub(self.sum)?;
        let own = self.place.unwrap_or_default();
        let tolerance = if exact {
            Decimal::ZERO
        } else {
            let places =
                own.checked_mul(Decimal::from(self.count))?.checked_add(place.unwrap_or(own).max(own))?;
            places.checked_mul(Decimal::new(5, 1))?
        };
        (difference.abs() > tolerance).then_some(Difference { sum: self.sum, difference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(parts: &[&str], total: &str, exact: bool) -> Option<String> {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let place = |text: &str| Some(Decimal::new(1, decimal(text).scale()));
        let mut sum = Parts::default();
        for part in parts {
            sum.add(Some(decimal(part)), place(part));
        }
        sum.differs(decimal(total), place(total), exact).map(|found| found.difference.normalize().to_string())
    }

    #[test]
    fn rounding_is_forgiven_and_no_more() {
        assert_eq!(differs(&["33.3", "33.3", "33.3"], "100.0", false), None);
        assert_eq!(differs(&["33.3", "33.3", "33.3"], "100.1", false), None);
        assert_eq!(differs(&["33.3", "33.3", "33.3"], "100.2", false), Some("0.3".into()));
        assert_eq!(differs(&["1", "2"], "4", true), Some("1".into()));
        assert_eq!(differs(&["1", "2"], "3", true), None);
        assert_eq!(differs(&["-5", "2"], "-30", false), Some("-27".into()));
    }

    fn told(rows: &str) -> String {
        let mut ledger = Ledger::default();
        ledger.open();
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let mut sums = Vec::new();
        for (row, word) in rows.split(' ').enumerate() {
            ledger.add(match word.split_at(1) {
                ("T", total) => {
                    sums.push((row, decimal(total)));
                    Event::Total(row)
                }
                ("S", total) => {
                    sums.push((row, decimal(total)));
                    Event::Subtotal(row)
                }
                ("-", _) => Event::Section,
                ("x", _) => Event::Refused,
                _ => Event::Part(vec![Some(Figure { figure: decimal(word), place: Some(Decimal::ONE) })]),
            });
        }
        let claims = ledger.claims();
        let differs = claims.iter().zip(&sums).filter_map(|(claim, (row, total))| {
            assert_eq!(claim.row, *row);
            let found = ledger.differs(claim, 0, *total, None, true)?;
            Some(format!("{row}:{}", found.difference))
        });
        differs.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_sum_is_held_against_its_own_rows() {
        for (rows, expected) in [
            ("1 2 T3", ""),
            ("T4 1 2", "0:1"),
            ("1 2 S3 3 4 S7 T10", ""),
            ("1 2 S4 3 4 S7 T10", "2:1"),
            ("S3 1 2 S8 3 4 T10", "3:1"),
            ("- 1 2 S3 - 3 4 S9", "7:2"),
            ("1 2 T3 4 5 T9", ""),
            ("1 2 T3 4 5 T12", ""),
            ("1 2 T3 4 5 T13", "5:4"),
            ("1 x 2 S9 3 4 S7", ""),
            ("1 S1", ""),
            // Rows that belong to no part stand on the far side.
            ("T60 S30 10 20 30", ""),
            ("10 20 30 S50 T60", ""),
            ("T60 S31 10 20 30", "1:-29"),
            ("S3 1 2 4 S8 3 5", "0:-4"),
        ] {
            assert_eq!(told(rows), expected, "{rows}");
        }
    }

    #[test]
    fn a_gap_makes_no_sum() {
        let mut parts = Parts::default();
        parts.add(Some(Decimal::ONE), None);
        assert!(!parts.complete());
        parts.add(Some(Decimal::ONE), None);
        assert!(parts.complete());
        parts.add(None, None);
        assert!(!parts.complete());
    }
}
