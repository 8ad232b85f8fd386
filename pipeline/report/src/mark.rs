//! The mark of invented data: on every page of every report, whatever the page and its templates say.
//!
//! It is set before the page and stands above what the theme sets. A page that covers it or sets its own foreground does
//! not get through: after layout each page is looked at.

use model::{Diagnostic, Place};
use typst_layout::PagedDocument;

use crate::{Job, printed};

/// What is set before the page; nothing where the data are not invented.
pub(crate) fn prelude(job: &Job<'_>) -> String {
    let Some(mark) = job.assessment.nature.mark() else { return String::new() };
    format!(
        "#set page(foreground: place(top + center, dy: 10mm, text(font: \"Noto Sans SC\", size: 10pt, weight: \"bold\", \
         fill: rgb(\"#b3261e\"))[{mark}]));"
    )
}

/// Whether each page says that its data are invented, if they are.
///
/// # Errors
/// The first page that does not.
pub(crate) fn check(document: &PagedDocument, job: &Job<'_>) -> Result<(), Vec<Diagnostic>> {
    let Some(mark) = job.assessment.nature.mark() else { return Ok(()) };
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let without = printed::text(document).iter().position(|text| !plain(text).contains(&plain(mark)));
    without.map_or(Ok(()), |page| {
        let diagnostic = Diagnostic::new("mark-missing", Place::file(job.page_file));
        Err(vec![diagnostic.with("page", page + 1).with("mark", mark)])
    })
}
