//! Data and templates become a PDF, and a record of every printed figure.
//!
//! A page (`page.typ.j2`) is rendered by minijinja into Typst source ([`render`]) and set by Typst's own crates in a
//! closed world. Text from data is always literal; a number from data can be printed only through the number
//! filters, which round it once and remember its query, row and column; after layout each of these figures is looked
//! up on the pages. The PDF is PDF/A-2a and PDF/UA-1, with the edition's date and nobody's clock: the same job gives
//! the same bytes.

mod alt;
mod check;
mod digits;
mod escape;
mod figures;
mod fonts;
mod han;
mod mark;
mod meaning;
mod number;
mod placement;
mod preflight;
mod printed;
mod render;
mod rows;
mod sourcemap;
mod templates;
mod trouble;
mod typeset;
mod world;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use model::{Assessment, Diagnostic, ReportDefinition, Table};

pub use check::{check_page, check_templates};
pub use figures::Figure;
pub use fonts::font_digest;
pub use meaning::meaning;
pub use model::{STATUSES, Status, status};
pub use templates::{TemplateFile, Templates};

/// One report to be made.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The report's id, the name of its folder.
    pub id: &'a str,
    /// Its definition.
    pub definition: &'a ReportDefinition,
    /// The assessment it belongs to.
    pub assessment: &'a Assessment,
    /// How messages name the page file.
    pub page_file: &'a str,
    /// The page template.
    pub page_text: &'a str,
    /// The results of the report's queries, by the name of their files.
    pub data: &'a BTreeMap<String, Table>,
    /// What the page may use.
    pub templates: &'a Templates,
    /// The digest of everything the report is made from, printed in its footers.
    pub input_digest: &'a str,
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Every printed figure, in reading order.
    pub figures: Vec<Figure>,
    /// The figures as `figures.json`.
    pub figures_json: String,
    /// What Typst warned of.
    pub warnings: Vec<Diagnostic>,
}

/// Makes a report.
///
/// # Errors
/// What is wrong with the template or the data, with file and line.
pub fn render(job: &Job<'_>) -> Result<Rendered, Vec<Diagnostic>> {
    let missing = preflight::check(job);
    if !missing.is_empty() {
        return Err(missing);
    }
    let page = render::page(job)?;
    let typeset = typeset::lay_out(job, &page)?;
    let figures = printed::figures(&typeset.document, &page.written, job.page_file)?;
    mark::check(&typeset.document, job)?;
    let pdf = typeset::export(job, &page, &typeset)?;
    Ok(Rendered {
        pdf,
        figures_json: figures::to_json(job.assessment.nature, &figures),
        figures,
        warnings: typeset.warnings,
    })
}
