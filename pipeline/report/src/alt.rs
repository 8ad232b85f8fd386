//! Alternative texts: what a drawing says to those who hear the page. The filter `alt` turns the markup of a macro
//! into the plain text it would show, as a Typst string.

use minijinja::Error;
use typst::syntax::{SyntaxKind, SyntaxNode, ast, parse};

use crate::escape;
use crate::figures::{BEGIN, END, Recorder};
use crate::trouble::Trouble;

/// The text some markup shows, as a Typst string literal. Only text, strings and figures may stand in it.
pub(crate) fn literal(markup: &str, recorder: &Recorder) -> Result<String, Error> {
    let root = parse(markup);
    let mut text = String::new();
    collect(&root, &mut text, recorder)?;
    Ok(escape::code(text.trim()))
}

fn collect(node: &SyntaxNode, text: &mut String, recorder: &Recorder) -> Result<(), Error> {
    for child in node.children() {
        match child.kind() {
            SyntaxKind::Text | SyntaxKind::SmartQuote => text.push_str(child.leaf_text()),
            // A line break in the template is layout of the template, a blank is meant.
            SyntaxKind::Space if child.leaf_text().contains('\n') => {}
            SyntaxKind::Space => text.push(' '),
            SyntaxKind::Parbreak | SyntaxKind::Hash | SyntaxKind::Semicolon => {}
            SyntaxKind::Str => {
                text.push_str(
                    &child.cast::<ast::Str<'_>>().map_or_else(String::new, |string| string.get().to_string()),
                );
            }
            SyntaxKind::FuncCall => {
                let mark = child.full_text();
                let mark = mark.trim_start_matches("metadata(\"").trim_end_matches("\")");
                match (mark.strip_prefix(BEGIN).map(str::parse), mark.starts_with(END)) {
                    (Some(Ok(number)), _) => recorder.speak(number),
                    (_, true) => {}
                    _ => return Err(Trouble::new("alt-not-plain").with("markup", child.full_text()).into()),
                }
            }
            _ => return Err(Trouble::new("alt-not-plain").with("markup", child.full_text()).into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_markup_shows() {
        let recorder = Recorder::default();
        let markup = "各县中#\"*鹿\\\"城*\";\n  最高，为#metadata(\"figure:0\");#\"1.5\";#metadata(\"/figure:0\");万人。";
        assert_eq!(
            literal(markup, &recorder).unwrap(),
            r#"/*t*/"各县中\u{2a}鹿\"城\u{2a}最高，为1.5万人。""#
        );
        assert!(literal("#read(\"x\")", &recorder).is_err());
        assert!(literal("*粗*", &recorder).is_err());
    }
}
