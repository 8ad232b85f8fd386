//! Writes one file: its rows with what goes wrong in them, and beside it what was planted and which rows must stand.

mod writing;

use crate::SampleError;
use crate::delivery::{Delivery, Extra, Standing, file};
use crate::draw::{Draw, For};
use crate::layout::{Format, Layout, with_extra};
use crate::mess::{Line, Mess, Placed, Planted, key};
use crate::paper::{Cell, Output, TextFile, Written};
use crate::sheet::{Filling, plain_header};
use crate::truth::Truth;
use crate::value::{Value, scaled};
use crate::world::World;
use writing::{Page, Writing};

/// In a wrong file every so many-th row has a wrong figure.
const WRONG_EVERY: u64 = 9;

/// What is needed to write one file.
pub(crate) struct Sender<'a> {
    world: &'a World,
    pub(crate) layout: &'a Layout,
    /// The values that stand in the header, in order.
    heads: Vec<Value>,
    /// The layout as it stands on paper, with what stands behind its columns.
    paper: Layout,
    mess: &'a Mess,
    output: &'a Output,
    pub(crate) delivery: &'a Delivery,
    number: usize,
}

/// What came of one file.
pub(crate) struct One {
    pub(crate) written: Written,
    pub(crate) rows: u64,
    pub(crate) standing: u64,
    pub(crate) planted: u64,
}

impl<'a> Sender<'a> {
    /// A file of these rows, the so many-th of all.
    pub(crate) fn new(
        world: &'a World,
        layout: &'a Layout,
        mess: &'a Mess,
        output: &'a Output,
        (number, delivery): (usize, &'a Delivery),
    ) -> Result<Self, SampleError> {
        let mut heads = Vec::new();
        if let Some(across) = layout.place(&layout.across) {
            (delivery.rows)(world, &mut |values: Vec<Value>| {
                let head = values.into_iter().nth(across).unwrap_or_default();
                if !heads.contains(&head) {
                    heads.push(head);
                }
                Ok(())
            })?;
        }
        let paper = with_extra(&layout.spread(&world.city, &heads), delivery.extra);
        Ok(Self { world, layout, heads, paper, mess, output, delivery, number })
    }

    /// The partition of its units.
    pub(crate) fn partition(&self) -> &str {
        if self.delivery.partition.is_empty() { &self.layout.partition } else { &self.delivery.partition }
    }

    fn path(&self) -> String {
        format!("extracts/{}", file(&self.delivery.name, self.delivery.format))
    }

    fn page(&self) -> Result<Page<'_>, SampleError> {
        let format = self.delivery.format;
        if !format.is_text() {
            return Ok(Page::Sheet(Box::new(Filling::new(
                self.world,
                &self.paper,
                self.mess,
                self.delivery,
            ))));
        }
        let mut text = TextFile::create(self.output, &self.path(), format)?;
        text.row(&plain_header(&self.paper))?;
        Ok(Page::Text(Box::new(text), 1))
    }

    /// Writes it.
    pub(crate) fn write(&self, truth: &mut Truth) -> Result<One, SampleError> {
        let page = self.page()?;
        let before = match &page {
            Page::Text(..) => 0,
            Page::Sheet(filling) => filling.before(),
        };
        let placed = Placed {
            key: key(&self.delivery.name),
            partition: self.partition(),
            careful: self.delivery.careful,
            before,
            steady: self.delivery.standing == Standing::Rows
                && self.world.sent_a_year_before(&self.delivery.period),
            formulas: matches!(self.delivery.format, Format::Xlsx | Format::Ods),
            head: 0,
        };
        let mut writing = Writing::begin(self, truth, page, placed);
        writing.plant(&self.of_file(before))?;
        (self.delivery.rows)(self.world, &mut |values| writing.take(values))?;
        writing.finish()
    }

    /// The number of the header value a row stands under.
    fn head(&self, values: &[Value]) -> usize {
        let across = self.layout.place(&self.layout.across).and_then(|at| values.get(at));
        self.heads.iter().position(|head| Some(head) == across).unwrap_or_default()
    }

    /// Rows that share a row of the sheet, as it stands there: their values and cells, each row with the number of its
    /// header value.
    fn on_paper(&self, lines: &[(usize, Line)]) -> (Vec<Value>, Vec<Cell>) {
        let width = self.paper.columns.len() - usize::from(self.delivery.extra.is_some());
        let (mut values, mut cells) = (vec![Value::None; width], vec![Cell::Empty; width]);
        for (head, line) in lines {
            for (at, (value, cell)) in line.values.iter().zip(&line.cells).enumerate() {
                let place = self.layout.on_paper(at, *head);
                let slot = place.and_then(|at| Some((values.get_mut(at)?, cells.get_mut(at)?)));
                if let Some((own_value, own_cell)) = slot {
                    (*own_value, *own_cell) = (value.clone(), cell.clone());
                }
            }
        }
        (values, cells)
    }

    /// What is planted in the file as a whole.
    fn of_file(&self, before: usize) -> Vec<Planted> {
        let behind = before + self.paper.columns.len();
        let column = self.delivery.extra.map(|extra| match extra {
            Extra::Growth => (behind, "m16", "growth beside the figures", "unknown-column"),
            Extra::Accounts => (behind, "m22", "column that must not be sent", "header-refused"),
        });
        let encoding = (self.delivery.format == Format::Utf16).then_some((0, "m06", "UTF-16 with tabs", ""));
        let all = column.into_iter().chain(encoding);
        all.map(|(column, class, what, finding)| Planted {
            column,
            class,
            what,
            finding,
            ..Planted::default()
        })
        .collect()
    }

    /// The cell behind a row's columns, and what of it must turn up nowhere.
    fn extra(&self, row: u64) -> (Option<Cell>, Option<String>) {
        let mut draw = Draw::at(self.world.seed, For::Extra, key(&self.delivery.name), row);
        match self.delivery.extra {
            None => (None, None),
            Some(Extra::Growth) => (Some(Cell::Number(scaled(draw.between(-99, 199), 1, false))), None),
            Some(Extra::Accounts) => {
                let account = format!("9900{:015}", draw.below(1_000_000_000_000_000));
                (Some(Cell::text(account.as_str())), Some(account))
            }
        }
    }

    /// Whether other contracts look up the row by its credit code: were it lost, all their rows would lead nowhere.
    fn looked_up(&self, values: &[Value]) -> bool {
        self.delivery.contract == "registry"
            && (values.contains(&Value::Word("enterprise")) || values.contains(&Value::Word("individual")))
    }

    /// The row with another figure in its first column that adds up.
    fn other(&self, line: &Line) -> Line {
        let values = self.wrong(line.values.clone());
        let columns = self.layout.columns.iter().zip(&values).zip(line.values.iter().zip(&line.cells));
        let cells =
            columns.map(
                |((column, value), (old, cell))| {
                    if value == old { cell.clone() } else { column.write(&self.world.city, value) }
                },
            );
        let cells = cells.collect();
        Line { values, cells, ..line.clone() }
    }

    fn wrong(&self, mut values: Vec<Value>) -> Vec<Value> {
        let columns = self.layout.columns.iter().zip(&mut values);
        for (column, value) in columns.filter(|(column, _)| column.adds_up()) {
            match value {
                Value::Count(count) if *count > 0 => *count += 7,
                Value::Money(cents) => *cents += 700 * 10_i64.pow(column.power()),
                _ => continue,
            }
            break;
        }
        values
    }
}
