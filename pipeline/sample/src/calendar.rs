//! Days as numbers since 1970-01-01, and what the generator asks of a calendar.
//!
//! Holidays other than Saturdays and Sundays are invented away: the invented city has none.

/// The day number of a date of the calendar.
pub fn day(year: i32, month: i32, of_month: i32) -> i32 {
    // Years begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// Year, month and day of a day number.
pub fn date(day: i32) -> (i32, i32, i32) {
    let days = day + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i32::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// The year of a day number.
pub fn year_of(day: i32) -> i32 {
    date(day).0
}

/// The last day of a month.
pub fn month_end(year: i32, month: i32) -> i32 {
    if month == 12 { day(year + 1, 1, 1) - 1 } else { day(year, month + 1, 1) - 1 }
}

/// The last day of a year.
pub fn year_end(year: i32) -> i32 {
    day(year, 12, 31)
}

/// `YYYY-MM-DD`.
pub fn iso(day: i32) -> String {
    let (year, month, of_month) = date(day);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// The first day from `day` on that is neither Saturday nor Sunday.
pub fn working(day: i32) -> i32 {
    // 1970-01-01 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
}

/// The day `count` working days after `day`.
pub fn after_working_days(day: i32, count: i32) -> i32 {
    (0..count).fold(day, |day, _| working(day + 1))
}

/// Seconds since 1970-01-01 as `YYYY-MM-DD HH:MM:SS`.
pub fn moment(seconds: i64) -> String {
    let day = i32::try_from(seconds.div_euclid(86_400)).unwrap_or_default();
    let second = seconds.rem_euclid(86_400);
    format!("{} {:02}:{:02}:{:02}", iso(day), second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_there_and_back() {
        for (number, text) in [(0, "1970-01-01"), (19_782, "2024-02-29"), (19_783, "2024-03-01")] {
            assert_eq!(iso(number), text);
            let (year, month, of_month) = date(number);
            assert_eq!(day(year, month, of_month), number);
        }
        assert_eq!(iso(month_end(2023, 2)), "2023-02-28");
        assert_eq!(iso(year_end(2024)), "2024-12-31");
        assert_eq!(iso(working(day(2024, 6, 1))), "2024-06-03");
        assert_eq!(iso(after_working_days(day(2024, 5, 31), 5)), "2024-06-07");
        assert_eq!(moment(86_399), "1970-01-01 23:59:59");
    }
}
