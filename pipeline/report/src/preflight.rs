//! Before anything is set: can every text be shown? A missing glyph would be a blank box on paper.

use model::{Diagnostic, Place, Value};

use crate::{Job, fonts};

/// Every character of the data and of the report's own texts that no font can show.
pub(crate) fn check(job: &Job<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (query, table) in job.data {
        for (index, row) in table.rows.iter().enumerate() {
            for (column, value) in table.columns.iter().zip(row) {
                if let Value::Text(text) = value
                    && let Some(character) = missing(text)
                {
                    let diagnostic = Diagnostic::new("glyph-missing", Place::file(job.page_file))
                        .with("query", query)
                        .with("row", index + 1)
                        .with("column", column);
                    diagnostics.push(describe(diagnostic, text, character));
                }
            }
        }
    }
    let (assessment, definition) = (job.assessment, job.definition);
    for (field, text) in [
        ("assessment.title_zh", &assessment.title_zh),
        ("assessment.place_zh", &assessment.place_zh),
        ("assessment.publisher_zh", &assessment.publisher_zh),
        ("assessment.edition.id", &assessment.edition.id),
        ("report.title_zh", &definition.title_zh),
        ("report.subtitle_zh", &definition.subtitle_zh),
        ("report.kind_zh", &definition.kind_zh),
    ] {
        if let Some(character) = missing(text) {
            let diagnostic =
                Diagnostic::new("glyph-missing-definition", Place::file(job.page_file)).with("field", field);
            diagnostics.push(describe(diagnostic, text, character));
        }
    }
    diagnostics
}

fn describe(diagnostic: Diagnostic, text: &str, character: char) -> Diagnostic {
    diagnostic
        .with("text", text)
        .with("character", character)
        .with("code", format!("U+{:04X}", u32::from(character)))
}

/// The first character of a text that cannot be shown. Line ends and tabs are layout, not glyphs.
fn missing(text: &str) -> Option<char> {
    text.chars().find(|character| {
        let private = matches!(u32::from(*character), 0xe000..=0xf8ff | 0xf_0000..=0x10_ffff);
        private || (!matches!(character, '\n' | '\t') && !fonts::covers(*character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_character_without_a_glyph() {
        assert_eq!(missing("鹿城区\n峃口"), None);
        assert_eq!(missing("叶\u{20000}"), Some('\u{20000}'));
        assert_eq!(missing("\u{e123}"), Some('\u{e123}'));
        assert_eq!(missing("铃\u{7}"), Some('\u{7}'));
    }
}
