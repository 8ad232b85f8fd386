//! What the figure is worth in a framework: score, weight, what it adds to each level above it, and the rank.

use run::explain::Scored;

use super::Page;

impl Page<'_> {
    pub(super) fn scored(&mut self, scored: &Scored) {
        let points =
            |number: Option<f64>| number.map_or_else(|| "—".to_owned(), |number| format!("{number:.2}"));
        let percent =
            scored.weight.map_or_else(|| "—".to_owned(), |weight| format!("{:.2}%", weight * 100.0));
        let framework = &scored.framework;
        self.title(&format!("{framework} {}", scored.name_zh), &scored.name_en);
        let mut pairs = vec![
            (self.label("标准化得分", "score"), points(scored.score)),
            (self.label("在总分中的权重", "weight in the total"), percent),
            (self.label("为总分贡献", "contribution to the total"), points(scored.contribution)),
        ];
        for level in &scored.levels {
            let own = points(level.contribution);
            let text = self.printer.words(&format!("其中本指标 {own}"), &format!("of which this {own}"));
            pairs.push((level.name_zh.clone(), format!("{}  ({text})", points(level.score))));
        }
        let rank = match (scored.rank, scored.rank_interval) {
            (Some(rank), Some([low, high])) => self.printer.words(
                &format!("第 {rank} 名（逐一去掉一个指标时第 {low}–{high} 名）"),
                &format!("{rank} ({low}–{high} when one indicator is left out)"),
            ),
            (Some(rank), None) => self.printer.words(&format!("第 {rank} 名"), &rank.to_string()),
            _ => self.printer.words("不排名", "not ranked"),
        };
        pairs.push((self.label("排名", "rank"), rank));
        self.pairs(&pairs);
    }
}
