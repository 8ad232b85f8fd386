//! What stands on the laid-out pages: the text between the marks of each figure, and the page it is on.

use std::collections::BTreeMap;

use model::{Diagnostic, Place};
use typst::foundations::Value;
use typst::introspection::{MetadataElem, Tag};
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

use crate::figures::{BEGIN, END, Figure, Written};

/// The texts found for each figure, with the page on which each begins. A heading's figure stands twice: on its
/// page and in the contents.
type Found = BTreeMap<usize, Vec<(usize, String)>>;

/// The figures with their pages in reading order, or what is wrong with them.
pub(crate) fn figures(
    document: &PagedDocument,
    written: &[Written],
    page_file: &str,
) -> Result<Vec<Figure>, Vec<Diagnostic>> {
    let mut reader = Reader::default();
    for (index, page) in document.pages().iter().enumerate() {
        reader.page = index + 1;
        reader.frame(&page.frame);
    }
    let mut diagnostics = Vec::new();
    let mut figures = Vec::new();
    for (number, Written { figure, spoken }) in written.iter().enumerate() {
        let found = reader.found.get(&number).map_or(&[][..], Vec::as_slice);
        let about = |code| {
            Diagnostic::new(code, Place::file(page_file))
                .with("query", &figure.query)
                .with("row", figure.row)
                .with("column", &figure.column)
                .with("expected", &figure.text)
        };
        if let Some((page, text)) = found.iter().find(|(_, text)| *text != figure.text) {
            diagnostics.push(about("figure-differs").with("found", text).with("page", page));
        } else if let Some(order) = reader.order.iter().position(|seen| *seen == number) {
            let page = found.first().map_or(0, |(page, _)| *page);
            figures.push((order, Figure { page, ..figure.clone() }));
        } else if !spoken {
            diagnostics.push(about("figure-not-printed"));
        }
    }
    figures.sort_by_key(|(order, _)| *order);
    if diagnostics.is_empty() {
        Ok(figures.into_iter().map(|(_, figure)| figure).collect())
    } else {
        Err(diagnostics)
    }
}

/// All text of the document, page by page.
pub(crate) fn text(document: &PagedDocument) -> Vec<String> {
    fn collect(frame: &Frame, text: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => collect(&group.frame, text),
                FrameItem::Text(item) => text.push_str(&item.text),
                _ => {}
            }
        }
    }
    let page = |page: &typst_layout::Page| {
        let mut text = String::new();
        collect(&page.frame, &mut text);
        text
    };
    document.pages().iter().map(page).collect()
}

#[derive(Default)]
struct Reader {
    page: usize,
    /// Figures whose begin mark was read and whose end mark was not.
    open: BTreeMap<usize, (usize, String)>,
    found: Found,
    /// Figures in the order in which they were first read.
    order: Vec<usize>,
}

impl Reader {
    fn frame(&mut self, frame: &Frame) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.frame(&group.frame),
                FrameItem::Text(item) => {
                    for (page, text) in self.open.values_mut() {
                        if text.is_empty() {
                            *page = self.page;
                        }
                        text.push_str(&item.text);
                    }
                }
                FrameItem::Tag(Tag::Start(content, _)) => {
                    if let Some(metadata) = content.to_packed::<MetadataElem>()
                        && let Value::Str(mark) = &metadata.value
                    {
                        self.mark(mark);
                    }
                }
                _ => {}
            }
        }
    }

    fn mark(&mut self, mark: &str) {
        if let Some(Ok(number)) = mark.strip_prefix(BEGIN).map(str::parse) {
            self.open.insert(number, (self.page, String::new()));
            if !self.order.contains(&number) {
                self.order.push(number);
            }
        } else if let Some(Ok(number)) = mark.strip_prefix(END).map(str::parse)
            && let Some(found) = self.open.remove(&number)
        {
            self.found.entry(number).or_default().push(found);
        }
    }
}
