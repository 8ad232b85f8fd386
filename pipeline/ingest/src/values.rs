//! One cell into the type of its field: exact decimals, canonical measure units, missing told apart from zero.
//!
//! A cell that cannot be read becomes NULL with a finding, never zero. No arithmetic in binary floating point: the
//! text of the number is what is read.

use std::str::FromStr as _;

use model::contract::Triangle;
use model::{Decimal, Field, FieldType, MeasureUnit, text};
use rust_decimal::RoundingStrategy;

use crate::codes;
use crate::dates::{self, Dating};
use crate::grid::Cell;

/// A value as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// A count.
    Int(i64),
    /// A decimal, scaled as its type says.
    Decimal(i128),
    /// Days since 1970-01-01.
    Date(i32),
    /// Seconds since 1970-01-01, local.
    Moment(i64),
    /// Yes or no.
    Bool(bool),
}

/// What is worth knowing of a value that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The figure had more decimals than the type keeps.
    Rounded,
    /// 约300, 300余家.
    Approximate,
    /// A footnote mark was glued to the figure.
    FootnoteMark,
    /// A code has fewer digits than it may have.
    CodeShort,
    /// A code has none of the lengths it may have.
    CodeLength,
    /// A code was repaired by its check characters.
    CodeRepaired,
    /// A moment without clock time.
    NoClockTime,
}

impl Note {
    /// The code of the finding, told once a column.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Rounded => "value-rounded",
            Self::Approximate => "approximate",
            Self::FootnoteMark => "footnote-mark",
            Self::CodeShort => "code-short",
            Self::CodeLength => "code-length",
            Self::CodeRepaired => "code-repaired",
            Self::NoClockTime => "no-clock-time",
        }
    }
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Good {
    /// The value.
    pub(crate) value: Value,
    /// What is worth knowing of it.
    pub(crate) notes: Vec<Note>,
}

impl From<Value> for Good {
    fn from(value: Value) -> Self {
        Self { value, notes: Vec::new() }
    }
}

/// Why a cell has no value, although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing stands there.
    Blank,
    /// `-`, `/`, 无: there is none.
    NotApplicable,
    /// 暂无, N/A: not known.
    NotAvailable,
    /// `…` of yearbooks: too small to show.
    TooSmall,
    /// `*`: withheld.
    Suppressed,
    /// 待核实: not settled yet.
    Pending,
}

impl Missing {
    /// The reason as it stands in the list of missing values.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::NotApplicable => "not_applicable",
            Self::NotAvailable => "not_available",
            Self::TooSmall => "too_small",
            Self::Suppressed => "suppressed",
            Self::Pending => "pending",
        }
    }
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is no number, or one in a measure unit that does not fit.
    NotANumber,
    /// A count that is not whole.
    NotWhole,
    /// More digits than the type can hold.
    OutOfRange,
    /// A formula error.
    Formula,
    /// The column's measure unit leads to another one than the field's.
    Measure,
    /// `3-5`, `>100`, 100人以下.
    Range,
    /// △ or ▲, and the contract does not say what it means.
    Triangle,
    /// A share or a growth where a quantity is expected.
    ShareForQuantity,
    /// Percentage points where a share is expected.
    PointsForShare,
    /// The scale of the column could not be decided.
    Scale,
    /// No form of date or period.
    NotADate,
    /// A day or month that is in no calendar.
    NoSuchDay,
    /// A period where a day is expected.
    NotADay,
    /// A longer period where a month is expected.
    NotAMonth,
    /// A period without a year, and none is known.
    NoYear,
    /// `2016.1` is January or October.
    MonthUndecided,
    /// Neither yes nor no.
    NotABool,
    /// No value of the list.
    NotInList,
    /// A code that passed through binary floating point.
    CodeFloated,
    /// A code whose check characters are wrong.
    CodeInvalid,
}

impl Problem {
    /// The code of the finding; `None` for what is told once for the column.
    pub(crate) fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::NotANumber => "not-a-number",
            Self::NotWhole => "not-whole",
            Self::OutOfRange => "out-of-range",
            Self::Formula => "formula-error",
            Self::Range => "range-in-cell",
            Self::Triangle => "triangle-undeclared",
            Self::ShareForQuantity => "share-for-quantity",
            Self::PointsForShare => "points-for-share",
            Self::NotADate => "not-a-date",
            Self::NoSuchDay => "no-such-day",
            Self::NotADay => "period-for-day",
            Self::NotAMonth => "period-for-month",
            Self::NoYear => "period-without-year",
            Self::NotABool => "not-a-truth-value",
            Self::NotInList => "not-in-list",
            Self::CodeFloated => "code-floated",
            Self::CodeInvalid => "code-invalid",
            Self::Measure | Self::Scale | Self::MonthUndecided => return None,
        })
    }
}

/// What was read.
pub(crate) type Read = Result<Result<Good, Missing>, Problem>;

/// How the figures of a column become canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// The measure unit declared; empty when there is none.
    pub(crate) symbol: String,
    /// What it leads to, if known.
    pub(crate) canonical: Option<String>,
    /// What to multiply by; `None` when the declared unit cannot become the field's.
    pub(crate) factor: Option<Decimal>,
    /// Who says so: `header`, `title`, `contract`; empty when nobody does.
    pub(crate) from: &'static str,
    /// No scale fits the column's figures, so those without a sign of their own have no value.
    pub(crate) undecided: bool,
}

/// The canonical unit a field's values must come to.
fn target(field: &Field) -> Option<String> {
    let fixed = field.kind.canonical_unit().map(str::to_owned);
    fixed.or_else(|| Some(MeasureUnit::parse(field.measure_unit.as_deref()?)?.canonical))
}

impl Measure {
    /// Decides on the measure unit of a column: what its header (or unit row) declares, else what the title rows
    /// declare if it fits the field, else what the contract says is usual.
    pub(crate) fn decide(field: &Field, header: Option<&str>, titles: &[MeasureUnit]) -> Self {
        let target = target(field);
        let plain = |canonical| Self {
            symbol: String::new(),
            canonical,
            factor: Some(Decimal::ONE),
            from: "",
            undecided: false,
        };
        if !field.kind.is_number() {
            return plain(None);
        }
        let titled =
            titles.iter().find(|unit| target.is_some() && Some(&unit.canonical) == target.as_ref()).cloned();
        let declared = header.and_then(MeasureUnit::parse);
        let usual = field.measure_unit.as_deref().and_then(MeasureUnit::parse);
        let candidates = [("header", declared), ("title", titled), ("contract", usual)];
        match candidates.into_iter().find_map(|(from, unit)| unit.map(|unit| (from, unit))) {
            Some((from, unit)) => {
                let fits = target.as_ref().is_none_or(|target| *target == unit.canonical);
                Self {
                    symbol: unit.symbol,
                    factor: fits.then_some(unit.factor),
                    canonical: target.or(Some(unit.canonical)),
                    from,
                    undecided: false,
                }
            }
            None => plain(target),
        }
    }
}

/// Reads a cell as a value of the field.
pub(crate) fn read(cell: &Cell, field: &Field, measure: &Measure, dating: Dating) -> Read {
    match cell {
        Cell::Empty => return Ok(Err(Missing::Blank)),
        Cell::Error(_) => return Err(Problem::Formula),
        _ => {}
    }
    let shown = cell.shown();
    match field.kind {
        FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Ratio | FieldType::Points => {
            return figure(&shown, field, measure);
        }
        FieldType::Unit | FieldType::String => {
            let value = text::tidy(&shown);
            let dashes = text::squeeze(&value).chars().all(|c| matches!(c, '-' | '—' | '–' | '―'));
            return Ok(if dashes { Err(Missing::NotApplicable) } else { Ok(Value::Text(value).into()) });
        }
        // 有 and 无 are answers.
        FieldType::Bool => {}
        _ => {
            if let Some(missing) = missing(&plain_number(&shown))? {
                return Ok(Err(missing));
            }
        }
    }
    Ok(Ok(match field.kind {
        FieldType::Bool => match truth(&shown) {
            Some(value) => Value::Bool(value).into(),
            None => match missing(&plain_number(&shown))? {
                Some(missing) => return Ok(Err(missing)),
                None => return Err(Problem::NotABool),
            },
        },
        FieldType::Enum => Value::Text(of_list(&shown, field).ok_or(Problem::NotInList)?).into(),
        FieldType::Code => codes::code(cell, field)?,
        FieldType::Uscc => codes::uscc(cell)?,
        FieldType::Datetime => dates::moment(cell, field, dating)?,
        _ => dates::read(cell, field, dating)?.into(),
    }))
}

fn truth(shown: &str) -> Option<bool> {
    match text::squeeze(shown).to_lowercase().as_str() {
        "是" | "有" | "对" | "真" | "√" | "✓" | "✔" | "☑" | "true" | "yes" | "y" | "t" | "1" => {
            Some(true)
        }
        "否" | "无" | "没有" | "不是" | "假" | "×" | "✗" | "✘" | "x" | "false" | "no" | "n" | "f" | "0" => {
            Some(false)
        }
        _ => None,
    }
}

/// The value a word stands for: itself or one of its synonyms.
fn of_list(shown: &str, field: &Field) -> Option<String> {
    let plain = text::squeeze(shown).to_lowercase();
    let is = |word: &String| text::squeeze(word).to_lowercase() == plain;
    let found = field.values.iter().find(|(value, words)| is(value) || words.iter().any(is));
    found.map(|(value, _)| value.clone())
}

/// Reads a figure.
fn figure(shown: &str, field: &Field, measure: &Measure) -> Read {
    let mut notes = Vec::new();
    let bare = without_mark(shown);
    if bare.len() < shown.trim().len() {
        notes.push(Note::FootnoteMark);
    }
    let plain = plain_number(bare);
    if let Some(missing) = missing(&plain)? {
        return Ok(Err(missing));
    }
    let mut plain = plain.as_str();
    let mut negative = false;
    if let Some(rest) = plain.strip_prefix(['△', '▲', '▽', '▼']) {
        negative = match (field.triangle, plain.starts_with(['△', '▲'])) {
            (Some(Triangle::Decrease), true) => true,
            (Some(Triangle::Increase), true) => false,
            _ => return Err(Problem::Triangle),
        };
        plain = rest;
    }
    let about = ["大约", "约为", "约", "近"].iter().find_map(|word| plain.strip_prefix(word));
    let about = about.or_else(|| plain.strip_suffix("左右"));
    if let Some(rest) = about {
        notes.push(Note::Approximate);
        plain = rest;
    }
    let (number, mut rest) = leading_number(plain).ok_or_else(|| no_number(plain, field))?;
    let number = number.ok_or(Problem::OutOfRange)?;
    let number = if negative { -number } else { number };
    // 300余家, 3万多户.
    if let Some(after) = rest.strip_prefix(['余', '多']) {
        notes.push(Note::Approximate);
        rest = after;
    }
    // Zero is zero in every scale.
    let factor = match factor(rest, field, measure) {
        Err(Problem::Scale) if number.is_zero() => Decimal::ONE,
        factor => factor?,
    };
    let canonical = number.checked_mul(factor).ok_or(Problem::OutOfRange)?;
    let (value, rounded) = store(canonical, field.kind)?;
    if rounded {
        notes.push(Note::Rounded);
    }
    Ok(Ok(Good { value, notes }))
}

/// What is wrong with a text that does not begin with a number.
fn no_number(plain: &str, field: &Field) -> Problem {
    let bounds = ["不足", "不到", "超过", "超", "至少", "最多", "高于", "低于"];
    if plain.starts_with(['>', '<', '≥', '≤', '≧', '≦', '＞', '＜'])
        || bounds.iter().any(|b| plain.starts_with(b))
    {
        Problem::Range
    } else if plain.ends_with(['%', '‰']) && is_quantity(field.kind) {
        Problem::ShareForQuantity
    } else {
        Problem::NotANumber
    }
}

fn is_quantity(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Decimal | FieldType::Money)
}

/// What to multiply a figure by, given what stands after it in the cell.
fn factor(rest: &str, field: &Field, measure: &Measure) -> Result<Decimal, Problem> {
    if rest.is_empty() {
        return if measure.undecided { Err(Problem::Scale) } else { measure.factor.ok_or(Problem::Measure) };
    }
    let digit_after = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let range =
        ["-", "—", "~", "～", "至", "到"].iter().any(|d| rest.strip_prefix(d).is_some_and(digit_after));
    if range || ["以上", "以下", "以内", "起"].iter().any(|bound| rest.ends_with(bound)) {
        return Err(Problem::Range);
    }
    if matches!(rest, "%" | "‰") && is_quantity(field.kind) {
        return Err(Problem::ShareForQuantity);
    }
    if rest.ends_with("百分点") && field.kind == FieldType::Ratio {
        return Err(Problem::PointsForShare);
    }
    let large = [("万", 4_u32), ("亿", 8), ("十万", 5), ("百万", 6), ("千万", 7), ("万亿", 12)];
    if let Some((_, power)) = large.iter().find(|(word, _)| *word == rest) {
        // In a column of 万元, 5万 is 5万元 or 5万 of them: nobody knows.
        let single = measure.factor == Some(Decimal::ONE) && is_quantity(field.kind);
        return if single { Ok(Decimal::from(10_u64.pow(*power))) } else { Err(Problem::NotANumber) };
    }
    let unit = MeasureUnit::parse(rest).ok_or(Problem::NotANumber)?;
    let counts = ["元", "美元", "平方米", "平方公里", "公顷", "亩", "米", "公里", "吨", "千瓦时", "立方米"];
    let fits = match &measure.canonical {
        Some(canonical) => *canonical == unit.canonical,
        // A count whose unit nobody declared.
        None => field.kind == FieldType::Int && unit.adds_up() && !counts.contains(&unit.canonical.as_str()),
    };
    if fits { Ok(unit.factor) } else { Err(Problem::NotANumber) }
}

/// A figure without a footnote mark glued to it: `87.74¹）`, `12①`, `35*`, `35[1]`. Made before full-width letters
/// become half-width, which would turn ¹ into a digit.
fn without_mark(shown: &str) -> &str {
    let shown = shown.trim();
    let mark = |c: char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '①'..='⒛');
    let open = shown.strip_suffix([')', '）']).unwrap_or(shown);
    let without = open.trim_end_matches(mark);
    let without = if without.len() < open.len() {
        without.trim_end_matches(['(', '（'])
    } else if let Some((before, inner)) =
        shown.strip_suffix([']', '］', '〕']).and_then(|inner| inner.rsplit_once(['[', '［', '〔']))
    {
        let number = inner.trim_start_matches('注');
        if number.is_empty() || number.chars().all(char::is_numeric) { before } else { shown }
    } else {
        shown.trim_end_matches(['*', '＊', '#', '＃', '†'])
    };
    let without = without.trim_end();
    let figure = without.ends_with(|c: char| c.is_numeric() || matches!(c, '%' | '％' | '‰'));
    if figure { without } else { shown }
}

/// A figure without a sign or unit of its own, for the decision on the column's scale.
pub(crate) fn bare_figure(cell: &Cell) -> Option<Decimal> {
    let shown = cell.shown();
    let plain = plain_number(without_mark(&shown));
    match leading_number(&plain)? {
        (number, "") => number,
        _ => None,
    }
}

/// The worth of the last printed place of a figure, in the canonical unit.
pub(crate) fn last_place(cell: &Cell, field: &Field, measure: &Measure) -> Option<Decimal> {
    let shown = cell.shown();
    let plain = plain_number(without_mark(&shown));
    let (number, rest) = leading_number(&plain)?;
    Decimal::new(1, number?.scale()).checked_mul(factor(rest, field, measure).ok()?)
}

/// Whether a cell reads as a number or as a mark for a missing one.
pub(crate) fn looks_numeric(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) | Cell::Error(_) => true,
        Cell::Empty | Cell::Bool(_) => false,
        Cell::Text(raw) => {
            raw.len() < 64 && {
                let plain = plain_number(raw);
                leading_number(&plain)
                    .is_some_and(|(_, rest)| rest.is_empty() || MeasureUnit::parse(rest).is_some())
                    || !matches!(missing(&plain), Ok(None))
            }
        }
    }
}

/// Half-width, without white space, with one kind of minus.
fn plain_number(shown: &str) -> String {
    text::squeeze(shown).replace(['−', '–', '―'], "-")
}

/// Marks for missing values as bureaus type them; formula errors typed as text are a problem.
fn missing(plain: &str) -> Result<Option<Missing>, Problem> {
    let lower = plain.to_lowercase();
    let found = match lower.as_str() {
        "" | "空" => Missing::Blank,
        "/" | "\\" | "无" | "不适用" => Missing::NotApplicable,
        "待核实" | "待定" | "核实中" => Missing::Pending,
        "暂无" | "未统计" | "n/a" | "na" | "#n/a" | "null" | "none" | "nan" => Missing::NotAvailable,
        _ if lower.chars().all(|c| matches!(c, '-' | '—' | '_')) => Missing::NotApplicable,
        _ if lower.chars().all(|c| matches!(c, '.' | '…')) => Missing::TooSmall,
        _ if lower.chars().all(|c| c == '*') => Missing::Suppressed,
        _ if lower.starts_with('#') && lower.ends_with(['!', '?']) => return Err(Problem::Formula),
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// The number a text begins with (`None` inside if it has more digits than a decimal holds), and what follows it.
/// Thousands are parted in threes or not at all.
fn leading_number(plain: &str) -> Option<(Option<Decimal>, &str)> {
    if let Some(inner) = plain.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let (number, rest) = leading_number(inner)?;
        let unsigned = !inner.starts_with(['-', '+', '(']);
        return (rest.is_empty() && unsigned).then(|| (number.map(|number| -number), ""));
    }
    let (negative, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(end);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || decimals.contains(['.', ',']) || (digits.ends_with('.') && decimals.is_empty()) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let parted = whole.contains(',');
    if first.is_empty() || (parted && first.len() > 3) || !groups.all(|group| group.len() == 3) {
        return None;
    }
    // An exponent is a number whose digits a spreadsheet has thrown away.
    if rest.starts_with(['e', 'E']) {
        return None;
    }
    let number = Decimal::from_str(&digits.replace(',', "")).ok();
    Some((number.map(|number| if negative { -number } else { number }), rest))
}

/// The value as its type stores it, and whether it had to be rounded.
fn store(number: Decimal, kind: FieldType) -> Result<(Value, bool), Problem> {
    let Some((precision, scale)) = kind.decimal() else {
        let whole = number.normalize();
        if whole.scale() > 0 {
            return Err(Problem::NotWhole);
        }
        let stored = i64::try_from(whole.mantissa()).map_err(|_| Problem::OutOfRange)?;
        return Ok((Value::Int(stored), false));
    };
    let scale = u32::try_from(scale).map_err(|_| Problem::OutOfRange)?;
    let kept = number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    let shift = 10_i128.checked_pow(scale.saturating_sub(kept.scale())).ok_or(Problem::OutOfRange)?;
    let scaled = kept.mantissa().checked_mul(shift).ok_or(Problem::OutOfRange)?;
    let limit = 10_i128.checked_pow(u32::from(precision)).ok_or(Problem::OutOfRange)?;
    if scaled.abs() >= limit {
        return Err(Problem::OutOfRange);
    }
    Ok((Value::Decimal(scaled), kept != number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, measure_unit: &str) -> Field {
        let unit = if measure_unit.is_empty() {
            String::new()
        } else {
            format!("measure_unit = \"{measure_unit}\"")
        };
        toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{unit}")).unwrap()
    }

    fn as_read(raw: &str, kind: &str, usual: &str, header: &str) -> String {
        let field = field(kind, usual);
        let measure = Measure::decide(&field, (!header.is_empty()).then_some(header), &[]);
        match read(&Cell::text(raw), &field, &measure, Dating::default()) {
            Ok(Ok(good)) => {
                let value = match good.value {
                    Value::Text(text) => text,
                    Value::Int(number) => number.to_string(),
                    Value::Decimal(scaled) => {
                        let (_, scale) = field.kind.decimal().unwrap();
                        let scale = u32::try_from(scale).unwrap();
                        Decimal::from_i128_with_scale(scaled, scale).normalize().to_string()
                    }
                    other => format!("{other:?}"),
                };
                let notes = good.notes.iter().map(|note| format!("{note:?}").to_lowercase());
                std::iter::once(value).chain(notes).collect::<Vec<_>>().join(" ")
            }
            Ok(Err(missing)) => format!("{missing:?}"),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn numbers_as_bureaus_type_them() {
        for (raw, kind, usual, header, expected) in [
            ("118.95", "int", "人", "万人", "1189500"),
            ("118.95", "int", "万人", "", "1189500"),
            ("118.950012", "int", "人", "万人", "NotWhole"),
            ("９５．２％", "ratio", "", "", "0.952"),
            ("95.2", "ratio", "%", "", "0.952"),
            ("12‰", "ratio", "", "%", "0.012"),
            ("-17.4", "ratio", "", "%", "-0.174"),
            ("-6.5", "points", "", "百分点", "-6.5"),
            ("5.3个百分点", "points", "", "", "5.3"),
            ("5.3%", "points", "", "", "NotANumber"),
            ("1,234.5", "money", "元", "万元", "12345000"),
            ("１,２３４", "money", "元", "", "1234"),
            ("1 234", "int", "", "", "1234"),
            ("1,23", "int", "", "", "NotANumber"),
            ("（123）", "money", "元", "", "-123"),
            ("－５", "int", "", "", "-5"),
            ("−5", "int", "", "", "-5"),
            ("△123", "int", "", "", "Triangle"),
            ("▲1.2", "decimal", "", "", "Triangle"),
            ("1.2亿元", "money", "万元", "", "120000000"),
            ("35户", "int", "户", "", "35"),
            ("1,234.5万", "money", "万元", "", "NotANumber"),
            ("1,234.5万", "money", "元", "", "12345000"),
            ("1,234.5万", "int", "", "", "12345000"),
            ("35户", "int", "", "", "35"),
            ("35元", "int", "", "", "NotANumber"),
            ("95.2%", "int", "人", "", "ShareForQuantity"),
            ("占比95.2%", "int", "人", "", "ShareForQuantity"),
            ("+5.1%", "int", "人", "", "ShareForQuantity"),
            ("增长5%", "money", "", "", "ShareForQuantity"),
            ("5.3个百分点", "ratio", "", "", "PointsForShare"),
            ("约300", "int", "人", "", "300 approximate"),
            ("300余家", "int", "家", "", "300 approximate"),
            ("近3万人", "int", "人", "", "30000 approximate"),
            ("3-5", "int", "人", "", "Range"),
            ("2.50-4.00", "decimal", "", "", "Range"),
            (">100", "int", "人", "", "Range"),
            ("100人以下", "int", "人", "", "Range"),
            ("不足100", "int", "人", "", "Range"),
            ("87.74¹）", "decimal", "", "", "87.74 footnotemark"),
            ("12①", "int", "", "", "12 footnotemark"),
            ("35*", "int", "", "", "35 footnotemark"),
            ("35[注1]", "int", "", "", "35 footnotemark"),
            ("１２３．４５", "decimal", "", "", "123.45"),
            ("1，234.5", "decimal", "", "", "1234.5"),
            ("9.13303E+17", "int", "", "", "NotANumber"),
            ("鹿城", "int", "", "", "NotANumber"),
            ("9.13303E+17", "decimal", "", "", "NotANumber"),
            ("33.3333333333", "decimal", "", "", "33.333333 rounded"),
            ("0.0000005", "decimal", "", "", "0.000001 rounded"),
            ("12345678901234567890", "money", "", "", "OutOfRange"),
            ("99999999999999999999999999999", "decimal", "", "万元", "OutOfRange"),
            ("9223372036854775808", "int", "", "", "OutOfRange"),
            ("0", "int", "", "", "0"),
            ("5", "money", "", "人", "Measure"),
        ] {
            assert_eq!(as_read(raw, kind, usual, header), expected, "{raw} as {kind} in {header}/{usual}");
        }
    }

    #[test]
    fn missing_is_not_zero() {
        for (raw, expected) in [
            ("", "Blank"),
            ("\u{3000}", "Blank"),
            ("--", "NotApplicable"),
            ("—", "NotApplicable"),
            ("－", "NotApplicable"),
            ("/", "NotApplicable"),
            ("……", "TooSmall"),
            ("*", "Suppressed"),
            ("待核实", "Pending"),
            ("空", "Blank"),
            ("\\", "NotApplicable"),
            ("无", "NotApplicable"),
            ("暂无", "NotAvailable"),
            ("未统计", "NotAvailable"),
            ("#N/A", "NotAvailable"),
            ("null", "NotAvailable"),
            ("#REF!", "Formula"),
            ("N/A", "NotAvailable"),
            ("#DIV/0!", "Formula"),
        ] {
            assert_eq!(as_read(raw, "decimal", "", ""), expected, "{raw}");
        }
        assert_eq!(as_read(" 甲　乙\n公司 ", "string", "", ""), "甲 乙 公司");
        assert_eq!(as_read("-", "string", "", ""), "NotApplicable");
    }

    #[test]
    fn yes_no_and_lists() {
        for (raw, expected) in [
            ("是", "Bool(true)"),
            ("√", "Bool(true)"),
            ("无", "Bool(false)"),
            ("--", "NotApplicable"),
            ("2", "NotABool"),
        ] {
            assert_eq!(as_read(raw, "bool", "", ""), expected, "{raw}");
        }
        let list = toml::from_str::<Field>(
            "name = \"x\"\nzh = [\"x\"]\ntype = \"enum\"\nvalues = { active = [\"存续\", \"在业\"], closed = [] }",
        );
        let list = list.unwrap();
        assert_eq!(of_list("存 续", &list).as_deref(), Some("active"));
        assert_eq!(of_list("Closed", &list).as_deref(), Some("closed"));
        assert_eq!(of_list("迁出", &list), None);
        let triangle: Field =
            toml::from_str("name = \"x\"\nzh = [\"x\"]\ntype = \"int\"\ntriangle = \"decrease\"").unwrap();
        let measure = Measure::decide(&triangle, None, &[]);
        let read = read(&Cell::text("△123"), &triangle, &measure, Dating::default());
        assert_eq!(read, Ok(Ok(Value::Int(-123).into())));
    }

    /// Numbers without order, the same in every run.
    fn scattered(count: u64) -> impl Iterator<Item = i64> {
        (1..=count).map(|at| {
            let mixed = at.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            i64::from_le_bytes((mixed ^ (mixed >> 32)).to_le_bytes()) >> (at % 48)
        })
    }

    #[test]
    fn what_is_printed_reads_back() {
        for number in scattered(3000) {
            let text = number.to_string();
            assert_eq!(as_read(&text, "int", "", ""), text);
            for (kind, scale) in [("decimal", 6), ("money", 2), ("points", 6), ("ratio", 8)] {
                let digits =
                    if matches!(kind, "points" | "ratio") { number % 100_000_000_000 } else { number };
                let printed = Decimal::from_i128_with_scale(digits.into(), scale).normalize().to_string();
                let header = if kind == "ratio" { "1" } else { "" };
                assert_eq!(as_read(&printed, kind, "", header), printed, "{kind}");
            }
            let day = i32::try_from(number % 50_000).unwrap();
            let moment = i64::from(day) * 86_400 + number.rem_euclid(86_400);
            let dated = |kind: &str, text: &str| {
                read(
                    &Cell::text(text),
                    &field(kind, ""),
                    &Measure::decide(&field(kind, ""), None, &[]),
                    Dating::default(),
                )
            };
            assert_eq!(dated("date", &dates::day_text(day)), Ok(Ok(Value::Date(day).into())));
            let printed = dates::moment_text(moment);
            assert_eq!(dated("datetime", &printed), Ok(Ok(Value::Moment(moment).into())), "{printed}");
            let month: String = dates::day_text(day).chars().take(7).collect();
            for kind in ["month", "period"] {
                assert_eq!(dated(kind, &month), Ok(Ok(Value::Text(month.clone()).into())));
            }
            let code = number.unsigned_abs().to_string();
            if code.len() <= 15 {
                assert_eq!(dated("code", &code), Ok(Ok(Value::Text(code.clone()).into())));
            }
        }
    }

    #[test]
    fn title_rows_declare_only_what_fits() {
        let titles = [MeasureUnit::parse("亿元").unwrap(), MeasureUnit::parse("户").unwrap()];
        let symbol = |kind: &str, usual: &str| Measure::decide(&field(kind, usual), None, &titles).symbol;
        assert_eq!(symbol("money", "万元"), "亿元");
        assert_eq!(symbol("int", "户"), "户");
        assert_eq!(symbol("int", ""), "");
        assert_eq!(symbol("ratio", "%"), "%");
    }
}
