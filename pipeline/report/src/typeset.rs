//! Typst source becomes pages and a PDF that archives and screen readers accept: PDF/A-2a and PDF/UA-1 at once.

use model::{Diagnostic, Place};
use typst::World;
use typst::WorldExt as _;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Datetime, Smart};
use typst::syntax::{DiagSpan, Span};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Job;
use crate::mark;
use crate::render::{Page, shown};
use crate::world::{PageWorld, REFUSED};

/// How many compilations cached results outlive: enough that the reports of one run share the theme.
const CACHE_AGE: usize = 10;

/// A page that has been set.
pub(crate) struct Typeset {
    /// The laid-out pages.
    pub(crate) document: PagedDocument,
    /// What Typst warned of.
    pub(crate) warnings: Vec<Diagnostic>,
    world: PageWorld,
}

/// Lays out a rendered page.
pub(crate) fn lay_out(job: &Job<'_>, page: &Page) -> Result<Typeset, Vec<Diagnostic>> {
    let world = PageWorld::new(
        job.templates,
        format!("{}{}", mark::prelude(job), page.typst),
        job.assessment.edition.year_month_day(),
    );
    let world = world.map_err(|error| {
        vec![
            Diagnostic::new("typst-error", Place::file(job.page_file))
                .with("reason", error)
                .with("hints", ""),
        ]
    })?;
    let result = typst::compile::<PagedDocument>(&world);
    comemo::evict(CACHE_AGE);
    let warnings = tell(&result.warnings, &world, job, page);
    // Without the font, its text would be missing from the page.
    if warnings.iter().any(|warning| warning.code == "typst-font") {
        return Err(warnings);
    }
    match result.output {
        Ok(document) => Ok(Typeset { document, warnings, world }),
        Err(errors) => Err(tell(&errors, &world, job, page).into_iter().chain(warnings).collect()),
    }
}

/// Writes laid-out pages as PDF.
pub(crate) fn export(job: &Job<'_>, page: &Page, typeset: &Typeset) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let failed = |reason: String| {
        vec![
            Diagnostic::new("typst-error", Place::file(job.page_file))
                .with("reason", reason)
                .with("hints", ""),
        ]
    };
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| failed(error.message().to_string()))?;
    let timestamp = job.assessment.edition.year_month_day().and_then(|(year, month, day)| {
        Datetime::from_ymd_hms(i32::from(year), month, day, 0, 0, 0).map(Timestamp::new_utc)
    });
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}/{}/{}", job.assessment.id, job.id, job.assessment.edition.id)),
        creator: Smart::Custom(Some(format!("mantianxing {}", env!("CARGO_PKG_VERSION")))),
        timestamp,
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&typeset.document, &options).map_err(|errors| tell(&errors, &typeset.world, job, page))
}

/// Typst's diagnostics as ours, each once.
fn tell(diagnostics: &[SourceDiagnostic], world: &PageWorld, job: &Job<'_>, page: &Page) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for diagnostic in diagnostics {
        let diagnostic = diagnose(diagnostic, world, job, page);
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    told
}

/// A Typst diagnostic as ours: at the line of the template it came from.
fn diagnose(diagnostic: &SourceDiagnostic, world: &PageWorld, job: &Job<'_>, page: &Page) -> Diagnostic {
    // A failure inside a component is told where the page calls it, if the page does.
    let called_from = diagnostic.trace.iter().map(|point| point.span).find(|span| in_main(*span, world));
    let own = place(diagnostic.span, world, job, page);
    let called = called_from.and_then(|span| place(DiagSpan::from(span), world, job, page));
    let (place, inside) = match (own, called) {
        (Some(own), Some(called)) if own.file != called.file => (called, own.to_string()),
        (own, called) => (own.or(called).unwrap_or_else(|| Place::file(job.page_file)), String::new()),
    };
    let message = diagnostic.message.as_str();
    let code = if message.contains(REFUSED) {
        "typst-file-refused"
    } else if message.contains("could not be displayed with") {
        "glyph-missing-template"
    } else if message.contains("unknown font family") {
        "typst-font"
    } else if diagnostic.severity == Severity::Warning {
        "typst-warning"
    } else {
        "typst-error"
    };
    let mut hints: Vec<String> = diagnostic.hints.iter().map(|hint| hint.v.to_string()).collect();
    if !inside.is_empty() {
        hints.push(inside);
    }
    let hints = if hints.is_empty() { String::new() } else { format!(" ({})", hints.join("; ")) };
    Diagnostic::new(code, place).with("reason", message).with("hints", hints)
}

fn in_main(span: Span, world: &PageWorld) -> bool {
    span.id().is_some_and(|id| world.is_main(id))
}

/// The place of a span in the file the user knows.
fn place(span: DiagSpan, world: &PageWorld, job: &Job<'_>, page: &Page) -> Option<Place> {
    let id = span.id()?;
    let range = world.range(span)?;
    if world.is_main(id) {
        let before = mark::prelude(job).len();
        let range = range.start.checked_sub(before)?..range.end.checked_sub(before)?;
        let (name, source) = page.map.origin(&range)?;
        let (file, text) = shown(name, job.page_file, job.page_text, job.templates);
        return Some(Place::span(file, text, source));
    }
    let path = id.get().vpath().get_without_slash();
    let file = job.templates.get(path)?;
    let source = world.source(id).ok()?;
    Some(Place::span(&file.shown_as, source.text(), range))
}
