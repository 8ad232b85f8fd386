//! Do the texts from data stand where they are read as texts?
//!
//! `{{ name }}` writes `#"…";`, which is a text in markup only, and `{{ name | lit }}` writes a literal, which is one
//! in code only. Inside a string or raw text of the template (`"Hello {{ name }}"`) either would end that string,
//! and what follows would be read as code. So the page is parsed, and each of these openings must be what it was
//! meant as. Escaping keeps the openings out of the texts themselves.

use std::collections::BTreeSet;
use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, parse};

/// Stands before a text in markup, with the quotation mark that opens it.
const IN_MARKUP: &str = "#\"";
/// Stands before a text in code: a comment to Typst.
pub(crate) const IN_CODE: &str = "/*t*/";

/// The first text from data that Typst would not read as a text.
pub(crate) fn misplaced(typst: &str) -> Option<Range<usize>> {
    let root = parse(typst);
    let mut placed = BTreeSet::new();
    visit(&LinkedNode::new(&root), &mut placed);
    let openings = typst.match_indices(IN_MARKUP).chain(typst.match_indices(IN_CODE));
    let wrong = openings.filter(|(at, _)| !placed.contains(at));
    wrong.map(|(at, opening)| at..at + opening.len()).min_by_key(|range| range.start)
}

fn visit(node: &LinkedNode<'_>, placed: &mut BTreeSet<usize>) {
    let opens = match node.kind() {
        SyntaxKind::Hash => true,
        SyntaxKind::BlockComment => node.leaf_text() == IN_CODE,
        _ => false,
    };
    if opens && node.next_sibling_with_trivia().is_some_and(|next| next.kind() == SyntaxKind::Str) {
        placed.insert(node.offset());
    }
    for child in node.children() {
        visit(&child, placed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_texts_only_in_their_place() {
        for good in ["前#\"鹿\";后", "#f(a: /*t*/\"鹿\", (b: /*t*/\"城\"))", "#f([#\"鹿\";])", "$ #\"x\"; $"]
        {
            assert_eq!(misplaced(good), None, "{good}");
        }
        for (bad, at) in [
            ("#f(\"前#\"+sys.version+\";后\")", 7),
            ("#f(a: #\"鹿\";)", 6),
            ("`前#\"鹿\";`", 4),
            ("#f(\"/*t*/\"+sys.version+\"\")", 4),
            ("前/*t*/\"鹿\"后", 3),
            ("// #\"鹿\";", 3),
        ] {
            assert_eq!(misplaced(bad).map(|range| range.start), Some(at), "{bad}");
        }
    }
}
