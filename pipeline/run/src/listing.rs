//! The list of deliveries of an assessment as people and commands write it: what is in it, what may be added, and the
//! text of an entry. Nothing that is there is written over; what stands in the list keeps its order and its comments.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use model::delivery::Deliveries;
use model::{Assessment, Delivery, Diagnostic, Digest, Language, Place, Reference, definition, files};

/// An assessment to which something is added. Other definitions may be wrong meanwhile.
pub(crate) struct Home<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) assessment: Assessment,
    pub(crate) reference: Reference,
    /// Ids of contracts that are there.
    pub(crate) contracts: BTreeSet<String>,
}

impl<'a> Home<'a> {
    /// Reads `assessment.toml` and the reference.
    pub(crate) fn load(folder: &'a Path) -> Result<Self, Vec<Diagnostic>> {
        let path = folder.join("assessment.toml");
        let text = files::read_text(&path).map_err(|error| vec![error.into()])?;
        let assessment: Assessment = definition::parse(&path.display().to_string(), &text)?;
        let place = folder.join(&assessment.folders.reference);
        let reference = Reference::load(&place, &place.display().to_string())?;
        let contracts = files::list(&folder.join(&assessment.folders.contracts), &[".toml"]);
        let contracts = contracts.map_err(|error| vec![error.into()])?;
        let contracts = contracts.iter().map(|name| name.trim_end_matches(".toml").to_owned()).collect();
        Ok(Self { folder, assessment, reference, contracts })
    }

    /// The extracts folder.
    pub(crate) fn extracts(&self) -> PathBuf {
        self.folder.join(&self.assessment.folders.extracts)
    }

    /// `deliveries.toml`.
    pub(crate) fn list(&self) -> PathBuf {
        self.extracts().join("deliveries.toml")
    }

    /// What is listed; nothing where there is no list yet.
    pub(crate) fn deliveries(&self) -> Result<Vec<Delivery>, Vec<Diagnostic>> {
        let path = self.list();
        if !path.exists() {
            return Ok(Vec::new());
        }
        let text = files::read_text(&path).map_err(|error| vec![error.into()])?;
        Ok(definition::parse::<Deliveries>(&path.display().to_string(), &text)?.delivery)
    }

    /// Says that a name is taken by other content, in the list or in the folder.
    pub(crate) fn name_taken(&self, listed: &[Delivery], name: &str, digest: &Digest) -> Option<Diagnostic> {
        let target = self.extracts().join(name);
        let listed = listed.iter().any(|other| other.file == name);
        let other_content = files::read(&target).is_ok_and(|there| Digest::of(&there) != *digest);
        (listed || other_content).then(|| {
            Diagnostic::new("delivery-name-taken", Place::file(target.display().to_string()))
                .with("file", name)
        })
    }

    /// Departments and partitions must be those of the reference, the day one of the calendar.
    pub(crate) fn refuse_unknown(
        &self,
        department: Option<&str>,
        partition: Option<&str>,
        received_on: Option<&str>,
        wrong: &mut Vec<Diagnostic>,
    ) {
        let departments = self.reference.tables.get("departments");
        let departments: Vec<&str> = departments
            .map(|table| table.rows.iter().filter_map(|row| row.first().map(String::as_str)).collect())
            .unwrap_or_default();
        let partitions: Vec<&str> = self.reference.partitions.keys().map(String::as_str).collect();
        wrong.extend(unknown("department", "--department", department, &departments));
        wrong.extend(unknown("partition", "--partition", partition, &partitions));
        if let Some(day) = received_on.filter(|day| model::assessment::calendar_date(day).is_none()) {
            wrong.push(
                Diagnostic::new("wrong-value", Place::file("--received-on"))
                    .with("key", "received_on")
                    .with("value", day)
                    .with("expected", "YYYY-MM-DD"),
            );
        }
    }

    /// Puts a file into the extracts folder, unless its bytes lie there under that name already. Says where, if it
    /// wrote one.
    pub(crate) fn keep(&self, name: &str, bytes: &[u8]) -> Result<Option<String>, Diagnostic> {
        let target = self.extracts().join(name);
        if target.exists() {
            return Ok(None);
        }
        files::write(&target, bytes)?;
        Ok(Some(target.display().to_string()))
    }

    /// Adds entries at the end of the list. Says where.
    pub(crate) fn append(&self, entries: &str) -> Result<String, Vec<Diagnostic>> {
        let list = self.list();
        let one = |error: files::FileError| vec![Diagnostic::from(error)];
        let mut text = if list.exists() { files::read_text(&list).map_err(one)? } else { String::new() };
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(entries);
        let shown = list.display().to_string();
        // What could not be read again is not written.
        definition::parse::<Deliveries>(&shown, &text)?;
        files::write(&list, text.as_bytes()).map_err(one)?;
        Ok(shown)
    }
}

/// Says that a name given on the command line is not known.
pub(crate) fn unknown(what: &str, option: &str, name: Option<&str>, known: &[&str]) -> Option<Diagnostic> {
    let name = name.filter(|name| !known.contains(name))?;
    let suggestion = model::text::suggest(name, known.iter().copied());
    let diagnostic = Diagnostic::new("unknown-name", Place::file(option));
    Some(diagnostic.with("what", what).with("name", name).suggest(suggestion))
}

/// The text of an entry, built line by line.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    languages: &'a [Language],
    text: String,
}

impl<'a> Entry<'a> {
    /// An entry with its comments in these languages.
    pub(crate) fn new(languages: &'a [Language]) -> Self {
        Self { languages, text: "[[delivery]]\n".to_owned() }
    }

    /// A key with a text.
    pub(crate) fn key(mut self, key: &str, value: &str) -> Self {
        self.line(&format!("{key} = {}", quoted(value)));
        self
    }

    /// A key with a list of texts.
    pub(crate) fn keys<T: AsRef<str>>(mut self, key: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| quoted(value.as_ref())).collect();
        self.line(&format!("{key} = [{}]", values.join(", ")));
        self
    }

    /// A comment before the next key, where `when` holds.
    pub(crate) fn remark(mut self, when: bool, zh: &str, en: &str) -> Self {
        for language in self.languages.iter().filter(|_| when) {
            self.line(&format!("# {}", if *language == Language::Zh { zh } else { en }));
        }
        self
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The entry.
    pub(crate) fn text(self) -> String {
        self.text
    }
}

/// A basic string of TOML; JSON's are a part of them.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
