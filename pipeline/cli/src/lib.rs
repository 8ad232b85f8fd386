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

use crate::args::{Args, Command};
use crate::printer::Printer;

/// How a command ended; the numbers are promised to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The threshold of findings is passed, or the definitions are wrong.
    Failed = 1,
}

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let mut printer = Printer::new(args.language.into(), args.quiet);
    let exit = match args.command {
        Command::Run(command) => commands::run::run(&command, args.threads, &mut printer),
        Command::Ingest(command) => {
            commands::run::stage(run::Stage::Ingest, &command, args.threads, &mut printer)
        }
        Command::Assess(command) => {
            commands::run::stage(run::Stage::Assess, &command, args.threads, &mut printer)
        }
        Command::Report(command) => {
            commands::run::stage(run::Stage::Report, &command, args.threads, &mut printer)
        }
        Command::Lint(command) => commands::lint::lint(&command, &mut printer),
        Command::Sql(command) => commands::sql::sql(&command, args.threads, &mut printer),
    };
    ExitCode::from(exit as u8)
}
