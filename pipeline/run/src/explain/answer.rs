//! What an explanation says, as `--json` prints it. Nothing is found here.
//!
//! Amounts and values are exact decimal texts, as the tables have them; scores, weights and contributions, which are
//! quotients anyway, are numbers. Texts are as people read them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::explain::absent::Absence;
use crate::explain::left_out::{LeftOut, Replaced};
use crate::explain::score::Scored;

/// Everything about one figure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// `assessment`, `demonstration` or `synthetic`.
    pub nature: &'static str,
    /// The indicator.
    pub indicator: Described,
    /// The unit's id.
    pub unit: String,
    /// Its name.
    pub unit_zh: String,
    /// The period.
    pub period: String,
    /// What the indicator's table says.
    pub figure: Figure,
    /// Where there is no value: what is known of why.
    pub absence: Option<Absence>,
    /// The folder that every `file` of a row lies in.
    pub extracts_folder: String,
    /// The rows behind each part of the figure.
    pub parts: Vec<Part>,
    /// Rows that were refused and would have counted.
    pub rejected: Vec<LeftOut>,
    /// Rows of earlier deliveries that would have counted, had no later one replaced them.
    pub superseded: Vec<Replaced>,
    /// What the figure does in each framework that places it.
    pub frameworks: Vec<Scored>,
}

/// What is true of the indicator wherever it stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Described {
    /// Its id.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What it measures.
    pub definition_zh: String,
    /// The same in English.
    pub definition_en: String,
    /// The measure unit of `value`.
    pub measure_unit: String,
    /// With a `sample_size` below this a value is unstable.
    pub minimum_denominator: Option<u64>,
    /// Who publishes the figures.
    pub source_zh: String,
    /// What a reader must know before comparing.
    pub pitfalls_zh: Vec<String>,
    /// The file of its query.
    pub sql_file: String,
}

/// A row of an indicator's table.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Figure {
    /// See the architecture: `ok`, `missing`, …
    pub status: String,
    /// Comma-separated.
    pub flags: String,
    /// In the indicator's measure unit; absent where there is none.
    pub value: Option<String>,
    /// As reports print it, with its unit.
    pub shown: Option<String>,
    /// What is above the line.
    pub numerator: Option<String>,
    /// What is below it.
    pub denominator: Option<String>,
    /// The count that the minimum is held against.
    pub sample_size: Option<String>,
    /// Of estimates.
    pub standard_error: Option<String>,
}

/// One part of a figure and the rows behind it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Part {
    /// `numerator`, `denominator`, `value`, or `status` for what only decides; of a survey item `answer_sum`, `answers`
    /// and `frame`, over its strata.
    pub part: &'static str,
    /// Its amount, if it is a number; of a survey item added up over its strata.
    pub amount: Option<String>,
    /// Operators through which every row of a group matters: `median`, `max`, `DISTINCT`, `trimmed weights`, …
    pub every_row_matters: Vec<String>,
    /// Its rows by contract and role.
    pub groups: Vec<Group>,
}

/// The rows of one contract with one role.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Group {
    /// The contract.
    pub contract: String,
    /// Its title.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// `counted`, `matched` or `excluding`.
    pub role: &'static str,
    /// How many rows.
    pub count: usize,
    /// Whether all of them are shown; else an evenly spaced sample in the order of files and rows.
    pub all_shown: bool,
    /// Rows, in the order of files and rows.
    pub rows: Vec<Row>,
    /// How many findings there are on the fields of these rows that the part rests on, and on the rows as such.
    pub finding_count: usize,
    /// The first of them.
    pub findings: Vec<Told>,
}

/// One row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Row {
    /// Its `_origin`.
    pub origin: i64,
    /// The file it was sent in.
    pub file: String,
    /// The sheet; empty for texts.
    pub sheet: String,
    /// Its line: the row of the sheet (the column where the table lies on its side).
    pub line: u32,
    /// The fields that matter, those the part is made of first.
    pub cells: Vec<Cell>,
}

/// One field of a row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Cell {
    /// The field.
    pub field: String,
    /// The first header the contract gives it; empty where it has no column of its own.
    pub name_zh: String,
    /// `value`: the part is made of it; `group`: rows are added up by it; `filter`: it decides which rows take part.
    pub used_as: &'static str,
    /// `B7`; absent where the value stands in no cell of the row (section, title, delivery).
    pub cell: Option<String>,
    /// The text as sent, `***` where it may not be shown; absent where there is no cell or the file is gone.
    pub raw: Option<String>,
    /// What it was read as, in canonical measure units, `***` where it may not be shown; empty: missing.
    pub value: String,
    /// The measure unit the column was read in, if any.
    pub measure_unit: String,
    /// The canonical one.
    pub canonical_unit: String,
    /// What the figure was multiplied by, as an exact decimal.
    pub factor: String,
}

/// A finding on a row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Told {
    /// Its code.
    pub code: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// `file ▸ sheet ▸ cell`.
    pub place: String,
    /// The field; empty for the row.
    pub field: String,
    /// Chinese.
    pub message_zh: String,
    /// English.
    pub message_en: String,
}
