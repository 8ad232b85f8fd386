//! Texts of xlsx: plain or in runs of their own fonts, shared or within their cell. How a text is pronounced is no part
//! of it, what is set high or low becomes the characters for it; `_x000D_` stands for the character of that number.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::KIND;
use crate::format::Trouble;
use crate::grid::Cell;
use crate::package::{Part, xml_trouble};
use crate::raised;
use crate::xml::{attribute, resolve};

/// Gathers a text from its runs.
#[derive(Debug, Default)]
pub(super) struct Runs {
    whole: String,
    run: String,
    open: bool,
    preserve: bool,
    phonetic: usize,
    /// How the run is set: `superscript`, `subscript`, or not otherwise.
    set: String,
}

impl Runs {
    /// An element begins inside the text.
    pub(super) fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "t" if self.phonetic == 0 => {
                self.open = true;
                self.preserve = attribute(element, "space").is_some_and(|value| value == "preserve");
                self.run.clear();
            }
            "rPh" => self.phonetic += 1,
            "r" => self.set.clear(),
            "vertAlign" => self.set = attribute(element, "val").unwrap_or_default(),
            _ => {}
        }
    }

    /// Characters stand in the text.
    pub(super) fn push(&mut self, part: &str) {
        if self.open {
            self.run.push_str(part);
        }
    }

    /// An element ends inside the text.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "t" if self.open => {
                self.open = false;
                let run =
                    if self.preserve { &self.run } else { self.run.trim_matches([' ', '\t', '\r', '\n']) };
                let run = unescaped(run);
                let (high, low) = (self.set == "superscript", self.set == "subscript");
                self.whole.push_str(&raised::set(&run, high, low));
            }
            "rPh" => self.phonetic = self.phonetic.saturating_sub(1),
            _ => {}
        }
    }

    /// The cell of the text so far, to begin another.
    pub(super) fn take(&mut self) -> Cell {
        let cell = Cell::text(&self.whole);
        self.whole.clear();
        self.set.clear();
        cell
    }
}

/// The shared texts of a workbook, in order.
pub(super) fn shared(part: Part<'_, '_>) -> Result<Vec<Cell>, Trouble> {
    let mut reader = Reader::from_reader(part);
    let mut texts = Vec::new();
    let mut runs = Runs::default();
    let mut closed = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| xml_trouble(KIND.name(), &error))? {
            Event::Start(element) => runs.start(element.local_name().as_ref(), &element),
            Event::Empty(element) => match element.local_name().as_ref() {
                "si" => texts.push(Cell::Empty),
                "sst" => closed = true,
                _ => runs.start(element.local_name().as_ref(), &element),
            },
            Event::Text(part) => runs.push(&part.xml10_content()),
            Event::CData(part) => runs.push(&part.xml10_content()),
            Event::GeneralRef(entity) => runs.push(&resolve(&entity)),
            Event::End(element) => match element.local_name().as_ref() {
                "si" => texts.push(runs.take()),
                "sst" => closed = true,
                name => runs.end(name),
            },
            Event::Eof if closed => return Ok(texts),
            Event::Eof => {
                return Err(Trouble::Damaged(KIND.name(), "it ends among the shared texts".to_owned()));
            }
            _ => {}
        }
    }
}

/// A text with the characters that `_x000D_` and its like stand for.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (unit, length) = escape(rest).map_or((None, c.len_utf8()), |unit| (Some(unit), ESCAPE));
        match unit {
            Some(unit) => units.push(unit),
            None => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// How long `_x000D_` is.
const ESCAPE: usize = 7;

/// The UTF-16 unit a text begins with, if it begins with one written out.
fn escape(text: &str) -> Option<u16> {
    let digits = text.get(..ESCAPE)?.strip_prefix("_x")?.strip_suffix('_')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_out_characters_are_read() {
        for (text, expected) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD842__xDFB7_野", "𠮷野"),
            ("_xD842_", "\u{fffd}"),
            ("鹿城_x城", "鹿城_x城"),
            ("_x00g0_ _x1_", "_x00g0_ _x1_"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
    }
}
