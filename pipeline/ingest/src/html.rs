//! Tables of web pages, also those saved under the name of a workbook: each `<table>` becomes a sheet.
//!
//! Column and row spans become merged regions. A line break stays in its cell, other white space is one blank, and
//! what is set high or low becomes the characters for it. Of styles only what is hidden by them is looked at: rows,
//! columns and tables so hidden are marked as in workbooks; hidden parts of a cell are no part of its text.

mod hidden;
mod table;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use self::hidden::Hiding;
use self::table::{Open, span};
use crate::grid::{Sheet, TooBig};
use crate::raised;

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
    use crate::grid::Region;

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
