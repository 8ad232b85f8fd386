//! The reader over whole files: small ones made by hand, one trap each, and messy real ones where they are at hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its files and says how long it took"
)]
#![expect(clippy::format_push_string, reason = "plain words matter more here than an allocation")]

mod beside;
mod binary;
mod cases;
mod common;
mod drawn;
mod formats;
mod long;
mod messy;
mod properties;
mod registered;
mod sheet_names;
mod texts;
mod unseen;
mod wide;
mod xlsx_files;
