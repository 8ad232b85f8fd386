//! One kind of table becomes one sketch of a contract: what it is wide over, its counties, sections, lines above, and
//! then its columns.

use std::collections::BTreeSet;

use model::{FieldType, Reference};

use super::fields::{Fields, Known};
use super::labels::Resolved;
use super::parts::Part;
use super::sketch::{Remark, Sketch, SketchField, Sure};
use super::wide;
use super::{names, sheets, units, words};
use crate::decide::Years;

/// What a file is drafted under.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) reference: &'a Reference,
    pub(crate) partition: &'a str,
    pub(crate) vintage: &'a str,
    pub(crate) department: &'a str,
    /// Why this one, if it was not asked for.
    pub(crate) department_why: &'a Remark,
    pub(crate) years: Years,
    /// The name of the file without its ending.
    pub(crate) stem: &'a str,
}

/// Columns that may name what a row is of: they stand before most figures.
const LOOK: usize = 12;

/// Labels of the column and section that name counties most, over all tables of a file: for the partition.
pub(crate) fn all_labels(part: &Part<'_>) -> Vec<BTreeSet<String>> {
    let columns = part.columns.len().min(LOOK);
    let mut all: Vec<BTreeSet<String>> = (0..columns).map(|column| part.labels(column, |_| true)).collect();
    all.push(part.sections.iter().map(|(_, name)| name.clone()).collect());
    all.push(part.columns.iter().flat_map(|column| column.path.split('/').map(str::to_owned)).collect());
    all
}

/// The column of counties: the one with most units, the first of several.
fn county(setting: &Setting<'_>, parts: &[Part<'_>], section: Option<&str>) -> Option<(usize, Resolved)> {
    let first = parts.first()?;
    let mut best: Option<(usize, Resolved)> = None;
    for (at, column) in first.columns.iter().enumerate().take(LOOK) {
        let mut labels = BTreeSet::new();
        for part in parts {
            labels.extend(part.labels(at, |row| section.is_none() || part.section_of(row) == section));
        }
        let resolved = Resolved::of(&labels, setting.reference, setting.partition, setting.vintage);
        let header = column.path.rsplit('/').next().unwrap_or_default();
        if resolved.is_county(header) && best.as_ref().is_none_or(|(_, best)| resolved.known > best.known) {
            best = Some((at, resolved));
        }
    }
    best
}

/// The one section whose rows name counties, where the whole column does not.
fn county_section(setting: &Setting<'_>, parts: &[Part<'_>]) -> Option<(String, (usize, Resolved))> {
    let names: BTreeSet<&str> =
        parts.iter().flat_map(|part| &part.sections).map(|(_, name)| name.as_str()).collect();
    if names.len() < 2 {
        return None;
    }
    let found = names.into_iter().filter_map(|name| {
        let (column, resolved) = county(setting, parts, Some(name))?;
        (resolved.units >= 3).then(|| (name.to_owned(), (column, resolved)))
    });
    let mut found: Vec<_> = found.collect();
    if found.len() == 1 { found.pop() } else { None }
}

/// Drafts the contract of one kind of table; its key is still to be found.
pub(crate) fn sketch(setting: &Setting<'_>, parts: &[Part<'_>]) -> Option<Sketch> {
    let first = parts.first()?;
    let wide = wide::find(&first.columns, &first.block, setting);
    let mut remarks = Vec::new();
    let mut section = None;
    let over_units = wide.as_ref().is_some_and(|wide| wide.kind == FieldType::Unit);
    let mut county = if over_units { None } else { county(setting, parts, None) };
    if county.is_none()
        && !over_units
        && let Some((name, found)) = county_section(setting, parts)
    {
        remarks.push(Remark::new(
            format!("表中有几种分组，只读县（市、区）所在的“{name}”部分；要读别的部分，改 section 与第一个字段"),
            format!("the table has several groupings; only `{name}`, which names counties, is read: change section and the first field for others"),
        ));
        section = Some(name);
        county = Some(found);
    }
    let lines = first.above.lines.iter().filter(|line| !line.is_about_the_file() && !line.is_time());
    let lines: Vec<_> = lines.cloned().collect();
    let unit = lines.iter().find_map(|line| line.unit.clone());
    let by_section = section.is_none() && parts.iter().any(|part| !part.sections.is_empty());
    let has_county = county.is_some() || over_units;
    let known = Known { parts, county, wide, section: section.clone(), unit };
    let mut fields = Fields::default();
    if by_section {
        self::section(setting, parts, has_county, &mut fields);
    }
    for line in &lines {
        let has_county = has_county || fields.all.iter().any(|field| field.kind == FieldType::Unit);
        above(line, setting, has_county, &mut fields);
    }
    fields.draft(&known, setting);
    units::in_rows(&known, &mut fields);
    let has = |is: &dyn Fn(&SketchField) -> bool| fields.all.iter().any(is);
    let dated = has(&|field| field.name == "period");
    let by_sheet = sheets::field(setting, parts, dated, has(&|field| field.kind == FieldType::Unit));
    let span = if dated || by_sheet.is_some() { None } else { span(parts) };
    let title = title(setting, first, by_sheet.is_some());
    for field in by_sheet.into_iter().chain(span) {
        let name = field.name.clone();
        fields.add(field, &name);
    }
    if fields.all.is_empty() {
        return None;
    }
    let mut sketch = Sketch {
        id: String::new(),
        title,
        department: setting.department.to_owned(),
        department_why: setting.department_why.clone(),
        row: String::new(),
        key: Vec::new(),
        key_why: Remark::default(),
        section,
        sheet: None,
        columns_are_rows: first.turned,
        header_rows: None,
        ignore: fields.ignore,
        fields: fields.all,
        remarks,
    };
    sketch.id = names::spelled(&sketch.title);
    if sketch.id.is_empty() {
        "draft".clone_into(&mut sketch.id);
    }
    if first.turned {
        sketch.remarks.push(Remark::new(
            "表是横放的：每列一条记录，字段名在第一列",
            "the table lies on its side: each column is a row, field labels stand in the first column",
        ));
    }
    if first.block.band.height == 0 {
        by_position(&mut sketch, first);
    }
    Some(sketch)
}

/// Section rows become a field: a county where they name counties, else a text.
fn section(setting: &Setting<'_>, parts: &[Part<'_>], has_county: bool, fields: &mut Fields) {
    let names: BTreeSet<String> =
        parts.iter().flat_map(|part| &part.sections).map(|(_, name)| name.clone()).collect();
    let resolved = Resolved::of(&names, setting.reference, setting.partition, setting.vintage);
    let mut field = SketchField::new("", "");
    field.zh = Vec::new();
    field.from = "section";
    let shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    let (count, shown) = (names.len(), shown.join("、"));
    field.why = Remark::new(
        format!("取自其上的分组行（{count} 个：{shown}…），不含括号里的个数"),
        format!("the section row above ({count}: {shown}…), without the count in brackets"),
    );
    let mut name = "section";
    if !has_county && resolved.is_county("") && resolved.units >= 2 {
        field.kind = FieldType::Unit;
        name = "unit";
    }
    fields.add(field, name);
}

/// A line above the header becomes a field.
fn above(line: &super::above::Stated, setting: &Setting<'_>, has_county: bool, fields: &mut Fields) {
    let spelled = names::spelled(&line.name);
    if spelled.is_empty() {
        return;
    }
    let mut field = SketchField::new("", line.name.clone());
    field.from = "above";
    field.sure = Sure::Medium;
    let label = BTreeSet::from([line.value.clone()]);
    let resolved = Resolved::of(&label, setting.reference, setting.partition, setting.vintage);
    let is_unit = !has_county && resolved.known == 1 && words::is_county(&line.name);
    field.why = Remark::new(
        format!("取自表头上方“{}：{}”，全表同值", line.name, line.value),
        format!("the line `{}：{}` above the header; the same for all rows", line.name, line.value),
    );
    if is_unit {
        field.kind = FieldType::Unit;
    }
    fields.add(field, if is_unit { "unit" } else { &spelled });
}

/// A span of months in the titles (2024年1-9月, 前三季度), which no delivery's period can hold, becomes a field.
fn span(parts: &[Part<'_>]) -> Option<SketchField> {
    let said = |part: &Part<'_>| part.above.texts.iter().find_map(|text| super::above::stated_period(text));
    let spans: Option<Vec<String>> =
        parts.iter().map(|part| said(part).map(|(period, _)| period).filter(|p| p.contains('/'))).collect();
    let shown = spans?.into_iter().next()?;
    let mut field = SketchField::new("period", "");
    field.zh = Vec::new();
    field.from = "above";
    field.kind = FieldType::Period;
    field.why = Remark::new(
        format!("取自表头上方的累计期间（{shown}），全表同值"),
        format!("the span of months that the title states ({shown}); the same for all rows"),
    );
    Some(field)
}

fn title(setting: &Setting<'_>, part: &Part<'_>, by_sheet: bool) -> String {
    let sheet = part.sheet.name.trim();
    let named =
        part.above.lines.iter().find(|line| line.name.contains("指标") || line.name.ends_with("名称"));
    let candidates = [
        part.above.title.as_str(),
        named.map_or("", |line| line.value.as_str()),
        if by_sheet || words::is_generic_sheet(sheet) { "" } else { sheet },
        setting.stem.trim(),
    ];
    super::above::timeless(candidates.into_iter().find(|title| !title.is_empty()).unwrap_or("未命名"))
}

/// A table without header: columns are told by where they stand.
fn by_position(sketch: &mut Sketch, part: &Part<'_>) {
    for field in &mut sketch.fields {
        if let Some(column) = field.column {
            field.position = u32::try_from(column + 1).ok();
            field.zh.clear();
        }
    }
    let top = part.block.band.top;
    if (part.block.first..top).any(|row| !part.sheet.cells(row).is_empty()) {
        sketch.header_rows = u32::try_from(top).ok();
    }
    sketch.remarks.push(Remark::new(
        "表中没有表头行，各列按位置对应",
        "the table has no header row: columns are told by their position",
    ));
}
