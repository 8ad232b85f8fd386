//! The container of a packed workbook: its parts by name, unpacked as streams and within one limit for the whole file,
//! whatever sizes it declares.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::format::{Kind, Trouble};
use crate::xml::attribute;

/// Most bytes a packed workbook may unfold to.
const MAX_UNPACKED: u64 = 8 << 30;
/// Files that unfold to less than this may do so at any ratio.
const FREE_UNPACKED: u64 = 64 << 20;
/// How many times its packed size a workbook may unfold to.
const MAX_RATIO: u64 = 200;
/// How much is unpacked at a time.
const CHUNK: usize = 64 << 10;

/// An opened container.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Where each part stands, by its plain name.
    parts: BTreeMap<String, usize>,
    /// How many bytes may still be unpacked.
    left: u64,
}

/// A part that is being unpacked.
pub(crate) type Part<'p, 'a> = BufReader<Limited<'p, 'a>>;

/// A part within what is left of the limit.
pub(crate) struct Limited<'p, 'a> {
    file: ZipFile<'p, Cursor<&'a [u8]>>,
    left: &'p mut u64,
}

impl Read for Limited<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let unpacked = u64::try_from(count).unwrap_or(u64::MAX);
        *self.left = self.left.checked_sub(unpacked).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(count)
    }
}

/// Trouble with a stream of a file of this kind.
pub(crate) fn io_trouble(kind: &'static str, error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Trouble::TooBig,
        _ => Trouble::Damaged(kind, error.to_string()),
    }
}

/// Trouble with the XML of a file of this kind.
pub(crate) fn xml_trouble(kind: &'static str, error: &quick_xml::Error) -> Trouble {
    match error {
        quick_xml::Error::Io(error) => io_trouble(kind, error),
        error => Trouble::Damaged(kind, error.to_string()),
    }
}

/// Names of parts are compared without regard to case, as Windows does; `./` and a leading `/` mean nothing.
pub(crate) fn plain(name: &str) -> String {
    let mut path: Vec<&str> = Vec::new();
    for step in name.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/").to_lowercase()
}

impl<'a> Package<'a> {
    /// Opens a container and lists its parts.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Trouble> {
        let damaged = |error: &dyn std::fmt::Display| Trouble::Damaged("zip", error.to_string());
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let mut parts = BTreeMap::new();
        for at in 0..archive.len() {
            let part = archive.by_index(at).map_err(|error| damaged(&error))?;
            parts.insert(plain(&part.name().map_err(|error| damaged(&error))?), at);
        }
        let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let left = packed.saturating_mul(MAX_RATIO).clamp(FREE_UNPACKED, MAX_UNPACKED);
        Ok(Self { archive, parts, left })
    }

    /// What kind of workbook it is, by its parts; `None` if it is none.
    pub(crate) fn kind(&mut self) -> Result<Option<Kind>, Trouble> {
        let usual =
            [("xl/workbook.xml", Kind::Xlsx), ("xl/workbook.bin", Kind::Xlsb), ("content.xml", Kind::Ods)];
        if let Some((_, kind)) = usual.into_iter().find(|(name, _)| self.has(name)) {
            return Ok(Some(kind));
        }
        // Texts and slides lead to their own folders.
        let main = self.main(Kind::Xlsx)?.filter(|target| target.starts_with("xl/"));
        Ok(main.map(|target| if target.ends_with(".bin") { Kind::Xlsb } else { Kind::Xlsx }))
    }

    /// The part that the container says is its document.
    pub(crate) fn main(&mut self, kind: Kind) -> Result<Option<String>, Trouble> {
        let root = self.relations(kind, "")?;
        Ok(root.into_values().find(|(kind, _)| kind == "officeDocument").map(|(_, target)| target))
    }

    /// Whether there is a part of this plain name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// A part by its plain name; `None` if there is none.
    pub(crate) fn part(&mut self, kind: Kind, name: &str) -> Result<Option<Part<'_, 'a>>, Trouble> {
        let Some(at) = self.parts.get(name) else { return Ok(None) };
        let file = self.archive.by_index(*at);
        let file = file.map_err(|error| Trouble::Damaged(kind.name(), error.to_string()))?;
        Ok(Some(BufReader::with_capacity(CHUNK, Limited { file, left: &mut self.left })))
    }

    /// Hands on each element of a part, if there is such a part, by its local name.
    pub(crate) fn elements(
        &mut self,
        kind: Kind,
        name: &str,
        mut each: impl FnMut(&str, &BytesStart<'_>),
    ) -> Result<(), Trouble> {
        let Some(part) = self.part(kind, name)? else { return Ok(()) };
        let mut reader = Reader::from_reader(part);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer);
            match event.map_err(|error| xml_trouble(kind.name(), &error))? {
                Event::Start(element) | Event::Empty(element) => {
                    each(element.local_name().as_ref(), &element);
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// What a part leads to, by the id it gives: the kind of the target, and the target's plain name.
    pub(crate) fn relations(
        &mut self,
        kind: Kind,
        name: &str,
    ) -> Result<BTreeMap<String, (String, String)>, Trouble> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let mut relations = BTreeMap::new();
        self.elements(kind, &plain(&format!("{folder}/_rels/{file}.rels")), |local, element| {
            let of = |name| attribute(element, name);
            if let ("Relationship", Some(id), Some(target)) = (local, of("Id"), of("Target")) {
                let whole = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
                let kind = of("Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(id, (kind, plain(&whole)));
            }
        })?;
        Ok(relations)
    }

    /// Unpacks every part once without keeping it, for readers that unpack without a limit of their own.
    pub(crate) fn try_unfolding(&mut self, kind: Kind) -> Result<(), Trouble> {
        let names: Vec<String> = self.parts.keys().cloned().collect();
        for name in names {
            if let Some(mut part) = self.part(kind, &name)? {
                io::copy(&mut part, &mut io::sink()).map_err(|error| io_trouble(kind.name(), &error))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_are_plain() {
        for (name, expected) in [
            ("/xl/worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/./theme/../sheet.xml", "xl/sheet.xml"),
            ("xl\\workbook.xml", "xl/workbook.xml"),
            ("../../a", "a"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }
}
