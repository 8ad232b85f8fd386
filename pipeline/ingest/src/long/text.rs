//! The blocks of a long text: where they stand in its bytes, and what they are when decoded.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::delimited;
use crate::encoding::{self, Strange};
use crate::format::{self, MAX_BYTES};
use crate::grid::{MAX_LINES, Sheet};
use crate::lines::{self, Block};
use crate::stripes;

/// Least bytes from which the delimiter is told, and whether tables stand side by side.
const HEAD: usize = 1 << 20;

/// A text that is longer than a block.
#[derive(Debug)]
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    /// Its encoding.
    pub(super) encoding: &'static Encoding,
    delimiter: u8,
    quoting: bool,
    /// Its records.
    pub(super) blocks: Vec<Block>,
}

/// A decoded block, with the rows before it.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) sheet: Sheet,
    /// What was counted in it.
    pub(super) strange: Strange,
    /// Not all of it could be decoded.
    pub(super) damaged: bool,
}

impl<'a> Text<'a> {
    /// `None` if the file is no such text, or one that must be read at once to know what it is.
    pub(super) fn of(bytes: &'a [u8], size: usize) -> Option<Self> {
        if bytes.len() <= size || bytes.len() > MAX_BYTES || format::is_packed(bytes) {
            return None;
        }
        let (encoding, mark) = encoding::chosen(bytes);
        if encoding != UTF_8 && encoding != GB18030 {
            return None;
        }
        let text = bytes.get(mark..)?;
        let head = text.get(..HEAD.max(size)).unwrap_or(text);
        let whole = head.len() == text.len();
        let end = if whole { head.len() } else { memchr::memrchr(b'\n', head)? + 1 };
        let head = encoding::with(encoding, head.get(..end)?).text;
        let content = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if content.is_empty() || content.starts_with('<') || delimited::stated(&head).is_some() {
            return None;
        }
        let delimiter = delimited::delimiter(&head, whole)?;
        let top = delimited::sheet(&head).ok()?;
        if (!whole && top.height() < stripes::LOOKED_AT) || !matches!(top.stripes(), Ok(None)) {
            return None;
        }
        // In GB18030 it is the second byte of some characters.
        if delimiter == b'|' && encoding != UTF_8 {
            return None;
        }
        // A quote that is never closed is no quote.
        let cut =
            |quoting| lines::blocks(bytes, mark, delimiter, quoting, size).map(|blocks| (blocks, quoting));
        let (blocks, quoting) = cut(true).or_else(|| cut(false))?;
        let lines = blocks.last()?.last;
        let long = blocks.len() > 1 && lines <= MAX_LINES;
        long.then_some(Self { bytes, encoding, delimiter, quoting, blocks })
    }

    /// The rows of a block and those before it.
    pub(super) fn sheet(&self, block: &Block) -> Option<Stretch> {
        let (lead, first) = block.lead;
        let before = encoding::with(self.encoding, self.bytes.get(lead..block.start)?);
        let own = encoding::with(self.encoding, self.bytes.get(block.start..block.end)?);
        if self.encoding != UTF_8 && encoding::holds_utf_8(self.bytes.get(block.start..block.end)?) {
            return None;
        }
        let strange = Strange::of(&own.text);
        let damaged = own.undecodable > 0;
        let all = match (&*before.text, own.text) {
            ("", own) => own,
            (before, own) => Cow::Owned(before.to_owned() + &own),
        };
        let sheet = delimited::stretch(&all, self.delimiter, self.quoting, first).ok()?;
        Some(Stretch { sheet, strange, damaged })
    }

    /// What is counted in a block.
    pub(super) fn counts(&self, block: &Block) -> (Strange, bool) {
        let bytes = self.bytes.get(block.start..block.end).unwrap_or_default();
        let own = encoding::with(self.encoding, bytes);
        (Strange::of(&own.text), own.undecodable > 0)
    }
}
