//! Where the measure unit of a figure stands: in the header, in a line above the table, or in its rows.

use std::collections::BTreeSet;

use model::{FieldType, MeasureUnit, text};

use super::fields::{Fields, Known};
use super::sketch::{Remark, SketchField};
use crate::header;

/// The measure unit of a column: its header's, that of its lowest header row, a sign at its end (`增幅%`), or that of a
/// line above.
pub(super) fn of_column(column: &header::Column, above: Option<&str>) -> Option<String> {
    let last = column.levels.last()?;
    let level = || MeasureUnit::parse(last).filter(|_| column.levels.len() > 1).map(|unit| unit.symbol);
    let sign = || ["%", "‰"].into_iter().find(|sign| last.ends_with(sign)).map(str::to_owned);
    let declared = column.unit.clone().or_else(level).or_else(sign);
    declared.or_else(|| above.map(str::to_owned)).or_else(|| foreign_unit(last))
}

/// The levels of a header, without a measure unit at its end.
pub(super) fn levels(column: &header::Column) -> Vec<&str> {
    let mut levels: Vec<&str> = column.levels.iter().map(String::as_str).collect();
    let is_unit = |label: &&str| MeasureUnit::parse(label).is_some() || is_compound(label) || *label == "-";
    if levels.len() > 1 && levels.last().is_some_and(is_unit) {
        levels.pop();
    }
    levels
}

/// A measure unit behind a stroke (`产量/吨`), or one that the reader does not know: `元/人`, also in brackets.
fn foreign_unit(label: &str) -> Option<String> {
    if is_compound(label) {
        return Some(label.to_owned());
    }
    if let Some((_, last)) = label.rsplit_once('/')
        && MeasureUnit::parse(last).is_some()
    {
        return Some(last.to_owned());
    }
    let inner = label.strip_suffix(')')?.rsplit_once('(')?.1;
    if let Some(unit) = inner.strip_suffix("人民币").or_else(|| inner.strip_prefix("人民币"))
        && MeasureUnit::parse(unit).is_some()
    {
        return Some(unit.to_owned());
    }
    is_compound(inner).then(|| inner.to_owned())
}

/// A measure unit over another: `元/人`, `元/平方米`.
fn is_compound(label: &str) -> bool {
    let Some((over, under)) = label.split_once('/') else { return false };
    MeasureUnit::parse(over).is_some() && over != "1" && (1..=6).contains(&under.chars().count())
}

/// The one measure unit that all labels of a text column carry somewhere in brackets, though not at their end.
pub(super) fn of_all_rows(known: &Known<'_>, fields: &[SketchField]) -> Option<String> {
    let texts = fields.iter().filter(|field| field.kind == FieldType::String);
    texts.filter_map(|field| field.column).find_map(|column| {
        let mut units: BTreeSet<String> = BTreeSet::new();
        for cell in known.cells(column).into_iter().filter(|cell| !cell.is_empty()) {
            let label = text::squeeze(&cell.shown());
            let inner =
                label.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
            let unit = inner.and_then(MeasureUnit::parse)?;
            units.insert(unit.symbol);
        }
        units.first().filter(|_| units.len() == 1).cloned()
    })
}

/// Measure units that stand in the rows: in a column of their own, or in brackets behind the labels. Shares, growth
/// and columns with a unit of their own stand beside them and are not converted by them.
pub(super) fn in_rows(known: &Known<'_>, fields: &mut Fields) {
    let is_wide = known.wide.is_some();
    let lacks_unit = |field: &SketchField| {
        matches!(field.kind, FieldType::Int | FieldType::Decimal)
            && field.measure_unit.is_none()
            && (!is_wide || field.from == "cell")
    };
    if !fields.all.iter().any(lacks_unit) {
        return;
    }
    let texts: Vec<(usize, usize)> = {
        let texts = fields.all.iter().enumerate().filter(|(_, field)| field.kind == FieldType::String);
        texts.filter_map(|(at, field)| Some((at, field.column?))).collect()
    };
    // A share of the cells, those that are blank or a dash aside.
    let most = |column: usize, is: &dyn Fn(&str) -> bool| {
        let labels: Vec<String> =
            known.cells(column).iter().map(|cell| cell.label()).filter(|label| label.len() > 1).collect();
        !labels.is_empty() && labels.iter().filter(|label| is(label)).count() * 2 > labels.len()
    };
    let is_unit = |label: &str| MeasureUnit::parse(label).is_some() || is_compound(label);
    let own = texts.iter().find(|(_, column)| most(*column, &is_unit));
    let in_brackets = |label: &str| header::split_unit(label).1.is_some();
    let behind = texts.iter().any(|(_, column)| most(*column, &in_brackets));
    if let Some((at, _)) = own
        && let Some(field) = fields.all.get_mut(*at)
    {
        field.from = "measure_unit";
        field.why = Remark::new(
            "每行的计量单位；该行数值按它换算为基本单位，存换算后的单位",
            "the measure unit of each row: its figures are converted by it; the canonical unit is stored",
        );
    } else if behind {
        let mut field = SketchField::new("", "");
        field.zh = Vec::new();
        field.from = "measure_unit";
        field.why = Remark::new(
            "每行名称末尾括号里的计量单位：从名称中去掉，该行数值按它换算为基本单位",
            "the measure unit in brackets behind each row's label: cut off there, and the row's figures are converted by it",
        );
        fields.add(field, "measure_unit");
    } else {
        return;
    }
    let first = texts.iter().map(|(_, column)| *column).min();
    for field in &mut fields.all {
        if field.kind.is_number() && field.from.is_empty() && field.column < first {
            field.kind = FieldType::Code;
            field.why = Remark::new(
                "名称左边的编号，不是数值",
                "a number before the labels: it counts rows, no figure",
            );
        }
        if !lacks_unit(field) {
            continue;
        }
        field.kind = FieldType::Decimal;
        field.why = Remark::new("数值，各行计量单位不同", "figures, each row in a measure unit of its own");
    }
}
