//! The summary of findings at the end of a run: by delivery and rule, the worst first, each with its first places, what it
//! says and, once a rule, what to do. It is of bounded length; everything stands in `out/findings.parquet` and `--json`.

use std::collections::BTreeSet;

use model::{Language, Severity};
use run::{Group, Outcome};
use serde_json::{Value as Json, json};

use crate::printer::Printer;

/// How many groups are shown.
const SHOWN: usize = 20;

/// Prints the summary; notes that lose nothing (infos) are only counted.
pub(super) fn show(outcome: &Outcome, printer: &Printer) {
    if outcome.findings.is_empty() {
        return;
    }
    let groups: Vec<Group> =
        run::summary(&outcome.findings).into_iter().filter(|group| group.severity > Severity::Info).collect();
    let mut hinted: BTreeSet<&str> = BTreeSet::new();
    for group in groups.iter().take(SHOWN) {
        printer.complain(heading(group, printer));
        let texts = [&group.message, &group.hint];
        let told = if hinted.insert(&group.code) { texts.as_slice() } else { &texts[..1] };
        for texts in told {
            let text = printer.in_languages(|language| in_language(texts, language).to_owned(), "\n");
            for line in text.lines() {
                printer.complain(format!("    {line}"));
            }
        }
    }
    let left: usize = groups.iter().skip(SHOWN).map(|group| group.count).sum();
    if left > 0 {
        printer.complain(printer.words(
            &format!("……另有 {left} 条，见 out/findings.parquet"),
            &format!("… {left} more in out/findings.parquet"),
        ));
    }
    let [errors, warnings, infos] =
        [Severity::Error, Severity::Warning, Severity::Info].map(|severity| outcome.count(severity));
    printer.result(printer.words(
        &format!("问题：错误 {errors}，警告 {warnings}，提示 {infos}（mantianxing sql 'SELECT * FROM ingest.findings'）"),
        &format!("findings: {errors} errors, {warnings} warnings, {infos} infos"),
    ));
}

/// `warning[not-a-number] file ▸ sheet!B3, sheet!B7, sheet!C9 … (12)`.
fn heading(group: &Group, printer: &Printer) -> String {
    let word = printer.in_languages(|language| group.severity.word(language).to_owned(), "/");
    let mut line = format!("{word}[{}] {}", group.code, group.file);
    if !group.places.is_empty() {
        line.push_str(" ▸ ");
        line.push_str(&group.places.join(", "));
    }
    let count = group.count;
    if count > group.places.len() && count > 1 {
        line.push_str(" …");
    }
    if count > 1 {
        let all = printer.words(&format!("共 {count} 处"), &format!("{count} in all"));
        line.push_str(" (");
        line.push_str(&all);
        line.push(')');
    }
    line
}

pub(super) fn in_language(texts: &[String; 2], language: Language) -> &str {
    let [zh, en] = texts;
    if language == Language::Zh { zh } else { en }
}

/// A group as JSON.
pub(super) fn to_json(group: &Group) -> Json {
    json!({"file": group.file, "code": group.code, "field": group.field, "severity": group.severity.name(),
        "count": group.count, "places": group.places,
        "message_zh": group.message[0], "message_en": group.message[1],
        "hint_zh": group.hint[0], "hint_en": group.hint[1]})
}
