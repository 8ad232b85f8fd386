//! Workbooks. Nothing in them says when they were made.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::{Cell, Sheet};
use crate::SampleError;
use crate::calendar;

/// Stands for the value of a formula that has none until it is taken out.
const UNKNOWN: &str = "?";

/// The file.
pub(super) fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, SampleError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2025, 1, 1).map_err(SampleError::paper)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet).map_err(SampleError::paper)?;
    }
    let bytes = workbook.save_to_buffer().map_err(SampleError::paper)?;
    let formulas = sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten());
    let formulas = formulas.filter(|cell| matches!(cell, Cell::Formula(_))).count();
    if formulas == 0 { Ok(bytes) } else { without_values(bytes) }
}

/// The workbook as a program leaves it that works no formula out: the writer has no way to leave a value out.
fn without_values(bytes: Vec<u8>) -> Result<Vec<u8>, SampleError> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).map_err(SampleError::paper)?;
    let unknown = format!("</f><v>{UNKNOWN}</v>");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).map_err(SampleError::paper)?;
        let mut content = String::new();
        part.read_to_string(&mut content).map_err(SampleError::paper)?;
        let content = content.replace(" t=\"str\"><f>", "><f>").replace(&unknown, "</f>");
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let name = part.name().map_err(SampleError::paper)?.into_owned();
        to.start_file(name, options).map_err(SampleError::paper)?;
        to.write_all(content.as_bytes()).map_err(SampleError::paper)?;
    }
    Ok(to.finish().map_err(SampleError::paper)?.into_inner())
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), rust_xlsxwriter::XlsxError> {
    worksheet.set_name(&sheet.name)?;
    let day_format = Format::new().set_num_format("yyyy/m/d");
    let centred = Format::new().set_align(rust_xlsxwriter::FormatAlign::Center);
    for (row, cells) in (0_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Formula(formula) => {
                    worksheet.write_formula(row, column, Formula::new(formula).set_result(UNKNOWN))?;
                }
                Cell::Text(text) => {
                    worksheet.write_string(row, column, text)?;
                }
                Cell::Number(digits) => match digits.parse::<f64>() {
                    Ok(number) => {
                        worksheet.write_number(row, column, number)?;
                    }
                    Err(_) => {
                        worksheet.write_string(row, column, digits)?;
                    }
                },
                Cell::Serial(day) => {
                    // Days of workbooks count from the last but one of 1899.
                    let serial = f64::from(*day - calendar::day(1899, 12, 30));
                    worksheet.write_number_with_format(row, column, serial, &day_format)?;
                }
            }
        }
    }
    for merge in &sheet.merges {
        let text = sheet.rows.get(merge.top as usize).and_then(|row| row.get(usize::from(merge.left)));
        let text = text.map(Cell::shown).unwrap_or_default();
        worksheet.merge_range(merge.top, merge.left, merge.bottom, merge.right, &text, &centred)?;
    }
    for row in &sheet.hidden_rows {
        worksheet.set_row_hidden(*row)?;
    }
    for column in &sheet.hidden_columns {
        worksheet.set_column_hidden(*column)?;
    }
    worksheet.set_hidden(sheet.hidden);
    Ok(())
}
