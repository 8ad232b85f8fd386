//! Days, months and periods as bureaus write them: `2024年3月`, `2024.3`, `202403`, `24-3-1`, `1-3月`, `一季度`,
//! `截至3月底`, and the day numbers of workbooks.
//!
//! What a text states is read in `written`; here it becomes the value of a field, if it is of the field's type.

mod calendar;
mod durations;
mod written;

use ecow::eco_format;
use model::contract::PointOne;
use model::{Field, FieldType, text};

pub(crate) use self::calendar::{day_number, day_text, moment_text};
pub(crate) use self::durations::{Begin, Duration};
use self::written::{Stated, arabic, month_text, plain_day, stated};
use crate::grid::Cell;
use crate::values::{Good, Missing, Note, Problem, Value};

/// What a column says about its dates as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dating {
    /// The year of periods that name none: that of the title, else of the delivery.
    pub(crate) year: Option<u16>,
    /// The month that `2016.1` is, if it could be decided.
    pub(crate) point_one: Option<PointOne>,
}

/// What systems write into a day they do not know (1900-01-01, 0000-00-00), or that never comes (9999-12-31, 长期).
pub(crate) fn placeholder(cell: &Cell) -> Option<Missing> {
    if is_usual_day(cell) {
        return None;
    }
    let shown = text::narrow(&text::tidy(&cell.shown()));
    let plain = shown.split([' ', 'T']).next().unwrap_or_default();
    match plain.replace(['/', '.'], "-").as_str() {
        "长期" | "永久" | "长期有效" | "无固定期限" => return Some(Missing::NotApplicable),
        "0000-00-00" | "1900-01-00" | "1900-1-0" => return Some(Missing::NotAvailable),
        _ => {}
    }
    match stated(plain, model::contract::DateSystem::default(), Dating::default()) {
        Ok(Stated::Day(1899, 12, 30 | 31) | Stated::Day(1900, 1, 1)) => Some(Missing::NotAvailable),
        Ok(Stated::Day(9999, 12, 31)) => Some(Missing::NotApplicable),
        _ => None,
    }
}

/// Reads a cell of a `date`, `month` or `period` field.
pub(crate) fn read(cell: &Cell, field: &Field, dating: Dating) -> Result<Value, Problem> {
    let shown = cell.shown();
    let stated = stated(&shown, field.date_system, dating).map_err(or_duration(&shown, field))?;
    match field.kind {
        FieldType::Date => match stated {
            Stated::Day(year, month, day) => day_number(year, month, day).map(Value::Date),
            _ => Err(Problem::NotADay),
        },
        FieldType::Month => match stated {
            Stated::Day(year, month, _) => Ok(Value::Text(month_text(year, month))),
            Stated::Whole(period) if period.grain() == model::period::Grain::Month => {
                Ok(Value::Text(period.to_string().into()))
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
            Stated::Whole(period) => period.to_string().into(),
            Stated::Span((from, first), (to, last)) => {
                eco_format!("{}/{}", month_text(from, first), month_text(to, last))
            }
        })),
    }
}

/// Reads a cell of a `datetime` field. Without a clock time it is the day's midnight, and told.
pub(crate) fn moment(cell: &Cell, field: &Field, dating: Dating) -> Result<Good, Problem> {
    let shown = text::narrow(&text::tidy(&cell.shown()));
    let stated = stated(&shown, field.date_system, dating).map_err(or_duration(&shown, field))?;
    let Stated::Day(year, month, day) = stated else {
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

/// What is wrong with a text that is no date, said better where it states a duration.
fn or_duration(shown: &str, field: &Field) -> impl FnOnce(Problem) -> Problem {
    move |problem| {
        let is_duration = problem == Problem::NotADate && Duration::stated(shown, field.kind).is_some();
        if is_duration { Problem::Duration } else { problem }
    }
}

/// Whether a cell is a day as most systems write it, `2024-03-01`: digits and dashes in ten places.
pub(crate) fn is_plain_day(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if plain_day(text).is_some())
}

/// Whether a cell is such a day, and one that nobody writes for another reason than that it is meant.
pub(crate) fn is_usual_day(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if plain_day(text).is_some_and(is_usual))
}

/// Whether no system writes this day for another reason than that it is meant.
fn is_usual((year, month, day): (u16, u16, u16)) -> bool {
    (1901..9999).contains(&year) || (year == 1900 && (month, day) > (1, 1))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(raw: &str, kind: &str, more: &str, point_one: Option<PointOne>) -> String {
        let field: Field =
            toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{more}")).unwrap();
        let dating = Dating { year: Some(2024), point_one };
        match read(&Cell::Text(raw.into()), &field, dating) {
            Ok(Value::Text(text)) => text.into(),
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
}
