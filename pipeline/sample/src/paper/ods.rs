//! OpenDocument sheets: as little of the format as other programs need to open them.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Cell, Sheet, escaped};
use crate::SampleError;
use crate::calendar;

const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.2\">\n\
<manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\n\
<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\n</manifest:manifest>\n";

/// The file.
pub(super) fn bytes(sheets: &[Sheet]) -> Result<Vec<u8>, SampleError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let packed = stored.compression_method(CompressionMethod::Deflated);
    let content = content(sheets);
    // The type comes first and unpacked, so that the start of the file says what it is.
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", stored),
        ("content.xml", content.as_str(), packed),
        ("META-INF/manifest.xml", MANIFEST, packed),
    ];
    for (name, text, options) in parts {
        zip.start_file(name, options).map_err(SampleError::paper)?;
        zip.write_all(text.as_bytes()).map_err(SampleError::paper)?;
    }
    Ok(zip.finish().map_err(SampleError::paper)?.into_inner())
}

fn content(sheets: &[Sheet]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">\
         <office:automatic-styles><style:style style:name=\"ta_hidden\" style:family=\"table\">\
         <style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>",
    );
    for sheet in sheets {
        let style = if sheet.hidden { " table:style-name=\"ta_hidden\"" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(xml, "<table:table table:name=\"{}\"{style}>", escaped(&sheet.name));
        let width = sheet.width().max(1);
        columns(sheet, width, &mut xml);
        for (at, row) in sheet.rows.iter().enumerate() {
            let hidden = sheet.hidden_rows.iter().any(|hidden| *hidden as usize == at);
            xml.push_str(if hidden {
                "<table:table-row table:visibility=\"collapse\">"
            } else {
                "<table:table-row>"
            });
            for column in 0..width {
                cell(sheet, at, column, row.get(column).unwrap_or(&Cell::Empty), &mut xml);
            }
            xml.push_str("</table:table-row>");
        }
        xml.push_str("</table:table>");
    }
    xml.push_str("</office:spreadsheet></office:body></office:document-content>\n");
    xml
}

fn columns(sheet: &Sheet, width: usize, xml: &mut String) {
    if sheet.hidden_columns.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(xml, "<table:table-column table:number-columns-repeated=\"{width}\"/>");
        return;
    }
    for column in 0..width {
        let hidden = sheet.hidden_columns.iter().any(|hidden| usize::from(*hidden) == column);
        xml.push_str(if hidden {
            "<table:table-column table:visibility=\"collapse\"/>"
        } else {
            "<table:table-column/>"
        });
    }
}

fn cell(sheet: &Sheet, row: usize, column: usize, cell: &Cell, xml: &mut String) {
    if sheet.covered(row, column) {
        xml.push_str("<table:covered-table-cell/>");
        return;
    }
    xml.push_str("<table:table-cell");
    if let Some(merge) = sheet.begins(row, column) {
        let (columns, rows) = (merge.right - merge.left + 1, merge.bottom - merge.top + 1);
        let _ =
            write!(xml, " table:number-columns-spanned=\"{columns}\" table:number-rows-spanned=\"{rows}\"");
    }
    match cell {
        Cell::Empty => return xml.push_str("/>"),
        Cell::Formula(formula) => {
            let _ = write!(xml, " table:formula=\"of:={}\"/>", escaped(formula));
            return;
        }
        Cell::Number(digits) => {
            let _ = write!(
                xml,
                " office:value-type=\"float\" office:value=\"{digits}\"><text:p>{digits}</text:p>"
            );
        }
        Cell::Serial(day) => {
            let day = calendar::iso(*day);
            let _ =
                write!(xml, " office:value-type=\"date\" office:date-value=\"{day}\"><text:p>{day}</text:p>");
        }
        Cell::Text(text) => {
            let _ = write!(xml, " office:value-type=\"string\"><text:p>{}</text:p>", escaped(text));
        }
    }
    xml.push_str("</table:table-cell>");
}
