//! The conductor: reads an assessment, decides which steps must run and why, runs them, and puts the results in place.
//!
//! The flow of data is the order of these modules: `sampled` (only for the invented city) → [`definitions`] → `steps` → `execute` → `deliveries`, `accounts`,
//! `assess`, `reports` → [`store`]. Stages know nothing of each other; this crate hands data on.

mod accounting;
mod accounts;
mod assess;
mod assessed;
mod checks;
mod circles;
mod context;
mod cross_check;
pub mod definitions;
mod delivered_files;
mod deliveries;
mod execute;
pub mod explain;
mod framework_tables;
mod frameworks;
mod handed_out;
mod indicator_rows;
mod jumps;
mod left_out;
mod lint;
mod listing;
mod new_contract;
mod observe;
mod outcome;
mod parquet_file;
mod places;
mod promised;
mod query_texts;
mod read_table;
mod receive;
mod reference_tables;
mod relations;
mod reports;
mod sampled;
mod selection;
mod side_by_side;
mod sql;
mod steps;
pub mod store;
mod summary;
mod survey;
mod table_keys;
mod up_to_date;

use std::path::Path;

use model::Diagnostic;

pub use checks::{Checked, Violation};
pub use definitions::Definitions;
pub use execute::{Options, StepOutcome};
pub use indicator_rows::wrong_rows;
pub use lint::{known_tables, lint};
pub use new_contract::{NewContract, Prepared, new_contract};
pub use observe::{Event, Observer, Reason, Silent, Stage};
pub use outcome::{Account, Outcome, Told};
pub use receive::{Noted, Receive, Received, day_text, receive};
pub use reference_tables::batches as reference_tables;
pub use sql::{Answer, ask};
pub use summary::{Group, summary};
pub use survey::survey_estimates;
pub use table_keys::keys as table_keys;

use crate::context::Context;
use crate::store::Store;

/// What cannot be parsed or ordered is told together with everything else that is wrong.
fn all_wrong(definitions: &Definitions) -> Vec<Diagnostic> {
    lint::all(definitions)
}

/// Runs the assessment in `folder`: everything of the wanted stages that has changed.
///
/// # Errors
/// Definitions that are wrong (nothing is run then), or a store that cannot be opened. What goes wrong in single
/// steps is in the outcome.
pub fn run(
    folder: &Path,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<Outcome, Vec<Diagnostic>> {
    if options.stages.contains(&Stage::Ingest) {
        sampled::write_if_needed(folder, options, observer).map_err(|diagnostic| vec![diagnostic])?;
    }
    let definitions = Definitions::load(folder)?;
    let (parsed, reports) = lint::parse_all(&definitions).map_err(|_| all_wrong(&definitions))?;
    let steps = steps::build(&definitions, &parsed, &reports).map_err(|_| all_wrong(&definitions))?;
    let out = definitions.out();
    let store = if options.dry_run { Store::read_only(&out) } else { Store::open(&out) };
    let store = store.map_err(|diagnostic| vec![diagnostic])?;
    let mut context = Context::new(&definitions, parsed, reports, steps, store, options.threads);
    context.memory = options.memory.unwrap_or(context.memory);
    lint::check_if_changed(&mut context)?;
    let (steps, diagnostics) = execute::execute(&mut context, options, observer)?;
    if !options.dry_run {
        let state = context.state.clone();
        context.store.commit(state).map_err(|diagnostic| vec![diagnostic])?;
        definitions.delivered.save(&out).map_err(|error| vec![error.into()])?;
    }
    observer.notice(&Event::Ended);
    outcome::gather(&context, steps, diagnostics, options.dry_run).map_err(|diagnostic| vec![diagnostic])
}
