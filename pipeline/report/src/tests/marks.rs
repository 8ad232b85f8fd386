//! The mark of invented data stands on every page, and on none of other data.

use model::assessment::Nature;

use super::sample::{Fixture, PAGE_TEXT};
use crate::{printed, render, render::page, typeset};

fn invented() -> Fixture {
    let mut fixture = Fixture::published();
    fixture.assessment.nature = Nature::Synthetic;
    fixture
}

fn pages(fixture: &Fixture, text: &str) -> Vec<String> {
    let job = fixture.job(text);
    let typeset = typeset::lay_out(&job, &page(&job).unwrap()).map_err(|errors| format!("{errors:#?}"));
    printed::text(&typeset.unwrap().document)
}

#[test]
fn every_page_of_invented_data_says_so_and_no_other() {
    let marked = pages(&invented(), PAGE_TEXT);
    let plain = pages(&Fixture::published(), PAGE_TEXT);
    assert!(marked.len() > 5);
    assert_eq!(marked.len(), plain.len(), "the mark moves nothing");
    for page in &marked {
        assert!(page.contains("虚构数据") && page.contains("SYNTHETIC DATA"), "{page}");
    }
    assert!(plain.iter().all(|page| !page.contains("虚构") && !page.contains("SYNTHETIC")));
    let rendered = render(&invented().job(PAGE_TEXT)).unwrap_or_else(|told| panic!("{told:#?}"));
    assert!(rendered.figures_json.starts_with("{\n  \"nature\": \"synthetic\""));
    let rendered = render(&Fixture::published().job(PAGE_TEXT)).unwrap_or_else(|told| panic!("{told:#?}"));
    assert!(!rendered.figures_json.contains("synthetic"));
}

#[test]
fn a_page_that_takes_the_mark_away_is_refused() {
    let with = |set: &str| {
        format!("#import \"/theme.typ\": *\n#set document(title: [甲])\n{set}\n甲\n#pagebreak()\n乙\n")
    };
    for (set, page) in [("#set page(foreground: none)", "1"), ("#set page(foreground: [丙])", "1")] {
        let told = render(&invented().job(&with(set))).expect_err("the mark is gone");
        assert_eq!((told[0].code, told[0].params["page"].as_str()), ("mark-missing", page));
        render(&Fixture::published().job(&with(set))).unwrap_or_else(|told| panic!("{told:#?}"));
    }
    render(&invented().job(&with("#set page(paper: \"a5\")"))).unwrap_or_else(|told| panic!("{told:#?}"));
}

#[test]
fn places_of_mistakes_are_those_of_the_page() {
    let text =
        "#import \"/theme.typ\": *\n#show: report.with(title: {{ report.title_zh | lit }})\n甲 #nothing\n";
    let of = |fixture: &Fixture| render(&fixture.job(text)).expect_err("no such name")[0].place.clone();
    assert_eq!(of(&invented()), of(&Fixture::published()));
    assert_eq!(of(&invented()).line, Some(3));
}
