//! Line ends between Han characters. In Typst a line end in the source is a blank on the page, also between Han
//! characters, where no blank may be; so they are taken out of the generated page before it is set.

use typst::syntax::{LinkedNode, SyntaxKind, parse};

/// A piece taken out: where it stood in the text before, and how long it was, in bytes.
pub(crate) type Removed = (usize, usize);

/// The text without line ends between Han characters, and what was taken out, in order.
pub(crate) fn join(text: &str) -> (String, Vec<Removed>) {
    let root = parse(text);
    let mut removed = Vec::new();
    visit(&LinkedNode::new(&root), &mut removed);
    let mut joined = String::with_capacity(text.len());
    let mut from = 0;
    for (at, length) in &removed {
        joined.push_str(&text[from..*at]);
        from = at + length;
    }
    joined.push_str(&text[from..]);
    (joined, removed)
}

fn visit(node: &LinkedNode<'_>, removed: &mut Vec<Removed>) {
    let children: Vec<LinkedNode<'_>> = node.children().collect();
    for (position, child) in children.iter().enumerate() {
        if child.kind() == SyntaxKind::Space && child.leaf_text().contains('\n') {
            let before = position.checked_sub(1).and_then(|before| children.get(before));
            let after = children.get(position + 1);
            if let (Some(before), Some(after)) = (before, after)
                && joins(before, after)
            {
                removed.push((child.offset(), child.leaf_text().len()));
            }
        }
        visit(child, removed);
    }
}

/// Whether a line end between these would be a blank within Chinese text. An expression (`#"…";`) may stand on one
/// side; before the line end it must be closed by its semicolon.
fn joins(before: &LinkedNode<'_>, after: &LinkedNode<'_>) -> bool {
    let han_before =
        before.kind() == SyntaxKind::Text && before.leaf_text().chars().next_back().is_some_and(is_wide);
    let han_after = after.kind() == SyntaxKind::Text && after.leaf_text().chars().next().is_some_and(is_wide);
    (han_before && (han_after || after.kind() == SyntaxKind::Hash))
        || (before.kind() == SyntaxKind::Semicolon && han_after)
}

/// Han characters and full-width punctuation.
fn is_wide(character: char) -> bool {
    matches!(u32::from(character), 0x3000..=0x303f | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0xff01..=0xff5e | 0x2_0000..=0x3_ffff)
        || matches!(character, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_ends_within_chinese_text_go() {
        for (before, after) in [
            ("中文\n  中文", "中文中文"),
            ("中文，\n“中文", "中文，“中文"),
            ("中文\n#\"鹿\";\n中文", "中文#\"鹿\";中文"),
            ("中文\n\n中文", "中文\n\n中文"),
            ("word\nword", "word\nword"),
            ("= 标题\n中文", "= 标题\n中文"),
            ("#set text(10pt)\n中文", "#set text(10pt)\n中文"),
            ("- 一\n- 二", "- 一\n- 二"),
            ("#f[中文\n中文]\n", "#f[中文中文]\n"),
            ("中文 中文", "中文 中文"),
        ] {
            assert_eq!(join(before).0, after);
        }
        assert_eq!(join("中\n 文").1, [(3, 2)]);
    }
}
