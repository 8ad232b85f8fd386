//! What a cell states of a figure, before any column is asked: the number, what stands behind it, whether it is a fall.

use model::contract::Triangle;
use model::{Decimal, Field, FieldType};

use crate::missing::{self, Missing};
use crate::numerals::{self, Way};
use crate::values::{Note, Problem};

/// What a cell states.
pub(super) struct Stated {
    pub(super) number: Decimal,
    /// What stands behind the number.
    pub(super) rest: String,
    /// It is money: the currency stands before the number.
    pub(super) money: bool,
    pub(super) notes: Vec<Note>,
}

/// What a cell states, or why it has no value.
pub(super) fn stated(shown: &str, field: &Field) -> Result<Result<Stated, Missing>, Problem> {
    let mut notes = Vec::new();
    let bare = numerals::without_mark(shown);
    if bare.len() < shown.trim().len() {
        notes.push(Note::FootnoteMark);
    }
    let plain = numerals::plain(bare);
    if let Some(missing) = missing::mark(&plain)? {
        return Ok(Err(missing));
    }
    if is_change(field) && numerals::is_level(&plain) {
        return Ok(Ok(Stated { number: Decimal::ZERO, rest: String::new(), money: false, notes }));
    }
    let bare = numerals::without_currency(&plain);
    let money = bare.is_some();
    let plain = bare.unwrap_or(plain);
    let (falls, plain) = direction(&plain, field)?;
    let about = ["大约", "约为", "约", "近", "≈", "~"].iter().find_map(|word| plain.strip_prefix(word));
    let about = about.or_else(|| plain.strip_suffix("左右"));
    if about.is_some() {
        notes.push(Note::Approximate);
    }
    let plain = about.unwrap_or(plain);
    let (number, mut rest) = numerals::leading(plain).ok_or_else(|| no_number(plain, field))?;
    let number = number.ok_or(Problem::OutOfRange)?;
    // 300余家, 3万多户.
    if let Some(after) = rest.strip_prefix(['余', '多']) {
        notes.push(Note::Approximate);
        rest = after;
    }
    let number = if falls { -number } else { number };
    Ok(Ok(Stated { number, rest: in_full(rest).to_owned(), money, notes }))
}

/// A measure unit without the word that the sum is complete: 12元整.
pub(super) fn in_full(rest: &str) -> &str {
    rest.strip_suffix(['整', '正']).filter(|unit| unit.ends_with('元')).unwrap_or(rest)
}

/// Whether figures of the field may be changes told in words: shares, points, and what the contract gives a meaning to
/// triangles for.
fn is_change(field: &Field) -> bool {
    matches!(field.kind, FieldType::Ratio | FieldType::Points) || field.triangle.is_some()
}

/// Whether a triangle or a word before a figure makes it a fall, and the figure.
fn direction<'p>(plain: &'p str, field: &Field) -> Result<(bool, &'p str), Problem> {
    if let Some(rest) = plain.strip_prefix(['△', '▲', '▽', '▼']) {
        return match (field.triangle, plain.starts_with(['△', '▲'])) {
            (Some(Triangle::Decrease), true) => Ok((true, rest)),
            (Some(Triangle::Increase), true) => Ok((false, rest)),
            _ => Err(Problem::Triangle),
        };
    }
    match numerals::change(plain) {
        Some((way, figure)) if is_change(field) => Ok((way == Way::Down, figure)),
        Some((_, figure)) if is_share(figure) => Err(Problem::ShareForQuantity),
        Some(_) => Err(Problem::ChangeForQuantity),
        None if field.kind == FieldType::Ratio => {
            let share = ["占比为", "占比", "占"].iter().find_map(|word| plain.strip_prefix(word));
            Ok((false, share.unwrap_or(plain)))
        }
        None => Ok((false, plain)),
    }
}

pub(super) fn is_share(plain: &str) -> bool {
    plain.ends_with(['%', '‰']) || plain.ends_with("百分点")
}

pub(super) fn is_quantity(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Decimal | FieldType::Money)
}

/// What is wrong with a text that does not begin with a number.
fn no_number(plain: &str, field: &Field) -> Problem {
    let bounds = ["不足", "不到", "超过", "超", "至少", "最多", "高于", "低于", "大于", "小于"];
    if plain.starts_with(['>', '<', '≥', '≤', '≧', '≦']) || bounds.iter().any(|b| plain.starts_with(b))
    {
        Problem::Range
    } else if is_share(plain) && is_quantity(field.kind) {
        Problem::ShareForQuantity
    } else {
        Problem::NotANumber
    }
}
