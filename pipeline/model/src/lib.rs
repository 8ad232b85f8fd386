//! The vocabulary every stage shares: what an assessment, a unit, a period, a contract, a framework, a finding
//! and a diagnostic are, and how their files are read.
//!
//! It imports no other crate of this workspace and knows no county, bureau, pillar or year: those are data. It
//! touches the disk only through [`files`], so that every error names its path.

pub mod accounting;
pub mod assessment;
pub mod catalogue;
pub mod check;
pub mod contract;
pub mod day;
pub mod definition;
pub mod delivery;
pub mod diagnostic;
pub mod digest;
pub mod files;
pub mod finding;
pub mod framework;
pub mod indicator;
pub mod measure;
pub mod period;
pub mod phrases;
mod places;
pub mod reference;
pub mod report;
pub mod resolve;
pub mod status;
pub mod table;
pub mod text;
mod working_days;

pub use accounting::{Accounting, RowKind};
pub use assessment::Assessment;
pub use catalogue::{Language, Severity};
pub use check::{Check, Checks};
pub use contract::{Contract, Field, FieldType};
pub use delivery::{Deliveries, Delivery};
pub use diagnostic::{Diagnostic, Place};
pub use digest::Digest;
pub use finding::Finding;
pub use framework::Framework;
pub use indicator::{Direction, Indicator};
pub use measure::MeasureUnit;
pub use period::Period;
pub use places::Location;
pub use reference::Reference;
pub use report::ReportDefinition;
pub use rust_decimal::Decimal;
pub use status::{STATUSES, Status, status};
pub use table::{Table, Value};
pub use working_days::WorkingDays;
