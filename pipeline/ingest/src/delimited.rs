//! Delimited text: tab, comma, semicolon or bar, quoted as spreadsheet programs do.
//!
//! Rows are numbered as a spreadsheet program would show the file: a blank line is a row, and a quoted field may run
//! over several lines of one row. The `csv` crate passes over blank lines, so the few rules stand here.

use std::collections::BTreeMap;

use crate::grid::{Builder, Cell, Sheet, TooBig};

/// In the order in which ties are decided.
const DELIMITERS: [char; 4] = ['\t', ',', ';', '|'];
/// How many records decide the delimiter.
const SAMPLE: usize = 200;

/// The one sheet of a text file.
pub(crate) fn sheet(text: &str) -> Result<Sheet, TooBig> {
    let delimiter = delimiter(text);
    // A quote that is never closed is no quote: read again, taking all quotes as they stand.
    let quoted = Records::new(text, delimiter, true).all(|record| record.closed);
    let mut builder = Builder::new("");
    for (row, record) in Records::new(text, delimiter, quoted).enumerate() {
        for (column, field) in record.fields.iter().enumerate() {
            builder.set(row, column, Cell::text(field))?;
        }
    }
    builder.finish()
}

/// The delimiter under which most records have the same number of fields.
fn delimiter(text: &str) -> char {
    let mut best = (0, 0, ',');
    for delimiter in DELIMITERS {
        let mut counts = BTreeMap::<usize, usize>::new();
        for record in Records::new(text, delimiter, true).take(SAMPLE) {
            if record.fields.len() > 1 {
                *counts.entry(record.fields.len()).or_default() += 1;
            }
        }
        let (fields, records) = counts.into_iter().max_by_key(|(_, records)| *records).unwrap_or_default();
        if (records, fields) > (best.0, best.1) {
            best = (records, fields, delimiter);
        }
    }
    best.2
}

struct Record {
    fields: Vec<String>,
    /// No quote is left open.
    closed: bool,
}

struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    quoting: bool,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char, quoting: bool) -> Self {
        Self { rest: text.chars().peekable(), delimiter, quoting }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.rest.peek()?;
        let mut record = Record { fields: Vec::new(), closed: true };
        let mut field = String::new();
        let mut quoted = false;
        let mut fresh = true;
        while let Some(c) = self.rest.next() {
            if quoted {
                match c {
                    '"' if self.rest.peek() == Some(&'"') => {
                        self.rest.next();
                        field.push('"');
                    }
                    '"' => quoted = false,
                    _ => field.push(c),
                }
                continue;
            }
            match c {
                '"' if fresh && self.quoting => {
                    quoted = true;
                    fresh = false;
                }
                '\r' | '\n' => {
                    if c == '\r' && self.rest.peek() == Some(&'\n') {
                        self.rest.next();
                    }
                    break;
                }
                _ if c == self.delimiter => {
                    record.fields.push(std::mem::take(&mut field));
                    fresh = true;
                }
                _ => {
                    field.push(c);
                    fresh = false;
                }
            }
        }
        record.fields.push(field);
        record.closed = !quoted;
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<Vec<String>> {
        let sheet = sheet(text).unwrap();
        (0..sheet.height())
            .map(|row| {
                (0..sheet.width(row)).map(|column| sheet.cell(row, column).shown().into_owned()).collect()
            })
            .collect()
    }

    #[test]
    fn rows_are_numbered_as_shown() {
        assert_eq!(
            shown("标题，一\r\n\r\na;\"b\nc\";\"d\"\"e\"\r\n1;2;\"3\""),
            [vec!["标题，一"], vec![], vec!["a", "b\nc", "d\"e"], vec!["1", "2", "3"]]
        );
    }

    #[test]
    fn delimiters_and_open_quotes() {
        assert_eq!(shown("a\tb,c\n1\t2,3\n"), [["a", "b,c"], ["1", "2,3"]]);
        assert_eq!(shown("a,b\n5\",2\n"), [["a", "b"], ["5\"", "2"]]);
        assert_eq!(shown("a,b\n\"x,2\n3,4\n"), [["a", "b"], ["\"x", "2"], ["3", "4"]]);
        assert_eq!(shown("a|b\n1|2\n"), [["a", "b"], ["1", "2"]]);
    }
}
