//! Text from data is always literal: whatever a bureau typed is printed as typed and never read as Typst.
//!
//! In markup a text becomes the expression `#"…";`: a string literal cannot be left from inside, and the semicolon
//! ends the expression before whatever follows. In code (arguments of components) the filter `lit` gives a literal.

use std::fmt::Write as _;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::placement::{IN_CODE, NUMBER};
use crate::trouble::Trouble;

/// A Typst string literal that stands for exactly this text.
pub(crate) fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            // Kept out of texts so that what opens a text can be found: see `placement`.
            other if other.is_control() || matches!(other, '#' | '*' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(other));
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// A text in markup.
pub(crate) fn markup(text: &str) -> String {
    format!("#{};", string(text))
}

/// A text in code.
pub(crate) fn code(text: &str) -> String {
    format!("{IN_CODE}{}", string(text))
}

/// A number as a Typst literal: a coordinate or length of a drawing, not a printed figure.
pub(crate) fn number(value: f64) -> Result<String, Error> {
    if !value.is_finite() {
        return Err(Trouble::new("coordinate-wrong").with("value", value).into());
    }
    Ok(numeric(&value.to_string()))
}

/// Marks a number literal, so that `placement` finds it wherever it ends up.
fn numeric(digits: &str) -> String {
    if digits.starts_with('-') { format!("{NUMBER}({digits})") } else { format!("{NUMBER}{digits}") }
}

/// A Typst code literal of any value; `special` answers for values that are more than plain data.
pub(crate) fn literal(
    value: &Value,
    special: &dyn Fn(&Value) -> Result<Option<String>, Error>,
) -> Result<String, Error> {
    if let Some(code) = special(value)? {
        return Ok(code);
    }
    match value.kind() {
        ValueKind::None => Ok("none".to_owned()),
        ValueKind::Bool => Ok(value.is_true().to_string()),
        ValueKind::Number => match value.as_i64() {
            Some(whole) => Ok(numeric(&whole.to_string())),
            None => number(f64::try_from(value.clone())?),
        },
        ValueKind::String if value.is_safe() => Ok(format!("[{value}]")),
        ValueKind::String => Ok(code(value.as_str().unwrap_or_default())),
        ValueKind::Seq | ValueKind::Iterable => {
            let mut code = String::from("(");
            for item in value.try_iter()? {
                code.push_str(&literal(&item, special)?);
                code.push_str(", ");
            }
            code.push(')');
            Ok(code)
        }
        ValueKind::Map => {
            let mut code = String::from("(:");
            for key in value.try_iter()? {
                if code == "(:" {
                    code.pop();
                }
                let name = key.as_str().ok_or_else(|| Error::from(ErrorKind::NonKey))?;
                let item = value.get_item(&key)?;
                let _ = write!(code, "{}: {}, ", string(name), literal(&item, special)?);
            }
            code.push(')');
            Ok(code)
        }
        kind => {
            Err(Error::new(ErrorKind::InvalidOperation, format!("`lit` cannot take a value of kind {kind}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(value: impl Into<Value>) -> String {
        literal(&value.into(), &|_| Ok(None)).unwrap()
    }

    #[test]
    fn literals_of_every_kind() {
        assert_eq!(plain("a\"\\\n#x\u{7}"), r#"/*t*/"a\"\\\n\u{23}x\u{7}""#);
        assert_eq!(plain(()), "none");
        assert_eq!(plain(true), "true");
        assert_eq!(plain(-3), "/*n*/(-3)");
        assert_eq!(plain(-0.5), "/*n*/(-0.5)");
        assert_eq!(plain(1e-7), "/*n*/0.0000001");
        assert_eq!(plain(vec![1, 2]), "(/*n*/1, /*n*/2, )");
        assert_eq!(plain(Vec::<i64>::new()), "()");
        assert_eq!(plain(std::collections::BTreeMap::from([("宽", 1)])), "(\"宽\": /*n*/1, )");
        assert_eq!(plain(std::collections::BTreeMap::<String, i64>::new()), "(:)");
        assert!(literal(&Value::from(f64::NAN), &|_| Ok(None)).is_err());
        assert!(literal(&Value::UNDEFINED, &|_| Ok(None)).is_err());
    }

    #[test]
    fn markup_is_one_closed_expression() {
        assert_eq!(markup("*a* \"b\""), r#"#"\u{2a}a\u{2a} \"b\"";"#);
    }
}
