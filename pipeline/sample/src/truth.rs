//! The truth beside the files: for each contract the rows that must stand in the end, what was planted where and what it
//! should lead to, how each file was sent, and the survey's frame.
//!
//! `delivery` is the number of the file in `deliveries.toml`, `row` its sheet row. Where a later file says the same values
//! again, the row named is the later one. `period` is that of the file where the rows do not state their own. Personal fields are not told, except in `secrets.txt`, which lists what must turn
//! up nowhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::SampleError;
use crate::delivery::Delivery;
use crate::layout::{Format, Layout};
use crate::mess::Planted;
use crate::names::persons_in;
use crate::paper::{Cell, Output, TextFile};
use crate::value::Value;

/// The files of the truth while they are written.
#[derive(Debug)]
pub(crate) struct Truth {
    output: Output,
    tables: BTreeMap<String, TextFile>,
    planted: TextFile,
    deliveries: TextFile,
    secrets: BTreeSet<String>,
}

/// Secrets longer than this are sentences; what is personal in them is listed by itself.
const SENTENCE: usize = 24;

fn texts<const N: usize>(texts: [&str; N]) -> Vec<Cell> {
    texts.map(Cell::text).to_vec()
}

impl Truth {
    pub(crate) fn create(output: &Output) -> Result<Self, SampleError> {
        let mut planted = TextFile::create(output, "truth/planted.csv", Format::CsvUtf8)?;
        planted.row(&texts(["file", "sheet", "row", "column", "field", "class", "what", "finding"]))?;
        let mut deliveries = TextFile::create(output, "truth/deliveries.csv", Format::CsvUtf8)?;
        deliveries.row(&texts(["number", "file", "how", "received_on", "sent_rows", "standing_rows"]))?;
        let (tables, secrets) = (BTreeMap::new(), BTreeSet::new());
        Ok(Self { output: output.clone(), tables, planted, deliveries, secrets })
    }

    /// A row that stands, of the file with this number; its values are those of the columns, and behind them what the
    /// reader makes of them.
    pub(crate) fn row(
        &mut self,
        layout: &Layout,
        (number, delivery): (usize, &Delivery),
        row: u64,
        values: &[Value],
    ) -> Result<(), SampleError> {
        let contract = delivery.contract;
        let of_file = layout.place("period").is_none();
        if !self.tables.contains_key(contract) {
            let name = format!("truth/{contract}.csv");
            let mut table = TextFile::create(&self.output, &name, Format::CsvUtf8)?;
            let fields = layout.columns.iter().filter(|column| !column.secret);
            let fields = fields.map(|column| &column.field);
            let derived = layout.derived.iter().map(|derived| &derived.field);
            let head = ["delivery", "row"].into_iter().chain(of_file.then_some("period"));
            let head = head.chain(fields.chain(derived).map(String::as_str));
            table.row(&head.map(Cell::text).collect::<Vec<_>>())?;
            self.tables.insert(contract.to_owned(), table);
        }
        let Some(table) = self.tables.get_mut(contract) else { return Ok(()) };
        let mut cells = vec![Cell::Text(number.to_string()), Cell::Text(row.to_string())];
        cells.extend(of_file.then(|| Cell::text(delivery.period.as_str())));
        let individual = values.contains(&Value::Word("individual")) && contract == "registry";
        for (column, value) in layout.columns.iter().zip(values).filter(|(column, _)| !column.secret) {
            // The name of an individual business is often its owner's.
            let told = if individual && column.field == "name" { String::new() } else { value.truth() };
            cells.push(Cell::Text(told));
        }
        for (derived, value) in layout.derived.iter().zip(values.iter().skip(layout.columns.len())) {
            // What it is made from may have been lost on the way.
            let made_from = layout.place(&derived.of).and_then(|at| values.get(at));
            let lost = made_from == Some(&Value::None);
            cells.push(Cell::Text(if lost { String::new() } else { value.truth() }));
        }
        table.row(&cells)
    }

    /// Personal values of a row, kept or not.
    pub(crate) fn secret(&mut self, layout: &Layout, values: &[Value]) {
        for (column, value) in layout.columns.iter().zip(values).filter(|(column, _)| column.secret) {
            if let Value::Text(text) = value {
                self.secrets.extend(persons_in(text));
            }
            // A credit code is personal where it tells who answered, and stands in other tables.
            if let (Value::Text(text), true) = (value, column.field != "uscc")
                && text.chars().count() <= SENTENCE
                && !self.secrets.contains(text)
            {
                self.secrets.insert(text.clone());
            }
        }
    }

    /// A value that must turn up nowhere.
    pub(crate) fn secret_text(&mut self, text: &str) {
        self.secrets.insert(text.to_owned());
    }

    /// Things planted in a file.
    pub(crate) fn planted(&mut self, file: &str, sheet: &str, all: &[Planted]) -> Result<(), SampleError> {
        for one in all {
            let (row, column) = (one.row.to_string(), one.column.to_string());
            self.planted.row(&texts([
                file,
                sheet,
                &row,
                &column,
                &one.field,
                one.class,
                one.what,
                one.finding,
            ]))?;
        }
        Ok(())
    }

    /// A file.
    pub(crate) fn delivery(
        &mut self,
        number: usize,
        file: &str,
        how: &str,
        received: &str,
        (sent, standing): (u64, u64),
    ) -> Result<(), SampleError> {
        let (number, sent, standing) = (number.to_string(), sent.to_string(), standing.to_string());
        self.deliveries.row(&texts([&number, file, how, received, &sent, &standing]))
    }

    /// Ends all files.
    pub(crate) fn finish(
        self,
        frame: &BTreeMap<(i32, String, &'static str), u64>,
    ) -> Result<(), SampleError> {
        for table in self.tables.into_values() {
            table.finish()?;
        }
        self.planted.finish()?;
        self.deliveries.finish()?;
        let mut strata = TextFile::create(&self.output, "truth/survey_frame.csv", Format::CsvUtf8)?;
        strata.row(&texts(["year", "unit", "industry_group", "enterprises"]))?;
        for ((year, unit, group), count) in frame {
            let (year, count) = (year.to_string(), count.to_string());
            strata.row(&texts([&year, unit, group, &count]))?;
        }
        strata.finish()?;
        let secrets: String = self.secrets.iter().flat_map(|secret| [secret.as_str(), "\n"]).collect();
        self.output.write("truth/secrets.txt", secrets.as_bytes())?;
        Ok(())
    }
}
