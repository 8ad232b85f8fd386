//! Wide tables: which columns stand under which header value, and which field each of them holds.
//!
//! One run of levels of a header path is the value (`2024年` of `2024年/户数`, `2024年1月` of `2024年/1月`), what is left
//! must be a header of a cell field. Value and field may also stand in one label, `2024年户数`. What the value is worth
//! is not decided here: that takes all headers of a table together.

use model::contract::{FieldSource, PointOne};
use model::resolve::Meaning;
use model::{Field, FieldType};

use crate::bind::{Wanted, ends_in};
use crate::dates::{self, Dating};
use crate::grid::Cell;
use crate::header::Column;
use crate::values::{self, Measure, Value};

/// A column under a header value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headed {
    /// The column.
    pub(crate) column: usize,
    /// The header value as it stands, squeezed.
    pub(crate) label: String,
    /// The cell field whose values it holds.
    pub(crate) field: usize,
}

/// The years that header values are taken for: other numbers are figures.
const YEARS: std::ops::Range<u16> = 1900..2100;

/// The columns under header values among those not used otherwise. None where they are the lesser part of them: then
/// the values are figures that look like years, and the band is no header.
pub(crate) fn headed(wanted: &Wanted<'_>, columns: &[Column], used: &[bool]) -> Vec<Headed> {
    let Some(header) = wanted.contract.header_field() else { return Vec::new() };
    let free: Vec<(usize, &Column)> = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| {
            let used = used.get(*at).copied().unwrap_or(true);
            !used && !column.path.is_empty() && !wanted.ignores(&column.path)
        })
        .collect();
    let of = |(at, column): &(usize, &Column)| {
        let (label, field) = match header.kind {
            FieldType::String | FieldType::Code => leftover(wanted, column)?,
            _ => split(wanted, header, column)?,
        };
        Some(Headed { column: *at, label, field })
    };
    let headed: Vec<Headed> = free.iter().filter_map(of).collect();
    if headed.len() * 2 < free.len() { Vec::new() } else { headed }
}

/// Whether a squeezed label reads as a value of the field that stands in headers.
pub(crate) fn is_value(wanted: &Wanted<'_>, field: &Field, label: &str) -> bool {
    match field.kind {
        FieldType::Month | FieldType::Period | FieldType::Date => is_dated(field, label),
        FieldType::Unit => matches!(wanted.meaning(label), Some(Meaning::Unit { .. })),
        FieldType::Enum => {
            let measure = Measure::decide(field, None, &[]);
            matches!(values::read(&Cell::text(label), field, &measure, Dating::default()), Ok(Ok(_)))
        }
        _ => !label.is_empty(),
    }
}

fn is_dated(field: &Field, label: &str) -> bool {
    // Most cells are told by their first characters: rows of figures pass here too.
    let digits = label.bytes().take_while(u8::is_ascii_digit).count();
    let plausible = match digits {
        0 => label.starts_with(|c| "一二三四五六七八九十〇零第上下全截".contains(c)),
        4 => label.get(..4).and_then(|year| year.parse().ok()).is_some_and(|year| YEARS.contains(&year)),
        // The day number of a workbook is a figure like any other here: 21001.
        5 => label.len() > 5,
        _ => digits <= 8,
    };
    if !plausible || label.len() > 64 {
        return false;
    }
    let any = Dating { year: Some(YEARS.start), point_one: Some(PointOne::January) };
    let year = match dates::read(&Cell::text(label), field, any) {
        Ok(Value::Text(text)) => text.get(..4).and_then(|year| year.parse().ok()),
        Ok(Value::Date(days)) => dates::day_text(days).get(..4).and_then(|year| year.parse().ok()),
        _ => None,
    };
    year.is_some_and(|year| YEARS.contains(&year))
}

/// A header value that can be told from other texts, and the field the rest of the path names.
fn split(wanted: &Wanted<'_>, header: &Field, column: &Column) -> Option<(String, usize)> {
    let levels = &column.levels;
    let longest = if header.kind.is_date() { levels.len() } else { 1 };
    for length in (1..=longest.min(levels.len())).rev() {
        for (start, run) in levels.windows(length).enumerate() {
            let label = without_zero(run.concat());
            if !is_value(wanted, header, &label) {
                continue;
            }
            let rest: Vec<&str> = levels
                .iter()
                .enumerate()
                .filter(|(at, _)| !(start..start + length).contains(at))
                .map(|(_, level)| level.as_str())
                .collect();
            if let Some(field) = cell_of(wanted, &rest.join("/")) {
                return Some((label, field));
            }
        }
    }
    // 2024年户数 in one label.
    let glued = |(field, variant): (usize, &String)| {
        let ends = [column.path.strip_suffix(variant.as_str()), column.path.strip_prefix(variant.as_str())];
        let label = ends.into_iter().flatten().map(|label| label.trim_matches('/'));
        let label = label.into_iter().find(|label| is_value(wanted, header, label))?;
        Some((label.to_owned(), field))
    };
    variants(wanted).find_map(glued)
}

/// A year that passed through a number: 2005.0.
pub(crate) fn without_zero(label: String) -> String {
    match label.strip_suffix(".0") {
        Some(year) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => year.to_owned(),
        _ => label,
    }
}

/// What the cell fields leave of a path is the value, for texts any of which may be one.
fn leftover(wanted: &Wanted<'_>, column: &Column) -> Option<(String, usize)> {
    let path = column.path.as_str();
    let named = |(field, variant): (usize, &String)| {
        let label = match path.strip_suffix(variant.as_str()) {
            Some(rest) => rest.strip_suffix('/'),
            None => path.strip_prefix(variant.as_str()).and_then(|rest| rest.strip_prefix('/')),
        };
        let label = label.filter(|label| !label.is_empty())?;
        Some((label.to_owned(), field))
    };
    variants(wanted).find_map(named).or_else(|| Some((path.to_owned(), open(wanted)?)))
}

/// The cell field named by what a header value leaves of a path: by the whole, else by its end, else the one that
/// takes anything.
fn cell_of(wanted: &Wanted<'_>, rest: &str) -> Option<usize> {
    let whole = cells(wanted).find(|at| wanted.variants(*at).iter().any(|variant| variant == rest));
    let ends = || variants(wanted).find(|(_, variant)| ends_in(rest, variant)).map(|(at, _)| at);
    whole.or_else(ends).or_else(|| open(wanted))
}

/// The cell fields.
fn cells<'w>(wanted: &'w Wanted<'_>) -> impl Iterator<Item = usize> + 'w {
    let fields = wanted.contract.field.iter().enumerate();
    fields.filter(|(_, field)| field.from == FieldSource::Cell).map(|(at, _)| at)
}

/// The headers of the cell fields that are not blank.
fn variants<'w>(wanted: &'w Wanted<'_>) -> impl Iterator<Item = (usize, &'w String)> + 'w {
    let all = cells(wanted).flat_map(|at| wanted.variants(at).iter().map(move |variant| (at, variant)));
    all.filter(|(_, variant)| !variant.is_empty())
}

/// The cell field without headers: anything may be left of its paths.
fn open(wanted: &Wanted<'_>) -> Option<usize> {
    cells(wanted).find(|at| wanted.variants(*at).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Contract;

    fn headed_by(kind: &str, cells: &[&str], paths: &[&str]) -> String {
        let head = format!(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = []\n\
             [[field]]\nname = \"h\"\ntype = \"{kind}\"\nfrom = \"header\"\n"
        );
        let cell = |zh: &&str| {
            let zh = if *zh == "*" { String::new() } else { format!("zh = [\"{zh}\"]\n") };
            format!("[[field]]\nname = \"c\"\ntype = \"decimal\"\nfrom = \"cell\"\n{zh}")
        };
        let text: String = std::iter::once(head).chain(cells.iter().map(cell)).collect();
        let contract: Contract = toml::from_str(&text).unwrap();
        let wanted = Wanted::new(&contract);
        let column = |path: &&str| Column {
            path: (*path).into(),
            shown: (*path).into(),
            levels: path.split('/').map(str::to_owned).collect(),
            unit: None,
        };
        let columns: Vec<Column> = paths.iter().map(column).collect();
        let found = headed(&wanted, &columns, &vec![false; columns.len()]);
        let told = found.iter().map(|headed| format!("{}:{}:{}", headed.column, headed.label, headed.field));
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_are_told_from_what_they_leave() {
        for (kind, cells, paths, expected) in [
            ("period", vec!["*"], vec!["2024年", "2023年", "增速"], "0:2024年:1 1:2023年:1"),
            ("period", vec!["户数", "余额"], vec!["2024年/户数", "余额/2024年"], "0:2024年:1 1:2024年:2"),
            ("month", vec!["*"], vec!["2024年/1月", "2月", "2024年"], "0:2024年1月:1 1:2月:1"),
            ("period", vec!["户数"], vec!["2024年户数", "户数2023"], "0:2024年:1 1:2023:1"),
            ("period", vec!["户数"], vec!["贷款/2024年/户数", "2024年/笔数"], "0:2024年:1"),
            ("month", vec!["*"], vec!["2016.01", "2016.1", "2018-05"], "0:2016.01:1 1:2016.1:1 2:2018-05:1"),
            ("period", vec!["*"], vec!["2024年", "49670.2", "1649.5"], ""),
            ("period", vec!["*"], vec!["21001", "20110"], ""),
            ("period", vec!["*"], vec!["2005.0", "2006.0"], "0:2005:1 1:2006:1"),
            ("string", vec!["户数", "*"], vec!["工业/户数", "农业"], "0:工业:1 1:农业:2"),
            ("unit", vec!["*"], vec!["鹿城区"], ""),
        ] {
            assert_eq!(headed_by(kind, &cells, &paths), expected, "{kind} {paths:?}");
        }
    }
}
