//! Total rows as checksums: the sum of the rows a table keeps against the total it prints, within what rounding allows.

use model::Decimal;

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
    /// Adds a row's figure, and the worth of its last printed place.
    pub(crate) fn add(&mut self, figure: Option<Decimal>, place: Option<Decimal>) {
        let Some(sum) = figure.and_then(|figure| self.sum.checked_add(figure)) else {
            self.missing += 1;
            return;
        };
        self.sum = sum;
        self.count += 1;
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
