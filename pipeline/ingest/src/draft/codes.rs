//! Codes among digits: told by leading zeros, by the header, or by being long, of one length and hardly ever the same.
//! Their lengths, so that lost zeros can be told.

use std::collections::{BTreeMap, BTreeSet};

use model::{FieldType, text};

use super::kinds::Column;
use super::sketch::{Remark, SketchField, Sure, plain_field};
use super::words;
use crate::codes::{is_digits, is_uscc};
use crate::grid::Cell;
use crate::values;

/// Makes a code of a field, if its values are one.
pub(super) fn as_code(column: &Column<'_>, field: &mut SketchField) -> bool {
    if column.unit.is_some() {
        return false;
    }
    let hint = words::hints_code(column.leaf());
    let coded: Vec<String> = column.cells.iter().filter_map(|cell| plain(cell, hint)).collect();
    let floated = column.cells.iter().filter(|cell| is_floated(cell)).count();
    let others = column.texts.len().saturating_sub(coded.len() + floated);
    // Nothing is lost if a column that is called a code holds other words too.
    let most = if hint { others * 2 <= column.texts.len() } else { others * 20 <= column.texts.len() };
    if !most {
        return false;
    }
    let texts = &coded;
    let digits = texts.iter().filter(|text| is_digits(text)).count();
    let zero = texts.iter().filter(|text| is_digits(text) && text.len() > 1 && text.starts_with('0')).count();
    let different: BTreeSet<&String> = texts.iter().collect();
    let numbers = column.cells.iter().filter(|cell| matches!(cell, Cell::Number(_))).count();
    let mixed = numbers > 0
        && column
            .cells
            .iter()
            .any(|cell| matches!(cell, Cell::Text(text) if is_digits(&text::squeeze(text))));
    let lengths = lengths(texts);
    let most = lengths.values().copied().max().unwrap_or_default();
    // Counts are typed as text here and there too, but not all of one length.
    let mixed = mixed
        && lengths.iter().any(|(length, count)| *length >= 6 && count * 10 >= texts.len() * 9)
        && different.len() * 5 >= texts.len() * 4;
    let long = lengths.iter().all(|(length, _)| *length >= 8)
        && lengths.iter().any(|(length, count)| *length >= 9 && count * 10 >= texts.len() * 9)
        && different.len() * 5 >= texts.len() * 4
        && texts.len() >= 5;
    let letters = digits < texts.len() && most * 2 > texts.len() && different.len() * 2 > texts.len();
    let why = if zero > 0 {
        Remark::new(format!("{zero} 个值以 0 开头"), format!("{zero} values begin with 0"))
    } else if hint {
        Remark::new("表头称其为代码或编号", "the header calls it a code or number")
    } else if mixed {
        Remark::new("数字有的存为数值、有的存为文本", "digits are numbers in some rows and text in others")
    } else if long {
        Remark::new(
            "位数多且几乎相同、几乎不重复",
            "long digits, nearly all of one length and hardly any twice",
        )
    } else {
        return false;
    };
    if !hint && !long && letters {
        return false;
    }
    if lengths.is_empty() || (zero == 0 && !hint && digits < texts.len()) {
        return false;
    }
    field.kind = FieldType::Code;
    let (lengths, short) = allowed_lengths(texts, &lengths);
    field.length = lengths;
    let listed: Vec<String> = field.length.iter().map(u32::to_string).collect();
    field.why = why;
    if field.length.is_empty() {
        field.why.add("；长短不一，未限定位数", "; of many lengths, so none is fixed");
    } else {
        let (zh, en) = (listed.join("、"), listed.join(" or "));
        field.why.add(format!("；位数 {zh}"), format!("; {en} characters"));
    }
    let credit = texts.iter().filter(|text| is_uscc(text)).count();
    if credit * 2 > texts.len() {
        field.why.add(
            format!("；其中 {credit} 个是统一社会信用代码：要校验，请改用 uscc 类型，并以 registration_number 指定存放注册号的字段"),
            format!("; {credit} are credit codes: to have them checked, use type uscc and name a field for registration numbers (registration_number)"),
        );
    }
    if short > 0 {
        field.why.add(
            format!("；{short} 个位数不足（可能丢了前导零），读入时逐列提示"),
            format!("; {short} are shorter (leading zeros lost?) and will be told"),
        );
    }
    if floated > 0 {
        field.why.add(
            format!("；{floated} 个值被电子表格改成了科学计数，将为空并列为问题"),
            format!("; {floated} passed through floating point, will be NULL and told"),
        );
    }
    field.sure = if (zero > 0 || hint) && others == 0 { Sure::High } else { Sure::Medium };
    if others > 0 {
        field.why.add(
            format!("；另 {others} 个值不是字母数字，原样保留"),
            format!("; {others} more are no letters or digits and stay as they are"),
        );
    }
    true
}

/// The code of a cell as the reader reads it; `None` where it looks like none. Under a header that says so, letters
/// alone are a code.
fn plain(cell: &Cell, hint: bool) -> Option<String> {
    let Ok(values::Good { value: values::Value::Text(text), .. }) = crate::codes::code(cell, &plain_field())
    else {
        return None;
    };
    let letters = hint && !text.is_empty() && text.len() <= 32;
    (is_code_like(&text) || (letters && text.bytes().all(|b| b.is_ascii_alphanumeric()))).then(|| text.into())
}

/// Whether digits that begin with 0 stand among the values, which no figure would keep.
pub(super) fn would_lose_zeros(column: &Column<'_>) -> bool {
    let zeros = column.texts().filter(|text| is_digits(text) && text.len() > 1 && text.starts_with('0'));
    column.unit.is_none() && zeros.count() * 10 >= column.texts.len()
}

/// Whether a spreadsheet has thrown digits of a code away.
pub(super) fn is_floated(cell: &Cell) -> bool {
    crate::codes::code(cell, &plain_field()) == Err(values::Problem::CodeFloated)
}

/// ASCII letters and digits, and what parts them; a digit is among them.
fn is_code_like(text: &str) -> bool {
    text.len() <= 32
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*'))
}

fn lengths(texts: &[String]) -> BTreeMap<usize, usize> {
    let mut lengths = BTreeMap::new();
    for text in texts {
        *lengths.entry(text.chars().count()).or_default() += 1;
    }
    lengths
}

/// The lengths a code may have, and how many values are shorter than all of them. Short codes that begin longer ones
/// are a level of their own; the others have lost something.
fn allowed_lengths(texts: &[String], lengths: &BTreeMap<usize, usize>) -> (Vec<u32>, usize) {
    let often = |count: usize| count * 20 >= texts.len();
    let all: BTreeSet<&str> = texts.iter().map(String::as_str).collect();
    let usual = lengths.iter().max_by_key(|(length, count)| (**count, **length)).map(|(length, _)| *length);
    let Some(usual) = usual else { return (Vec::new(), 0) };
    let of_digits = texts.iter().all(|text| is_digits(text));
    let is_level = |length: usize| {
        let short: Vec<&&str> = all.iter().filter(|text| text.len() == length).collect();
        let begins = short.iter().filter(|short| {
            all.range(format!("{short}0").as_str()..).next().is_some_and(|next| next.starts_with(**short))
        });
        begins.count() * 2 > short.len()
    };
    let mut allowed: Vec<usize> = Vec::new();
    for (length, count) in lengths {
        // Digits one to three short of the usual length are zeros that were lost, unless they are written as text.
        let zeros = *length < usual
            && length + 3 >= usual
            && usual >= 3
            && of_digits
            && !starts_with_zero(texts, *length);
        if *length == usual || (often(*count) && !zeros) || (zeros && often(*count) && is_level(*length)) {
            allowed.push(*length);
        }
    }
    // Numbers counted up from 1 have any length.
    if allowed.len() > 4 || (allowed.len() > 1 && allowed.iter().any(|length| *length < 3)) {
        return (Vec::new(), 0);
    }
    let longest = allowed.iter().max().copied().unwrap_or_default();
    let short = texts.iter().filter(|text| {
        let length = text.chars().count();
        is_digits(text) && length < longest && !allowed.contains(&length)
    });
    let short = short.count();
    (allowed.iter().filter_map(|length| u32::try_from(*length).ok()).collect(), short)
}

fn starts_with_zero(texts: &[String], length: usize) -> bool {
    texts.iter().any(|text| text.len() == length && text.starts_with('0'))
}
