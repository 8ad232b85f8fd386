//! What the values of a column are: each type is tried by reading every cell with the reader's own code, and the first
//! that reads all wins. Where a header says more than the digits do (代码, 日期, 率), it decides what is tried.

use std::collections::{BTreeMap, BTreeSet};

use model::{FieldType, MeasureUnit, text};

use super::sketch::{Said, SketchField, Sure};
use super::words;
use crate::decide::{self, Years};
use crate::grid::Cell;
use crate::values::{self, Measure};
use crate::{codes, personal};

/// So many cells that do not read, and most of all, are enough to give a type up.
const MANY: usize = 200;
/// Most words of a column that a remark lists.
const MAX_WORDS: usize = 6;

/// A column as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct Column<'a> {
    /// The header path, squeezed; empty for a blank header.
    pub(crate) path: &'a str,
    /// The measure unit declared for it, by its header, the row under it, or its rows.
    pub(crate) unit: Option<String>,
    /// The measure units the title declares.
    pub(crate) titled: &'a [MeasureUnit],
    /// The cells of the data rows.
    pub(crate) cells: Vec<&'a Cell>,
    /// Years for periods that name none.
    pub(crate) years: Years,
    /// The labels of the cells that are not blank.
    texts: Vec<String>,
}

/// How the cells read as one type.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    good: usize,
    bad: usize,
}

impl Tally {
    fn all(self) -> bool {
        self.good > 0 && self.bad == 0
    }

    /// A stray word among figures is a finding, not another type.
    fn nearly_all(self) -> bool {
        self.good > 0 && (self.bad * 20 <= self.good || (self.bad == 1 && self.good >= 4))
    }
}

impl<'a> Column<'a> {
    /// A column and its cells.
    pub(crate) fn new(
        path: &'a str,
        unit: Option<String>,
        titled: &'a [MeasureUnit],
        cells: Vec<&'a Cell>,
        years: Years,
    ) -> Self {
        let texts = cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.label()).collect();
        Self { path, unit, titled, cells, years, texts }
    }

    /// The last label of the path.
    fn leaf(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn tally(&self, field: &SketchField) -> Tally {
        let field = field.as_field();
        let mut measure = Measure::decide(&field, self.unit.as_deref(), self.titled);
        let decided = decide::column(&field, &mut measure, &self.cells, self.years);
        let mut tally = Tally::default();
        for cell in &self.cells {
            match values::read(cell, &field, &measure, decided.dating) {
                Ok(Ok(_)) => tally.good += 1,
                Ok(Err(_)) => {}
                // What a formula lost says nothing of the column's type.
                Err(values::Problem::Formula) => {}
                Err(_) => tally.bad += 1,
            }
            // Another type is meant; what the other rows hold will not change that.
            if tally.bad > MANY && tally.bad > tally.good {
                break;
            }
        }
        tally
    }

    fn reads(&self, field: &SketchField, kind: FieldType) -> Tally {
        self.tally(&SketchField { kind, measure_unit: None, length: Vec::new(), ..field.clone() })
    }

    /// The first cell that does not read.
    fn stray(&self, field: &SketchField) -> String {
        let read_as = field.as_field();
        let mut measure = Measure::decide(&read_as, self.unit.as_deref(), self.titled);
        let decided = decide::column(&read_as, &mut measure, &self.cells, self.years);
        let stray =
            self.cells.iter().find(|cell| values::read(cell, &read_as, &measure, decided.dating).is_err());
        stray.map(|cell| text::tidy(&cell.shown()).chars().take(20).collect()).unwrap_or_default()
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        self.texts.iter()
    }
}

/// Decides what a field is that stands in a column.
pub(crate) fn decide(column: &Column<'_>, field: &mut SketchField) {
    let filled = column.cells.iter().filter(|cell| !cell.is_empty()).count();
    if words::is_refused(column.leaf()) {
        field.secret = true;
        field.sure = Sure::Low;
        field.why = Said::new(
            "按表头属不得接收的数据（S4，如银行账号、涉密内容）：请退回该文件；本列值一律不读出",
            "by its header this must not be accepted at all (S4: bank accounts, secrets): send the file back; no value of it is written",
        );
        return;
    }
    let holds = column.cells.iter().filter(|cell| personal::holds(&cell.shown(), "")).count();
    if words::is_personal(column.leaf()) || (filled > 0 && holds * 2 > filled) {
        field.secret = true;
        field.sure = Sure::Medium;
        field.why = Said::new(
            "个人信息（S3）：读入时丢弃，不写入任何结果",
            "personal information (S3): dropped when read, never written",
        );
        return;
    }
    if filled == 0 {
        field.sure = Sure::Low;
        empty(column, field);
        return;
    }
    let found = as_uscc(column, field)
        || as_code(column, field)
        || as_truth(column, field)
        || as_date(column, field)
        || as_number(column, field);
    if !found {
        as_text(column, field, filled);
    }
}

/// A column without values: its header is all there is.
fn empty(column: &Column<'_>, field: &mut SketchField) {
    let leaf = column.leaf();
    if let Some(unit) = column.unit.as_deref().and_then(MeasureUnit::parse) {
        as_figure(column, field, Some(&unit));
        field.why = Said::new(
            "本列没有值，类型按表头的计量单位",
            "no value in this column; the type is its measure unit's",
        );
        return;
    }
    field.kind = if leaf.starts_with("是否") {
        FieldType::Bool
    } else if leaf.ends_with("日期") {
        FieldType::Date
    } else if words::hints_code(leaf) {
        FieldType::Code
    } else {
        FieldType::String
    };
    field.why = Said::new(
        "本列没有值，类型只按表头推测",
        "no value in this column; the type is a guess by its header",
    );
}

fn as_uscc(column: &Column<'_>, field: &mut SketchField) -> bool {
    let tally = column.reads(field, FieldType::Uscc);
    if !tally.nearly_all() {
        return false;
    }
    field.kind = FieldType::Uscc;
    field.why = Said::new(
        format!("{} 个值都通过统一社会信用代码校验{}", tally.good, but(tally.bad, "zh")),
        format!(
            "{} values pass the check characters of a unified social credit code{}",
            tally.good,
            but(tally.bad, "en")
        ),
    );
    true
}

fn but(bad: usize, language: &str) -> String {
    match (bad, language) {
        (0, _) => String::new(),
        (_, "zh") => format!("，另 {bad} 个读不出，将列为问题"),
        _ => format!("; {bad} more do not read and will be told"),
    }
}

/// Whether a text is made of ASCII digits.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn as_code(column: &Column<'_>, field: &mut SketchField) -> bool {
    if column.unit.is_some() {
        return false;
    }
    let coded: Vec<String> = column.texts().filter(|text| is_code_like(text)).cloned().collect();
    let floated = column.cells.iter().filter(|cell| is_floated(cell)).count();
    if (coded.len() + floated) * 20 < column.texts.len() * 19 {
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
    let long = lengths.iter().all(|(length, _)| *length >= 8)
        && lengths.iter().any(|(length, count)| *length >= 9 && count * 10 >= texts.len() * 9)
        && different.len() * 5 >= texts.len() * 4
        && texts.len() >= 5;
    let letters = digits < texts.len() && most * 2 > texts.len() && different.len() * 2 > texts.len();
    let hint = words::hints_code(column.leaf());
    let why = if zero > 0 {
        (format!("{zero} 个值以 0 开头"), format!("{zero} values begin with 0"))
    } else if hint {
        ("表头称其为代码或编号".to_owned(), "the header calls it a code or number".to_owned())
    } else if mixed {
        (
            "数字有的存为数值、有的存为文本".to_owned(),
            "digits are numbers in some rows and text in others".to_owned(),
        )
    } else if long {
        (
            "位数多且几乎相同、几乎不重复".to_owned(),
            "long digits, nearly all of one length and hardly any twice".to_owned(),
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
    let (mut zh, mut en) = why;
    if field.length.is_empty() {
        zh.push_str("；长短不一，未限定位数");
        en.push_str("; of many lengths, so none is fixed");
    } else {
        zh.push_str(&format!("；位数 {}", listed.join("、")));
        en.push_str(&format!("; {} characters", listed.join(" or ")));
    }
    if short > 0 {
        zh.push_str(&format!("；{short} 个位数不足（可能丢了前导零），读入时逐列提示"));
        en.push_str(&format!("; {short} are shorter (leading zeros lost?) and will be told"));
    }
    if floated > 0 {
        zh.push_str(&format!("；{floated} 个值被电子表格改成了科学计数，将为空并列为问题"));
        en.push_str(&format!("; {floated} passed through floating point, will be NULL and told"));
    }
    field.sure = if zero > 0 || hint { Sure::High } else { Sure::Medium };
    field.why = Said::new(zh, en);
    true
}

/// Whether a spreadsheet has thrown digits of a code away.
fn is_floated(cell: &Cell) -> bool {
    codes::code(cell, &super::sketch::plain_field()) == Err(values::Problem::CodeFloated)
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

fn as_truth(column: &Column<'_>, field: &mut SketchField) -> bool {
    let dash = |word: &String| word.chars().all(|c| matches!(c, '-' | '—' | '/'));
    let words: BTreeSet<&String> = column.texts().filter(|word| !dash(word)).collect();
    let plain = words.iter().all(|word| {
        matches!(word.as_str(), "是" | "否" | "√" | "×" | "✓" | "✔")
            || word.eq_ignore_ascii_case("true")
            || word.eq_ignore_ascii_case("false")
    });
    let asked = column.leaf().starts_with("是否") || column.leaf().starts_with("有无");
    if !(plain || asked) || !column.reads(field, FieldType::Bool).all() {
        return false;
    }
    field.kind = FieldType::Bool;
    field.sure = if words.len() > 1 || asked { Sure::High } else { Sure::Medium };
    field.why = Said::new("值都是“是/否”一类", "every value is yes or no");
    true
}

fn as_date(column: &Column<'_>, field: &mut SketchField) -> bool {
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
    if !column.texts().all(|text| likely(text)) {
        return false;
    }
    let clock = column.texts().any(|text| text.contains(':'));
    let kinds: &[FieldType] = if clock {
        &[FieldType::Datetime, FieldType::Date]
    } else {
        &[FieldType::Date, FieldType::Month, FieldType::Period]
    };
    let found = kinds.iter().copied().map(|kind| (kind, column.reads(field, kind)));
    let Some((kind, tally)) = found.into_iter().find(|(_, tally)| tally.nearly_all()) else { return false };
    field.kind = kind;
    let (zh, en) = match kind {
        FieldType::Date => ("日期", "days"),
        FieldType::Datetime => ("日期和时刻", "days with clock time"),
        FieldType::Month => ("月份", "months"),
        _ => ("年、季、月等期间", "years, quarters or months"),
    };
    field.sure = if tally.bad == 0 { Sure::High } else { Sure::Medium };
    field.why = Said::new(
        format!("{} 个值都读作{zh}{}", tally.good, but(tally.bad, "zh")),
        format!("{} values read as {en}{}", tally.good, but(tally.bad, "en")),
    );
    true
}

fn as_number(column: &Column<'_>, field: &mut SketchField) -> bool {
    let unit = column.unit.as_deref().and_then(MeasureUnit::parse);
    let before = field.clone();
    as_figure(column, field, unit.as_ref());
    let tally = column.tally(field);
    if tally.nearly_all() || (unit.is_some() && tally.good > tally.bad) {
        if tally.bad > 0 {
            let stray = column.stray(field);
            field.sure = Sure::Medium;
            field.why.zh.push_str(&format!("；{} 个值读不出（如“{stray}”），将为空并列为问题", tally.bad));
            field.why.en.push_str(&format!("; {} do not read (`{stray}`), will be NULL and told", tally.bad));
        }
        return true;
    }
    *field = before;
    false
}

/// Makes a figure of a field: by its measure unit, else by its words and values.
fn as_figure(column: &Column<'_>, field: &mut SketchField, unit: Option<&MeasureUnit>) {
    let leaf = column.leaf();
    if let Some(unit) = unit {
        by_unit(column, field, unit);
        field.why =
            Said::new(format!("计量单位为 {}", unit.symbol), format!("its measure unit is {}", unit.symbol));
        return;
    }
    if let Some(unit) = column.unit.as_deref() {
        field.kind = FieldType::Decimal;
        field.why = Said::new(
            format!("数值；计量单位“{unit}”不在已知之列，按原样保存"),
            format!("figures; the measure unit `{unit}` is not a known one, so they stay as printed"),
        );
        return;
    }
    let titled = match column.titled {
        [unit] if !words::is_no_money(leaf) => Some(unit),
        several => several.iter().find(|unit| {
            let counted = unit.canonical.as_str();
            (unit.canonical == "元" && !words::is_no_money(leaf))
                || (unit.canonical != "元" && leaf.contains(counted))
        }),
    };
    if let Some(unit) = titled {
        by_unit(column, field, unit);
        if field.kind.is_number() {
            field.measure_unit = Some(unit.symbol.clone());
        }
        field.sure = Sure::Medium;
        field.why = Said::new(
            format!("表题所列计量单位 {} 适用于本列", unit.symbol),
            format!("the measure unit {} of the title speaks of it", unit.symbol),
        );
        return;
    }
    let signed = column.texts().any(|text| text.ends_with(['%', '‰']));
    if signed || words::hints_share(leaf) {
        field.kind = FieldType::Ratio;
        if signed || decided_share(column, field) {
            field.sure = if signed { Sure::High } else { Sure::Medium };
            field.why = if signed {
                Said::new("值带 % 号", "values carry a % sign")
            } else {
                Said::new(
                    "表头为比率；未标单位，95.2 还是 0.952 按整列判定",
                    "the header names a share; without a unit, 95.2 or 0.952 is decided for the column",
                )
            };
            return;
        }
    }
    field.kind = FieldType::Int;
    if column.tally(field).all() {
        field.why = Said::new("值都是整数，未见计量单位", "whole numbers without a measure unit");
        return;
    }
    field.kind = FieldType::Decimal;
    field.why = Said::new("值都是数，未见计量单位", "numbers without a measure unit");
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
    decide::column(&field, &mut measure, &column.cells, column.years);
    !measure.undecided
}

fn as_text(column: &Column<'_>, field: &mut SketchField, filled: usize) {
    field.kind = FieldType::String;
    let words: BTreeSet<&String> = column.texts().collect();
    let floated = column.cells.iter().filter(|cell| is_floated(cell)).count();
    if floated > 0 {
        field.why.zh = format!("；{floated} 个值像是被电子表格改成了科学计数");
        field.why.en =
            format!("; {floated} values look like codes a spreadsheet has turned into floating point");
    }
    let few = words.len() <= MAX_WORDS && filled >= 30 && words.iter().all(|word| word.chars().count() <= 12);
    let said = if few {
        let listed: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        let listed = listed.join("、");
        (
            format!("文本，只有 {} 种值：{listed}", words.len()),
            format!("text of {} different values: {listed}", words.len()),
        )
    } else {
        ("文本".to_owned(), "text".to_owned())
    };
    field.why = Said::new(format!("{}{}", said.0, field.why.zh), format!("{}{}", said.1, field.why.en));
}
