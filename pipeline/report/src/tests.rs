//! Reports made from fixed data, read back from their pages and bytes.

mod guards;
mod published;
mod sample;
