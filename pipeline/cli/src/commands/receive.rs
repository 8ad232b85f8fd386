//! `mantianxing receive`: what was noted, on what it rests, and what comes next.

use std::time::{SystemTime, UNIX_EPOCH};

use run::{Receive, Received};

use crate::Exit;
use crate::args::ReceiveArgs;
use crate::printer::Printer;

pub(crate) fn receive(args: &ReceiveArgs, printer: &mut Printer) -> Exit {
    let received_on = args.received_on.clone().unwrap_or_else(today);
    let asked = Receive {
        files: &args.files,
        folder: &args.dir,
        contracts: &args.contract,
        department: args.department.as_deref(),
        period: args.period,
        partition: args.partition.as_deref(),
        vintage: args.vintage.as_deref(),
        received_on: &received_on,
        supersedes: &args.supersedes,
        dry: args.dry_run,
    };
    match run::receive(&asked) {
        Ok(received) => {
            show(args, &received, printer);
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

/// The day it is in China, which has one time zone and no summer time.
#[expect(
    clippy::disallowed_methods,
    reason = "the day of receipt is written into the list, where everybody sees it; results read the list, not the clock"
)]
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = (seconds + 8 * 3600) / 86_400;
    run::day_text(i32::try_from(days).unwrap_or_default())
}

fn show(args: &ReceiveArgs, received: &Received, printer: &Printer) {
    for (file, other) in &received.known {
        printer.complain(printer.words(
            &format!("{file}：同样的内容已登记为“{other}”，不再登记"),
            &format!("{file}: the same content is listed as `{other}`; it is not listed again"),
        ));
    }
    for noted in &received.noted {
        printer.bytes(noted.entry.as_bytes());
        if !noted.beside.is_empty() {
            let files = noted.beside.join("、");
            printer.talk(printer.words(
                &format!("  同一契约同一期间已有：{files}。若是更正，请用 --supersedes 指明，否则逐行提示冲突"),
                &format!(
                    "  of the same contract and period there is {files}: if this is a correction say --supersedes, \
                     else each conflict is told"
                ),
            ));
        }
    }
    if let Some(last) = &received.out_of_order {
        printer.complain(printer.words(
            &format!("登记表末条收于 {last}，晚于本次；先后以登记表的次序为准，必要时请移动条目"),
            &format!(
                "the last entry came on {last}, after these: the order of the list decides which is the later; move \
                 entries if need be"
            ),
        ));
    }
    for path in &received.written {
        printer.talk(format!("{} {path}", printer.words("写了", "wrote")));
    }
    let folder = args.dir.display();
    if args.dry_run {
        printer.talk(printer.words("未写任何文件", "nothing was written"));
    } else if !received.noted.is_empty() {
        printer.talk(printer.words(
            &format!("下一步：mantianxing ingest -C {folder}"),
            &format!("next: mantianxing ingest -C {folder}"),
        ));
    }
}
