//! `assessment.toml`: the place, the edition, the periods, the folders and thresholds of one assessment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::period::Period;

/// One assessment folder.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Stable ASCII identifier.
    pub id: String,
    /// Chinese title, as printed on covers.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// The place assessed, e.g. 温州市.
    pub place_zh: String,
    /// What this is: a real assessment, a demonstration on published figures, or invented data.
    pub nature: Nature,
    /// Who publishes it.
    pub publisher_zh: String,
    /// The published round.
    pub edition: Edition,
    /// The periods that queries return values for, in order.
    pub periods: Vec<Period>,
    /// Where things lie, relative to the assessment folder.
    #[serde(default)]
    pub folders: Folders,
    /// When a run counts as failed.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// An invented city stands for the deliveries; only where the nature is `synthetic`.
    #[serde(default)]
    pub sample: Option<Sample>,
}

/// Which sample of the invented city a run reads. It is written by the first run: `folders.extracts` must end with
/// `/extracts`, and the truth comes to lie beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// `mini`, `small`, `city`, `province` or `nation`.
    pub scale: String,
    /// The seed: the same seed gives the same bytes.
    pub seed: u64,
}

/// What the results of an assessment are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A real assessment of real units.
    Assessment,
    /// A demonstration on published figures: nothing in it rates anyone.
    Demonstration,
    /// Invented data about invented units; every page says so.
    Synthetic,
}

impl Nature {
    /// The name used in definitions and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Demonstration => "demonstration",
            Self::Synthetic => "synthetic",
        }
    }

    /// What every page and printed table of invented data says.
    pub fn mark(self) -> Option<&'static str> {
        (self == Self::Synthetic).then_some("虚构数据 SYNTHETIC DATA")
    }
}

/// One published round.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Name of the round, e.g. `2025`.
    pub id: String,
    /// The date printed in reports and stored in PDFs, `YYYY-MM-DD`. Nothing reads the clock.
    pub date: String,
    /// The last day, `YYYY-MM-DD`, on which what is received still stands for the edition. Later deliveries are read,
    /// told and counted as late; none of their rows stands, and they supersede nothing. Absent: all stand.
    #[serde(default)]
    pub data_cut_off: Option<String>,
}

impl Edition {
    /// Whether a delivery came after the cut-off. Days are texts `YYYY-MM-DD`, which sort as they follow.
    pub fn is_late(&self, delivery: &crate::Delivery) -> bool {
        self.data_cut_off.as_ref().is_some_and(|cut_off| delivery.received_on > *cut_off)
    }

    /// Year, month and day of the edition, if the date is one.
    pub fn year_month_day(&self) -> Option<(u16, u8, u8)> {
        calendar_date(&self.date)
    }
}

/// Year, month and day of a text `YYYY-MM-DD`, if it is a day of the calendar.
pub fn calendar_date(text: &str) -> Option<(u16, u8, u8)> {
    let (year_month, day) = text.rsplit_once('-')?;
    let month: Period = year_month.parse().ok()?;
    let (first, last) = month.days();
    let is_day =
        year_month.len() == 7 && (first.as_str()..=last.as_str()).contains(&text) && text.len() == 10;
    let day: u8 = day.parse().ok().filter(|_| is_day)?;
    Some((month.year(), year_month.get(5..)?.parse().ok()?, day))
}

/// Folders, relative to the assessment folder.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Folders {
    /// Units, aliases, partitions, departments.
    pub reference: String,
    /// Deliveries and `deliveries.toml`.
    pub extracts: String,
    /// Contracts.
    pub contracts: String,
    /// SQL.
    pub queries: String,
    /// Frameworks.
    pub frameworks: String,
    /// Reports.
    pub reports: String,
    /// The assessment's own templates; the built-in ones stand behind them.
    pub templates: String,
}

impl Default for Folders {
    fn default() -> Self {
        Self {
            reference: "reference".into(),
            extracts: "extracts".into(),
            contracts: "contracts".into(),
            queries: "queries".into(),
            frameworks: "frameworks".into(),
            reports: "reports".into(),
            templates: "templates".into(),
        }
    }
}

/// When a run counts as failed. Rejected rows alone are no failure.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// How many findings of severity `error` are borne; one more and the exit code is 1.
    pub error_findings: u64,
    /// How many rejected rows are borne; absent: any number.
    pub rejected_rows: Option<u64>,
}
