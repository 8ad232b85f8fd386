//! Going through the steps: which run, why, and what becomes of a failure.
//!
//! A step that fails blocks the steps that need it; all others go on. What was made is put in place at the end, at
//! once; what could not be made stays as it was last time.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, Digest, text};

use crate::context::Context;
use crate::observe::{Event, Observer, Reason, Stage};
use crate::steps::{Step, Work};
use crate::store::{Done, Output};
use crate::{accounts, assess, deliveries, relations, reports};

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads of the engine; no result depends on it.
    pub threads: usize,
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
    let selected = select(&context.steps, options)?;
    let mut outcomes: Vec<StepOutcome> = Vec::new();
    let mut diagnostics = Vec::new();
    // By position: steps that failed or are blocked, and (dry run) steps that would run.
    let wanted = |at: &usize| options.stages.contains(&context.steps[*at].stage);
    let running: BTreeSet<usize> = selected.iter().copied().filter(wanted).collect();
    let (mut unusable, mut would_run) = (BTreeSet::new(), BTreeSet::new());
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
    diagnostics.sort();
    diagnostics.dedup();
    Ok((outcomes, diagnostics))
}

/// Refuses a step that stands on something this run does not look at and that is not as its inputs now are: a figure
/// from old or absent rows would look like any other.
fn out_of_date(context: &Context<'_>, at: usize, running: &BTreeSet<usize>) -> Result<(), Failure> {
    let mut below = BTreeSet::from([at]);
    spread(&mut below, |at| context.steps[at].needs.iter().map(|need| need.step).collect());
    let told: Vec<Diagnostic> = below
        .difference(running)
        .filter(|below| **below != at)
        .map(|below| &context.steps[*below])
        .filter_map(|step| {
            let code = match context.state.steps.get(&step.name) {
                None => "not-made-yet",
                Some(done) if done.inputs != context.inputs(step) || !context.store.stands(done) => {
                    "not-up-to-date"
                }
                Some(_) => return None,
            };
            Some(Diagnostic::new(code, model::Place::default()).with("what", &step.name))
        })
        .collect();
    if told.is_empty() { Ok(()) } else { Err(told.into()) }
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
        Work::Delivery(at) => deliveries::delivery(context, *at),
        Work::Contract(id) => deliveries::contract(context, id),
        Work::Relations(id) => relations::test(context, id),
        Work::Accounts => accounts::accounts(context),
        Work::Query(at) => assess::query(context, *at),
        Work::Framework(id) => assess::framework(context, id),
        Work::Report(id) => reports::report(context, id, &step.input_digest()),
    }
}

/// The positions of the selected steps.
fn select(steps: &[Step], options: &Options) -> Result<BTreeSet<usize>, Vec<Diagnostic>> {
    if options.select.is_empty() {
        return Ok((0..steps.len()).collect());
    }
    let mut selected = BTreeSet::new();
    let mut wrong = Vec::new();
    for wanted in &options.select {
        let name = wanted.trim_start_matches('+').trim_end_matches('+');
        let named: BTreeSet<usize> = (0..steps.len())
            .filter(|at| steps[*at].name == name || steps[*at].aliases.iter().any(|alias| alias == name))
            .collect();
        if named.is_empty() {
            let known = steps.iter().flat_map(|step| step.aliases.iter().chain([&step.name]));
            wrong.push(
                Diagnostic::new("unknown-selection", model::Place::default())
                    .with("name", wanted)
                    .suggest(text::suggest(name, known.map(String::as_str))),
            );
        }
        let mut reached = named.clone();
        if wanted.starts_with('+') {
            spread(&mut reached, |at| steps[at].needs.iter().map(|need| need.step).collect());
        }
        if wanted.ends_with('+') {
            let mut below = named;
            let needs = |at: usize, needed: usize| steps[at].needs.iter().any(|need| need.step == needed);
            spread(&mut below, |needed| (0..steps.len()).filter(|at| needs(*at, needed)).collect());
            reached.extend(below);
        }
        selected.extend(reached);
    }
    if wrong.is_empty() { Ok(selected) } else { Err(wrong) }
}

fn spread(reached: &mut BTreeSet<usize>, next: impl Fn(usize) -> Vec<usize>) {
    let mut todo: Vec<usize> = reached.iter().copied().collect();
    while let Some(at) = todo.pop() {
        for other in next(at) {
            if reached.insert(other) {
                todo.push(other);
            }
        }
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
