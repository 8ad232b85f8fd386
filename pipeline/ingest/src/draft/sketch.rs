//! A contract while it is being drafted, and its text: TOML with the reasons as comments.
//!
//! The text is all that leaves the drafter. What runs is parsed from it, so that a draft cannot say one thing and
//! mean another.

use std::fmt::Write as _;

use model::contract::{Constraints, DateSystem, FieldSource, Jump, Sensitivity};
use model::{Field, FieldType, Language};

/// How sure a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// To be looked at by a person.
    Low,
    /// Likely.
    Medium,
    /// Every value says so.
    High,
}

/// A remark in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Remark {
    /// A remark.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Adds to the remark.
    pub(crate) fn add(&mut self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        self.zh.push_str(zh.as_ref());
        self.en.push_str(en.as_ref());
    }

    /// The remark in the languages asked for.
    pub(crate) fn lines<'a>(&'a self, languages: &'a [Language]) -> impl Iterator<Item = &'a str> {
        languages
            .iter()
            .map(|language| if *language == Language::Zh { self.zh.as_str() } else { self.en.as_str() })
    }
}

/// A field that may be wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SketchField {
    pub(crate) name: String,
    pub(crate) zh: Vec<String>,
    pub(crate) position: Option<u32>,
    /// `section`, `header`, …; empty for a column.
    pub(crate) from: &'static str,
    pub(crate) kind: FieldType,
    pub(crate) measure_unit: Option<String>,
    pub(crate) required: bool,
    pub(crate) secret: bool,
    pub(crate) length: Vec<u32>,
    pub(crate) additive: Option<bool>,
    pub(crate) why: Remark,
    pub(crate) sure: Sure,
    /// The column it was drafted from, if one.
    pub(crate) column: Option<usize>,
}

impl SketchField {
    /// A field of a column, before anything is known of it.
    pub(crate) fn new(name: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            zh: vec![zh.into()],
            position: None,
            from: "",
            kind: FieldType::String,
            measure_unit: None,
            required: false,
            secret: false,
            length: Vec::new(),
            additive: None,
            why: Remark::default(),
            sure: Sure::High,
            column: None,
        }
    }

    /// The same as the reader knows it, to read cells with.
    pub(crate) fn as_field(&self) -> Field {
        Field {
            name: self.name.clone(),
            kind: self.kind,
            measure_unit: self.measure_unit.clone(),
            length: self.length.clone(),
            ..plain_field()
        }
    }
}

/// A text field that says nothing more.
pub(crate) fn plain_field() -> Field {
    Field {
        name: String::new(),
        zh: Vec::new(),
        position: None,
        from: FieldSource::Column,
        kind: FieldType::String,
        measure_unit: None,
        required: false,
        sensitivity: Sensitivity::S0,
        scale: None,
        triangle: None,
        point_one: None,
        counted_from: None,
        date_system: DateSystem::default(),
        cumulative: false,
        length: Vec::new(),
        registration_number: None,
        values: std::collections::BTreeMap::new(),
        true_values: Vec::new(),
        false_values: Vec::new(),
        of: Vec::new(),
        drop_when: None,
        additive: None,
        jump: Jump::default(),
        constraints: Constraints::default(),
        note: String::new(),
    }
}

/// A contract that may be wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) department: String,
    pub(crate) department_why: Remark,
    pub(crate) row: String,
    pub(crate) key: Vec<String>,
    pub(crate) key_why: Remark,
    pub(crate) section: Option<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) columns_are_rows: bool,
    pub(crate) header_rows: Option<u32>,
    pub(crate) ignore: Vec<String>,
    pub(crate) fields: Vec<SketchField>,
    /// Remarks on the whole, at the top.
    pub(crate) remarks: Vec<Remark>,
}

impl Sketch {
    /// The text of the contract.
    pub(crate) fn text(&self, languages: &[Language]) -> String {
        let mut text = String::new();
        for remark in &self.remarks {
            comment(&mut text, remark, languages);
        }
        pair(&mut text, "id", &quoted(&self.id));
        pair(&mut text, "title_zh", &quoted(&self.title));
        comment(&mut text, &self.department_why, languages);
        pair(&mut text, "department", &quoted(&self.department));
        pair(&mut text, "row", &quoted(&self.row));
        comment(&mut text, &self.key_why, languages);
        pair(&mut text, "key", &list(&self.key));
        if self.fields.iter().any(|field| field.secret) {
            let _ = writeln!(text, "sensitivity = \"S2\"");
        }
        for (key, value) in [("section", &self.section), ("sheet", &self.sheet)] {
            if let Some(value) = value {
                pair(&mut text, key, &quoted(value));
            }
        }
        if self.columns_are_rows {
            pair(&mut text, "orientation", "\"columns\"");
        }
        if let Some(rows) = self.header_rows {
            pair(&mut text, "header_rows", &rows.to_string());
        }
        if !self.ignore.is_empty() {
            pair(&mut text, "ignore", &list(&self.ignore));
        }
        for field in &self.fields {
            text.push('\n');
            self::field(&mut text, field, languages);
        }
        text
    }
}

fn field(text: &mut String, field: &SketchField, languages: &[Language]) {
    text.push_str("[[field]]\n");
    let sure = match field.sure {
        Sure::High => ("把握大", "sure"),
        Sure::Medium => ("把握一般", "likely"),
        Sure::Low => ("把握小，请核对", "unsure, please check"),
    };
    let why = Remark::new(format!("{}：{}", sure.0, field.why.zh), format!("{}: {}", sure.1, field.why.en));
    comment(text, &why, languages);
    pair(text, "name", &quoted(&field.name));
    if !field.zh.is_empty() {
        pair(text, "zh", &list(&field.zh));
    }
    if let Some(position) = field.position {
        pair(text, "position", &position.to_string());
    }
    if !field.from.is_empty() {
        pair(text, "from", &quoted(field.from));
    }
    pair(text, "type", &quoted(field.kind.name()));
    if let Some(unit) = &field.measure_unit {
        pair(text, "measure_unit", &quoted(unit));
    }
    if field.required {
        pair(text, "required", "true");
    }
    if field.secret {
        pair(text, "sensitivity", "\"S3\"");
    }
    if !field.length.is_empty() {
        let lengths: Vec<String> = field.length.iter().map(u32::to_string).collect();
        pair(text, "length", &format!("[{}]", lengths.join(", ")));
    }
    if let Some(additive) = field.additive {
        pair(text, "additive", &additive.to_string());
    }
}

fn pair(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn comment(text: &mut String, said: &Remark, languages: &[Language]) {
    for line in said.lines(languages).flat_map(str::lines).filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "# {}", line.replace(|c: char| c.is_control(), " "));
    }
}

/// A basic string of TOML, which takes the escapes of JSON.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string().replace('\u{7f}', "\\u007F")
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_valid_toml() {
        let mut sketch = Sketch {
            id: "a".to_owned(),
            title: "引\"号\\\u{7f}\n\u{1}".to_owned(),
            department: "d".to_owned(),
            department_why: Remark::default(),
            row: String::new(),
            key: vec!["a".to_owned()],
            key_why: Remark::new("一\n二\r\u{7f}", "b"),
            section: None,
            sheet: Some("表*".to_owned()),
            columns_are_rows: false,
            header_rows: Some(2),
            ignore: vec!["序号".to_owned()],
            fields: vec![SketchField::new("a", "甲/乙")],
            remarks: Vec::new(),
        };
        sketch.fields[0].length = vec![4, 6];
        sketch.fields[0].kind = FieldType::Code;
        let contract: model::Contract =
            model::definition::parse("draft", &sketch.text(&[Language::Zh, Language::En])).unwrap();
        assert_eq!(contract.title_zh, sketch.title);
        assert_eq!(contract.field[0].length, [4, 6]);
    }
}
