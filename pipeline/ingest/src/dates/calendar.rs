//! The calendar: days as numbers since 1970-01-01, there and back, and as ISO text.

use crate::values::Problem;

/// Days since 1970-01-01 of a day of the calendar.
pub(crate) fn day_number(year: u16, month: u16, day: u16) -> Result<i32, Problem> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(Problem::NoSuchDay),
    };
    if year == 0 || day == 0 || day > length {
        return Err(Problem::NoSuchDay);
    }
    // Years begin in March, so that the leap day is the last.
    let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Ok(year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

/// The calendar day of a day number, as year, month, day.
pub(super) fn of_day_number(days: i32) -> (i32, i32, i32) {
    let days = days + 719_468;
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
pub(crate) fn day_text(days: i32) -> String {
    let (year, month, day) = of_day_number(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A moment as `YYYY-MM-DD HH:MM:SS`.
pub(crate) fn moment_text(seconds: i64) -> String {
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let day = day_text(i32::try_from(day).unwrap_or_default());
    format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_lead_there_and_back() {
        for days in (-40_000..60_000).step_by(13) {
            let (year, month, day) = of_day_number(days);
            let parts = [year, month, day].map(|part| u16::try_from(part).unwrap());
            assert_eq!(day_number(parts[0], parts[1], parts[2]).unwrap(), days);
        }
        assert_eq!(day_text(0), "1970-01-01");
    }
}
