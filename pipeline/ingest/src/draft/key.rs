//! The key of a drafted contract: the fewest fields, from the left, whose values no two rows share. Told from rows as
//! the reader reads them, so that no row vanishes as the contradiction of another.

use std::collections::BTreeSet;

use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::FieldType;

use super::sketch::{Remark, Sketch, SketchField};

/// Most fields of a key.
const MAX_FIELDS: usize = 3;
/// Most fields that are tried together.
const MAX_TRIED: usize = 10;

/// Values of the fields, row by row; `None` is NULL.
struct Values {
    columns: Vec<Vec<Option<String>>>,
    /// The periods of the rows, of which every key speaks.
    periods: Vec<Option<String>>,
}

/// The values of a column over all batches.
fn shown(batches: &[&RecordBatch], name: &str) -> Vec<Option<String>> {
    let options = FormatOptions::default();
    let mut values = Vec::new();
    for batch in batches {
        let column = batch.column_by_name(name);
        let shown = column.and_then(|column| {
            ArrayFormatter::try_new(column.as_ref(), &options).ok().map(|shown| (column, shown))
        });
        for row in 0..batch.num_rows() {
            values.push(
                shown
                    .as_ref()
                    .and_then(|(column, shown)| column.is_valid(row).then(|| shown.value(row).to_string())),
            );
        }
    }
    values
}

impl Values {
    fn of(batches: &[&RecordBatch], fields: &[&SketchField]) -> Self {
        let columns = fields.iter().map(|field| shown(batches, &field.name)).collect();
        Self { columns, periods: shown(batches, "period") }
    }

    fn rows(&self) -> usize {
        self.periods.len()
    }

    fn row<'v>(&'v self, row: usize, fields: &'v [usize]) -> impl Iterator<Item = Option<&'v str>> {
        fields.iter().map(move |field| {
            self.columns.get(*field).and_then(|values| values.get(row)).and_then(Option::as_deref)
        })
    }

    /// Whether no two rows of one period share the values of these fields.
    fn unique(&self, fields: &[usize]) -> bool {
        let mut seen = BTreeSet::new();
        (0..self.rows()).all(|row| {
            let period = self.periods.get(row).and_then(Option::as_deref);
            seen.insert((period, self.row(row, fields).collect::<Vec<_>>()))
        })
    }

    fn complete(&self, field: usize) -> bool {
        self.columns.get(field).is_some_and(|values| values.iter().all(Option::is_some))
    }
}

/// Chooses the key and says why; `batches` are the rows the draft gives.
pub(crate) fn choose(sketch: &mut Sketch, batches: &[&RecordBatch]) {
    let fields: Vec<&SketchField> = sketch.fields.iter().filter(|field| !field.secret).collect();
    let values = Values::of(batches, &fields);
    // What stands at a crossing is a figure or its words, never what the crossing is of. Numbers without a measure
    // unit may help to name something, if nothing else does.
    let is_figure = |field: &SketchField| {
        field.from == "cell"
            || (field.kind.is_number() && (field.kind != FieldType::Int || field.measure_unit.is_some()))
    };
    let of_header: Vec<usize> =
        (0..fields.len()).filter(|at| fields.get(*at).is_some_and(|field| field.from == "header")).collect();
    let mut tried: Vec<usize> = (0..fields.len())
        .filter(|at| values.complete(*at) && fields.get(*at).is_some_and(|field| !is_figure(field)))
        .collect();
    let named = fields.iter().any(|field| is_name(field));
    tried.sort_by_key(|at| fields.get(*at).map(|field| rank(field, named)));
    tried.truncate(MAX_TRIED);
    let is = |at: usize, is: &dyn Fn(&SketchField) -> bool| fields.get(at).is_some_and(|field| is(field));
    let of_county = tried.iter().any(|at| is(*at, &|field| field.kind == FieldType::Unit));
    // Each value of a header makes a row of its own; a period alone tells counties apart by chance only, a number
    // whatever it is of.
    let may_be = |set: &[usize]| {
        let alone = match set {
            [only] => is(*only, &|field| field.name == "period" && of_county || field.kind == FieldType::Int),
            _ => false,
        };
        // Rows of counties are told apart by county, unless they are of things that have names or codes.
        let names = |field: &SketchField| {
            matches!(field.kind, FieldType::Unit | FieldType::Uscc | FieldType::Code | FieldType::Industry)
        };
        let of_their_county = named || !of_county || set.iter().any(|at| is(*at, &names));
        !alone && of_their_county && of_header.iter().all(|at| set.contains(at))
    };
    let words: Vec<usize> =
        tried.iter().copied().filter(|at| !is(*at, &|field| field.kind == FieldType::Int)).collect();
    let name = |at: &usize| fields.get(*at).map(|field| field.name.clone());
    let said = |names: &[String]| names.join(" + ");
    let found = if values.rows() == 0 {
        None
    } else {
        smallest(&values, &words, &may_be).or_else(|| smallest(&values, &tried, &may_be))
    };
    let (mut key, why): (Vec<String>, Remark) = if let Some(found) = found {
        let key: Vec<String> = found.iter().filter_map(name).collect();
        let names = said(&key);
        (
            key,
            Remark::new(
                format!("主键：{} 行中 {names} 各不相同", values.rows()),
                format!("the key: {names} differs in every row (rows: {})", values.rows()),
            ),
        )
    } else if values.rows() == 0 {
        let first = (0..fields.len()).find(|at| !is(*at, &is_figure));
        let first = first.or((!fields.is_empty()).then_some(0)).filter(|first| !of_header.contains(first));
        (
            first.iter().chain(&of_header).filter_map(name).collect(),
            Remark::new("主键待定：文件里没有数据行", "the key is a guess: the file holds no data rows"),
        )
    } else {
        let all: Vec<usize> = (0..fields.len()).collect();
        let doubled = if values.unique(&all) { "" } else { "；完全相同的行按重复行计" };
        let doubled_en =
            if values.unique(&all) { "" } else { "; rows that are equal in all of them count as duplicates" };
        (
            all.iter().filter_map(name).collect(),
            Remark::new(
                format!("主键待定：没有三个以内的字段能区分各行，暂用全部字段{doubled}"),
                format!(
                    "the key is unknown: no three fields tell the rows apart, so all are used{doubled_en}"
                ),
            ),
        )
    };
    key.retain(|name| name != "period");
    key.push("period".to_owned());
    sketch.row = row_text(sketch, &key);
    sketch.key = key;
    sketch.key_why = why;
}

/// What names things first, then when they were, long texts last. In a short list of named things every one may be of
/// another county.
fn rank(field: &SketchField, named: bool) -> u8 {
    match field.kind {
        FieldType::Uscc => 0,
        FieldType::Unit if !named => 1,
        FieldType::Code | FieldType::Industry => 2,
        FieldType::String if is_name(field) => 3,
        FieldType::Month | FieldType::Period if field.name == "period" => 4,
        FieldType::String if field.from == "measure_unit" => 9,
        FieldType::String | FieldType::Unit => 5,
        FieldType::Int => 7,
        _ => 6,
    }
}

/// A column of names of enterprises, projects, …
fn is_name(field: &SketchField) -> bool {
    field.kind == FieldType::String
        && field.zh.first().is_some_and(|header| header.ends_with("名称") && !header.contains("英文"))
}

/// The smallest set of these fields that tells all rows apart, among those that may be a key.
fn smallest(values: &Values, tried: &[usize], may_be: &dyn Fn(&[usize]) -> bool) -> Option<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..MAX_FIELDS {
        let mut larger: Vec<Vec<usize>> = Vec::new();
        for set in &sets {
            let after =
                set.last().and_then(|last| tried.iter().position(|at| at == last)).map_or(0, |at| at + 1);
            for at in tried.iter().skip(after) {
                let mut set = set.clone();
                set.push(*at);
                larger.push(set);
            }
        }
        if let Some(found) = larger.iter().find(|set| may_be(set) && values.unique(set)) {
            return Some(found.clone());
        }
        sets = larger;
    }
    None
}

/// What one row is, in words, from the fields of its key.
fn row_text(sketch: &Sketch, key: &[String]) -> String {
    let named = key.iter().take(4).map(|name| {
        let field = sketch.fields.iter().find(|field| &field.name == name);
        let label = field.and_then(|field| field.zh.first()).filter(|label| !label.is_empty());
        match (label, name.as_str()) {
            (Some(label), _) => label.rsplit('/').next().unwrap_or(label).to_owned(),
            (None, "period") => "期间".to_owned(),
            (None, "unit") => "县（市、区）".to_owned(),
            (None, "section") => "分组".to_owned(),
            (None, name) => name.to_owned(),
        }
    });
    let named: Vec<String> = named.collect();
    format!("每行：一个 {}", named.join(" × "))
}
