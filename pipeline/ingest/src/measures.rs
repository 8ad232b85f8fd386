//! The measure unit of a column: who declares it, and what its figures are multiplied by to become canonical.
//!
//! What the header (or the row under it) declares comes first, then the title rows as far as they fit the field, then
//! what the contract says is usual. Whether the figures agree with it is decided elsewhere.

use model::{Decimal, Field, MeasureUnit};

/// How the figures of a column become canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The measure unit declared; empty when there is none.
    pub(crate) symbol: String,
    /// What it leads to, if known.
    pub(crate) canonical: Option<String>,
    /// What to multiply by; `None` when the declared unit cannot become the field's.
    pub(crate) factor: Option<Decimal>,
    /// Who says so: `header`, `title`, `contract`; empty when nobody does.
    pub(crate) from: &'static str,
    /// No scale fits the column's figures, so those without a sign of their own have no value.
    pub(crate) undecided: bool,
}

/// The canonical unit a field's values must come to.
fn target(field: &Field) -> Option<String> {
    let fixed = field.kind.canonical_unit().map(str::to_owned);
    fixed.or_else(|| Some(MeasureUnit::parse(field.measure_unit.as_deref()?)?.canonical))
}

impl Measure {
    /// Decides on the measure unit of a column: what its header (or unit row) declares, else what the title rows
    /// declare if it fits the field, else what the contract says is usual.
    pub(crate) fn decide(field: &Field, header: Option<&str>, titles: &[MeasureUnit]) -> Self {
        let target = target(field);
        let plain = |canonical| Self {
            symbol: String::new(),
            canonical,
            factor: Some(Decimal::ONE),
            from: "",
            undecided: false,
        };
        if !field.kind.is_number() {
            return plain(None);
        }
        let titled =
            titles.iter().find(|unit| target.is_some() && Some(&unit.canonical) == target.as_ref()).cloned();
        let declared = header.and_then(MeasureUnit::parse);
        let usual = field.measure_unit.as_deref().and_then(MeasureUnit::parse);
        let candidates = [("header", declared), ("title", titled), ("contract", usual)];
        match candidates.into_iter().find_map(|(from, unit)| unit.map(|unit| (from, unit))) {
            Some((from, unit)) => {
                let fits = target.as_ref().is_none_or(|target| *target == unit.canonical);
                Self {
                    symbol: unit.symbol,
                    factor: fits.then_some(unit.factor),
                    canonical: target.or(Some(unit.canonical)),
                    from,
                    undecided: false,
                }
            }
            None => plain(target),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_rows_declare_only_what_fits() {
        let field = |kind: &str, usual: &str| -> Field {
            let usual = if usual.is_empty() { String::new() } else { format!("measure_unit = \"{usual}\"") };
            toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{usual}")).unwrap()
        };
        let titles = [MeasureUnit::parse("亿元").unwrap(), MeasureUnit::parse("户").unwrap()];
        let symbol = |kind: &str, usual: &str| Measure::decide(&field(kind, usual), None, &titles).symbol;
        assert_eq!(symbol("money", "万元"), "亿元");
        assert_eq!(symbol("int", "户"), "户");
        assert_eq!(symbol("int", ""), "");
        assert_eq!(symbol("ratio", "%"), "%");
    }
}
