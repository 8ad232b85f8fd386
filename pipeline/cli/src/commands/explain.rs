//! `mantianxing explain`: one figure, read from top to bottom: what it is, what it is made of, where that was sent, what
//! is wrong there, what was left out, and what it is worth in each framework.

use run::explain::{Cell, Explanation, Group, Part, Row, Scored};

use crate::Exit;
use crate::args::ExplainArgs;
use crate::commands::run::thread_count;
use crate::printer::Printer;
use crate::text_table;

pub(crate) fn explain(args: &ExplainArgs, threads: Option<u16>, printer: &mut Printer) -> Exit {
    let period = args.period.as_deref();
    match run::explain::explain(&args.dir, &args.indicator, &args.unit, period, thread_count(threads)) {
        Ok(found) if args.json => {
            printer.result(serde_json::to_string_pretty(&found).unwrap_or_default());
            Exit::Done
        }
        Ok(found) => {
            Page { printer, lines: Vec::new() }.print(&found);
            Exit::Done
        }
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics);
            Exit::Failed
        }
    }
}

/// The lines of an answer.
struct Page<'p> {
    printer: &'p Printer,
    lines: Vec<String>,
}

impl Page<'_> {
    fn print(mut self, found: &Explanation) {
        self.head(found);
        for part in &found.parts {
            self.part(part);
        }
        self.left_out(found);
        for scored in &found.frameworks {
            self.scored(scored);
        }
        for line in &self.lines {
            self.printer.result(line);
        }
    }

    fn say(&mut self, zh: &str, en: &str) {
        self.lines.push(self.printer.words(zh, en));
    }

    /// A line of a list: a label in the language read first, and a text.
    fn item(&mut self, zh: &str, en: &str, text: impl AsRef<str>) {
        let label = match self.printer.first_language() {
            model::Language::Zh => format!("{zh}：{}", text.as_ref()),
            model::Language::En => format!("{en}: {}", text.as_ref()),
        };
        self.lines.push(format!("  {label}"));
    }

    fn head(&mut self, found: &Explanation) {
        let known = &found.indicator;
        let name = self.printer.words(&known.name_zh, &known.name_en);
        self.lines.push(format!("{} {name}  ▸  {}  ▸  {}", known.id, found.unit_zh, found.period));
        if found.nature == "synthetic" {
            self.say("虚构数据", "synthetic data");
        }
        let figure = &found.figure;
        let none = String::from("—");
        self.item("数值", "value", figure.shown.as_ref().unwrap_or(&none));
        let (zh, en) = status_words(&figure.status);
        self.item("状态", "status", format!("{} {}", self.printer.words(zh, en), bracketed(&figure.flags)));
        for (zh, en, text) in [
            ("分子", "numerator", &figure.numerator),
            ("分母", "denominator", &figure.denominator),
            ("样本量", "sample size", &figure.sample_size),
            ("标准误", "standard error", &figure.standard_error),
        ] {
            if let Some(text) = text {
                self.item(zh, en, text);
            }
        }
        self.item("定义", "definition", self.printer.words(&known.definition_zh, &known.definition_en));
        self.item("计量单位", "measure unit", &known.measure_unit);
        self.item("查询", "query", &known.sql_file);
        self.item("来源", "source", &known.source_zh);
        for pitfall in &known.pitfalls_zh {
            self.item("注意", "mind", pitfall);
        }
    }

    fn part(&mut self, part: &Part) {
        self.lines.push(String::new());
        let (zh, en) = match part.part {
            "numerator" => ("分子", "numerator"),
            "denominator" => ("分母", "denominator"),
            "value" => ("数值", "value"),
            "answer_sum" => ("各层回答之和", "sum of answers over the strata"),
            "answers" => ("各层有效回答数", "answers over the strata"),
            "frame" => ("抽样框（权重的依据）", "the frame that weights rest on"),
            _ => ("只影响状态或取舍的行", "rows that only decide"),
        };
        let amount = part.amount.as_ref().filter(|_| part.part != "status");
        let amount = amount.map(|amount| format!(" {amount}")).unwrap_or_default();
        self.say(&format!("【{zh}】{amount}"), &format!("{en}{amount}"));
        if !part.every_row_matters.is_empty() {
            let operators = part.every_row_matters.join("、");
            let operators = operators.replace("trimmed weights", "权重截尾 trimmed weights");
            self.say(
                &format!("  经 {operators}：同组每一行都有影响"),
                &format!("through {operators} every row of a group matters"),
            );
        }
        if part.groups.is_empty() {
            self.say("  没有任何报送的行", "no row that was sent");
        }
        for group in &part.groups {
            self.group(group);
        }
    }

    fn group(&mut self, group: &Group) {
        let (zh, en) = match group.role {
            "counted" => ("计入", "counted"),
            "matched" => ("参与比对，本身不计入", "had to be there, not counted"),
            _ => ("使其他行不计入，或被其他行排除", "keeps others out, or was kept out"),
        };
        let title = format!("{} {}", group.contract, group.title_zh);
        self.say(
            &format!("  {title}：{zh} {} 行", group.count),
            &format!("{en}: {} {}", group.count, if group.count == 1 { "row" } else { "rows" }),
        );
        if !group.all_shown {
            self.say(
                &format!("  以下为按文件和行次等距抽取的 {} 行", group.rows.len()),
                &format!("an evenly spaced sample of {} in the order of files and rows", group.rows.len()),
            );
        }
        self.rows(&group.rows);
        for told in &group.findings {
            let message = self.printer.in_languages(
                |language| match language {
                    model::Language::Zh => told.message_zh.clone(),
                    model::Language::En => told.message_en.clone(),
                },
                " / ",
            );
            self.lines.push(format!("    ! {} {message}", told.place));
        }
        let more = group.finding_count - group.findings.len();
        if more > 0 {
            self.say(
                &format!("    ……这些行上另有 {more} 条问题，见 ingest.findings"),
                &format!("{more} more findings on these rows in ingest.findings"),
            );
        }
    }

    /// Rows by file and sheet, one line each: every field with its cell, the text as sent and what it was read as.
    fn rows(&mut self, rows: &[Row]) {
        let mut at = 0;
        while let Some(first) = rows.get(at) {
            let same = |row: &&Row| row.file == first.file && row.sheet == first.sheet;
            let of_sheet: Vec<&Row> = rows[at..].iter().take_while(same).collect();
            at += of_sheet.len();
            let place = [first.file.as_str(), first.sheet.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
            self.lines.push(format!("    {}", place.join(" ▸ ")));
            let header: Vec<String> = std::iter::once(self.printer.words("行", "line"))
                .chain(first.cells.iter().map(label))
                .collect();
            let body: Vec<Vec<String>> = of_sheet
                .iter()
                .map(|row| std::iter::once(row.line.to_string()).chain(row.cells.iter().map(cell)).collect())
                .collect();
            for line in text_table::lines(&header, &body, &[true]) {
                self.lines.push(format!("      {line}"));
            }
        }
    }

    fn left_out(&mut self, found: &Explanation) {
        if !found.rejected.is_empty() {
            self.lines.push(String::new());
            self.say("【退回、否则会计入的行】", "refused rows that would have counted");
            for one in &found.rejected {
                let (zh, en) = if one.judged_by == "query" {
                    ("放行后查询会计入", "the query would count them")
                } else {
                    ("按契约、期间和地区名称判断", "judged by contract, period and name of the unit")
                };
                let places = one.places.join("、");
                let [reason_zh, reason_en] = &one.reason;
                self.say(
                    &format!("  {} ▸ {places}：{} 行，{}（{zh}）", one.file, one.count, reason_zh),
                    &format!("{} rows, {reason_en} ({en})", one.count),
                );
            }
        }
        if !found.superseded.is_empty() {
            self.lines.push(String::new());
            self.say("【被更正的报送】", "deliveries that were replaced");
            for one in &found.superseded {
                self.say(
                    &format!(
                        "  {} 的 {} 行，由 {}（{} 收到）更正",
                        one.file, one.count, one.by, one.by_received_on
                    ),
                    &format!("{} rows replaced", one.count),
                );
            }
        }
    }

    fn scored(&mut self, scored: &Scored) {
        self.lines.push(String::new());
        let points =
            |number: Option<f64>| number.map_or_else(|| "—".to_owned(), |number| format!("{number:.2}"));
        let percent =
            scored.weight.map_or_else(|| "—".to_owned(), |weight| format!("{:.2}%", weight * 100.0));
        self.lines.push(format!("【{}】{}", scored.framework, scored.name_zh));
        self.item("标准化得分", "score", points(scored.score));
        self.item("在总分中的权重", "weight in the total", percent);
        self.item("为总分贡献", "contribution to the total", points(scored.contribution));
        for level in &scored.levels {
            let text = format!("{} {}", level.name_zh, points(level.score));
            let added = points(level.contribution);
            self.item(
                "所属",
                "part of",
                self.printer.words(
                    &format!("{text}（其中本指标 {added}）"),
                    &format!("of which this indicator {added}"),
                ),
            );
        }
        let rank = match (scored.rank, scored.rank_interval) {
            (Some(rank), Some([low, high])) => self.printer.words(
                &format!("第 {rank} 名（逐一去掉一个指标时第 {low}–{high} 名）"),
                &format!("{rank} ({low}–{high} when one indicator is left out)"),
            ),
            (Some(rank), None) => self.printer.words(&format!("第 {rank} 名"), &rank.to_string()),
            _ => self.printer.words("不排名", "not ranked"),
        };
        self.item("排名", "rank", rank);
    }
}

fn status_words(status: &str) -> (&str, &str) {
    let zh = match status {
        "ok" => "正常",
        "reconstructed" => "由后期数据重建",
        "estimated" => "估计",
        "imputed" => "填补",
        "unstable" => "不稳定（基数小）",
        "zero_denominator" => "分母为零",
        "missing" => "缺失",
        "suppressed" => "不公布",
        "not_available_by_design" => "该类地区不统计",
        other => other,
    };
    (zh, status)
}

fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("[{text}]") }
}

fn label(cell: &Cell) -> String {
    let name = if cell.name_zh.is_empty() { &cell.field } else { &cell.name_zh };
    let mark = if cell.used_as == "value" { "*" } else { "" };
    format!("{mark}{name}")
}

/// `D7 “1,234.5”万元 → 12345000元`.
fn cell(cell: &Cell) -> String {
    let place = cell.cell.clone().unwrap_or_default();
    let raw = cell.raw.as_ref().map(|raw| format!("“{raw}”")).unwrap_or_default();
    let converted = !cell.factor.is_empty() && cell.factor != "1";
    let unit = if converted { cell.measure_unit.as_str() } else { "" };
    let sent = format!("{place} {raw}{unit}").trim().to_owned();
    let same = cell.raw.as_deref() == Some(cell.value.as_str());
    let value = match (cell.value.as_str(), converted) {
        ("", _) => "—".to_owned(),
        (value, true) => format!("{value}{}（×{}）", cell.canonical_unit, cell.factor),
        (value, false) => value.to_owned(),
    };
    match (sent.is_empty(), same) {
        (true, _) => value,
        (false, true) => sent,
        (false, false) => format!("{sent} → {value}"),
    }
}
