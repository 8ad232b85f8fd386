//! From the columns of one kind of table to the fields of its contract.

use std::collections::{BTreeMap, BTreeSet};

use model::{FieldType, MeasureUnit};

use super::kinds::{self, Column};
use super::labels::Resolved;
use super::names;
use super::parts::Part;
use super::sketch::{Remark, SketchField, Sure};
use super::table::Setting;
use super::wide::Wide;
use super::{units, words};
use crate::grid::Cell;
use crate::header;

/// The fields of a table, and the headers that no field reads.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) all: Vec<SketchField>,
    pub(crate) ignore: Vec<String>,
    taken: BTreeSet<String>,
}

/// What is known of the table before its columns are looked at.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(crate) parts: &'a [Part<'a>],
    /// The column of counties, and what its labels mean.
    pub(crate) county: Option<(usize, Resolved)>,
    pub(crate) wide: Option<Wide>,
    /// Only rows of this section are read.
    pub(crate) section: Option<String>,
    /// The measure unit that a line above declares for all figures.
    pub(crate) unit: Option<String>,
}

impl Known<'_> {
    fn first(&self) -> Option<&Part<'_>> {
        self.parts.first()
    }

    fn columns(&self) -> &[header::Column] {
        self.first().map(|part| part.columns.as_slice()).unwrap_or_default()
    }

    fn holds(&self, column: usize) -> bool {
        self.parts.iter().any(|part| part.holds(column))
    }

    /// A row of no county among counties: a limit, a standard. It will be rejected and says nothing of the columns.
    fn is_stranger(&self, part: &Part<'_>, row: usize) -> bool {
        let Some((column, resolved)) = &self.county else { return false };
        !resolved.strangers.is_empty()
            && resolved.strangers.contains(&part.sheet.spread(row, *column).label())
    }

    /// The cells of a column in the rows that will be read.
    pub(crate) fn cells(&self, column: usize) -> Vec<&Cell> {
        let mut cells = Vec::new();
        for part in self.parts {
            for (row, cell) in part.rows.iter().zip(part.cells(column)) {
                let inside = self.section.is_none() || part.section_of(*row) == self.section.as_deref();
                if inside && !self.is_stranger(part, *row) {
                    cells.push(cell);
                }
            }
        }
        cells
    }

    /// The label that tells a column from the others: the lowest that no other column has, else the last.
    fn leaf(&self, at: usize) -> (&str, bool) {
        let Some(column) = self.columns().get(at) else { return ("", true) };
        if self.first().is_some_and(|part| part.block.band.height <= 1) {
            // A stroke in a single label is no level: 许可证号/备案号, 产量/吨.
            let label = match column.path.rsplit_once('/') {
                Some((label, tail)) if tail.chars().count() <= 2 || tail.ends_with(')') => {
                    label.split_once("/(").map_or(label, |(label, _)| label)
                }
                _ => column.path.as_str(),
            };
            let alone = self.columns().iter().filter(|other| other.path == column.path).count() == 1;
            return (label, alone);
        }
        let labels = units::levels(column);
        let same = |level: usize, label: &str| {
            self.columns().iter().filter(|other| units::levels(other).get(level) == Some(&label)).count()
        };
        let own = (0..labels.len()).rev().find_map(|level| {
            let label = labels.get(level)?;
            (same(level, label) == 1).then_some(*label)
        });
        (own.or(labels.last().copied()).unwrap_or_default(), own.is_some())
    }

    /// The measure unit of a column: its header's, or that of a line above.
    fn unit(&self, at: usize) -> Option<String> {
        units::of_column(self.columns().get(at)?, self.unit.as_deref())
    }
}

impl Fields {
    /// Drafts the fields of all columns.
    pub(crate) fn draft(&mut self, known: &Known<'_>, setting: &Setting<'_>) {
        let empty = BTreeMap::new();
        let under = known.wide.as_ref().map_or(&empty, |wide| &wide.columns);
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (at, column) in known.columns().iter().enumerate() {
            if under.contains_key(&at) {
                continue;
            }
            let holds = known.holds(at);
            let again = !column.path.is_empty() && !seen.insert(&column.path);
            // In a table on its side these are its title and notes.
            let beside = !holds && known.first().is_some_and(|part| part.turned);
            if !holds && (column.path.is_empty() || again || beside) {
                if (again || beside) && !column.path.is_empty() && !self.ignore.contains(&column.path) {
                    self.ignore.push(column.path.clone());
                }
                continue;
            }
            if words::is_running(column.path.rsplit('/').next().unwrap_or_default()) {
                self.ignore.push(column.path.clone());
                continue;
            }
            let field = self.of_column(known, setting, at);
            self.all.push(field);
        }
        if let Some(wide) = &known.wide {
            self.of_header(known, setting, wide);
        }
    }

    /// The field of a plain column.
    fn of_column(&mut self, known: &Known<'_>, setting: &Setting<'_>, at: usize) -> SketchField {
        let path = known.columns().get(at).map_or("", |column| column.path.as_str());
        let (leaf, own) = known.leaf(at);
        let mut field = SketchField::new("", path);
        field.column = Some(at);
        if let Some((_, resolved)) = known.county.as_ref().filter(|(county, _)| *county == at) {
            field.kind = FieldType::Unit;
            field.required = true;
            (field.why, field.sure) = resolved.why(setting.partition);
            field.name = self.name("unit");
            return field;
        }
        let titled = Self::titled(known);
        let column = Column::new(
            if own { leaf } else { path },
            known.unit(at),
            &titled,
            known.cells(at),
            setting.years,
        );
        let column = match known.columns().get(at) {
            Some(header) => column.under(&units::levels(header)),
            None => column,
        };
        kinds::decide(&column, &mut field);
        if self.is_period(known, &field, leaf, at) {
            field.name = self.name("period");
        } else {
            let spelled = names::spelled(if own { leaf } else { path });
            let position = at + 1;
            let name = if spelled.is_empty() { format!("c{position:02}") } else { spelled };
            let name = if RESERVED.contains(&name.as_str()) { format!("{name}_text") } else { name };
            field.name = self.name(&name);
        }
        self.remark_on_header(known, at, &mut field);
        field
    }

    fn titled(known: &Known<'_>) -> Vec<MeasureUnit> {
        known.first().map(|part| part.above.units.clone()).unwrap_or_default()
    }

    /// The column says which period a row is of: it is called so, or stands first with a different one in each row.
    fn is_period(&self, known: &Known<'_>, field: &SketchField, leaf: &str, at: usize) -> bool {
        let dated = matches!(field.kind, FieldType::Month | FieldType::Period);
        let first = (0..at).all(|before| !known.holds(before));
        let over_time = known.wide.as_ref().is_some_and(|wide| wide.kind != FieldType::Unit);
        let free = !self.taken.contains("period") && !over_time;
        dated && free && (words::is_time(leaf) || first)
    }

    fn remark_on_header(&self, known: &Known<'_>, at: usize, field: &mut SketchField) {
        let path = known.columns().get(at).map_or("", |column| column.path.as_str());
        let same = known.columns().iter().filter(|other| other.path == path).count();
        let by_header = known.first().is_some_and(|part| part.block.band.height > 0);
        if path.is_empty() && by_header {
            field
                .why
                .add("；本列没有表头，按顺序取空白表头的列", "; no header: blank headers are taken in order");
            field.sure = field.sure.min(Sure::Medium);
        } else if same > 1 && by_header && !self.ignore.contains(&path.to_owned()) {
            field.why.add(
                "；有几列同名，按从左到右的顺序对应",
                "; several columns have this header: taken from left to right",
            );
            field.sure = Sure::Low;
        }
    }

    /// The fields of a wide table: what stands in the header, and the figures at the crossings.
    fn of_header(&mut self, known: &Known<'_>, setting: &Setting<'_>, wide: &Wide) {
        let mut over = SketchField::new("", "");
        over.zh = Vec::new();
        over.from = "header";
        over.kind = wide.kind;
        over.required = wide.kind == FieldType::Unit;
        over.name = self.name(if wide.kind == FieldType::Unit { "unit" } else { "period" });
        let shown: Vec<&str> = wide.values.iter().take(3).map(String::as_str).collect();
        let (count, shown) = (wide.values.len(), shown.join("、"));
        over.why = Remark::new(
            format!(
                "宽表：表头里有 {count} 个{}（{shown}…），每个变成一行",
                if wide.kind == FieldType::Unit { "县（市、区）" } else { "期间" }
            ),
            format!(
                "a wide table: {count} {} stand in the header ({shown}…); each makes a row",
                if wide.kind == FieldType::Unit { "counties" } else { "periods" }
            ),
        );
        self.all.push(over);
        for rest in wide.rests() {
            let columns: Vec<usize> =
                wide.columns.iter().filter(|(_, other)| other.as_str() == rest).map(|(at, _)| *at).collect();
            let mut field = SketchField::new("", rest);
            field.from = "cell";
            if rest.is_empty() {
                field.zh = Vec::new();
            }
            let titled = Self::titled(known);
            let cells: Vec<&Cell> = columns.iter().flat_map(|column| known.cells(*column)).collect();
            let unit = columns.iter().find_map(|column| known.unit(*column));
            let unit = unit.or_else(|| units::of_all_rows(known, &self.all));
            let column = Column::new(rest, unit, &titled, cells, setting.years);
            kinds::decide(&column, &mut field);
            let spelled = names::spelled(rest);
            field.name = self.name(if spelled.is_empty() { "value" } else { &spelled });
            if RESERVED.contains(&field.name.as_str()) {
                field.name.push_str("_value");
            }
            self.all.push(field);
        }
    }

    /// A field that stands in no column.
    pub(crate) fn add(&mut self, mut field: SketchField, name: &str) {
        field.name = self.name(name);
        self.all.push(field);
    }

    fn name(&mut self, name: &str) -> String {
        names::unique(name, &mut self.taken)
    }
}

/// Names that stand for other things in an extract.
const RESERVED: [&str; 5] = ["period", "partition", "vintage", "unit", "section"];
