//! The calendar of working days: Monday to Friday, but for what the reference table `working_days` says of each year.
//!
//! Which days people work is announced year by year (国务院办公厅 on the holidays of the next year), so a year without rows
//! is not known and nothing is guessed for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::day;

/// The days that differ from Monday to Friday, and the years that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// Day number → whether people work.
    differ: BTreeMap<i32, bool>,
    years: BTreeSet<i32>,
}

impl WorkingDays {
    /// Adds a row of the table: a day, `rest` or `work`, and the year its notice is for.
    ///
    /// # Errors
    /// What is wrong with the row: no day, another kind, a day that does not differ, a year that is not the day's. The
    /// last days of December may belong to the next year.
    pub fn add(&mut self, day: &str, kind: &str, year: &str) -> Result<(), String> {
        let number = day::parse(day).ok_or_else(|| format!("`{day}` is no day (YYYY-MM-DD)"))?;
        let works = match kind {
            "rest" => false,
            "work" => true,
            _ => return Err(format!("kind is rest or work, not `{kind}`")),
        };
        if works != is_weekend(number) {
            return Err(format!(
                "{day} is as it is every week: rest is for Monday to Friday, work for weekends"
            ));
        }
        let (of_year, month, _) = day::date(number);
        let fits = |year: &i32| *year == of_year || (*year == of_year + 1 && month == 12);
        let year =
            year.parse().ok().filter(fits).ok_or_else(|| format!("{day} is not of the year `{year}`"))?;
        self.differ.insert(number, works);
        self.years.insert(year);
        Ok(())
    }

    /// Whether people work on a day.
    ///
    /// # Errors
    /// The year of the day, if it is not known.
    pub fn is_working(&self, number: i32) -> Result<bool, i32> {
        let (year, ..) = day::date(number);
        if !self.years.contains(&year) {
            return Err(year);
        }
        Ok(self.differ.get(&number).copied().unwrap_or_else(|| !is_weekend(number)))
    }

    /// The day `count` working days after a day. That day itself is not counted (民法典第二百零一条: 开始的当日不计入，自下一日开始
    /// 计算), so its year need not be known. No working days after a day is the day itself.
    ///
    /// # Errors
    /// The first year that is not known and has a day that must be looked at.
    pub fn after(&self, number: i32, count: u16) -> Result<i32, i32> {
        let (mut day, mut left) = (number, count);
        while left > 0 {
            day = day.saturating_add(1);
            left -= u16::from(self.is_working(day)?);
        }
        Ok(day)
    }

    /// The years that are known, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }
}

/// Whether a day is a Saturday or Sunday. 1970-01-01 was a Thursday.
fn is_weekend(number: i32) -> bool {
    number.saturating_add(3).rem_euclid(7) >= 5
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Reference;

    fn national() -> WorkingDays {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
        Reference::load(&folder, "reference").unwrap().working_days
    }

    fn after(calendar: &WorkingDays, from: &str, count: u16) -> String {
        match calendar.after(day::parse(from).unwrap(), count) {
            Ok(day) => day::text(day),
            Err(year) => format!("no {year}"),
        }
    }

    #[test]
    fn deadlines_counted_by_hand() {
        let calendar = national();
        for (from, count, expected) in [
            ("2024-05-31", 5, "2024-06-07"),
            // A weekend, and 端午节 on Monday.
            ("2024-06-07", 1, "2024-06-11"),
            ("2024-06-05", 5, "2024-06-13"),
            // 国庆节 2024: Sunday 29 September and Saturday 12 October are worked.
            ("2024-09-27", 1, "2024-09-29"),
            ("2024-09-27", 5, "2024-10-10"),
            ("2024-10-10", 3, "2024-10-14"),
            // 春节 2024: Sunday 4 and Sunday 18 February are worked.
            ("2024-02-02", 1, "2024-02-04"),
            ("2024-02-05", 5, "2024-02-18"),
            ("2024-02-09", 5, "2024-02-22"),
            // Over the end of a year: 2023-01-02 is a holiday, Saturday 2022-12-31 one as every week.
            ("2022-12-29", 3, "2023-01-04"),
            // From a holiday and from a Saturday the next working day is the first.
            ("2024-10-03", 1, "2024-10-08"),
            ("2024-06-01", 5, "2024-06-07"),
            // 中秋节和国庆节 2023: eight days, then Saturday and Sunday are worked.
            ("2023-09-28", 3, "2023-10-09"),
            ("2024-05-31", 0, "2024-05-31"),
            // 2020 and 2026 are not known; the first day is not counted.
            ("2020-12-31", 1, "2021-01-04"),
            ("2020-12-30", 1, "no 2020"),
            ("2025-12-30", 1, "2025-12-31"),
            ("2025-12-30", 2, "no 2026"),
        ] {
            assert_eq!(after(&calendar, from, count), expected, "{count} after {from}");
        }
        assert_eq!(after(&WorkingDays::default(), "2024-05-31", 1), "no 2024");
    }

    #[test]
    fn each_year_has_the_working_days_that_were_announced() {
        let calendar = national();
        let in_year = |year: i32| {
            let days = day::number(year, 1, 1)..day::number(year + 1, 1, 1);
            days.filter(|number| calendar.is_working(*number) == Ok(true)).count()
        };
        let counted: Vec<(i32, usize)> = calendar.years().map(|year| (year, in_year(year))).collect();
        assert_eq!(counted, [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248)]);
        // Eleven days of holidays a year up to 2024, thirteen from 2025 on: what is not worked at other times.
        for (year, holidays) in [(2021, 11), (2022, 11), (2023, 11), (2024, 11), (2025, 13)] {
            let days = day::number(year, 1, 1)..day::number(year + 1, 1, 1);
            let weekdays = days.filter(|number| !is_weekend(*number)).count();
            assert_eq!(weekdays - in_year(year), holidays, "{year}");
        }
    }

    #[test]
    fn the_invented_city_keeps_the_same_calendar() {
        let table = |folder: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
            crate::files::read_text(&path.join("working_days.csv")).unwrap()
        };
        assert_eq!(table("reference"), table("data-samples/synthetic/reference"));
    }

    #[test]
    fn rows_that_cannot_be_meant() {
        for (row, reason) in [
            (["2024-02-30", "rest", "2024"], "`2024-02-30` is no day (YYYY-MM-DD)"),
            (["2024-06-10", "holiday", "2024"], "kind is rest or work, not `holiday`"),
            (
                ["2024-06-08", "rest", "2024"],
                "2024-06-08 is as it is every week: rest is for Monday to Friday, work for weekends",
            ),
            (
                ["2024-06-10", "work", "2024"],
                "2024-06-10 is as it is every week: rest is for Monday to Friday, work for weekends",
            ),
            (["2024-06-10", "rest", "2025"], "2024-06-10 is not of the year `2025`"),
            (["2024-06-10", "rest", ""], "2024-06-10 is not of the year ``"),
        ] {
            let [day, kind, year] = row;
            let told = WorkingDays::default().add(day, kind, year).unwrap_err();
            assert_eq!(told, reason);
            assert!(crate::phrases::in_chinese(&told).is_some(), "{told}");
        }
        // 国办 moved the last day of 2018 by its notice for 2019.
        let mut calendar = WorkingDays::default();
        calendar.add("2018-12-31", "rest", "2019").unwrap();
        assert_eq!(calendar.years().collect::<Vec<_>>(), [2019]);
        assert_eq!(after(&calendar, "2018-12-31", 1), "2019-01-01");
    }
}
