//! What stands above the data: title rows, and a header of one to three levels with merged cells.

use super::Filling;
use crate::delivery::Delivery;
use crate::paper::{Cell, Merge};

impl Filling<'_> {
    pub(super) fn titles(&mut self, delivery: &Delivery) {
        if self.draw.happens(400) {
            self.sheet.rows.push(vec![Cell::text(format!("附件{}", self.draw.between(1, 6)))]);
            self.note("m01", "title row", "");
        }
        let period =
            delivery.period.parse().map_or(delivery.period.clone(), |period: model::Period| period.name_zh());
        self.sheet.rows.push(vec![Cell::text(format!("{}（{period}）", self.layout.title))]);
        self.note("m01", "title row", "");
        let width = self.before() + self.layout.columns.len();
        let top = u32::try_from(self.sheet.rows.len() - 1).unwrap_or_default();
        let right = u16::try_from(width - 1).unwrap_or_default();
        self.sheet.merges.push(Merge { top, left: 0, bottom: top, right });
        if !self.layout.unit_row.is_empty() {
            let text = format!("填报单位：星州市有关部门          {}", self.layout.unit_row);
            self.sheet.rows.push(vec![Cell::text(text)]);
            self.note("m01", "row of measure units", "");
        }
    }

    pub(super) fn header(&mut self) {
        let mut paths: Vec<Vec<&str>> = Vec::new();
        if !self.layout.running.is_empty() {
            paths.push(vec![self.layout.running.as_str()]);
        }
        paths.extend(self.layout.columns.iter().map(|column| column.header.split('/').collect::<Vec<_>>()));
        let height = paths.iter().map(Vec::len).max().unwrap_or(1);
        let top = self.sheet.rows.len();
        self.heads.push(top..top + height);
        // A label stands at the top of its column; the last one of a shorter path reaches down.
        let label =
            |path: &[&str], level: usize| path.get(level).map(|label| Cell::text(*label)).unwrap_or_default();
        for level in 0..height {
            let row = paths.iter().enumerate().map(|(at, path)| {
                let inner = level + 1 < path.len();
                let same = inner
                    && at > 0
                    && paths.get(at - 1).and_then(|left| left.get(..=level)) == path.get(..=level);
                if same { Cell::Empty } else { label(path, level) }
            });
            let row = row.collect();
            self.sheet.rows.push(row);
        }
        if height == 1 {
            return;
        }
        self.note("m02", "header of several levels", "");
        let number = |at: usize| u16::try_from(at).unwrap_or_default();
        let line = |at: usize| u32::try_from(top + at).unwrap_or_default();
        for (at, path) in paths.iter().enumerate() {
            if path.len() < height {
                let first = path.len() - 1;
                self.sheet.merges.push(Merge {
                    top: line(first),
                    left: number(at),
                    bottom: line(height - 1),
                    right: number(at),
                });
            }
            for level in 0..path.len() - 1 {
                let group = path.get(..=level);
                let begins = at == 0 || paths.get(at - 1).and_then(|left| left.get(..=level)) != group;
                let width = paths
                    .iter()
                    .skip(at)
                    .take_while(|other| other.get(..=level) == group && other.len() > level + 1)
                    .count();
                if begins && width > 1 {
                    let right = number(at + width - 1);
                    self.sheet.merges.push(Merge {
                        top: line(level),
                        left: number(at),
                        bottom: line(level),
                        right,
                    });
                }
            }
        }
    }
}
