//! Which steps a selection means: `name`, `+name` with all it stands on, `name+` with all that stands on it. A name is a
//! step, or what a step is also known by: a schema, a table, a contract, a file, a report.

use std::collections::BTreeSet;

use model::{Diagnostic, Place, text};

use crate::execute::Options;
use crate::steps::Step;

/// The positions of the selected steps, of whatever stage; all of them where nothing is selected.
///
/// # Errors
/// Names nothing is known by, and names that mean nothing of the stages wanted.
pub(crate) fn select(steps: &[Step], options: &Options) -> Result<BTreeSet<usize>, Vec<Diagnostic>> {
    if options.select.is_empty() {
        return Ok((0..steps.len()).collect());
    }
    let mut selected = BTreeSet::new();
    let mut wrong = Vec::new();
    for wanted in &options.select {
        match one(steps, wanted) {
            Ok(reached) => {
                let of_stage = |at: &usize| options.stages.contains(&steps[*at].stage);
                let other = reached.iter().next().filter(|_| !reached.iter().any(of_stage));
                if let Some(other) = other {
                    let told = Diagnostic::new("selection-of-other-stage", Place::default());
                    let stages: Vec<&str> = options.stages.iter().map(|stage| stage.name()).collect();
                    let told = told.with("name", wanted).with("stage", steps[*other].stage.name());
                    wrong.push(told.with("wanted", stages.join(", ")));
                }
                selected.extend(reached);
            }
            Err(told) => wrong.push(*told),
        }
    }
    if wrong.is_empty() { Ok(selected) } else { Err(wrong) }
}

fn one(steps: &[Step], wanted: &str) -> Result<BTreeSet<usize>, Box<Diagnostic>> {
    let up = wanted.strip_prefix('+');
    let name = up.unwrap_or(wanted);
    let down = name.strip_suffix('+');
    let name = down.unwrap_or(name);
    let named: BTreeSet<usize> = (0..steps.len())
        .filter(|at| steps[*at].name == name || steps[*at].aliases.iter().any(|alias| alias == name))
        .collect();
    if named.is_empty() {
        let known = steps.iter().flat_map(|step| step.aliases.iter().chain([&step.name]));
        let told = Diagnostic::new("unknown-selection", Place::default()).with("name", wanted);
        return Err(Box::new(told.suggest(text::suggest(name, known.map(String::as_str)))));
    }
    let mut reached = named.clone();
    if up.is_some() {
        spread(&mut reached, |at| steps[at].needs.iter().map(|need| need.step).collect());
    }
    if down.is_some() {
        let mut below = named;
        let needs = |at: usize, needed: usize| steps[at].needs.iter().any(|need| need.step == needed);
        spread(&mut below, |needed| (0..steps.len()).filter(|at| needs(*at, needed)).collect());
        reached.extend(below);
    }
    Ok(reached)
}

/// Adds whatever is reached from what is reached.
pub(crate) fn spread(reached: &mut BTreeSet<usize>, next: impl Fn(usize) -> Vec<usize>) {
    let mut todo: Vec<usize> = reached.iter().copied().collect();
    while let Some(at) = todo.pop() {
        for other in next(at) {
            if reached.insert(other) {
                todo.push(other);
            }
        }
    }
}
