//! Diagnostics: something wrong in definitions (TOML, SQL, templates, command line), with its place.

use crate::catalogue::{self, Language, Params, Severity};

/// Where a diagnostic points: a file of the assessment, and when known a line, a column and the line's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path as the user knows it, `/`-separated; empty when the command line is meant.
    pub file: String,
    /// 1-based line.
    pub line: Option<usize>,
    /// 1-based column, in characters.
    pub column: Option<usize>,
    /// How many characters are meant, from the column on.
    pub length: usize,
    /// The text of the line.
    pub excerpt: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// A byte range of a text.
    pub fn span(file: impl Into<String>, text: &str, span: std::ops::Range<usize>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_text = text[line_start..].lines().next().unwrap_or_default();
        let end = floor_char_boundary(text, span.end.max(start)).min(line_start + line_text.len());
        Self {
            file: file.into(),
            line: Some(before.matches('\n').count() + 1),
            column: Some(before[line_start..].chars().count() + 1),
            length: text.get(start..end).map_or(1, |meant| meant.chars().count().max(1)),
            excerpt: Some(line_text.to_owned()),
        }
    }

    /// A line and column (both 1-based) of a text.
    pub fn line_column(file: impl Into<String>, text: &str, line: usize, column: Option<usize>) -> Self {
        Self {
            file: file.into(),
            line: Some(line),
            column,
            length: 1,
            excerpt: text.lines().nth(line.saturating_sub(1)).map(str::to_owned),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Something wrong in a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// The code in the catalogue.
    pub code: &'static str,
    /// What fills the message's placeholders.
    pub params: Params,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// A diagnostic with a code of the catalogue.
    pub fn new(code: &'static str, place: Place) -> Self {
        Self { code, place, params: Params::new(), suggestion: None }
    }

    /// Adds a parameter.
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds what was probably meant.
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        catalogue::entry(self.code).map_or(Severity::Error, |entry| entry.severity)
    }

    /// What was found.
    pub fn message(&self, language: Language) -> String {
        catalogue::message(self.code, &self.params, language)
    }

    /// What to do: the catalogue's hint and, when there is one, “did you mean”.
    pub fn hint(&self, language: Language) -> Option<String> {
        join_hint(self.code, &self.params, self.suggestion.as_deref(), language)
    }
}

impl From<crate::files::FileError> for Diagnostic {
    fn from(error: crate::files::FileError) -> Self {
        Self::new("file-unusable", Place::file(error.path.display().to_string()))
            .with("reason", error.reason())
    }
}

/// A hint and a suggestion as one text, if there is either.
pub(crate) fn join_hint(
    code: &str,
    params: &Params,
    suggestion: Option<&str>,
    language: Language,
) -> Option<String> {
    let hint = catalogue::hint(code, params, language);
    let parts: Vec<String> = suggestion
        .map(|suggestion| catalogue::did_you_mean(suggestion, language))
        .into_iter()
        .chain((!hint.is_empty()).then_some(hint))
        .collect();
    (!parts.is_empty()).then(|| parts.join(if language == Language::Zh { "" } else { " " }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_become_lines_and_columns() {
        let text = "a = 1\n名称 = 2\n";
        let at = text.find('2').unwrap();
        let place = Place::span("x.toml", text, at..at + 1);
        assert_eq!(place.to_string(), "x.toml:2:6");
        assert_eq!(place.excerpt.as_deref(), Some("名称 = 2"));
        assert_eq!(Place::span("x", text, 900..950).line, Some(3));
    }
}
