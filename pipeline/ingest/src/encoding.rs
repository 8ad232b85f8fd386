//! From bytes to text: byte-order mark, declaration, strict UTF-8, UTF-16 without a mark, else a detector.
//!
//! What cannot be decoded is counted and reported, never replaced in silence. GB2312 and GBK are read as GB18030,
//! which holds both and the rare characters of names.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// A decoded text.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text, without a byte-order mark; the bytes themselves where they are UTF-8 already.
    pub(crate) text: Cow<'a, str>,
    /// The name of the encoding.
    pub(crate) encoding: &'static str,
    /// How many characters could not be decoded.
    pub(crate) undecodable: usize,
    /// The lines, from 1, that are UTF-8 in a text that is GB18030 else: files joined without a look at their encoding.
    pub(crate) in_utf_8: Vec<usize>,
}

/// Most bytes that are shown to the detector, from the first that is not ASCII on.
const SHOWN: usize = 1 << 20;

/// Decodes a file that is no workbook.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some(declared) = Encoding::for_bom(bytes).is_none().then(|| declared(bytes)).flatten() {
        let decoded = with(declared, bytes);
        if decoded.undecodable == 0 {
            return decoded;
        }
    }
    let (encoding, mark) = chosen(bytes);
    if encoding != UTF_8
        && mark == 0
        && let Some(mixed) = by_line(bytes)
    {
        return mixed;
    }
    with(encoding, bytes.get(mark..).unwrap_or_default())
}

/// The encoding of a text that declares none, and the length of its byte-order mark.
pub(crate) fn chosen(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some(marked) = Encoding::for_bom(bytes) {
        return marked;
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return (encoding, 0);
    }
    if is_utf_8(bytes) {
        return (UTF_8, 0);
    }
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
    let shown = bytes.get(first..).unwrap_or_default();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(shown.get(..SHOWN).unwrap_or(shown), shown.len() <= SHOWN);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    (if guess == GBK { GB18030 } else { guess }, 0)
}

/// Text of another encoding has hardly a letter that is also UTF-8; a damaged UTF-8 text has hardly a hole.
fn is_utf_8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut holes, mut letters, mut left) = (0_usize, 0_usize, bytes.len());
    for chunk in bytes.utf8_chunks() {
        let good = chunk.valid();
        let own = good.chars().filter(|c| *c == '\u{fffd}').count();
        // Only a text with holes is looked at closely.
        letters += good.chars().filter(|c| !c.is_ascii()).count() - own;
        holes += own + usize::from(!chunk.invalid().is_empty());
        left = left.saturating_sub(good.len() + chunk.invalid().len());
        // A letter takes two bytes at least.
        if holes.saturating_mul(10) > letters + left / 2 {
            return false;
        }
    }
    holes.saturating_mul(10) <= letters
}

/// How much of a decoded text is no text: zero characters, control characters, holes. What is counted of its parts
/// adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strange {
    zero: bool,
    odd: usize,
    /// Characters that stand for what could not be decoded.
    pub(crate) holes: usize,
    all: usize,
}

impl Strange {
    /// Counts in a decoded text.
    pub(crate) fn of(text: &str) -> Self {
        let all = text.chars().count();
        let bytes = text.as_bytes();
        let control = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=31 | 127);
        let further = || memchr::memchr_iter(0xC2, bytes).any(|at| bytes.get(at + 1) < Some(&0xA0));
        let hole = || memchr::memmem::find(bytes, "\u{fffd}".as_bytes()).is_some();
        if !bytes.iter().any(control) && !further() && !hole() {
            return Self { all, ..Self::default() };
        }
        let odd = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) || c == '\u{fffd}';
        Self {
            zero: text.contains('\0'),
            odd: text.chars().filter(|c| odd(*c)).count(),
            holes: text.matches('\u{fffd}').count(),
            all,
        }
    }

    /// Adds what was counted in another part.
    pub(crate) fn add(&mut self, other: Self) {
        self.zero |= other.zero;
        self.odd += other.odd;
        self.holes += other.holes;
        self.all += other.all;
    }

    /// Whether it is text at all: no zero characters, hardly any of the others.
    pub(crate) fn reads_as_text(self) -> bool {
        !self.zero && self.odd.saturating_mul(50) <= self.all
    }
}

/// A part of a text that ends where a line does, in an encoding in which line ends are bytes of their own.
pub(crate) fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (mut text, damaged) = encoding.decode_without_bom_handling(bytes);
    // Old programs end a text with the sign for its end.
    let length = text.trim_end_matches('\u{1a}').len();
    match &mut text {
        Cow::Borrowed(text) => *text = text.get(..length).unwrap_or_default(),
        Cow::Owned(text) => text.truncate(length),
    }
    let undecodable = if damaged { text.matches('\u{fffd}').count().max(1) } else { 0 };
    Decoded { text, encoding: encoding.name(), undecodable, in_utf_8: Vec::new() }
}

/// Whether a line of a text of another encoding is UTF-8.
pub(crate) fn holds_utf_8(bytes: &[u8]) -> bool {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.any(|line| !line.is_ascii() && std::str::from_utf8(line).is_ok_and(is_han))
}

/// Whether a text holds two Han characters or marks in common use.
fn is_han(text: &str) -> bool {
    let han =
        |c: &char| matches!(c, '\u{3001}'..='\u{3011}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}');
    text.chars().filter(han).count() > 1
}

/// A text whose lines are UTF-8 or GB18030, some the one and some the other. Two common Han characters of UTF-8 are
/// hardly ever characters of GB18030 by chance and these in turn UTF-8; read as one encoding they would be other words.
fn by_line(bytes: &[u8]) -> Option<Decoded<'static>> {
    let mut text = String::new();
    let mut in_utf_8 = Vec::new();
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) if line.is_ascii() => text.push_str(line),
            Ok(line) if is_han(line) => {
                in_utf_8.push(at + 1);
                text.push_str(line);
            }
            _ => text.push_str(&GB18030.decode_without_bom_handling_and_without_replacement(line)?),
        }
    }
    let length = text.trim_end_matches('\u{1a}').len();
    text.truncate(length);
    let encoding = GB18030.name();
    (!in_utf_8.is_empty()).then(|| Decoded { text: text.into(), encoding, undecodable: 0, in_utf_8 })
}

/// `charset=…` near the start of a web page.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start: String =
        bytes.iter().take(4096).map(|byte| char::from(*byte)).collect::<String>().to_lowercase();
    if !start.trim_start().starts_with('<') {
        return None;
    }
    let (_, after) = start.split_once("charset=")?;
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    // A page read byte by byte is no UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

/// Line ends and delimiters leave zero bytes on one side only.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |side: usize| start.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > 0 => Some(UTF_16LE),
        (even, 0) if even > 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (&'static str, String) {
        let decoded = decode(bytes);
        assert_eq!(decoded.undecodable, 0);
        (decoded.encoding, decoded.text.into_owned())
    }

    #[test]
    fn every_way_a_bureau_saves() {
        let text = "瓯海区,１\n𠮷村,2\n";
        let gb = GB18030.encode(text).0.into_owned();
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(text.as_bytes()), ("UTF-8", text.into()));
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), ("UTF-8", text.into()));
        assert_eq!(read(&le), ("UTF-16LE", text.into()));
        assert_eq!(read(&[&[0xFF, 0xFE], le.as_slice()].concat()), ("UTF-16LE", text.into()));
        assert_eq!(read(&be), ("UTF-16BE", text.into()));
        assert_eq!(read(&gb), ("gb18030", text.into()));
        let page = format!("<html><meta charset=\"gb2312\"><td>{text}");
        assert_eq!(read(&GB18030.encode(&page).0), ("gb18030", page));
        let lying = format!("<html><meta charset=utf-8><td>{text}");
        assert_eq!(read(&GB18030.encode(&lying).0), ("gb18030", lying));
    }

    #[test]
    fn the_sign_of_the_end_is_no_text() {
        let gb = GB18030.encode("地区,户数\n鹿城区,1\n\u{1a}").0.into_owned();
        assert_eq!(read(&gb), ("gb18030", "地区,户数\n鹿城区,1\n".into()));
        assert_eq!(read("地区\u{1a}".as_bytes()), ("UTF-8", "地区".into()));
    }

    #[test]
    fn lines_may_be_of_two_encodings() {
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        let mixed = [gb("地区,户数\n"), "鹿城区,1\n瓯海,3\n".into(), gb("龙湾区,2\n\u{1a}")].concat();
        let decoded = decode(&mixed);
        assert_eq!(decoded.text, "地区,户数\n鹿城区,1\n瓯海,3\n龙湾区,2\n");
        assert_eq!((decoded.encoding, decoded.in_utf_8), ("gb18030", vec![2, 3]));
        assert!(decode(&gb("地区,户数\n鹿城区,1\n")).in_utf_8.is_empty());
    }

    #[test]
    fn holes_are_counted() {
        let bytes = [&[0xEF, 0xBB, 0xBF], "鹿城".as_bytes(), &[0xFF]].concat();
        assert_eq!(decode(&bytes).undecodable, 1);
        let damaged = [&"鹿城区龙湾区瓯海区洞头区".as_bytes()[..35], b",1\n"].concat();
        let decoded = decode(&damaged);
        assert_eq!((decoded.encoding, decoded.undecodable), ("UTF-8", 1));
    }
}
