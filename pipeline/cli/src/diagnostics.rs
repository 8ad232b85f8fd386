//! Drawing a diagnostic: message, file:line:column, the line itself with the place underlined, and what to do.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use model::{Diagnostic, Severity};

use crate::printer::Printer;

/// The diagnostic as text, with colours if asked.
pub(crate) fn render(diagnostic: &Diagnostic, printer: &Printer, colours: bool) -> String {
    let message = printer.in_languages(|language| diagnostic.message(language), "\n");
    let hint = printer.in_languages(|language| diagnostic.hint(language).unwrap_or_default(), "\n");
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let place = &diagnostic.place;
    let mut group = level
        .primary_title(&message)
        .id(diagnostic.code)
        .elements(Vec::<annotate_snippets::Element<'_>>::new());
    match (place.line, place.excerpt.as_deref()) {
        (Some(line), Some(excerpt)) => {
            let byte = |characters: usize| {
                excerpt.char_indices().nth(characters).map_or(excerpt.len(), |(byte, _)| byte)
            };
            let from = place.column.map_or(0, |column| column.saturating_sub(1));
            let to =
                if place.column.is_some() { from + place.length.max(1) } else { excerpt.chars().count() };
            let snippet = Snippet::source(excerpt)
                .path(place.file.as_str())
                .line_start(line)
                .annotation(AnnotationKind::Primary.span(byte(from)..byte(to)));
            group = group.element(snippet);
        }
        _ if place.file.is_empty() => {}
        _ => {
            group = group.element(annotate_snippets::Origin::path(place.file.as_str()));
        }
    }
    if !hint.is_empty() {
        group = group.element(Level::HELP.message(&hint));
    }
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}
