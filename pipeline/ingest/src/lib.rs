//! From the bytes of one delivery to typed rows: tables are found by their headers, every sheet row is accounted for,
//! and what is wrong is a finding.
//!
//! ```text
//! bytes ─ format ─ xlsx, xlsb, workbook, spreadsheetml, html, delimited ─▶ grid ─ header, bind, layout ─▶ tables
//!       ─ rows, decide, values ─▶ sources
//! ```
//!
//! It reads only the bytes it is handed and writes no files: whoever runs it does. Pass 2, which looks at all
//! deliveries of a contract together, is SQL text made in [`state_sql`], [`jumps_sql`], [`settled_sql`] and
//! [`standing_sql`] and run elsewhere.

mod above;
mod beside;
mod bind;
mod codes;
mod compound;
mod constraints;
mod dates;
mod decide;
mod delimited;
mod delivery;
mod draft;
#[cfg(test)]
#[path = "../tests/it/drawn.rs"]
mod drawn;
mod encoding;
mod figures;
mod format;
mod grid;
mod header;
mod html;
mod industry;
mod jumps;
mod layout;
mod lines;
mod lists;
mod long;
mod measures;
mod missing;
mod number_format;
mod numerals;
mod package;
mod pass2;
mod personal;
mod raised;
mod raw;
#[cfg(test)]
mod read_back;
mod refused;
mod relations;
mod rows;
mod source;
mod spreadsheetml;
mod stripes;
mod table;
mod totals;
mod transpose;
mod values;
mod view;
mod wide;
mod workbook;
mod xlsb;
mod xlsx;
mod xml;

pub use decide::Decision;
pub use delivery::{Job, Outcome, SheetRows, read};
pub use draft::{Draft, Drafted, DraftedTable, Recognised, Undrafted, Wish, draft, recognise};
pub use jumps::{Jumps, jumps_sql, settled_sql};
pub use lists::{cells_batch, decisions_batch, findings_batch, missing_batch, sources_batch};
pub use long::{Handed, Stretches, stream};
pub use pass2::{standing_sql, state_sql};
pub use raw::{CellAt, Raw, may_show, raw_cells, stated_period};
pub use relations::{foreign_key_sql, rule_sql};
pub use source::{BoundColumn, HandedOut, MissingValue, Source, head_of, line_of, of_its_rows};
pub use table::{rejects_schema, schema};
