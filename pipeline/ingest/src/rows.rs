//! What each row of a table is: data, or a title, unit row, section, total, mean, note, blank.
//!
//! A row with a label and nothing else is a section only if it says so: it is the section the contract asks for, it
//! reads 按…分, it is numbered 一、, or it is merged across columns — and data follow it. Otherwise it is a data row
//! without values (其他内资企业 with empty cells). After the last row with values it is a note.
//!
//! This file decides what a row is, not what its cells are worth.

mod below;
mod stretch;
mod sums;

use std::collections::BTreeSet;

use model::contract::{Hidden, Orientation};
use model::resolve::Meaning;
use model::{MeasureUnit, RowKind, text};

use crate::Job;
use crate::above::{self, Line};
use crate::bind::Wanted;
use crate::grid::{Cell, Sheet};
use crate::layout::{self, Table};
use crate::values;

pub(crate) use below::Ends;
pub(crate) use stretch::{ends, stretch};

/// Headers of running numbers.
pub(crate) const RUNNING: [&str; 6] = ["序号", "编号", "行次", "顺序号", "项次", "号"];

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A row that is no data.
    NotData(RowKind),
    /// A data row; with what its unit label means, if the contract has units.
    Data(Option<(String, Meaning)>),
}

/// The rows of a table.
#[derive(Debug)]
pub(crate) struct Classified {
    /// One for each row that belongs to the table, in order.
    pub(crate) rows: Vec<(usize, Row)>,
    /// The text of the title rows.
    pub(crate) title: String,
    /// The cells of the title and unit rows.
    pub(crate) lines: Vec<Line>,
    /// The measure units that title and unit rows declare for the table as a whole.
    pub(crate) units: Vec<MeasureUnit>,
    /// The measure units a row under the header declares column by column.
    pub(crate) column_units: Vec<(usize, String)>,
    /// A table that no contract asks for begins in this row.
    pub(crate) other_header: Option<usize>,
    /// The section the contract asks for was met, or it asks for none.
    pub(crate) section_found: bool,
    /// The section rows, in order.
    pub(crate) sections: Vec<Section>,
    /// Data rows that are part of another one (其中：…) and add to no sum.
    pub(crate) parts: BTreeSet<usize>,
    /// From this row on figures are in another measure unit than above.
    pub(crate) other_unit: Option<usize>,
}

/// A row that opens a part of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The row.
    pub(crate) row: usize,
    /// What it is called.
    pub(crate) name: String,
    /// How many rows it says follow: `北京市（92所）`.
    pub(crate) count: Option<u64>,
}

impl Classified {
    fn new(wanted: &Wanted<'_>) -> Self {
        Self {
            rows: Vec::new(),
            title: String::new(),
            lines: Vec::new(),
            units: Vec::new(),
            column_units: Vec::new(),
            other_header: None,
            section_found: wanted.contract.section.is_none(),
            sections: Vec::new(),
            parts: BTreeSet::new(),
            other_unit: None,
        }
    }

    /// What the section a row stands in is called.
    pub(crate) fn section_of(&self, row: usize) -> Option<&str> {
        let after = self.sections.partition_point(|section| section.row < row);
        after.checked_sub(1).and_then(|at| self.sections.get(at)).map(|section| section.name.as_str())
    }
}

/// The name of a section, its label without a count in brackets at its end, and that count: `北京市（92所）`.
pub(crate) fn name_and_count(label: &str) -> (String, Option<u64>) {
    let tidy = text::tidy(label);
    let cut = tidy.strip_suffix(['）', ')']).and_then(|open| open.rsplit_once(['（', '(']));
    let counted = cut.filter(|(name, _)| !name.trim().is_empty());
    match counted.and_then(|(name, inside)| Some((name, count(&text::squeeze(inside))?))) {
        Some((name, count)) => (name.trim_end().to_owned(), Some(count)),
        None => (tidy, None),
    }
}

/// `92所`, `共92家`: a number with at most two characters behind it.
fn count(inside: &str) -> Option<u64> {
    let counted = inside.strip_prefix('共').or_else(|| inside.strip_prefix('计')).unwrap_or(inside);
    let rest = counted.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = counted.strip_suffix(rest)?.parse().ok()?;
    (rest.chars().count() <= 2).then_some(number)
}

/// Tells what each row of a table is. `ends` are its last rows that tell, where `table` is only the beginning of it.
pub(crate) fn classify(
    job: &Job<'_>,
    sheet: &Sheet,
    wanted: &Wanted<'_>,
    table: &Table,
    ends: Option<&Ends>,
) -> Classified {
    let mut classified = Classified::new(wanted);
    above_header(sheet, wanted, table, &mut classified);
    let band = table.found.band;
    classified.rows.extend((band.top..band.end()).map(|row| (row, Row::NotData(RowKind::Header))));
    let below = below::Below::new(job, sheet, wanted, table);
    let other = (band.end()..table.end).find(|row| below.is_other_header(*row));
    let end = other.map_or(table.end, |row| layout::first_title(sheet, band.end(), row));
    let start = band.end();
    let ends = ends.copied().unwrap_or_else(|| below.ends(start..end));
    below.classify(start..end, &ends, false, &mut classified);
    classified.other_header = other;
    let kind = |row: usize| if sheet.cells(row).is_empty() { RowKind::Blank } else { RowKind::OutOfScope };
    classified.rows.extend((end..table.end).map(|row| (row, Row::NotData(kind(row)))));
    if wanted.contract.hidden == Hidden::Skip {
        for (row, what) in &mut classified.rows {
            if sheet.is_hidden_row(*row) {
                *what = Row::NotData(RowKind::Hidden);
            }
        }
    }
    classified
}

/// Rows above the header.
fn above_header(sheet: &Sheet, wanted: &Wanted<'_>, table: &Table, classified: &mut Classified) {
    for row in table.first..table.found.band.top {
        let kind = kind_above(sheet, wanted, row);
        if matches!(kind, RowKind::Title | RowKind::Unit) {
            for (column, cell) in sheet.cells(row) {
                classified.units.extend(declared_units(&cell.label()));
                let text = text::tidy(&cell.shown());
                if kind == RowKind::Title {
                    add_title(&mut classified.title, &text);
                }
                classified.lines.push(Line { row, column: *column, text });
            }
        }
        classified.rows.push((row, Row::NotData(kind)));
    }
    if wanted.contract.orientation == Orientation::Columns {
        beside_header(sheet, table, classified);
    }
    classified.units.extend(above::declared_unit(&classified.lines));
}

fn add_title(title: &mut String, text: &str) {
    if !title.is_empty() {
        title.push_str(" / ");
    }
    title.push_str(text);
}

/// Titles and unit rows of a table that lies on its side stand beside its header, before the first column that holds
/// a field, with nothing below them.
fn beside_header(sheet: &Sheet, table: &Table, classified: &mut Classified) {
    let band = table.found.band;
    for column in table.found.titles(sheet) {
        for row in band.top..band.end() {
            let cell = sheet.cell(row, column);
            if cell.is_empty() || is_note(&cell.label()) {
                continue;
            }
            classified.units.extend(declared_units(&cell.label()));
            let text = text::tidy(&cell.shown());
            add_title(&mut classified.title, &text);
            classified.lines.push(Line { row, column, text });
        }
    }
}

fn kind_above(sheet: &Sheet, wanted: &Wanted<'_>, row: usize) -> RowKind {
    let cells = sheet.cells(row);
    let Some((_, first)) = cells.first() else { return RowKind::Blank };
    if is_note(&first.label()) {
        return RowKind::Note;
    }
    // 年份： 2024 in two cells says something of the table, 1 2 3 does not.
    let says = above::is_label(wanted, &first.shown()) || first.label().ends_with(':');
    if cells.len() > 1 && !says && cells.iter().any(|(_, cell)| values::looks_numeric(cell)) {
        return RowKind::OutOfScope;
    }
    if is_unit_label(&first.label()) { RowKind::Unit } else { RowKind::Title }
}

/// Whether a row between two tables is a title of the lower one: one text alone, or a line that states the measure
/// unit.
pub(crate) fn is_title(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let plain = cells.iter().all(|(_, cell)| !values::looks_numeric(cell));
    let first = cells.first().map(|(_, cell)| cell.label()).unwrap_or_default();
    plain && !first.is_empty() && !is_note(&first) && (cells.len() == 1 || is_unit_label(&first))
}

/// Whether the first label of a row says that it is one of measure units: `单位：`.
fn is_unit_label(label: &str) -> bool {
    let first = label.trim_start_matches('(');
    first.starts_with("单位:") || first.starts_with("计量单位:")
}

/// The measure units in `单位：亿元、户`, wherever it stands in the text; 填报单位：… names nobody's measure.
pub(crate) fn declared_units(label: &str) -> Vec<MeasureUnit> {
    let Some((_, after)) = label.rsplit_once("单位:") else { return Vec::new() };
    let list = after.split([')', '。']).next().unwrap_or_default();
    list.split(['、', ',', ';', '/']).map_while(MeasureUnit::parse).collect()
}

/// Notes, sources and signatures under a table.
pub(crate) fn is_note(label: &str) -> bool {
    let numbered = |rest: &str| rest.starts_with([':', '.', '、', '释', '1', '2', '(']);
    label.strip_prefix('注').or_else(|| label.strip_prefix("附注")).is_some_and(numbered)
        || label.strip_prefix("备注").is_some_and(numbered)
        || [
            "说明:",
            "资料来源",
            "数据来源",
            "来源:",
            "审核人",
            "填表人",
            "制表",
            "联系电话",
            "联系人",
            "单位负责人",
            "(注",
        ]
        .iter()
        .any(|start| label.starts_with(start))
}

/// A row right under the header in which every cell is a measure unit, but for one that says so.
pub(crate) fn states_units(cells: &[(usize, Cell)]) -> bool {
    let unit = |label: &str| MeasureUnit::parse(label).is_some();
    let label = |label: &str| matches!(label, "单位" | "计量单位");
    let labels: Vec<String> = cells.iter().map(|(_, cell)| cell.label()).collect();
    labels.iter().any(|label| unit(label) && label != "1")
        && labels.iter().all(|text| unit(text) || label(text))
}

/// Whether a unit is the city as a whole.
pub(crate) fn is_city(reference: &model::Reference, unit: &str) -> bool {
    reference.units.get(unit).is_some_and(|unit| unit.kind == "city")
}

/// `按行业分`.
pub(crate) fn is_grouping(label: &str) -> bool {
    label.starts_with('按') && label.contains('分')
}

/// `一、`, `（二）、`.
pub(crate) fn is_numbered(label: &str) -> bool {
    label.split_once('、').is_some_and(|(number, _)| {
        !number.is_empty()
            && number.trim_matches(['(', ')']).chars().all(|c| "一二三四五六七八九十".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_units_are_told_by_their_words() {
        for note in ["注:1.数据为快报数。", "注1:含龙港", "资料来源:市统计局", "审核人:填表人:", "备注:无"]
        {
            assert!(is_note(note), "{note}");
        }
        for other in ["注册资本", "鹿城区", "备注"] {
            assert!(!is_note(other), "{other}");
        }
        let symbols = |label: &str| {
            declared_units(label).into_iter().map(|unit| unit.symbol).collect::<Vec<_>>().join("+")
        };
        assert_eq!(symbols("填报单位:××局单位:亿元、户"), "亿元+户");
        assert_eq!(symbols("贷款情况统计表(单位:万元)"), "万元");
        assert_eq!(symbols("填报单位:××局"), "");
    }
}
