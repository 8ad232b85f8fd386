//! Where the records of a long text begin and end, so that it can be read in blocks: looked for in its bytes, before
//! anything is decoded.
//!
//! In UTF-8 and GB18030 line ends, quotes and all delimiters but the bar are never a part of another character. Only
//! places are found here; what stands between them is read by [`crate::delimited`], by the same rules.

use std::collections::VecDeque;

use memchr::{memchr, memchr2};

/// How many records before a block are read with it: a header may run over its beginning.
pub(crate) const LEAD: usize = crate::header::MAX_HEIGHT - 1;

/// Whole records of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where its first record begins, in bytes.
    pub(crate) start: usize,
    /// Where its last one ends.
    pub(crate) end: usize,
    /// The row of the first record.
    pub(crate) first: usize,
    /// The row behind its last record.
    pub(crate) last: usize,
    /// Where the records begin that are read with it, and the row of the first of these.
    pub(crate) lead: (usize, usize),
}

impl Block {
    /// Both as one: `next` follows this one.
    pub(crate) fn with(self, next: Self) -> Self {
        Self { end: next.end, last: next.last, ..self }
    }
}

/// Cuts a text into blocks of at least `size` bytes, from `start` on. `None` if a quote is left open.
pub(crate) fn blocks(
    bytes: &[u8],
    start: usize,
    delimiter: u8,
    quoting: bool,
    size: usize,
) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut block = Block { start, end: start, lead: (start, 0), ..Block::default() };
    // Where the last records began.
    let mut begun = VecDeque::with_capacity(LEAD);
    while block.end < bytes.len() {
        if begun.len() == LEAD {
            begun.pop_front();
        }
        begun.push_back(block.end);
        block.end += record(bytes.get(block.end..)?, delimiter, quoting)?;
        block.last += 1;
        if block.end - block.start >= size || block.end == bytes.len() {
            blocks.push(block);
            let lead = (begun.front().copied()?, block.last - begun.len());
            let (start, first) = (block.end, block.last);
            block = Block { start, end: start, first, last: first, lead };
        }
    }
    Some(blocks)
}

/// The length of the first record, with its line end; `None` if a quote is left open.
fn record(bytes: &[u8], delimiter: u8, quoting: bool) -> Option<usize> {
    let line = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    let own = bytes.get(..line)?;
    match memchr2(if quoting { b'"' } else { b'\r' }, b'\r', own) {
        None => Some(line),
        Some(at) if own.get(at..) == Some(b"\r\n") => Some(line),
        Some(_) => closely(bytes, delimiter, quoting),
    }
}

/// The same, byte by byte: a quote at the beginning of a field holds line ends and delimiters.
fn closely(bytes: &[u8], delimiter: u8, quoting: bool) -> Option<usize> {
    let mut at = 0;
    let mut begins = true;
    while let Some(byte) = bytes.get(at).copied() {
        at += 1;
        match byte {
            b'"' if quoting && begins => loop {
                at += memchr(b'"', bytes.get(at..)?)? + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            },
            b'\n' => return Some(at),
            b'\r' => return Some(at + usize::from(bytes.get(at) == Some(&b'\n'))),
            _ => {}
        }
        begins = byte == delimiter;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delimited;

    #[test]
    fn blocks_are_read_as_the_whole() {
        for text in [
            "a,b\n1,2\n\n3,4",
            "a,b\r\n\"x\ny\",\"\"\"\"\r\n\r\n\"1,2\",z\r\n",
            "a\rb\r\nc\n\n\n",
            "a,\"b\nc\"d\"\ne,f\"\n,\"\"\n",
        ] {
            let whole = delimited::stretch(text, b',', true, 0).unwrap();
            for size in 1..text.len() {
                let blocks = blocks(text.as_bytes(), 0, b',', true, size).unwrap();
                let mut row = 0;
                for block in &blocks {
                    assert_eq!(block.first, row, "{text:?} {size}");
                    let (lead, first) = block.lead;
                    let sheet = delimited::stretch(&text[lead..block.end], b',', true, first).unwrap();
                    assert_eq!(block.first - first, LEAD.min(block.first));
                    for row in first..block.last {
                        assert_eq!(sheet.cells(row), whole.cells(row), "{text:?} {size} {row}");
                    }
                    row = block.last;
                }
                assert!(row >= whole.height() && blocks.last().unwrap().end == text.len());
            }
        }
        assert_eq!(blocks(b"a,\"b\nc\n", 0, b',', true, 1), None);
        assert_eq!(blocks(b"a,\"b\nc\n", 0, b',', false, 1).unwrap().len(), 2);
    }
}
