//! `mantianxing lineage`: the contracts and columns an indicator is made of.

use model::Language;
use run::explain::{Columns, Of, columns};

use crate::Exit;
use crate::args::LineageArgs;
use crate::printer::Printer;
use crate::text_table;

pub(crate) fn lineage(args: &LineageArgs, printer: &mut Printer) -> Exit {
    match columns(&args.dir, &args.indicator) {
        Ok(found) if args.json => {
            printer.result(serde_json::to_string_pretty(&found).unwrap_or_default());
            Exit::Done
        }
        Ok(found) => {
            for line in lines(&found, printer) {
                printer.result(line);
            }
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

fn lines(found: &Columns, printer: &Printer) -> Vec<String> {
    let known = &found.indicator;
    let chinese = printer.first_language() == Language::Zh;
    let mut lines = vec![
        format!("{} {}", known.id, printer.words(&known.name_zh, &known.name_en)),
        String::new(),
        format!("【{}】", printer.words("查询，先读的在前", "queries, the first read first")),
    ];
    lines.extend(found.queries.iter().chain([&known.sql_file]).map(|file| format!("  {file}")));
    let parts: [(&str, &str, &[Of]); 4] = [
        ("构成数值的列", "value: the figure is made of these columns", &found.value),
        ("按行计数的表", "rows: counted, whatever stands in them", &found.rows),
        (
            "决定哪些行计入的列（筛选、连接、条件）",
            "filter: these decide which rows take part",
            &found.filter,
        ),
        ("用来汇总的列", "group: rows are added up by these", &found.group),
    ];
    for (zh, en, tables) in parts.into_iter().filter(|(.., tables)| !tables.is_empty()) {
        lines.push(String::new());
        lines.push(format!("【{}】", printer.words(zh, en)));
        for table in tables {
            let title = printer.words(&table.title_zh, &table.title_en);
            let title = if table.title_zh.is_empty() { "" } else { title.as_str() };
            lines.push(format!("  {} {title}", table.table).trim_end().to_owned());
            // A header says more than a name; where the contract gives none, the name is all there is.
            let columns: Vec<(String, String)> =
                table.columns.iter().map(|[name, header]| (name.clone(), header.clone())).collect();
            if columns.iter().all(|(_, header)| header.is_empty()) {
                let names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
                if !names.is_empty() {
                    lines.push(format!("    {}", names.join(if chinese { "、" } else { ", " })));
                }
            } else {
                lines.extend(text_table::pairs(&columns).into_iter().map(|line| format!("    {line}")));
            }
        }
    }
    lines
}
