//! `mantianxing explain`: one figure, read from top to bottom: what it is, what it is made of, where that was sent, what
//! is wrong there, what was left out, and what it is worth in each framework.
//!
//! A page for people; programs read `--json`, which has more of everything.

mod cells;
mod head;
mod left_out;
mod parts;
mod worth;

use std::collections::BTreeSet;

use model::Language;
use run::explain::{Explanation, Power};

use crate::Exit;
use crate::args::{ExplainArgs, Resources};
use crate::commands::run::thread_count;
use crate::printer::Printer;
use crate::text_table;

pub(crate) fn explain(args: &ExplainArgs, resources: Resources, printer: &mut Printer) -> Exit {
    let period = args.period.as_deref();
    let power = Power { threads: thread_count(resources.threads), memory: resources.memory };
    match run::explain::explain(&args.dir, &args.indicator, &args.unit, period, power) {
        Ok(found) if args.json => {
            printer.result(serde_json::to_string_pretty(&found).unwrap_or_default());
            Exit::Done
        }
        Ok(found) => {
            for line in Page::new(printer).lines(&found) {
                printer.result(line);
            }
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

/// The lines of an answer.
struct Page<'p> {
    printer: &'p Printer,
    lines: Vec<String>,
    /// Groups of rows that were printed: what tells them apart, and the part they stand under.
    printed: Vec<(parts::Same, [&'static str; 2])>,
    /// Findings that were printed: place and code.
    told: BTreeSet<(String, String)>,
}

impl<'p> Page<'p> {
    fn new(printer: &'p Printer) -> Self {
        Self { printer, lines: Vec::new(), printed: Vec::new(), told: BTreeSet::new() }
    }

    fn lines(mut self, found: &Explanation) -> Vec<String> {
        self.head(found);
        if let Some(absence) = &found.absence {
            self.absence(absence, found);
        }
        if found.parts.iter().any(|part| !part.groups.is_empty()) {
            self.how_to_read(found);
        }
        for part in &found.parts {
            self.part(part);
        }
        self.rejected(&found.rejected);
        self.superseded(&found.superseded);
        for scored in &found.frameworks {
            self.scored(scored);
        }
        self.lines
    }

    /// A few words in each language, on one line.
    fn say(&mut self, indent: usize, zh: &str, en: &str) {
        let words = self.printer.words(zh, en);
        self.lines.push(format!("{}{words}", " ".repeat(indent)));
    }

    /// A sentence in each language, each on a line of its own.
    fn tell(&mut self, indent: usize, zh: &str, en: &str) {
        for language in self.printer.languages() {
            let text = if *language == Language::Zh { zh } else { en };
            self.lines.push(format!("{}{text}", " ".repeat(indent)));
        }
    }

    /// The head of a section, after an empty line.
    fn title(&mut self, zh: &str, en: &str) {
        self.lines.push(String::new());
        let words = self.printer.words(zh, en);
        self.lines.push(format!("【{words}】"));
    }

    /// Labels and texts in two columns.
    fn pairs(&mut self, pairs: &[(String, String)]) {
        self.lines.extend(text_table::pairs(pairs).into_iter().map(|line| format!("  {line}")));
    }

    fn label(&self, zh: &str, en: &str) -> String {
        self.printer.words(zh, en)
    }

    /// Whether Chinese is read first: of what there is room for once.
    fn is_chinese(&self) -> bool {
        self.printer.first_language() == Language::Zh
    }
}

/// `1 row`, `2 rows`.
fn rows(count: usize) -> String {
    format!("{count} {}", if count == 1 { "row" } else { "rows" })
}
