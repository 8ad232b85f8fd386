//! `mantianxing run`, and its stages `ingest`, `assess`, `report`: what ran and why, then a short table of what was
//! read, what was found, and what was made and where.

use std::collections::BTreeSet;
use std::path::Path;

use model::{Diagnostic, Language, Place, RowKind};
use run::{Options, Outcome, Reason, Stage};
use serde_json::{Value as Json, json};

use super::{checks, findings};
use crate::Exit;
use crate::args::{Resources, RunArgs, StageArgs};
use crate::printer::Printer;
use crate::progress::Progress;
use crate::text_table;

pub(crate) fn run(args: &RunArgs, resources: Resources, printer: &mut Printer) -> Exit {
    let options = Options {
        threads: thread_count(resources.threads),
        memory: resources.memory,
        dry_run: args.dry_run,
        stages: Stage::ALL.into_iter().collect(),
        select: Vec::new(),
    };
    go(&args.folder, &options, args.json, printer)
}

pub(crate) fn stage(stage: Stage, args: &StageArgs, resources: Resources, printer: &mut Printer) -> Exit {
    let options = Options {
        threads: thread_count(resources.threads),
        memory: resources.memory,
        dry_run: args.dry_run,
        stages: BTreeSet::from([stage]),
        select: args.names.clone(),
    };
    // A folder where `run` takes one, but stages take names.
    if let Some(folder) = args.names.iter().find(|name| Path::new(name).join("assessment.toml").exists()) {
        let told = Diagnostic::new("folder-for-name", Place::default()).with("folder", folder);
        return refuse(&[told.with("stage", stage.name())], args.json, printer);
    }
    go(&args.dir, &options, args.json, printer)
}

/// Tells what is wrong with the definitions or the command.
pub(crate) fn refuse(diagnostics: &[Diagnostic], as_json: bool, printer: &Printer) -> Exit {
    if as_json {
        let wrong = json!({"good": false, "diagnostics": told(diagnostics)});
        printer.result(serde_json::to_string_pretty(&wrong).unwrap_or_default());
    } else {
        printer.diagnostics(diagnostics);
    }
    Exit::Failed
}

pub(crate) fn thread_count(threads: Option<u16>) -> usize {
    threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from)
}

fn go(folder: &Path, options: &Options, as_json: bool, printer: &mut Printer) -> Exit {
    let result = run::run(folder, options, &mut Progress::new(printer, options.dry_run));
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(diagnostics) => return refuse(&diagnostics, as_json, printer),
    };
    if as_json {
        printer.result(serde_json::to_string_pretty(&to_json(&outcome, options.dry_run)).unwrap_or_default());
    } else {
        show(&outcome, options, printer);
    }
    if outcome.is_good() { Exit::Done } else { Exit::Failed }
}

fn show(outcome: &Outcome, options: &Options, printer: &Printer) {
    if let Some(mark) = outcome.nature.and_then(model::assessment::Nature::mark) {
        printer.result(mark);
    }
    if options.dry_run {
        let count = outcome.steps.iter().filter(|step| step.reason.runs()).count();
        printer.result(printer.words(
            &format!("将运行 {count} 步；未写任何文件"),
            &format!("{count} steps would run; nothing was written"),
        ));
        return;
    }
    if !outcome.anything_ran() && outcome.is_good() {
        printer.result(printer.words("没有变化，无需运行", "nothing has changed, nothing to run"));
        show_reports(outcome, printer);
        return;
    }
    if options.stages.contains(&Stage::Ingest) && !outcome.accounts.is_empty() {
        show_accounts(outcome, printer);
    }
    findings::show(outcome, printer);
    checks::show(outcome, printer);
    for warning in &outcome.warnings {
        printer.complain(crate::diagnostics::render(warning, printer, false));
    }
    if !outcome.diagnostics.is_empty() {
        printer.diagnostics(&outcome.diagnostics);
    }
    for (step, stands) in &outcome.stale {
        let state = if *stands {
            printer.words("未更新，保留上次结果", "not made anew; what was made last time stands")
        } else {
            printer.words("未生成，也没有上次结果", "not made, and there is nothing from before")
        };
        printer.complain(format!("✗ {step}: {state}"));
    }
    show_reports(outcome, printer);
    if outcome.over_threshold {
        printer.complain(printer.words(
            "问题数超过 assessment.toml 规定的界限",
            "there are more findings than the thresholds of assessment.toml bear",
        ));
    }
}

/// One line a source, one column a kind of row that occurs.
fn show_accounts(outcome: &Outcome, printer: &Printer) {
    let kinds: Vec<RowKind> = RowKind::ALL
        .into_iter()
        .filter(|kind| outcome.accounts.iter().any(|account| account.rows.contains_key(kind)))
        .collect();
    let chinese = printer.first_language() == Language::Zh;
    let pick = |zh: &str, en: &str| if chinese { zh.to_owned() } else { en.to_owned() };
    let header: Vec<String> = [pick("来源", "source"), pick("契约", "contract"), pick("行数", "rows")]
        .into_iter()
        .chain(kinds.iter().map(|kind| pick(kind.name_zh(), kind.name())))
        .collect();
    let rows: Vec<Vec<String>> = outcome
        .accounts
        .iter()
        .map(|account| {
            let place = if account.sheet.is_empty() {
                account.file.clone()
            } else {
                format!("{} ▸ {}", account.file, account.sheet)
            };
            let place = if account.cells { format!("{place}（{}）", pick("格", "cells")) } else { place };
            let counts =
                kinds.iter().map(|kind| account.rows.get(kind).map(ToString::to_string).unwrap_or_default());
            [place, account.contract.clone(), account.sheet_rows.to_string()]
                .into_iter()
                .chain(counts)
                .collect()
        })
        .collect();
    let right: Vec<bool> = (0..header.len()).map(|column| column >= 2).collect();
    for line in text_table::lines(&header, &rows, &right) {
        printer.result(line);
    }
}

fn show_reports(outcome: &Outcome, printer: &Printer) {
    for (path, made) in &outcome.reports {
        let state =
            if *made { printer.words("已生成", "made") } else { printer.words("未变", "as before") };
        printer.result(format!("{} ({state})", path.display()));
    }
}

fn told(diagnostics: &[Diagnostic]) -> Vec<Json> {
    let one = |diagnostic: &Diagnostic| {
        json!({"code": diagnostic.code, "place": diagnostic.place.to_string(),
            "message_zh": diagnostic.message(Language::Zh), "message_en": diagnostic.message(Language::En)})
    };
    diagnostics.iter().map(one).collect()
}

fn to_json(outcome: &Outcome, dry_run: bool) -> Json {
    let reason = |reason: &Reason| match reason {
        Reason::New => json!({"kind": "new"}),
        Reason::Changed(names) => json!({"kind": "changed", "inputs": names}),
        Reason::OutputGone => json!({"kind": "output_gone"}),
        Reason::Upstream(names) => json!({"kind": "upstream", "steps": names}),
        Reason::Unchanged => json!({"kind": "unchanged"}),
        Reason::Blocked(names) => json!({"kind": "blocked", "steps": names}),
    };
    let steps = outcome.steps.iter().map(|step| {
        let ran = step.reason.runs() && !dry_run;
        json!({"step": step.name, "stage": step.stage.name(), "reason": reason(&step.reason), "ran": ran, "failed": step.failed})
    });
    let sources = outcome.accounts.iter().map(|account| {
        let rows: serde_json::Map<String, Json> =
            account.rows.iter().map(|(kind, count)| (kind.name().to_owned(), json!(count))).collect();
        json!({"file": account.file, "sheet": account.sheet, "contract": account.contract,
            "counted": if account.cells { "cells" } else { "rows" },
            "sheet_rows": account.sheet_rows, "rows": rows})
    });
    let all = outcome.findings.iter().map(|told| {
        json!({"code": told.code, "severity": told.severity.name(), "place": told.place(),
            "message_zh": told.message[0], "message_en": told.message[1],
            "hint_zh": told.hint[0], "hint_en": told.hint[1]})
    });
    let reports = outcome.reports.iter().map(|(path, made)| json!({"path": path, "made": made}));
    let stale = outcome.stale.iter().map(|(step, stands)| json!({"step": step, "last_good": stands}));
    json!({
        "good": outcome.is_good(),
        "nature": outcome.nature.map(model::assessment::Nature::name),
        "steps": steps.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
        "findings": all.collect::<Vec<_>>(),
        "summary": run::summary(&outcome.findings).iter().map(findings::to_json).collect::<Vec<_>>(),
        "checks": outcome.checks.iter().map(checks::to_json).collect::<Vec<_>>(),
        "diagnostics": told(&outcome.diagnostics),
        "warnings": told(&outcome.warnings),
        "over_threshold": outcome.over_threshold,
        "stale": stale.collect::<Vec<_>>(),
        "reports": reports.collect::<Vec<_>>(),
    })
}
