//! Which column holds which field: header paths against the variants a contract lists.
//!
//! A whole path is matched first, then its end (`项目数` for `R&D项目/项目数`). Nothing is matched by likeness: that is
//! only a suggestion for the person who reads the finding.

use model::contract::{Contract, FieldSource, Sensitivity};
use model::{Field, FieldType, text};

use crate::header::{Column, split_unit, without_mark};

/// The variants of a contract in the form in which they are compared.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// The contract.
    pub(crate) contract: &'a Contract,
    /// For each field its variants.
    variants: Vec<Vec<String>>,
    /// Headers that are expected and not read.
    ignore: Vec<String>,
}

/// Where the fields of a contract stand under one header band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// For each field its column.
    pub(crate) columns: Vec<Option<usize>>,
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

/// Whether rows cannot be read without a column for the field.
pub(crate) fn needed(field: &Field) -> bool {
    field.from == FieldSource::Column && (field.required || field.kind == FieldType::Unit)
}

/// Whether values of the field may be written or shown.
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
        }
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
        let column = |field: &Field| {
            let at = usize::try_from(field.position?).ok()?.checked_sub(1)?;
            (field.from == FieldSource::Column && at < width).then_some(at)
        };
        self.contract.by_position().then(|| self.contract.field.iter().map(column).collect())
    }

    /// The binding under these columns.
    pub(crate) fn bind_positions(&self, columns: Vec<Option<usize>>) -> Binding {
        let found = columns.iter().flatten().count();
        let complete = self.is_complete(&columns);
        Binding { columns, found, named: found, exact: found, ambiguous: Vec::new(), complete }
    }

    fn is_complete(&self, columns: &[Option<usize>]) -> bool {
        self.contract.field.iter().zip(columns).all(|(field, column)| column.is_some() || !needed(field))
    }

    /// Finds the columns. `filled` says whether a column holds anything below the band: a blank header names a column
    /// only if it does.
    pub(crate) fn bind(&self, columns: &[Column], filled: impl Fn(usize) -> bool) -> Binding {
        let mut bound: Vec<Option<usize>> = vec![None; self.variants.len()];
        let mut used = vec![false; columns.len()];
        let mut ambiguous = Vec::new();
        let (mut exact, mut named) = (0, 0);
        for whole in [true, false] {
            for (field, variants) in self.variants.iter().enumerate() {
                let from = self.contract.field.get(field).map(|field| field.from);
                if bound.get(field).copied().flatten().is_some() || from == Some(FieldSource::Section) {
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
                    // Several blank headers are no puzzle: labels stand in the first.
                    if fitting.len() > 1 && !variant.is_empty() {
                        ambiguous.push((field, fitting));
                    }
                    break;
                }
            }
        }
        let found = bound.iter().flatten().count();
        let complete = self.is_complete(&bound);
        Binding { columns: bound, found, named, exact, ambiguous, complete }
    }
}

fn ends_in(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(path: &str) -> Column {
        Column { path: path.into(), shown: path.into(), unit: None }
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
