//! One function for each kind of mess in a cell: given the clean value and the cell as it would be sent, the cell with mess in
//! it, or nothing where this kind cannot be in this cell.

use super::{At, Effect, Messed};
use crate::calendar;
use crate::codes;
use crate::draw::Draw;
use crate::layout::{Form, write_day};
use crate::paper::Cell;
use crate::value::{Value, scaled};

const ALIASES: &str = include_str!("../../../../data-samples/synthetic/reference/unit_aliases.csv");

#[expect(clippy::unnecessary_wraps, reason = "every function below ends with it and may give none")]
fn messed(text: impl Into<String>, finding: &'static str, effect: Effect) -> Option<Messed> {
    Some(Messed { cell: Cell::Text(text.into()), finding, effect, secret: None })
}

fn secret(text: String, secret: String) -> Messed {
    let effect = Effect::Loses;
    Messed { cell: Cell::Text(text), finding: "personal-data", effect, secret: Some(secret) }
}

fn silent(text: impl Into<String>) -> Option<Messed> {
    messed(text, "", Effect::Keeps)
}

/// The unit of a unit column.
fn unit<'a>(at: &At<'a>) -> Option<&'a str> {
    match (at.column.form, at.value) {
        (Form::Unit, Value::Text(unit)) => Some(unit),
        _ => None,
    }
}

/// The digits of a figure of a column of counts or money that is not zero.
fn figure(at: &At<'_>) -> Option<String> {
    let fits = matches!(at.column.form, Form::Count | Form::Money) && at.column.suffix.is_empty();
    let some = matches!(at.value, Value::Count(number) | Value::Money(number) if *number > 0);
    (fits && some).then(|| at.cell.shown())
}

fn credit(at: &At<'_>) -> Option<String> {
    let filled = at.column.form == Form::Credit && !at.column.secret && *at.value != Value::None;
    filled.then(|| at.cell.shown())
}

fn day(at: &At<'_>) -> Option<i32> {
    match (at.column.form, at.value) {
        (Form::Day, Value::Day(day)) => Some(*day),
        _ => None,
    }
}

pub(super) fn unit_label(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let unit = unit(at)?;
    let label = at.cell.shown();
    let code = at.world.city.units.get(unit).map(|unit| unit.code.clone()).unwrap_or_default();
    match draw.below(6) {
        0 => silent(label.chars().map(String::from).collect::<Vec<_>>().join(" ")),
        1 if !label.starts_with("星州") => silent(format!("星州市{label}")),
        2 => silent(format!("{}.{label}", draw.between(1, 12))),
        3 => silent(format!("{label}*")),
        4 if !code.is_empty() => silent(code),
        5 if !code.is_empty() => silent(format!("{code}000000")),
        _ => silent(label.chars().map(String::from).collect::<Vec<_>>().join("\u{3000}")),
    }
}

pub(super) fn misspelt(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let unit = unit(at)?;
    let listed = ALIASES.lines().filter_map(|line| line.strip_suffix(",misspelling,")?.rsplit_once(','));
    let fitting: Vec<&str> = listed.filter(|(_, of)| *of == unit).map(|(alias, _)| alias).collect();
    if fitting.is_empty() { None } else { messed(draw.pick(&fitting), "unit-misspelt", Effect::Keeps) }
}

pub(super) fn unknown_unit(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    unit(at)?;
    let outside = if at.partition == "p12" { "天璇区（不含经开区）" } else { "天璇区" };
    match draw.below(4) {
        0 => messed("北斗新区", "unknown-unit", Effect::Refuses),
        1 => messed("市本级", "row-is-no-unit", Effect::Refuses),
        2 => messed("星州高新区", "row-is-no-unit", Effect::Refuses),
        _ => messed(outside, "unit-outside-partition", Effect::Refuses),
    }
}

fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xFEE0).filter(|_| c.is_ascii_graphic()).unwrap_or(c)
}

pub(super) fn full_width(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let text = figure(at).or_else(|| credit(at))?;
    silent(text.chars().map(wide).collect::<String>())
}

pub(super) fn missing_mark(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    if *at.value != Value::None || !at.column.optional || at.column.secret {
        return None;
    }
    match at.column.form {
        Form::Text | Form::Code | Form::Bool => silent(draw.pick(&["—", "——", "-"])),
        Form::Unit => None,
        _ => silent(draw.pick(&["—", "/", "…", "暂无", "无", "N/A", "待核实", "－"])),
    }
}

pub(super) fn as_text(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let digits = figure(at)?;
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let sign = draw.pick(&[",", "，", " "]);
    if whole.len() < 4 {
        return None;
    }
    let mut parted = String::new();
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            parted.push_str(sign);
        }
        parted.push(digit);
    }
    silent(parted + rest)
}

pub(super) fn unit_in_cell(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    figure(at)?;
    match at.value {
        Value::Money(cents) => silent(format!("{}元", scaled(*cents, 2, false))),
        Value::Count(count) => {
            let (_, bracket) = at.column.header.rsplit_once('（')?;
            let unit =
                bracket.strip_suffix('）').filter(|unit| unit.chars().count() <= 2 && *unit != "累计")?;
            silent(format!("{count}{unit}"))
        }
        _ => None,
    }
}

pub(super) fn approximate(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    messed(format!("约{}", figure(at)?), "approximate", Effect::Keeps)
}

pub(super) fn range(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let digits = figure(at)?;
    let whole = digits.split('.').next().unwrap_or_default().to_owned();
    match draw.below(3) {
        0 => messed(format!("{whole}-{whole}5"), "range-in-cell", Effect::Loses),
        1 => messed(format!("{digits}以上"), "range-in-cell", Effect::Loses),
        _ => messed(format!(">{digits}"), "range-in-cell", Effect::Loses),
    }
}

pub(super) fn other_date(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let day = day(at)?;
    let style = draw.pick(&["zh", "slash", "compact", "iso", "dot", "number"]);
    if style == "number" {
        return silent((day - calendar::day(1899, 12, 30)).to_string());
    }
    silent(write_day(day, style))
}

pub(super) fn bad_date(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    if let (Form::Moment, Value::Moment(seconds), "close_at") =
        (at.column.form, at.value, at.column.field.as_str())
    {
        let midnight = seconds.div_euclid(86_400) * 86_400;
        let day = calendar::moment(midnight).chars().take(10).collect::<String>();
        return messed(day, "no-clock-time", Effect::Becomes(Value::Moment(midnight)));
    }
    if at.column.field == "due_at" && *at.value != Value::None {
        return Some(duration(at));
    }
    let (year, month, _) = calendar::date(day(at)?);
    match draw.below(3) {
        0 => messed(format!("{year}-02-30"), "no-such-day", Effect::Loses),
        1 => messed(format!("{year}年{month}月"), "period-for-day", Effect::Loses),
        _ => messed("去年底", "not-a-date", Effect::Loses),
    }
}

/// The due time as the time a case may take. Without the time it was accepted the row is refused, and nothing told of this.
fn duration(at: &At<'_>) -> Messed {
    let accepted = at.layout.place("accept_at").and_then(|place| at.values.get(place));
    let (text, finding, effect) = match accepted {
        Some(Value::Moment(accepted)) => {
            let (day, clock) = (accepted.div_euclid(86_400), accepted.rem_euclid(86_400));
            let day = i32::try_from(day).unwrap_or_default();
            let after = |count| {
                let day = at.world.city.working_days.after(day, count).unwrap_or(day);
                Value::Moment(i64::from(day) * 86_400 + clock)
            };
            let hours = Value::Moment(accepted + 86_400);
            let said = [("24小时", hours), ("1个工作日", after(1)), ("5个工作日", after(5))];
            let (text, due) = said.iter().find(|(_, due)| due == at.value).unwrap_or(&said[2]);
            (*text, "duration-counted", Effect::Becomes(due.clone()))
        }
        _ => ("5个工作日", "", Effect::Keeps),
    };
    Messed { cell: Cell::Text(text.to_owned()), finding, effect, secret: None }
}

pub(super) fn code_lower(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let code = credit(at)?;
    let lower = code.to_lowercase();
    if lower == code { None } else { messed(lower, "code-repaired", Effect::Keeps) }
}

pub(super) fn code_letters(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let code = credit(at)?;
    let start = usize::try_from(draw.below(10)).unwrap_or_default() + 7;
    let looks = |c: char| match c {
        '0' => Some(('O', 'Q')),
        '1' => Some(('I', 'J')),
        '2' => Some(('Z', '2')),
        '5' => Some(('S', '5')),
        _ => None,
    };
    let (place, (typed, other)) =
        code.char_indices().skip(start).find_map(|(at, c)| Some((at, looks(c)?)))?;
    let with =
        |c: char| code.char_indices().map(|(at, own)| if at == place { c } else { own }).collect::<String>();
    // Repaired only where the other letter it looks like would not pass.
    let two = other.is_ascii_alphabetic() && codes::is_credit(&with(other));
    if two { None } else { messed(with(typed), "code-repaired", Effect::Keeps) }
}

pub(super) fn code_floated(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let code = credit(at)?;
    let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
    let text = match digits.len() {
        18 => format!("{}000", digits.get(..15)?),
        _ => format!("{}.{}E+17", code.get(..1)?, code.get(1..6)?),
    };
    messed(text, "code-floated", Effect::Loses)
}

pub(super) fn code_wrong(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let code = credit(at)?;
    if draw.happens(250) {
        let number = codes::identity(draw.below(10));
        return Some(secret(number.clone(), number));
    }
    let last = code.chars().last()?;
    let wrong = if last == '7' { '8' } else { '7' };
    messed(format!("{}{wrong}", code.get(..17)?), "code-invalid", Effect::Loses)
}

pub(super) fn triangle(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let sign = draw.pick(&["△", "▲"]);
    messed(format!("{sign}{}", figure(at)?), "triangle-undeclared", Effect::Loses)
}

pub(super) fn precise(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let text = match (at.value, at.column.form) {
        (Value::Money(cents), Form::Money) if *cents > 0 => {
            scaled(cents * 1000 + 1, 5 + at.column.power(), false)
        }
        (Value::Share(parts), Form::Share) if *parts > 0 => scaled(parts * 1000 + 1, 9, false),
        _ => return None,
    };
    messed(text, "value-rounded", Effect::Keeps)
}

/// Shares with a sign of their own among shares without: each says exactly what it is.
pub(super) fn signed_share(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let (Value::Share(parts), Form::Share) = (at.value, at.column.form) else { return None };
    let percent = scaled(*parts, 6, false);
    match draw.below(3) {
        0 => silent(format!("{percent}%")),
        1 => silent(format!("{}‰", scaled(*parts, 5, false))),
        _ => silent(format!("{percent}％").chars().map(wide).collect::<String>()),
    }
}

pub(super) fn footnote(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let mark = draw.pick(&["①", "*", "[1]", "[注2]", "²"]);
    messed(format!("{}{mark}", figure(at)?), "footnote-mark", Effect::Keeps)
}

/// 元 typed under 万元, 万元 under 亿元: only where the year before tells how much it should be.
pub(super) fn other_unit(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let (Value::Money(cents), true, true) = (at.value, at.steady, at.column.steady) else { return None };
    let jumped = Value::Money(cents.checked_mul(10_000)?);
    let cell = at.column.write(&at.world.city, &jumped);
    (*cents > 0).then_some(Messed {
        cell,
        finding: "jump-from-last-year",
        effect: Effect::Jumps(jumped),
        secret: None,
    })
}

pub(super) fn share_for_count(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    if at.column.form != Form::Count || !at.column.suffix.is_empty() {
        return None;
    }
    let share = draw.between(101, 989);
    messed(format!("占比{}%", scaled(share, 1, false)), "share-for-quantity", Effect::Loses)
}

pub(super) fn personal(at: &At<'_>, draw: &mut Draw) -> Option<Messed> {
    let Value::Text(text) = at.value else { return None };
    if at.column.form != Form::Text
        || at.column.secret
        || matches!(at.column.field.as_str(), "department" | "name")
    {
        return None;
    }
    let number = if draw.happens(500) {
        codes::telephone(draw.below(70_000))
    } else {
        codes::identity(draw.below(10))
    };
    Some(secret(format!("{text}（联系人电话{number}）"), number))
}

/// What a program leaves that writes formulas and works none out.
pub(super) fn formula(at: &At<'_>, _: &mut Draw) -> Option<Messed> {
    let digits = figure(at).filter(|_| at.formulas)?;
    let cell = Cell::Formula(format!("{digits}*1"));
    Some(Messed { cell, finding: "formula-without-value", effect: Effect::Loses, secret: None })
}
