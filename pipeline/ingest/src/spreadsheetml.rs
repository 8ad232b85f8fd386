//! SpreadsheetML 2003: a workbook as one XML text, often sent under the name of a newer format.
//!
//! Rows and cells count on from the one before unless `ss:Index` says otherwise. Merged cells, hidden rows, columns
//! and sheets, and formulas saved without their value are all told by the text itself.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::format::Trouble;
use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet};
use crate::raised;
use crate::xml::{attribute, is_set, number, resolve};

/// The name of the format, for people.
pub(crate) const KIND: &str = "SpreadsheetML 2003";

/// The sheet that is being read.
struct Open {
    builder: Builder,
    /// The open row and column, and where the next ones stand if they do not say.
    row: usize,
    next_row: usize,
    column: usize,
    next_column: usize,
    next_definition: usize,
    /// The open cell has a formula; a value was seen for it.
    formula: bool,
    value: bool,
    /// The type of the open value.
    kind: String,
    /// The text of the open value.
    text: Option<String>,
    /// How many comments are open: their text is no value.
    comments: usize,
    /// How many elements that set their text high, and low, are open.
    high: usize,
    low: usize,
    /// The text of the sheet's visibility, while it is open.
    visible: Option<String>,
}

impl Open {
    fn new(name: &str) -> Self {
        Self {
            builder: Builder::new(name),
            row: 0,
            next_row: 0,
            column: 0,
            next_column: 0,
            next_definition: 0,
            formula: false,
            value: false,
            kind: String::new(),
            text: None,
            comments: 0,
            high: 0,
            low: 0,
            visible: None,
        }
    }

    fn column_definition(&mut self, element: &BytesStart<'_>) {
        let first = index(element).unwrap_or(self.next_definition);
        let last = first.saturating_add(number(element, "Span").unwrap_or(0));
        self.next_definition = last.saturating_add(1);
        if is_set(element, "Hidden") {
            self.builder.hide_columns(first, last);
        }
    }

    fn start_row(&mut self, element: &BytesStart<'_>) -> Result<(), Trouble> {
        self.row = index(element).unwrap_or(self.next_row);
        let last = self.row.saturating_add(number(element, "Span").unwrap_or(0));
        if last >= MAX_ROWS {
            return Err(Trouble::TooBig);
        }
        self.next_row = last + 1;
        self.next_column = 0;
        if is_set(element, "Hidden") {
            self.builder.hide_rows(self.row, last);
        }
        Ok(())
    }

    fn start_cell(&mut self, element: &BytesStart<'_>) -> Result<(), Trouble> {
        self.column = index(element).unwrap_or(self.next_column);
        let right = self.column.saturating_add(number(element, "MergeAcross").unwrap_or(0));
        let bottom = self.row.saturating_add(number(element, "MergeDown").unwrap_or(0));
        if right >= MAX_COLUMNS || bottom >= MAX_ROWS {
            return Err(Trouble::TooBig);
        }
        self.next_column = right + 1;
        self.builder.merge(Region { top: self.row, left: self.column, bottom, right });
        self.formula = attribute(element, "Formula").is_some();
        self.value = false;
        Ok(())
    }

    fn end_value(&mut self) -> Result<(), Trouble> {
        let text = self.text.take().unwrap_or_default();
        self.value = true;
        let cell = match self.kind.as_str() {
            "Number" => text.trim().parse().map_or_else(|_| Cell::text(&text), Cell::Number),
            "Boolean" => Cell::Bool(matches!(text.trim(), "1" | "true")),
            "DateTime" => date(text.trim()),
            "Error" => Cell::Error(text.trim().into()),
            _ => Cell::text(&text),
        };
        Ok(self.builder.set(self.row, self.column, cell)?)
    }

    fn end_cell(&mut self) -> Result<(), Trouble> {
        if self.formula && !self.value {
            self.builder.set(self.row, self.column, Cell::without_value())?;
        }
        self.formula = false;
        Ok(())
    }
}

/// The sheets of a workbook.
pub(crate) fn sheets(text: &str) -> Result<Vec<Sheet>, Trouble> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = Vec::new();
    let mut open: Option<Open> = None;
    loop {
        let event = reader.read_event().map_err(|error| Trouble::Damaged(KIND, error.to_string()))?;
        match event {
            Event::Start(element) if element.local_name().as_ref() == "Worksheet" => {
                open = Some(Open::new(&attribute(&element, "Name").unwrap_or_default()));
            }
            Event::Start(element) => {
                let Some(sheet) = open.as_mut() else { continue };
                match element.local_name().as_ref() {
                    "Column" => sheet.column_definition(&element),
                    "Row" => sheet.start_row(&element)?,
                    "Cell" => sheet.start_cell(&element)?,
                    "Comment" => sheet.comments += 1,
                    "Sup" => sheet.high += 1,
                    "Sub" => sheet.low += 1,
                    "Data" if sheet.comments == 0 => {
                        sheet.kind = attribute(&element, "Type").unwrap_or_default();
                        sheet.text = Some(String::new());
                    }
                    "Visible" => sheet.visible = Some(String::new()),
                    _ => {}
                }
            }
            Event::Text(part) => push(open.as_mut(), &part.xml10_content()),
            Event::CData(part) => push(open.as_mut(), &part.xml10_content()),
            Event::GeneralRef(entity) => push(open.as_mut(), &resolve(&entity)),
            Event::End(element) => {
                let Some(sheet) = open.as_mut() else { continue };
                match element.local_name().as_ref() {
                    "Data" if sheet.comments == 0 => sheet.end_value()?,
                    "Comment" => sheet.comments = sheet.comments.saturating_sub(1),
                    "Sup" => sheet.high = sheet.high.saturating_sub(1),
                    "Sub" => sheet.low = sheet.low.saturating_sub(1),
                    "Cell" => sheet.end_cell()?,
                    "Visible" => {
                        let said = sheet.visible.take().unwrap_or_default();
                        if matches!(said.trim(), "SheetHidden" | "SheetVeryHidden") {
                            sheet.builder.hide();
                        }
                    }
                    "Worksheet" => {
                        if let Some(sheet) = open.take() {
                            sheets.push(sheet.builder.finish()?);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if open.is_some() => {
                return Err(Trouble::Damaged(KIND, "it ends in the middle of a sheet".to_owned()));
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn push(open: Option<&mut Open>, part: &str) {
    let Some(sheet) = open else { return };
    let (high, low) = (sheet.high, sheet.low);
    if let Some(text) = sheet.text.as_mut().or(sheet.visible.as_mut()) {
        text.push_str(&raised::set(part, high > 0, low > 0));
    }
}

/// The 0-based position `ss:Index` gives.
fn index(element: &BytesStart<'_>) -> Option<usize> {
    number(element, "Index").and_then(|index| index.checked_sub(1))
}

/// `2024-03-01T00:00:00.000` as a workbook shows it: without a clock time of midnight.
pub(crate) fn date(text: &str) -> Cell {
    let plain = text.trim_end_matches('Z');
    let Some((day, time)) = plain.split_once('T') else { return Cell::text(plain) };
    let time = time.split('.').next().unwrap_or_default();
    if matches!(time, "" | "00:00" | "00:00:00") {
        Cell::text(day)
    } else if matches!(day, "1899-12-30" | "1899-12-31") {
        // The day before all days: only the time is meant.
        Cell::text(time)
    } else {
        Cell::Text(format!("{day} {time}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(sheets: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook \
             xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">{sheets}</Workbook>"
        )
    }

    fn one(table: &str) -> Sheet {
        let text = book(&format!("<Worksheet ss:Name=\"a &amp; b\"><Table>{table}</Table></Worksheet>"));
        sheets(&text).unwrap().remove(0)
    }

    fn data(kind: &str, text: &str) -> String {
        format!("<Data ss:Type=\"{kind}\">{text}</Data>")
    }

    #[test]
    fn cells_count_on_or_say_where_they_stand() {
        let sheet = one(&format!(
            "<Row ss:Index=\"3\"><Cell ss:MergeAcross=\"1\" ss:MergeDown=\"1\">{}</Cell><Cell>{}</Cell>\
             <Cell ss:Index=\"6\">{}</Cell></Row><Row><Cell ss:Index=\"3\">{}</Cell></Row>",
            data("String", "甲"),
            data("Number", "1.50"),
            data("Number", "2E3"),
            data("String", "乙"),
        ));
        assert_eq!(sheet.name, "a & b");
        assert_eq!(sheet.merge(3, 1), Some(&Region { top: 2, left: 0, bottom: 3, right: 1 }));
        assert_eq!((sheet.cell(2, 2), sheet.cell(2, 5)), (&Cell::Number(1.5), &Cell::Number(2000.0)));
        assert_eq!((sheet.spread(3, 1).label(), sheet.cell(3, 2).label()), ("甲".into(), "乙".into()));
    }

    #[test]
    fn values_are_read_by_their_type() {
        let sheet = one(&format!(
            "<Row><Cell>{}</Cell><Cell>{}</Cell><Cell>{}</Cell><Cell>{}</Cell><Cell>{}</Cell></Row>\
             <Row><Cell ss:Formula=\"=R[-1]C\"/><Cell ss:Formula=\"=1\">{}</Cell>\
             <Cell>{}<Comment><ss:Data>谁写的</ss:Data></Comment></Cell></Row>",
            data("Boolean", "1"),
            data("DateTime", "2024-03-01T00:00:00.000"),
            data("DateTime", "2024-03-01T08:30:00.000"),
            data("Error", "#DIV/0!"),
            data("String", "a&lt;b&#10;&#x4E2D;&nbsp;<B>粗</B><![CDATA[<]]>3<Sup>2</Sup><Sub>1</Sub>"),
            data("Number", "7"),
            data("String", "00170"),
        ));
        assert_eq!(date("1899-12-31T01:30:00.000"), Cell::Text("01:30:00".into()));
        assert_eq!(sheet.cell(0, 0), &Cell::Bool(true));
        assert_eq!(sheet.cell(0, 1), &Cell::Text("2024-03-01".into()));
        assert_eq!(sheet.cell(0, 2), &Cell::Text("2024-03-01 08:30:00".into()));
        assert_eq!(sheet.cell(0, 3), &Cell::Error("#DIV/0!".into()));
        assert_eq!(sheet.cell(0, 4), &Cell::Text("a<b\n中&nbsp;粗<3²₁".into()));
        assert!(sheet.cell(1, 0).is_without_value());
        assert_eq!((sheet.cell(1, 1), sheet.cell(1, 2)), (&Cell::Number(7.0), &Cell::Text("00170".into())));
    }

    #[test]
    fn what_is_hidden_is_told() {
        let row = "<Row ss:Hidden=\"1\" ss:Span=\"1\"><Cell><Data ss:Type=\"String\">x</Data></Cell></Row>\
                   <Row><Cell><Data ss:Type=\"String\">y</Data></Cell></Row>";
        let sheet = one(&format!("<Column ss:Index=\"2\" ss:Hidden=\"1\" ss:Span=\"1\"/><Column/>{row}"));
        assert_eq!(sheet.hidden_rows().collect::<Vec<_>>(), [0, 1]);
        assert_eq!((0..5).filter(|column| sheet.is_hidden_column(*column)).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(sheet.cell(2, 0).label(), "y");
        let hidden = "<Worksheet ss:Name=\"h\"><Table/><WorksheetOptions><Visible>SheetHidden</Visible>\
                      </WorksheetOptions></Worksheet><Worksheet ss:Name=\"v\"/>";
        let hidden: Vec<bool> = sheets(&book(hidden)).unwrap().iter().map(|sheet| sheet.hidden).collect();
        assert_eq!(hidden, [true, false]);
    }

    #[test]
    fn nonsense_is_refused() {
        for (table, trouble) in [
            ("<Row ss:Index=\"99999999\"><Cell/></Row>", "TooBig"),
            ("<Row ss:Index=\"18446744073709551615\" ss:Span=\"9\"><Cell/></Row>", "TooBig"),
            ("<Row><Cell ss:Index=\"1048576\"/></Row>", "TooBig"),
            ("<Row><Cell></Row>", "Damaged"),
        ] {
            let text = book(&format!("<Worksheet ss:Name=\"a\"><Table>{table}</Table></Worksheet>"));
            assert!(format!("{:?}", sheets(&text).unwrap_err()).starts_with(trouble), "{table}");
        }
        assert!(sheets("<Workbook><Worksheet ss:Name=\"a\"><Table>").is_err());
    }
}
