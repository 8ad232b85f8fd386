//! The `mantianxing` command: arguments, progress, printing. No logic of its own.
//!
//! A library besides a binary, so that the end-to-end tests can build the very same command.

mod args;
mod commands;
mod diagnostics;
mod printer;
mod progress;
mod text_table;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Args, Command, New, NewArgs};
use crate::printer::Printer;

/// How a command ended; the numbers are promised to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The threshold of findings is passed, or the definitions are wrong.
    Failed = 1,
}

const STACK: usize = 256 << 20;

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let mut printer = Printer::new(args.language.into(), args.quiet);
    // Stages catch panics of foreign code and turn them into findings; one that comes through is a bug, and is told
    // as one instead of as a trace.
    std::panic::set_hook(Box::new(|_| {}));
    // Deeply nested SQL is parsed and dropped by recursion: on a stack that bears it.
    let exit = std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK);
        match worker.spawn_scoped(scope, || dispatch(args, &mut printer)) {
            Ok(running) => running.join(),
            Err(error) => Err(Box::new(error.to_string()) as _),
        }
    });
    let exit = exit.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        printer.complain(printer.words(
            &format!("程序内部错误，请报告：{said}"),
            &format!("this is a bug of mantianxing, please report it: {said}"),
        ));
        Exit::Failed
    });
    ExitCode::from(exit as u8)
}

fn dispatch(args: Args, printer: &mut Printer) -> Exit {
    match args.command {
        Command::Run(command) => commands::run::run(&command, args.resources, printer),
        Command::Ingest(command) => {
            commands::run::stage(run::Stage::Ingest, &command, args.resources, printer)
        }
        Command::Assess(command) => {
            commands::run::stage(run::Stage::Assess, &command, args.resources, printer)
        }
        Command::Report(command) => {
            commands::run::stage(run::Stage::Report, &command, args.resources, printer)
        }
        Command::Receive(command) => commands::receive::receive(&command, printer),
        Command::Lint(command) => commands::lint::lint(&command, printer),
        Command::New(NewArgs { what: New::Contract(command) }) => commands::new::contract(&command, printer),
        Command::Sql(command) => commands::sql::sql(&command, args.resources.threads, printer),
        Command::Explain(command) => commands::explain::explain(&command, args.resources, printer),
        Command::Lineage(command) => commands::lineage::lineage(&command, printer),
        Command::Sample(command) => commands::sample::sample(&command, printer),
    }
}
