//! What each row below a header is, told by its label and by where values stand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use model::contract::FieldSource;
use model::resolve::Meaning;
use model::{Field, MeasureUnit, RowKind, text};

use super::sums::is_part;
use super::{
    Classified, RUNNING, Row, Section, declared_units, is_grouping, is_note, is_numbered, is_unit_label,
    name_and_count, states_units,
};
use crate::Job;
use crate::bind::Wanted;
use crate::grid::Sheet;
use crate::header;
use crate::layout::Table;
use crate::values;

/// The last rows of a table that tell what stands above and below them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    /// The last row with a value beside its label.
    pub(crate) data: Option<usize>,
    /// The last row with several cells that is no note.
    pub(crate) wide: Option<usize>,
}

/// What columns are numbered with that hold no figures.
const COLUMN_LETTERS: [&str; 12] = ["甲", "乙", "丙", "丁", "戊", "己", "栏次", "行次", "A", "B", "C", "D"];

/// The rows below a header.
pub(super) struct Below<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) sheet: &'a Sheet,
    pub(super) wanted: &'a Wanted<'a>,
    pub(super) table: &'a Table,
    /// The field whose column holds the labels, and that column.
    pub(super) label: Option<(usize, usize)>,
    pub(super) has_units: bool,
    /// The contract takes a field from the section rows; and that field is the unit.
    from_section: bool,
    unit_from_section: bool,
    /// For each column with a field the characters a label of its header begins with.
    initials: Vec<(usize, Vec<char>)>,
    /// What labels met so far mean: those of a long table are few.
    known: RefCell<BTreeMap<String, Meaning>>,
}

/// Most labels whose meaning is kept.
const MAX_KNOWN: usize = 4096;

impl<'a> Below<'a> {
    /// What is needed to tell the rows of a table.
    pub(super) fn new(job: &'a Job<'a>, sheet: &'a Sheet, wanted: &'a Wanted<'a>, table: &'a Table) -> Self {
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
        let columns = &table.found.columns;
        let initials = table.found.binding.places().map(|(_, column)| {
            let path = columns.get(column).map_or("", |column| column.path.as_str());
            (column, path.split('/').filter_map(|level| level.chars().next()).collect())
        });
        let initials = initials.collect();
        let known = RefCell::default();
        Self { job, sheet, wanted, table, label, has_units, from_section, unit_from_section, initials, known }
    }

    /// The last rows of these that tell.
    pub(super) fn ends(&self, rows: Range<usize>) -> Ends {
        let is_note_row =
            |row: usize| self.sheet.cells(row).first().is_some_and(|(_, cell)| is_note(&cell.label()));
        Ends {
            data: rows.clone().rev().find(|row| self.holds_values(*row)),
            wide: rows.rev().find(|row| self.sheet.cells(*row).len() > 1 && !is_note_row(*row)),
        }
    }

    /// Tells what the rows of a table are, or a stretch of them that ends with the table or before both `ends`;
    /// `any_data` if data stand above the stretch.
    pub(super) fn classify(
        &self,
        rows: Range<usize>,
        ends: &Ends,
        mut any_data: bool,
        classified: &mut Classified,
    ) {
        let (last_data, last_wide) = (ends.data, ends.wide);
        let mut in_scope = self.wanted.contract.section.is_none();
        let mut any_section = false;
        let mut after_note = false;
        for row in rows {
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
            let row_is = match self.sum_beside(row) {
                Some(kind) if matches!(row_is, Row::Data(_)) => Row::NotData(kind),
                _ => row_is,
            };
            any_data |= matches!(row_is, Row::Data(_));
            if row_is == Row::Data(None) && is_part(&label) {
                classified.parts.insert(row);
            }
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
        if !any_data && (is_unit_label(&label) || states_units(self.sheet.cells(row))) {
            classified.units.extend(declared_units(&label));
            let unit = |(column, cell): &(usize, crate::grid::Cell)| {
                MeasureUnit::parse(&cell.label()).map(|unit| (*column, unit.symbol))
            };
            classified.column_units.extend(cells.iter().filter_map(unit));
            return Some(RowKind::Unit);
        }
        // 单位：元 among the data: what follows is in another measure unit.
        if is_unit_label(&label) && self.holds_nothing_else(row) {
            let units = declared_units(&label);
            let other = units.iter().any(|unit| !classified.units.contains(unit));
            if other && before_end && classified.other_unit.is_none() {
                classified.other_unit = Some(row);
            }
            return Some(RowKind::Unit);
        }
        if !any_data && self.numbers_columns(row) {
            return Some(RowKind::Header);
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

    /// Whether a row under the header does nothing but number the columns: 甲 乙 1 2, or 1 2 3 where texts are wanted.
    /// A list of things called 甲, 乙, 丙 goes on so, and data follow.
    fn numbers_columns(&self, row: usize) -> bool {
        let cells = self.sheet.cells(row);
        let (mut next, mut letters) = (1, 0);
        for (_, cell) in cells {
            let label = cell.label();
            if COLUMN_LETTERS.contains(&label.as_str()) {
                letters += 1;
            } else if label.trim_matches(['(', ')', '[', ']']).parse() == Ok(next) {
                next += 1;
            } else {
                return false;
            }
        }
        let fields = self.wanted.contract.field.iter().zip(&self.table.found.binding.columns);
        let texts = fields.filter(|(field, _)| !field.kind.is_number()).filter_map(|(_, column)| *column);
        let is_number = |column: &usize| values::looks_numeric(self.sheet.cell(row, *column));
        let (all, numbers) =
            texts.fold((0, 0), |(all, numbers), column| (all + 1, numbers + usize::from(is_number(&column))));
        let misplaced = letters > 0 || (all > 0 && numbers == all);
        let lettered = |row: usize| {
            let first = self.sheet.cells(row).first().map(|(_, cell)| cell.label());
            first.is_some_and(|label| COLUMN_LETTERS.contains(&label.as_str()))
        };
        if self.sheet.cells(row + 1).is_empty() || lettered(row + 1) {
            return false;
        }
        // 甲 1 2 may be a row of its own.
        misplaced && next > 2 && (letters > 1 || next > 3)
    }

    /// Whether a row under a note is more of it: one text alone that names no unit.
    fn goes_on(&self, row: usize) -> bool {
        let [(_, cell)] = self.sheet.cells(row) else { return false };
        !values::looks_numeric(cell)
            && matches!(self.meaning(&cell.label()), Meaning::Unknown { .. } | Meaning::OtherPart)
    }

    /// Whether a row holds its running number and nothing else: an empty form. A number that tells the row from
    /// others is data, and so is one in a column that is not called a running number; one in a column that no field
    /// reads is none.
    fn only_counts(&self, row: usize) -> bool {
        let [(column, cell)] = self.sheet.cells(row) else { return false };
        let binding = &self.table.found.binding;
        if binding.headed.iter().any(|headed| headed.column == *column) {
            return false;
        }
        let so_far = row - self.table.found.band.end() + 1;
        let counts = cell.label().parse().is_ok_and(|number: usize| (1..=so_far).contains(&number));
        let bound = self.wanted.contract.field.iter().zip(&binding.columns);
        let own = bound.filter(|(_, at)| **at == Some(*column)).map(|(field, _)| field).next();
        let header = self.table.found.columns.get(*column).map_or("", |column| column.path.as_str());
        let key = &self.wanted.contract.key;
        own.is_none_or(|field| {
            counts && binding.found > 1 && RUNNING.contains(&header) && !key.contains(&field.name)
        })
    }

    /// Whether a row says what its first cell says and no more.
    fn holds_nothing_else(&self, row: usize) -> bool {
        self.sheet.cells(row).iter().all(|(_, cell)| !values::looks_numeric(cell))
    }

    pub(super) fn meaning(&self, label: &str) -> Meaning {
        if let Some(meaning) = self.known.borrow().get(label) {
            return meaning.clone();
        }
        let delivery = self.job.delivery;
        let meaning = self.job.reference.resolve(label, &delivery.partition, &delivery.vintage);
        let mut known = self.known.borrow_mut();
        if known.len() < MAX_KNOWN {
            known.insert(label.to_owned(), meaning.clone());
        }
        meaning
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
        let (by, numbered) = (is_grouping(&label), is_numbered(&label));
        let merged = self.sheet.merge(row, *column).is_some_and(|region| region.right > region.left);
        if self.from_section && !self.holds_values(row) {
            let shown = text::tidy(&cell.shown());
            let is_unit = matches!(self.meaning(&label), Meaning::Unit { .. });
            return by || numbered || merged || is_unit || name_and_count(&shown).1.is_some();
        }
        by || ((numbered || merged) && matches!(self.meaning(&label), Meaning::Unknown { .. }))
    }

    /// A row that heads another table: the header of the label column again, or two labels of this header.
    pub(super) fn is_other_header(&self, row: usize) -> bool {
        if let Some((field, column)) = self.label {
            let own = self.sheet.cell(row, column);
            if self.sheet.cells(row).len() > 1 && self.wanted.heads(field, &own.label()) {
                return true;
            }
        }
        let columns = &self.table.found.columns;
        let same = self.initials.iter().filter(|(column, initials)| {
            let shown = self.sheet.cell(row, *column).shown();
            if text::initial(&shown).is_some_and(|initial| !initials.contains(&initial)) {
                return false;
            }
            let name = header::split_unit(&text::squeeze(header::without_mark(&shown))).0;
            let header = columns.get(*column);
            let last = header.and_then(|header| header.levels.last());
            !name.is_empty() && (last == Some(&name) || header.is_some_and(|header| header.path == name))
        });
        same.count() >= 2
    }
}
