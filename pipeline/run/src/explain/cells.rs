//! The cells of a row: where each value stands, the text as sent read back from the kept file, and what was made of it.
//! Nothing that may not be shown leaves this file, neither as sent nor as read.

use std::collections::BTreeMap;

use ingest::CellAt;
use model::finding::cell_name;
use model::{Field, MeasureUnit, files, text};

use crate::definitions::Definitions;
use crate::explain::answer::{Cell, Row};
use crate::places::Places;

/// What stands for a text that may not be shown.
const MASK: &str = "***";

/// A field of a row, still without the text as sent.
pub(super) fn cell(
    places: &Places,
    origin: i64,
    field: &Field,
    used_as: &'static str,
    value: String,
) -> Cell {
    let column = places.column(origin, &field.name);
    let of = column.and_then(|_| places.of(origin, Some(&field.name)));
    let unit = column.map(|column| column.measure_unit.clone()).unwrap_or_default();
    let parsed = MeasureUnit::parse(&unit);
    let shown = value.is_empty() || ingest::may_show(field);
    Cell {
        field: field.name.clone(),
        name_zh: field.zh.first().cloned().unwrap_or_default(),
        used_as,
        cell: of.map(|of| cell_name(of.row, of.column)),
        raw: None,
        value: if shown { value } else { MASK.to_owned() },
        measure_unit: unit,
        canonical_unit: parsed.as_ref().map(|unit| unit.canonical.clone()).unwrap_or_default(),
        factor: parsed.map(|unit| unit.factor.normalize().to_string()).unwrap_or_default(),
    }
}

/// The texts as sent, read back from the kept files, each opened once.
pub(super) fn fill_in_raw(definitions: &Definitions, places: &Places, fields: &[Field], rows: &mut [Row]) {
    let mut wanted: BTreeMap<String, Vec<(usize, usize, CellAt)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (number, cell) in row.cells.iter().enumerate() {
            let of = places.of(row.origin, Some(&cell.field)).filter(|_| cell.cell.is_some());
            let Some(of) = of else { continue };
            let cell = CellAt { sheet: of.sheet.to_owned(), row: of.row, column: of.column };
            wanted.entry(row.file.clone()).or_default().push((at, number, cell));
        }
    }
    let secret = |name: &str| {
        fields.iter().find(|field| field.name == name).is_none_or(|field| !ingest::may_show(field))
    };
    let folder = definitions.folder.join(&definitions.assessment.folders.extracts);
    for (file, cells) in wanted {
        let delivery = definitions.deliveries.iter().find(|delivery| delivery.file == file);
        let received = delivery.map(|delivery| delivery.received_on.as_str()).unwrap_or_default();
        let Ok(bytes) = files::read(&folder.join(&file)) else { continue };
        let at: Vec<CellAt> = cells.iter().map(|(.., cell)| cell.clone()).collect();
        for ((row, cell, _), raw) in cells.iter().zip(ingest::raw_cells(&bytes, received, &at)) {
            let Some(cell) = rows.get_mut(*row).and_then(|row| row.cells.get_mut(*cell)) else { continue };
            if let Some(raw) = &raw {
                own_unit(cell, &raw.text);
                cell.cell = Some(cell_name(raw.at[0], raw.at[1]));
            }
            cell.raw = if secret(&cell.field) { Some(MASK.to_owned()) } else { raw.map(|raw| raw.text) };
        }
    }
}

/// A cell may name a measure unit of its own, which goes before that of its column; where the value was come by in
/// another way than by a factor, no factor is told.
fn own_unit(cell: &mut Cell, raw: &str) {
    let Some(Ok(value)) = (!cell.factor.is_empty()).then(|| cell.value.parse::<f64>()) else { return };
    let narrow = text::narrow(&text::squeeze(raw)).replace(',', "");
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let Some(start) = narrow.find(is_number) else { return };
    let (number, rest) =
        narrow[start..].split_at(narrow[start..].find(|c| !is_number(c)).unwrap_or(narrow.len() - start));
    let Ok(number) = number.parse::<f64>() else { return };
    let fits = |factor: f64| (number * factor - value.abs()).abs() <= value.abs().max(1.0) * 1e-4;
    if cell.factor.parse().is_ok_and(fits) {
        return;
    }
    let own = MeasureUnit::parse(rest)
        .filter(|own| own.canonical == cell.canonical_unit && own.factor.to_string().parse().is_ok_and(fits));
    cell.measure_unit = if own.is_some() { rest.to_owned() } else { String::new() };
    cell.factor = own.map(|own| own.factor.normalize().to_string()).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str, value: &str) -> (String, String) {
        let mut cell = Cell {
            field: "amount".to_owned(),
            name_zh: "金额".to_owned(),
            used_as: "value",
            cell: Some("B2".to_owned()),
            raw: None,
            value: value.to_owned(),
            measure_unit: "万元".to_owned(),
            canonical_unit: "元".to_owned(),
            factor: "10000".to_owned(),
        };
        own_unit(&mut cell, raw);
        (cell.measure_unit, cell.factor)
    }

    #[test]
    fn the_unit_a_figure_was_read_in() {
        let told = |unit: &str, factor: &str| (unit.to_owned(), factor.to_owned());
        assert_eq!(read("1,234.5", "12345000"), told("万元", "10000"));
        assert_eq!(read("约１００", "1000000"), told("万元", "10000"));
        assert_eq!(read("-3", "-30000"), told("万元", "10000"));
        assert_eq!(read("86181000元", "86181000"), told("元", "1"));
        assert_eq!(read("2亿元", "200000000"), told("亿元", "100000000"));
        assert_eq!(read("7", "12"), told("", ""));
        assert_eq!(read("三百", "3000000"), told("万元", "10000"));
    }
}
