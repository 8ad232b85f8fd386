//! `mantianxing lint`: all definitions checked at once.

use crate::Exit;
use crate::args::LintArgs;
use crate::printer::Printer;

pub(crate) fn lint(args: &LintArgs, printer: &mut Printer) -> Exit {
    match run::lint(&args.folder) {
        Ok(()) => {
            printer.talk(printer.words("全部定义无误", "all definitions are right"));
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}
