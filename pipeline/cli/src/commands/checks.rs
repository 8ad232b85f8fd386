//! What checks found, at the end of a run: each with its title, how many violations, the first of them, and what to do.
//! All of it stands in the tables `checks.<id>`.

use model::Language;
use run::{Checked, Outcome, Violation};
use serde_json::{Value as Json, json};

use super::findings::in_language;
use crate::printer::Printer;

/// Prints the checks that found something, and how many there are.
pub(super) fn show(outcome: &Outcome, printer: &Printer) {
    if outcome.checks.is_empty() {
        return;
    }
    let violated: Vec<&Checked> = outcome.checks.iter().filter(|check| check.count > 0).collect();
    for check in &violated {
        let word = printer.in_languages(|language| check.severity.word(language).to_owned(), "/");
        let title = printer.in_languages(|language| in_language(&check.title, language).to_owned(), " / ");
        let count = check.count;
        let count = printer.words(&format!("共 {count} 处"), &format!("{count} in all"));
        printer.complain(format!("{word}[checks.{}] {title} ({count})", check.id));
        for violation in &check.first {
            printer.complain(format!("    {}", line(violation, printer)));
        }
        let hint = printer.in_languages(|language| in_language(&check.hint, language).to_owned(), "\n");
        for text in hint.lines() {
            printer.complain(format!("    {text}"));
        }
    }
    let (all, violated) = (outcome.checks.len(), violated.len());
    printer.result(printer.words(
        &format!("校验：{all} 项，其中 {violated} 项有结果（mantianxing sql 'SELECT * FROM checks.…'）"),
        &format!("checks: {all}, of which {violated} found something"),
    ));
}

/// `yuheng 2024 enterprises: 12, expected 10`.
fn line(violation: &Violation, printer: &Printer) -> String {
    let parts = [&violation.unit, &violation.period, &violation.subject].map(String::as_str);
    let about = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if violation.found.is_empty() && violation.expected.is_empty() {
        return about;
    }
    let shown = |figure: &str| if figure.is_empty() { "NULL".to_owned() } else { figure.to_owned() };
    let (found, expected) = (shown(&violation.found), shown(&violation.expected));
    let told = printer.words(&format!("{found}，应为 {expected}"), &format!("{found}, expected {expected}"));
    format!("{about}: {told}")
}

/// A check as JSON.
pub(super) fn to_json(check: &Checked) -> Json {
    let [zh, en] = [Language::Zh, Language::En];
    let first = check.first.iter().map(|one| {
        json!({"unit": one.unit, "period": one.period, "subject": one.subject,
            "found": one.found, "expected": one.expected})
    });
    json!({"check": check.id, "severity": check.severity.name(), "count": check.count,
        "title_zh": in_language(&check.title, zh), "title_en": in_language(&check.title, en),
        "hint_zh": in_language(&check.hint, zh), "hint_en": in_language(&check.hint, en),
        "first": first.collect::<Vec<_>>()})
}
