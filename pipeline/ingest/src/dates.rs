//! Days, months and periods as bureaus write them: `2024年3月`, `2024.3`, `202403`, `24-3-1`, `1-3月`, `一季度`,
//! `截至3月底`, and the day numbers of workbooks.
//!
//! A text is brought to digits and signs, and its *shape* (each run of digits as `N`) says what stands where. What has
//! no shape of the list is refused; a day that is in no calendar too.

use model::contract::{DateSystem, PointOne};
use model::{Field, FieldType, Period, text};

use crate::grid::Cell;
use crate::values::{Good, Missing, Note, Problem, Value};
use crate::{header, numerals};

/// What a column says about its dates as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dating {
    /// The year of periods that name none: that of the title, else of the delivery.
    pub(crate) year: Option<u16>,
    /// The month that `2016.1` is, if it could be decided.
    pub(crate) point_one: Option<PointOne>,
}

/// What a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stated {
    /// A day.
    Day(u16, u16, u16),
    /// A calendar period.
    Whole(Period),
    /// Months from … to.
    Span((u16, u16), (u16, u16)),
}

/// What systems write into a day they do not know (1900-01-01, 0000-00-00), or that never comes (9999-12-31, 长期).
pub(crate) fn placeholder(cell: &Cell) -> Option<Missing> {
    let shown = text::narrow(&text::tidy(&cell.shown()));
    let plain = shown.split([' ', 'T']).next().unwrap_or_default();
    match plain.replace(['/', '.'], "-").as_str() {
        "长期" | "永久" | "长期有效" | "无固定期限" => return Some(Missing::NotApplicable),
        "0000-00-00" | "1900-01-00" | "1900-1-0" => return Some(Missing::NotAvailable),
        _ => {}
    }
    match stated(plain, DateSystem::default(), Dating::default()) {
        Ok(Stated::Day(1899, 12, 30 | 31) | Stated::Day(1900, 1, 1)) => Some(Missing::NotAvailable),
        Ok(Stated::Day(9999, 12, 31)) => Some(Missing::NotApplicable),
        _ => None,
    }
}

/// Reads a cell of a `date`, `month` or `period` field.
pub(crate) fn read(cell: &Cell, field: &Field, dating: Dating) -> Result<Value, Problem> {
    let stated = stated(&cell.shown(), field.date_system, dating)?;
    match field.kind {
        FieldType::Date => match stated {
            Stated::Day(year, month, day) => day_number(year, month, day).map(Value::Date),
            _ => Err(Problem::NotADay),
        },
        FieldType::Month => match stated {
            Stated::Day(year, month, _) => Ok(Value::Text(month_text(year, month))),
            Stated::Whole(period) if period.grain() == model::period::Grain::Month => {
                Ok(Value::Text(period.to_string()))
            }
            Stated::Whole(period) if field.cumulative => {
                Ok(Value::Text(period.days().1.chars().take(7).collect()))
            }
            Stated::Span((from, 1), (to, month)) if field.cumulative && from == to => {
                Ok(Value::Text(month_text(to, month)))
            }
            _ => Err(Problem::NotAMonth),
        },
        _ => Ok(Value::Text(match stated {
            Stated::Day(year, month, _) => month_text(year, month),
            Stated::Whole(period) => period.to_string(),
            Stated::Span((from, first), (to, last)) => {
                format!("{}/{}", month_text(from, first), month_text(to, last))
            }
        })),
    }
}

/// Reads a cell of a `datetime` field. Without a clock time it is the day's midnight, and told.
pub(crate) fn moment(cell: &Cell, field: &Field, dating: Dating) -> Result<Good, Problem> {
    let shown = text::narrow(&text::tidy(&cell.shown()));
    let Stated::Day(year, month, day) = stated(&shown, field.date_system, dating)? else {
        return Err(Problem::NotADay);
    };
    let midnight = i64::from(day_number(year, month, day)?) * 86_400;
    let Some((_, time)) = shown.split_once([' ', 'T']) else {
        return Ok(Good { value: Value::Moment(midnight), notes: vec![Note::NoClockTime] });
    };
    let parts: Vec<&str> = time.split(':').collect();
    let part = |at: usize, below: i64| match parts.get(at) {
        None => Ok(0),
        Some(part) => {
            let number = part.split('.').next().and_then(|part| part.parse::<i64>().ok());
            number.filter(|number| (0..below).contains(number)).ok_or(Problem::NoSuchDay)
        }
    };
    let seconds = part(0, 24)? * 3600 + part(1, 60)? * 60 + part(2, 60)?;
    Ok(Value::Moment(midnight + seconds).into())
}

/// A moment as `YYYY-MM-DD HH:MM:SS`.
pub(crate) fn moment_text(seconds: i64) -> String {
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let day = day_text(i32::try_from(day).unwrap_or_default());
    format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The year and the decimals of a month typed as a decimal: `2016.1` → (2016, `1`).
pub(crate) fn decimal_month(cell: &Cell) -> Option<(u16, String)> {
    let plain = text::squeeze(&cell.shown());
    let (year, month) = plain.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (year.len() == 4 && month.len() <= 2 && digits(year) && digits(month))
        .then(|| Some((year.parse().ok()?, month.to_owned())))
        .flatten()
}

/// The first year written with 年 in a text.
pub(crate) fn year_in(title: &str) -> Option<u16> {
    let plain = arabic(&text::squeeze(title));
    plain.match_indices('年').find_map(|(at, _)| {
        let digits: String = plain.get(..at)?.chars().rev().take_while(char::is_ascii_digit).collect();
        let year = digits.chars().rev().collect::<String>().parse().ok()?;
        (digits.len() == 4 && (1900..2100).contains(&year)).then_some(year)
    })
}

fn month_text(year: u16, month: u16) -> String {
    format!("{year:04}-{month:02}")
}

fn stated(shown: &str, system: DateSystem, dating: Dating) -> Result<Stated, Problem> {
    let shown = text::narrow(numerals::without_mark(header::without_mark(shown)));
    let shown = shown.trim();
    // A day with a clock time keeps its day.
    let shown = match shown.split_once([' ', 'T']) {
        Some((day, time)) if is_clock(time) => day,
        _ => shown,
    };
    let plain = text::squeeze(shown).replace(['−', '–', '―', '—', '~', '～', '至', '到'], "-");
    // 截至 begins with a sign that was just made a dash.
    let plain = arabic(&plain.replace("--", "-"));
    let plain = plain.trim_start_matches("截-").trim_start_matches("截止").trim_start_matches('第');
    let plain = plain.trim_end_matches(['底', '末', '份']).trim_end_matches("累计");
    let mut numbers: Vec<&str> = Vec::new();
    let mut shape = String::new();
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            shape.push(first);
            rest = rest.strip_prefix(first).unwrap_or_default();
        } else {
            let (number, after) = rest.split_at(digits);
            numbers.push(number);
            shape.push('N');
            rest = after;
        }
    }
    if numbers.iter().any(|number| number.len() > 8) {
        return Err(Problem::NotADate);
    }
    let parsed: Vec<u32> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    of_shape(&shape, &numbers, &parsed, system, dating)
}

fn of_shape(
    shape: &str,
    numbers: &[&str],
    parsed: &[u32],
    system: DateSystem,
    dating: Dating,
) -> Result<Stated, Problem> {
    let own = || dating.year.ok_or(Problem::NoYear);
    let short = |at: usize| parsed.get(at).and_then(|n| u16::try_from(*n).ok()).ok_or(Problem::NotADate);
    let year = |at: usize| {
        let written = short(at)?;
        match numbers.get(at).map(|number| number.len()) {
            Some(4) if written > 0 => Ok(written),
            // Two digits: of the century that does not lie far ahead.
            Some(2) => Ok(if written < 70 { 2000 + written } else { 1900 + written }),
            _ => Err(Problem::NotADate),
        }
    };
    let whole = |text: String| text.parse().map(Stated::Whole).map_err(|_| Problem::NoSuchDay);
    let month = |year: u16, month: u16| whole(month_text(year, month));
    let span = |from: (u16, u16), to: (u16, u16)| {
        let calendar = [from, to].iter().all(|(_, month)| (1..=12).contains(month)) && from <= to;
        if calendar { Ok(Stated::Span(from, to)) } else { Err(Problem::NoSuchDay) }
    };
    // From the first month of one quarter to the last of another.
    let quarters = |year: u16, from: u16, to: u16| match (from, to) {
        (1..=4, 1..=4) => span((year, from * 3 - 2), (year, to * 3)),
        _ => Err(Problem::NoSuchDay),
    };
    let day =
        |year: u16, month: u16, day: u16| day_number(year, month, day).map(|_| Stated::Day(year, month, day));
    match shape {
        "N" => match (numbers.first().map(|number| number.len()), parsed.first()) {
            (Some(8), Some(n)) => day(low(n / 10_000), low(n / 100 % 100), low(n % 100)),
            (Some(6), Some(n)) => month(low(n / 100), low(n % 100)),
            (Some(5), Some(n)) => of_serial(*n, system),
            (Some(4), Some(n)) if (1900..2100).contains(n) => whole(n.to_string()),
            _ => Err(Problem::NotADate),
        },
        "N年" | "N年度" | "N年全年" => whole(format!("{:04}", year(0)?)),
        "全年" => whole(format!("{:04}", own()?)),
        "N.N" if numbers.get(1) == Some(&"1") => match dating.point_one {
            Some(PointOne::January) => month(year(0)?, 1),
            Some(PointOne::October) => month(year(0)?, 10),
            None => Err(Problem::MonthUndecided),
        },
        "N年N月" | "N-N" | "N-N月" | "N/N" | "N.N" if numbers.first().is_some_and(|n| n.len() == 4) => {
            month(year(0)?, short(1)?)
        }
        "N年N月" => month(year(0)?, short(1)?),
        "N月" => month(own()?, short(0)?),
        "N年N月N日" | "N年N月N" | "N-N-N" | "N/N/N" | "N.N.N" => day(year(0)?, short(1)?, short(2)?),
        "N年N-N月" | "N年N月-N月" => {
            let year = year(0)?;
            span((year, short(1)?), (year, short(2)?))
        }
        "N-N月" | "N月-N月" => {
            let year = own()?;
            span((year, short(0)?), (year, short(1)?))
        }
        "N年前N月" | "N年前N个月" => span((year(0)?, 1), (year(0)?, short(1)?)),
        "前N月" | "前N个月" => span((own()?, 1), (own()?, short(0)?)),
        "N年前N季度" | "N年前N个季度" => quarters(year(0)?, 1, short(1)?),
        "前N季度" | "前N个季度" => quarters(own()?, 1, short(0)?),
        "N年N-N季度" | "N年第N-N季度" | "N年N季度-N季度" | "N年第N季度-第N季度" => {
            quarters(year(0)?, short(1)?, short(2)?)
        }
        "N-N季度" | "N季度-N季度" => quarters(own()?, short(0)?, short(1)?),
        "N年N月-N年N月" => span((year(0)?, short(1)?), (year(2)?, short(3)?)),
        "N年第N季度" | "N年N季度" | "NQN" | "N-QN" => whole(format!("{:04}-Q{}", year(0)?, short(1)?)),
        "N季度" => whole(format!("{:04}-Q{}", own()?, short(0)?)),
        "N-HN" => whole(format!("{:04}-H{}", year(0)?, short(1)?)),
        "N年上半年" => whole(format!("{:04}-H1", year(0)?)),
        "N年下半年" => whole(format!("{:04}-H2", year(0)?)),
        "上半年" => whole(format!("{:04}-H1", own()?)),
        "下半年" => whole(format!("{:04}-H2", own()?)),
        _ => Err(Problem::NotADate),
    }
}

fn low(number: u32) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

fn is_clock(time: &str) -> bool {
    let parts = time.split(':').count();
    (2..=3).contains(&parts) && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'))
}

/// Chinese numerals as digits: 二〇二四 → 2024, 十二 → 12, 二十一 → 21.
fn arabic(plain: &str) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| match c {
        '零' | '○' => Some(0),
        _ => DIGITS.iter().position(|digit| *digit == c),
    };
    let mut written = String::new();
    let mut run: Vec<char> = Vec::new();
    let flush = |run: &mut Vec<char>, written: &mut String| {
        if let Some(ten) = run.iter().position(|c| *c == '十') {
            let part = |part: &[char], none: usize| part.first().map_or(Some(none), |c| digit(*c));
            let (before, after) = run.split_at(ten);
            if let (Some(tens), Some(ones)) = (part(before, 1), part(after.get(1..).unwrap_or_default(), 0)) {
                written.push_str(&(tens * 10 + ones).to_string());
            }
        } else {
            written.extend(run.iter().filter_map(|c| digit(*c)).map(|number| number.to_string()));
        }
        run.clear();
    };
    for c in plain.chars() {
        if c == '十' || digit(c).is_some() {
            run.push(c);
        } else {
            flush(&mut run, &mut written);
            written.push(c);
        }
    }
    flush(&mut run, &mut written);
    written
}

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
fn of_day_number(days: i32) -> (i32, i32, i32) {
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

/// Five digits are the day number of a workbook.
fn of_serial(serial: u32, system: DateSystem) -> Result<Stated, Problem> {
    let from = match system {
        DateSystem::From1900 => 25_569,
        DateSystem::From1904 => 24_107,
    };
    let days = i32::try_from(serial).map_err(|_| Problem::NotADate)? - from;
    let (year, month, day) = of_day_number(days);
    let part = |part: i32| u16::try_from(part).map_err(|_| Problem::NotADate);
    Ok(Stated::Day(part(year)?, part(month)?, part(day)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(raw: &str, kind: &str, more: &str, point_one: Option<PointOne>) -> String {
        let field: Field =
            toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{more}")).unwrap();
        let dating = Dating { year: Some(2024), point_one };
        match read(&Cell::Text(raw.into()), &field, dating) {
            Ok(Value::Text(text)) => text,
            Ok(Value::Date(days)) => day_text(days),
            Ok(other) => format!("{other:?}"),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn days_months_and_periods() {
        for (raw, kind, expected) in [
            ("45352", "date", "2024-03-01"),
            ("2024/3/1", "date", "2024-03-01"),
            ("24-3-1", "date", "2024-03-01"),
            ("2024年3月1日", "date", "2024-03-01"),
            ("20240301", "date", "2024-03-01"),
            ("2024-03-01 08:30:00", "date", "2024-03-01"),
            ("2024-02-30", "date", "NoSuchDay"),
            ("2023-02-29", "date", "NoSuchDay"),
            ("20241301", "date", "NoSuchDay"),
            ("2024年3月", "date", "NotADay"),
            ("3/1/2024", "date", "NotADate"),
            ("去年", "date", "NotADate"),
            ("2024年3月", "month", "2024-03"),
            ("2024.3", "month", "2024-03"),
            ("2024.03", "month", "2024-03"),
            ("2024.10", "month", "2024-10"),
            ("202403", "month", "2024-03"),
            ("45352", "month", "2024-03"),
            ("二〇二四年三月", "month", "2024-03"),
            ("二〇二四年十二月", "month", "2024-12"),
            ("截至3月底", "month", "2024-03"),
            ("３月份", "month", "2024-03"),
            ("2024-13", "month", "NoSuchDay"),
            ("1-3月", "month", "NotAMonth"),
            ("一季度", "month", "NotAMonth"),
            ("2024年1-3月", "period", "2024-01/2024-03"),
            ("1—3月", "period", "2024-01/2024-03"),
            ("1月至3月", "period", "2024-01/2024-03"),
            ("2023年11月-2024年2月", "period", "2023-11/2024-02"),
            ("一季度", "period", "2024-Q1"),
            ("2023年第四季度", "period", "2023-Q4"),
            ("五季度", "period", "NoSuchDay"),
            ("2024年前三季度", "period", "2024-01/2024-09"),
            ("前三季度", "period", "2024-01/2024-09"),
            ("2024年1-3季度", "period", "2024-01/2024-09"),
            ("二至四季度", "period", "2024-04/2024-12"),
            ("2024年第一季度至第三季度", "period", "2024-01/2024-09"),
            ("2024年前三个季度", "period", "2024-01/2024-09"),
            ("2024年前9个月", "period", "2024-01/2024-09"),
            ("前十一个月", "period", "2024-01/2024-11"),
            ("前五季度", "period", "NoSuchDay"),
            ("2024年3-1季度", "period", "NoSuchDay"),
            ("2024年²", "period", "2024"),
            ("2024²", "period", "2024"),
            ("3月①", "month", "2024-03"),
            ("上半年", "period", "2024-H1"),
            ("2023年", "period", "2023"),
            ("2024-03", "period", "2024-03"),
            ("2024-Q3", "period", "2024-Q3"),
        ] {
            assert_eq!(read_as(raw, kind, "", None), expected, "{raw} as {kind}");
        }
        assert_eq!(read_as("43890", "date", "date_system = \"1904\"", None), "2024-03-01");
        for (raw, expected) in
            [("1-3月", "2024-03"), ("2024年1-3月", "2024-03"), ("上半年", "2024-06"), ("前三季度", "2024-09")]
        {
            assert_eq!(read_as(raw, "month", "cumulative = true", None), expected, "{raw}");
        }
        assert_eq!(read_as("2-3月", "month", "cumulative = true", None), "NotAMonth");
        assert_eq!(read_as("2016.1", "month", "", None), "MonthUndecided");
        assert_eq!(read_as("2016.1", "month", "", Some(PointOne::October)), "2016-10");
        assert_eq!(year_in("温州市二〇二三年主要指标（2022年）"), Some(2023));
    }

    #[test]
    fn days_that_mean_none() {
        for (raw, expected) in [
            ("1900-01-01", Some(Missing::NotAvailable)),
            ("1900/1/1", Some(Missing::NotAvailable)),
            ("0000-00-00", Some(Missing::NotAvailable)),
            ("1899-12-31", Some(Missing::NotAvailable)),
            ("9999-12-31", Some(Missing::NotApplicable)),
            ("9999-12-31 00:00:00", Some(Missing::NotApplicable)),
            ("99991231", Some(Missing::NotApplicable)),
            ("长期", Some(Missing::NotApplicable)),
            ("1900-01-02", None),
            ("2024-12-31", None),
            ("45352", None),
        ] {
            assert_eq!(placeholder(&Cell::Text(raw.into())), expected, "{raw}");
        }
    }

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
