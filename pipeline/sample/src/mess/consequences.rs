//! What follows from mess in a cell for the row as a whole: a rule of the contract that the row now breaks. The finding is
//! right, so it is part of what was planted.

use super::{Line, Planted};
use crate::layout::Layout;
use crate::value::Value;

/// The rules broken in a row by what was planted in it.
pub(super) fn of(layout: &Layout, line: &Line, row: u64, planted: &[Planted]) -> Option<Planted> {
    // A row that is refused is held against no rule; of two that contradict each other neither stands.
    if line.refused || line.again == Some(true) {
        return None;
    }
    let value = |field: &str| layout.place(field).and_then(|at| line.values.get(at));
    let undated =
        value("status") == Some(&Value::Word("cancelled")) && value("cancel_date") == Some(&Value::None);
    let closed_before = match (value("accept_at"), value("close_at")) {
        (Some(Value::Moment(accepted)), Some(Value::Moment(closed))) => closed < accepted,
        _ => false,
    };
    let cause = planted.iter().find(|one| one.class == "m12")?;
    (undated || closed_before).then(|| Planted {
        column: 0,
        field: String::new(),
        finding: "rule-broken",
        row,
        ..cause.clone()
    })
}
