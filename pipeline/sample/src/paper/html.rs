//! Web pages that bureaus' systems export under the name of a workbook: one table, spans for merged cells, GB18030 that
//! says it is GB2312.

use std::fmt::Write as _;

use encoding_rs::GB18030;

use super::{Cell, Sheet, escaped};

/// The page.
pub(super) fn bytes(sheets: &[Sheet]) -> Vec<u8> {
    let mut page = String::from(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<head>\n\
         <meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">\n\
         <style>td {mso-number-format:\"\\@\";}</style>\n</head>\n<body>\n",
    );
    for sheet in sheets.iter().filter(|sheet| !sheet.hidden) {
        table(sheet, &mut page);
    }
    page.push_str("</body>\n</html>\n");
    GB18030.encode(&page).0.into_owned()
}

fn table(sheet: &Sheet, page: &mut String) {
    page.push_str("<table border=1>\n");
    let width = sheet.width();
    for (at, row) in sheet.rows.iter().enumerate() {
        page.push_str("<tr>");
        for column in 0..width {
            if sheet.covered(at, column) {
                continue;
            }
            page.push_str("<td");
            if let Some(merge) = sheet.begins(at, column) {
                // Writing to a String cannot fail.
                let _ = write!(page, " colspan={}", merge.right - merge.left + 1);
                let _ = write!(page, " rowspan={}", merge.bottom - merge.top + 1);
            }
            page.push('>');
            page.push_str(&escaped(&row.get(column).map(Cell::shown).unwrap_or_default()));
            page.push_str("</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}
