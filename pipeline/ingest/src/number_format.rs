//! What the number format of a cell makes of its number: a date, or a share shown with its sign.
//!
//! The number in the file is 0.705 and the sheet shows 70.5 %: the reader takes what its author saw. A date becomes ISO
//! text, a share the exact figure with its sign. Rounding by the format is not followed, and other formats do not
//! change the number. Format codes are read as in the first section, up to `;`.

use calamine::{ExcelDateTime, ExcelDateTimeType};

use crate::grid::{Cell, number_text};

/// What a number is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A plain number; elapsed time too.
    #[default]
    Plain,
    /// A date, a moment.
    Date,
    /// A clock time.
    Clock,
    /// A figure with a sign, its point moved right by so many places.
    Signed(usize, char),
}

impl Shown {
    /// What a format code says.
    pub(crate) fn of_code(code: &str) -> Self {
        let mut found = Self::Plain;
        let mut digits = false;
        let mut half_day = false;
        let mut time = None;
        let mut characters = code.chars();
        while let Some(c) = characters.next() {
            match c {
                // A sign that is printed as it stands moves no point.
                '"' => {
                    let literal: String = characters.by_ref().take_while(|c| *c != '"').collect();
                    found = found.or_printed(digits, literal.trim().chars().next());
                }
                '\\' => found = found.or_printed(digits, characters.next()),
                '_' | '*' => {
                    characters.next();
                }
                '[' => {
                    let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    if is_elapsed(&inside) {
                        return Self::Plain;
                    }
                }
                ';' => break,
                '%' => found = Self::Signed(2, '%'),
                '‰' => found = found.or_printed(digits, Some(c)),
                '0' | '#' | '?' => digits = true,
                'a' | 'A' if !half_day => half_day = true,
                'p' | 'P' | '/' if half_day => half_day = false,
                'd' | 'y' | 'D' | 'Y' if !half_day => return Self::Date,
                'h' | 's' | 'H' | 'S' if !half_day => time = Some(Self::Clock),
                // Of minutes, unless neither hours nor seconds are shown.
                'm' | 'M' => {
                    half_day = false;
                    time = time.or(Some(Self::Date));
                }
                _ => {}
            }
        }
        time.unwrap_or(found)
    }

    fn or_printed(self, digits: bool, printed: Option<char>) -> Self {
        match printed {
            Some(sign @ ('%' | '‰')) if digits && self == Self::Plain => Self::Signed(0, sign),
            _ => self,
        }
    }

    /// What a format that has a number and no code says.
    pub(crate) fn built_in(id: usize) -> Self {
        match id {
            9 | 10 => Self::Signed(2, '%'),
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Self::Clock,
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Date,
            _ => Self::Plain,
        }
    }

    /// The cell of a number so shown.
    pub(crate) fn cell(self, number: f64, since_1904: bool) -> Cell {
        match self {
            Self::Plain => Cell::Number(number),
            Self::Clock if number == 0.0 => Cell::Text(clock_text(0, 0, 0).into()),
            Self::Date | Self::Clock => {
                date(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, since_1904))
            }
            Self::Signed(places, sign) => {
                let mut text = moved(&number_text(number), places);
                text.push(sign);
                Cell::Text(text.into())
            }
        }
    }
}

/// `h`, `mm`, `ss` in brackets count on beyond a day.
fn is_elapsed(inside: &str) -> bool {
    let mut letters = inside.chars().map(|c| c.to_ascii_lowercase());
    let Some(first) = letters.next() else { return false };
    matches!(first, 'h' | 'm' | 's') && letters.all(|letter| letter == first)
}

/// A date as ISO text, without a clock time of midnight; less than a day is a clock time, of no date.
pub(crate) fn date(date: ExcelDateTime) -> Cell {
    if !date.is_datetime() {
        return Cell::Number(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let (day, time) = (format!("{year:04}-{month:02}-{day:02}"), clock_text(hour, minute, second));
    match (hour, minute, second) {
        (0, 0, 0) => Cell::Text(day.into()),
        _ if (0.0..1.0).contains(&date.as_f64()) => Cell::Text(time.into()),
        _ => Cell::Text(format!("{day} {time}").into()),
    }
}

fn clock_text(hour: u8, minute: u8, second: u8) -> String {
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// A length of time as ISO text, `PT01H30M00S`, as the clock shows it: 01:30:00. Another text stays as it is.
pub(crate) fn duration(text: &str) -> Cell {
    let read = || {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let (seconds, _) =
            rest.strip_suffix('S')?.split_once(['.', ',']).unwrap_or((rest.strip_suffix('S')?, ""));
        let plain = |part: &str| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
        [hours, minutes, seconds]
            .into_iter()
            .all(plain)
            .then(|| format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
    };
    read().map_or_else(|| Cell::text(text), |time| Cell::Text(time.into()))
}

/// A decimal text with its point moved to the right.
fn moved(text: &str, places: usize) -> String {
    let (sign, figure) = text.strip_prefix('-').map_or(("", text), |figure| ("-", figure));
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    if !figure.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || places == 0 {
        return text.to_owned();
    }
    let (risen, rest) = fraction.split_at(places.min(fraction.len()));
    let whole = format!("{whole}{risen:0<places$}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_what_a_number_is() {
        let percent = Shown::Signed(2, '%');
        for (code, shown) in [
            ("General", Shown::Plain),
            ("0.00%", percent),
            ("0.0%;[Red]-0.0%", percent),
            ("#,##0.00 %_ ", percent),
            ("0.0\"%\"", Shown::Signed(0, '%')),
            ("0.0\\%", Shown::Signed(0, '%')),
            ("0.0‰", Shown::Signed(0, '‰')),
            ("0.00;0%", Shown::Plain),
            ("\"达标率%：\"0.0", Shown::Plain),
            ("0!.0,\"万\"", Shown::Plain),
            ("yyyy\"年\"m\"月\"d\"日\"", Shown::Date),
            ("[$-804]yyyy/m/d;@", Shown::Date),
            ("上午/下午h\"时\"mm\"分\";@", Shown::Clock),
            ("h:mm AM/PM", Shown::Clock),
            ("AM/PM h:mm", Shown::Clock),
            ("mm:ss.0", Shown::Clock),
            ("mmm", Shown::Date),
            ("m/d/yy h:mm", Shown::Date),
            ("h:mm yyyy/m/d", Shown::Date),
            ("[h]:mm:ss", Shown::Plain),
            ("[Red]0.00", Shown::Plain),
            ("_(* #,##0_);_(* (#,##0)", Shown::Plain),
            ("*-yyyy-mm-dd", Shown::Date),
            ("#,##0*y", Shown::Plain),
            ("@", Shown::Plain),
        ] {
            assert_eq!(Shown::of_code(code), shown, "{code}");
        }
    }

    #[test]
    fn shares_are_exact() {
        for (number, shown) in [
            (0.705, "70.5%"),
            (0.07, "7%"),
            (0.29, "29%"),
            (-0.005, "-0.5%"),
            (1.0, "100%"),
            (0.0, "0%"),
            (0.000_012_5, "0.00125%"),
            (12.345_678_9, "1234.56789%"),
            (0.57 * 100.0 / 100.0, "57%"),
        ] {
            assert_eq!(Shown::Signed(2, '%').cell(number, false).shown(), shown);
        }
        assert_eq!(Shown::Signed(0, '‰').cell(3.25, false).shown(), "3.25‰");
        assert_eq!(Shown::Date.cell(43_890.0, true).shown(), "2024-03-01");
    }

    #[test]
    fn clock_times_have_no_date() {
        for (shown, number, expected) in [
            (Shown::Clock, 0.0625, "01:30:00"),
            (Shown::Clock, 0.0, "00:00:00"),
            (Shown::Clock, 45_352.062_5, "2024-03-01 01:30:00"),
            (Shown::Date, 0.5, "12:00:00"),
            (Shown::Date, 45_352.0, "2024-03-01"),
        ] {
            assert_eq!(shown.cell(number, false).shown(), expected);
        }
        for (text, expected) in [
            ("PT01H30M00S", "01:30:00"),
            ("PT26H5M9.5S", "26:05:09"),
            ("P1D", "P1D"),
            ("PTxH0M0S", "PTxH0M0S"),
        ] {
            assert_eq!(duration(text).shown(), expected);
        }
    }
}
