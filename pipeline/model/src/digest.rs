//! SHA-256, the one hash of the project: file contents, fingerprints, the input digest printed in reports.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256 value; prints as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes.as_ref()).into())
    }

    /// The digest of all that a reader gives, piece by piece.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub fn of_reader(mut reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = Sha256::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            let length = reader.read(&mut piece)?;
            if length == 0 {
                return Ok(Self(hasher.finalize().into()));
            }
            hasher.update(piece.get(..length).unwrap_or_default());
        }
    }

    /// The digest of several named parts. Lengths are hashed too, so parts cannot run into each other.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut hasher = Sha256::new();
        for (name, bytes) in parts {
            for part in [name.as_bytes(), bytes] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        Self(hasher.finalize().into())
    }

    /// The first 31 bits as a non-negative number: the upper half of `_origin`.
    pub fn high_31_bits(&self) -> i64 {
        i64::from(u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]]) >> 1)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// All 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.to_string()
    }

    /// The first 12 digits, for people.
    pub fn short(&self) -> String {
        self.hex().chars().take(12).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_value_and_unambiguous_parts() {
        assert_eq!(Digest::of("abc").short(), "ba7816bf8f01");
        let one = Digest::of_parts([("a", b"bc".as_slice())]);
        let two = Digest::of_parts([("ab", b"c".as_slice())]);
        assert_ne!(one, two);
    }
}
