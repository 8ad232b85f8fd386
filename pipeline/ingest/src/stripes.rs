//! Tables side by side in one sheet: each is read as if it stood in a sheet of its own, in its own columns.
//!
//! They are known without any contract: a header row whose first label comes again further right, with texts or running
//! numbers below it, where either blank columns part the tables or all of them have the same labels — a long list folded
//! to fit a page. What stands above in one cell alone is the title of all.

use crate::grid::{Builder, Region, Sheet, TooBig};
use crate::{rows, values};

/// In how many rows from the top the header may stand.
const TOP: usize = 30;
/// How many rows below the header are looked at.
const LOOK_BELOW: usize = 50;
/// How many rows tell whether there are several tables.
pub(crate) const LOOKED_AT: usize = TOP + LOOK_BELOW;

impl Sheet {
    /// The tables side by side, each in its own columns of a sheet like this one; `None` where there is but one.
    ///
    /// # Errors
    /// Never for a sheet that exists; its limits are those of the parts.
    pub(crate) fn stripes(&self) -> Result<Option<Vec<Self>>, TooBig> {
        let Some((header, starts)) =
            (0..self.height().min(TOP)).find_map(|row| Some((row, starts(self, row)?)))
        else {
            return Ok(None);
        };
        let ends = starts.iter().skip(1).copied().chain(std::iter::once(usize::MAX));
        let ends: Vec<usize> = ends.collect();
        let mut all = Vec::new();
        for (at, (start, end)) in starts.iter().zip(ends).enumerate() {
            let start = if at == 0 { 0 } else { *start };
            all.push(self.stripe(at, header, start, end)?);
        }
        Ok(Some(all))
    }

    /// The columns from `start` to before `end`, and the titles above the header.
    fn stripe(&self, number: usize, header: usize, start: usize, end: usize) -> Result<Self, TooBig> {
        let mut builder = Builder::new(self.name.as_str());
        for row in 0..self.height() {
            let cells = self.cells(row);
            let title = row < header && cells.len() == 1;
            for (column, cell) in cells.iter().filter(|(column, _)| title || (start..end).contains(column)) {
                builder.set(row, *column, cell.clone())?;
            }
            let own = |region: &&Region| region.top == row && (start..end).contains(&region.left);
            self.merges_of(row).filter(own).for_each(|region| {
                builder.merge(Region { right: region.right.min(end.saturating_sub(1)), ..*region });
            });
        }
        self.hidden_rows().for_each(|row| builder.hide_rows(row, row));
        self.hidden_columns().into_iter().for_each(|column| builder.hide_columns(column, column));
        if self.hidden {
            builder.hide();
        }
        if !self.hidden_known {
            builder.hidden_unknown();
        }
        let mut sheet = builder.finish()?;
        sheet.stripe = number;
        Ok(sheet)
    }
}

/// Where the tables begin whose headers stand in a row; `None` unless there are several.
fn starts(sheet: &Sheet, row: usize) -> Option<Vec<usize>> {
    let cells = sheet.cells(row);
    if cells.len() < 4 || cells.iter().any(|(_, cell)| values::looks_numeric(cell)) {
        return None;
    }
    let labels: Vec<(usize, String)> = cells.iter().map(|(column, cell)| (*column, cell.label())).collect();
    let first = &labels.first()?.1;
    let begins: Vec<usize> =
        (0..labels.len()).filter(|at| labels.get(*at).is_some_and(|(_, label)| label == first)).collect();
    let tables: Vec<&[(usize, String)]> = begins
        .iter()
        .zip(begins.iter().skip(1).copied().chain(std::iter::once(labels.len())))
        .filter_map(|(from, to)| labels.get(*from..to))
        .collect();
    if tables.len() < 2 || tables.iter().any(|table| table.len() < 2) {
        return None;
    }
    let starts: Vec<usize> = tables.iter().filter_map(|table| Some(table.first()?.0)).collect();
    let below = row + 1..sheet.height().min(row + 1 + LOOK_BELOW);
    let names = |start: &usize| {
        let mut cells =
            below.clone().map(|row| sheet.cell(row, *start)).filter(|cell| !cell.is_empty()).peekable();
        let running = rows::RUNNING.contains(&first.as_str());
        cells.peek().is_some() && cells.all(|cell| running || !values::looks_numeric(cell))
    };
    let crossed = sheet
        .merges_of(row)
        .any(|region| starts.iter().skip(1).any(|start| region.left < *start && *start <= region.right));
    if crossed || !starts.iter().all(names) {
        return None;
    }
    let last = sheet.last_filled();
    let blank = |column: usize| last.get(column).copied().flatten().is_none_or(|end| end < row);
    let parted = tables.windows(2).all(|pair| {
        let (Some((left, _)), Some((right, _))) = (pair[0].last(), pair[1].first()) else { return false };
        (left + 1..*right).any(blank)
    });
    // A row of words among the data repeats some too: above a header stand titles, one for each table at most.
    if (0..row).any(|above| sheet.cells(above).len() > tables.len()) {
        return None;
    }
    let single = row.checked_sub(1).is_none_or(|above| sheet.cells(above).len() < 2);
    let of = |table: &[(usize, String)]| table.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>();
    let folded = single && tables.windows(2).all(|pair| of(pair[0]) == of(pair[1]));
    (parted || folded).then_some(starts)
}

#[cfg(test)]
mod tests {
    use crate::delimited;

    fn parts(text: &str) -> Vec<String> {
        let sheet = delimited::sheet(text).unwrap();
        let line = |sheet: &crate::grid::Sheet, row| {
            let cells = sheet.cells(row).iter().map(|(column, cell)| format!("{column}{}", cell.label()));
            cells.collect::<Vec<_>>().join(" ")
        };
        let all = sheet.stripes().unwrap().unwrap_or_default();
        all.iter()
            .map(|part| (0..part.height()).map(|row| line(part, row)).collect::<Vec<_>>().join("; "))
            .collect()
    }

    #[test]
    fn tables_side_by_side() {
        assert_eq!(
            parts("名单\n地区,户数,,地区,金额\n甲,1,,乙,2\n丙,3,,,\n"),
            ["0名单; 0地区 1户数; 0甲 11; 0丙 13", "0名单; 3地区 4金额; 3乙 42"]
        );
        assert_eq!(
            parts("序号,名称,序号,名称\n1,甲,3,丙\n2,乙,4,丁\n"),
            ["0序号 1名称; 01 1甲; 02 1乙", "2序号 3名称; 23 3丙; 24 3丁"]
        );
    }

    #[test]
    fn repeated_labels_of_one_table() {
        for text in [
            "户数,金额,户数,金额\n1,2,3,4\n",
            "地区,户数,地区,金额\n甲,1,乙,2\n",
            ",2023年,,2024年,\n名称,户数,名称,户数\n甲,1,乙,2\n",
            "名称,名称\n甲,乙\n",
            "申请人,类别,备注,担保人,结果\n张三,甲,,张三,通过\n李四,乙,,王五,通过\n",
            "甲方,答,乙方,答\n一、城区,,,\n是,否,是,否\n是,否,是,否\n",
        ] {
            assert!(parts(text).is_empty(), "{text}");
        }
    }
}
