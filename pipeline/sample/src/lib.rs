//! The invented city: what its bureaus would send under nineteen contracts over four years, with the truth beside it.
//!
//! ```text
//! city (data) ─▶ world ─▶ entity ─▶ contracts (clean rows) ─▶ mess ─▶ sheet ─▶ paper (files)
//!                                          └────────────────────┴─▶ truth (tables, what was planted)
//! ```
//!
//! The same options give the same bytes on every machine. Nothing is stored: an enterprise follows from (seed, county,
//! number) whenever a row needs it, so that a city of 1.6 million takes no more memory than one of four hundred. All of it
//! is invented: no unit, code, name or telephone number is anybody's. It writes files and reads none.

pub mod calendar;
pub mod city;
pub mod codes;
mod contracts;
mod delivery;
pub mod draw;
pub mod entity;
mod layout;
mod links;
mod mess;
mod names;
pub mod paper;
mod sender;
mod sending;
mod sheet;
mod truth;
pub mod value;
pub mod world;
mod write;

pub use write::{Summary, write};

/// What sample to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `mini`, `small`, `city`, `province` or `nation`.
    pub scale: String,
    /// What part of the scale, in millionths.
    pub fraction_millionths: u32,
    /// The seed.
    pub seed: u64,
    /// No mess, nothing late or corrected: what the bureaus would send if all went well.
    pub clean: bool,
    /// The last copy of the register once more as one UTF-8 file, `twin/registry.csv`, for comparing readers.
    pub twin: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { scale: "small".to_owned(), fraction_millionths: 1_000_000, seed: 1, clean: false, twin: false }
    }
}

/// What the generator writes, in a word: it changes when the same options give other bytes. The list of the committed
/// sample names every file with its digest, and a test holds it against what is written.
pub fn generator() -> model::Digest {
    let (city, list) = (
        include_bytes!("../../../data-samples/synthetic/city.toml"),
        include_bytes!("../../../data-samples/synthetic/mini/extracts/deliveries.toml"),
    );
    model::Digest::of_parts([("city", city.as_slice()), ("mini", list.as_slice())])
}

/// The size of a sample, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(&'static str);

impl Scale {
    const ALL: [Self; 5] = [Self("mini"), Self("small"), Self("city"), Self("province"), Self("nation")];

    /// The scale of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scale| scale.0 == name)
    }

    /// The names of all scales, the smallest first, parted by commas.
    pub fn names() -> String {
        Self::ALL.map(|scale| scale.0).join(", ")
    }
}

/// A sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// No scale of this name.
    #[error("`{0}` is no scale: {names}", names = Scale::names())]
    Scale(String),
    /// The fraction is not above 0 and at most 1.
    #[error("the fraction must be above 0 and at most 1")]
    Fraction,
    /// The disk.
    #[error(transparent)]
    File(#[from] model::files::FileError),
    /// A workbook cannot hold what it should.
    #[error("workbook: {0}")]
    Paper(String),
    /// Data compiled into the program are not as they should be.
    #[error("{file}: {reason}")]
    Data {
        /// The file.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl SampleError {
    pub(crate) fn data(file: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Data { file, reason: reason.to_string() }
    }

    pub(crate) fn paper(reason: impl std::fmt::Display) -> Self {
        Self::Paper(reason.to_string())
    }
}
