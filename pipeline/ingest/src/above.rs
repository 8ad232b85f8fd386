//! What the lines above a header say of the table as a whole: `地区：上海`, `指标：…(亿元)`, a period or a unit among the
//! words of the title.
//!
//! Lines are told from data by whoever classifies rows; here they are only taken apart.

use model::resolve::Meaning;
use model::{Field, FieldType, MeasureUnit, text};

use crate::bind::Wanted;
use crate::dates::{self, Dating};
use crate::grid::Cell;
use crate::header::split_unit;

/// A cell above the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its row.
    pub(crate) row: usize,
    /// Its column.
    pub(crate) column: usize,
    /// Its text, tidied.
    pub(crate) text: String,
}

/// What a line says of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The row it stands in.
    pub(crate) row: usize,
    /// The column.
    pub(crate) column: usize,
    /// The value as it stands, without the measure unit at its end.
    pub(crate) text: String,
}

/// Longer words are no periods.
const LONGEST_PERIOD: usize = 24;

/// What the lines say of a field of a contract.
pub(crate) fn said(wanted: &Wanted<'_>, at: usize, field: &Field, lines: &[Line]) -> Option<Said> {
    let variants = wanted.variants(at);
    if !variants.is_empty() {
        let mut all = labelled(lines);
        return all.find(|(label, _)| variants.iter().any(|variant| variant == label)).map(|(_, said)| said);
    }
    let word = |line: &Line| {
        let text = match field.kind {
            FieldType::Unit => words(&line.text)
                .find(|word| matches!(wanted.meaning(word), Some(Meaning::Unit { .. })))
                .map(str::to_owned),
            _ => period_in(&line.text, field),
        };
        text.map(|text| Said { row: line.row, column: line.column, text })
    };
    lines.iter().find_map(word)
}

/// Whether a label that a field of the contract looks for stands in this cell.
pub(crate) fn is_label(wanted: &Wanted<'_>, shown: &str) -> bool {
    let label = text::squeeze(shown);
    let label = label.trim_end_matches(':');
    let above = |field: &Field| field.from == model::contract::FieldSource::Above;
    let mut fields = wanted.contract.field.iter().enumerate().filter(|(_, field)| above(field));
    fields.any(|(at, _)| wanted.variants(at).iter().any(|variant| variant == label))
}

/// The measure unit in brackets at the end of what stands behind a label, if just one line has one.
pub(crate) fn declared_unit(lines: &[Line]) -> Option<MeasureUnit> {
    let values = lines.iter().flat_map(|line| pairs(&line.text).into_iter().map(|(_, value)| value));
    let mut units = values.filter_map(unit_at_end);
    let unit = units.next();
    unit.filter(|_| units.next().is_none())
}

/// The measure unit in brackets at the end of a text; `(1)` refers to a note.
fn unit_at_end(shown: &str) -> Option<MeasureUnit> {
    let symbol = split_unit(&text::squeeze(shown)).1.filter(|symbol| symbol != "1");
    MeasureUnit::parse(&symbol?)
}

/// Every label with its value: in one cell, or in two next to each other.
fn labelled(lines: &[Line]) -> impl Iterator<Item = (String, Said)> {
    lines.iter().enumerate().flat_map(|(at, line)| {
        let said = |text: &str| Said { row: line.row, column: line.column, text: without_unit(text) };
        let mut all: Vec<(String, Said)> = pairs(&line.text)
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| (text::squeeze(label), said(value)))
            .collect();
        let next = lines.get(at + 1).filter(|next| next.row == line.row);
        if let (true, Some(next)) = (all.is_empty(), next) {
            let label = text::squeeze(&line.text).trim_end_matches(':').to_owned();
            let (row, column) = (next.row, next.column);
            all.push((label, Said { row, column, text: without_unit(&next.text) }));
        }
        all
    })
}

/// The text without the measure unit in brackets at its end, also where it is several: `（单位：宗、万元）`.
pub(crate) fn without_unit(shown: &str) -> String {
    let named = |at: &usize| text::squeeze(shown.get(*at..).unwrap_or_default()).contains("单位:");
    let cut = shown.rfind(['(', '（']).filter(|at| unit_at_end(shown).is_some() || named(at));
    cut.and_then(|at| shown.get(..at)).unwrap_or(shown).trim().to_owned()
}

/// `label：value` as often as a line has it, parted by blanks: `地区：上海 时间：2020`.
fn pairs(line: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = line;
    while let Some((label, after)) = rest.split_once(['：', ':']) {
        // The value ends where the next label begins.
        let next = after.find(['：', ':']).and_then(|colon| after.get(..colon)?.rfind(' '));
        let (value, further) = next.map_or((after, ""), |blank| after.split_at(blank));
        let label = label.rsplit(' ').next().unwrap_or(label);
        // The colon of a clock or an address is none.
        if label.chars().any(|c| !c.is_ascii_digit()) && !value.starts_with("//") {
            pairs.push((label, value.trim()));
        }
        rest = further.trim_start();
    }
    pairs
}

/// The words of a line: what stands between blanks, brackets and other signs.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let parting = |c: char| c.is_whitespace() || "：:，,、；;。（）()《》〈〉【】[]“”\"—-_/|".contains(c);
    line.split(parting).filter(|word| !word.is_empty())
}

/// The first period in a line that names its year: in one of its words, else over the blanks between them.
pub(crate) fn period_in(line: &str, field: &Field) -> Option<String> {
    let mut words = line.split_whitespace();
    words.find_map(|word| period_in_word(word, field)).or_else(|| period_in_word(line, field))
}

/// The first period in a text without its blanks; the longest that begins there.
fn period_in_word(line: &str, field: &Field) -> Option<String> {
    let dating = Dating { year: None, point_one: None };
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十〇零".contains(c);
    let plain = text::squeeze(line);
    let places: Vec<(usize, char)> = plain.char_indices().collect();
    let mut before = None;
    for (from, (start, first)) in places.iter().enumerate() {
        let inside = before.is_some_and(numeral);
        before = Some(*first);
        if inside || !numeral(*first) {
            continue;
        }
        for to in (from + 2..=places.len().min(from + LONGEST_PERIOD)).rev() {
            let end = places.get(to).map_or(plain.len(), |(end, _)| *end);
            let ends_whole = !places.get(to).is_some_and(|(_, c)| numeral(*c))
                || !places.get(to - 1).is_some_and(|(_, c)| numeral(*c));
            let Some(part) = plain.get(*start..end).filter(|_| ends_whole) else { continue };
            // A bare number is a year only if it says so.
            let says = part.chars().any(|c| !numeral(c));
            // 最近20年 is how long, not when.
            let long = part.strip_suffix('年').is_some_and(|years| years.chars().count() <= 2);
            if says && !long && dates::read(&Cell::text(part), field, dating).is_ok() {
                return Some(part.to_owned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line { row: 0, column: 0, text: text::tidy(text) }
    }

    #[test]
    fn labels_and_their_values() {
        for (text, expected) in [
            ("地区：上海", "地区=上海"),
            ("指标：地区生产总值(亿元)", "指标=地区生产总值"),
            ("地区:上海  时间：2020年", "地区=上海 时间=2020年"),
            ("填报时间：2024-03-01 10:30", "填报时间=2024-03-01"),
            ("统计表", ""),
            ("网址：http://x.cn/a(1)", "网址=http://x.cn/a(1)"),
        ] {
            let lines = [line(text)];
            let told = labelled(&lines).map(|(label, said)| format!("{label}={}", said.text));
            assert_eq!(told.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
        let lines = [line("地区："), Line { column: 1, ..line("上海") }];
        assert_eq!(
            labelled(&lines).next().map(|(label, said)| (label, said.column)),
            Some(("地区".into(), 1))
        );
    }

    #[test]
    fn one_unit_is_the_tables() {
        let unit = |texts: &[&str]| {
            let lines: Vec<Line> = texts.iter().map(|text| line(text)).collect();
            declared_unit(&lines).map(|unit| unit.symbol).unwrap_or_default()
        };
        assert_eq!(unit(&["数据库：年度", "指标：生产总值（亿元）"]), "亿元");
        assert_eq!(unit(&["指标：价格指数(上年=100)"]), "");
        assert_eq!(unit(&["指标：产值(亿元)", "另：人口(万人)"]), "");
    }

    #[test]
    fn periods_in_titles() {
        let field = |kind: &str| -> Field {
            toml::from_str(&format!("name = \"x\"\ntype = \"{kind}\"\nfrom = \"above\"")).unwrap()
        };
        for (kind, text, expected) in [
            ("period", "2024年1-3月全市小微企业统计表", "2024年1-3月"),
            ("month", "全市2024年3月份贷款", "2024年3月份"),
            ("period", "二〇二四年上半年情况", "二〇二四年上半年"),
            ("period", "表3-2 2023年度企业名单", "2023年度"),
            ("period", "附件2024", ""),
            ("period", "最近20年", ""),
            ("month", "2024年统计表", ""),
            ("date", "截至2024年3月31日", "2024年3月31日"),
        ] {
            let found = period_in(text, &field(kind)).unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        }
    }
}
