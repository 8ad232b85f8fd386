//! From the generated Typst page back to the template a piece of it came from.

use std::ops::Range;

use minijinja::{OutputSpan, OutputSpanKind};

use crate::han::Removed;

/// Which template wrote which part of the generated page.
#[derive(Debug, Default)]
pub(crate) struct SourceMap {
    spans: Vec<OutputSpan>,
    removed: Vec<Removed>,
}

impl SourceMap {
    /// A map from what minijinja recorded and what [`crate::han::join`] took out afterwards.
    pub(crate) fn new(spans: Vec<OutputSpan>, removed: Vec<Removed>) -> Self {
        Self { spans, removed }
    }

    /// The template and byte range behind a range of the page. What an expression wrote leads to the expression.
    pub(crate) fn origin(&self, range: &Range<usize>) -> Option<(&str, Range<usize>)> {
        let start = self.before_joining(range.start);
        let end = self.before_joining(range.end).max(start + 1);
        let after = self.spans.partition_point(|span| span.output_range().start <= start);
        let span = self.spans.get(after.checked_sub(1)?)?;
        let output = span.output_range();
        let source = span.source_range();
        match span.kind() {
            OutputSpanKind::Raw => {
                let from = source.start + (start - output.start);
                Some((span.name(), from..(from + (end - start)).min(source.end)))
            }
            _ => Some((span.name(), source)),
        }
    }

    /// A position in the page as minijinja wrote it.
    fn before_joining(&self, position: usize) -> usize {
        let mut position = position;
        for (at, length) in &self.removed {
            if *at > position {
                break;
            }
            position += length;
        }
        position
    }
}
