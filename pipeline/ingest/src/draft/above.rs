//! What stands above a header: the title, lines of the form `名称：值`, measure units, and the period of the whole.

use model::period::Period;
use model::{MeasureUnit, text};
use regex::Regex;

use super::blocks::{Block, any_period};
use super::words;
use crate::dates::{self, Dating};
use crate::grid::{Cell, Sheet};
use crate::values::Value;
use crate::{header, rows};

/// Longer texts are instructions, not titles.
const MAX_TITLE: usize = 60;

/// A line `名称：值` above a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    /// Its name.
    pub(crate) name: String,
    /// What stands after the colon.
    pub(crate) value: String,
    /// The measure unit in brackets at the end of the value.
    pub(crate) unit: Option<String>,
}

/// What was said above a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Above {
    /// The title right above the header.
    pub(crate) title: String,
    /// All that stands there, in order.
    pub(crate) texts: Vec<String>,
    /// All titles, for periods.
    pub(crate) titles: Vec<String>,
    /// The lines that say something of the table.
    pub(crate) lines: Vec<Stated>,
    /// The measure units declared for the table.
    pub(crate) units: Vec<MeasureUnit>,
}

/// Reads what stands above the header of a block.
pub(crate) fn read(sheet: &Sheet, block: &Block) -> Above {
    let mut above = Above::default();
    for row in block.first..block.band.top {
        sheet.cells(row).iter().for_each(|(_, cell)| above.add(cell));
    }
    above
}

impl Above {
    /// Takes up what a cell says of the table.
    pub(crate) fn add(&mut self, cell: &Cell) {
        let label = cell.label();
        self.texts.push(cell.shown().into_owned());
        self.units.extend(rows::declared_units(&label));
        match line(&label) {
            Some(line) if line.value.is_empty() => {}
            Some(line) => self.lines.push(line),
            None => {
                let shown = text::tidy(&cell.shown());
                if shown.chars().count() > MAX_TITLE {
                    return;
                }
                let title = crate::above::without_unit(&shown);
                if title.chars().count() > 1 {
                    self.title = title;
                }
                self.titles.push(shown);
            }
        }
    }
}

/// A title without the time it speaks of, which changes from delivery to delivery: `2024年10月`, `（截至2025年6月20日）`.
pub(crate) fn timeless(title: &str) -> String {
    let bracket = r"[（(〔\[][^（()）]*(?:\d{4}|\d{1,2}月|季度|半年)[^（()）]*[）)〕\]]";
    let year = r"\d{4}\s*年(?:度|末|底)?(?:\s*\d{1,2}(?:\s*[-—至]\s*\d{1,2})?\s*月(?:份|末|底)?(?:\s*\d{1,2}\s*日)?|第?[一二三四]季度|[上下]半年)?";
    let cut = Regex::new(&format!("{bracket}|{year}")).map(|when| when.replace_all(title, "").into_owned());
    let cut = text::tidy(&cut.unwrap_or_default());
    let cut = cut.trim_matches(|c: char| c == '的' || c == '_' || c == '-' || c.is_whitespace());
    if cut.chars().count() > 1 { cut.to_owned() } else { title.to_owned() }
}

/// `指标：地区生产总值(亿元)`; a title that only ends in a colon has no value.
fn line(label: &str) -> Option<Stated> {
    let (name, value) = label.split_once(':')?;
    let plain = (1..=8).contains(&name.chars().count()) && !name.contains(['(', '、', ',', '。']);
    if !plain || value.chars().count() > MAX_TITLE {
        return None;
    }
    let (value, unit) = header::split_unit(value);
    Some(Stated { name: name.to_owned(), value, unit })
}

impl Stated {
    /// Lines that speak of the file, its senders or its units rather than of the rows.
    pub(crate) fn is_about_the_file(&self) -> bool {
        let name = self.name.as_str();
        [
            "单位",
            "来源",
            "数据库",
            "制表",
            "填报",
            "填表",
            "审核",
            "联系",
            "负责",
            "附件",
            "附表",
            "表号",
            "文号",
            "打印",
            "导出",
            "说明",
            "注",
        ]
        .iter()
        .any(|word| name.contains(word))
            || words::is_personal(name)
    }

    /// Lines that say when.
    pub(crate) fn is_time(&self) -> bool {
        words::is_time(&self.name)
    }
}

/// The first period that stands in a text, as extracts write it: a span of months is `2024-01/2024-09`. `true`: written
/// with 年. Names of files have it in digits alone: 202403.
pub(crate) fn stated_period(text: &str) -> Option<(String, bool)> {
    let field = any_period();
    let read = |part: &str| {
        let dating = Dating { year: None, point_one: None };
        let Ok(Value::Text(value)) = dates::read(&Cell::text(part), &field, dating) else { return None };
        let year: u16 = value.get(..4)?.parse().ok()?;
        (1949..2100).contains(&year).then(|| (value.into(), part.contains('年')))
    };
    let stated = crate::above::period_in(text, &field);
    stated.and_then(|part| read(&part)).or_else(|| {
        let plain = text::squeeze(text);
        let mut numbers = plain.split(|c: char| !c.is_ascii_digit());
        numbers.find_map(|number| matches!(number.len(), 4 | 6 | 8).then(|| read(number)).flatten())
    })
}

/// The period of a delivery that speaks of this one: of a span of months the last.
pub(crate) fn of_delivery(period: &str) -> Option<Period> {
    period.rsplit('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_found_in_titles_and_file_names() {
        for (text, expected) in [
            ("2024年10月某市月报", Some("2024-10")),
            ("9-6 研发项目情况(2017年)", Some("2017")),
            ("某市2023年第三季度贷款", Some("2023-Q3")),
            ("2024年上半年", Some("2024-H1")),
            ("报表202403导出", Some("2024-03")),
            ("GB3095-2012限值，2025年6月", Some("2025-06")),
            ("2024年1-9月份投资", Some("2024-01/2024-09")),
            ("全市2024年前三季度情况", Some("2024-01/2024-09")),
            ("20240331导出", Some("2024-03")),
            ("情况表2017", Some("2017")),
            ("户数330302", None),
            ("名单", None),
        ] {
            assert_eq!(stated_period(text).map(|(period, _)| period).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn titles_outlive_their_year() {
        for (title, expected) in [
            ("2024年10月某市环境空气质量月报", "某市环境空气质量月报"),
            ("名单 （截至2025年6月20日）", "名单"),
            ("9-6 研发项目情况(2017年)", "9-6 研发项目情况"),
            ("2023年的种植情况", "种植情况"),
            ("某市（全市）2024年上半年贷款", "某市（全市）贷款"),
            ("2024年", "2024年"),
        ] {
            assert_eq!(timeless(title), expected);
        }
    }

    #[test]
    fn lines_are_told_from_titles() {
        let told = line("指标:地区生产总值(亿元)").unwrap();
        assert_eq!(
            (told.name.as_str(), told.value.as_str(), told.unit.as_deref()),
            ("指标", "地区生产总值", Some("亿元"))
        );
        assert!(line("附件1:").unwrap().value.is_empty());
        assert_eq!(line("使用说明(导入操作如遇问题请联系:1"), None);
    }
}
