//! What each row of a table is: data, or a title, unit row, section, total, mean, note, blank.
//!
//! A row with a label and nothing else is a section only if it says so: it is the section the contract asks for, it
//! reads 按…分, it is numbered 一、, or it is merged across columns — and data follow it. Otherwise it is a data row
//! without values (其他内资企业 with empty cells). After the last row with values it is a note.
//!
//! This file decides what a row is, not what its cells are worth.

use model::contract::{FieldSource, Hidden, Orientation};
use model::resolve::Meaning;
use model::{Field, MeasureUnit, RowKind, text};

use crate::Job;
use crate::above::{self, Line};
use crate::bind::Wanted;
use crate::grid::Sheet;
use crate::header;
use crate::layout::{self, Table};
use crate::values;

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

/// Tells what each row of a table is.
pub(crate) fn classify(job: &Job<'_>, sheet: &Sheet, wanted: &Wanted<'_>, table: &Table) -> Classified {
    let mut classified = Classified {
        rows: Vec::new(),
        title: String::new(),
        lines: Vec::new(),
        units: Vec::new(),
        column_units: Vec::new(),
        other_header: None,
        section_found: wanted.contract.section.is_none(),
        sections: Vec::new(),
    };
    above_header(sheet, wanted, table, &mut classified);
    let band = table.found.band;
    classified.rows.extend((band.top..band.end()).map(|row| (row, Row::NotData(RowKind::Header))));
    let below = Below::new(job, sheet, wanted, table);
    let other = (band.end()..table.end).find(|row| below.is_other_header(*row));
    let end = other.map_or(table.end, |row| layout::first_title(sheet, band.end(), row));
    below.classify(end, &mut classified);
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
    if is_unit_row(sheet, row) { RowKind::Unit } else { RowKind::Title }
}

/// Whether a row between two tables is a title of the lower one: one text alone, or a line that states the measure
/// unit.
pub(crate) fn is_title(sheet: &Sheet, row: usize) -> bool {
    let cells = sheet.cells(row);
    let plain = cells.iter().all(|(_, cell)| !values::looks_numeric(cell));
    let first = cells.first().map(|(_, cell)| cell.label()).unwrap_or_default();
    plain && !first.is_empty() && !is_note(&first) && (cells.len() == 1 || is_unit_row(sheet, row))
}

/// A row that begins with `单位：`.
fn is_unit_row(sheet: &Sheet, row: usize) -> bool {
    let first = sheet.cells(row).first().map(|(_, cell)| cell.label()).unwrap_or_default();
    let first = first.trim_start_matches('(');
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

/// The rows below a header.
struct Below<'a> {
    job: &'a Job<'a>,
    sheet: &'a Sheet,
    wanted: &'a Wanted<'a>,
    table: &'a Table,
    /// The field whose column holds the labels, and that column.
    label: Option<(usize, usize)>,
    has_units: bool,
    /// The contract takes a field from the section rows; and that field is the unit.
    from_section: bool,
    unit_from_section: bool,
}

impl<'a> Below<'a> {
    fn new(job: &'a Job<'a>, sheet: &'a Sheet, wanted: &'a Wanted<'a>, table: &'a Table) -> Self {
        let fields = wanted.contract.field.iter();
        let bound: Vec<_> = fields
            .zip(&table.found.binding.columns)
            .enumerate()
            .filter_map(|(at, (f, c))| Some((at, f, (*c)?)))
            .collect();
        let unit = bound.iter().find(|(_, field, _)| field.kind == model::FieldType::Unit);
        let text = || bound.iter().find(|(_, field, _)| !field.kind.is_number());
        let label = unit.or_else(text).map(|(at, _, column)| (*at, *column));
        let section = |field: &Field| field.from == FieldSource::Section;
        let from_section = wanted.contract.field.iter().any(section);
        let unit_from_section = wanted.contract.unit_field().is_some_and(section);
        // Labels of rows are no units where the units are sections, headers, or said above the table.
        let has_units = wanted.contract.unit_field().is_some_and(Field::has_column);
        Self { job, sheet, wanted, table, label, has_units, from_section, unit_from_section }
    }

    fn classify(&self, end: usize, classified: &mut Classified) {
        let start = self.table.found.band.end();
        let last_data = (start..end).rev().find(|row| self.holds_values(*row));
        let mut in_scope = self.wanted.contract.section.is_none();
        let mut any_section = false;
        let mut any_data = false;
        let mut after_note = false;
        let is_note_row =
            |row: usize| self.sheet.cells(row).first().is_some_and(|(_, cell)| is_note(&cell.label()));
        let last_wide = (start..end).rev().find(|row| self.sheet.cells(*row).len() > 1 && !is_note_row(*row));
        for row in start..end {
            let more = last_data.is_some_and(|last| row < last);
            let below_all = last_wide.is_some_and(|last| row > last);
            let kind = if after_note && below_all && self.goes_on(row) {
                Some(RowKind::Note)
            } else {
                self.plain_kind(row, any_data, last_data.is_some_and(|last| row <= last), classified)
            };
            if kind != Some(RowKind::Blank) {
                after_note = kind == Some(RowKind::Note);
            }
            if let Some(kind) = kind {
                classified.rows.push((row, Row::NotData(kind)));
                continue;
            }
            let label = self.label(row);
            if more && self.is_section(row, &label) {
                any_section = true;
                if let Some(section) = &self.wanted.contract.section {
                    in_scope = label.ends_with(&text::squeeze(section));
                    classified.section_found |= in_scope;
                }
                let shown = self.sheet.cells(row).first().map(|(_, cell)| cell.shown()).unwrap_or_default();
                let (name, count) = name_and_count(&shown);
                classified.sections.push(Section { row, name, count });
                classified.rows.push((row, Row::NotData(RowKind::Section)));
                continue;
            }
            let row_is = match self.data_kind(&label, in_scope, any_section) {
                // The unit of the row stands above it.
                Row::Data(_) if self.unit_from_section => {
                    let name = classified.section_of(row).map(text::squeeze).unwrap_or_default();
                    let meaning = self.meaning(&name);
                    Row::Data(Some((name, meaning)))
                }
                row_is => row_is,
            };
            any_data |= matches!(row_is, Row::Data(_));
            classified.rows.push((row, row_is));
        }
    }

    /// Rows that are told without looking at what their label means.
    fn plain_kind(
        &self,
        row: usize,
        any_data: bool,
        before_end: bool,
        classified: &mut Classified,
    ) -> Option<RowKind> {
        let cells = self.sheet.cells(row);
        let Some((_, first)) = cells.first() else { return Some(RowKind::Blank) };
        let label = first.label();
        if is_note(&label) {
            return Some(RowKind::Note);
        }
        if !any_data && (is_unit_row(self.sheet, row) || self.states_units(row)) {
            classified.units.extend(declared_units(&label));
            let unit = |(column, cell): &(usize, crate::grid::Cell)| {
                MeasureUnit::parse(&cell.label()).map(|unit| (*column, unit.symbol))
            };
            classified.column_units.extend(cells.iter().filter_map(unit));
            return Some(RowKind::Unit);
        }
        if cells.len() == 1 {
            // The running number of an empty form.
            if values::looks_numeric(first) && self.only_counts(row) {
                return Some(RowKind::Blank);
            }
            let unknown =
                matches!(self.meaning(&self.label(row)), Meaning::Unknown { .. } | Meaning::OtherPart);
            if !before_end && unknown && !self.holds_values(row) {
                return Some(RowKind::Note);
            }
        }
        None
    }

    /// Whether a row under a note is more of it: one text alone that names no unit.
    fn goes_on(&self, row: usize) -> bool {
        let [(_, cell)] = self.sheet.cells(row) else { return false };
        !values::looks_numeric(cell)
            && matches!(self.meaning(&cell.label()), Meaning::Unknown { .. } | Meaning::OtherPart)
    }

    /// Whether a row holds its running number and nothing else: an empty form. A number that tells the row from
    /// others is data; one in a column that no field reads is none.
    fn only_counts(&self, row: usize) -> bool {
        let [(column, cell)] = self.sheet.cells(row) else { return false };
        let so_far = row - self.table.found.band.end() + 1;
        let counts = cell.label().parse().is_ok_and(|number: usize| (1..=so_far).contains(&number));
        let bound = self.wanted.contract.field.iter().zip(&self.table.found.binding.columns);
        let own = bound.filter(|(_, at)| **at == Some(*column)).map(|(field, _)| field).next();
        let key = &self.wanted.contract.key;
        own.is_none_or(|field| counts && self.table.found.binding.found > 1 && !key.contains(&field.name))
    }

    /// What a row with content is by its label.
    fn data_kind(&self, label: &str, in_scope: bool, any_section: bool) -> Row {
        let meaning =
            if self.has_units { self.meaning(label) } else { Meaning::Unknown { suggestion: None } };
        let ends = |ends: &[&str]| {
            let unknown = matches!(meaning, Meaning::Unknown { .. } | Meaning::OtherPart);
            (unknown || !self.has_units)
                && label.chars().count() <= 12
                && ends.iter().any(|end| label.ends_with(end))
        };
        let other = match &meaning {
            // Names of other things than units may be any words, so only what ends in a sum's name is one.
            _ if ends(&["合计", "总计"]) => "total",
            _ if ends(&["小计"]) => "subtotal",
            _ if !self.has_units => "",
            Meaning::Other(kind) => kind.as_str(),
            // The city among its counties: a check on their sum, no row of its own.
            Meaning::OutsidePartition { unit } if self.is_city(unit) => "total",
            _ if ends(&["平均", "均值", "平均值"]) => "mean",
            _ => "",
        };
        let kind = match other {
            "total" => Some(RowKind::Total),
            "subtotal" => Some(RowKind::Subtotal),
            "mean" => Some(RowKind::Mean),
            _ if self.has_units && meaning == Meaning::OtherPart => Some(RowKind::OtherOfWhich),
            _ => None,
        };
        if !in_scope {
            // Above the first section stand the totals of the whole table.
            return Row::NotData(kind.filter(|_| !any_section).unwrap_or(RowKind::OutOfScope));
        }
        match kind {
            Some(kind) => Row::NotData(kind),
            None => Row::Data(self.has_units.then(|| (label.to_owned(), meaning))),
        }
    }

    fn is_city(&self, unit: &str) -> bool {
        self.job.reference.units.get(unit).is_some_and(|unit| unit.kind == "city")
    }

    fn meaning(&self, label: &str) -> Meaning {
        let delivery = self.job.delivery;
        self.job.reference.resolve(label, &delivery.partition, &delivery.vintage)
    }

    /// The squeezed label of a row: from the label column, else the first text to its left (合计 in the column of
    /// running numbers).
    fn label(&self, row: usize) -> String {
        let cells = self.sheet.cells(row);
        let first_text =
            |before: usize| cells.iter().find(|(at, cell)| *at < before && !values::looks_numeric(cell));
        let Some((_, column)) = self.label else {
            return cells.first().map(|(_, cell)| cell.label()).unwrap_or_default();
        };
        let own = self.sheet.spread(row, column);
        if !own.is_empty() {
            return own.label();
        }
        first_text(column).map(|(_, cell)| cell.label()).unwrap_or_default()
    }

    /// Whether any column of a field beside the labels holds something.
    fn holds_values(&self, row: usize) -> bool {
        let label = self.label.map(|(_, column)| column);
        let mut others = self.table.found.binding.places().filter(|(_, column)| Some(*column) != label);
        let first = self.sheet.cells(row).first().map(|(_, cell)| cell.label()).unwrap_or_default();
        if self.table.found.binding.found == 1 {
            return !first.is_empty() && !is_note(&first);
        }
        others.any(|(_, column)| !self.sheet.cell(row, column).is_empty()) && !is_note(&first)
    }

    fn is_section(&self, row: usize, label: &str) -> bool {
        let [(column, cell)] = self.sheet.cells(row) else { return false };
        let label = if label.is_empty() { cell.label() } else { label.to_owned() };
        if self
            .wanted
            .contract
            .section
            .as_ref()
            .is_some_and(|section| label.ends_with(&text::squeeze(section)))
        {
            return true;
        }
        let by = label.starts_with('按') && label.contains('分');
        let numbered = label.split_once('、').is_some_and(|(number, _)| {
            !number.is_empty()
                && number.trim_matches(['(', ')']).chars().all(|c| "一二三四五六七八九十".contains(c))
        });
        let merged = self.sheet.merge(row, *column).is_some_and(|region| region.right > region.left);
        if self.from_section && !self.holds_values(row) {
            let shown = text::tidy(&cell.shown());
            let is_unit = matches!(self.meaning(&label), Meaning::Unit { .. });
            return by || numbered || merged || is_unit || name_and_count(&shown).1.is_some();
        }
        by || ((numbered || merged) && matches!(self.meaning(&label), Meaning::Unknown { .. }))
    }

    /// A row right under the header in which every cell is a measure unit, but for one that says so.
    fn states_units(&self, row: usize) -> bool {
        let cells = self.sheet.cells(row);
        let unit = |label: &str| MeasureUnit::parse(label).is_some();
        let label = |label: &str| matches!(label, "单位" | "计量单位");
        let labels: Vec<String> = cells.iter().map(|(_, cell)| cell.label()).collect();
        labels.iter().any(|label| unit(label) && label != "1")
            && labels.iter().all(|text| unit(text) || label(text))
    }

    /// A row that heads another table: the header of the label column again, or two labels of this header.
    fn is_other_header(&self, row: usize) -> bool {
        if let Some((field, column)) = self.label {
            let own = self.sheet.cell(row, column);
            if self.sheet.cells(row).len() > 1 && self.wanted.heads(field, &own.label()) {
                return true;
            }
        }
        let columns = &self.table.found.columns;
        let same = self.table.found.binding.places().filter(|(_, column)| {
            let shown = self.sheet.cell(row, *column).shown();
            let name = header::split_unit(&text::squeeze(header::without_mark(&shown))).0;
            let path = columns.get(*column).map_or("", |column| column.path.as_str());
            let rest = path.strip_suffix(name.as_str());
            !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        });
        same.count() >= 2
    }
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
