//! Days as numbers since 1970-01-01, and what the generator asks of a calendar.
//!
//! What happens in the city happens from Monday to Friday, on holidays too; only due times are counted by the calendar of
//! working days ([`crate::city::City::working_days`]).

pub use model::day::{date, number as day, text as iso};

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

/// The first day from `day` on that is neither Saturday nor Sunday.
pub fn working(day: i32) -> i32 {
    // 1970-01-01 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
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
    fn ends_of_months_and_moments() {
        assert_eq!(iso(month_end(2023, 2)), "2023-02-28");
        assert_eq!(iso(year_end(2024)), "2024-12-31");
        assert_eq!(iso(working(day(2024, 6, 1))), "2024-06-03");
        assert_eq!(moment(86_399), "1970-01-01 23:59:59");
    }
}
