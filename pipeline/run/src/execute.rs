//! Going through the steps: which run, why, and what becomes of a failure.
//!
//! A step that fails blocks the steps that need it; all others go on. What was made is put in place at the end, at
//! once; what could not be made stays as it was last time.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, Digest};

use crate::context::Context;
use crate::observe::{Event, Observer, Reason, Stage};
use crate::steps::{Step, Work};
use crate::store::{Done, Output};
use crate::{accounts, assess, deliveries, query_texts, relations, reports, selection};

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads of the engine; no result depends on it.
    pub threads: usize,
    /// Bytes a query may hold before it spills to disk; absent: 2 GB. No result depends on it.
    pub memory: Option<usize>,
    /// Only say what would run and why.
    pub dry_run: bool,
    /// The stages wanted.
    pub stages: BTreeSet<Stage>,
    /// Selected steps: `name`, `+name`, `name+`, a schema, a contract. Empty: all.
    pub select: Vec<String>,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// Its name.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// Why it ran or not.
    pub reason: Reason,
    /// It ran and failed.
    pub failed: bool,
}

/// How a step failed: definitions that turned out wrong, or deliveries whose findings say it all.
pub(crate) enum Failure {
    Diagnostics(Vec<Diagnostic>),
    Delivery,
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnostics(vec![diagnostic])
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::Diagnostics(diagnostics)
    }
}

impl From<model::files::FileError> for Failure {
    fn from(error: model::files::FileError) -> Self {
        Diagnostic::from(error).into()
    }
}

/// Goes through the steps of `context`; the results are staged, not yet in place.
pub(crate) fn execute(
    context: &mut Context<'_>,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<(Vec<StepOutcome>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let selected = selection::select(&context.steps, options)?;
    let mut outcomes: Vec<StepOutcome> = Vec::new();
    let mut diagnostics = Vec::new();
    // By position: steps that failed or are blocked, and (dry run) steps that would run.
    let wanted = |at: &usize| options.stages.contains(&context.steps[*at].stage);
    let running: BTreeSet<usize> = selected.iter().copied().filter(wanted).collect();
    let (mut unusable, mut would_run) = (BTreeSet::new(), BTreeSet::new());
    let mut unchanged = BTreeSet::new();
    for stage in Stage::ALL.into_iter().filter(|stage| options.stages.contains(stage)) {
        let of_stage: Vec<usize> = (0..context.steps.len())
            .filter(|at| context.steps[*at].stage == stage && selected.contains(at))
            .collect();
        observer.notice(&Event::StageBegins(stage, of_stage.len()));
        for at in of_stage {
            let step = context.steps[at].clone();
            let reason = decide(context, &step, &unusable, &would_run);
            observer.notice(&Event::Step(stage, &step.name, &reason));
            let mut failed = false;
            if matches!(reason, Reason::Blocked(_)) {
                unusable.insert(at);
            } else if reason == Reason::Unchanged {
                unchanged.insert(at);
            } else if reason.runs() && options.dry_run {
                would_run.insert(at);
            } else if reason.runs() {
                let inputs = context.inputs(&step);
                let staged = context.store.staged();
                let done = out_of_date(context, at, &running).and_then(|()| work(context, &step));
                match done {
                    Ok(outputs) => {
                        context.state.steps.insert(step.name.clone(), Done { inputs, outputs });
                    }
                    Err(failure) => {
                        failed = true;
                        context.store.unstage(|path| !staged.contains(path));
                        unusable.insert(at);
                        if let Failure::Diagnostics(told) = failure {
                            diagnostics.extend(told);
                        }
                    }
                }
                observer.notice(&Event::StepDone(stage, &step.name));
            }
            if let (Work::Contract(id), true) = (&step.work, unusable.contains(&at)) {
                context.hold_back(id, &step);
            }
            outcomes.push(StepOutcome { name: step.name, stage, reason, failed });
        }
        observer.notice(&Event::StageEnds(stage));
    }
    diagnostics.extend(left_aside(context, options, &running, &unchanged));
    diagnostics.sort();
    diagnostics.dedup();
    Ok((outcomes, diagnostics))
}

/// Refuses a step that stands on something this run does not look at and that is not as its inputs now are: a figure
/// from old or absent rows would look like any other.
fn out_of_date(context: &Context<'_>, at: usize, running: &BTreeSet<usize>) -> Result<(), Failure> {
    let below = below(context, at);
    let told: Vec<Diagnostic> =
        below.difference(running).filter(|one| **one != at).filter_map(|one| stale(context, *one)).collect();
    if told.is_empty() { Ok(()) } else { Err(told.into()) }
}

/// What a selection leaves aside although the selected, themselves unchanged, stand on it: they are as old as that is.
fn left_aside(
    context: &Context<'_>,
    options: &Options,
    running: &BTreeSet<usize>,
    unchanged: &BTreeSet<usize>,
) -> Vec<Diagnostic> {
    if options.select.is_empty() {
        return Vec::new();
    }
    let mut aside: BTreeSet<usize> = unchanged.iter().flat_map(|at| below(context, *at)).collect();
    aside.retain(|at| !running.contains(at) && options.stages.contains(&context.steps[*at].stage));
    aside.into_iter().filter_map(|at| stale(context, at)).collect()
}

/// A step and all it stands on.
fn below(context: &Context<'_>, at: usize) -> BTreeSet<usize> {
    let mut below = BTreeSet::from([at]);
    selection::spread(&mut below, |at| context.steps[at].needs.iter().map(|need| need.step).collect());
    below
}

/// Whether a step is not as its inputs now are.
fn stale(context: &Context<'_>, at: usize) -> Option<Diagnostic> {
    let step = &context.steps[at];
    let code = match context.state.steps.get(&step.name) {
        None => "not-made-yet",
        Some(done) if done.inputs != context.inputs(step) || !context.store.stands(done) => "not-up-to-date",
        Some(_) => return None,
    };
    Some(Diagnostic::new(code, model::Place::default()).with("what", &step.name))
}

fn decide(
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

fn work(context: &mut Context<'_>, step: &Step) -> Result<Vec<Output>, Failure> {
    match &step.work {
        Work::Reference => deliveries::reference(context),
        Work::QueryTexts => query_texts::write(context),
        Work::Delivery(at) => deliveries::delivery(context, *at),
        Work::Contract(id) => deliveries::contract(context, id),
        Work::Relations(id) => relations::test(context, id),
        Work::Accounts => accounts::accounts(context),
        Work::Query(at) => assess::query(context, *at),
        Work::Survey(id) => assess::survey(context, id),
        Work::Framework(id) => assess::framework(context, id),
        Work::Report(id) => reports::report(context, id, &step.input_digest()),
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
