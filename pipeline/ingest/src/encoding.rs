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

/// Decodes a file that is no workbook.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(declared) = declared(bytes) {
        let decoded = with(declared, bytes);
        if decoded.undecodable == 0 {
            return decoded;
        }
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return with(encoding, bytes);
    }
    let utf_8 = with(UTF_8, bytes);
    // Text of another encoding has hardly a letter that is also UTF-8; a damaged UTF-8 text has hardly a hole.
    let letters = utf_8.text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if utf_8.undecodable.saturating_mul(10) <= letters {
        return utf_8;
    }
    if let Some(mixed) = by_line(bytes) {
        return mixed;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    with(detector.guess(Some(b"cn"), Utf8Detection::Deny), bytes)
}

/// Whether a decoded file is text at all: no zero characters, hardly any control characters or holes.
pub(crate) fn reads_as_text(decoded: &Decoded<'_>) -> bool {
    let mut all = 0_usize;
    let mut strange = 0_usize;
    for c in decoded.text.chars() {
        if c == '\0' {
            return false;
        }
        all += 1;
        strange +=
            usize::from((c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) || c == '\u{fffd}');
    }
    strange.saturating_mul(50) <= all
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
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

/// A text whose lines are UTF-8 or GB18030, some the one and some the other. Two common Han characters of UTF-8 are
/// hardly ever characters of GB18030 by chance and these in turn UTF-8; read as one encoding they would be other words.
fn by_line(bytes: &[u8]) -> Option<Decoded<'static>> {
    let han =
        |c: &char| matches!(c, '\u{3001}'..='\u{3011}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}');
    let mut text = String::new();
    let mut in_utf_8 = Vec::new();
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) if line.is_ascii() => text.push_str(line),
            Ok(line) if line.chars().filter(han).count() > 1 => {
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
