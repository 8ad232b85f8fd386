//! xlsx workbooks, read in one pass over each part: `workbook.xml` lists the sheets, `styles.xml` says which numbers are
//! dates and shares, `sharedStrings.xml` holds texts once, and each sheet follows cell by cell.
//!
//! Both editions of the standard (transitional and strict) read alike, because prefixes are not looked at. What a file
//! may leave out is not missed: places of rows and cells, styles, shared texts. What contradicts itself is damaged.

mod sheet;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use crate::format::{Kind, Trouble};
use crate::grid::{Builder, Cell, Sheet};
use crate::number_format::Shown;
use crate::package::Package;
use crate::xml::{attribute, is_set, number};

const KIND: Kind = Kind::Xlsx;

/// What the sheets of a workbook share.
#[derive(Debug, Default)]
struct Book {
    /// The shared texts.
    texts: Vec<Cell>,
    /// What each cell style shows a number as.
    shown: Vec<Shown>,
    /// Days count from 1904.
    since_1904: bool,
}

/// The sheets of a workbook, hidden ones too; charts and macros are no sheets.
pub(crate) fn sheets(package: &mut Package<'_>) -> Result<Vec<Sheet>, Trouble> {
    let main = package.main(KIND)?.filter(|target| package.has(target));
    let main = main.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let relations = package.relations(KIND, &main)?;
    let mut book = Book::default();
    let mut listed: Vec<(String, String, bool)> = Vec::new();
    package.elements(KIND, &main, |name, element| match name {
        // Extensions have an element of this name too, without the attribute.
        "workbookPr" => book.since_1904 |= is_set(element, "date1904"),
        "sheet" => {
            let hidden = attribute(element, "state").is_some_and(|state| state != "visible");
            let of = |name| attribute(element, name).unwrap_or_default();
            listed.push((of("name"), of("id"), hidden));
        }
        _ => {}
    })?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = |kind: &str, name: &str| {
        let related = relations.values().find(|(related, _)| related == kind);
        related.map_or_else(|| format!("{folder}/{name}").to_lowercase(), |(_, target)| target.clone())
    };
    book.shown = styles(package, &beside("styles", "styles.xml"))?;
    if let Some(part) = package.part(KIND, &beside("sharedStrings", "sharedStrings.xml"))? {
        book.texts = text::shared(part)?;
    }
    let mut sheets = Vec::new();
    for (name, id, hidden) in listed {
        let (kind, target) = relations.get(&id).map_or(("", ""), |(kind, target)| (kind, target));
        if !matches!(kind, "worksheet" | "") {
            continue;
        }
        let Some(part) = package.part(KIND, target)? else {
            return Err(Trouble::Damaged(KIND.name(), format!("the sheet {name} is not in it")));
        };
        let mut builder = Builder::new(name);
        if hidden {
            builder.hide();
        }
        sheets.push(sheet::read(part, builder, &book)?);
    }
    Ok(sheets)
}

/// What each cell style shows a number as; nothing where the workbook has no styles.
fn styles(package: &mut Package<'_>, name: &str) -> Result<Vec<Shown>, Trouble> {
    let mut codes: BTreeMap<usize, Shown> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut in_cell_styles = false;
    let shown = |codes: &BTreeMap<usize, Shown>, element: &BytesStart<'_>| {
        let id = number(element, "numFmtId").unwrap_or_default();
        codes.get(&id).copied().unwrap_or_else(|| Shown::built_in(id))
    };
    package.elements(KIND, name, |name, element| match name {
        "numFmt" => {
            let code = attribute(element, "formatCode").unwrap_or_default();
            codes.extend(number(element, "numFmtId").map(|id| (id, Shown::of_code(&code))));
        }
        "cellXfs" => in_cell_styles = true,
        "cellStyles" | "dxfs" | "tableStyles" => in_cell_styles = false,
        "xf" if in_cell_styles => styles.push(shown(&codes, element)),
        _ => {}
    })?;
    Ok(styles)
}
