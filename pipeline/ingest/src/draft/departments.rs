//! Which department sent a file, where the file names one: in titles, lines, notes, or its own name.

use model::{Reference, text};

use super::parts::Part;
use crate::rows;

/// The department whose name stands in the file; of several the longest name, which is the most exact.
pub(crate) fn named(reference: &Reference, parts: &[Part<'_>], file: &str) -> Option<String> {
    let mut texts: Vec<String> = vec![text::squeeze(file)];
    for part in parts {
        texts.extend(part.above.titles.iter().map(|title| text::squeeze(title)));
        for row in part.block.first..part.block.end {
            let cells = part.sheet.cells(row);
            let note = cells.first().is_some_and(|(_, cell)| rows::is_note(&cell.label()));
            if note || row < part.block.band.top {
                texts.extend(cells.iter().map(|(_, cell)| cell.label()));
            }
        }
    }
    let names = names(reference);
    let found = names.iter().filter(|(name, _)| texts.iter().any(|text| text.contains(name.as_str())));
    found.max_by_key(|(name, _)| name.chars().count()).map(|(_, id)| id.clone())
}

/// The department to write where none is named: the first of the list.
pub(crate) fn any(reference: &Reference) -> Option<String> {
    let table = reference.tables.get("departments")?;
    table.rows.first()?.first().cloned()
}

/// Every name of every department, squeezed.
fn names(reference: &Reference) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for (table, columns, id) in [
        ("departments", ["name_zh", "name_full_zh"].as_slice(), "id"),
        ("department_names", &["name_zh"], "department"),
    ] {
        let Some(table) = reference.tables.get(table) else { continue };
        let at = |name: &str| table.definition.columns.iter().position(|column| column.name == name);
        let Some(id) = at(id) else { continue };
        for column in columns.iter().filter_map(|name| at(name)) {
            for row in &table.rows {
                if let (Some(name), Some(id)) = (row.get(column), row.get(id))
                    && name.chars().count() >= 3
                {
                    names.push((text::squeeze(name), id.clone()));
                }
            }
        }
    }
    names
}
