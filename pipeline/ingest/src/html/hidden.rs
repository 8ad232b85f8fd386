//! What a web page hides: by the attribute `hidden`, by a style of its own, or by a rule of the page's style sheets.
//!
//! Only `display` and `visibility` are looked at. Rules for other media than the screen, and style sheets that lie
//! outside the page, say nothing here.

use std::collections::BTreeSet;

use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node, Selector};

/// What the style sheets of a page hide.
#[derive(Debug)]
pub(super) struct Hiding {
    by_rule: BTreeSet<NodeId>,
}

impl Hiding {
    /// Reads the style sheets of a page.
    pub(super) fn of(document: &Html) -> Self {
        let mut by_rule = BTreeSet::new();
        let Ok(sheets) = Selector::parse("style") else { return Self { by_rule } };
        for sheet in document.select(&sheets) {
            for (selector, declarations) in rules(&sheet.text().collect::<String>()) {
                if says_hidden(&declarations) == Some(true)
                    && let Ok(selector) = Selector::parse(&selector)
                {
                    by_rule.extend(document.select(&selector).map(|element| element.id()));
                }
            }
        }
        Self { by_rule }
    }

    /// Whether the element itself is hidden; what its surroundings hide is not asked.
    pub(super) fn hides(&self, node: NodeRef<'_, Node>) -> bool {
        let Some(element) = node.value().as_element() else { return false };
        if matches!(element.name(), "script" | "style" | "template") || element.attr("hidden").is_some() {
            return true;
        }
        element.attr("style").and_then(says_hidden).unwrap_or_else(|| self.by_rule.contains(&node.id()))
    }
}

/// Whether declarations hide or show; of each property the last one counts. `None` if they say nothing of it.
fn says_hidden(declarations: &str) -> Option<bool> {
    let (mut display, mut visibility) = (None, None);
    for (property, value) in declarations.split(';').filter_map(|declaration| declaration.split_once(':')) {
        let value = value.to_lowercase();
        let value = value.trim().trim_end_matches("!important").trim();
        match property.trim().to_lowercase().as_str() {
            "display" => display = Some(value == "none"),
            "visibility" => visibility = Some(matches!(value, "hidden" | "collapse")),
            _ => {}
        }
    }
    display.into_iter().chain(visibility).reduce(|one, other| one || other)
}

/// Selectors and declarations of a style sheet, without comments and without what stands in `@media` and its like.
fn rules(sheet: &str) -> Vec<(String, String)> {
    let mut plain = String::new();
    for (at, part) in sheet.replace("<!--", "").replace("-->", "").split("/*").enumerate() {
        plain.push_str(if at == 0 { part } else { part.split_once("*/").map_or("", |(_, after)| after) });
    }
    let mut rules = Vec::new();
    let (mut selector, mut inside, mut depth) = (String::new(), String::new(), 0_usize);
    for c in plain.chars() {
        match c {
            '{' => {
                depth += 1;
                inside.clear();
            }
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let selector = std::mem::take(&mut selector);
                    if !selector.trim().starts_with('@') {
                        rules.push((selector.trim().to_owned(), std::mem::take(&mut inside)));
                    }
                }
            }
            ';' if depth == 0 => selector.clear(),
            c if depth == 0 => selector.push(c),
            c => inside.push(c),
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hide_what_they_select() {
        let sheet = "<!-- /* .c{display:none} */ @charset \"gbk\"; .a, #b {color:red; DISPLAY: none} tr.v{visibility:\
                     collapse}\n@media print { .p {display:none} .q {display:none} } .s{display:none} -->";
        let page = format!(
            "<style>{sheet}</style><table><tr class=a id=1><tr id=b><tr class=v id=3><tr class=p id=4>\
             <tr class=q id=5><tr class=c id=6><tr class=s style='display:table-row' id=7><tr hidden id=8>\
             <tr style='display:block;display:NONE !important' id=9><tr style='color:red' id=10></table>"
        );
        let document = Html::parse_document(&page);
        let hiding = Hiding::of(&document);
        let rows = Selector::parse("tr").unwrap();
        let hidden: Vec<&str> = document
            .select(&rows)
            .filter(|row| hiding.hides(**row))
            .filter_map(|row| row.value().attr("id"))
            .collect();
        assert_eq!(hidden, ["1", "b", "3", "8", "9"]);
    }
}
