//! What is true of an indicator and of a value whatever was sent: texts for people, without a look at any row.

use model::MeasureUnit;
use query::Query;

use crate::definitions::Definitions;
use crate::explain::answer::Described;

/// The indicator, with the file of its query.
pub(super) fn described(definitions: &Definitions, id: &str, query: &Query) -> Described {
    let known = definitions.indicators.get(id);
    let text = |get: fn(&model::Indicator) -> &String| known.map(get).cloned().unwrap_or_default();
    Described {
        id: id.to_owned(),
        name_zh: text(|found| &found.name_zh),
        name_en: text(|found| &found.name_en),
        definition_zh: text(|found| &found.definition_zh),
        definition_en: text(|found| &found.definition_en),
        measure_unit: text(|found| &found.measure_unit),
        minimum_denominator: known.and_then(|found| found.minimum_denominator),
        source_zh: text(|found| &found.source_zh),
        pitfalls_zh: known.map(|found| found.pitfalls_zh.clone()).unwrap_or_default(),
        sql_file: plain_path(&query.file),
    }
}

/// The value as reports print it: in the display's measure unit, rounded.
pub(super) fn shown(definitions: &Definitions, indicator: &str, value: f64) -> String {
    let Some(known) = definitions.indicators.get(indicator) else { return value.to_string() };
    let display = &known.display;
    let [own, printed] =
        [&known.measure_unit, &display.measure_unit].map(|unit| MeasureUnit::of_indicator(unit));
    let factor = match (own, printed) {
        (Some(own), Some(printed)) if own.canonical == printed.canonical => own
            .factor
            .checked_div(printed.factor)
            .and_then(|factor| f64::try_from(factor).ok())
            .unwrap_or(1.0),
        _ => 1.0,
    };
    let unit = if display.measure_unit == "1" { "" } else { display.measure_unit.as_str() };
    format!("{:.*} {unit}", usize::from(display.decimals), value * factor).trim_end().to_owned()
}

/// A path as people would type it: `a/b/../c` is `a/c`. Only the text is looked at.
pub(super) fn plain_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            ".." if parts.last().is_some_and(|last| !["..", ""].contains(last)) => {
                parts.pop();
            }
            ".." if parts == [""] => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_people_type_them() {
        for (path, plain) in [
            ("data-samples/synthetic/../../queries/a.sql", "queries/a.sql"),
            ("../../queries/a.sql", "../../queries/a.sql"),
            ("city/../../queries/a.sql", "../queries/a.sql"),
            ("./queries//a.sql", "queries/a.sql"),
            ("/srv/city/../queries/a.sql", "/srv/queries/a.sql"),
            ("/../a.sql", "/a.sql"),
            ("city/..", "."),
        ] {
            assert_eq!(plain_path(path), plain, "{path}");
        }
    }
}
