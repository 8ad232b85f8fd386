//! What the values of a column are: each type is tried by reading every cell with the reader's own code, and the first
//! that reads all wins. Where a header says more than the digits do (代码, 日期, 率), it decides what is tried.

use std::collections::BTreeSet;

use model::{FieldType, MeasureUnit, text};

use super::sketch::{Remark, SketchField, Sure};
use super::{codes, days, figures, words};
use crate::decide::{self, Evidence, Years};
use crate::grid::Cell;
use crate::personal;
use crate::values::{self, Measure};

/// So many cells that do not read, and most of all, are enough to give a type up.
const MANY: usize = 200;
/// Most words of a column that a remark lists.
const MAX_WORDS: usize = 6;

/// A column as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct Column<'a> {
    /// The header path, squeezed; empty for a blank header.
    pub(crate) path: &'a str,
    /// All levels of its header, from the top.
    pub(super) levels: Vec<String>,
    /// The measure unit declared for it, by its header, the row under it, or its rows.
    pub(crate) unit: Option<String>,
    /// The measure units the title declares.
    pub(crate) titled: &'a [MeasureUnit],
    /// The cells of the data rows.
    pub(crate) cells: Vec<&'a Cell>,
    /// Years for periods that name none.
    pub(crate) years: Years,
    /// The labels of the cells that are not blank.
    pub(super) texts: Vec<String>,
}

/// How the cells read as one type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) good: usize,
    pub(super) bad: usize,
}

impl Tally {
    pub(super) fn all(self) -> bool {
        self.good > 0 && self.bad == 0
    }

    /// A stray word among figures is a finding, not another type.
    pub(super) fn nearly_all(self) -> bool {
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
        let levels = path.split('/').map(str::to_owned).collect();
        Self { path, levels, unit, titled, cells, years, texts }
    }

    /// The same under a header of more levels than those that name it.
    pub(crate) fn under(self, levels: &[&str]) -> Self {
        Self { levels: levels.iter().map(|level| (*level).to_owned()).collect(), ..self }
    }

    /// The last label of the path.
    pub(super) fn leaf(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn tally(&self, field: &SketchField) -> Tally {
        let field = field.as_field();
        let mut measure = Measure::decide(&field, self.unit.as_deref(), self.titled);
        let decided = decide::column(
            &field,
            &mut measure,
            &Evidence::of(&field, self.cells.iter().copied()),
            self.years,
        );
        let mut tally = Tally::default();
        for cell in &self.cells {
            match values::read(cell, &field, &measure, decided.dating) {
                Ok(Ok(_)) => tally.good += 1,
                // What is missing or lost says nothing of the column's type.
                Ok(Err(_)) | Err(values::Problem::Formula) => {}
                Err(_) => tally.bad += 1,
            }
            // Another type is meant; what the other rows hold will not change that.
            if tally.bad > MANY && tally.bad > tally.good {
                break;
            }
        }
        tally
    }

    /// How the cells read as this type.
    pub(super) fn reads(&self, field: &SketchField, kind: FieldType) -> Tally {
        self.tally(&SketchField { kind, measure_unit: None, length: Vec::new(), ..field.clone() })
    }

    /// The first cell that does not read.
    pub(super) fn stray(&self, field: &SketchField) -> String {
        let read_as = field.as_field();
        let mut measure = Measure::decide(&read_as, self.unit.as_deref(), self.titled);
        let decided = decide::column(
            &read_as,
            &mut measure,
            &Evidence::of(&read_as, self.cells.iter().copied()),
            self.years,
        );
        let stray =
            self.cells.iter().find(|cell| values::read(cell, &read_as, &measure, decided.dating).is_err());
        stray.map(|cell| text::tidy(&cell.shown()).chars().take(20).collect()).unwrap_or_default()
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        self.texts.iter()
    }
}

/// Decides what a field is that stands in a column.
pub(crate) fn decide(column: &Column<'_>, field: &mut SketchField) {
    let filled = column.cells.iter().filter(|cell| !cell.is_empty()).count();
    if words::is_refused(column.leaf()) {
        field.secret = true;
        field.sure = Sure::Low;
        field.why = Remark::new(
            "按表头属不得接收的数据（S4，如银行账号、涉密内容）：请退回该文件；本列值一律不读出",
            "by its header this must not be accepted at all (S4: bank accounts, secrets): send the file back; no value of it is written",
        );
        return;
    }
    let holds = column.cells.iter().filter(|cell| personal::holds(&cell.shown(), "")).count();
    if words::is_personal(column.leaf()) || (filled > 0 && holds * 2 > filled) {
        field.secret = true;
        field.sure = Sure::Medium;
        field.why = Remark::new(
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
        || as_industry(column, field)
        || codes::as_code(column, field)
        || as_truth(column, field)
        || days::as_date(column, field)
        || (!codes::would_lose_zeros(column) && figures::as_number(column, field));
    if !found {
        as_text(column, field, filled);
    }
}

/// A column without values: its header is all there is.
fn empty(column: &Column<'_>, field: &mut SketchField) {
    let leaf = column.leaf();
    if let Some(unit) = column.unit.as_deref().and_then(MeasureUnit::parse) {
        figures::as_figure(column, field, Some(&unit));
        field.why = Remark::new(
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
    field.why = Remark::new(
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
    field.why = Remark::new(
        format!("{} 个值都通过统一社会信用代码校验{}", tally.good, but(tally.bad, "zh")),
        format!(
            "{} values pass the check characters of a unified social credit code{}",
            tally.good,
            but(tally.bad, "en")
        ),
    );
    true
}

/// Codes under a header that speaks of industries; figures may look like them.
fn as_industry(column: &Column<'_>, field: &mut SketchField) -> bool {
    let leaf = column.leaf();
    if !(leaf.contains("行业") && words::hints_code(leaf)) {
        return false;
    }
    let tally = column.reads(field, FieldType::Industry);
    if !tally.nearly_all() {
        return false;
    }
    field.kind = FieldType::Industry;
    let classes = column.texts().filter(|text| text.len() == 4).count();
    if classes * 4 >= column.texts().count() * 3 {
        field.length = vec![4];
    }
    field.why = Remark::new(
        format!("{} 个值是国民经济行业分类代码{}", tally.good, but(tally.bad, "zh")),
        format!("{} values are classes of GB/T 4754{}", tally.good, but(tally.bad, "en")),
    );
    true
}

/// What is said of the values that do not read.
pub(super) fn but(bad: usize, language: &str) -> String {
    match (bad, language) {
        (0, _) => String::new(),
        (_, "zh") => format!("，另 {bad} 个读不出，将列为问题"),
        _ => format!("; {bad} more do not read and will be told"),
    }
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
    field.why = Remark::new("值都是“是/否”一类", "every value is yes or no");
    true
}

fn as_text(column: &Column<'_>, field: &mut SketchField, filled: usize) {
    field.kind = FieldType::String;
    let words: BTreeSet<&String> = column.texts().collect();
    let floated = column.cells.iter().filter(|cell| codes::is_floated(cell)).count();
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
    field.why = Remark::new(format!("{}{}", said.0, field.why.zh), format!("{}{}", said.1, field.why.en));
    let figures = column.cells.iter().filter(|cell| values::looks_numeric(cell)).count();
    if floated > 0 || figures * 2 >= filled {
        field.sure = Sure::Low;
        field.why.add(
            format!("；{figures} 个值像是数字或代码，请核对类型"),
            format!("; {figures} values look like figures or codes: check the type"),
        );
    }
}
