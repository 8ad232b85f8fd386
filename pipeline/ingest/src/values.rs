//! One cell into the type of its field, and the words for what came of it: a value, a reason why there is none, a
//! problem.
//!
//! Here is only who reads what: figures, codes and dates have files of their own. A cell that cannot be read becomes
//! NULL with a finding, never zero.

use ecow::EcoString;
use model::{Field, FieldType, text};

use crate::dates::{self, Dating};
pub(crate) use crate::figures::{last_place, looks_numeric};
use crate::grid::Cell;
pub(crate) use crate::measures::Measure;
pub(crate) use crate::missing::Missing;
use crate::{codes, figures, industry, missing, numerals};

/// A value as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text.
    Text(EcoString),
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
    /// The zero in front of an industry class was put back.
    ZeroPutBack,
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
            Self::ZeroPutBack => "zero-put-back",
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
    /// 增加35户 where a level is expected.
    ChangeForQuantity,
    /// 5万 in a column of 万元.
    Multiple,
    /// Percentage points where a share is expected.
    PointsForShare,
    /// The scale of the column could not be decided.
    Scale,
    /// A duration where a day is expected: it must be counted from something.
    Duration,
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
    /// No section or division of the classification of industries.
    IndustryUnknown,
    /// A registration number of before the credit code where a credit code is expected.
    RegistrationNumber,
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
            Self::ChangeForQuantity => "change-for-quantity",
            Self::Multiple => "multiple-twice",
            Self::PointsForShare => "points-for-share",
            Self::Duration => "duration-not-counted",
            Self::NotADate => "not-a-date",
            Self::NoSuchDay => "no-such-day",
            Self::NotADay => "period-for-day",
            Self::NotAMonth => "period-for-month",
            Self::NoYear => "period-without-year",
            Self::NotABool => "not-a-truth-value",
            Self::NotInList => "not-in-list",
            Self::CodeFloated => "code-floated",
            Self::CodeInvalid => "code-invalid",
            Self::IndustryUnknown => "industry-unknown",
            Self::Measure | Self::Scale | Self::MonthUndecided | Self::RegistrationNumber => return None,
        })
    }
}

/// What was read.
pub(crate) type Read = Result<Result<Good, Missing>, Problem>;

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
            return figures::read(&shown, field, measure);
        }
        FieldType::Unit | FieldType::String => {
            let dashes = !begins_with_word(&shown)
                && text::squeeze(&shown).chars().all(|c| matches!(c, '-' | '—' | '–' | '―'));
            return Ok(if dashes { Err(Missing::NotApplicable) } else { Ok(tidy(cell, &shown).into()) });
        }
        FieldType::Date if dates::is_usual_day(cell) => {}
        // 有 and 无 are answers, and 未填 is a value of a list that names it.
        FieldType::Bool => {}
        FieldType::Enum if of_list(&shown, field).is_some() => {}
        _ => {
            if let Some(missing) = missing::mark(&numerals::plain(&shown))? {
                return Ok(Err(missing));
            }
            if matches!(field.kind, FieldType::Date | FieldType::Datetime)
                && let Some(missing) = dates::placeholder(cell)
            {
                return Ok(Err(missing));
            }
        }
    }
    Ok(Ok(match field.kind {
        FieldType::Bool => match truth(&shown, field) {
            Some(value) => Value::Bool(value).into(),
            None => match missing::mark(&numerals::plain(&shown))? {
                Some(missing) => return Ok(Err(missing)),
                None => return Err(Problem::NotABool),
            },
        },
        FieldType::Enum => Value::Text(of_list(&shown, field).ok_or(Problem::NotInList)?.into()).into(),
        FieldType::Code => codes::code(cell, field)?,
        FieldType::Uscc => codes::uscc(cell)?,
        FieldType::Industry => industry::read(cell, field)?,
        FieldType::Datetime => dates::moment(cell, field, dating)?,
        _ => dates::read(cell, field, dating)?.into(),
    }))
}

/// Whether a text begins with what no dash is.
fn begins_with_word(shown: &str) -> bool {
    shown.starts_with(|c: char| c.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The text of a cell without needless white space: the cell's own where nothing is to be done.
fn tidy(cell: &Cell, shown: &str) -> Value {
    Value::Text(match cell {
        Cell::Text(text) if text::is_tidy(text) => text.clone(),
        _ => text::tidy(shown).into(),
    })
}

/// Yes or no, by the words of the contract first.
fn truth(shown: &str, field: &Field) -> Option<bool> {
    let plain = text::squeeze(shown).to_lowercase();
    let is = |word: &String| text::squeeze(word).to_lowercase() == plain;
    if field.true_values.iter().any(is) {
        return Some(true);
    }
    if field.false_values.iter().any(is) {
        return Some(false);
    }
    match plain.as_str() {
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
    let as_it_stands = |word: &String| word == shown;
    let found =
        field.values.iter().find(|(value, words)| as_it_stands(value) || words.iter().any(as_it_stands));
    if let Some((value, _)) = found {
        return Some(value.clone());
    }
    let plain = text::squeeze(shown).to_lowercase();
    let is = |word: &String| text::squeeze(word).to_lowercase() == plain;
    let found = field.values.iter().find(|(value, words)| is(value) || words.iter().any(is));
    found.map(|(value, _)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str) -> Field {
        toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"")).unwrap()
    }

    fn as_kind(raw: &str, kind: &str) -> Read {
        let field = field(kind);
        read(&Cell::text(raw), &field, &Measure::decide(&field, None, &[]), Dating::default())
    }

    #[test]
    fn yes_no_and_lists() {
        for (raw, expected) in [
            ("是", Ok(Ok(Value::Bool(true).into()))),
            ("√", Ok(Ok(Value::Bool(true).into()))),
            ("无", Ok(Ok(Value::Bool(false).into()))),
            ("--", Ok(Err(Missing::NotApplicable))),
            ("2", Err(Problem::NotABool)),
        ] {
            assert_eq!(as_kind(raw, "bool"), expected, "{raw}");
        }
        let list = toml::from_str::<Field>(
            "name = \"x\"\nzh = [\"x\"]\ntype = \"enum\"\nvalues = { active = [\"存续\", \"在业\"], closed = [] }",
        );
        let list = list.unwrap();
        assert_eq!(of_list("存 续", &list).as_deref(), Some("active"));
        assert_eq!(of_list("Closed", &list).as_deref(), Some("closed"));
        assert_eq!(of_list("迁出", &list), None);
        let list = r#"name = "x"
            zh = ["x"]
            type = "enum"
            values = { unknown = ["未填"] }"#;
        let list = toml::from_str::<Field>(list).unwrap();
        let read =
            |raw: &str| read(&Cell::text(raw), &list, &Measure::decide(&list, None, &[]), Dating::default());
        assert_eq!(read("未填"), Ok(Ok(Value::Text("unknown".into()).into())));
        assert_eq!(read("暂无"), Ok(Err(Missing::NotAvailable)));
    }
}
