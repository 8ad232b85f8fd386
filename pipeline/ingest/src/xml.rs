//! What all readers of XML share: attributes by local name, entities, and the text of a broken file's error.
//!
//! Prefixes of name spaces are not looked at: files of every edition of a standard read alike. Only the entities of XML
//! are resolved, so a text cannot unfold into more than it is.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart};

/// The value of an attribute, whatever the prefix of its name space.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(
        found
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_or_else(|_| String::from(found.value.as_ref()), Cow::into_owned),
    )
}

/// Hands on name and raw value of each attribute: for values that hold no entities, of the elements a file is full of.
pub(crate) fn each_attribute<'a>(element: &'a BytesStart<'_>, mut each: impl FnMut(&'a str, &'a str)) {
    let text = element.attributes_raw();
    let bytes = text.as_bytes();
    let find = |from: usize, is: &dyn Fn(u8) -> bool| {
        bytes.iter().skip(from).position(|byte| is(*byte)).map(|at| from + at)
    };
    let mut start = 0;
    while let Some(equals) = find(start, &|byte| byte == b'=') {
        let Some(open) = find(equals, &|byte| matches!(byte, b'"' | b'\'')) else { return };
        let quote = bytes.get(open).copied().unwrap_or_default();
        let Some(close) = find(open + 1, &|byte| byte == quote) else { return };
        if let (Some(name), Some(value)) = (text.get(start..equals), text.get(open + 1..close)) {
            each(name.trim(), value);
        }
        start = close + 1;
    }
}

/// A whole number an attribute gives.
pub(crate) fn number(element: &BytesStart<'_>, name: &str) -> Option<usize> {
    attribute(element, name)?.trim().parse().ok()
}

/// Whether a yes-or-no attribute says yes.
pub(crate) fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| is_true(&value))
}

/// Whether the value of a yes-or-no attribute says yes.
pub(crate) fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true")
}

/// The character an entity stands for; one that XML does not define stays as it was written.
pub(crate) fn resolve(entity: &BytesRef<'_>) -> String {
    let name = entity.xml10_content();
    let character = match name.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => entity.resolve_char_ref().ok().flatten(),
    };
    character.map_or_else(|| format!("&{name};"), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_handed_on() {
        for (text, expected) in [
            ("c r=\"B2\" s = '1'\n t=\"s\"", vec![("r", "B2"), ("s", "1"), ("t", "s")]),
            ("row a=\"x='1'\" ns:b=\"\"", vec![("a", "x='1'"), ("ns:b", "")]),
            ("c", vec![]),
            ("c r", vec![]),
            ("c r=", vec![]),
            ("c r=\"B2", vec![]),
        ] {
            let element = BytesStart::from_content(text, text.find(' ').unwrap_or(text.len()));
            let mut found = Vec::new();
            each_attribute(&element, |name, value| found.push((name, value)));
            assert_eq!(found, expected, "{text}");
        }
    }
}
