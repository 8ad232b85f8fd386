//! Several drafts of one file: each fits its own tables only, under a name of its own.

use std::collections::BTreeSet;

use super::parts::Part;
use super::sketch::{Remark, Sketch};
use super::{Wish, names};

/// Of several drafts each must fit its own tables only: by sheet, or by a column the others lack.
pub(crate) fn tell_apart(sketches: &mut [(Sketch, &[Part<'_>])]) {
    if sketches.len() < 2 {
        return;
    }
    let sheets: Vec<BTreeSet<&str>> = sketches
        .iter()
        .map(|(_, parts)| parts.iter().map(|part| part.sheet.name.as_str()).collect())
        .collect();
    let paths: Vec<BTreeSet<String>> = sketches
        .iter()
        .map(|(sketch, _)| sketch.fields.iter().flat_map(|field| field.zh.iter().cloned()).collect())
        .collect();
    for (at, (sketch, parts)) in sketches.iter_mut().enumerate() {
        let Some(own) = sheets.get(at) else { continue };
        let others =
            || sheets.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, sheets)| sheets);
        if let (1, Some(sheet)) = (own.len(), own.first())
            && !others().any(|sheets| sheets.contains(sheet))
        {
            let pattern = sheet_pattern(sheet);
            let fits = |other: &&&str| model::contract::fits(other, &pattern);
            let alone = others().flatten().filter(fits).count() == 0;
            sketch.sheet = Some(if alone { pattern } else { sheet.trim().to_owned() });
            continue;
        }
        let elsewhere: BTreeSet<&String> =
            paths.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, paths)| paths).collect();
        let complete =
            |column: usize| parts.iter().all(|part| part.cells(column).all(|cell| !cell.is_empty()));
        let own = sketch.fields.iter_mut().find(|field| {
            let differs = field.zh.iter().any(|path| !path.is_empty() && !elsewhere.contains(path));
            differs && field.from.is_empty() && field.column.is_some_and(complete)
        });
        if let Some(field) = own {
            field.required = true;
            field
                .why
                .add("；同一工作表另有别的表，凭本列区分", "; tells this table from the others of the sheet");
        }
    }
}

/// The name of a sheet without what will change, a count at its end and a year: `名单（59家）` is `名单*`.
fn sheet_pattern(sheet: &str) -> String {
    let sheet = sheet.trim();
    let cut = sheet.find(['（', '(']).filter(|at| {
        *at > 0 && sheet.get(*at..).is_some_and(|rest| rest.chars().any(|c| c.is_ascii_digit()))
    });
    let pattern = match cut.and_then(|at| sheet.get(..at)) {
        Some(start) => format!("{start}*"),
        None => sheet.to_owned(),
    };
    let year = pattern.find('年').and_then(|at| pattern.get(..at)).filter(|before| {
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        digits == 4 && before.len() == 4
    });
    match year.and_then(|year| pattern.strip_prefix(year)) {
        Some(rest) if rest.chars().count() > 2 => format!("*{rest}"),
        _ => pattern,
    }
}

/// Gives each sketch an id of its own.
pub(crate) fn name(sketches: &mut [(Sketch, &[Part<'_>])], wish: &Wish<'_>) {
    let mut taken = BTreeSet::new();
    for (at, (sketch, _)) in sketches.iter_mut().enumerate() {
        let wanted = match (wish.id, at) {
            (Some(id), 0) => id.to_owned(),
            (Some(id), at) => format!("{id}_{}", at + 1),
            (None, _) => sketch.id.clone(),
        };
        sketch.id = names::unique(&wanted, &mut taken);
        sketch.remarks.insert(
            0,
            Remark::new(
                format!("由 {} 草拟，请逐项核对后使用", wish.file),
                format!("drafted from {}: check each item before use", wish.file),
            ),
        );
    }
}
