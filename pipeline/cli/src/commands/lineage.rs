//! `mantianxing lineage`: the contracts and columns an indicator is made of.

use run::explain::{Columns, Of, columns};

use crate::Exit;
use crate::args::LineageArgs;
use crate::printer::Printer;

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
    let mut lines = vec![
        format!("{} {}", known.id, printer.words(&known.name_zh, &known.name_en)),
        printer.words(&format!("查询：{}", known.sql_file), &format!("query: {}", known.sql_file)),
    ];
    for query in &found.queries {
        lines.push(format!("  ← {query}"));
    }
    let parts: [(&str, &str, &[Of]); 4] = [
        ("计算值的列", "value: the figure is made of", &found.value),
        ("按行计数的表", "rows: counted, whatever stands in them", &found.rows),
        (
            "决定哪些行计入的列（筛选、连接、条件）",
            "filter: these decide which rows take part",
            &found.filter,
        ),
        ("用来汇总分组的列", "group: rows are added up by", &found.group),
    ];
    for (zh, en, tables) in parts.into_iter().filter(|(.., tables)| !tables.is_empty()) {
        lines.push(String::new());
        lines.push(printer.words(zh, en));
        for table in tables {
            lines.push(format!("  {} {}", table.table, table.title_zh).trim_end().to_owned());
            let columns = table.columns.iter().map(|[column, header]| {
                if header.is_empty() { column.clone() } else { format!("{column}（{header}）") }
            });
            let columns = columns.collect::<Vec<_>>().join("、");
            if !columns.is_empty() {
                lines.push(format!("    {columns}"));
            }
        }
    }
    lines
}
