//! A file while it is written: clean rows come in one by one, go through the mess, and go out as rows of the sheet, with the
//! truth of each. In a wide table rows that agree in what stands before the header's field share a row of the sheet.

use super::{One, Sender, WRONG_EVERY};
use crate::SampleError;
use crate::delivery::Standing;
use crate::links::Linked;
use crate::mess::{Line, Mess, OF_PASS_2, Placed, Planted};
use crate::paper::{self, Cell, TextFile};
use crate::sheet::Filling;
use crate::truth::Truth;
use crate::value::Value;

/// Where rows go.
pub(super) enum Page<'a> {
    Text(Box<TextFile>, u64),
    Sheet(Box<Filling<'a>>),
}

impl Page<'_> {
    fn next_row(&self) -> u64 {
        match self {
            Self::Text(_, rows) => rows + 1,
            Self::Sheet(filling) => filling.next_row(),
        }
    }

    fn go_on(&mut self, mess: &Mess) {
        if let Self::Sheet(filling) = self {
            filling.go_on(mess);
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
pub(super) struct Writing<'a> {
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

impl<'a> Writing<'a> {
    /// A file without rows yet.
    pub(super) fn begin(
        sender: &'a Sender<'a>,
        truth: &'a mut Truth,
        page: Page<'a>,
        placed: Placed<'a>,
    ) -> Self {
        Self {
            sender,
            truth,
            page,
            placed,
            name: sender.delivery.file(),
            together: Vec::new(),
            linked: Linked::default(),
            rows: 0,
            standing: 0,
            planted: 0,
        }
    }

    /// Writes down what was planted in the sheet.
    pub(super) fn plant(&mut self, all: &[Planted]) -> Result<(), SampleError> {
        self.planted += all.len() as u64;
        self.truth.planted(&self.name, &self.page.sheet(), all)
    }

    /// Takes a clean row.
    pub(super) fn take(&mut self, values: Vec<Value>) -> Result<(), SampleError> {
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
        if self.together.is_empty() {
            return Ok(());
        }
        self.page.go_on(self.sender.mess);
        let row = self.page.next_row();
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
        let again = lines.first().and_then(|(_, first)| first.again);
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
            let next = self.page.next_row();
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
    pub(super) fn finish(mut self) -> Result<One, SampleError> {
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
