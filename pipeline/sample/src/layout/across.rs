//! Wide layouts: a field stands in the header, and the columns behind it stand once under each of its values.

use super::{Column, Layout};
use crate::city::City;
use crate::value::Value;

impl Layout {
    /// How many columns stand before the one whose values stand in the header, and how many behind it.
    fn sides(&self) -> Option<(usize, usize)> {
        let at = self.place(&self.across)?;
        Some((at, self.columns.len() - at - 1))
    }

    /// Where a column stands on paper in the part under the header value of this number; `None` where it has no cell
    /// there: it is the one in the header, or the row's own and was there under the first value.
    pub(crate) fn on_paper(&self, column: usize, head: usize) -> Option<usize> {
        match self.sides() {
            None => (head == 0).then_some(column),
            Some((own, _)) if column < own => (head == 0).then_some(column),
            Some((own, _)) if column == own => None,
            Some((own, behind)) => Some(own + head * behind + column - own - 1),
        }
    }

    /// Whether two rows stand in one row of the sheet.
    pub(crate) fn shares_row(&self, one: &[Value], other: &[Value]) -> bool {
        self.sides().is_some_and(|(own, _)| one.get(..own) == other.get(..own))
    }

    /// The layout as it stands on paper: the columns behind the one in the header once under each of its values.
    pub(crate) fn spread(&self, city: &City, values: &[Value]) -> Self {
        let mut paper = self.clone();
        let Some((own, _)) = self.sides() else { return paper };
        let Some(across) = self.columns.get(own) else { return paper };
        paper.columns.truncate(own);
        for value in values {
            let label = across.write(city, value).shown();
            let under =
                |column: &Column| Column { header: format!("{label}/{}", column.header), ..column.clone() };
            paper.columns.extend(self.columns.iter().skip(own + 1).map(under));
        }
        paper
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::layouts;

    #[test]
    fn columns_stand_under_each_value() {
        let city = City::load().unwrap();
        let layouts = layouts().unwrap();
        let (loans, base) = (&layouts["sme_loan"], &layouts["county_base"]);
        let paper = loans.spread(&city, &[Value::Word("state"), Value::Word("city")]);
        // Unit and month, and nine figures under each of two groups.
        assert_eq!(paper.columns.len(), 2 + 2 * 9);
        let place = |field: &str, head| loans.on_paper(loans.place(field).unwrap(), head);
        for (field, head, header) in [
            ("unit", 0, "地区"),
            ("total_loans", 0, "国有大型银行/各项贷款余额"),
            ("avg_rate", 0, "国有大型银行/平均利率（%）"),
            ("total_loans", 1, "城商行/各项贷款余额"),
            ("avg_rate", 1, "城商行/平均利率（%）"),
        ] {
            assert_eq!(paper.columns[place(field, head).unwrap()].header, header);
        }
        assert_eq!((place("unit", 1), place("bank_group", 0)), (None, None));
        assert_eq!(base.spread(&city, &[]).columns.len(), base.columns.len());
        assert_eq!((base.on_paper(2, 0), base.on_paper(2, 1)), (Some(2), None));
        assert!(!base.shares_row(&[Value::Count(1)], &[Value::Count(1)]));
    }
}
