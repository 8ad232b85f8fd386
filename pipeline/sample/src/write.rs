//! Writes a sample: each file in the order in which it came, row by row, with the truth beside it and the list of deliveries
//! at the end. Files of text are never held in memory; workbooks are, one at a time.

use std::fmt::Write as _;
use std::path::Path;

use crate::contracts;
use crate::delivery::{Extra, file};
use crate::layout::{Format, Layout, layouts};
use crate::mess::Mess;
use crate::paper::{Output, TextFile, Written};
use crate::sender::Sender;
use crate::sending::{How, send};
use crate::sheet::{plain_header, received};
use crate::truth::Truth;
use crate::value::Value;
use crate::world::World;
use crate::{Options, SampleError};

/// Most registered entities for which lists of events are still sent as workbooks.
const WORKBOOKS: u64 = 3_000_000;

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
        let sender = Sender::new(&world, layout, mess, &output, (at + 1, delivery))?;
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
    let by_county = layout.is_some_and(|layout| {
        !layout.across.is_empty() || layout.columns.iter().any(|column| column.header.contains('/'))
    });
    let small = matches!(format, Format::Html | Format::Ods) || by_county;
    if !format.is_text() && !small && world.scale.registry > WORKBOOKS { Format::CsvBom } else { format }
}

/// The entry of `deliveries.toml`.
fn entry(list: &mut String, sender: &Sender<'_>, written: &Written, how: How, formats: &[(String, Format)]) {
    let (delivery, layout) = (sender.delivery, sender.layout);
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
        layout.department,
        delivery.period,
        received(delivery),
        sender.partition(),
        delivery.year(),
    );
    if !replaced.is_empty() {
        let _ = writeln!(list, "supersedes = [{}]", replaced.join(", "));
    }
}

/// The last copy of the register as one clean UTF-8 file.
fn twin(
    world: &World,
    layouts: &std::collections::BTreeMap<String, Layout>,
    output: &Output,
) -> Result<(), SampleError> {
    let Some(layout) = layouts.get("registry") else { return Ok(()) };
    let mut text = TextFile::create(output, "twin/registry.csv", Format::CsvUtf8)?;
    text.row(&plain_header(layout))?;
    for delivery in contracts::register(world, world.city.last_year, layout.format) {
        (delivery.rows)(world, &mut |values: Vec<Value>| {
            let columns = layout.columns.iter().zip(&values);
            text.row(&columns.map(|(column, value)| column.write(&world.city, value)).collect::<Vec<_>>())
        })?;
    }
    text.finish()?;
    Ok(())
}
