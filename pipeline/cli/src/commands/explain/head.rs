//! What the figure is, and where there is none, why.

use run::explain::{Absence, Explanation, Supply};

use super::{Page, rows};

/// So many periods are printed one by one.
const PERIODS: usize = 6;

impl Page<'_> {
    pub(super) fn head(&mut self, found: &Explanation) {
        let known = &found.indicator;
        let name = self.printer.words(&known.name_zh, &known.name_en);
        self.lines.push(format!("{} {name}  ▸  {}  ▸  {}", known.id, found.unit_zh, found.period));
        if found.nature == "synthetic" {
            self.say(0, "虚构数据", "synthetic data");
        }
        self.lines.push(String::new());
        let figure = &found.figure;
        let (zh, en) = status_words(&figure.status);
        let flags = if figure.flags.is_empty() { String::new() } else { format!(" [{}]", figure.flags) };
        let status = format!("{}{flags}", self.printer.words(zh, en));
        let none = String::from("—");
        let mut pairs = vec![
            (self.label("数值", "value"), figure.shown.as_ref().unwrap_or(&none).clone()),
            (self.label("状态", "status"), status),
        ];
        for (zh, en, text) in [
            ("分子", "numerator", &figure.numerator),
            ("分母", "denominator", &figure.denominator),
            ("样本量", "sample size", &self.sample_size(found)),
            ("标准误", "standard error", &figure.standard_error),
        ] {
            pairs.extend(text.iter().map(|text| (self.label(zh, en), text.clone())));
        }
        let mut definition = self.label("定义", "definition");
        for language in self.printer.languages() {
            let text = match language {
                model::Language::Zh => &known.definition_zh,
                model::Language::En => &known.definition_en,
            };
            pairs.push((std::mem::take(&mut definition), text.clone()));
        }
        pairs.push((self.label("计量单位", "measure unit"), known.measure_unit.clone()));
        pairs.push((self.label("来源", "source"), known.source_zh.clone()));
        let mut mind = self.label("注意", "mind");
        pairs.extend(known.pitfalls_zh.iter().map(|text| (std::mem::take(&mut mind), text.clone())));
        pairs.push((self.label("查询", "query"), known.sql_file.clone()));
        self.pairs(&pairs);
    }

    /// With the number that is too few, where it is.
    fn sample_size(&self, found: &Explanation) -> Option<String> {
        let size = found.figure.sample_size.as_ref()?;
        let few = found
            .indicator
            .minimum_denominator
            .filter(|least| size.parse().is_ok_and(|size: u64| size < *least));
        let few = few.map(|least| {
            self.printer.words(&format!("少于 {least} 即不稳定"), &format!("unstable below {least}"))
        });
        Some(few.map_or_else(|| size.clone(), |few| format!("{size}  ({few})")))
    }

    pub(super) fn absence(&mut self, absence: &Absence, found: &Explanation) {
        self.title("为什么没有数值", "why there is no value");
        if absence.by_design {
            self.tell(
                2,
                &format!("该指标的定义不统计“{}”这类地区（zones = false）。", found.unit_zh),
                &format!(
                    "By its definition the indicator has no figures for units like {} (zones = false).",
                    found.unit_zh
                ),
            );
            return;
        }
        if found.figure.status == "zero_denominator" {
            self.tell(
                2,
                "分母为零：有报送，但没有可供计算的对象。",
                "The denominator is zero: what was sent holds nothing to divide by.",
            );
        }
        if absence.parts.contains(&"numerator") != absence.parts.contains(&"denominator") {
            let numerator = absence.parts.contains(&"numerator");
            let (zh, en) = if numerator { ("分子", "numerator") } else { ("分母", "denominator") };
            self.tell(2, &format!("缺的是{zh}。"), &format!("It is the {en} that is not there."));
        }
        for supply in &absence.supplies {
            self.supply(supply, found);
        }
    }

    fn supply(&mut self, supply: &Supply, found: &Explanation) {
        let (unit, period) = (&found.unit_zh, &found.period);
        self.say(
            2,
            &format!("{} {}（{}）", supply.contract, supply.title_zh, supply.department),
            &format!("{} {} ({})", supply.contract, supply.title_en, supply.department),
        );
        if !supply.lacking.is_empty() {
            let lacking = list(&supply.lacking);
            self.tell(
                4,
                &format!("{period} 应报未报 {} 期：{lacking}", supply.lacking.len()),
                &format!("due in {period} and not delivered, {}: {lacking}", supply.lacking.len()),
            );
        }
        let delivered = list(&supply.delivered);
        match (supply.rows, supply.rows_of_unit) {
            (0, _) if supply.delivered.is_empty() => {
                self.tell(4, "各期均未报送", "nothing was delivered for any period");
            }
            (0, _) => self.tell(
                4,
                &format!("{period} 没有任何行；已报的期：{delivered}"),
                &format!("no row of {period}; periods delivered: {delivered}"),
            ),
            (all, Some(0)) => self.tell(
                4,
                &format!("{period} 有 {all} 行，没有一行写的是{unit}"),
                &format!("{} of {period}, none of which names {unit}", rows(all)),
            ),
            (all, Some(own)) => self.tell(
                4,
                &format!("{period} 有 {all} 行，其中写明{unit}的 {own} 行"),
                &format!("{} of {period}, of which {own} name {unit}", rows(all)),
            ),
            (all, None) => self.tell(
                4,
                &format!("{period} 有 {all} 行，这份报表的行不写地区"),
                &format!("{} of {period}; rows of this table name no unit", rows(all)),
            ),
        }
        for (column, header, count) in &supply.blank {
            let header = if header.is_empty() { column } else { header };
            self.tell(
                6,
                &format!("其中“{header}”空白的 {count} 行"),
                &format!("of these {count} with a blank `{header}`"),
            );
        }
    }
}

fn list(periods: &[String]) -> String {
    let last = &periods[periods.len().saturating_sub(PERIODS)..];
    let before = if last.len() < periods.len() { "…, " } else { "" };
    format!("{before}{}", last.join(", "))
}

fn status_words(status: &str) -> (&str, &str) {
    match status {
        "ok" => ("正常", "ok"),
        "reconstructed" => ("由后期数据重建", "reconstructed from later data"),
        "estimated" => ("估计", "estimated"),
        "imputed" => ("填补", "imputed"),
        "unstable" => ("不稳定（基数小）", "unstable (small base)"),
        "zero_denominator" => ("分母为零", "zero denominator"),
        "missing" => ("缺失", "missing"),
        "suppressed" => ("不公布", "suppressed"),
        "not_available_by_design" => ("该类地区不统计", "not available by design"),
        other => (other, other),
    }
}
