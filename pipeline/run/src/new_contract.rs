//! `new contract`: drafts written into an assessment, and the entry that delivers the file.
//!
//! Nothing that is there is written over: a contract of the id, a file of the name, an entry of the content are told
//! and left alone. Other definitions may be wrong meanwhile; only `assessment.toml` and the reference must be readable.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ingest::{Drafted, Undrafted, Wish};
use model::delivery::Deliveries;
use model::period::Period;
use model::{Assessment, Diagnostic, Digest, Language, Place, Reference, Severity, definition, files};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewContract<'a> {
    /// The spreadsheet.
    pub file: &'a Path,
    /// The assessment folder, if there is one.
    pub folder: Option<&'a Path>,
    /// The id of the contract.
    pub id: Option<&'a str>,
    /// The department that sends it.
    pub department: Option<&'a str>,
    /// The period it speaks of.
    pub period: Option<Period>,
    /// The partition of its units.
    pub partition: Option<&'a str>,
    /// The day it was received; the edition's unless said.
    pub received_on: Option<&'a str>,
    /// Copy the file and list it, so that it can be ingested.
    pub deliver: bool,
    /// Write no file.
    pub dry: bool,
    /// The languages of the comments.
    pub languages: &'a [Language],
}

/// What was drafted.
#[derive(Debug)]
pub struct Prepared {
    /// The drafts and what was found.
    pub drafted: Drafted,
    /// The files written, as the user knows them.
    pub written: Vec<String>,
    /// The entry for `deliveries.toml`; empty outside an assessment.
    pub entry: String,
}

/// The assessment a draft is for.
struct Home<'a> {
    folder: &'a Path,
    assessment: Assessment,
    reference: Reference,
    /// Ids of contracts that are there.
    contracts: BTreeSet<String>,
}

/// Drafts contracts from a file and writes them.
///
/// # Errors
/// A file that cannot be opened or holds no table; an assessment that cannot be read; anything that would be written
/// over.
pub fn new_contract(asked: &NewContract<'_>) -> Result<Prepared, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let bytes = files::read(asked.file).map_err(|error| one(error.into()))?;
    let home = asked.folder.map(Home::load).transpose()?;
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(home) = &home {
        home.refuse_known(asked, &name, &bytes)?;
    }
    let none = Reference::default();
    let wish = Wish {
        reference: home.as_ref().map_or(&none, |home| &home.reference),
        file: &name,
        id: asked.id,
        department: asked.department,
        period: asked.period,
        partition: asked.partition,
        languages: asked.languages,
    };
    let drafted = ingest::draft(&bytes, &wish).map_err(|undrafted| match undrafted {
        Undrafted::Unopened(finding) => {
            let mut diagnostic = Diagnostic::new(finding.code, Place::file(asked.file.display().to_string()));
            diagnostic.params = finding.params;
            one(diagnostic)
        }
        Undrafted::Wrong(diagnostics) => diagnostics,
    })?;
    if drafted.drafts.is_empty() {
        return Err(one(Diagnostic::new(
            "draft-without-table",
            Place::file(asked.file.display().to_string()),
        )));
    }
    let mut prepared = Prepared { drafted, written: Vec::new(), entry: String::new() };
    if let Some(home) = &home {
        prepared.entry = home.entry(asked, &prepared.drafted, &name, &bytes);
        if !asked.dry {
            home.write(asked, &mut prepared, &name, &bytes)?;
        }
    }
    Ok(prepared)
}

impl<'a> Home<'a> {
    fn load(folder: &'a Path) -> Result<Self, Vec<Diagnostic>> {
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

    fn deliveries_file(&self) -> PathBuf {
        self.folder.join(&self.assessment.folders.extracts).join("deliveries.toml")
    }

    fn deliveries(&self) -> Result<(String, Deliveries), Vec<Diagnostic>> {
        let path = self.deliveries_file();
        if !path.exists() {
            return Ok((String::new(), Deliveries::default()));
        }
        let text = files::read_text(&path).map_err(|error| vec![error.into()])?;
        let deliveries = definition::parse(&path.display().to_string(), &text)?;
        Ok((text, deliveries))
    }

    /// Says what is there already and would be written over or told twice.
    fn refuse_known(&self, asked: &NewContract<'_>, name: &str, bytes: &[u8]) -> Result<(), Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let contracts = &self.assessment.folders.contracts;
        if let Some(id) = asked.id {
            let place =
                Place::file(self.folder.join(contracts).join(format!("{id}.toml")).display().to_string());
            if self.contracts.contains(id) {
                wrong.push(Diagnostic::new("contract-exists", place).with("id", id));
            } else if query::TableName::new("contracts", id).is_none() {
                wrong.push(
                    Diagnostic::new("wrong-value", Place::file("--id"))
                        .with("key", "id")
                        .with("value", id)
                        .with("expected", "a-z, 0-9, _"),
                );
            }
        }
        self.refuse_unknown(asked, &mut wrong);
        if !asked.deliver {
            return if wrong.is_empty() { Ok(()) } else { Err(wrong) };
        }
        let (_, deliveries) = self.deliveries()?;
        let digest = Digest::of(bytes).hex();
        let place = || Place::file(self.deliveries_file().display().to_string());
        if let Some(same) = deliveries.delivery.iter().find(|other| other.sha256.to_lowercase() == digest) {
            wrong.push(
                Diagnostic::new("delivery-known", place())
                    .with("other", &same.file)
                    .with("contracts", same.contracts.join("、")),
            );
        } else {
            let target = self.target(name);
            let listed = deliveries.delivery.iter().any(|other| other.file == name);
            let other_content = files::read(&target).is_ok_and(|there| Digest::of(&there).hex() != digest);
            if listed || other_content {
                wrong.push(
                    Diagnostic::new("delivery-name-taken", Place::file(target.display().to_string()))
                        .with("file", name),
                );
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Departments and partitions must be those of the reference.
    fn refuse_unknown(&self, asked: &NewContract<'_>, wrong: &mut Vec<Diagnostic>) {
        let departments = self.reference.tables.get("departments");
        let departments: Vec<&str> = departments
            .map(|table| table.rows.iter().filter_map(|row| row.first().map(String::as_str)).collect())
            .unwrap_or_default();
        let partitions: Vec<&str> = self.reference.partitions.keys().map(String::as_str).collect();
        for (what, option, name, known) in [
            ("department", "--department", asked.department, departments),
            ("partition", "--partition", asked.partition, partitions),
        ] {
            if let Some(name) = name.filter(|name| !known.contains(name)) {
                wrong.push(
                    Diagnostic::new("unknown-name", Place::file(option))
                        .with("what", what)
                        .with("name", name)
                        .suggest(model::text::suggest(name, known)),
                );
            }
        }
        if let Some(day) = asked.received_on.filter(|day| model::assessment::calendar_date(day).is_none()) {
            wrong.push(
                Diagnostic::new("wrong-value", Place::file("--received-on"))
                    .with("key", "received_on")
                    .with("value", day)
                    .with("expected", "YYYY-MM-DD"),
            );
        }
    }

    fn target(&self, name: &str) -> PathBuf {
        self.folder.join(&self.assessment.folders.extracts).join(name)
    }

    /// The entry for the list of deliveries, with what it rests on.
    fn entry(&self, asked: &NewContract<'_>, drafted: &Drafted, name: &str, bytes: &[u8]) -> String {
        let said = |zh: &str, en: &str| {
            let words = |language: &Language| if *language == Language::Zh { zh } else { en };
            let lines = asked.languages.iter().map(|language| format!("# {}\n", words(language)));
            lines.collect::<String>()
        };
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let contracts: Vec<String> = drafted.drafts.iter().map(|draft| quoted(&draft.id)).collect();
        let last = self.assessment.periods.last().copied();
        let period = drafted.period.or(last);
        let year = period.map_or_else(String::new, |period| period.year().to_string());
        let partition = match drafted.partition.as_str() {
            "" => self.reference.partitions.keys().next().cloned().unwrap_or_default(),
            found => found.to_owned(),
        };
        let mut entry = "[[delivery]]\n".to_owned();
        for line in [
            format!("file = {}\n", quoted(name)),
            format!("sha256 = {}\n", quoted(&Digest::of(bytes).hex())),
            format!("contracts = [{}]\n", contracts.join(", ")),
            if drafted.department_known {
                String::new()
            } else {
                said("报送部门待定，请改", "WHO SENDS IT IS UNKNOWN, please change")
            },
            format!("department = {}\n", quoted(&drafted.department)),
            match (asked.period, drafted.period) {
                (Some(_), _) => String::new(),
                (None, Some(_)) => said(
                    "期间取自表题或文件名，请核对",
                    "the period is that of the titles or the file name, please check",
                ),
                (None, None) => said(
                    "期间待定：暂用测评的最后一期，请改",
                    "THE PERIOD IS UNKNOWN: the assessment's last one stands here, please change",
                ),
            },
            format!("period = {}\n", quoted(&period.map_or_else(String::new, |period| period.to_string()))),
            if asked.received_on.is_some() {
                String::new()
            } else {
                said(
                    "收到日期待定：暂用本期测评日期，请改",
                    "THE DAY OF RECEIPT IS UNKNOWN: the edition's date stands here, please change",
                )
            },
            format!("received_on = {}\n", quoted(asked.received_on.unwrap_or(&self.assessment.edition.date))),
            if drafted.partition.is_empty() {
                said(
                    "表中没有认出县（市、区），口径无影响",
                    "no counties were recognised: the partition does not matter",
                )
            } else {
                String::new()
            },
            format!("partition = {}\n", quoted(&partition)),
            format!("vintage = {}\n", quoted(&year)),
        ] {
            entry.push_str(&line);
        }
        entry
    }

    fn write(
        &self,
        asked: &NewContract<'_>,
        prepared: &mut Prepared,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), Vec<Diagnostic>> {
        let one = |diagnostic: Diagnostic| vec![diagnostic];
        let contracts = self.folder.join(&self.assessment.folders.contracts);
        for draft in &prepared.drafted.drafts {
            let path = contracts.join(format!("{}.toml", draft.id));
            if path.exists() {
                let place = Place::file(path.display().to_string());
                return Err(one(Diagnostic::new("contract-exists", place).with("id", &draft.id)));
            }
        }
        for draft in &prepared.drafted.drafts {
            let path = contracts.join(format!("{}.toml", draft.id));
            files::write(&path, draft.text.as_bytes()).map_err(|error| one(error.into()))?;
            prepared.written.push(path.display().to_string());
        }
        if asked.deliver {
            let target = self.target(name);
            if !target.exists() {
                files::write(&target, bytes).map_err(|error| one(error.into()))?;
                prepared.written.push(target.display().to_string());
            }
            let (text, _) = self.deliveries()?;
            let mut text = text.trim_end().to_owned();
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&prepared.entry);
            let list = self.deliveries_file();
            files::write(&list, text.as_bytes()).map_err(|error| one(error.into()))?;
            prepared.written.push(list.display().to_string());
        }
        Ok(())
    }
}

impl Prepared {
    /// How many findings of the reader under the drafts are worth a look, by severity: errors, warnings.
    pub fn findings(&self) -> (usize, usize) {
        let count = |severity| {
            let findings = &self.drafted.outcome.findings;
            findings.iter().filter(|finding| finding.severity() == severity).count()
        };
        (count(Severity::Error), count(Severity::Warning))
    }
}
