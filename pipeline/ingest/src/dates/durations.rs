//! Durations where a day is expected (`5个工作日内`, `3天`, `24小时`), and the day they lead to.
//!
//! Nothing here knows rows or contracts: what a duration is counted from is handed in. Working days are those of
//! [`model::WorkingDays`]; plain days and hours are those of the clock, whatever people do on them. The day a duration
//! begins on is not counted, hours count from the moment itself (民法典第二百零一条), and the clock time stays.

use model::{FieldType, WorkingDays, text};

use super::calendar::{SECONDS, day_and_clock};
use super::written::arabic;
use crate::values::Value;

/// A length of time as a cell states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration {
    count: u16,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    WorkingDays,
    Days,
    Hours,
}

/// What a duration begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// A day, as its number.
    Day(i32),
    /// A moment, in seconds.
    Moment(i64),
}

impl Begin {
    /// The beginning a value is, if it is a day or moment.
    pub(crate) fn at(value: &Value) -> Option<Self> {
        match value {
            Value::Date(day) => Some(Self::Day(*day)),
            Value::Moment(seconds) => Some(Self::Moment(*seconds)),
            _ => None,
        }
    }
}

impl Duration {
    /// The duration a text states in a field of days; `None` if it states none. `3日` may be the third of a month, `3日内` not;
    /// hours say something of a moment only.
    pub(crate) fn stated(shown: &str, kind: FieldType) -> Option<Self> {
        if !kind.is_day() {
            return None;
        }
        let plain = arabic(&text::squeeze(shown));
        let within = ["以内", "之内", "内"].iter().find_map(|word| plain.strip_suffix(word));
        let stated = within.unwrap_or(&plain);
        let digits = stated.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = stated.split_at(digits);
        let unit = match unit {
            "个工作日" | "工作日" | "个工作天" | "工作天" => Unit::WorkingDays,
            "天" | "个自然日" | "自然日" | "个日历日" | "日历日" | "日历天" => Unit::Days,
            "日" if within.is_some() => Unit::Days,
            "小时" | "个小时" if kind == FieldType::Datetime => Unit::Hours,
            _ => return None,
        };
        // Four digits are 27 years; what is longer is no deadline.
        let count = (count.len() <= 4).then(|| count.parse().ok()).flatten()?;
        Some(Self { count, unit })
    }

    /// Where it ends if it begins at a day or moment: a value of the type of the field.
    ///
    /// # Errors
    /// The first year that is looked at and not in the calendar of working days.
    pub(crate) fn after(self, start: Begin, kind: FieldType, calendar: &WorkingDays) -> Result<Value, i32> {
        let (day, clock) = match start {
            Begin::Day(day) => (day, 0),
            Begin::Moment(seconds) => day_and_clock(seconds),
        };
        let count = i64::from(self.count);
        let (day, clock) = match self.unit {
            Unit::WorkingDays => (calendar.after(day, self.count)?, clock),
            Unit::Days => (day.saturating_add(self.count.into()), clock),
            Unit::Hours => day_and_clock(i64::from(day) * SECONDS + clock + count * 3600),
        };
        Ok(match kind {
            FieldType::Datetime => Value::Moment(i64::from(day) * SECONDS + clock),
            _ => Value::Date(day),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_they_are_written() {
        let working = |count| Some(Duration { count, unit: Unit::WorkingDays });
        let days = |count| Some(Duration { count, unit: Unit::Days });
        for (raw, expected) in [
            ("5个工作日", working(5)),
            ("5个工作日内", working(5)),
            ("5 个工作日", working(5)),
            ("５个工作日以内", working(5)),
            ("五个工作日", working(5)),
            ("十五个工作日之内", working(15)),
            ("两个工作日", working(2)),
            ("20工作日", working(20)),
            ("0个工作日", working(0)),
            ("3天", days(3)),
            ("三十日内", days(30)),
            ("3个自然日", days(3)),
            ("3日", None),
            ("半天", None),
            ("0.5个工作日", None),
            ("3-5个工作日", None),
            ("个工作日", None),
            ("12345天", None),
            ("第5个工作日", None),
            ("1个月", None),
            ("2024-03-01", None),
            ("24小时", Some(Duration { count: 24, unit: Unit::Hours })),
        ] {
            assert_eq!(Duration::stated(raw, FieldType::Datetime), expected, "{raw}");
        }
        assert_eq!(Duration::stated("24小时", FieldType::Date), None);
        assert_eq!(Duration::stated("5个工作日", FieldType::Date), working(5));
        assert_eq!(Duration::stated("5个工作日", FieldType::Month), None);
    }

    #[test]
    fn ends_keep_the_clock_and_the_type() {
        let day = |text: &str| model::day::parse(text).unwrap();
        let seconds = |text: &str, clock: i64| i64::from(day(text)) * SECONDS + clock;
        let moment = |text: &str, clock: i64| Value::Moment(seconds(text, clock));
        let mut calendar = WorkingDays::default();
        calendar.add("2024-06-10", "rest", "2024").unwrap();
        let end = |raw: &str, start: Begin, kind: FieldType| {
            Duration::stated(raw, kind).unwrap().after(start, kind, &calendar).unwrap()
        };
        let friday = Begin::Moment(seconds("2024-06-07", 63_000));
        let (date, datetime) = (FieldType::Date, FieldType::Datetime);
        assert_eq!(end("1个工作日", friday, datetime), moment("2024-06-11", 63_000));
        assert_eq!(end("1个工作日", friday, date), Value::Date(day("2024-06-11")));
        assert_eq!(end("1个工作日", Begin::Day(day("2024-06-07")), date), Value::Date(day("2024-06-11")));
        assert_eq!(end("3天", friday, datetime), moment("2024-06-10", 63_000));
        assert_eq!(end("30小时", friday, datetime), moment("2024-06-08", 84_600));
        assert_eq!(end("36小时", friday, datetime), moment("2024-06-09", 19_800));
    }
}
