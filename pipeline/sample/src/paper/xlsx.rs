//! Workbooks. Nothing in them says when they were made.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::{Cell, Sheet};
use crate::SampleError;
use crate::calendar;

/// The file.
pub(super) fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, SampleError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2025, 1, 1).map_err(SampleError::paper)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet).map_err(SampleError::paper)?;
    }
    workbook.save_to_buffer().map_err(SampleError::paper)
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), rust_xlsxwriter::XlsxError> {
    worksheet.set_name(&sheet.name)?;
    let day_format = Format::new().set_num_format("yyyy/m/d");
    let centred = Format::new().set_align(rust_xlsxwriter::FormatAlign::Center);
    for (row, cells) in (0_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
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
    worksheet.set_hidden(sheet.hidden);
    Ok(())
}
