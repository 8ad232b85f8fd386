//! Digits in texts. A number glued to a text in a template (`"in all " ~ row.value`) is a text to minijinja; it is
//! known by its digits, which are no number in any text of the data, the definitions or the templates.

use std::collections::BTreeSet;

use crate::Job;
use crate::templates::{Kind, kind};

/// All numbers that texts hold, as they are written there.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownTexts(BTreeSet<String>);

impl KnownTexts {
    /// The texts of a job.
    pub(crate) fn of(job: &Job<'_>, composed: &[&str]) -> Self {
        let mut known = Self::default();
        for value in job.data.values().flat_map(|table| table.rows.iter().flatten()) {
            value.as_text().into_iter().for_each(|text| known.add(text));
        }
        for text in composed {
            known.add(text);
        }
        let macros = job.templates.files().filter(|(path, _)| kind(path) == Kind::Jinja);
        for template in macros.map(|(_, file)| file.text()).chain([job.page_text]) {
            strings(template).for_each(|text| known.add(text));
        }
        known
    }

    fn add(&mut self, text: &str) {
        self.0.extend(numbers(text).map(str::to_owned));
    }

    /// The first number in a text that comes from no known text.
    pub(crate) fn unknown_number<'t>(&self, text: &'t str) -> Option<&'t str> {
        numbers(text).find(|number| !self.0.contains(*number))
    }
}

/// The numbers in a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !matches!(character, '0'..='9' | '.' | ','))
        .map(|run| run.trim_matches(['.', ',']))
        .filter(|run| !run.is_empty())
}

/// The quoted texts in the expressions and statements of a template.
fn strings(template: &str) -> impl Iterator<Item = &str> {
    let pieces = ["{{", "{%"].into_iter().flat_map(|open| template.split(open).skip(1));
    let code = pieces.map(|piece| {
        let end = piece.find("}}").into_iter().chain(piece.find("%}")).min().unwrap_or(piece.len());
        &piece[..end]
    });
    code.flat_map(|code| ['"', '\''].into_iter().flat_map(|quote| code.split(quote).skip(1).step_by(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_numbers_by_their_digits() {
        let mut known = KnownTexts::default();
        known.add("GB 3095—2012\n2026-1");
        assert_eq!(known.unknown_number("版次 2026-1，GB 3095，无。"), None);
        assert_eq!(known.unknown_number("共1189500.25人"), Some("1189500.25"));
        assert_eq!(known.unknown_number("共12人"), Some("12"), "a part of a number is another number");
    }

    #[test]
    fn only_quoted_texts_of_templates_count() {
        let template = "2017 {{ \"2021年\" ~ row.a }} \"2018\" {% set x = num('b', 3) ~ '2019' %}";
        assert_eq!(strings(template).collect::<Vec<_>>(), ["2021年", "b", "2019"]);
    }
}
