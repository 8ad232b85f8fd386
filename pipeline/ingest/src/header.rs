//! Header bands: from one to four rows above the data to one path a column, `本期/优良率`, with its measure unit.
//!
//! Merged regions say what a label covers. A band without merged columns, as in text files, is read as if a label
//! runs right over blanks for as long as the rows below have labels. Nothing here knows contracts.

use model::MeasureUnit;
use model::text;

use crate::grid::Sheet;

/// Most rows of a header band.
pub(crate) const MAX_HEIGHT: usize = 4;
/// How far below the band we look for the width of the table.
const LOOK_BELOW: usize = 50;

/// A header band: whole rows of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Band {
    /// First row.
    pub(crate) top: usize,
    /// How many rows.
    pub(crate) height: usize,
}

impl Band {
    /// The first row below it.
    pub(crate) fn end(self) -> usize {
        self.top + self.height
    }

    /// Whether two bands share a row.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.top < other.end() && other.top < self.end()
    }
}

/// One column of a table as its header names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The labels from top to bottom, joined by `/`, without measure units; empty for a blank header.
    pub(crate) path: String,
    /// The same as it stands in the sheet, for people.
    pub(crate) shown: String,
    /// The labels of the path one by one, for a label may hold a `/` of its own.
    pub(crate) levels: Vec<String>,
    /// The measure unit the header declares.
    pub(crate) unit: Option<String>,
}

impl Column {
    /// A column without header.
    pub(crate) fn blank() -> Self {
        Self { path: String::new(), shown: String::new(), levels: Vec::new(), unit: None }
    }
}

/// The columns under a band, from the sheet's first column on.
pub(crate) fn columns(sheet: &Sheet, band: Band) -> Vec<Column> {
    let last = (band.end() + LOOK_BELOW).min(sheet.height());
    let width = (band.top..last).map(|row| sheet.width(row)).max().unwrap_or_default();
    let merged =
        (band.top..band.end()).any(|row| sheet.merges_of(row).any(|region| region.right > region.left));
    let own: Vec<Vec<String>> = (band.top..band.end())
        .map(|row| (0..width).map(|column| sheet.cell(row, column).shown().into_owned()).collect())
        .collect();
    (0..width).map(|column| read(sheet, band, &own, merged, column)).collect()
}

fn read(sheet: &Sheet, band: Band, own: &[Vec<String>], merged: bool, column: usize) -> Column {
    let mut names: Vec<String> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    let mut unit = None;
    for row in band.top..band.end() {
        let label = match sheet.merge(row, column) {
            // A region is read once, in its first row; one that begins above the band is no part of it.
            Some(region) if region.top < row => continue,
            Some(region) => sheet.cell(region.top, region.left).shown().into_owned(),
            None if merged => at(own, row - band.top, column).to_owned(),
            None => running(own, row - band.top, column).to_owned(),
        };
        let (name, declared) = split_unit(&text::squeeze(without_mark(&label)));
        if declared.is_some() {
            unit = declared;
        }
        if !name.is_empty() {
            names.push(name);
        }
        let label = text::tidy(&label);
        if !label.is_empty() {
            shown.push(label);
        }
    }
    Column { path: names.join("/"), shown: shown.join("/"), levels: names, unit }
}

fn at(own: &[Vec<String>], row: usize, column: usize) -> &str {
    own.get(row).and_then(|labels| labels.get(column)).map_or("", String::as_str)
}

/// The label that covers a cell where nothing is merged: its own, or the nearest one to the left if both that one and
/// this column have labels below. A label without a label below it heads one column, not a group.
fn running(own: &[Vec<String>], row: usize, column: usize) -> &str {
    let label = at(own, row, column);
    let below = |column: usize| (row + 1..own.len()).any(|row| !at(own, row, column).is_empty());
    if !label.is_empty() || !below(column) {
        return label;
    }
    let left = (0..column).rev().find(|left| !at(own, row, *left).is_empty());
    match left {
        Some(left) if (left..column).all(below) => at(own, row, left),
        _ => "",
    }
}

/// The labels of a band without merged columns that were taken to run right over blanks: guesses.
pub(crate) fn guessed(sheet: &Sheet, band: Band) -> Vec<String> {
    let width = (band.top..band.end()).map(|row| sheet.width(row)).max().unwrap_or_default();
    let merged =
        (band.top..band.end()).any(|row| sheet.merges_of(row).any(|region| region.right > region.left));
    if merged || band.height < 2 {
        return Vec::new();
    }
    let own: Vec<Vec<String>> = (band.top..band.end())
        .map(|row| (0..width).map(|column| sheet.cell(row, column).shown().into_owned()).collect())
        .collect();
    let mut labels: Vec<String> = Vec::new();
    for row in 0..band.height {
        for column in (0..width).filter(|column| at(&own, row, *column).is_empty()) {
            let label = text::tidy(running(&own, row, column));
            if !label.is_empty() && !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    labels
}

/// A label without the footnote marks glued to its end: `户数①`, `余额*`, `户数注1`, `余额[2]`. Plain digits stay: they
/// may be part of the name, and so may the power of a measure unit.
pub(crate) fn without_mark(label: &str) -> &str {
    let trimmed = label.trim_end();
    if trimmed.ends_with(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | ')' | '）')) {
        return trimmed;
    }
    let mark = |c: char| {
        matches!(c, '*' | '＊' | '※' | '★' | '☆' | '△' | '▲' | '†' | '¹' | '⁰' | '⁴'..='⁹')
            || matches!(c, '①'..='⑳' | '⑴'..='⒇' | '❶'..='❿')
    };
    let cut = trimmed.trim_end_matches(mark).trim_end();
    // ² and ³ are the power of a unit, but of none behind the name of anything else.
    let raised = cut.trim_end_matches(['²', '³']);
    let name = raised.ends_with(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | ')' | '）'));
    let cut = if name && !raised.ends_with(['米', '里']) { raised } else { cut };
    // 支出（亿元）i: a letter that refers to a note.
    let lettered = cut.strip_suffix(|c: char| c.is_ascii_lowercase());
    let cut = lettered.filter(|rest| rest.ends_with([')', '）'])).unwrap_or(cut);
    let number = |text: &str| {
        !text.is_empty() && text.chars().count() <= 2 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let cut = match cut.rsplit_once('注') {
        Some((before, after)) if number(after) => before,
        _ => cut,
    };
    let bracketed = [('[', ']'), ('〔', '〕'), ('［', '］')].into_iter().find_map(|(open, close)| {
        let (before, inside) = cut.strip_suffix(close)?.rsplit_once(open)?;
        number(inside).then_some(before)
    });
    let cut = bracketed.unwrap_or(cut).trim_end();
    if cut.is_empty() { label } else { cut }
}

/// Cuts a measure unit in brackets off the end of a squeezed label: `(万人)`, `(%)`, `(单位:万元)`, and the last part
/// of `(日最大8小时平均,μg/m3)`. Brackets around anything else stay.
pub(crate) fn split_unit(label: &str) -> (String, Option<String>) {
    let whole = || (label.to_owned(), None);
    let Some(open) = last_bracket(label) else { return whole() };
    let (name, bracket) = label.split_at(open);
    let inner = bracket.trim_start_matches('(').trim_end_matches(')');
    if let Some(unit) = unit(inner) {
        return (name.to_owned(), Some(unit));
    }
    match inner.rsplit_once([',', ';', '、']) {
        Some((rest, last)) => match unit(last) {
            Some(unit) => (format!("{name}({rest})"), Some(unit)),
            None => whole(),
        },
        None => whole(),
    }
}

fn unit(text: &str) -> Option<String> {
    let symbol = ["计量单位:", "单位:"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    MeasureUnit::parse(symbol).map(|_| symbol.to_owned())
}

/// Where the bracket that ends the label begins.
fn last_bracket(label: &str) -> Option<usize> {
    if !label.ends_with(')') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, c) in label.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' if depth == 1 => return Some(at),
            '(' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delimited;

    fn cut(label: &str) -> (String, String) {
        let (name, unit) = split_unit(&text::squeeze(label));
        (name, unit.unwrap_or_default())
    }

    #[test]
    fn measure_units_are_cut_off_and_kept() {
        for (label, name, unit) in [
            ("年末常住人口(万人)", "年末常住人口", "万人"),
            ("城镇化率（％）", "城镇化率", "%"),
            ("县\n(市、区)", "县(市、区)", ""),
            ("与上年同期变化(百分点)", "与上年同期变化", "百分点"),
            ("CO\n(第95百分位数)\n(mg/m3)", "CO(第95百分位数)", "mg/m3"),
            ("O3\n(日最大8小时平均第90百分位数,μg /m3)", "O3(日最大8小时平均第90百分位数)", "μg/m3"),
            ("余额（单位：亿元）", "余额", "亿元"),
            ("", "", ""),
        ] {
            assert_eq!(cut(label), (name.into(), unit.into()), "{label}");
        }
    }

    #[test]
    fn footnote_marks_are_no_part_of_a_label() {
        for (label, expected) in [
            ("户数①", "户数"),
            ("余额（万元）注1", "余额（万元）"),
            ("企业数 *", "企业数"),
            ("余额[2]", "余额"),
            ("支出（亿元）i", "支出（亿元）"),
            ("f(x)", "f(x)"),
            ("增速¹", "增速"),
            ("PM2.5", "PM2.5"),
            ("面积m²", "面积m²"),
            ("备注", "备注"),
            ("*", "*"),
            ("2023年", "2023年"),
        ] {
            assert_eq!(without_mark(label), expected);
        }
    }

    #[test]
    fn labels_run_right_over_blanks_only_above_labels() {
        let sheet = delimited::sheet(
            "序号\t县\t本月\t\t上年\t\t变化\n\t\t值(%)\t排名\t值(%)\t排名\t\n1\ta\t1\t1\t1\t1\t0\n",
        )
        .unwrap();
        let paths: Vec<String> =
            columns(&sheet, Band { top: 0, height: 2 }).into_iter().map(|column| column.path).collect();
        assert_eq!(guessed(&sheet, Band { top: 0, height: 2 }), ["本月", "上年"]);
        assert_eq!(paths, ["序号", "县", "本月/值", "本月/排名", "上年/值", "上年/排名", "变化"]);
    }
}
