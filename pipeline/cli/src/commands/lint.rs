//! `mantianxing lint`: all definitions checked at once.

use super::run::refuse;
use crate::Exit;
use crate::args::LintArgs;
use crate::printer::Printer;

pub(crate) fn lint(args: &LintArgs, printer: &mut Printer) -> Exit {
    match run::lint(&args.folder) {
        Ok(()) if args.json => {
            printer.result("{\n  \"good\": true,\n  \"diagnostics\": []\n}");
            Exit::Done
        }
        Ok(()) => {
            printer.talk(printer.words("全部定义无误", "all definitions are right"));
            Exit::Done
        }
        Err(diagnostics) => refuse(&diagnostics, args.json, printer),
    }
}
