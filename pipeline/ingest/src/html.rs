//! Tables of web pages, also those saved under the name of a workbook: each `<table>` becomes a sheet.
//!
//! Column and row spans become merged regions. A line break stays in its cell, other white space is one blank, and
//! what is set high or low becomes the characters for it. Of styles only what is hidden by them is looked at: rows,
//! columns and tables so hidden are marked as in workbooks; hidden parts of a cell are no part of its text.

mod hidden;

use std::collections::BTreeSet;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use self::hidden::Hiding;
use crate::grid::{Builder, Cell, MAX_COLUMNS, MAX_ROWS, Region, Sheet, TooBig};
use crate::raised;

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
    /// How many hidden elements were open around the table, around the cells of its row, and around the text of the open cell.
    outside: usize,
    around: usize,
    within: usize,
    /// The next column a `<col>` speaks of, and those hidden by theirs.
    defined: usize,
    hidden: BTreeSet<usize>,
    /// Columns in which a cell is hidden, is shown, holds text.
    veiled: BTreeSet<usize>,
    shown: BTreeSet<usize>,
    filled: BTreeSet<usize>,
}

impl Open {
    fn new(number: usize, outside: usize) -> Self {
        let mut builder = Builder::new(format!("table {number}"));
        if outside > 0 {
            builder.hide();
        }
        Self {
            builder,
            number,
            row: None,
            left: 0,
            column: 0,
            free_from: Vec::new(),
            cell: None,
            outside,
            around: outside,
            within: outside,
            defined: 0,
            hidden: BTreeSet::new(),
            veiled: BTreeSet::new(),
            shown: BTreeSet::new(),
            filled: BTreeSet::new(),
        }
    }

    /// A definition of columns; a group that holds others only says that all of them are hidden.
    fn define(&mut self, columns: usize, hidden: bool) {
        let next = self.defined.saturating_add(columns).min(MAX_COLUMNS);
        if hidden {
            self.hidden.extend(self.defined..next);
        }
        self.defined = next;
    }

    fn start_row(&mut self, hidden: usize) {
        self.row = Some(self.row.map_or(0, |row| row + 1));
        self.column = 0;
        self.around = hidden;
    }

    /// A cell begins; `hidden` elements are open, it among them.
    fn start_cell(&mut self, element: &Element, hidden: usize) -> Result<(), TooBig> {
        if self.row.is_none() {
            self.start_row(self.outside);
        }
        let row = self.row.unwrap_or_default();
        while self.free_from.get(self.column).is_some_and(|free| *free > row) {
            self.column += 1;
        }
        let columns = span(element, "colspan").unwrap_or(1).clamp(1, 1000);
        // Zero means: to the end of the table.
        let rows = match span(element, "rowspan") {
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
        if hidden > self.around {
            self.veiled.extend(left..next);
        } else if self.around == self.outside && columns == 1 {
            self.shown.insert(left);
        }
        self.cell = Some(String::new());
        self.within = hidden;
        self.left = left;
        self.column = next;
        Ok(())
    }

    /// Characters stand in the page: white space of the page is a blank.
    fn push(&mut self, text: &str) {
        let Some(cell) = self.cell.as_mut() else { return };
        for c in text.chars() {
            if !c.is_ascii_whitespace() {
                cell.push(c);
            } else if !cell.ends_with([' ', '\n']) {
                cell.push(' ');
            }
        }
    }

    /// A new line begins in the cell.
    fn break_line(&mut self) {
        if let Some(cell) = self.cell.as_mut() {
            cell.truncate(cell.trim_end_matches(' ').len());
            cell.push('\n');
        }
    }

    /// A paragraph begins or ends in the cell.
    fn part(&mut self) {
        if self.cell.as_ref().is_some_and(|cell| !cell.is_empty() && !cell.ends_with('\n')) {
            self.break_line();
        }
    }

    fn end_cell(&mut self) -> Result<(), TooBig> {
        let text = self.cell.take().unwrap_or_default();
        let cell = Cell::text(text.trim());
        let row = self.row.unwrap_or_default();
        if !cell.is_empty() {
            self.filled.insert(self.left);
            // Programs that save pages end a table with a hidden row that only states widths.
            if self.around > self.outside {
                self.builder.hide_rows(row, row);
            }
        }
        self.builder.set(row, self.left, cell)
    }

    fn finish(mut self) -> Result<Sheet, TooBig> {
        let alone = self.veiled.iter().any(|column| self.shown.contains(column));
        self.hidden.extend(self.veiled.difference(&self.shown));
        for column in self.hidden.intersection(&self.filled) {
            self.builder.hide_columns(*column, *column);
        }
        // A single hidden cell is neither a row nor a column; it is read like the rest, which has to be told.
        if alone {
            self.builder.hidden_unknown();
        }
        self.builder.finish()
    }
}

fn span(element: &Element, name: &str) -> Option<usize> {
    element.attr(name).and_then(|text| text.trim().parse::<usize>().ok())
}

/// Reads the tables of a page.
struct Page {
    hiding: Hiding,
    open: Vec<Open>,
    done: Vec<(usize, Sheet)>,
    count: usize,
    /// How many elements that hide their content are open, and how many that set it high and low.
    hidden: usize,
    high: usize,
    low: usize,
}

impl Page {
    fn text(&mut self, text: &str) {
        let (hidden, high, low) = (self.hidden, self.high, self.low);
        let Some(table) = self.open.last_mut().filter(|table| hidden <= table.within) else { return };
        table.push(&raised::set(text, high > 0, low > 0));
    }

    fn start(&mut self, node: NodeRef<'_, Node>, element: &Element) -> Result<(), TooBig> {
        let hides = self.hiding.hides(node);
        self.hidden += usize::from(hides);
        let hidden = self.hidden;
        if element.name() == "table" {
            self.count += 1;
            self.open.push(Open::new(self.count, hidden));
            return Ok(());
        }
        match element.name() {
            "sup" => self.high += 1,
            "sub" => self.low += 1,
            _ => {}
        }
        let Some(table) = self.open.last_mut() else { return Ok(()) };
        match element.name() {
            "tr" => table.start_row(hidden),
            "td" | "th" => table.start_cell(element, hidden)?,
            "br" => table.break_line(),
            "p" | "div" | "li" => table.part(),
            "col" => table.define(span(element, "span").unwrap_or(1), hidden > table.outside),
            "colgroup" if !node.has_children() => {
                table.define(span(element, "span").unwrap_or(1), hidden > table.outside);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, node: NodeRef<'_, Node>, element: &Element) -> Result<(), TooBig> {
        self.hidden -= usize::from(self.hiding.hides(node));
        match element.name() {
            "table" => {
                if let Some(table) = self.open.pop() {
                    self.done.push((table.number, table.finish()?));
                }
            }
            "sup" => self.high = self.high.saturating_sub(1),
            "sub" => self.low = self.low.saturating_sub(1),
            _ => {}
        }
        let Some(table) = self.open.last_mut() else { return Ok(()) };
        match element.name() {
            "td" | "th" => table.end_cell()?,
            "p" | "div" | "li" => table.part(),
            _ => {}
        }
        Ok(())
    }
}

/// The tables of a page, in the order they begin.
pub(crate) fn sheets(page: &str) -> Result<Vec<Sheet>, TooBig> {
    let document = Html::parse_document(page);
    let hiding = Hiding::of(&document);
    let mut page = Page { hiding, open: Vec::new(), done: Vec::new(), count: 0, hidden: 0, high: 0, low: 0 };
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => page.text(text),
                Node::Element(element) => page.start(node, element)?,
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    page.end(node, element)?;
                }
            }
        }
    }
    page.done.sort_by_key(|(number, _)| *number);
    Ok(page.done.into_iter().map(|(_, sheet)| sheet).collect())
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

    #[test]
    fn text_is_that_of_the_page() {
        let page = "<table><tr><td>1<br>2<td>鹿城\n  区<td>3<sup>2</sup><td>m<sup>2</sup><td>CO<sub>2</sub>\
                    <td><p>甲</p><p>乙</p><td><span hidden>001</span>丙<script>x</script></table>";
        let sheet = &sheets(page).unwrap()[0];
        let shown: Vec<_> = (0..7).map(|column| sheet.cell(0, column).shown().into_owned()).collect();
        assert_eq!(shown, ["1\n2", "鹿城 区", "3²", "m²", "CO₂", "甲\n乙", "丙"]);
    }

    #[test]
    fn what_is_hidden_is_told() {
        let page = "<table><colgroup><col><col span=2 style='display:none'></colgroup><tr><th>a<th>b<th><th hidden>d\
                    <tr style='display:none'><td>1<td>2<td><td>4<tr><td>5<td>6<td><td hidden>8\
                    <tbody hidden><tr><td>9</tbody><tr style='display:none'><td></table>\
                    <div hidden><table><tr><td>x</table></div><table><tr><td>y<td hidden>z<tr><td><td>1</table>";
        let sheets = sheets(page).unwrap();
        let columns: Vec<_> = (0..5).filter(|column| sheets[0].is_hidden_column(*column)).collect();
        assert_eq!((sheets[0].hidden_rows().collect::<Vec<_>>(), columns), (vec![1, 3], vec![1, 3]));
        let hidden: Vec<_> = sheets.iter().map(|sheet| (sheet.hidden, sheet.hidden_known)).collect();
        assert_eq!(hidden, [(false, true), (true, true), (false, false)]);
    }
}
