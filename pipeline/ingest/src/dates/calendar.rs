//! Days of cells as numbers since 1970-01-01, and moments as ISO text.

pub(crate) use model::day::text as day_text;

use crate::values::Problem;

/// Days since 1970-01-01 of a day of the calendar.
pub(crate) fn day_number(year: u16, month: u16, day: u16) -> Result<i32, Problem> {
    let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
    if model::day::exists(year, month, day) {
        Ok(model::day::number(year, month, day))
    } else {
        Err(Problem::NoSuchDay)
    }
}

/// The day of a moment and the seconds since its midnight.
pub(super) fn day_and_clock(seconds: i64) -> (i32, i64) {
    let (day, clock) = (seconds.div_euclid(SECONDS), seconds.rem_euclid(SECONDS));
    (i32::try_from(day).unwrap_or_default(), clock)
}

/// Seconds of a day.
pub(super) const SECONDS: i64 = 86_400;

/// A moment as `YYYY-MM-DD HH:MM:SS`.
pub(crate) fn moment_text(seconds: i64) -> String {
    let (day, second) = day_and_clock(seconds);
    format!("{} {:02}:{:02}:{:02}", day_text(day), second / 3600, second / 60 % 60, second % 60)
}
