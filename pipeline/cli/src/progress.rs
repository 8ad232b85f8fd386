//! Progress: a moving line on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use run::{Event, Observer, Reason, Stage};

use crate::printer::Printer;

/// Shows a run's events.
pub(crate) struct Progress<'a> {
    printer: &'a Printer,
    bar: Option<ProgressBar>,
    /// Every decision is a line: for dry runs, and where nothing can move.
    every_step: bool,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(printer: &'a Printer, dry_run: bool) -> Self {
        let bar = (printer.shows_progress() && !dry_run).then(|| {
            let style = ProgressStyle::with_template("{spinner} {prefix:<8} {bar:24} {pos}/{len} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0).with_style(style)
        });
        Self { printer, bar, every_step: dry_run }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.printer.talk(text)),
            None => self.printer.talk(text),
        }
    }

    /// What the reason is, in the languages asked for.
    fn reason(&self, reason: &Reason) -> String {
        let list = |names: &[String]| {
            let shown: Vec<&str> = names.iter().take(4).map(String::as_str).collect();
            let more = names.len().saturating_sub(shown.len());
            let more = if more > 0 { format!(" … +{more}") } else { String::new() };
            format!("{}{more}", shown.join(", "))
        };
        match reason {
            Reason::New => self.printer.words("首次生成", "never made before"),
            Reason::Changed(names) => {
                format!("{} {}", self.printer.words("有变化：", "changed:"), list(names))
            }
            Reason::OutputGone => self.printer.words("输出文件缺失", "its output is gone"),
            Reason::Upstream(names) => {
                format!("{} {}", self.printer.words("上游将重算：", "made anew before it:"), list(names))
            }
            Reason::Unchanged => self.printer.words("无变化", "unchanged"),
            Reason::Blocked(names) => {
                format!(
                    "{} {}",
                    self.printer.words(
                        "未更新，保留上次结果，因为：",
                        "not made anew, the last good state stays, because of"
                    ),
                    list(names)
                )
            }
        }
    }
}

impl Observer for Progress<'_> {
    fn notice(&mut self, event: &Event<'_>) {
        match event {
            Event::SampleBegins(scale, seed) => {
                let zh = format!("虚构示例数据：生成 {scale}（种子 {seed}）");
                self.line(
                    &self
                        .printer
                        .words(&zh, &format!("synthetic data: {scale} (seed {seed}) is to be written")),
                );
            }
            Event::SampleDone(summary) => {
                self.line(&self.printer.words(
                    &format!("虚构示例数据：{} 个文件，{} 行", summary.files, summary.rows),
                    &format!("synthetic data: {} files, {} rows written", summary.files, summary.rows),
                ));
            }
            Event::StageBegins(stage, steps) => {
                if let Some(bar) = &self.bar {
                    bar.set_prefix(stage.name());
                    bar.set_length(*steps as u64);
                    bar.set_position(0);
                }
            }
            Event::Step(stage, name, reason) => {
                if let Some(bar) = &self.bar {
                    bar.set_message((*name).to_owned());
                }
                if reason.runs() || matches!(reason, Reason::Blocked(_)) || self.every_step {
                    self.line(&format!("{:<7} {name}: {}", stage.name(), self.reason(reason)));
                }
                if let (Some(bar), false) = (&self.bar, reason.runs()) {
                    bar.inc(1);
                }
            }
            Event::StepDone(..) => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Event::StageEnds(stage) => stop_if_asked(*stage),
            Event::Ended => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

/// For the test that kills a run at each stage boundary: nothing else may tell where a boundary is. Not in release.
fn stop_if_asked(stage: Stage) {
    if cfg!(debug_assertions)
        && std::env::var("MANTIANXING_ABORT_AFTER").is_ok_and(|name| name == stage.name())
    {
        std::process::abort();
    }
}
