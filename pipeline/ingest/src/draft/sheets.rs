//! Values that stand in the names of sheets: tables with one header, each of another month, period or county.

use std::collections::BTreeSet;

use model::{FieldType, text};

use super::blocks::period_of;
use super::labels::Resolved;
use super::parts::Part;
use super::sketch::{Remark, SketchField, Sure};
use super::table::Setting;
use super::wide;
use crate::grid::Cell;
use crate::rows;

/// The name of a part's sheet, without a count in brackets at its end.
pub(super) fn name(part: &Part<'_>) -> String {
    text::tidy(&rows::name_and_count(&part.sheet.name).0)
}

/// A field of what the names of the sheets say, if they say what no column does. One sheet of several may be called
/// something else (汇总): it will be told.
pub(super) fn field(
    setting: &Setting<'_>,
    parts: &[Part<'_>],
    has_period: bool,
    has_county: bool,
) -> Option<SketchField> {
    let names: BTreeSet<String> = parts.iter().map(name).collect();
    let enough =
        |known: usize| known >= 2 && (known == names.len() || (known >= 3 && known + 1 == names.len()));
    let dated: Vec<String> =
        names.iter().filter(|name| period_of(&Cell::text(name)).is_some()).cloned().collect();
    let resolved = Resolved::of(&names, setting.reference, setting.partition, setting.vintage);
    let (kind, known) = if !has_period && enough(dated.len()) {
        (if wide::is_months(&dated) { FieldType::Month } else { FieldType::Period }, dated.len())
    } else if !has_county && enough(resolved.units) && resolved.units == resolved.known {
        (FieldType::Unit, resolved.known)
    } else {
        return None;
    };
    let mut field = SketchField::new(if kind == FieldType::Unit { "unit" } else { "period" }, "");
    field.zh = Vec::new();
    field.from = "sheet";
    field.kind = kind;
    let (count, shown) = (names.len(), names.iter().take(3).cloned().collect::<Vec<_>>().join("、"));
    let (zh, en) =
        if kind == FieldType::Unit { ("县（市、区）", "counties") } else { ("期间", "periods") };
    field.why = Remark::new(
        format!("{count} 个工作表表头相同，名称是{zh}（{shown}…）"),
        format!("{count} sheets have this header, and their names are {en} ({shown}…)"),
    );
    if known < count {
        field.sure = Sure::Medium;
        field.why.add("；有一个不是，其行将被拒收", "; one is none, and its rows will be rejected");
    }
    Some(field)
}
