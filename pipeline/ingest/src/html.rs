//! Tables of web pages, also those saved under the name of a workbook: each `<table>` becomes a sheet.
//!
//! Column and row spans become merged regions. Styles, scripts and links are not looked at.

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet, TooBig};

/// A table that is being read: its cells so far and the spans that reach into rows below.
struct Open {
    builder: Builder,
    /// The number in the page, from 1.
    number: usize,
    row: Option<usize>,
    /// Where the open cell stands, and where the next one may.
    left: usize,
    column: usize,
    /// For each column the first row that is free again.
    free_from: Vec<usize>,
    cell: Option<String>,
}

impl Open {
    fn new(number: usize) -> Self {
        Self {
            builder: Builder::new(format!("table {number}")),
            number,
            row: None,
            left: 0,
            column: 0,
            free_from: Vec::new(),
            cell: None,
        }
    }

    fn start_row(&mut self) {
        self.row = Some(self.row.map_or(0, |row| row + 1));
        self.column = 0;
    }

    fn start_cell(&mut self, element: &Element) -> Result<(), TooBig> {
        if self.row.is_none() {
            self.start_row();
        }
        let row = self.row.unwrap_or_default();
        while self.free_from.get(self.column).is_some_and(|free| *free > row) {
            self.column += 1;
        }
        let span = |name: &str| element.attr(name).and_then(|text| text.trim().parse::<usize>().ok());
        let columns = span("colspan").unwrap_or(1).clamp(1, 1000);
        // Zero means: to the end of the table.
        let rows = match span("rowspan") {
            Some(0) => MAX_ROWS,
            rows => rows.unwrap_or(1).min(65_534),
        };
        let (left, next) = (self.column, self.column + columns);
        if next > MAX_COLUMNS || row >= MAX_ROWS {
            return Err(TooBig);
        }
        if self.free_from.len() < next {
            self.free_from.resize(next, 0);
        }
        for free in self.free_from.iter_mut().take(next).skip(left) {
            *free = row + rows;
        }
        self.builder.merge(Region { top: row, left, bottom: row + rows - 1, right: next - 1 });
        self.cell = Some(String::new());
        self.left = left;
        self.column = next;
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), TooBig> {
        let text = self.cell.take().unwrap_or_default();
        self.builder.set(self.row.unwrap_or_default(), self.left, Cell::text(text.trim()))
    }
}

/// The tables of a page, in the order they begin.
pub(crate) fn sheets(page: &str) -> Result<Vec<Sheet>, TooBig> {
    let document = Html::parse_document(page);
    let mut open: Vec<Open> = Vec::new();
    let mut done: Vec<(usize, Sheet)> = Vec::new();
    let mut count = 0;
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => {
                    if let Some(cell) = open.last_mut().and_then(|table| table.cell.as_mut()) {
                        cell.push_str(text);
                    }
                }
                Node::Element(element) if element.name() == "table" => {
                    count += 1;
                    open.push(Open::new(count));
                }
                Node::Element(element) => {
                    let Some(table) = open.last_mut() else { continue };
                    match element.name() {
                        "tr" => table.start_row(),
                        "td" | "th" => table.start_cell(element)?,
                        "br" => table.cell.iter_mut().for_each(|cell| cell.push('\n')),
                        _ => {}
                    }
                }
                _ => {}
            },
            Edge::Close(node) => match node.value().as_element().map(Element::name) {
                Some("table") => {
                    if let Some(table) = open.pop() {
                        done.push((table.number, table.builder.finish()?));
                    }
                }
                Some("td" | "th") => {
                    if let Some(table) = open.last_mut() {
                        table.end_cell()?;
                    }
                }
                _ => {}
            },
        }
    }
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, sheet)| sheet).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_become_merged_regions() {
        let page = "<table><tr><td colspan=2>题<br>目</td></tr><tr><th rowspan=2>&nbsp;</th><td>1</td></tr>\
                    <tr><td>2<table><tr><td>inner</table></td></table>";
        let sheets = sheets(page).unwrap();
        assert_eq!(
            sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(),
            ["table 1", "table 2"]
        );
        let outer = &sheets[0];
        assert_eq!(outer.spread(0, 1).label(), "题目");
        assert_eq!((outer.cell(1, 1).label(), outer.cell(2, 1).label()), ("1".into(), "2".into()));
        assert_eq!(outer.merge(2, 0), Some(&Region { top: 1, left: 0, bottom: 2, right: 0 }));
        assert_eq!(sheets[1].cell(0, 0).label(), "inner");
    }
}
