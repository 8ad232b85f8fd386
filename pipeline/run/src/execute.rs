//! Going through the steps: which run, why, and what becomes of a failure.
//!
//! A step that fails blocks the steps that need it; all others go on. What was made is put in place at the end, at
//! once; what could not be made stays as it was last time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::Diagnostic;

use crate::context::Context;
use crate::observe::{Event, Observer, Reason, Stage};
use crate::side_by_side::SideBySide;
use crate::steps::{Need, Step, Work};
use crate::store::{Done, Output};
use crate::up_to_date::{below, decide, stale, stood_on};
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
    let wanted = |at: &usize| options.stages.contains(&context.steps[*at].stage);
    let mut round = Round {
        running: selected.iter().copied().filter(wanted).collect(),
        dry_run: options.dry_run,
        ..Round::default()
    };
    for stage in Stage::ALL.into_iter().filter(|stage| options.stages.contains(stage)) {
        let of_stage: BTreeSet<usize> =
            selected.iter().copied().filter(|at| context.steps[*at].stage == stage).collect();
        observer.notice(&Event::StageBegins(stage, of_stage.len()));
        round.stage(context, stage, of_stage, observer);
        observer.notice(&Event::StageEnds(stage));
    }
    let aside = if options.select.is_empty() { Vec::new() } else { round.left_aside(context, options) };
    let mut diagnostics = round.diagnostics;
    diagnostics.extend(aside);
    diagnostics.sort();
    diagnostics.dedup();
    Ok((round.outcomes.into_values().collect(), diagnostics))
}

/// What has become of the steps so far, by position.
#[derive(Default)]
struct Round {
    /// Steps this run looks at.
    running: BTreeSet<usize>,
    dry_run: bool,
    /// Steps that failed or are blocked.
    unusable: BTreeSet<usize>,
    /// Steps that would run, were the run not dry.
    would_run: BTreeSet<usize>,
    unchanged: BTreeSet<usize>,
    /// Steps this run does not look at, and what is wrong with using what they made: asked by all that stand on them.
    stale: BTreeMap<usize, Option<Diagnostic>>,
    outcomes: BTreeMap<usize, StepOutcome>,
    diagnostics: Vec<Diagnostic>,
}

/// What most others stand on goes first; the place in the list decides the rest.
type Turn = (Reverse<usize>, usize);

/// How a step began.
enum Begun<'d> {
    /// It is done already.
    Made(Vec<Output>),
    /// It may run beside others.
    Query(Box<assess::Due<'d>>),
}

impl Round {
    /// Goes through the steps of a stage. A step's turn comes when all it needs is through; queries whose turn it is run
    /// side by side. What is told, and in which order, does not depend on which of them ends first.
    fn stage(
        &mut self,
        context: &mut Context<'_>,
        stage: Stage,
        steps: BTreeSet<usize>,
        observer: &mut dyn Observer,
    ) {
        let mut told = Told { stage, dry_run: self.dry_run, silent: steps.clone(), open: BTreeSet::new() };
        let (mut waiting, mut busy) = (steps, BTreeSet::new());
        let stood_on = stood_on(context);
        std::thread::scope(|scope| {
            let mut queries: SideBySide<'_, '_, Turn, _> = SideBySide::new(scope, context.threads);
            loop {
                let through = |need: &Need| !waiting.contains(&need.step) && !busy.contains(&need.step);
                let turn = waiting.iter().copied().find(|at| context.steps[*at].needs.iter().all(through));
                let (at, done) = if let Some(at) = turn {
                    waiting.remove(&at);
                    if !self.decided(context, at) {
                        told.tell(&self.outcomes, &busy, observer);
                        continue;
                    }
                    busy.insert(at);
                    told.tell(&self.outcomes, &busy, observer);
                    match self.begin(context, at) {
                        Ok(Begun::Query(due)) => {
                            queries.add((Reverse(stood_on[at]), at), move || due.run());
                            continue;
                        }
                        Ok(Begun::Made(outputs)) => (at, Ok(outputs)),
                        Err(failure) => (at, Err(failure)),
                    }
                } else if let Some(((_, at), made)) = queries.next() {
                    let made = made.map_err(Failure::from).and_then(|made| made);
                    (at, made.and_then(|(path, bytes)| Ok(vec![context.store.stage(&path, &bytes)?])))
                } else {
                    break;
                };
                busy.remove(&at);
                self.done(context, at, done);
                told.tell(&self.outcomes, &busy, observer);
            }
        });
    }

    /// Decides whether a step runs, and notes why.
    fn decided(&mut self, context: &mut Context<'_>, at: usize) -> bool {
        let step = context.steps[at].clone();
        let reason = decide(context, &step, &self.unusable, &self.would_run);
        let runs = reason.runs() && !self.dry_run;
        match reason {
            Reason::Blocked(_) => self.give_up(context, at, &step),
            Reason::Unchanged => {
                self.unchanged.insert(at);
            }
            _ if runs => {}
            _ => {
                self.would_run.insert(at);
            }
        }
        let outcome = StepOutcome { name: step.name, stage: step.stage, reason, failed: false };
        self.outcomes.insert(at, outcome);
        runs
    }

    /// Does a step, or makes ready what may run beside others. Of a failure nothing stays.
    fn begin<'d>(&mut self, context: &mut Context<'d>, at: usize) -> Result<Begun<'d>, Failure> {
        self.out_of_date(context, at)?;
        let step = context.steps[at].clone();
        let staged = context.store.staged();
        let begun = work(context, &step);
        if begun.is_err() {
            context.store.unstage(|path| !staged.contains(path));
        }
        begun
    }

    /// Notes what a step that ran made, or that it failed.
    fn done(&mut self, context: &mut Context<'_>, at: usize, done: Result<Vec<Output>, Failure>) {
        let step = context.steps[at].clone();
        match done {
            Ok(outputs) => {
                let inputs = context.inputs(&step);
                context.state.steps.insert(step.name, Done { inputs, outputs });
            }
            Err(failure) => {
                if let Failure::Diagnostics(told) = failure {
                    self.diagnostics.extend(told);
                }
                if let Some(outcome) = self.outcomes.get_mut(&at) {
                    outcome.failed = true;
                }
                self.give_up(context, at, &step);
            }
        }
    }

    /// What stands on this step is blocked.
    fn give_up(&mut self, context: &mut Context<'_>, at: usize, step: &Step) {
        self.unusable.insert(at);
        if let Work::Contract(id) = &step.work {
            context.hold_back(id, step);
        }
    }

    /// Refuses a step that stands on something this run does not look at and that is not as its inputs now are: a figure
    /// from old or absent rows would look like any other.
    fn out_of_date(&mut self, context: &Context<'_>, at: usize) -> Result<(), Failure> {
        let mut aside = below(context, at);
        aside.retain(|one| *one != at && !self.running.contains(one));
        let known = |one: usize| self.stale.entry(one).or_insert_with(|| stale(context, one)).clone();
        let told: Vec<Diagnostic> = aside.into_iter().filter_map(known).collect();
        if told.is_empty() { Ok(()) } else { Err(told.into()) }
    }

    /// What a selection leaves aside although the selected, themselves unchanged, stand on it: they are as old as that is.
    fn left_aside(&self, context: &Context<'_>, options: &Options) -> Vec<Diagnostic> {
        let mut aside: BTreeSet<usize> = self.unchanged.iter().flat_map(|at| below(context, *at)).collect();
        aside.retain(|at| !self.running.contains(at) && options.stages.contains(&context.steps[*at].stage));
        aside.into_iter().filter_map(|at| stale(context, at)).collect()
    }
}

/// Tells of the steps of a stage in the order of the list, whichever ends first.
struct Told {
    stage: Stage,
    dry_run: bool,
    /// Steps whose decision is not told yet.
    silent: BTreeSet<usize>,
    /// Steps told of that run.
    open: BTreeSet<usize>,
}

impl Told {
    /// Tells what is new in `outcomes`; a step is done when it is not `busy` any longer.
    fn tell(
        &mut self,
        outcomes: &BTreeMap<usize, StepOutcome>,
        busy: &BTreeSet<usize>,
        observer: &mut dyn Observer,
    ) {
        while let Some((at, outcome)) = self.silent.first().and_then(|at| outcomes.get_key_value(at)) {
            observer.notice(&Event::Step(self.stage, &outcome.name, &outcome.reason));
            self.silent.remove(at);
            if outcome.reason.runs() && !self.dry_run {
                self.open.insert(*at);
            }
        }
        for at in self.open.extract_if(.., |at| !busy.contains(at)) {
            if let Some(outcome) = outcomes.get(&at) {
                observer.notice(&Event::StepDone(self.stage, &outcome.name));
            }
        }
    }
}

fn work<'d>(context: &mut Context<'d>, step: &Step) -> Result<Begun<'d>, Failure> {
    let made = match &step.work {
        Work::Reference => deliveries::reference(context),
        Work::QueryTexts => query_texts::write(context),
        Work::Delivery(at) => deliveries::delivery(context, *at),
        Work::Contract(id) => deliveries::contract(context, id),
        Work::Relations(id) => relations::test(context, id),
        Work::Accounts => accounts::accounts(context),
        Work::Query(at) => return Ok(Begun::Query(Box::new(assess::due(context, *at)?))),
        Work::Survey(id) => assess::survey(context, id),
        Work::Framework(id) => assess::framework(context, id),
        Work::Report(id) => reports::report(context, id, &step.input_digest()),
    };
    made.map(Begun::Made)
}
