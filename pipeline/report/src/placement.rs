//! Do the texts and numbers from data stand where they are read as such?
//!
//! `{{ name }}` writes `#"…";`, which is a text in markup only, and `{{ name | lit }}` writes a literal, which is one
//! in code only. Inside a string or raw text of the template (`"Hello {{ name }}"`) either would end that string,
//! and what follows would be read as code. So the page is parsed, and each of these openings must be what it was
//! meant as. Escaping keeps the openings out of the texts themselves.
//!
//! A number literal is for lengths and shades and may only be handed to a component: as an argument, or within lists
//! of its arguments. Anywhere else Typst could print it, and no one would know where that number came from.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use typst::syntax::{LinkedNode, SyntaxKind, SyntaxNode, ast, parse};
use typst::{Library, LibraryExt as _};

/// Stands before a text in markup, with the quotation mark that opens it.
const IN_MARKUP: &str = "#\"";
/// Stands before a text in code: a comment to Typst.
pub(crate) const IN_CODE: &str = "/*t*/";
/// Stands before a number in code: a comment to Typst.
pub(crate) const NUMBER: &str = "/*n*/";

/// What is wrong with the first opening that Typst would not read as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misplaced {
    /// The code of its diagnostic.
    pub(crate) code: &'static str,
    /// Where it stands in the page.
    pub(crate) range: Range<usize>,
}

/// The first text or number from data that Typst would not read as what it is.
pub(crate) fn misplaced(typst: &str) -> Option<Misplaced> {
    let root = parse(typst);
    let mut own = BTreeSet::new();
    names(&root, &mut own);
    let mut placed = BTreeSet::new();
    visit(&LinkedNode::new(&root), &own, &mut placed);
    [(IN_MARKUP, "text-misplaced"), (IN_CODE, "text-misplaced"), (NUMBER, "number-misplaced")]
        .into_iter()
        .flat_map(|(opening, code)| {
            typst.match_indices(opening).map(move |(at, _)| Misplaced { code, range: at..at + opening.len() })
        })
        .filter(|opening| !placed.contains(&opening.range.start))
        .min_by_key(|opening| opening.range.start)
}

fn visit(node: &LinkedNode<'_>, own: &BTreeSet<String>, placed: &mut BTreeSet<usize>) {
    let next = |kinds: &[SyntaxKind]| {
        node.next_sibling_with_trivia().is_some_and(|next| kinds.contains(&next.kind()))
    };
    let opens = match node.kind() {
        SyntaxKind::Hash => next(&[SyntaxKind::Str]),
        SyntaxKind::BlockComment if node.leaf_text() == IN_CODE => next(&[SyntaxKind::Str]),
        SyntaxKind::BlockComment if node.leaf_text() == NUMBER => {
            next(&[SyntaxKind::Int, SyntaxKind::Float, SyntaxKind::Parenthesized])
                && is_handed_to_component(node, own)
        }
        _ => false,
    };
    if opens {
        placed.insert(node.offset());
    }
    for child in node.children() {
        visit(&child, own, placed);
    }
}

/// Whether a literal is an argument of a component, or stands in lists that are.
fn is_handed_to_component(literal: &LinkedNode<'_>, own: &BTreeSet<String>) -> bool {
    let mut node = literal.parent();
    while let Some(around) = node {
        match around.kind() {
            SyntaxKind::Named
            | SyntaxKind::Keyed
            | SyntaxKind::Array
            | SyntaxKind::Dict
            | SyntaxKind::Parenthesized => node = around.parent(),
            SyntaxKind::Args => {
                let call = around.parent().and_then(|call| call.get().cast::<ast::FuncCall<'_>>());
                return call.is_some_and(|call| is_component(call.callee(), own));
            }
            _ => return false,
        }
    }
    false
}

/// Whether a called function comes from a template file: neither Typst's own (`str` would print a number) nor one the
/// page made itself.
fn is_component(callee: ast::Expr<'_>, own: &BTreeSet<String>) -> bool {
    match callee {
        ast::Expr::Ident(name) => {
            LIBRARY.global.scope().get(name.as_str()).is_none()
                && !own.contains(name.as_str())
                && !own.contains(ANY)
        }
        ast::Expr::FieldAccess(access) => is_component(access.target(), own),
        _ => false,
    }
}

/// Among the names of a page: names that cannot be told.
const ANY: &str = "*";

/// Typst's own names.
static LIBRARY: LazyLock<Library> = LazyLock::new(Library::default);

/// The names a page binds itself: to a value, as a parameter, in a loop, or from a module that is no file.
fn names(node: &SyntaxNode, own: &mut BTreeSet<String>) {
    let mut add = |name: ast::Ident<'_>| {
        own.insert(name.as_str().to_owned());
    };
    if let Some(binding) = node.cast::<ast::LetBinding<'_>>() {
        binding.kind().bindings().into_iter().for_each(&mut add);
    } else if let Some(repeated) = node.cast::<ast::ForLoop<'_>>() {
        repeated.pattern().bindings().into_iter().for_each(&mut add);
    } else if let Some(closure) = node.cast::<ast::Closure<'_>>() {
        for param in closure.params().children() {
            match param {
                ast::Param::Pos(pattern) => pattern.bindings().into_iter().for_each(&mut add),
                ast::Param::Named(named) => add(named.name()),
                ast::Param::Spread(spread) => spread.sink_ident().into_iter().for_each(&mut add),
            }
        }
    } else if let Some(import) = node.cast::<ast::ModuleImport<'_>>()
        && !matches!(import.source(), ast::Expr::Str(_))
    {
        import.new_name().into_iter().for_each(&mut add);
        match import.imports() {
            Some(ast::Imports::Items(items)) => items.iter().for_each(|item| add(item.bound_name())),
            Some(ast::Imports::Wildcard) => {
                own.insert(ANY.to_owned());
            }
            None => {}
        }
    }
    for child in node.children() {
        names(child, own);
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
            let told = misplaced(bad).unwrap();
            assert_eq!((told.code, told.range.start), ("text-misplaced", at), "{bad}");
        }
    }

    #[test]
    fn numbers_are_only_handed_to_components() {
        for good in [
            "#f(/*n*/1)",
            "#f(a: /*n*/(-1.5))",
            "#f((/*n*/1,), rows: ((label: [甲], cells: ((value: /*n*/2),)),))",
            "#f(a: (\"宽\": /*n*/1, ))",
            "#c.f(/*n*/1)",
            "#f[#g(/*n*/1)]",
        ] {
            assert_eq!(misplaced(good), None, "{good}");
        }
        for bad in [
            "/*n*/1",
            "#/*n*/1",
            "#(/*n*/1)",
            "#f([/*n*/1])",
            "#f([#(/*n*/1)])",
            "#str(/*n*/1)",
            "#calc.abs(/*n*/1)",
            "#f(str(/*n*/1))",
            "#f(\"/*n*/1\")",
            "#f(/*n*/1 + 2)",
            "#let a = /*n*/1\n#a",
            "#let a(x) = [#x]\n#a(/*n*/1)",
            "#let a(g) = g(/*n*/1)\n#a(str)",
            "#for g in (str,) { g(/*n*/1) }",
            "#import calc: abs\n#abs(/*n*/1)",
            "#import calc: abs as f\n#f(/*n*/1)",
            "#import calc: *\n#abs(/*n*/1)",
            "#import calc as f\n#f.abs(/*n*/1)",
            "$ /*n*/1 $",
            "#(/*n*/1, ).at(0)",
            "#(x => [#x])(/*n*/1)",
        ] {
            assert_eq!(misplaced(bad).unwrap().code, "number-misplaced", "{bad}");
        }
    }
}
