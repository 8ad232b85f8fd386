//! Days, months and other periods among the values of a column.

use model::FieldType;

use super::kinds::{Column, but};
use super::sketch::{Remark, SketchField, Sure};
use super::words;

/// Makes a date of a field, if its values read as days, months or other periods.
pub(super) fn as_date(column: &Column<'_>, field: &mut SketchField) -> bool {
    let leaf = column.leaf();
    let (day, period) = (words::hints_day(leaf), words::hints_period(leaf) || leaf.is_empty());
    let likely = |text: &str| {
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return text.chars().any(|c| c.is_numeric() || "一二三四五六七八九十季年".contains(c));
        }
        let year = text.get(..4).and_then(|year| year.parse::<u16>().ok());
        let in_sight = year.is_some_and(|year| (1949..2100).contains(&year));
        match text.len() {
            4 => in_sight && period,
            5 => day,
            6 | 8 if !text.contains('.') => in_sight,
            _ => in_sight && (day || period),
        }
    };
    let dated = words::says_day(leaf);
    if !dated && !column.texts().all(|text| likely(text)) {
        return false;
    }
    let clock = column.texts().any(|text| text.contains(':'));
    let kinds: &[FieldType] = if clock {
        &[FieldType::Datetime, FieldType::Date]
    } else {
        &[FieldType::Date, FieldType::Month, FieldType::Period]
    };
    let found: Vec<_> = kinds.iter().map(|kind| (*kind, column.reads(field, *kind))).collect();
    let whole = found.iter().find(|(_, tally)| tally.nearly_all());
    // A header that says 日期 means days, though some do not read: they will be told.
    let most = || found.iter().find(|(_, tally)| dated && tally.good > 0 && tally.good >= tally.bad);
    let Some((kind, tally)) = whole.or_else(most).copied() else { return false };
    field.kind = kind;
    let (zh, en) = match kind {
        FieldType::Date => ("日期", "days"),
        FieldType::Datetime => ("日期和时刻", "days with clock time"),
        FieldType::Month => ("月份", "months"),
        _ => ("年、季、月等期间", "years, quarters or months"),
    };
    field.sure = match (tally.bad, whole) {
        (0, _) => Sure::High,
        (_, Some(_)) => Sure::Medium,
        _ => Sure::Low,
    };
    field.why = Remark::new(
        format!("{} 个值都读作{zh}{}", tally.good, but(tally.bad, "zh")),
        format!("{} values read as {en}{}", tally.good, but(tally.bad, "en")),
    );
    true
}
