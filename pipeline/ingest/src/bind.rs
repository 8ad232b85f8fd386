//! Which column holds which field: header paths against the variants a contract lists.
//!
//! A position given for a column whose header is blank comes first, then the whole path, then its end (`项目数` for
//! `R&D项目/项目数`); what is left may stand under header values, see [`crate::wide`]. Nothing is matched by likeness: that is
//! only a suggestion for the person who reads the finding.

use std::collections::BTreeSet;

use model::contract::{Contract, FieldSource, Sensitivity};
use model::resolve::Meaning;
use model::{Field, FieldType, text};

use crate::Job;
use crate::header::{Column, split_unit, without_mark};
use crate::wide::{self, Headed};

/// The variants of a contract in the form in which they are compared.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// The contract.
    pub(crate) contract: &'a Contract,
    /// For each field its variants.
    variants: Vec<Vec<String>>,
    /// Headers that are expected and not read.
    ignore: Vec<String>,
    /// What names of units are resolved with.
    job: Option<&'a Job<'a>>,
}

/// Where the fields of a contract stand under one header band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// For each field its column.
    pub(crate) columns: Vec<Option<usize>>,
    /// The columns that stand under header values, from left to right.
    pub(crate) headed: Vec<Headed>,
    /// How many fields have one.
    pub(crate) found: usize,
    /// How many of them by a header that is not blank.
    pub(crate) named: usize,
    /// How many by the whole path.
    pub(crate) exact: usize,
    /// Fields that fit several columns; the first was taken.
    pub(crate) ambiguous: Vec<(usize, Vec<usize>)>,
    /// Every required field has a column.
    pub(crate) complete: bool,
}

impl Binding {
    /// Every field with a column it has; a field under header values has several.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        let own = self.columns.iter().enumerate();
        let own = own.filter_map(|(field, column)| Some((field, (*column)?)));
        own.chain(self.headed.iter().map(|headed| (headed.field, headed.column)))
    }
}

/// Whether rows cannot be read without a column for the field.
pub(crate) fn needed(field: &Field) -> bool {
    match field.from {
        FieldSource::Header => true,
        FieldSource::Column | FieldSource::Cell | FieldSource::MeasureUnit => {
            (field.required || field.kind == FieldType::Unit)
                && (field.has_column() || field.from == FieldSource::Cell)
        }
        _ => false,
    }
}

/// Whether values of the field may be shown as they were sent: in findings, rejects and beside missing values.
pub(crate) fn showable(field: &Field) -> bool {
    writable(field) && field.drop_when.is_none()
}

/// Whether values of the field may be written.
pub(crate) fn writable(field: &Field) -> bool {
    field.sensitivity < Sensitivity::S3
}

impl<'a> Wanted<'a> {
    /// Prepares a contract.
    pub(crate) fn new(contract: &'a Contract) -> Self {
        let plain = |text: &String| split_unit(&text::squeeze(without_mark(text))).0;
        Self {
            contract,
            variants: contract.field.iter().map(|field| field.zh.iter().map(plain).collect()).collect(),
            ignore: contract.ignore.iter().map(plain).collect(),
            job: None,
        }
    }

    /// The same, with what is needed to know the names of units in headers.
    pub(crate) fn resolving(mut self, job: &'a Job<'a>) -> Self {
        self.job = Some(job);
        self
    }

    /// What a label means as the name of a unit; `None` where nothing is known of units.
    pub(crate) fn meaning(&self, label: &str) -> Option<Meaning> {
        let job = self.job?;
        Some(job.reference.resolve(label, &job.delivery.partition, &job.delivery.vintage))
    }

    /// The variants of a field, squeezed, without measure units.
    pub(crate) fn variants(&self, field: usize) -> &[String] {
        self.variants.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether a header value can be told from any other text, so that rows of them may be a header.
    pub(crate) fn reads_header_values(&self) -> bool {
        let field = self.contract.header_field();
        field.is_some_and(|field| !matches!(field.kind, FieldType::String | FieldType::Code))
    }

    /// Whether no label of the header is known: its values are any texts, and the columns of the row have none.
    pub(crate) fn knows_no_label(&self) -> bool {
        let wide = self.contract.header_field().is_some() && !self.reads_header_values();
        wide && self.labels().all(str::is_empty)
    }

    /// Whether a cell reads as a value of the field that stands in headers.
    pub(crate) fn is_header_value(&self, shown: &str) -> bool {
        let label = wide::without_zero(split_unit(&text::squeeze(without_mark(shown))).0);
        self.contract.header_field().is_some_and(|field| wide::is_value(self, field, &label))
    }

    /// Every label that stands alone in a cell of a header this contract knows.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().flatten().flat_map(|variant| {
            // A `/` may divide levels or be part of a label.
            std::iter::once(variant.as_str()).chain(variant.split('/'))
        })
    }

    /// Whether a label is a header of the field.
    pub(crate) fn heads(&self, field: usize, label: &str) -> bool {
        let name = split_unit(label).0;
        !name.is_empty() && self.variants.get(field).is_some_and(|variants| variants.contains(&name))
    }

    /// Whether a header is expected and not read.
    pub(crate) fn ignores(&self, path: &str) -> bool {
        self.ignore.iter().any(|ignored| ignored == path || ends_in(path, ignored))
    }

    /// The columns the contract gives by position, of as many as the sheet has; `None` where it gives none.
    pub(crate) fn positions(&self, width: usize) -> Option<Vec<Option<usize>>> {
        let column = |field: &Field| position(field).filter(|at| *at < width);
        self.contract.by_position().then(|| self.contract.field.iter().map(column).collect())
    }

    /// The binding under these columns.
    pub(crate) fn bind_positions(&self, columns: Vec<Option<usize>>) -> Binding {
        let found = columns.iter().flatten().count();
        let complete = self.is_complete(&columns, &[]);
        let (headed, ambiguous) = (Vec::new(), Vec::new());
        Binding { columns, headed, found, named: found, exact: found, ambiguous, complete }
    }

    fn is_complete(&self, columns: &[Option<usize>], headed: &[Headed]) -> bool {
        let fields = self.contract.field.iter().zip(columns).enumerate();
        fields.into_iter().all(|(at, (field, column))| {
            let stands = match field.from {
                FieldSource::Header => !headed.is_empty(),
                FieldSource::Cell => headed.iter().any(|headed| headed.field == at),
                _ => column.is_some(),
            };
            stands || !needed(field)
        })
    }

    /// Finds the columns. `filled` says whether a column holds anything below the band: a blank header names a column
    /// only if it does.
    pub(crate) fn bind(&self, columns: &[Column], filled: impl Fn(usize) -> bool) -> Binding {
        let mut bound: Vec<Option<usize>> = vec![None; self.variants.len()];
        let mut used = vec![false; columns.len()];
        let mut ambiguous = Vec::new();
        let (mut exact, mut named) = (0, 0);
        for (field, slot) in self.contract.field.iter().zip(&mut bound) {
            let free =
                |at: &usize| columns.get(*at).is_some_and(|column| column.path.is_empty()) && filled(*at);
            let at = position(field).filter(free);
            if let Some(mark) = at.and_then(|at| used.get_mut(at)).filter(|used| !**used) {
                (*slot, *mark) = (at, true);
                exact += 1;
            }
        }
        for whole in [true, false] {
            for (field, variants) in self.variants.iter().enumerate() {
                let has_column = self.contract.field.get(field).is_some_and(Field::has_column);
                if bound.get(field).copied().flatten().is_some() || !has_column {
                    continue;
                }
                for variant in variants {
                    let fits = |at: &usize| {
                        let free = !used.get(*at).copied().unwrap_or(true);
                        free && columns.get(*at).is_some_and(|column| match (whole, variant.is_empty()) {
                            (true, true) => column.path.is_empty() && filled(*at),
                            (true, false) => column.path == *variant,
                            (false, true) => false,
                            (false, false) => ends_in(&column.path, variant),
                        })
                    };
                    let fitting: Vec<usize> = (0..columns.len()).filter(fits).collect();
                    let Some(first) = fitting.first().copied() else { continue };
                    if let (Some(slot), Some(mark)) = (bound.get_mut(field), used.get_mut(first)) {
                        *slot = Some(first);
                        *mark = true;
                    }
                    exact += usize::from(whole);
                    named += usize::from(!variant.is_empty());
                    // Several blank headers are no puzzle: labels stand in the first. Nor is a header that stands as
                    // often as the contract has it.
                    let wanted = self.variants.iter().zip(&bound).filter(|(variants, at)| {
                        variants.contains(variant) && at.is_none_or(|at| at == first)
                    });
                    if fitting.len() > 1 && !variant.is_empty() && wanted.count() < fitting.len() {
                        ambiguous.push((field, fitting));
                    }
                    break;
                }
            }
        }
        let mut headed = wide::headed(self, columns, &used);
        if headed.len() < 2 && !self.is_complete(&bound, &headed) {
            headed.clear();
        }
        let crossed: BTreeSet<usize> = headed.iter().map(|headed| headed.field).collect();
        let found = bound.iter().flatten().count()
            + crossed.len()
            + usize::from(self.contract.header_field().is_some() && !headed.is_empty());
        let complete = self.is_complete(&bound, &headed);
        Binding { columns: bound, headed, found, named, exact, ambiguous, complete }
    }
}

/// The column a contract gives by position, for a field that is read from a column.
fn position(field: &Field) -> Option<usize> {
    let at = usize::try_from(field.position?).ok()?.checked_sub(1)?;
    field.has_column().then_some(at)
}

/// Whether a header path ends in these levels.
pub(crate) fn ends_in(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(path: &str) -> Column {
        Column { path: path.into(), shown: path.into(), ..Column::blank() }
    }

    #[test]
    fn whole_paths_before_ends() {
        let contract: Contract = toml::from_str(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"unit\"]\nignore = [\"序号\"]\n\
             [[field]]\nname = \"unit\"\nzh = [\"地区\", \"\"]\ntype = \"unit\"\n\
             [[field]]\nname = \"rank\"\nzh = [\"排名\"]\ntype = \"int\"\nrequired = true\n\
             [[field]]\nname = \"rank_before\"\nzh = [\"上年/排名（位）\", \"上年/排名\"]\ntype = \"int\"\n",
        )
        .unwrap();
        let wanted = Wanted::new(&contract);
        let columns = ["序号", "", "本月/排名", "上年/排名"].map(column);
        let binding = wanted.bind(&columns, |_| true);
        assert_eq!(binding.columns, [Some(1), Some(2), Some(3)]);
        assert_eq!((binding.found, binding.named, binding.exact, binding.complete), (3, 2, 2, true));
        assert!(binding.ambiguous.is_empty() && wanted.ignores("序号") && !wanted.ignores("备注"));
        assert!(!wanted.bind(&columns, |_| false).complete);
    }
}
