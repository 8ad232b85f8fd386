//! The cells that `explain` names hold the texts it prints, read back with other libraries: workbooks with calamine,
//! texts with encoding_rs and csv, web pages by their rows and cells. Over wide tables, second sheets and every kind of
//! file of the mini city and of the published sample; of each kind some cells must have been compared.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader as _};
use serde_json::Value as Json;

use crate::city::City;

/// Figures of the mini city: over wide tables, tables on a second sheet, texts in three encodings.
const INVENTED: [(&str, &str, &str); 8] = [
    ("p5_04", "tianxuan", "2024"),
    ("p7_01", "douyang", "2022"),
    ("p1_06", "tianxuan", "2024"),
    ("p1_03", "tianxuan", "2024"),
    ("p4_02", "tianxuan", "2024"),
    ("p3_01", "tianxuan", "2023"),
    ("p7_04", "tianxuan", "2024"),
    // Merged cells: the text stands in the first of them.
    ("p2_02", "tianxuan", "2024"),
];

/// Indicators of the published sample, which has pages, old workbooks and long tables.
const PUBLISHED: [&str; 4] = ["pm25", "resident_population", "urban_share", "rd_spending"];

/// What every kind must have at least one of.
const KINDS: [&str; 7] =
    ["xlsx, first sheet", "xlsx, second sheet", "ods", "html", "text gb18030", "text utf-8", "text utf-16"];

/// Texts by row and column, from 1.
type Cells = BTreeMap<(u32, u32), String>;

/// All cells of the sheets of a file by sheet, row, column from 1, and its kind.
struct File {
    kind: &'static str,
    sheets: Vec<(String, Cells)>,
}

impl File {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).to_lowercase();
        if start.contains("<html") || start.contains("<table") {
            let text = encoding_rs::GB18030.decode(&bytes).0.into_owned();
            return Self { kind: "html", sheets: vec![(String::new(), page(&text))] };
        }
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv" | "txt") => {
                let (encoding, kind) = match &bytes[..] {
                    [0xFF, 0xFE, ..] => (encoding_rs::UTF_16LE, "text utf-16"),
                    whole if std::str::from_utf8(whole).is_ok() => (encoding_rs::UTF_8, "text utf-8"),
                    _ => (encoding_rs::GB18030, "text gb18030"),
                };
                Self { kind, sheets: vec![(String::new(), delimited(&encoding.decode(&bytes).0))] }
            }
            ending => {
                let kind = match ending {
                    Some("ods") => "ods",
                    Some("xls") => "xls",
                    _ => "xlsx, first sheet",
                };
                let mut book = calamine::open_workbook_auto(path).unwrap();
                let names = book.sheet_names();
                let sheets = names.into_iter().map(|name| {
                    let cells = grid(&book.worksheet_range(&name).unwrap());
                    (name, cells)
                });
                Self { kind, sheets: sheets.collect() }
            }
        }
    }

    /// The text of a cell, and the kind of place it is.
    fn cell(&self, sheet: &str, cell: &str) -> (&'static str, String) {
        let at = self.sheets.iter().position(|(name, _)| name == sheet).unwrap_or_default();
        let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
        let column = letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
        let row: u32 = cell[letters.len()..].parse().unwrap();
        let kind = if at > 0 && self.kind.starts_with("xlsx") { KINDS[1] } else { self.kind };
        (kind, self.sheets[at].1.get(&(row, column)).cloned().unwrap_or_default())
    }
}

fn grid(range: &calamine::Range<Data>) -> Cells {
    let (row, column) = range.start().unwrap_or_default();
    let text = |data: &Data| match data {
        Data::Float(number) => number.to_string(),
        Data::DateTime(day) => day.as_f64().to_string(),
        other => other.to_string(),
    };
    let place = |at: usize, from: u32| u32::try_from(at).unwrap() + from + 1;
    range.cells().map(|(at, across, data)| ((place(at, row), place(across, column)), text(data))).collect()
}

fn delimited(text: &str) -> Cells {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let tabs = text.lines().next().is_some_and(|line| line.matches('\t').count() > line.matches(',').count());
    let delimiter = if tabs { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut cells = BTreeMap::new();
    // As people count rows: a blank line is one, a line within a cell is none.
    let mut within = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let row = u32::try_from(record.position().unwrap().line()).unwrap() - within;
        within += u32::try_from(record.iter().map(|text| text.matches('\n').count()).sum::<usize>()).unwrap();
        for (at, text) in record.iter().enumerate() {
            cells.insert((row, u32::try_from(at).unwrap() + 1), text.to_owned());
        }
    }
    cells
}

/// The first table of a page; a cell over several rows or columns stands in all of them.
fn page(text: &str) -> Cells {
    let table = text.split_once("<table").unwrap().1.split_once("</table").unwrap().0;
    let mut cells = BTreeMap::new();
    for (row, line) in (1..).zip(table.split("<tr").skip(1)) {
        let mut column = 1;
        for part in line.replace("<th", "<td").split("<td").skip(1) {
            let (head, body) = part.split_once('>').unwrap();
            let body = body.split("</t").next().unwrap();
            let span = |name: &str| -> u32 {
                let after =
                    head.split_once(name).map(|(_, after)| after.trim_start_matches(['=', '"', '\'']));
                let digits: String =
                    after.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
                digits.parse().unwrap_or(1)
            };
            while cells.contains_key(&(row, column)) {
                column += 1;
            }
            for down in 0..span("rowspan") {
                for across in 0..span("colspan") {
                    cells.insert((row + down, column + across), plain(body));
                }
            }
        }
    }
    cells
}

/// A piece of a page without its tags.
fn plain(markup: &str) -> String {
    let pieces = markup.split('<').enumerate();
    let text: String = pieces
        .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, rest)| rest) })
        .collect();
    text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// What was compared of each kind, by name; cells that may not be shown are under `masked`.
fn compare(
    city: &City,
    arguments: &[&str],
    files: &mut BTreeMap<String, File>,
    told: &mut BTreeMap<&'static str, usize>,
) {
    let explained = city.run(arguments);
    assert_eq!(explained.code, Some(0), "{arguments:?} {}", explained.stderr);
    let explained = explained.json();
    let list = |json: &Json, name: &str| json[name].as_array().cloned().unwrap_or_default();
    let parts = list(&explained, "parts").into_iter().flat_map(|part| list(&part, "groups"));
    let left_out = ["rejected", "superseded"].into_iter().flat_map(|name| list(&explained, name));
    for row in parts.chain(left_out).flat_map(|group| list(&group, "rows")) {
        let name = row["file"].as_str().unwrap();
        let file = files
            .entry(name.to_owned())
            .or_insert_with(|| File::read(&city.path(&format!("extracts/{name}"))));
        for cell in list(&row, "cells") {
            let (Some(place), Some(raw)) = (cell["cell"].as_str(), cell["raw"].as_str()) else { continue };
            if raw == "***" {
                assert!(["", "***"].contains(&cell["value"].as_str().unwrap()), "{cell}");
                *told.entry("masked").or_default() += 1;
                continue;
            }
            let (kind, found) = file.cell(row["sheet"].as_str().unwrap(), place);
            let number = |text: &str| text.parse::<f64>().ok();
            let same =
                found.trim() == raw.trim() || number(&found).is_some() && number(&found) == number(raw);
            assert!(same, "{name} ▸ {} ▸ {place}: `{found}` is told as `{raw}`", row["sheet"]);
            *told.entry(kind).or_default() += 1;
        }
    }
}

#[test]
fn cells_of_every_kind_of_file_hold_what_is_printed() {
    let mut told = BTreeMap::new();
    let city = City::invented();
    let wanted: Vec<String> =
        INVENTED.iter().map(|(indicator, ..)| format!("+indicators.{indicator}")).collect();
    let assess: Vec<&str> =
        ["assess", "--quiet"].into_iter().chain(wanted.iter().map(String::as_str)).collect();
    for stage in [&["ingest", "--quiet"][..], &assess] {
        let ran = city.run(stage);
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    }
    let mut files = BTreeMap::new();
    for (indicator, unit, period) in INVENTED {
        compare(&city, &["explain", indicator, unit, period, "--json"], &mut files, &mut told);
    }
    let published = City::new();
    published.run_well();
    let mut files = BTreeMap::new();
    for indicator in PUBLISHED {
        compare(&published, &["explain", indicator, "鹿城", "--json"], &mut files, &mut told);
    }
    let line = format!("cells compared: {told:?}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    for kind in KINDS {
        assert!(told.get(kind).is_some_and(|count| *count > 0), "no cell of {kind}: {told:?}");
    }
}
