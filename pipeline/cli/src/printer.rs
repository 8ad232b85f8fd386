//! The only place that writes to the terminal: results to stdout, everything else to stderr.
//!
//! A reader that goes away (`| head`) is no error of ours; a result that cannot be written otherwise is.
#![expect(clippy::unused_self, reason = "who holds the printer may print")]

use std::io::{IsTerminal as _, Write as _};

use model::{Diagnostic, Language};

use crate::diagnostics;

/// Where a command's words go.
pub(crate) struct Printer {
    languages: &'static [Language],
    quiet: bool,
}

impl Printer {
    pub(crate) fn new(languages: &'static [Language], quiet: bool) -> Self {
        Self { languages, quiet }
    }

    /// A line of result.
    pub(crate) fn result(&self, line: impl AsRef<str>) {
        written(writeln!(std::io::stdout(), "{}", line.as_ref()));
    }

    /// A result as it is.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        written(std::io::stdout().write_all(bytes));
    }

    /// A line of talk; silent when quiet.
    pub(crate) fn talk(&self, line: impl AsRef<str>) {
        if !self.quiet {
            self.complain(line);
        }
    }

    /// A line that is told even when quiet.
    pub(crate) fn complain(&self, line: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr(), "{}", line.as_ref());
    }

    /// A choice of words by language; both are joined by ` / `.
    pub(crate) fn words(&self, zh: &str, en: &str) -> String {
        self.in_languages(
            |language| if language == Language::Zh { zh.to_owned() } else { en.to_owned() },
            " / ",
        )
    }

    /// The languages asked for, in order.
    pub(crate) fn languages(&self) -> &'static [Language] {
        self.languages
    }

    /// The language of things that have room for one only, as the head of a table.
    pub(crate) fn first_language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::En)
    }

    /// One text a language, joined.
    pub(crate) fn in_languages(&self, text: impl Fn(Language) -> String, joint: &str) -> String {
        let texts: Vec<String> =
            self.languages.iter().map(|language| text(*language)).filter(|text| !text.is_empty()).collect();
        texts.join(joint)
    }

    /// All diagnostics, each with its excerpt and hint, and their number.
    pub(crate) fn diagnostics(&self, found: &[Diagnostic]) {
        // https://no-color.org
        let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        for diagnostic in found {
            self.complain(diagnostics::render(diagnostic, self, colours));
            self.complain("");
        }
        let count = found.len();
        self.complain(self.words(&format!("共 {count} 处问题"), &format!("{count} in all")));
    }

    /// Whether progress may move about on the screen.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// A full disk must not look like success.
#[expect(clippy::exit, reason = "there is nowhere left to say what went wrong but stderr and the exit code")]
fn written(result: std::io::Result<()>) {
    if let Err(error) = result
        .or_else(|error| if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
    {
        let _ = writeln!(std::io::stderr(), "stdout: {error}");
        std::process::exit(1);
    }
}
