//! `mantianxing new contract`: drafts from a spreadsheet, and what is to be done with them.

use run::{NewContract, Prepared};

use crate::Exit;
use crate::args::NewContractArgs;
use crate::printer::Printer;

pub(crate) fn contract(args: &NewContractArgs, printer: &mut Printer) -> Exit {
    let inside = args.dir.join("assessment.toml").exists();
    if args.deliver && !inside {
        printer.complain(printer.words(
            &format!("{} 不是测评目录（没有 assessment.toml），无处登记", args.dir.display()),
            &format!("{} is no assessment (no assessment.toml): nothing to deliver to", args.dir.display()),
        ));
        return Exit::Failed;
    }
    let asked = NewContract {
        file: &args.file,
        folder: inside.then_some(args.dir.as_path()),
        id: args.id.as_deref(),
        department: args.department.as_deref(),
        period: args.period,
        partition: args.partition.as_deref(),
        received_on: args.received_on.as_deref(),
        deliver: args.deliver,
        dry: args.stdout,
        languages: printer.languages(),
    };
    match run::new_contract(&asked) {
        Ok(prepared) => {
            show(args, inside, &prepared, printer);
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

fn show(args: &NewContractArgs, inside: bool, prepared: &Prepared, printer: &Printer) {
    if args.stdout || !inside {
        let texts: Vec<&str> = prepared.drafted.drafts.iter().map(|draft| draft.text.as_str()).collect();
        printer.bytes(texts.join("\n").as_bytes());
    }
    found(prepared, printer);
    if !inside {
        printer.talk(printer.words(
            &format!("{} 不是测评目录：没有写文件，也没有识别县（市、区）", args.dir.display()),
            &format!(
                "{} is no assessment: nothing was written and no counties were looked for",
                args.dir.display()
            ),
        ));
        return;
    }
    for path in &prepared.written {
        printer.talk(format!("{} {path}", printer.words("写了", "wrote")));
    }
    if args.deliver {
        let folder = args.dir.display();
        printer.talk(printer.words(
            &format!("下一步：核对草稿，然后 mantianxing ingest -C {folder}"),
            &format!("next: check the draft, then mantianxing ingest -C {folder}"),
        ));
    } else if !args.stdout {
        printer.talk(printer.words(
            "要读这份文件，把它放进 extracts 目录，并在 deliveries.toml 末尾加上（或重新运行并加 --deliver）：",
            "to read the file put it into the extracts folder and add to deliveries.toml (or run again with --deliver):",
        ));
        printer.bytes(prepared.entry.as_bytes());
    }
}

/// What was found, and what is unsure.
fn found(prepared: &Prepared, printer: &Printer) {
    let drafts = &prepared.drafted.drafts;
    let tables = drafts.iter().map(|draft| draft.tables.len()).sum::<usize>();
    let kinds = drafts.len();
    printer.talk(printer.words(
        &format!("找到 {tables} 张表，分 {kinds} 种"),
        &format!("tables found: {tables}; kinds: {kinds}"),
    ));
    for draft in drafts {
        let fields = draft.contract.field.len();
        let kept: u64 = draft.tables.iter().map(|table| table.kept).sum();
        let rejected: u64 = draft.tables.iter().map(|table| table.rejected).sum();
        let sheets: Vec<&str> =
            draft.tables.iter().map(|table| table.sheet.as_str()).filter(|name| !name.is_empty()).collect();
        let sheets = if sheets.is_empty() { String::new() } else { format!("（{}）", sheets.join("、")) };
        printer.talk(printer.words(
            &format!(
                "  {}：{}{sheets}，{fields} 个字段，读出 {kept} 行，拒收 {rejected} 行",
                draft.id, draft.title
            ),
            &format!("  {}: {fields} fields, {kept} rows read, {rejected} rejected", draft.id),
        ));
        if !draft.unsure.is_empty() {
            let unsure = draft.unsure.join(", ");
            printer.talk(
                printer
                    .words(&format!("    请核对：{unsure}"), &format!("    unsure, please check: {unsure}")),
            );
        }
    }
    let (errors, warnings) = prepared.findings();
    if errors + warnings > 0 {
        printer.talk(printer.words(
            &format!("按草稿试读：错误 {errors}，警告 {warnings}（ingest 后可逐条查看）"),
            &format!("read by the drafts: {errors} errors, {warnings} warnings (told one by one by ingest)"),
        ));
    }
}
