//! Writes one file: its rows with what goes wrong in them, and beside it what was planted and which rows must stand.
//!
//! In a wide table rows that agree in what stands before the header's field share a row of the sheet.

use crate::SampleError;
use crate::delivery::{Delivery, Extra, Standing, file};
use crate::draw::{Draw, For};
use crate::layout::{Format, Layout, with_extra};
use crate::links::Linked;
use crate::mess::{Line, Mess, OF_PASS_2, Placed, Planted, key};
use crate::paper::{self, Cell, Output, TextFile, Written};
use crate::sheet::{Filling, plain_header};
use crate::truth::Truth;
use crate::value::{Value, scaled};
use crate::world::World;

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

/// Where rows go.
enum Page<'a> {
    Text(Box<TextFile>, u64),
    Sheet(Box<Filling<'a>>),
}

impl Page<'_> {
    fn next_row(&mut self, mess: &Mess) -> u64 {
        match self {
            Self::Text(_, rows) => *rows + 1,
            Self::Sheet(filling) => filling.next_row(mess),
        }
    }

    /// The name of the sheet, where there are sheets.
    fn sheet(&self) -> String {
        match self {
            Self::Text(..) => String::new(),
            Self::Sheet(filling) => filling.name().to_owned(),
        }
    }

    fn push(&mut self, values: &[Value], cells: Vec<Cell>) -> Result<(), SampleError> {
        match self {
            Self::Text(file, rows) => {
                *rows += 1;
                file.row(&cells)
            }
            Self::Sheet(filling) => {
                filling.push(values, cells);
                Ok(())
            }
        }
    }
}

/// A file that is being written.
struct Writing<'a> {
    sender: &'a Sender<'a>,
    truth: &'a mut Truth,
    page: Page<'a>,
    placed: Placed<'a>,
    name: String,
    /// Clean rows that share the next row of the sheet.
    together: Vec<Vec<Value>>,
    linked: Linked,
    rows: u64,
    standing: u64,
    planted: u64,
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
        let mut writing = Writing {
            sender: self,
            truth,
            page,
            placed,
            name: self.delivery.file(),
            together: Vec::new(),
            linked: Linked::default(),
            rows: 0,
            standing: 0,
            planted: 0,
        };
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

impl Writing<'_> {
    fn plant(&mut self, all: &[Planted]) -> Result<(), SampleError> {
        self.planted += all.len() as u64;
        self.truth.planted(&self.name, &self.page.sheet(), all)
    }

    /// Takes a clean row.
    fn take(&mut self, values: Vec<Value>) -> Result<(), SampleError> {
        let layout = self.sender.layout;
        self.truth.secret(layout, &values);
        if !self.together.last().is_some_and(|last| layout.shares_row(last, &values)) {
            self.send()?;
        }
        self.together.push(values);
        Ok(())
    }

    /// A clean row as it is sent.
    fn line(&mut self, values: Vec<Value>, head: usize, row: u64, all: &mut Vec<Planted>) -> Line {
        let Sender { world, layout, mess, delivery, .. } = *self.sender;
        let wrong = delivery.wrong && self.rows.is_multiple_of(WRONG_EVERY);
        let values = if wrong { self.sender.wrong(values) } else { values };
        let columns = layout.columns.iter();
        let cells = columns.zip(&values).map(|(column, value)| column.write(&world.city, value)).collect();
        let mut line = Line { values, cells, ..Line::default() };
        let careful = self.placed.careful || self.sender.looked_up(&line.values);
        let placed = Placed { careful, head, ..self.placed };
        all.extend(mess.plant(world, layout, &placed, &mut line, row));
        line
    }

    /// Sends the rows that share a row of the sheet.
    fn send(&mut self) -> Result<(), SampleError> {
        let Sender { layout, delivery, .. } = *self.sender;
        let row = self.page.next_row(self.sender.mess);
        let (mut lines, mut all): (Vec<(usize, Line)>, Vec<Planted>) = (Vec::new(), Vec::new());
        for values in std::mem::take(&mut self.together) {
            let head = self.sender.head(&values);
            let line = if lines.first().is_some_and(|(_, first)| first.gone) {
                // They lie in no unit either.
                let cells = layout.columns.iter().zip(&values);
                let cells =
                    cells.map(|(column, value)| column.write(&self.sender.world.city, value)).collect();
                Line { values, cells, refused: true, ..Line::default() }
            } else {
                self.line(values, head, row, &mut all)
            };
            self.rows += 1;
            lines.push((head, line));
        }
        let Some((_, first)) = lines.first() else { return Ok(()) };
        let again = first.again;
        for secret in lines.iter().flat_map(|(_, line)| &line.secrets) {
            self.truth.secret_text(secret);
        }
        let (extra, secret) = self.sender.extra(row);
        if let Some(secret) = secret {
            self.truth.secret_text(&secret);
        }
        let (values, cells) = self.sender.on_paper(&lines);
        self.page.push(&values, cells.iter().cloned().chain(extra.clone()).collect())?;
        let place = self.linked.place();
        for (_, line) in lines.iter().filter(|(_, line)| !line.refused) {
            self.linked.read(layout, &line.values);
        }
        if let Some(conflict) = again {
            let (what, finding) =
                if conflict { ("row with another figure", "conflicting-row") } else { ("row repeated", "") };
            let mut twice = lines.clone();
            if let (true, Some((_, first))) = (conflict, twice.first_mut()) {
                *first = self.sender.other(first);
            }
            let (values, second) = self.sender.on_paper(&twice);
            let next = self.page.next_row(self.sender.mess);
            // What is wrong with the row is wrong again.
            let unlike = |one: &&Planted| {
                let at = one.column.wrapping_sub(1 + self.placed.before);
                !OF_PASS_2.contains(&one.finding) && (!conflict || second.get(at) == cells.get(at))
            };
            let same: Vec<Planted> =
                all.iter().filter(unlike).map(|one| Planted { row: next, ..one.clone() }).collect();
            all.extend(same);
            let repeated = |row| Planted { row, class: "m17", what, finding, ..Planted::default() };
            all.push(repeated(next));
            if conflict {
                all.push(repeated(row));
            }
            self.page.push(&values, second.into_iter().chain(extra).collect())?;
            for (_, line) in &twice {
                self.linked.read(layout, &line.values);
                self.rows += 1;
            }
            if let (true, Some((_, first))) = (conflict, lines.first_mut()) {
                first.refused = true;
            }
        }
        self.plant(&all)?;
        for (_, line) in lines.into_iter().filter(|(_, line)| !line.refused) {
            if delivery.standing != Standing::Rows {
                continue;
            }
            self.standing += 1;
            if layout.linked().is_some() {
                self.linked.wait(place, row, line.values);
            } else {
                self.truth.row(layout, (self.sender.number, delivery), row, &line.values)?;
            }
        }
        Ok(())
    }

    /// Sends the last row and what stands below.
    fn finish(mut self) -> Result<One, SampleError> {
        self.send()?;
        let Self { sender, truth, page, linked, name, rows, standing, mut planted, .. } = self;
        for (row, values) in linked.finish() {
            truth.row(sender.layout, (sender.number, sender.delivery), row, &values)?;
        }
        let written = match page {
            Page::Text(text, _) => text.finish()?,
            Page::Sheet(filling) => {
                let (sheets, of_sheets, secrets) = filling.finish(sender.mess);
                for secret in &secrets {
                    truth.secret_text(secret);
                }
                for (sheet, all) in &of_sheets {
                    planted += all.len() as u64;
                    truth.planted(&name, sheet, all)?;
                }
                sender.output.write(&sender.path(), &paper::bytes(sender.delivery.format, &sheets)?)?
            }
        };
        Ok(One { written, rows, standing, planted })
    }
}
