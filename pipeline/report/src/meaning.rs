//! What a template means: its text without comments, which print nothing. White space stays but for its amount next to a
//! comment: in markup a blank is a blank, however long.

use model::Digest;
use typst::syntax::{SyntaxKind, SyntaxNode, parse};

use crate::templates::{Kind, kind};

/// The digest of what a template file means, by the ending of its path.
pub fn meaning(path: &str, bytes: &[u8]) -> Digest {
    match (kind(path), std::str::from_utf8(bytes)) {
        (Kind::Typst, Ok(text)) => {
            let mut parts = Vec::new();
            leaves(&parse(text), &mut parts);
            // A comment between two blanks leaves them side by side: they part as much as the stronger one does.
            parts.dedup_by(|next, before| {
                let both = before.trim().is_empty() && next.trim().is_empty();
                if both && next.matches('\n').count() > before.matches('\n').count() {
                    std::mem::swap(next, before);
                }
                both
            });
            while parts.last().is_some_and(|last| last.trim().is_empty()) {
                parts.pop();
            }
            Digest::of_parts(parts.iter().map(|part| ("", part.as_bytes())))
        }
        (Kind::Jinja, Ok(text)) => Digest::of(without_comments(text)),
        _ => Digest::of(bytes),
    }
}

fn leaves(node: &SyntaxNode, parts: &mut Vec<String>) {
    match node.kind() {
        SyntaxKind::LineComment | SyntaxKind::BlockComment => {}
        // A blank line parts paragraphs, a line break ends a statement, a blank parts words.
        SyntaxKind::Space if node.leaf_text().contains('\n') => parts.push("\n".to_owned()),
        SyntaxKind::Space => parts.push(" ".to_owned()),
        _ if node.children().len() == 0 => parts.push(node.leaf_text().to_string()),
        _ => node.children().for_each(|child| leaves(child, parts)),
    }
}

/// The text without `{# … #}`. Where such marks may be meant literally, in a raw block, all of the text counts.
fn without_comments(text: &str) -> String {
    if text.contains("{% raw") || text.contains("{%- raw") {
        return text.to_owned();
    }
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once("{#") {
        let Some((_, after)) = behind.split_once("#}") else { break };
        // `{#-` and `-#}` eat white space, which is no part of the comment.
        let marks = behind.starts_with(['-', '+'])
            || behind.split_once("#}").is_some_and(|(inner, _)| inner.ends_with(['-', '+']));
        kept.push_str(before);
        if marks {
            kept.push_str("{##}");
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(path: &str, a: &str, b: &str) -> bool {
        meaning(path, a.as_bytes()) == meaning(path, b.as_bytes())
    }

    #[test]
    fn comments_mean_nothing_and_all_else_does() {
        let text = "#let a = 1 // one\n#let b = \"// no\"\n= Title\ntext\n";
        assert!(same("theme.typ", text, "#let a = 1\n#let b = \"// no\"\n= Title\ntext\n// end\n"));
        assert!(same("theme.typ", text, "#let a = 1 /* x */\n// y\n#let b = \"// no\"\n= Title\ntext\n"));
        assert!(!same("theme.typ", text, "#let a = 1\n#let b = \"// not\"\n= Title\ntext\n"));
        assert!(!same("theme.typ", "a b", "ab"));
        assert!(!same("theme.typ", "a\n\nb", "a\nb"));
        assert!(same("page.typ.j2", "a {# x #}b", "a b"));
        assert!(!same("page.typ.j2", "a {#- x -#} b", "a  b"));
        assert!(!same("page.typ.j2", "{% raw %}{# x #}{% endraw %}", "{% raw %}{% endraw %}"));
        assert!(!same("logo.svg", "<svg/>", "<svg />"));
    }
}
