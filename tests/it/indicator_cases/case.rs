//! A case file: what it holds, and whether it shows all that a case must show.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The words `cannot` may give reasons for.
const SHOWN: [&str; 2] = ["missing", "zero_denominator"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// In place of the indicator's own.
    minimum_denominator: Option<u64>,
    /// Deliveries without rows: `contract:period`, `contract:period:partition`.
    #[serde(default)]
    delivered: Vec<String>,
    /// By contract.
    #[serde(default)]
    rows: BTreeMap<String, String>,
    /// By table of `ingest`.
    #[serde(default)]
    ingest: BTreeMap<String, String>,
    /// What cannot be shown, and why.
    #[serde(default)]
    cannot: BTreeMap<String, String>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rows: String,
    /// Of a survey item.
    strata: Option<String>,
}

/// Rows of text under named columns; cells without what is blank around them.
pub(crate) struct Sheet {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Sheet {
    fn read(what: &str, text: &str) -> Result<Self, String> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start().as_bytes());
        let told = |error: csv::Error| format!("{what}: {error}");
        let columns = reader.headers().map_err(told)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(told)?.iter().map(str::to_owned).collect());
        }
        Ok(Self { columns, rows })
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// The cell of a row under a column; `None` where there is no such column or the cell is empty.
    pub(crate) fn get<'a>(&self, row: &'a [String], column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        row.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// The sheet without the rows marked as not counting.
    pub(crate) fn counting(&self) -> Self {
        let rows = self.rows.iter().filter(|row| !self.is_marked(row)).cloned().collect();
        Self { columns: self.columns.clone(), rows }
    }

    fn is_marked(&self, row: &[String]) -> bool {
        self.get(row, "counts") == Some("no")
    }
}

/// One case.
pub(crate) struct Case {
    pub(crate) minimum_denominator: Option<u64>,
    pub(crate) delivered: Vec<String>,
    pub(crate) rows: BTreeMap<String, Sheet>,
    pub(crate) ingest: BTreeMap<String, Sheet>,
    pub(crate) expected: Sheet,
    pub(crate) strata: Option<Sheet>,
    cannot: BTreeMap<String, String>,
}

impl Case {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let sheets = |texts: &BTreeMap<String, String>| {
            let read = |(name, text): (&String, &String)| Ok((name.clone(), Sheet::read(name, text)?));
            texts.iter().map(read).collect::<Result<BTreeMap<_, _>, String>>()
        };
        Ok(Self {
            minimum_denominator: file.minimum_denominator,
            delivered: file.delivered,
            rows: sheets(&file.rows)?,
            ingest: sheets(&file.ingest)?,
            expected: Sheet::read("expected", &file.expected.rows)?,
            strata: file.expected.strata.map(|text| Sheet::read("strata", &text)).transpose()?,
            cannot: file.cannot,
        })
    }

    /// What a case must show and this one does not.
    pub(crate) fn shows_too_little(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let shows =
            |status| self.expected.rows.iter().any(|row| self.expected.get(row, "status") == Some(status));
        for status in SHOWN {
            match (shows(status), self.cannot.contains_key(status)) {
                (false, false) => {
                    wrong.push(format!("no row has status {status}, and `cannot` does not say why"));
                }
                (true, true) => {
                    wrong.push(format!("`cannot` says why no row has status {status}, but one has"));
                }
                _ => {}
            }
        }
        let unknown = self.cannot.keys().filter(|word| !SHOWN.contains(&word.as_str()));
        wrong.extend(unknown.map(|word| format!("`cannot` knows {SHOWN:?}, not {word}")));
        if !self.rows.values().any(|sheet| sheet.rows.iter().any(|row| sheet.is_marked(row))) {
            wrong.push("no row is marked as not counting (column `counts`, `no`)".to_owned());
        }
        for (contract, sheet) in &self.rows {
            let odd = sheet.rows.iter().filter_map(|row| sheet.get(row, "counts"));
            let odd = odd.filter(|mark| *mark != "no");
            wrong.extend(odd.map(|mark| format!("{contract}: `counts` is `no` or empty, not {mark}")));
        }
        wrong
    }
}
