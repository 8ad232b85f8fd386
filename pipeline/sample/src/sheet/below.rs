//! What stands below the data or is hidden among them: totals, notes, a hidden row, a hidden column.

use super::Filling;
use crate::codes;
use crate::layout::Form;
use crate::mess::Planted;
use crate::names;
use crate::paper::Cell;
use crate::value::Value;

impl Filling<'_> {
    pub(super) fn total(&mut self) {
        let city = &self.world.city;
        let label = self.draw.pick(&["合计", "合  计", "全市合计", "总计"]);
        let mut row = if self.layout.running.is_empty() { Vec::new() } else { vec![Cell::Empty] };
        for (column, sum) in self.layout.columns.iter().zip(&self.sums) {
            row.push(match column.form {
                Form::Unit => Cell::text(label),
                Form::Count => column.write(city, &Value::Count(*sum)),
                Form::Money => column.write(city, &Value::Money(*sum)),
                Form::Measure if column.adds_up() => column.write(city, &Value::Measure(*sum)),
                _ => Cell::Empty,
            });
        }
        self.sheet.rows.push(row);
        self.note("m04", "total row", "");
    }

    /// A row that its author hid instead of deleting it.
    pub(super) fn hide_row(&mut self) {
        let Some(last) = self.sheet.rows.iter().rev().find(|row| row.len() > 2).cloned() else { return };
        let at = u32::try_from(self.sheet.rows.len()).unwrap_or_default();
        self.sheet.rows.push(last);
        self.sheet.hidden_rows.push(at);
        self.note("m19", "hidden row", "hidden-rows");
    }

    /// A column behind the others that its author hid.
    pub(super) fn hide_column(&mut self) {
        let width = self.before() + self.layout.columns.len();
        for (at, row) in self.sheet.rows.iter_mut().enumerate().filter(|(_, row)| row.len() == width) {
            match self.heads.iter().find(|head| head.contains(&at)) {
                Some(head) if at + 1 == head.end => row.push(Cell::text("校验")),
                Some(_) => {}
                None => row.push(Cell::Number((at * 7 % 10).to_string())),
            }
        }
        self.sheet.hidden_columns.extend(u16::try_from(width));
        let planted =
            Planted { class: "m19", what: "hidden column", finding: "hidden-columns", ..Planted::default() };
        self.planted.push(planted);
    }

    pub(super) fn notes(&mut self) {
        self.sheet.rows.push(vec![Cell::text("注：1.数据为快报数，以年报为准。")]);
        self.note("m05", "note", "");
        if self.draw.happens(500) {
            let (checker, writer) = (names::person(&mut self.draw), names::person(&mut self.draw));
            let phone = codes::telephone(self.draw.below(70_000));
            let text = format!("审核人：{checker}     填表人：{writer}     联系电话：{phone}");
            self.sheet.rows.push(vec![Cell::text(text)]);
            self.note("m05", "persons in the footer", "");
            self.secrets.extend([checker, writer, phone]);
        }
    }
}
