//! From rows to a sheet as a bureau lays it out: title rows, a header of one to three levels with merged cells, running
//! numbers, a total, notes. Now and then the rows go on in a second table, further below or in a sheet of its own.

mod below;
mod head;

use std::ops::Range;

use crate::calendar;
use crate::delivery::Delivery;
use crate::draw::{Draw, For};
use crate::layout::{Format, Layout};
use crate::mess::{Mess, Planted, key};
use crate::paper::{Cell, Merge, Sheet};
use crate::value::Value;
use crate::world::World;

/// Where the rows go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Further {
    /// In a table of their own, further below.
    Below,
    /// In a sheet of their own.
    Sheet,
}

/// What was planted in a sheet, by its name; that of a web page has none.
pub(crate) type OfSheet = (String, Vec<Planted>);

/// What is known of a file once all of it is written: its sheets, what was planted in them besides mess in rows, and what
/// must turn up nowhere.
pub(crate) type Filled = (Vec<Sheet>, Vec<OfSheet>, Vec<String>);

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
    /// How many of the rows are in this table.
    here: u64,
    /// Its header rows, of all tables of the sheet.
    heads: Vec<Range<usize>>,
    /// After how many rows they go on elsewhere.
    further: Option<(u64, Further)>,
    /// Sheets that are full.
    done: Vec<(Sheet, OfSheet)>,
    /// What was planted in the sheet as a whole.
    planted: Vec<Planted>,
    /// Where cells of units may be merged downward: the first row and label of the current run.
    run: Option<(u32, Cell)>,
    merges_units: bool,
    /// A web page hides nothing and has no sheets.
    is_page: bool,
    hides_column: bool,
    /// Persons named below the data.
    secrets: Vec<String>,
}

impl<'a> Filling<'a> {
    /// A sheet with all above its data.
    pub(crate) fn new(world: &'a World, layout: &'a Layout, mess: &Mess, delivery: &Delivery) -> Self {
        let draw = Draw::at(world.seed, For::Paper, key(&delivery.name), 1);
        let sheet = Sheet { name: "Sheet1".to_owned(), ..Sheet::default() };
        let is_page = delivery.format == Format::Html;
        let mut other = Draw::at(world.seed, For::Paper, key(&delivery.name), 2);
        let (below, apart, hidden) = (
            other.happens(mess.rate("second_table")),
            other.happens(mess.rate("second_sheet")),
            other.happens(mess.rate("hidden_column")),
        );
        let after = other.between(2, 30).unsigned_abs();
        let further = match (below, apart && !is_page) {
            // Rows share numbers within one table.
            _ if layout.linked().is_some() => None,
            (_, true) => Some((after, Further::Sheet)),
            (true, false) => Some((after, Further::Below)),
            (false, false) => None,
        };
        let mut filling = Self {
            world,
            layout,
            sheet,
            draw,
            sums: vec![0; layout.columns.len()],
            running: 0,
            here: 0,
            heads: Vec::new(),
            further,
            done: Vec::new(),
            planted: Vec::new(),
            run: None,
            merges_units: mess.rate("title_rows") > 0 && delivery.contract == "gradient",
            is_page,
            hides_column: hidden && !is_page,
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

    /// Columns before the first field.
    pub(crate) fn before(&self) -> usize {
        usize::from(!self.layout.running.is_empty())
    }

    /// The name of the sheet; empty for a page.
    pub(crate) fn name(&self) -> &str {
        if self.is_page { "" } else { &self.sheet.name }
    }

    /// The row the next data row will stand in, from 1.
    pub(crate) fn next_row(&self) -> u64 {
        self.sheet.rows.len() as u64 + 1
    }

    /// Before a data row: where the table is to go on elsewhere after those it has, it does.
    pub(crate) fn go_on(&mut self, mess: &Mess) {
        let now = self.further.take_if(|(after, _)| *after <= self.running);
        if let Some((_, further)) = now {
            self.begin(further, mess);
        }
    }

    /// Ends the table and begins another.
    fn begin(&mut self, further: Further, mess: &Mess) {
        self.end_table(mess);
        match further {
            Further::Below => self.sheet.rows.push(Vec::new()),
            Further::Sheet => {
                let next = Sheet { name: "Sheet2".to_owned(), ..Sheet::default() };
                self.close(next);
            }
        }
        self.sheet.rows.push(vec![Cell::text(format!("{}（续）", self.layout.title))]);
        if !self.layout.unit_row.is_empty() {
            self.sheet.rows.push(vec![Cell::text(self.layout.unit_row.as_str())]);
        }
        self.note("m19", if further == Further::Below { "second table below" } else { "second sheet" }, "");
        self.header();
    }

    /// Puts the sheet among those that are full and takes another.
    fn close(&mut self, next: Sheet) {
        let name = self.name().to_owned();
        let full = std::mem::replace(&mut self.sheet, next);
        self.done.push((full, (name, std::mem::take(&mut self.planted))));
        self.heads.clear();
    }

    /// Adds a data row.
    pub(crate) fn push(&mut self, values: &[Value], cells: Vec<Cell>) {
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Value::Count(number) | Value::Money(number) | Value::Measure(number) = value {
                *sum += number;
            }
        }
        self.running += 1;
        self.here += 1;
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

    /// What ends a table.
    fn end_table(&mut self, mess: &Mess) {
        if let Some(column) = self.layout.place("unit").map(|at| at + self.before()) {
            let next = u32::try_from(self.sheet.rows.len()).unwrap_or_default();
            self.end_run(column, next);
        }
        if self.layout.totals && self.here > 1 && self.draw.happens(mess.rate("totals")) {
            self.total();
        }
        self.sums.fill(0);
        self.here = 0;
    }

    /// Adds what stands below the data, and says what the file is made of.
    pub(crate) fn finish(mut self, mess: &Mess) -> Filled {
        self.end_table(mess);
        let hides = self.draw.happens(mess.rate("hidden")) && !self.is_page;
        if hides && self.running > 3 && self.run.is_none() && !self.merges_units {
            self.hide_row();
        }
        if self.draw.happens(mess.rate("notes")) {
            self.notes();
        }
        if self.hides_column {
            self.hide_column();
        }
        if hides {
            let planted =
                Planted { class: "m19", what: "hidden sheet", finding: "hidden-sheet", ..Planted::default() };
            self.planted.push(planted);
        }
        self.close(Sheet::default());
        let (mut sheets, planted): (Vec<_>, Vec<_>) = self.done.into_iter().unzip();
        if hides {
            let rows = vec![
                vec![Cell::text("原始数据"), Cell::text("勿删")],
                vec![Cell::Empty, Cell::Number("1".to_owned())],
            ];
            sheets.push(Sheet { name: "原始".to_owned(), rows, hidden: true, ..Sheet::default() });
        }
        (sheets, planted, self.secrets)
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
