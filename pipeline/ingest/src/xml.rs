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

/// Hands on name and raw value of each attribute: for values that hold no entities.
pub(crate) fn each_attribute<'a>(element: &'a BytesStart<'_>, mut each: impl FnMut(&'a str, &'a str)) {
    let mut rest = element.attributes_raw();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return };
        let Some((value, next)) = after.get(1..).and_then(|open| open.split_once(quote)) else { return };
        each(name.trim(), value);
        rest = next;
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
