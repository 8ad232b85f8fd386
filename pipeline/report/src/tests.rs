//! Reports made from fixed data, read back from their pages and bytes.

mod guards;
mod marks;
mod published;
mod sample;
