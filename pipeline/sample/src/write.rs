//! Writes a sample: each file in the order in which it came, row by row, with the truth beside it and the list of deliveries
//! at the end. Files of text are never held in memory; workbooks are, one at a time.

use std::fmt::Write as _;
use std::path::Path;

use crate::contracts;
use crate::delivery::{Delivery, Extra, Standing, file};
use crate::draw::{Draw, For};
use crate::layout::{Format, Layout, layouts, with_extra};
use crate::links::Links;
use crate::mess::{Line, Mess, OF_PASS_2, Placed, Planted, key};
use crate::paper::{self, Cell, Output, TextFile, Written};
use crate::sending::{How, send};
use crate::sheet::{Filling, plain_header, received};
use crate::truth::Truth;
use crate::value::{Value, scaled};
use crate::world::World;
use crate::{Options, SampleError};

/// Most registered entities for which lists of events are still sent as workbooks.
const WORKBOOKS: u64 = 3_000_000;
/// In a wrong file every so many-th row has a wrong figure.
const WRONG_EVERY: u64 = 9;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files sent.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Data rows in them.
    pub rows: u64,
    /// Rows that stand in the end.
    pub standing: u64,
    /// Things planted.
    pub planted: u64,
}

/// Writes a sample under a folder: `extracts/` with `deliveries.toml`, and `truth/`.
///
/// # Errors
/// The options name no scale, or the disk refuses.
pub fn write(folder: &Path, options: &Options) -> Result<Summary, SampleError> {
    let world = World::new(options)?;
    let layouts = layouts()?;
    let output = Output::new(folder);
    let (mess, none) = (Mess::new(&world, options.clean), Mess::new(&world, true));
    let mut made = contracts::deliveries(&world, &layouts);
    for delivery in &mut made {
        delivery.format = fitting(&world, layouts.get(delivery.contract), delivery.format);
    }
    let sent = send(&world, &layouts, &mess, made);
    let formats: Vec<(String, Format)> =
        sent.iter().map(|(delivery, _)| (delivery.name.clone(), delivery.format)).collect();
    let mut truth = Truth::create(&output)?;
    let mut summary = Summary::default();
    let mut list = String::from("# What was received, in this order. 虚构示例数据: all of it is invented.\n");
    for (at, (delivery, how)) in sent.iter().enumerate() {
        let Some(layout) = layouts.get(delivery.contract) else { continue };
        // A file that is refused whole is told by one finding: nothing else is planted in it.
        let mess = if delivery.extra == Some(Extra::Accounts) { &none } else { &mess };
        let paper = with_extra(layout, delivery.extra);
        let sender =
            Sender { world: &world, layout, paper: &paper, mess, output: &output, delivery, number: at + 1 };
        let one = sender.write(&mut truth)?;
        truth.delivery(
            at + 1,
            &delivery.file(),
            how.word(),
            &received(delivery),
            (one.rows, one.standing),
        )?;
        entry(&mut list, &sender, &one.written, *how, &formats);
        summary.files += 1;
        summary.bytes += one.written.bytes;
        summary.rows += one.rows;
        summary.standing += one.standing;
        summary.planted += one.planted;
    }
    output.write("extracts/deliveries.toml", list.as_bytes())?;
    truth.finish(&contracts::frame(&world))?;
    if options.twin {
        twin(&world, &layouts, &output)?;
    }
    Ok(summary)
}

/// Workbooks hold no more than a million rows, and bureaus export text long before. Tables of counties stay what they are.
fn fitting(world: &World, layout: Option<&Layout>, format: Format) -> Format {
    let by_county =
        layout.is_some_and(|layout| layout.columns.iter().any(|column| column.header.contains('/')));
    let small = matches!(format, Format::Html | Format::Ods) || by_county;
    if !format.is_text() && !small && world.scale.registry > WORKBOOKS { Format::CsvBom } else { format }
}

/// The entry of `deliveries.toml`.
fn entry(list: &mut String, sender: &Sender<'_>, written: &Written, how: How, formats: &[(String, Format)]) {
    let delivery = sender.delivery;
    let late = if how == How::Usual { String::new() } else { format!("# {}\n", how.word()) };
    let replaced = delivery.supersedes.iter().filter_map(|name| {
        let format = formats.iter().find(|(other, _)| other == name).map(|(_, format)| *format)?;
        Some(format!("{:?}", file(name, format)))
    });
    let replaced: Vec<String> = replaced.collect();
    // Writing to a String cannot fail.
    let _ = write!(
        list,
        "\n{late}[[delivery]]\nfile = {:?}\nsha256 = \"{}\"\ncontracts = [\"{}\"]\ndepartment = \"{}\"\nperiod = \"{}\"\n\
         received_on = \"{}\"\npartition = \"{}\"\nvintage = \"{}\"\n",
        delivery.file(),
        written.sha256,
        delivery.contract,
        sender.layout.department,
        delivery.period,
        received(delivery),
        sender.partition(),
        delivery.year(),
    );
    if !replaced.is_empty() {
        let _ = writeln!(list, "supersedes = [{}]", replaced.join(", "));
    }
}

/// What is needed to write one file.
struct Sender<'a> {
    world: &'a World,
    layout: &'a Layout,
    /// The layout with what stands behind its columns.
    paper: &'a Layout,
    mess: &'a Mess,
    output: &'a Output,
    delivery: &'a Delivery,
    number: usize,
}

/// What came of one file.
struct One {
    written: Written,
    rows: u64,
    standing: u64,
    planted: u64,
}

/// Where rows go.
enum Page<'a> {
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

impl<'a> Sender<'a> {
    fn partition(&self) -> &str {
        if self.delivery.partition.is_empty() { &self.layout.partition } else { &self.delivery.partition }
    }

    fn path(&self) -> String {
        format!("extracts/{}", file(&self.delivery.name, self.delivery.format))
    }

    fn page(&self) -> Result<Page<'a>, SampleError> {
        let format = self.delivery.format;
        if !format.is_text() {
            return Ok(Page::Sheet(Box::new(Filling::new(self.world, self.paper, self.mess, self.delivery))));
        }
        let mut text = TextFile::create(self.output, &self.path(), format)?;
        text.row(&plain_header(self.paper))?;
        Ok(Page::Text(Box::new(text), 1))
    }

    fn write(&self, truth: &mut Truth) -> Result<One, SampleError> {
        let mut page = self.page()?;
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
        };
        let sheet = if matches!(page, Page::Sheet(_)) && self.delivery.format != Format::Html {
            "Sheet1"
        } else {
            ""
        };
        let name = self.delivery.file();
        let (mut rows, mut standing, mut planted) = (0_u64, 0_u64, 0_u64);
        let of_file = self.of_file(before);
        planted += of_file.len() as u64;
        truth.planted(&name, sheet, &of_file)?;
        let mut linked = Linked::default();
        let mut take = |values: Vec<Value>| -> Result<(), SampleError> {
            truth.secret(self.layout, &values);
            let values = if self.delivery.wrong && rows.is_multiple_of(WRONG_EVERY) {
                self.wrong(values)
            } else {
                values
            };
            let columns = self.layout.columns.iter();
            let cells =
                columns.zip(&values).map(|(column, value)| column.write(&self.world.city, value)).collect();
            let mut line = Line { values, cells, ..Line::default() };
            let row = page.next_row();
            let placed = Placed { careful: placed.careful || self.looked_up(&line.values), ..placed };
            let mut all = self.mess.plant(self.world, self.layout, &placed, &mut line, row);
            rows += 1;
            for secret in &line.secrets {
                truth.secret_text(secret);
            }
            let (extra, secret) = self.extra(row);
            if let Some(secret) = secret {
                truth.secret_text(&secret);
            }
            page.push(&line.values, line.cells.iter().cloned().chain(extra.clone()).collect())?;
            let place = linked.read;
            if !line.refused {
                linked.read(self.layout, &line.values);
            }
            let mut stands = !line.refused && self.delivery.standing == Standing::Rows;
            if let Some(conflict) = line.again {
                let (values, cells) =
                    if conflict { self.other(&line) } else { (line.values.clone(), line.cells.clone()) };
                let (what, finding) = if conflict {
                    ("row with another figure", "conflicting-row")
                } else {
                    ("row repeated", "")
                };
                let twice = page.next_row();
                // What is wrong with the row is wrong again.
                let unlike = |one: &&Planted| {
                    let at = one.column.wrapping_sub(1 + before);
                    !OF_PASS_2.contains(&one.finding) && (!conflict || cells.get(at) == line.cells.get(at))
                };
                let same: Vec<Planted> =
                    all.iter().filter(unlike).map(|one| Planted { row: twice, ..one.clone() }).collect();
                all.extend(same);
                all.push(Planted { row: twice, column: 0, class: "m17", what, finding });
                if conflict {
                    all.push(Planted { row, column: 0, class: "m17", what, finding });
                }
                page.push(&values, cells.into_iter().chain(extra).collect())?;
                linked.read(self.layout, &values);
                rows += 1;
                stands &= !conflict;
            }
            planted += all.len() as u64;
            truth.planted(&name, sheet, &all)?;
            if stands {
                standing += 1;
                if self.layout.linked().is_some() {
                    linked.places.push(place);
                    linked.waiting.push((row, line.values));
                } else {
                    truth.row(self.delivery.contract, self.layout, self.number, row, &line.values)?;
                }
            }
            Ok(())
        };
        (self.delivery.rows)(self.world, &mut take)?;
        for (row, values) in linked.finish() {
            truth.row(self.delivery.contract, self.layout, self.number, row, &values)?;
        }
        let written = match page {
            Page::Text(text, _) => text.finish()?,
            Page::Sheet(filling) => {
                let (sheets, all, secrets) = filling.finish(self.mess);
                for secret in &secrets {
                    truth.secret_text(secret);
                }
                planted += all.len() as u64;
                truth.planted(&name, sheet, &all)?;
                self.output.write(&self.path(), &paper::bytes(self.delivery.format, &sheets)?)?
            }
        };
        Ok(One { written, rows, standing, planted })
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
        all.map(|(column, class, what, finding)| Planted { row: 0, column, class, what, finding }).collect()
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
    fn other(&self, line: &Line) -> (Vec<Value>, Vec<Cell>) {
        let values = self.wrong(line.values.clone());
        let columns = self.layout.columns.iter().zip(&values).zip(line.values.iter().zip(&line.cells));
        let cells =
            columns.map(
                |((column, value), (old, cell))| {
                    if value == old { cell.clone() } else { column.write(&self.world.city, value) }
                },
            );
        let cells = cells.collect();
        (values, cells)
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

/// The rows of a file that share numbers: known when all of them are.
#[derive(Debug, Default)]
struct Linked {
    links: Links,
    /// For each row that stands its place among all rows read; they wait for their numbers.
    places: Vec<usize>,
    waiting: Vec<(u64, Vec<Value>)>,
    read: usize,
}

impl Linked {
    /// Notes a row that is read.
    fn read(&mut self, layout: &Layout, values: &[Value]) {
        let Some(linked) = layout.linked() else { return };
        let shared = linked.links.iter().enumerate().filter_map(|(at, field)| {
            match layout.place(field).map(|at| values.get(at)) {
                Some(Some(Value::Text(text))) => Some((at, text.clone())),
                _ => None,
            }
        });
        self.links.add(shared.collect());
        self.read += 1;
    }

    /// The rows that waited, each with its number behind its columns.
    fn finish(self) -> impl Iterator<Item = (u64, Vec<Value>)> {
        let numbers = self.links.numbers();
        self.places.into_iter().zip(self.waiting).map(move |(at, (row, mut values))| {
            values.push(numbers.get(at).map_or(Value::None, |number| Value::Count(*number)));
            (row, values)
        })
    }
}

/// The register as one clean UTF-8 file.
fn twin(
    world: &World,
    layouts: &std::collections::BTreeMap<String, Layout>,
    output: &Output,
) -> Result<(), SampleError> {
    let Some(layout) = layouts.get("registry") else { return Ok(()) };
    let mut text = TextFile::create(output, "twin/registry.csv", Format::CsvUtf8)?;
    text.row(&plain_header(layout))?;
    for delivery in contracts::deliveries(world, layouts).into_iter().filter(|one| one.contract == "registry")
    {
        (delivery.rows)(world, &mut |values: Vec<Value>| {
            let columns = layout.columns.iter().zip(&values);
            text.row(&columns.map(|(column, value)| column.write(&world.city, value)).collect::<Vec<_>>())
        })?;
    }
    text.finish()?;
    Ok(())
}
