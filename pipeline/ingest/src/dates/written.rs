//! What a text says of time, from its shape: a day, a calendar period, a span of months.
//!
//! A text is brought to digits and signs, and its *shape* (each run of digits as `N`) says what stands where. What has
//! no shape of the list is refused; a day that is in no calendar too.

use ecow::{EcoString, eco_format};
use model::contract::{DateSystem, PointOne};
use model::{Period, text};

use super::Dating;
use super::calendar::day_number;
use crate::values::Problem;
use crate::{header, numerals};

/// What a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stated {
    /// A day.
    Day(u16, u16, u16),
    /// A calendar period.
    Whole(Period),
    /// Months from … to.
    Span((u16, u16), (u16, u16)),
}

/// A month as `YYYY-MM`.
pub(super) fn month_text(year: u16, month: u16) -> EcoString {
    eco_format!("{year:04}-{month:02}")
}

/// A day as most systems write it, `2024-03-01`, as year, month, day: of the calendar or not.
pub(super) fn plain_day(text: &str) -> Option<(u16, u16, u16)> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        bytes.get(from..to)?.iter().try_fold(0_u16, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u16::from(byte - b'0'))
        })
    };
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    Some((number(0, 4)?, number(5, 7)?, number(8, 10)?))
}

/// What a text states in a column.
pub(super) fn stated(shown: &str, system: DateSystem, dating: Dating) -> Result<Stated, Problem> {
    if let Some((year, month, day)) = plain_day(shown).filter(|(year, ..)| *year > 0) {
        return day_number(year, month, day).map(|_| Stated::Day(year, month, day));
    }
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
    let whole = |text: EcoString| text.parse().map(Stated::Whole).map_err(|_| Problem::NoSuchDay);
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
            (Some(4), Some(n)) if (1900..2100).contains(n) => whole(eco_format!("{n}")),
            _ => Err(Problem::NotADate),
        },
        "N年" | "N年度" | "N年全年" => whole(eco_format!("{:04}", year(0)?)),
        "全年" => whole(eco_format!("{:04}", own()?)),
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
        "N年第N季度" | "N年N季度" | "NQN" | "N-QN" => {
            whole(eco_format!("{:04}-Q{}", year(0)?, short(1)?))
        }
        "N季度" => whole(eco_format!("{:04}-Q{}", own()?, short(0)?)),
        "N-HN" => whole(eco_format!("{:04}-H{}", year(0)?, short(1)?)),
        "N年上半年" => whole(eco_format!("{:04}-H1", year(0)?)),
        "N年下半年" => whole(eco_format!("{:04}-H2", year(0)?)),
        "上半年" => whole(eco_format!("{:04}-H1", own()?)),
        "下半年" => whole(eco_format!("{:04}-H2", own()?)),
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
pub(super) fn arabic(plain: &str) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| match c {
        '零' | '○' => Some(0),
        '两' => Some(2),
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

/// Five digits are the day number of a workbook.
fn of_serial(serial: u32, system: DateSystem) -> Result<Stated, Problem> {
    let from = match system {
        DateSystem::From1900 => 25_569,
        DateSystem::From1904 => 24_107,
    };
    let days = i32::try_from(serial).map_err(|_| Problem::NotADate)? - from;
    let (year, month, day) = model::day::date(days);
    let part = |part: i32| u16::try_from(part).map_err(|_| Problem::NotADate);
    Ok(Stated::Day(part(year)?, part(month)?, part(day)?))
}
