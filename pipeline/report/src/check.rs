//! Checks templates without data: syntax of minijinja and Typst, packages, and data tables that do not exist.

use std::collections::BTreeSet;

use model::{Diagnostic, Place, text};
use typst::syntax::{LinkedNode, SyntaxKind, ast, parse};

use crate::digits::KnownTexts;
use crate::figures::Recorder;
use crate::render::{self, PAGE};
use crate::templates::{Kind, Templates, kind};

/// Everything wrong with the templates themselves.
pub fn check_templates(templates: &Templates) -> Vec<Diagnostic> {
    let environment = render::environment(templates, &Recorder::default(), &KnownTexts::default());
    let mut diagnostics = Vec::new();
    for (path, file) in templates.files() {
        if kind(path) == Kind::Jinja {
            if let Err(error) = environment.template_from_named_str(path, file.text()) {
                diagnostics.push(render::diagnose_with(&error, &|_| (&file.shown_as, file.text()), &[]));
            }
        } else if kind(path) == Kind::Typst {
            check_typst(&file.shown_as, file.text(), &mut diagnostics);
        }
    }
    diagnostics
}

/// Everything wrong with a page that can be seen without data; `tables` are the names of its queries.
pub fn check_page(
    templates: &Templates,
    page_file: &str,
    page_text: &str,
    tables: &[&str],
) -> Vec<Diagnostic> {
    let environment = render::environment(templates, &Recorder::default(), &KnownTexts::default());
    let file = |name: &str| render::shown(name, page_file, page_text, templates);
    let template = match environment.template_from_named_str(PAGE, page_text) {
        Ok(template) => template,
        Err(error) => return vec![render::diagnose_with(&error, &file, &[])],
    };
    let mut diagnostics = Vec::new();
    let named: BTreeSet<String> = template.undeclared_variables(true).into_iter().collect();
    for table in named.iter().filter_map(|name| name.strip_prefix("data.")) {
        let table = table.split('.').next().unwrap_or(table);
        if !tables.contains(&table) {
            let needle = format!("data.{table}");
            let at = page_text.find(&needle).unwrap_or_default();
            diagnostics.push(
                Diagnostic::new(
                    "template-undefined",
                    Place::span(page_file, page_text, at..at + needle.len()),
                )
                .with("name", needle)
                .suggest(text::suggest(table, tables.iter().copied())),
            );
        }
    }
    if let Some(at) = page_text.find("\"@") {
        diagnostics.push(package(page_file, page_text, at..at + 2));
    }
    diagnostics
}

fn check_typst(file: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let root = parse(text);
    visit(&LinkedNode::new(&root), &mut |node| match node.kind() {
        SyntaxKind::Error => {
            let (errors, _) = node.get().errors_and_warnings();
            let reason = errors.first().map_or_else(String::new, |error| error.message.to_string());
            diagnostics.push(
                Diagnostic::new("typst-error", Place::span(file, text, node.range()))
                    .with("reason", reason)
                    .with("hints", ""),
            );
        }
        SyntaxKind::Str
            if node.cast::<ast::Str<'_>>().is_some_and(|string| string.get().starts_with('@')) =>
        {
            diagnostics.push(package(file, text, node.range()));
        }
        _ => {}
    });
}

fn package(file: &str, text: &str, range: std::ops::Range<usize>) -> Diagnostic {
    Diagnostic::new("typst-package", Place::span(file, text, range))
}

fn visit(node: &LinkedNode<'_>, look: &mut dyn FnMut(&LinkedNode<'_>)) {
    look(node);
    for child in node.children() {
        visit(&child, look);
    }
}
