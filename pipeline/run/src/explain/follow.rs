//! From a figure to the rows and columns behind each of its parts. The query itself is asked (`query::provenance`);
//! here it is only said which columns make which part.

use query::{Asked, Embedded, Lineage, Parsed, Provenance, Role};

use model::Diagnostic;

/// One part of a figure, the rows behind it and the columns it is made of.
pub(super) struct Followed {
    pub(super) part: &'static str,
    pub(super) rows: Provenance,
    pub(super) columns: Lineage,
}

/// A query and the rows of its result that make the figure.
pub(super) struct Follower<'q> {
    pub(super) parsed: &'q Parsed,
    /// Whether it returns strata.
    pub(super) survey: bool,
    /// Columns of the result and the texts they have.
    pub(super) chosen: &'q [(&'q str, &'q str)],
}

/// The parts of a figure by the columns of its query.
const PARTS: [&str; 3] = ["numerator", "denominator", "value"];

/// The same of a survey item, whose query returns sums by stratum.
pub(super) const STRATUM_PARTS: [&str; 3] = ["answer_sum", "answers", "frame"];

/// Of a survey item: weights are trimmed within a stratum.
const TRIMMED: &str = "trimmed weights";

/// What a figure is and is not depends on these in every query.
const KEYS: [&str; 2] = ["unit", "period"];

impl Follower<'_> {
    /// Numerator and denominator where there are any, else the value, and what only decides; of a survey item the sums
    /// by stratum.
    ///
    /// # Errors
    /// An operator that cannot be followed, or what stopped the query.
    pub(super) fn parts(
        &self,
        engine: &Embedded,
        has: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Followed>, Vec<Diagnostic>> {
        let names = self.names(has);
        let of_part = |values| Asked { rows: self.chosen, values, conditions: &[] };
        let mut asked: Vec<Asked<'_>> = names.iter().map(std::slice::from_ref).map(of_part).collect();
        if !self.survey {
            asked.push(Asked { rows: self.chosen, values: &["value"], conditions: &["status"] });
        }
        let mut answers = self.rows(engine, &asked)?.into_iter();
        let mut found = Vec::new();
        for (part, mut rows) in names.iter().copied().zip(answers.by_ref()) {
            if self.survey {
                rows.whole.insert(TRIMMED.to_owned());
            }
            found.push(Followed { part, rows, columns: self.columns(engine, &[part])? });
        }
        if let Some(decides) = answers.next() {
            let decides = only_new(decides, &found);
            found.push(Followed { part: "status", rows: decides, columns: self.all_columns(engine)? });
        }
        Ok(found)
    }

    /// The rows behind all that makes the figure.
    pub(super) fn all_rows(&self, engine: &Embedded) -> Result<Provenance, Vec<Diagnostic>> {
        let asked = Asked { rows: self.chosen, values: self.value_columns(), conditions: &[] };
        Ok(self.rows(engine, &[asked])?.pop().unwrap_or_default())
    }

    /// The columns behind all that makes the figure.
    pub(super) fn all_columns(&self, engine: &Embedded) -> Result<Lineage, Vec<Diagnostic>> {
        self.columns(engine, self.value_columns())
    }

    fn names(&self, has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
        if self.survey {
            return STRATUM_PARTS.to_vec();
        }
        let parts: Vec<&'static str> = PARTS[..2].iter().copied().filter(|part| has(part)).collect();
        if parts.is_empty() { vec![PARTS[2]] } else { parts }
    }

    /// The columns of the query that make the figure.
    fn value_columns(&self) -> &'static [&'static str] {
        if self.survey { &STRATUM_PARTS } else { &PARTS }
    }

    fn rows(&self, engine: &Embedded, asked: &[Asked<'_>]) -> Result<Vec<Provenance>, Vec<Diagnostic>> {
        engine
            .provenance(self.parsed, asked)
            .map_err(|error| not_followed(&error.diagnostics(&self.parsed.query)))
    }

    fn columns(&self, engine: &Embedded, values: &[&str]) -> Result<Lineage, Vec<Diagnostic>> {
        engine
            .lineage(self.parsed, &Asked { rows: self.chosen, values, conditions: &KEYS })
            .map_err(|error| not_followed(&error.diagnostics(&self.parsed.query)))
    }
}

/// An operator that cannot be followed has a message of its own.
fn not_followed(told: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut all = told.to_vec();
    for one in &mut all {
        let operator = one.params.get("reason").and_then(|reason| reason.strip_prefix("provenance through "));
        if let Some(operator) = operator {
            *one = Diagnostic::new("not-followed", one.place.clone()).with("operator", operator);
        }
    }
    all
}

/// The rows that have a role here and none in what was found before; they only decide.
fn only_new(mut decides: Provenance, before: &[Followed]) -> Provenance {
    for (contract, rows) in &mut decides.rows {
        let known = |origin: &i64| {
            before
                .iter()
                .any(|found| found.rows.rows.get(contract).is_some_and(|rows| rows.contains_key(origin)))
        };
        rows.retain(|origin, _| !known(origin));
        for role in rows.values_mut() {
            *role = Role::Matched.max(*role);
        }
    }
    decides.rows.retain(|_, rows| !rows.is_empty());
    decides.whole.clear();
    decides
}
