//! Findings: something wrong in data, with the cell it stands in.

use crate::catalogue::{self, Language, Params, Severity};
use crate::diagnostic::join_hint;

/// Something wrong in a delivery.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The delivered file, as listed.
    pub file: String,
    /// The sheet; empty for text files and for the file as a whole.
    pub sheet: String,
    /// The sheet row, 1-based; 0 when no row is meant.
    pub row: u32,
    /// The sheet column, 1-based; 0 when no column is meant.
    pub column: u32,
    /// The code in the catalogue.
    pub code: &'static str,
    /// The contract the table was read for; empty when none is known yet.
    pub contract: String,
    /// The field concerned; empty when the row or file as a whole is meant.
    pub field: String,
    /// The origin of the row, when the finding belongs to one.
    pub origin: Option<i64>,
    /// What fills the message's placeholders. Never an S3 value.
    pub params: Params,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl Finding {
    /// A finding with a code of the catalogue about a file.
    pub fn new(code: &'static str, file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            sheet: String::new(),
            row: 0,
            column: 0,
            code,
            contract: String::new(),
            field: String::new(),
            origin: None,
            params: Params::new(),
            suggestion: None,
        }
    }

    /// Adds a parameter.
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Places it at a cell (1-based row and column; 0 = none).
    pub fn at(mut self, sheet: impl Into<String>, row: u32, column: u32) -> Self {
        self.sheet = sheet.into();
        self.row = row;
        self.column = column;
        self
    }

    /// Names the contract it concerns.
    pub fn of_contract(mut self, contract: impl Into<String>) -> Self {
        self.contract = contract.into();
        self
    }

    /// Names the field it concerns.
    pub fn of_field(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }

    /// Adds what was probably meant.
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        catalogue::entry(self.code).map_or(Severity::Error, |entry| entry.severity)
    }

    /// The cell as people name it: `B7`, or `7` for a row, `B` for a column, or nothing.
    pub fn cell(&self) -> String {
        cell_name(self.row, self.column)
    }

    /// `file ▸ sheet ▸ cell`, leaving out what is not known.
    pub fn place(&self) -> String {
        let mut place = self.file.clone();
        let cell = self.cell();
        for part in [self.sheet.as_str(), cell.as_str()] {
            if !part.is_empty() {
                place.push_str(" ▸ ");
                place.push_str(part);
            }
        }
        place
    }

    /// What was found.
    pub fn message(&self, language: Language) -> String {
        catalogue::message(self.code, &self.params, language)
    }

    /// What to do.
    pub fn hint(&self, language: Language) -> Option<String> {
        join_hint(self.code, &self.params, self.suggestion.as_deref(), language)
    }
}

/// Column letters of a 1-based column number: 1 → `A`, 27 → `AA`.
pub fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        let digit = u8::try_from((column - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// `B7`, `7` when no column is meant, `B` when no row is meant.
pub fn cell_name(row: u32, column: u32) -> String {
    if row == 0 { column_letters(column) } else { format!("{}{row}", column_letters(column)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_the_sheet() {
        assert_eq!(cell_name(7, 2), "B7");
        assert_eq!(cell_name(1, 27), "AA1");
        assert_eq!(cell_name(12, 703), "AAA12");
        assert_eq!([cell_name(4, 0), cell_name(0, 4), cell_name(0, 0)], ["4", "D", ""]);
        let finding = Finding::new("unknown-unit", "a.xlsx").at("月报", 7, 2);
        assert_eq!(finding.place(), "a.xlsx ▸ 月报 ▸ B7");
    }
}
