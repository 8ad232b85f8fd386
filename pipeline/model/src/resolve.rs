//! Which unit a label in a sheet means: by code with its vintage, by full name, by alias, by listed misspelling.
//!
//! Never by substring and never by likeness alone: 龙湾 and 龙港 differ by one character. What is not listed is
//! unknown, with a suggestion for the person who reads the finding.

use crate::reference::{Alias, Reference};
use crate::text;

/// What a label in a unit column means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A unit of the partition, or a zone as a part of one of its counties.
    Unit {
        /// The unit's id.
        unit: String,
        /// The label is marked as a part (`#`, 其中) or names a zone inside a partition of counties: the county it
        /// is a part of, or empty when the reference does not say. No sum or total check adds such a row.
        of_which: Option<String>,
        /// A flag of the series the label stands for, e.g. a joint figure.
        flag: Option<String>,
        /// The label is a listed misspelling.
        misspelt: bool,
        /// What a bracket behind the name says the figures cover: `含经开区`.
        scope: Option<String>,
    },
    /// A row that is no unit: `total`, `subtotal`, `mean`, `residual`, `part_of`.
    Other(String),
    /// A part (`#`, 其中) that is no unit.
    OtherPart,
    /// A unit that is not in the delivery's partition: its figure covers something else.
    OutsidePartition {
        /// The unit's id.
        unit: String,
    },
    /// Nothing we know.
    Unknown {
        /// The listed name most like it, among the partition's units.
        suggestion: Option<String>,
    },
}

impl Reference {
    /// What `label` means in a delivery of this partition and vintage (`YYYY` or `YYYY-MM`).
    pub fn resolve(&self, label: &str, partition: &str, vintage: &str) -> Meaning {
        let plain = text::squeeze(label);
        let (marked, plain) = strip_part_mark(&plain);
        let plain = strip_footnote(strip_numbering(plain));
        if let Some(unit) = self.by_code(plain, vintage) {
            return self.unit(&unit, marked, partition, None);
        }
        let prefixes = std::iter::once("").chain(self.prefixes.iter().map(String::as_str));
        let without_prefix: Vec<&str> = prefixes
            .filter_map(|prefix| plain.strip_prefix(prefix))
            .filter(|rest| !rest.is_empty())
            .collect();
        // With its bracket suffix first: 龙湾区（不含经开区） is another unit than 龙湾区.
        let bare = without_prefix.iter().filter_map(|rest| without_bracket(rest));
        let whole = without_prefix.iter().map(|rest| (*rest, listed_scope(rest)));
        for (candidate, scope) in whole.chain(bare.map(|(name, scope)| (name, Some(scope)))) {
            if let Some(found) = self.by_alias(candidate, partition) {
                return self.unit(&found.unit, marked, partition, Some((found, scope)));
            }
            if let Some(foreign) = self.aliases.get(candidate).and_then(|aliases| aliases.first()) {
                return Meaning::OutsidePartition { unit: foreign.unit.clone() };
            }
        }
        if let Some(kind) = self.other_rows.get(plain) {
            return Meaning::Other(kind.clone());
        }
        if marked {
            return Meaning::OtherPart;
        }
        let names =
            self.partitions.get(partition).into_iter().flatten().filter_map(|unit| self.units.get(unit));
        let suggestion = text::suggest(plain, names.map(|unit| unit.name_zh.as_str())).map(str::to_owned);
        Meaning::Unknown { suggestion }
    }

    fn unit(
        &self,
        id: &str,
        marked: bool,
        partition: &str,
        alias: Option<(&Alias, Option<&str>)>,
    ) -> Meaning {
        let inside = self.partitions.get(partition).is_some_and(|units| units.iter().any(|unit| unit == id));
        let is_zone = self.units.get(id).is_some_and(|unit| unit.kind == "zone");
        if !inside && !is_zone {
            return Meaning::OutsidePartition { unit: id.to_owned() };
        }
        let parent = self.units.get(id).map(|unit| unit.parent.clone()).unwrap_or_default();
        let of_which = (marked || !inside).then_some(parent);
        let flag = alias.map(|(alias, _)| alias.flag.clone()).filter(|flag| !flag.is_empty());
        let misspelt = alias.is_some_and(|(alias, _)| alias.kind == "misspelling");
        let scope = alias.and_then(|(_, scope)| scope).map(str::to_owned);
        Meaning::Unit { unit: id.to_owned(), of_which, flag, misspelt, scope }
    }

    /// Six, nine or twelve digits, also with `.0` behind; valid at the vintage.
    fn by_code(&self, label: &str, vintage: &str) -> Option<String> {
        let digits = label.strip_suffix(".0").unwrap_or(label);
        if !matches!(digits.len(), 6 | 9 | 12) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // A longer code with more than zeros behind the county names a town or village, not the county.
        let (county, below) = digits.split_at(6);
        if below.bytes().any(|b| b != b'0') {
            return None;
        }
        self.meant(county, vintage).map(str::to_owned)
    }

    /// The unit a code of six digits meant at a vintage.
    pub(crate) fn meant(&self, code: &str, vintage: &str) -> Option<&str> {
        // `2019` covers the months of 2019, so compare only as far as both are written.
        let not_after = |from: &str| from.is_empty() || from <= vintage || vintage.starts_with(from);
        let not_before = |to: &str| to.is_empty() || vintage <= to || vintage.starts_with(to);
        let meanings = self.codes.get(code)?;
        let found = meanings.iter().rfind(|code| not_after(&code.from) && not_before(&code.to))?;
        Some(&found.unit)
    }

    /// The alias among the units of the partition; a zone is also known inside a partition of counties.
    fn by_alias(&self, label: &str, partition: &str) -> Option<&Alias> {
        let aliases = self.aliases.get(label)?;
        let members = self.partitions.get(partition);
        let member = |alias: &&Alias| members.is_some_and(|units| units.contains(&alias.unit));
        let zone = |alias: &&Alias| self.units.get(&alias.unit).is_some_and(|unit| unit.kind == "zone");
        aliases.iter().find(member).or_else(|| aliases.iter().find(zone))
    }
}

/// `#浙南` and `其中：浙南` are parts.
fn strip_part_mark(label: &str) -> (bool, &str) {
    for mark in ["#", "其中:", "其中"] {
        if let Some(rest) = label.strip_prefix(mark) {
            return (true, rest);
        }
    }
    (false, label)
}

/// `1.鹿城`, `一、鹿城`, `(1)鹿城`.
fn strip_numbering(label: &str) -> &str {
    if is_number(label) {
        return label;
    }
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let rest = label.trim_start_matches('(').trim_start_matches(number);
    let cut = rest.trim_start_matches(['.', '、', ')']);
    if cut.len() < rest.len() && !cut.is_empty() && rest.len() < label.len() { cut } else { label }
}

/// `鹿城区*`, `鹿城区注1`, `鹿城区①` (NFKC has made that a plain 1).
fn strip_footnote(label: &str) -> &str {
    if is_number(label) {
        return label;
    }
    let cut = label.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '*' | '★' | '☆' | '△'));
    let cut = cut.strip_suffix('注').unwrap_or(cut);
    if cut.is_empty() { label } else { cut }
}

fn is_number(label: &str) -> bool {
    label.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// A name and what stands in the bracket behind it.
fn without_bracket(label: &str) -> Option<(&str, &str)> {
    let (name, inside) = label.strip_suffix(')')?.split_once('(')?;
    (!name.is_empty()).then_some((name, inside))
}

/// What the bracket of a listed name adds to the unit; 不含… is the name of another unit.
fn listed_scope(label: &str) -> Option<&str> {
    let (_, inside) = without_bracket(label)?;
    ["含", "包含", "包括"].iter().any(|word| inside.starts_with(word)).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;

    fn reference() -> Reference {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
        Reference::load(&folder, "reference").unwrap()
    }

    fn unit(label: &str, partition: &str, vintage: &str) -> String {
        match reference().resolve(label, partition, vintage) {
            Meaning::Unit { unit, of_which: None, .. } => unit,
            Meaning::Unit { unit, of_which: Some(parent), .. } => format!("{unit} in {parent}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn labels_as_bureaus_write_them() {
        for (label, expected) in [
            ("鹿城区", "lucheng"),
            (" 鹿\u{3000}城 区", "lucheng"),
            ("温州市鹿城区", "lucheng"),
            ("浙江省温州市鹿城区", "lucheng"),
            ("1.鹿城", "lucheng"),
            ("（一）鹿城", "lucheng"),
            ("鹿城区*", "lucheng"),
            ("鹿城区①", "lucheng"),
            ("330302", "lucheng"),
            ("330302000000", "lucheng"),
            ("330302.0", "lucheng"),
            ("经开", "zhenan in longwan"),
            ("龙湾区（含经开区）", "longwan"),
            ("#浙南产业集聚区", "zhenan in longwan"),
            ("其中：经开区", "zhenan in longwan"),
            ("瓯江口", "oujiangkou in dongtou"),
        ] {
            assert_eq!(unit(label, "p12", "2021"), expected, "{label}");
        }
    }

    #[test]
    fn vintage_and_partition_decide() {
        assert_eq!(unit("苍南县", "p12", "2021"), "cangnan");
        assert_eq!(unit("苍南县", "p11", "2017"), "cangnan_with_longgang");
        assert_eq!(unit("330327", "p11", "2017"), "cangnan_with_longgang");
        assert_eq!(unit("330327", "p12", "2021"), "cangnan");
        assert!(matches!(reference().resolve("330327", "p12", "2017"), Meaning::OutsidePartition { .. }));
        assert!(matches!(reference().resolve("330302001000", "p12", "2021"), Meaning::Unknown { .. }));
        assert_eq!(unit("龙湾区（不含经开区）", "p14", "2021"), "longwan_ex");
        assert_eq!(
            reference().resolve("龙湾区（不含经开区）", "p12", "2021"),
            Meaning::OutsidePartition { unit: "longwan_ex".into() }
        );
    }

    #[test]
    fn a_bracket_that_changes_the_scope_is_kept() {
        let scope = |label: &str, partition: &str| match reference().resolve(label, partition, "2021") {
            Meaning::Unit { scope, .. } => scope.unwrap_or_default(),
            other => format!("{other:?}"),
        };
        assert_eq!(scope("龙湾区（含经开区）", "p12"), "含经开区");
        assert_eq!(scope("鹿城区(不含市本级)", "p12"), "不含市本级");
        assert_eq!(scope("龙湾区（不含经开区）", "p14"), "");
        assert_eq!(scope("浙南产业集聚区（经开区）", "p14"), "");
        assert_eq!(scope("鹿城区", "p12"), "");
    }

    #[test]
    fn what_is_no_unit_is_told_apart() {
        let reference = reference();
        assert_eq!(reference.resolve("合　计", "p12", "2021"), Meaning::Other("total".into()));
        assert_eq!(reference.resolve("全市均值", "p12", "2021"), Meaning::Other("mean".into()));
        assert_eq!(reference.resolve("市本级", "p12", "2021"), Meaning::Other("residual".into()));
        assert_eq!(reference.resolve("其中：女性", "p12", "2021"), Meaning::OtherPart);
        assert_eq!(
            reference.resolve("龙湾市", "p12", "2021"),
            Meaning::Unknown { suggestion: Some("龙湾区".into()) }
        );
        assert!(matches!(reference.resolve("温州市洞头区某某公司", "p12", "2021"), Meaning::Unknown { .. }));
        assert!(matches!(
            reference.resolve("龙弯区", "p12", "2021"),
            Meaning::Unit { misspelt: true, unit, .. } if unit == "longwan"
        ));
    }
}
