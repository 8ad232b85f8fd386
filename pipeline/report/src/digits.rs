//! Digits in texts. A number glued to a text in a template (`"in all " ~ row.value`) is a text to minijinja; it is
//! known by its digits, which stand in no text of the data, the definitions or the templates.

use crate::Job;

/// All texts whose digits may be printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownTexts(String);

impl KnownTexts {
    /// The texts of a job.
    pub(crate) fn of(job: &Job<'_>, composed: &[&str]) -> Self {
        let mut known = String::new();
        let mut add = |text: &str| {
            known.push_str(text);
            known.push('\n');
        };
        for value in job.data.values().flat_map(|table| table.rows.iter().flatten()) {
            value.as_text().into_iter().for_each(&mut add);
        }
        job.templates.files().for_each(|(_, file)| add(file.text()));
        composed.iter().copied().chain([job.page_text]).for_each(&mut add);
        Self(known)
    }

    /// The first number in a text that comes from no known text.
    pub(crate) fn unknown_number<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.split(|character: char| !matches!(character, '0'..='9' | '.' | ','))
            .map(|run| run.trim_matches(['.', ',']))
            .find(|run| !run.is_empty() && !self.0.contains(run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_numbers_by_their_digits() {
        let known = KnownTexts("GB 3095—2012\n2026-1".into());
        assert_eq!(known.unknown_number("版次 2026-1，GB 3095，无。"), None);
        assert_eq!(known.unknown_number("共1189500.25人"), Some("1189500.25"));
    }
}
