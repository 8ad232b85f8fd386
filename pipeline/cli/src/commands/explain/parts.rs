//! The parts of a figure, each with its rows by contract and role. What was printed once is not printed again: it is
//! said where it stands.

use model::Language;
use run::explain::{Explanation, Group, Part, Told};

use super::{Page, rows};

/// So many findings are printed of a group.
const FINDINGS: usize = 5;

/// What tells groups of rows apart, as they are printed: contract, role, number, rows, columns that make the part.
pub(super) type Same = (String, &'static str, usize, Vec<i64>, Vec<String>);

impl Page<'_> {
    /// Once, before the first row.
    pub(super) fn how_to_read(&mut self, found: &Explanation) {
        let folder = &found.extracts_folder;
        self.title("读法", "how to read the rows");
        self.tell(
            2,
            "单元格 “报送的原文” → 读取后的值；（×n）是计量单位换算的倍数",
            "cell “text as sent” → value as read; (×n) is the factor between measure units",
        );
        self.tell(
            2,
            "带 * 的列构成这个数；其余的列决定哪些行计入，或用来汇总，只列几列，其余的列见 --json",
            "columns with * make the figure; the others decide which rows take part, or rows are added up by \
             them: some of them, the others are in --json",
        );
        self.tell(2, &format!("文件在 {folder}"), &format!("files are in {folder}"));
    }

    pub(super) fn part(&mut self, part: &Part) {
        let [zh, en] = words(part.part);
        let amount = part.amount.as_ref().filter(|_| part.part != "status");
        let amount = amount.map(|amount| format!(" = {amount}")).unwrap_or_default();
        self.title(zh, en);
        if let Some(line) = self.lines.last_mut() {
            line.push_str(&amount);
        }
        if !part.every_row_matters.is_empty() {
            let named = |trimmed: &str, joint: &str| {
                let names = part.every_row_matters.iter();
                let names = names.map(|name| if name == "trimmed weights" { trimmed } else { name });
                names.collect::<Vec<_>>().join(joint)
            };
            self.tell(
                2,
                &format!("经过{}：同组的每一行都影响结果", named("权重截尾", "、")),
                &format!("through {}: every row of a group matters", named("trimmed weights", ", ")),
            );
        }
        if part.groups.is_empty() {
            self.say(2, "没有任何报送的行", "no row that was sent");
        }
        let mut again: Vec<(&Group, [&'static str; 2])> = Vec::new();
        for group in &part.groups {
            let same = same(group);
            if let Some((_, under)) = self.printed.iter().find(|(printed, _)| *printed == same) {
                again.push((group, *under));
            } else {
                self.printed.push((same, [zh, en]));
                self.group(group);
            }
        }
        self.again(&again);
    }

    fn group(&mut self, group: &Group) {
        let [zh, en] = role(group.role);
        self.say(
            2,
            &format!("{zh} {} 行：{} {}", group.count, group.contract, group.title_zh),
            &format!("{en}: {} of {} {}", rows(group.count), group.contract, group.title_en),
        );
        if !group.all_shown {
            self.say(
                4,
                &format!("按文件和行次等距抽取其中 {} 行：", group.rows.len()),
                &format!("an evenly spaced sample of {} in the order of files and rows:", group.rows.len()),
            );
        }
        self.rows(&group.rows, group.role == "counted");
        self.findings(group);
    }

    /// Groups that stand under a part above.
    fn again(&mut self, groups: &[(&Group, [&'static str; 2])]) {
        let mut under: Vec<[&'static str; 2]> = groups.iter().map(|(_, under)| *under).collect();
        under.dedup();
        for [zh, en] in under {
            let those = groups.iter().filter(|(_, under)| *under == [zh, en]);
            let each: Vec<[String; 2]> = those
                .map(|(group, _)| {
                    let [role_zh, role_en] = role(group.role);
                    [
                        format!("{} {role_zh} {} 行", group.contract, group.count),
                        format!("{} {role_en} {}", group.contract, rows(group.count)),
                    ]
                })
                .collect();
            let list = |at: usize, joint: &str| {
                each.iter().filter_map(|texts| texts.get(at)).cloned().collect::<Vec<_>>().join(joint)
            };
            self.tell(
                2,
                &format!("与【{zh}】所列相同的行：{}", list(0, "；")),
                &format!("the same rows as under {en}: {}", list(1, "; ")),
            );
        }
    }

    fn findings(&mut self, group: &Group) {
        let new: Vec<&Told> = group
            .findings
            .iter()
            .filter(|told| !self.told.contains(&(told.place.clone(), told.code.clone())))
            .collect();
        for told in new.iter().take(FINDINGS) {
            let message = self.printer.in_languages(
                |language| match language {
                    Language::Zh => told.message_zh.clone(),
                    Language::En => told.message_en.clone(),
                },
                " / ",
            );
            self.lines.push(format!("    ! {} {message}", told.place));
            self.told.insert((told.place.clone(), told.code.clone()));
        }
        let known = group.findings.len() - new.len();
        let more = group.finding_count - known - new.len().min(FINDINGS);
        if more > 0 {
            self.say(
                4,
                &format!("! 这些行上还有 {more} 条问题，见 ingest.findings"),
                &format!("{more} more findings on these rows in ingest.findings"),
            );
        }
    }
}

fn same(group: &Group) -> Same {
    let made_of = group.rows.first().into_iter().flat_map(|row| &row.cells);
    let made_of = made_of.filter(|cell| cell.used_as == "value").map(|cell| cell.field.clone());
    let origins = group.rows.iter().map(|row| row.origin).collect();
    (group.contract.clone(), group.role, group.count, origins, made_of.collect())
}

/// What rows of a role do.
fn role(role: &str) -> [&'static str; 2] {
    match role {
        "counted" => ["计入", "counted"],
        "matched" => ["参与比对（本身不计入）", "had to be there (not counted)"],
        _ => ["排除他行或被排除", "keeps others out, or was kept out"],
    }
}

/// The name of a part.
fn words(part: &str) -> [&'static str; 2] {
    match part {
        "numerator" => ["分子", "numerator"],
        "denominator" => ["分母", "denominator"],
        "value" => ["数值", "value"],
        "answer_sum" => ["各层回答之和", "sum of answers over the strata"],
        "answers" => ["各层有效回答数", "answers over the strata"],
        "frame" => ["各层总体（权重的依据）", "enterprises by stratum, on which weights rest"],
        _ => ["只影响状态或取舍的行", "rows that only decide"],
    }
}
