//! Delimited text: tab, comma, semicolon or bar, quoted as spreadsheet programs do.
//!
//! Rows are numbered as a spreadsheet program would show the file: a blank line is a row, and a quoted field may run
//! over several lines of one row. The `csv` crate passes over blank lines, so the few rules stand here. Nothing but the
//! cells is held: fields are looked at where they stand in the text. Two habits of spreadsheet programs are followed: a
//! first line `sep=;` says the delimiter and is no row, and `="0123"` is the text 0123.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::grid::{Builder, Cell, Sheet, TooBig};

/// In the order in which ties are decided.
const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// How many records decide the delimiter.
const SAMPLE: usize = 200;

/// The one sheet of a text file.
pub(crate) fn sheet(text: &str) -> Result<Sheet, TooBig> {
    let (delimiter, text) = match stated(text) {
        Some(stated) => stated,
        None => (delimiter(text, true).unwrap_or(b','), text),
    };
    // A quote that is never closed is no quote: read again, taking all quotes as they stand.
    match read(text, delimiter, true, 0)? {
        (_, true) => Ok(read(text, delimiter, false, 0)?.0),
        (sheet, false) => Ok(sheet),
    }
}

/// A stretch of whole records of a text, the first of which is the row `first` of the whole.
pub(crate) fn stretch(text: &str, delimiter: u8, quoting: bool, first: usize) -> Result<Sheet, TooBig> {
    Ok(read(text, delimiter, quoting, first)?.0)
}

/// The sheet from a row on, and whether a quote is left open.
fn read(text: &str, delimiter: u8, quoting: bool, first: usize) -> Result<(Sheet, bool), TooBig> {
    let mut builder = Builder::of_lines_from(first);
    let mut fields = Fields::new(text, delimiter, quoting);
    let (mut row, mut column) = (first, 0);
    for field in fields.by_ref() {
        builder.set(row, column, Cell::text(&as_formula(&field.text)))?;
        if field.last {
            builder.end_of_line(column + 1);
        }
        (row, column) = if field.last { (row + 1, 0) } else { (row, column + 1) };
    }
    Ok((builder.finish()?, fields.open))
}

/// The delimiter that the first line states, and the text after that line.
pub(crate) fn stated(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_matches('"');
    match line.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => {
            let fits = *delimiter == b'\t' || delimiter.is_ascii_punctuation();
            (fits && *delimiter != b'"').then_some((*delimiter, rest))
        }
        _ => None,
    }
}

/// The text that `="0123"` shows: a formula written so that zeros in front stay.
fn as_formula(field: &str) -> Cow<'_, str> {
    let inner = field.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.replace("\"\"", "").contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        _ => Cow::Borrowed(field),
    }
}

/// The delimiter under which most of the first records have the same number of fields; `None` where these run over the
/// end of a text that is not the whole.
pub(crate) fn delimiter(text: &str, whole: bool) -> Option<u8> {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let mut counts = BTreeMap::<usize, usize>::new();
        let mut count = 0;
        let mut records = 0;
        for field in Fields::new(text, delimiter, true) {
            count += 1;
            if field.last {
                if count > 1 {
                    *counts.entry(count).or_default() += 1;
                }
                (count, records) = (0, records + 1);
                if records == SAMPLE {
                    break;
                }
            }
        }
        if records < SAMPLE && !whole {
            return None;
        }
        let (fields, records) = counts.into_iter().max_by_key(|(_, records)| *records).unwrap_or_default();
        if (records, fields) > (best.0, best.1) {
            best = (records, fields, delimiter);
        }
    }
    Some(best.2)
}

struct Field<'a> {
    text: Cow<'a, str>,
    /// The record ends with it.
    last: bool,
}

/// The fields of a text, one after the other. All that parts them is ASCII, so bytes are looked at.
struct Fields<'a> {
    text: &'a str,
    at: usize,
    /// A field begins here even if no text is left: a delimiter stood before.
    due: bool,
    delimiter: u8,
    quoting: bool,
    /// A quote is left open.
    open: bool,
}

impl<'a> Fields<'a> {
    fn new(text: &'a str, delimiter: u8, quoting: bool) -> Self {
        Self { text, at: 0, due: false, delimiter, quoting, open: false }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text from here to the first of these bytes, or to the end.
    fn up_to(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().position(stop).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The text within quotes, of which the first is passed. Two quotes stand for one.
    fn quoted(&mut self) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(self.up_to(|byte| byte == b'"'));
        loop {
            if self.byte().is_none() {
                self.open = true;
                return text;
            }
            self.at += 1;
            if self.byte() != Some(b'"') {
                return text;
            }
            self.at += 1;
            let more = self.up_to(|byte| byte == b'"');
            let text = text.to_mut();
            text.push('"');
            text.push_str(more);
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        if self.byte().is_none() && !self.due {
            return None;
        }
        let delimiter = self.delimiter;
        let ends = move |byte: u8| byte == delimiter || matches!(byte, b'\r' | b'\n');
        let mut text = Cow::Borrowed("");
        if self.quoting && self.byte() == Some(b'"') {
            self.at += 1;
            text = self.quoted();
        }
        // What follows a closed quote belongs to the field as it stands.
        let rest = self.up_to(ends);
        if text.is_empty() {
            text = Cow::Borrowed(rest);
        } else if !rest.is_empty() {
            text.to_mut().push_str(rest);
        }
        self.due = self.byte() == Some(delimiter);
        let last = !self.due;
        if self.byte() == Some(b'\r') && self.text.as_bytes().get(self.at + 1) == Some(&b'\n') {
            self.at += 1;
        }
        self.at += 1;
        Some(Field { text, last })
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

    #[test]
    fn habits_of_spreadsheet_programs() {
        assert_eq!(shown("sep=;\r\na;b,c\r\n1;2\r\n"), [["a", "b,c"], ["1", "2"]]);
        assert_eq!(shown("\"SEP=\t\"\na\tb\n"), [["a", "b"]]);
        assert_eq!(shown("sep=a\n1,2\n")[0], ["sep=a"]);
        assert_eq!(
            shown("=\"0123\",\"=\"\"0124\"\"\",=\"a\"\"b\",=\"a\"&\"b\",=A1\n"),
            [["0123", "0124", "a\"b", "=\"a\"&\"b\"", "=A1"]]
        );
    }

    #[test]
    fn fields_at_the_edges() {
        for (text, fields) in [
            ("", ""),
            ("a", "a."),
            ("a\n", "a."),
            ("a,\n,b", "a|.|b."),
            ("a,", "a|."),
            ("\"a\"\"\"b,\"\",\"\"\"\"", "a\"b||\"."),
            ("a\rb\r\nc\n\nd", "a.b.c..d."),
        ] {
            let all = Fields::new(text, b',', true)
                .map(|field| format!("{}{}", field.text, if field.last { '.' } else { '|' }));
            assert_eq!(all.collect::<Vec<_>>().concat(), fields, "{text:?}");
        }
        assert!(Fields::new("\"a", b',', true).next().is_some_and(|field| field.text == "a"));
    }
}
