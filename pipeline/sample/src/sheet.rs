//! From rows to a sheet as a bureau lays it out: title rows, a header of one to three levels with merged cells, running
//! numbers, a total, notes.

use crate::calendar;
use crate::codes;
use crate::delivery::Delivery;
use crate::draw::{Draw, For};
use crate::layout::{Form, Format, Layout};
use crate::mess::{Mess, Planted, key};
use crate::names;
use crate::paper::{Cell, Merge, Sheet};
use crate::value::Value;
use crate::world::World;

/// A sheet that is being filled.
#[derive(Debug)]
pub(crate) struct Filling<'a> {
    world: &'a World,
    layout: &'a Layout,
    sheet: Sheet,
    draw: Draw,
    /// Sums of the columns that add up.
    sums: Vec<i64>,
    running: u64,
    /// What was planted in the sheet as a whole.
    pub(crate) planted: Vec<Planted>,
    /// Where cells of units may be merged downward: the first row and label of the current run.
    run: Option<(u32, Cell)>,
    merges_units: bool,
    can_hide: bool,
    /// Persons named below the data.
    secrets: Vec<String>,
}

impl<'a> Filling<'a> {
    /// A sheet with all above its data.
    pub(crate) fn new(world: &'a World, layout: &'a Layout, mess: &Mess, delivery: &Delivery) -> Self {
        let draw = Draw::at(world.seed, For::Paper, key(&delivery.name), 1);
        let name = "Sheet1".to_owned();
        let sheet = Sheet { name, ..Sheet::default() };
        let sums = vec![0; layout.columns.len()];
        let merges_units = mess.rate("title_rows") > 0 && delivery.contract == "gradient";
        let planted = Vec::new();
        let can_hide = delivery.format != Format::Html;
        let mut filling = Self {
            world,
            layout,
            sheet,
            draw,
            sums,
            running: 0,
            planted,
            run: None,
            merges_units,
            can_hide,
            secrets: Vec::new(),
        };
        if filling.draw.happens(mess.rate("title_rows")) {
            filling.titles(delivery);
        } else if !layout.unit_row.is_empty() {
            // Without it nobody would know what the figures are.
            filling.sheet.rows.push(vec![Cell::text(layout.unit_row.as_str())]);
        }
        filling.header();
        filling
    }

    fn note(&mut self, class: &'static str, what: &'static str, finding: &'static str) {
        let row = self.sheet.rows.len() as u64;
        self.planted.push(Planted { row, class, what, finding, ..Planted::default() });
    }

    fn titles(&mut self, delivery: &Delivery) {
        if self.draw.happens(400) {
            self.sheet.rows.push(vec![Cell::text(format!("附件{}", self.draw.between(1, 6)))]);
            self.note("m01", "title row", "");
        }
        let period =
            delivery.period.parse().map_or(delivery.period.clone(), |period: model::Period| period.name_zh());
        self.sheet.rows.push(vec![Cell::text(format!("{}（{period}）", self.layout.title))]);
        self.note("m01", "title row", "");
        let width = self.before() + self.layout.columns.len();
        let top = u32::try_from(self.sheet.rows.len() - 1).unwrap_or_default();
        let right = u16::try_from(width - 1).unwrap_or_default();
        self.sheet.merges.push(Merge { top, left: 0, bottom: top, right });
        if !self.layout.unit_row.is_empty() {
            let text = format!("填报单位：星州市有关部门          {}", self.layout.unit_row);
            self.sheet.rows.push(vec![Cell::text(text)]);
            self.note("m01", "row of measure units", "");
        }
    }

    /// Columns before the first field.
    pub(crate) fn before(&self) -> usize {
        usize::from(!self.layout.running.is_empty())
    }

    fn header(&mut self) {
        let mut paths: Vec<Vec<&str>> = Vec::new();
        if !self.layout.running.is_empty() {
            paths.push(vec![self.layout.running.as_str()]);
        }
        paths.extend(self.layout.columns.iter().map(|column| column.header.split('/').collect::<Vec<_>>()));
        let height = paths.iter().map(Vec::len).max().unwrap_or(1);
        let top = self.sheet.rows.len();
        // A label stands at the top of its column; the last one of a shorter path reaches down.
        let label =
            |path: &[&str], level: usize| path.get(level).map(|label| Cell::text(*label)).unwrap_or_default();
        for level in 0..height {
            let row = paths.iter().enumerate().map(|(at, path)| {
                let inner = level + 1 < path.len();
                let same = inner
                    && at > 0
                    && paths.get(at - 1).and_then(|left| left.get(..=level)) == path.get(..=level);
                if same { Cell::Empty } else { label(path, level) }
            });
            let row = row.collect();
            self.sheet.rows.push(row);
        }
        if height == 1 {
            return;
        }
        self.note("m02", "header of several levels", "");
        let number = |at: usize| u16::try_from(at).unwrap_or_default();
        let line = |at: usize| u32::try_from(top + at).unwrap_or_default();
        for (at, path) in paths.iter().enumerate() {
            if path.len() < height {
                let first = path.len() - 1;
                self.sheet.merges.push(Merge {
                    top: line(first),
                    left: number(at),
                    bottom: line(height - 1),
                    right: number(at),
                });
            }
            for level in 0..path.len() - 1 {
                let group = path.get(..=level);
                let begins = at == 0 || paths.get(at - 1).and_then(|left| left.get(..=level)) != group;
                let width = paths
                    .iter()
                    .skip(at)
                    .take_while(|other| other.get(..=level) == group && other.len() > level + 1)
                    .count();
                if begins && width > 1 {
                    let right = number(at + width - 1);
                    self.sheet.merges.push(Merge {
                        top: line(level),
                        left: number(at),
                        bottom: line(level),
                        right,
                    });
                }
            }
        }
    }

    /// The row the next data row will stand in, from 1.
    pub(crate) fn next_row(&self) -> u64 {
        self.sheet.rows.len() as u64 + 1
    }

    /// Adds a data row.
    pub(crate) fn push(&mut self, values: &[Value], cells: Vec<Cell>) {
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Value::Count(number) | Value::Money(number) | Value::Measure(number) = value {
                *sum += number;
            }
        }
        self.running += 1;
        let mut row = Vec::with_capacity(cells.len() + 1);
        if !self.layout.running.is_empty() {
            row.push(Cell::Number(self.running.to_string()));
        }
        row.extend(cells);
        self.merge_unit(&mut row);
        self.sheet.rows.push(row);
    }

    /// Units of a list are written once and merged over their rows.
    fn merge_unit(&mut self, row: &mut [Cell]) {
        let Some(column) = self.layout.place("unit").map(|at| at + self.before()) else { return };
        if !self.merges_units {
            return;
        }
        let next = u32::try_from(self.sheet.rows.len()).unwrap_or_default();
        let own = row.get(column).cloned().unwrap_or_default();
        match &self.run {
            Some((_, label)) if *label == own => {
                if let Some(cell) = row.get_mut(column) {
                    *cell = Cell::Empty;
                }
            }
            _ => {
                self.end_run(column, next);
                self.run = Some((next, own));
            }
        }
    }

    fn end_run(&mut self, column: usize, next: u32) {
        let Some((first, _)) = self.run.take() else { return };
        if next > first + 1 {
            let column = u16::try_from(column).unwrap_or_default();
            self.sheet.merges.push(Merge { top: first, left: column, bottom: next - 1, right: column });
            self.planted.push(Planted {
                row: u64::from(first) + 1,
                column: usize::from(column) + 1,
                class: "m03",
                what: "unit merged over its rows",
                ..Planted::default()
            });
        }
    }

    /// Adds what stands below the data, and says which sheets the file has, what was planted in it, and what of it must
    /// turn up nowhere.
    pub(crate) fn finish(mut self, mess: &Mess) -> (Vec<Sheet>, Vec<Planted>, Vec<String>) {
        if let Some(column) = self.layout.place("unit").map(|at| at + self.before()) {
            let next = u32::try_from(self.sheet.rows.len()).unwrap_or_default();
            self.end_run(column, next);
        }
        if self.layout.totals && self.running > 1 && self.draw.happens(mess.rate("totals")) {
            self.total();
        }
        // A web page hides nothing.
        let hides = self.draw.happens(mess.rate("hidden")) && self.can_hide;
        if hides && self.running > 3 && self.run.is_none() && !self.merges_units {
            self.hide_row();
        }
        if self.draw.happens(mess.rate("notes")) {
            self.notes();
        }
        let mut sheets = vec![self.sheet];
        if hides {
            let rows = vec![
                vec![Cell::text("原始数据"), Cell::text("勿删")],
                vec![Cell::Empty, Cell::Number("1".to_owned())],
            ];
            sheets.push(Sheet { name: "原始".to_owned(), rows, hidden: true, ..Sheet::default() });
            self.planted.push(Planted {
                class: "m19",
                what: "hidden sheet",
                finding: "hidden-sheet",
                ..Planted::default()
            });
        }
        (sheets, self.planted, self.secrets)
    }

    fn total(&mut self) {
        let city = &self.world.city;
        let label = self.draw.pick(&["合计", "合  计", "全市合计", "总计"]);
        let mut row = if self.layout.running.is_empty() { Vec::new() } else { vec![Cell::Empty] };
        for (column, sum) in self.layout.columns.iter().zip(&self.sums) {
            row.push(match column.form {
                Form::Unit => Cell::text(label),
                Form::Count => column.write(city, &Value::Count(*sum)),
                Form::Money => column.write(city, &Value::Money(*sum)),
                Form::Measure if column.adds_up() => column.write(city, &Value::Measure(*sum)),
                _ => Cell::Empty,
            });
        }
        self.sheet.rows.push(row);
        self.note("m04", "total row", "");
    }

    /// A row that its author hid instead of deleting it.
    fn hide_row(&mut self) {
        let Some(last) = self.sheet.rows.iter().rev().find(|row| row.len() > 2).cloned() else { return };
        let at = u32::try_from(self.sheet.rows.len()).unwrap_or_default();
        self.sheet.rows.push(last);
        self.sheet.hidden_rows.push(at);
        self.note("m19", "hidden row", "hidden-rows");
    }

    fn notes(&mut self) {
        self.sheet.rows.push(vec![Cell::text("注：1.数据为快报数，以年报为准。")]);
        self.note("m05", "note", "");
        if self.draw.happens(500) {
            let (checker, writer) = (names::person(&mut self.draw), names::person(&mut self.draw));
            let phone = codes::telephone(self.draw.below(70_000));
            let text = format!("审核人：{checker}     填表人：{writer}     联系电话：{phone}");
            self.sheet.rows.push(vec![Cell::text(text)]);
            self.note("m05", "persons in the footer", "");
            self.secrets.extend([checker, writer, phone]);
        }
    }
}

/// The header of a text file.
pub(crate) fn plain_header(layout: &Layout) -> Vec<Cell> {
    let last = |header: &str| header.rsplit('/').next().unwrap_or_default().to_owned();
    layout.columns.iter().map(|column| Cell::Text(last(&column.header))).collect()
}

/// When a file was received, for the list of deliveries.
pub(crate) fn received(delivery: &Delivery) -> String {
    calendar::iso(calendar::working(delivery.received))
}
