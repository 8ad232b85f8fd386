//! `new contract`: drafts written into an assessment, and the entry that delivers the file.
//!
//! Nothing that is there is written over: a contract of the id, a file of the name, an entry of the content are told
//! and left alone. Other definitions may be wrong meanwhile; only `assessment.toml` and the reference must be readable.

use std::path::Path;

use ingest::{Drafted, Undrafted, Wish};
use model::period::Period;
use model::{Diagnostic, Digest, Language, Place, Reference, Severity, files};

use crate::listing::{Entry, Home};

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

impl Home<'_> {
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
        self.refuse_unknown(asked.department, asked.partition, asked.received_on, &mut wrong);
        if !asked.deliver {
            return if wrong.is_empty() { Ok(()) } else { Err(wrong) };
        }
        let deliveries = self.deliveries()?;
        let digest = Digest::of(bytes);
        if let Some(same) = deliveries.iter().find(|other| other.sha256.to_lowercase() == digest.hex()) {
            wrong.push(
                Diagnostic::new("delivery-known", Place::file(self.list().display().to_string()))
                    .with("other", &same.file)
                    .with("contracts", same.contracts.join("、")),
            );
        } else {
            wrong.extend(self.name_taken(&deliveries, name, &digest));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The entry for the list of deliveries, with what it rests on.
    fn entry(&self, asked: &NewContract<'_>, drafted: &Drafted, name: &str, bytes: &[u8]) -> String {
        let period = drafted.period.or(self.assessment.periods.last().copied());
        let year = period.map_or_else(String::new, |period| period.year().to_string());
        let partition = match drafted.partition.as_str() {
            "" => self.reference.partitions.keys().next().cloned().unwrap_or_default(),
            found => found.to_owned(),
        };
        Entry::new(asked.languages)
            .key("file", name)
            .key("sha256", &Digest::of(bytes).hex())
            .keys("contracts", drafted.drafts.iter().map(|draft| &draft.id))
            .remark(!drafted.department_known, "报送部门待定，请改", "WHO SENDS IT IS UNKNOWN, please change")
            .key("department", &drafted.department)
            .remark(
                asked.period.is_none() && drafted.period.is_some(),
                "期间取自表题或文件名，请核对",
                "the period is that of the titles or the file name, please check",
            )
            .remark(
                drafted.period.is_none(),
                "期间待定：暂用测评的最后一期，请改",
                "THE PERIOD IS UNKNOWN: the assessment's last one stands here, please change",
            )
            .key("period", &period.map_or_else(String::new, |period| period.to_string()))
            .remark(
                asked.received_on.is_none(),
                "收到日期待定：暂用本期测评日期，请改",
                "THE DAY OF RECEIPT IS UNKNOWN: the edition's date stands here, please change",
            )
            .key("received_on", asked.received_on.unwrap_or(&self.assessment.edition.date))
            .remark(
                drafted.partition.is_empty(),
                "表中没有认出县（市、区），口径无影响",
                "no counties were recognised: the partition does not matter",
            )
            .key("partition", &partition)
            .key("vintage", &year)
            .text()
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
            prepared.written.extend(self.keep(name, bytes).map_err(one)?);
            prepared.written.push(self.append(&prepared.entry)?);
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
