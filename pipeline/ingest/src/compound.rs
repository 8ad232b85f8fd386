//! The container of old workbooks (MS-CFB): the one stream that holds the workbook, taken out under limits.
//!
//! A damaged container may lead round in circles, so nothing is followed for longer than the file is. What is in the
//! stream is for others to tell. `calamine` gets the stream in a clean container of its own, never the sender's.

use std::io::{Cursor, Write as _};

/// Ends a chain of sectors.
const END: u32 = 0xFFFF_FFFE;
/// Numbers from here on name no sector.
const RESERVED: u32 = 0xFFFF_FFFA;
/// Streams shorter than this stand in small sectors.
const SMALL_STREAM: u64 = 4096;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// The stream of the workbook: `Workbook` of BIFF8, else `Book` of BIFF5. `None` where the container holds none or
/// contradicts itself.
pub(crate) fn workbook(bytes: &[u8]) -> Option<Vec<u8>> {
    let container = Container::open(bytes)?;
    ["Workbook", "Book"].into_iter().find_map(|name| container.stream(name))
}

/// A container with nothing but this stream, as its workbook.
pub(crate) fn around(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector that follows each sector.
    next: Vec<u32>,
    directory: Vec<u8>,
    small: Vec<u8>,
    small_next: Vec<u32>,
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16::from_le_bytes(bytes.get(30..32)?.try_into().ok()?) {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut this = Self {
            bytes,
            sector,
            next: Vec::new(),
            directory: Vec::new(),
            small: Vec::new(),
            small_next: Vec::new(),
        };
        let most = bytes.len() / sector + 1;
        let mut tables: Vec<u32> = numbers(bytes.get(76..512)?).collect();
        let mut more = u32_at(bytes, 68)?;
        for _ in 0..most {
            let Some(list) = this.sector(more).filter(|_| more < RESERVED) else { break };
            tables.extend(numbers(list));
            more = tables.pop()?;
        }
        let tables = tables.into_iter().filter(|table| *table < RESERVED).take(most);
        this.next = tables.filter_map(|table| this.sector(table)).flat_map(numbers).collect();
        this.directory = this.chain(u32_at(bytes, 48)?, u64::MAX)?;
        if u32_at(bytes, 64)? > 0 {
            this.small_next = numbers(&this.chain(u32_at(bytes, 60)?, u64::MAX)?).collect();
            let root = this.directory.get(..ENTRY)?.to_vec();
            this.small = this.chain(u32_at(&root, 116)?, u64::MAX)?;
        }
        Some(this)
    }

    /// The bytes of a sector; the last one of a file may be cut short.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The sectors of a chain, one behind the other, but no more than `length` bytes.
    fn chain(&self, first: u32, length: u64) -> Option<Vec<u8>> {
        follow(first, length, &self.next, |number| self.sector(number))
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let named = |entry: &&[u8]| {
            let units = entry.get(..64).unwrap_or_default().as_chunks::<2>().0.iter();
            let units = units.map(|pair| u16::from_le_bytes(*pair)).take_while(|unit| *unit != 0);
            let found: String =
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            found.eq_ignore_ascii_case(name)
        };
        let entry = self.directory.chunks_exact(ENTRY).find(named)?;
        let (first, length) = (u32_at(entry, 116)?, u64::from(u32_at(entry, 120)?));
        if length >= SMALL_STREAM {
            return self.chain(first, length);
        }
        let small = |number: u32| {
            let start = usize::try_from(number).ok()?.checked_mul(64)?;
            self.small.get(start..start.checked_add(64)?.min(self.small.len()))
        };
        follow(first, length, &self.small_next, small)
    }
}

/// Follows a chain; one that is longer than there are sectors goes round in circles.
fn follow<'a>(
    first: u32,
    length: u64,
    next: &[u32],
    sector: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (mut all, mut number) = (Vec::new(), first);
    for _ in 0..=next.len() {
        if number == END || all.len() >= length {
            all.truncate(length);
            return Some(all);
        }
        all.extend_from_slice(sector(number)?);
        number = *next.get(usize::try_from(number).ok()?)?;
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_comes_out() {
        for length in [0, 1, 63, 64, 4095, 4096, 70_000] {
            let stream: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[0]).collect();
            assert_eq!(workbook(&around(&stream).unwrap()), Some(stream), "{length}");
        }
    }

    #[test]
    fn circles_end() {
        let good = around(&[7; 9000]).unwrap();
        for at in 0..good.len() / 4 {
            for number in [0_u32, 1, 2, 3, 0xFFFF_FFFD] {
                let mut bytes = good.clone();
                bytes[at * 4..at * 4 + 4].copy_from_slice(&number.to_le_bytes());
                let found = workbook(&bytes);
                assert!(found.is_none_or(|stream| stream.len() <= bytes.len()), "{at} {number}");
            }
        }
    }
}
