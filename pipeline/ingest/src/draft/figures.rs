//! Figures: their type by the measure unit that header, rows or title declare, else by words and values.

use model::{FieldType, MeasureUnit};

use super::kinds::Column;
use super::sketch::{Remark, SketchField, Sure};
use super::words;
use crate::decide::{self, Evidence};
use crate::values::Measure;

/// Makes a figure of a field, if its values read as one. Where the header says that figures stand there, a few that
/// read are enough: the others will be told, as texts they would not.
pub(super) fn as_number(column: &Column<'_>, field: &mut SketchField) -> bool {
    let unit = column.unit.as_deref().and_then(MeasureUnit::parse);
    let before = field.clone();
    as_figure(column, field, unit.as_ref());
    let tally = column.tally(field);
    let likely = tally.nearly_all() || (unit.is_some() && tally.good > tally.bad);
    let written = column.texts().filter(|text| text.bytes().any(|b| b.is_ascii_digit())).count();
    let headed = (unit.is_some() && written * 2 >= column.texts.len())
        || (words::hints_figure(column.leaf()) && tally.good > tally.bad);
    if (likely || headed) && tally.good > 0 {
        if tally.bad > 0 {
            let stray = column.stray(field);
            field.sure = if likely { Sure::Medium } else { Sure::Low };
            field.why.add(
                format!("；{} 个值读不出（如“{stray}”），将为空并列为问题", tally.bad),
                format!("; {} do not read (`{stray}`), will be NULL and told", tally.bad),
            );
        }
        return true;
    }
    *field = before;
    false
}

/// Makes a figure of a field: by its measure unit, else by its words and values.
pub(super) fn as_figure(column: &Column<'_>, field: &mut SketchField, unit: Option<&MeasureUnit>) {
    let leaf = column.leaf();
    if let Some(unit) = unit {
        by_unit(column, field, unit);
        field.why = Remark::new(
            format!("计量单位为 {}", unit.symbol),
            format!("its measure unit is {}", unit.symbol),
        );
        return;
    }
    if let Some(unit) = column.unit.as_deref() {
        field.kind = FieldType::Decimal;
        field.why = Remark::new(
            format!("数值；计量单位“{unit}”不在已知之列，按原样保存"),
            format!("figures; the measure unit `{unit}` is not a known one, so they stay as printed"),
        );
        return;
    }
    if let Some((unit, sure)) = titled(column) {
        by_unit(column, field, unit);
        if field.kind.is_number() {
            field.measure_unit = Some(unit.symbol.clone());
        }
        field.sure = sure;
        field.why = Remark::new(
            format!("表题所列计量单位 {} 适用于本列", unit.symbol),
            format!("the measure unit {} of the title speaks of it", unit.symbol),
        );
        return;
    }
    // One share among other figures is a figure of another kind.
    let signs = column.texts().filter(|text| text.ends_with(['%', '‰'])).count();
    let share = words::hints_share(leaf);
    let signed = if share { signs > 0 } else { signs > 0 && signs * 2 >= column.texts.len() };
    if signed || share {
        field.kind = FieldType::Ratio;
        if signed || decided_share(column, field) {
            field.sure = if signed { Sure::High } else { Sure::Medium };
            field.why = if signed {
                Remark::new("值带 % 号", "values carry a % sign")
            } else {
                Remark::new(
                    "表头为比率；未标单位，95.2 还是 0.952 按整列判定",
                    "the header names a share; without a unit, 95.2 or 0.952 is decided for the column",
                )
            };
            return;
        }
    }
    field.kind = FieldType::Decimal;
    let numbers = column.tally(field);
    field.kind = FieldType::Int;
    if column.tally(field).bad == numbers.bad {
        field.why = Remark::new("值都是整数，未见计量单位", "whole numbers without a measure unit");
        return;
    }
    field.kind = FieldType::Decimal;
    field.why = Remark::new("值都是数，未见计量单位", "numbers without a measure unit");
}

/// Which of the measure units above the table speaks of the column. The lowest header level that says what is
/// counted decides: in 户数/本期 the upper one, 本期 says nothing.
fn titled<'u>(column: &Column<'u>) -> Option<(&'u MeasureUnit, Sure)> {
    let money = column.titled.iter().find(|unit| unit.canonical == "元");
    for level in column.levels.iter().rev() {
        let level = level.as_str();
        let named = |unit: &&MeasureUnit| {
            !matches!(unit.canonical.as_str(), "元" | "1") && level.contains(unit.canonical.as_str())
        };
        if let Some(unit) = column.titled.iter().find(named) {
            return Some((unit, Sure::Medium));
        }
        if words::is_no_money(level) {
            return None;
        }
        if words::is_money(level) && money.is_some() {
            return money.map(|unit| (unit, Sure::Medium));
        }
    }
    match column.titled {
        [unit] => Some((unit, Sure::Medium)),
        _ => money.map(|unit| (unit, Sure::Low)),
    }
}

/// The type that goes with a measure unit.
fn by_unit(column: &Column<'_>, field: &mut SketchField, unit: &MeasureUnit) {
    field.measure_unit = Some(unit.symbol.clone());
    field.kind = match unit.canonical.as_str() {
        "元" => FieldType::Money,
        "1" => FieldType::Ratio,
        "百分点" => FieldType::Points,
        _ => FieldType::Int,
    };
    if field.kind == FieldType::Int && !(is_counted(unit) && column.tally(field).bad == 0) {
        field.kind = FieldType::Decimal;
    }
    let adds = field.as_field().adds_up();
    field.additive = (adds && words::is_mean(column.leaf())).then_some(false);
}

/// Units of things that come in whole pieces.
fn is_counted(unit: &MeasureUnit) -> bool {
    let measured =
        ["美元", "人年", "平方米", "平方公里", "公顷", "亩", "米", "公里", "吨", "千瓦时", "立方米"];
    unit.adds_up() && !measured.contains(&unit.canonical.as_str())
}

/// Whether one scale fits the unsigned figures of a share.
fn decided_share(column: &Column<'_>, field: &SketchField) -> bool {
    let field = field.as_field();
    let mut measure = Measure::decide(&field, None, &[]);
    decide::column(&field, &mut measure, &Evidence::of(&field, column.cells.iter().copied()), column.years);
    !measure.undecided
}
