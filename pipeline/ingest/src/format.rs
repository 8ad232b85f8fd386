//! What kind of file it is, told by its content and never by its name, and the sheets in it.
//!
//! This is the only place that knows all readers. Everything that can be wrong with a file as a whole ends here as a
//! [`Trouble`]; nothing behind it sees bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::Finding;

use crate::encoding::{self, Decoded, Strange};
use crate::grid::{Sheet, TooBig};
use crate::package::Package;
use crate::{delimited, html, spreadsheetml, workbook, xlsb, xlsx};

/// Most bytes of a delivered file.
pub(crate) const MAX_BYTES: usize = 512 << 20;
const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Why a file gives no sheets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It has no content.
    Empty,
    /// It is nothing we know.
    Unknown,
    /// It begins as the named kind and cannot be read on.
    Damaged(&'static str, String),
    /// It, or what it unfolds to, is beyond our limits.
    TooBig,
}

impl From<TooBig> for Trouble {
    fn from(_: TooBig) -> Self {
        Self::TooBig
    }
}

/// The kinds of workbooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Office Open XML.
    Xlsx,
    /// The same in binary parts.
    Xlsb,
    /// OpenDocument.
    Ods,
    /// BIFF in an OLE2 container.
    Xls,
}

impl Kind {
    /// The name used in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Xls => "xls",
        }
    }
}

/// An opened file.
#[derive(Debug)]
pub(crate) struct Opened {
    /// `xlsx`, `xls`, `xlsb`, `ods`, `spreadsheetml`, `html` or `text`.
    pub(crate) format: &'static str,
    /// The encoding of its text; empty for workbooks, which state their own.
    pub(crate) encoding: String,
    /// How many characters could not be decoded.
    pub(crate) undecodable: usize,
    /// The lines that are of another encoding than the rest.
    pub(crate) in_utf_8: Vec<usize>,
    /// Its sheets, in order; one with tables side by side as often as it has such tables.
    pub(crate) sheets: Vec<Sheet>,
}

/// Whether a file is no text but a container.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(OLE)
}

/// Opens a file.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened, Trouble> {
    if bytes.len() > MAX_BYTES {
        return Err(Trouble::TooBig);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Trouble::Empty);
    }
    if bytes.starts_with(ZIP) {
        let mut package = Package::open(bytes)?;
        let kind = package.kind()?.ok_or(Trouble::Unknown)?;
        return open_workbook(kind, || match kind {
            Kind::Xlsx => xlsx::sheets(&mut package),
            Kind::Xlsb => xlsb::sheets(&mut package),
            Kind::Ods => workbook::ods(bytes, &mut package),
            Kind::Xls => workbook::xls(bytes),
        });
    }
    if bytes.starts_with(OLE) {
        return open_workbook(Kind::Xls, || workbook::xls(bytes));
    }
    let decoded = encoding::decode(bytes);
    let content = decoded.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if content.is_empty() {
        return Err(Trouble::Empty);
    }
    if content.starts_with('<') {
        let start: String = content.chars().take(4096).collect::<String>().to_lowercase();
        if start.contains("<workbook") || start.contains("<ss:workbook") {
            return opened("spreadsheetml", &decoded, spreadsheetml::sheets(content)?);
        }
        if start.contains("<html") || start.contains("<table") || start.contains("<!doctype html") {
            return opened("html", &decoded, html::sheets(content)?);
        }
    }
    if !Strange::of(&decoded.text).reads_as_text() {
        return Err(Trouble::Unknown);
    }
    opened("text", &decoded, vec![delimited::sheet(&decoded.text)?])
}

fn opened(format: &'static str, decoded: &Decoded<'_>, sheets: Vec<Sheet>) -> Result<Opened, Trouble> {
    let (encoding, in_utf_8) = (decoded.encoding.to_owned(), decoded.in_utf_8.clone());
    Ok(Opened { format, encoding, undecodable: decoded.undecodable, in_utf_8, sheets: parted(sheets)? })
}

/// The same sheets, those with tables side by side in parts.
fn parted(sheets: Vec<Sheet>) -> Result<Vec<Sheet>, Trouble> {
    let mut all = Vec::new();
    for sheet in sheets {
        match sheet.stripes()? {
            Some(stripes) => all.extend(stripes),
            None => all.push(sheet),
        }
    }
    Ok(all)
}

/// Reads a workbook. Its bytes are a stranger's and so are the parsers: should one panic, the file is damaged and the
/// run goes on.
fn open_workbook(kind: Kind, read: impl FnOnce() -> Result<Vec<Sheet>, Trouble>) -> Result<Opened, Trouble> {
    let contradicts = |_| Err(Trouble::Damaged(kind.name(), "its parts contradict each other".to_owned()));
    let sheets = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(contradicts)?;
    let (encoding, in_utf_8) = (String::new(), Vec::new());
    Ok(Opened { format: kind.name(), encoding, undecodable: 0, in_utf_8, sheets: parted(sheets)? })
}

/// The finding about a file that gives no sheets.
pub(crate) fn unopened(file: &str, trouble: Trouble) -> Finding {
    let finding = |code| Finding::new(code, file);
    match trouble {
        Trouble::Empty => finding("file-empty"),
        Trouble::Unknown => finding("file-of-unknown-kind"),
        // What the reader of the format said is kept for those who look into the file, and is no part of the message.
        Trouble::Damaged(kind, said) => {
            let cut = ["EOCD", "end of file", "EOF", "whole buffer", "ends in", "ends among", "cut off"];
            let reason = if cut.iter().any(|cut| said.contains(cut)) {
                "it ends too early"
            } else {
                "its parts are not as this kind has them"
            };
            finding("file-damaged").with("kind", kind).with("reason", reason).with("said", said)
        }
        Trouble::TooBig => finding("file-too-big"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_by_content() {
        assert_eq!(open(b"").unwrap_err(), Trouble::Empty);
        assert_eq!(open(b"\xEF\xBB\xBF \r\n").unwrap_err(), Trouble::Empty);
        assert_eq!(open(&[0, 1, 2, 3, 200, 7, 255, 0, 9, 1]).unwrap_err(), Trouble::Unknown);
        assert!(matches!(open(b"PK\x03\x04garbage").unwrap_err(), Trouble::Damaged("zip", _)));
        let ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0];
        assert!(matches!(open(&ole).unwrap_err(), Trouble::Damaged("xls", _)));
        let xml =
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>";
        assert_eq!(open(xml).unwrap().format, "spreadsheetml");
        assert_eq!(open(b"\n<TABLE><tr><td>1</TABLE>").unwrap().format, "html");
        assert_eq!(open(b"a,b\n1,2\n").unwrap().format, "text");
    }
}
