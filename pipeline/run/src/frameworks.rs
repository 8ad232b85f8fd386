//! From a framework file to its checked tree, with the goalposts its indicators give.

use std::collections::BTreeMap;

use composite::{Goalposts, Leaf, Node, Tree, TreeError};
use model::{Diagnostic, Framework, Indicator, Place, Reference, text};

/// Builds and checks the tree of a framework.
///
/// # Errors
/// Unknown indicators, partitions and periods, goalposts nobody gives, and all that makes no tree.
pub(crate) fn tree(
    framework: &Framework,
    indicators: &BTreeMap<String, Indicator>,
    reference: &Reference,
    file: &str,
) -> Result<Tree, Vec<Diagnostic>> {
    let place = || Place::file(file);
    let mut wrong = Vec::new();
    if !reference.partitions.contains_key(&framework.partition) {
        wrong.push(
            Diagnostic::new("unknown-name", place())
                .with("what", "partition")
                .with("name", &framework.partition)
                .suggest(text::suggest(
                    &framework.partition,
                    reference.partitions.keys().map(String::as_str),
                )),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    for period in framework.periods.iter().filter(|period| !seen.insert(**period)) {
        wrong.push(Diagnostic::new("duplicate-name", place()).with("what", "period").with("name", period));
    }
    for (key, [part, whole]) in
        [("parent_minimum", framework.parent_minimum), ("unit_minimum", framework.unit_minimum)]
    {
        if part == 0 || part > whole {
            wrong.push(
                Diagnostic::new("wrong-value", place())
                    .with("key", key)
                    .with("value", format!("[{part}, {whole}]"))
                    .with("expected", "[2, 3], [4, 5], …"),
            );
        }
    }
    let number = |decimal: model::Decimal| f64::try_from(decimal).unwrap_or(f64::NAN);
    let mut leaves = Vec::new();
    for placement in &framework.placement {
        let Some(indicator) = indicators.get(&placement.indicator) else {
            wrong.push(
                Diagnostic::new("unknown-name", place())
                    .with("what", "indicator")
                    .with("name", &placement.indicator)
                    .suggest(text::suggest(&placement.indicator, indicators.keys().map(String::as_str))),
            );
            continue;
        };
        let told = |code| Diagnostic::new(code, place()).with("indicator", &placement.indicator);
        if indicator.partition != framework.partition {
            wrong.push(
                told("framework-partition")
                    .with("partition", &indicator.partition)
                    .with("expected", &framework.partition),
            );
        }
        for period in framework.periods.iter().filter(|period| !indicator.periods.contains(period)) {
            wrong.push(told("framework-period").with("period", period));
        }
        let Some(posts) = placement.goalposts.as_ref().or(indicator.goalposts.as_ref()) else {
            wrong.push(told("framework-goalposts"));
            continue;
        };
        let fits = match indicator.direction {
            model::Direction::Higher => posts.best > posts.worst,
            model::Direction::Lower => posts.best < posts.worst,
            model::Direction::Band => posts.best > posts.worst && posts.band.is_some(),
            model::Direction::Neutral => true,
        } && (indicator.direction == model::Direction::Band || posts.band.is_none());
        if !fits {
            wrong.push(
                told("framework-direction")
                    .with("direction", indicator.direction.name())
                    .with("worst", posts.worst)
                    .with("best", posts.best),
            );
        }
        leaves.push(Leaf {
            indicator: placement.indicator.clone(),
            parent: placement.parent.clone(),
            weight: number(placement.weight),
            goalposts: Goalposts {
                worst: number(posts.worst),
                best: number(posts.best),
                band: posts.band.map(|band| band.map(number)),
            },
        });
    }
    let nodes = framework.node.iter().map(|node| Node {
        id: node.id.clone(),
        parent: node.parent.clone(),
        weight: number(node.weight),
    });
    match Tree::new(nodes.collect(), leaves) {
        Ok(tree) if wrong.is_empty() => Ok(tree),
        Ok(_) => Err(wrong),
        Err(errors) => {
            // A leaf left out above would only be told a second time as a node without children.
            let after_others =
                |error: &TreeError| !wrong.is_empty() && matches!(error, TreeError::Childless(_));
            let told = errors.iter().filter(|error| !after_others(error));
            let told: Vec<Diagnostic> =
                told.map(|error| Diagnostic::new("framework-tree", place()).with("reason", error)).collect();
            wrong.extend(told);
            Err(wrong)
        }
    }
}
