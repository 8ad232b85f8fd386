//! Periods: a year, half-year, quarter or month, written `2024`, `2024-H1`, `2024-Q3`, `2024-10`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How long a period is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A calendar year.
    Year,
    /// A half-year.
    Half,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
}

impl Grain {
    /// The name used in tables: `year`, `half`, `quarter`, `month`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Half => "half",
            Self::Quarter => "quarter",
            Self::Month => "month",
        }
    }

    fn months(self) -> u32 {
        match self {
            Self::Year => 12,
            Self::Half => 6,
            Self::Quarter => 3,
            Self::Month => 1,
        }
    }
}

/// A calendar period. Ordered by its first day, longer periods first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: u16,
    /// First month, 1–12.
    month: u8,
    grain: Grain,
}

impl Period {
    /// A calendar year.
    pub fn of_year(year: u16) -> Self {
        Self { year, month: 1, grain: Grain::Year }
    }

    /// The year it lies in.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// Its length.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The periods of a length that lie in it, in order; none that is longer.
    pub fn parts(&self, grain: Grain) -> Vec<Self> {
        let (months, each) = (self.grain.months(), grain.months());
        let first = |part: u32| u8::try_from(u32::from(self.month) + part * each);
        let months = (0..months / each).filter_map(|part| first(part).ok());
        months.map(|month| Self { year: self.year, month, grain }).collect()
    }

    /// Whether another period lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        let (first, last) = self.days();
        let (other_first, other_last) = other.days();
        first <= other_first && other_last <= last
    }

    /// First and last day as `YYYY-MM-DD`.
    pub fn days(&self) -> (String, String) {
        let year = u32::from(self.year);
        let last_month = u32::from(self.month) + self.grain.months() - 1;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last_day = match last_month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (format!("{year:04}-{:02}-01", self.month), format!("{year:04}-{last_month:02}-{last_day:02}"))
    }

    /// The Chinese name: `2024年`, `2024年上半年`, `2024年第三季度`, `2024年10月`.
    pub fn name_zh(&self) -> String {
        let part = usize::from(self.month - 1) / self.grain.months() as usize;
        match self.grain {
            Grain::Year => format!("{}年", self.year),
            Grain::Half => format!("{}年{}", self.year, ["上半年", "下半年"][part]),
            Grain::Quarter => format!("{}年第{}季度", self.year, ["一", "二", "三", "四"][part]),
            Grain::Month => format!("{}年{}月", self.year, self.month),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = u32::from(self.month - 1) / self.grain.months() + 1;
        match self.grain {
            Grain::Year => write!(f, "{:04}", self.year),
            Grain::Half => write!(f, "{:04}-H{part}", self.year),
            Grain::Quarter => write!(f, "{:04}-Q{part}", self.year),
            Grain::Month => write!(f, "{:04}-{part:02}", self.year),
        }
    }
}

/// A text that is no period.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no period: expected 2024, 2024-H1, 2024-Q3 or 2024-10")]
pub struct NotAPeriod(String);

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAPeriod(text.to_owned());
        let digits = |part: &str, count: usize| {
            (part.len() == count && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        let (year, rest) = match text.split_once('-') {
            None => (text, None),
            Some((year, rest)) => (year, Some(rest)),
        };
        let year = digits(year, 4).filter(|year| *year > 0).ok_or_else(wrong)?;
        let (grain, part) = match rest {
            None => (Grain::Year, Some(1)),
            Some(rest) => match rest.strip_prefix('H') {
                Some(half) => (Grain::Half, digits(half, 1)),
                None => match rest.strip_prefix('Q') {
                    Some(quarter) => (Grain::Quarter, digits(quarter, 1)),
                    None => (Grain::Month, digits(rest, 2)),
                },
            },
        };
        let months = u16::try_from(grain.months()).map_err(|_| wrong())?;
        let part = part.filter(|part| (1..=12 / months).contains(part)).ok_or_else(wrong)?;
        let month = u8::try_from((part - 1) * months + 1).map_err(|_| wrong())?;
        Ok(Self { year, month, grain })
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$",
            "description": "2024, 2024-H1, 2024-Q3 or 2024-10"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_reads() {
        for text in ["2024", "2024-H1", "2024-H2", "2024-Q3", "2024-10", "2024-02"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in
            ["", "24", "2024-13", "2024-00", "2024-H3", "2024-Q0", "2024-1", "２０２４", "2024-Q+1", "0000"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn falls_into_parts() {
        let parts = |text: &str, grain| -> Vec<String> {
            text.parse::<Period>().unwrap().parts(grain).iter().map(ToString::to_string).collect()
        };
        assert_eq!(parts("2024", Grain::Quarter), ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]);
        assert_eq!(parts("2024-H2", Grain::Month).first().map(String::as_str), Some("2024-07"));
        assert_eq!(parts("2024-H2", Grain::Month).len(), 6);
        assert_eq!(parts("2024-Q3", Grain::Quarter), ["2024-Q3"]);
        assert_eq!(parts("2024-Q3", Grain::Year), Vec::<String>::new());
        let within = |a: &str, b: &str| a.parse::<Period>().unwrap().contains(&b.parse().unwrap());
        assert!(within("2024", "2024-12") && within("2024-Q4", "2024-12") && within("2024-12", "2024-12"));
        assert!(!within("2024-Q4", "2024-09") && !within("2024-12", "2024"));
    }

    #[test]
    fn knows_its_days_and_name() {
        let days = |text: &str| text.parse::<Period>().unwrap().days();
        assert_eq!(days("2024-02"), ("2024-02-01".into(), "2024-02-29".into()));
        assert_eq!(days("2023-H2"), ("2023-07-01".into(), "2023-12-31".into()));
        assert_eq!(days("2023-Q2"), ("2023-04-01".into(), "2023-06-30".into()));
        assert_eq!("2024-Q4".parse::<Period>().unwrap().name_zh(), "2024年第四季度");
        assert_eq!("2024-10".parse::<Period>().unwrap().name_zh(), "2024年10月");
    }
}
