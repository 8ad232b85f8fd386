//! Whether a step is as its inputs now are, and what stands on what. Nothing here runs a step or changes what is known of one.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, Digest};

use crate::context::Context;
use crate::observe::Reason;
use crate::selection;
use crate::steps::{Step, Work};
use crate::store::Done;

/// How many steps stand on each, by position.
pub(crate) fn stood_on(context: &Context<'_>) -> Vec<usize> {
    let mut counted = vec![0; context.steps.len()];
    for at in 0..context.steps.len() {
        for one in below(context, at) {
            counted[one] += 1;
        }
    }
    counted
}

/// A step and all it stands on.
pub(crate) fn below(context: &Context<'_>, at: usize) -> BTreeSet<usize> {
    let mut below = BTreeSet::from([at]);
    selection::spread(&mut below, |at| context.steps[at].needs.iter().map(|need| need.step).collect());
    below
}

/// Whether a step is not as its inputs now are.
pub(crate) fn stale(context: &Context<'_>, at: usize) -> Option<Diagnostic> {
    let step = &context.steps[at];
    let code = match context.state.steps.get(&step.name) {
        None => "not-made-yet",
        Some(done) if done.inputs != context.inputs(step) || !context.store.stands(done) => "not-up-to-date",
        Some(_) => return None,
    };
    Some(Diagnostic::new(code, model::Place::default()).with("what", &step.name))
}

/// Why a step runs, or why it does not.
pub(crate) fn decide(
    context: &Context<'_>,
    step: &Step,
    unusable: &BTreeSet<usize>,
    would_run: &BTreeSet<usize>,
) -> Reason {
    let names = |among: &BTreeSet<usize>| {
        let needed: BTreeSet<usize> =
            step.needs.iter().map(|need| need.step).filter(|at| among.contains(at)).collect();
        needed.iter().map(|at| context.steps[*at].name.clone()).collect::<Vec<_>>()
    };
    // The accounts tell what failed, so a failure does not stop them.
    let blocked = names(unusable);
    if !blocked.is_empty() && step.work != Work::Accounts {
        return Reason::Blocked(blocked);
    }
    let upstream = names(would_run);
    let Some(done) = context.state.steps.get(&step.name) else { return Reason::New };
    let inputs = context.inputs(step);
    let changed: Vec<String> = inputs
        .iter()
        .filter(|(name, digest)| done.inputs.get(*name) != Some(*digest))
        .map(|(name, _)| name.clone())
        .chain(done.inputs.keys().filter(|name| !inputs.contains_key(*name)).cloned())
        .collect();
    if !changed.is_empty() {
        Reason::Changed(changed)
    } else if !context.store.stands(done) {
        Reason::OutputGone
    } else if upstream.is_empty() {
        Reason::Unchanged
    } else {
        Reason::Upstream(upstream)
    }
}

/// The digest of the outputs under a prefix.
pub(crate) fn result_of(done: Option<&Done>, prefix: &str) -> Digest {
    let outputs = done.map(|done| done.outputs.as_slice()).unwrap_or_default();
    let parts: BTreeMap<&str, &str> = outputs
        .iter()
        .filter(|output| output.path.starts_with(prefix))
        .map(|output| (output.path.as_str(), output.sha256.as_str()))
        .collect();
    Digest::of_parts(parts.iter().map(|(path, sha256)| (*path, sha256.as_bytes())))
}
