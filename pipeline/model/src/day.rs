//! Days as numbers since 1970-01-01, there and back, and as ISO text.
//!
//! It knows the Gregorian calendar and nothing of weeks, holidays or clocks.

use crate::assessment;

/// Days since 1970-01-01 of a day of the calendar. Whether there is such a day is not asked: see [`exists`].
#[inline]
pub fn number(year: i32, month: i32, day: i32) -> i32 {
    // Years begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// Whether a year from 1 on has such a day.
#[inline]
pub fn exists(year: i32, month: i32, day: i32) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && (1..=length).contains(&day)
}

/// Year, month and day of a day number.
#[inline]
pub fn date(number: i32) -> (i32, i32, i32) {
    let days = number + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i32::from(month <= 2), month, day)
}

/// A day number as `YYYY-MM-DD`.
pub fn text(number: i32) -> String {
    let (year, month, day) = date(number);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The number of a day written `YYYY-MM-DD`, if it is one of the calendar.
pub fn parse(text: &str) -> Option<i32> {
    let (year, month, day) = assessment::calendar_date(text)?;
    Some(number(year.into(), month.into(), day.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_lead_there_and_back() {
        for days in (-40_000..60_000).step_by(13) {
            let (year, month, day) = date(days);
            assert!(exists(year, month, day));
            assert_eq!(number(year, month, day), days);
            assert_eq!(parse(&text(days)), Some(days));
        }
        for (number, shown) in [(0, "1970-01-01"), (19_782, "2024-02-29"), (19_783, "2024-03-01")] {
            assert_eq!(text(number), shown);
        }
        for (year, month, day) in
            [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 4, 31), (0, 1, 1), (2024, 1, 0)]
        {
            assert!(!exists(year, month, day), "{year}-{month}-{day}");
        }
        assert!(exists(2000, 2, 29));
        assert_eq!(parse("2024-02-30"), None);
    }
}
