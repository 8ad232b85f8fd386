//! Rows as tables, one for each file and sheet: every cell with its address, the text as sent and what it was read as.
//! What makes the part is always printed; of the columns that only decide, as many as a screen holds.

use run::explain::{Cell, Row};

use super::Page;
use crate::text_table;

/// So many columns are printed beside those that make the part, or at least so many in all.
const COLUMNS: usize = 4;

impl Page<'_> {
    pub(super) fn rows(&mut self, rows: &[Row], names_others: bool) {
        let mut at = 0;
        let mut untold = Vec::new();
        while let Some(first) = rows.get(at) {
            let same = |row: &&Row| row.file == first.file && row.sheet == first.sheet;
            let of_sheet: Vec<&Row> = rows[at..].iter().take_while(same).collect();
            at += of_sheet.len();
            let place = [first.file.as_str(), first.sheet.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
            self.lines.push(format!("    {}", place.join(" ▸ ")));
            let (shown, others) = columns(&of_sheet);
            let has_cells = of_sheet.iter().any(|row| row.cells.iter().any(|cell| cell.cell.is_some()));
            // A row without a cell is found by its line.
            let line = |text: String| (!has_cells || shown.is_empty()).then_some(text);
            let header: Vec<String> = line(self.label("行", "line"))
                .into_iter()
                .chain(shown.iter().filter_map(|at| first.cells.get(*at)).map(label))
                .collect();
            let body: Vec<Vec<String>> = of_sheet
                .iter()
                .map(|row| {
                    let cells = shown.iter().filter_map(|at| row.cells.get(*at));
                    line(row.line.to_string()).into_iter().chain(cells.map(|cell| self.cell(cell))).collect()
                })
                .collect();
            for line in text_table::lines(&header, &body, &[]) {
                self.lines.push(format!("      {line}"));
            }
            for at in others {
                let label = first.cells.get(at).map(label).unwrap_or_default();
                if !untold.contains(&label) {
                    untold.push(label);
                }
            }
        }
        if names_others && !untold.is_empty() {
            self.tell(
                6,
                &format!("未列出的列：{}", untold.join("、")),
                &format!("columns not shown: {}", untold.join(", ")),
            );
        }
    }

    /// `D7 “1,234.5”万元 → 12345000元（×10000）`.
    fn cell(&self, cell: &Cell) -> String {
        let place = cell.cell.clone().unwrap_or_default();
        let raw = match cell.raw.as_deref() {
            None => String::new(),
            Some("") => if self.is_chinese() { "（空白）" } else { "(blank)" }.to_owned(),
            Some(raw) => format!("“{raw}”"),
        };
        let converted = !cell.factor.is_empty() && cell.factor != "1";
        let unit = if converted { cell.measure_unit.as_str() } else { "" };
        let sent = format!("{place} {raw}{unit}").trim().to_owned();
        let same = cell.raw.as_deref() == Some(cell.value.as_str());
        let (open, close) = if self.is_chinese() { ("（", "）") } else { (" (", ")") };
        let factor = format!("{open}×{}{close}", cell.factor);
        let value = match (cell.value.as_str(), converted) {
            ("", _) => "—".to_owned(),
            (value, true) => format!("{value}{}{factor}", cell.canonical_unit),
            (value, false) => value.to_owned(),
        };
        match (sent.is_empty(), same) {
            (true, _) => value,
            (false, true) => sent,
            (false, false) => format!("{sent} → {value}"),
        }
    }
}

/// The columns to print and those to leave out: all that make the part; then those that stand in cells, groups first.
fn columns(rows: &[&Row]) -> (Vec<usize>, Vec<usize>) {
    let Some(first) = rows.first() else { return (Vec::new(), Vec::new()) };
    let of = |wanted: &dyn Fn(&Cell) -> bool| -> Vec<usize> {
        let cells = first.cells.iter().enumerate();
        cells.filter(|(_, cell)| wanted(cell)).map(|(at, _)| at).collect()
    };
    let mut shown = of(&|cell| cell.used_as == "value");
    let in_cells = of(&|cell| cell.used_as != "value" && cell.cell.is_some());
    let elsewhere = of(&|cell| cell.used_as != "value" && cell.cell.is_none());
    let room = COLUMNS.saturating_sub(shown.len()).max(2);
    let mut others: Vec<usize> = in_cells.into_iter().chain(elsewhere).collect();
    let rest = others.split_off(others.len().min(room));
    shown.extend(others);
    (shown, rest)
}

fn label(cell: &Cell) -> String {
    let name = if cell.name_zh.is_empty() { &cell.field } else { &cell.name_zh };
    let mark = if cell.used_as == "value" { "*" } else { "" };
    format!("{mark}{name}")
}
