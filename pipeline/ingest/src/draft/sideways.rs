//! Tables that lie on their side: field labels stand in the first column, and each further column is one thing.
//!
//! Told only where nothing speaks for another reading: every row is of one kind (numbers or texts) over all its columns,
//! while every column mixes both, and no label is a period, of which rows are records.

use std::collections::{BTreeMap, BTreeSet};

use super::band::is_dash;
use super::blocks::{is_number, period_of};
use crate::grid::{Cell, Sheet};

/// Larger sheets are lists.
const MOST_ROWS: usize = 200;

/// The sheet turned, if its table lies on its side.
pub(crate) fn turned(sheet: &Sheet) -> Option<Sheet> {
    if sheet.height() > MOST_ROWS {
        return None;
    }
    let rows: Vec<usize> = (0..sheet.height()).filter(|row| sheet.cells(*row).len() > 1).collect();
    let label = sheet.cells(*rows.first()?).first().map(|(column, _)| *column)?;
    let mut labels = BTreeSet::new();
    let (mut numbers, mut texts) = (0, 0);
    let mut kinds: BTreeMap<usize, BTreeSet<bool>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let head = sheet.cell(*row, label);
        let values: Vec<&(usize, Cell)> =
            sheet.cells(*row).iter().filter(|(column, cell)| *column != label && !is_dash(cell)).collect();
        if head.is_empty() || is_number(head) || period_of(head).is_some() || !labels.insert(head.label()) {
            return None;
        }
        let own: BTreeSet<bool> = values.iter().map(|(_, cell)| is_number(cell)).collect();
        if own.len() > 1 || (at == 0 && values.iter().any(|(_, cell)| period_of(cell).is_some())) {
            return None;
        }
        if at > 0 {
            *(if own.contains(&true) { &mut numbers } else { &mut texts }) += 1;
            for (column, cell) in values {
                kinds.entry(*column).or_default().insert(is_number(cell));
            }
        }
    }
    let mixed = kinds.values().filter(|kinds| kinds.len() == 2).count();
    let sure = numbers >= 1 && texts >= 2 && kinds.len() >= 2 && mixed == kinds.len();
    if sure { sheet.turned().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delimited;

    #[test]
    fn only_forms_are_turned() {
        let is = |text: &str| turned(&delimited::sheet(text).unwrap()).is_some();
        assert!(is("名称,甲,乙\n代码,A1,B2\n注册资本,100,50\n类型,有限,股份\n"));
        // Rows of a list, indicators over years, indicators over things.
        assert!(!is("名称,代码,注册资本\n甲,A1,100\n乙,B2,50\n丙,C3,70\n"));
        assert!(!is("指标,2023年,2024年\n户数,1,2\n主要行业,鞋,泵\n龙头,甲,乙\n"));
        assert!(!is("指标,甲,乙\n户数,1,2\n余额,3,4\n"));
        assert!(!is("指标,甲,乙\n频度,月,月\n地区,全国,全国\n2024-01,1,2\n2024-02,3,4\n"));
    }
}
