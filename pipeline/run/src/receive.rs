//! `receive`: files that came are put into the extracts folder and listed.
//!
//! What is not said is found: the contracts by the headers, the department by the contract, the period by titles, the
//! file's name or the rows, the partition by the last delivery of the contract or the units listed. What cannot be
//! found is asked for, all of it at once, and then nothing is written. A file is never edited and never written over.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow::datatypes::Date32Type;
use ingest::Recognised;
use model::period::Period;
use model::{Contract, Delivery, Diagnostic, Digest, Place, definition, files};

use crate::listing::{Entry, Home, unknown};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Receive<'a> {
    /// The files that came.
    pub files: &'a [PathBuf],
    /// The assessment folder.
    pub folder: &'a Path,
    /// The contracts the files fulfil; empty: by their headers.
    pub contracts: &'a [String],
    /// Who sent them; `None`: as the contract says.
    pub department: Option<&'a str>,
    /// What period they speak of; `None`: as they say.
    pub period: Option<Period>,
    /// The partition of their units; `None`: as in the last delivery of the contract, or by their units.
    pub partition: Option<&'a str>,
    /// The vintage of the list of counties; `None`: the year of the period.
    pub vintage: Option<&'a str>,
    /// The day they came, `YYYY-MM-DD`.
    pub received_on: &'a str,
    /// Listed files whose rows they replace.
    pub supersedes: &'a [String],
    /// Write nothing.
    pub dry: bool,
}

/// A file that was listed, or would be.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Its entry.
    pub delivery: Delivery,
    /// The entry as it stands in the list.
    pub entry: String,
    /// Earlier deliveries of the same contract and period that it does not supersede.
    pub beside: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// In the order given.
    pub noted: Vec<Noted>,
    /// Files whose content is listed already, with the name it has there.
    pub known: Vec<(String, String)>,
    /// The received-on day of the list's last entry, where it is later than that of the new ones.
    pub out_of_order: Option<String>,
    /// The files written, as the user knows them.
    pub written: Vec<String>,
}

/// Notes deliveries.
///
/// # Errors
/// Files that cannot be read, names that are not known, and what can neither be found in a file nor was said; all at
/// once. Nothing is written then.
pub fn receive(asked: &Receive<'_>) -> Result<Received, Vec<Diagnostic>> {
    let home = Home::load(asked.folder)?;
    let contracts = contracts(&home)?;
    let mut listed = home.deliveries()?;
    let mut wrong = Vec::new();
    refuse(asked, &home, &listed, &mut wrong);
    let mut received = Received::default();
    let last = listed.last().map(|last| last.received_on.clone());
    received.out_of_order = last.filter(|last| last.as_str() > asked.received_on);
    let mut contents = Vec::new();
    for path in asked.files {
        let bytes = match files::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                wrong.push(error.into());
                continue;
            }
        };
        let digest = Digest::of(&bytes);
        let shown = path.display().to_string();
        if let Some(same) = listed.iter().find(|other| other.sha256.to_lowercase() == digest.hex()) {
            received.known.push((shown, same.file.clone()));
            continue;
        }
        let name = name_in_extracts(&home, path);
        wrong.extend(home.name_taken(&listed, &name, &digest));
        let mut finder =
            Finder { asked, home: &home, contracts: &contracts, listed: &listed, wrong: &mut wrong };
        if let Some(delivery) = finder.delivery(&shown, &name, &bytes, &digest) {
            let same = |other: &&Delivery| {
                other.period == delivery.period
                    && other.contracts.iter().any(|contract| delivery.contracts.contains(contract))
                    && !delivery.supersedes.contains(&other.file)
            };
            let beside = listed.iter().filter(same).map(|other| other.file.clone()).collect();
            received.noted.push(Noted { entry: entry(&delivery), delivery: delivery.clone(), beside });
            listed.push(delivery);
            contents.push((name, bytes));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    if asked.dry || received.noted.is_empty() {
        return Ok(received);
    }
    for (name, bytes) in contents {
        received.written.extend(home.keep(&name, &bytes).map_err(|diagnostic| vec![diagnostic])?);
    }
    let entries: Vec<&str> = received.noted.iter().map(|noted| noted.entry.as_str()).collect();
    received.written.push(home.append(&entries.join("\n"))?);
    Ok(received)
}

/// The day so many days after 1970-01-01, `YYYY-MM-DD`.
pub fn day_text(days: i32) -> String {
    Date32Type::to_naive_date_opt(days).map(|day| day.to_string()).unwrap_or_default()
}

fn contracts(home: &Home<'_>) -> Result<Vec<Contract>, Vec<Diagnostic>> {
    let folder = home.folder.join(&home.assessment.folders.contracts);
    let (mut contracts, mut wrong) = (Vec::new(), Vec::new());
    for id in &home.contracts {
        let path = folder.join(format!("{id}.toml"));
        let read = files::read_text(&path).map_err(|error| vec![Diagnostic::from(error)]);
        match read.and_then(|text| definition::parse(&path.display().to_string(), &text)) {
            Ok(contract) => contracts.push(contract),
            Err(told) => wrong.extend(told),
        }
    }
    if wrong.is_empty() { Ok(contracts) } else { Err(wrong) }
}

/// Names given that nobody knows.
fn refuse(asked: &Receive<'_>, home: &Home<'_>, listed: &[Delivery], wrong: &mut Vec<Diagnostic>) {
    home.refuse_unknown(asked.department, asked.partition, Some(asked.received_on), wrong);
    let contracts: Vec<&str> = home.contracts.iter().map(String::as_str).collect();
    let deliveries: Vec<&str> = listed.iter().map(|delivery| delivery.file.as_str()).collect();
    for name in asked.contracts {
        wrong.extend(unknown("contract", "--contract", Some(name), &contracts));
    }
    for name in asked.supersedes {
        wrong.extend(unknown("delivery", "--supersedes", Some(name), &deliveries));
    }
    if let Some(vintage) = asked.vintage
        && !vintage.parse::<Period>().is_ok_and(|period| {
            matches!(period.grain(), model::period::Grain::Year | model::period::Grain::Month)
        })
    {
        let place = Place::file("--vintage");
        let told = Diagnostic::new("wrong-value", place).with("key", "vintage").with("value", vintage);
        wrong.push(told.with("expected", "YYYY, YYYY-MM"));
    }
}

/// A file that lies in the extracts folder keeps its place there; any other gets its own name.
fn name_in_extracts(home: &Home<'_>, path: &Path) -> String {
    let whole = |path: &Path| path.canonicalize().ok();
    let inside = whole(path).zip(whole(&home.extracts()));
    let inside = inside.and_then(|(path, extracts)| Some(path.strip_prefix(extracts).ok()?.to_path_buf()));
    let name = inside.or_else(|| path.file_name().map(PathBuf::from)).unwrap_or_default();
    let parts: Vec<String> =
        name.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

fn entry(delivery: &Delivery) -> String {
    let entry = Entry::new(&[])
        .key("file", &delivery.file)
        .key("sha256", &delivery.sha256)
        .keys("contracts", &delivery.contracts)
        .key("department", &delivery.department)
        .key("period", &delivery.period.to_string())
        .key("received_on", &delivery.received_on)
        .key("partition", &delivery.partition)
        .key("vintage", &delivery.vintage);
    if delivery.supersedes.is_empty() {
        entry.text()
    } else {
        entry.keys("supersedes", &delivery.supersedes).text()
    }
}

/// Finds what was not said of a file, and says what cannot be found.
struct Finder<'a> {
    asked: &'a Receive<'a>,
    home: &'a Home<'a>,
    contracts: &'a [Contract],
    listed: &'a [Delivery],
    wrong: &'a mut Vec<Diagnostic>,
}

impl Finder<'_> {
    fn delivery(&mut self, shown: &str, name: &str, bytes: &[u8], digest: &Digest) -> Option<Delivery> {
        let asked = self.asked;
        let named =
            |contract: &&Contract| asked.contracts.is_empty() || asked.contracts.contains(&contract.id);
        let candidates: Vec<&Contract> = self.contracts.iter().filter(named).collect();
        // Any partition in force knows the names of counties in headers.
        let partition = asked.partition.or(self.home.reference.partitions.keys().last().map(String::as_str));
        let partition = partition.unwrap_or_default();
        let recognised = match ingest::recognise(bytes, name, &candidates, &self.home.reference, partition) {
            Ok(recognised) => recognised,
            Err(finding) => {
                let mut diagnostic = Diagnostic::new(finding.code, Place::file(shown));
                diagnostic.params = finding.params;
                self.wrong.push(diagnostic);
                return None;
            }
        };
        let before = self.wrong.len();
        let contracts = self.contracts_of(shown, &recognised);
        let fulfilled: Vec<&Contract> =
            self.contracts.iter().filter(|contract| contracts.contains(&contract.id)).collect();
        let department = self.department(shown, &fulfilled);
        let period = self.period(shown, &recognised);
        let vintage = asked.vintage.map(str::to_owned).or(period.map(|period| period.year().to_string()));
        let vintage = vintage.unwrap_or_default();
        // Without a contract or a period nobody can tell which partition is meant.
        let partition = if contracts.is_empty() || period.is_none() {
            String::new()
        } else {
            self.partition(shown, &fulfilled, &recognised, &vintage)
        };
        let period = period.filter(|_| self.wrong.len() == before)?;
        Some(Delivery {
            file: name.to_owned(),
            sha256: digest.hex(),
            contracts,
            department,
            period,
            received_on: asked.received_on.to_owned(),
            partition,
            vintage,
            flags: Vec::new(),
            page: String::new(),
            supersedes: asked.supersedes.to_vec(),
        })
    }

    fn contracts_of(&mut self, shown: &str, recognised: &Recognised) -> Vec<String> {
        if !self.asked.contracts.is_empty() {
            return self.asked.contracts.to_vec();
        }
        if recognised.contracts.is_empty() {
            let nearest = recognised.nearest.as_ref();
            let nearest = nearest.map(|(id, found, of)| format!("{id} {found}/{of}"));
            self.wrong.push(
                Diagnostic::new("receive-no-contract", Place::file(shown))
                    .with("nearest", nearest.unwrap_or_else(|| "—".to_owned())),
            );
        }
        let rivals: Vec<&str> = recognised.rivals.iter().map(String::as_str).collect();
        if !rivals.is_empty() {
            let all: BTreeSet<&str> = recognised.contracts.iter().map(String::as_str).chain(rivals).collect();
            self.wrong.push(
                Diagnostic::new("receive-contract-unclear", Place::file(shown))
                    .with("contracts", all.into_iter().collect::<Vec<_>>().join("、")),
            );
        }
        recognised.contracts.clone()
    }

    fn department(&mut self, shown: &str, fulfilled: &[&Contract]) -> String {
        if let Some(department) = self.asked.department {
            return department.to_owned();
        }
        let departments: BTreeSet<&str> =
            fulfilled.iter().map(|contract| contract.department.as_str()).collect();
        if departments.len() > 1 {
            let departments: Vec<&str> = departments.iter().copied().collect();
            self.wrong.push(
                Diagnostic::new("receive-department-unclear", Place::file(shown))
                    .with("departments", departments.join("、")),
            );
        }
        departments.first().map(|department| (*department).to_owned()).unwrap_or_default()
    }

    fn period(&mut self, shown: &str, recognised: &Recognised) -> Option<Period> {
        let of_rows = &recognised.periods_of_rows;
        let only = of_rows.first().copied().filter(|_| of_rows.len() == 1);
        let found = self.asked.period.or(recognised.period).or(only);
        if found.is_none() {
            let rows = match (of_rows.first(), of_rows.last()) {
                (Some(first), Some(last)) => format!("{first} … {last}"),
                _ => "—".to_owned(),
            };
            self.wrong.push(Diagnostic::new("receive-period-unclear", Place::file(shown)).with("rows", rows));
        }
        found
    }

    fn partition(
        &mut self,
        shown: &str,
        fulfilled: &[&Contract],
        recognised: &Recognised,
        vintage: &str,
    ) -> String {
        if let Some(partition) = self.asked.partition {
            return partition.to_owned();
        }
        let (mut possible, differ) = recognised.partitions(&self.home.reference, vintage);
        let same =
            |other: &&Delivery| fulfilled.iter().any(|contract| other.contracts.contains(&contract.id));
        let last = self.listed.iter().rev().find(same).map(|last| last.partition.clone());
        let has_units = fulfilled.iter().any(|contract| contract.unit_field().is_some());
        if let Some(last) = last.filter(|last| possible.is_empty() || possible.contains(last)) {
            return last;
        }
        let count = |partition: &String| self.home.reference.partitions.get(partition).map_or(0, Vec::len);
        if !has_units {
            // No row names a unit: any will do.
            possible = self.home.reference.partitions.keys().cloned().collect();
        } else if possible.is_empty() || differ {
            let names = if possible.is_empty() {
                self.home.reference.partitions.keys().cloned().collect()
            } else {
                possible
            };
            self.wrong.push(
                Diagnostic::new("receive-partition-unclear", Place::file(shown))
                    .with("partitions", names.join("、")),
            );
            return String::new();
        }
        possible.into_iter().min_by_key(count).unwrap_or_default()
    }
}
