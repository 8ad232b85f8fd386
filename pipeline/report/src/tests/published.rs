//! The demonstration report as a whole.

use super::sample::{Fixture, PAGE_TEXT};
use crate::{Figure, printed, render, render::page, typeset};

#[test]
fn the_report_is_made_and_its_figures_stand_on_its_pages() {
    let fixture = Fixture::published();
    let job = fixture.job(PAGE_TEXT);
    let rendered = render(&job).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    assert_eq!(rendered.warnings, []);
    assert!((8..=12).contains(&rendered.pages), "{} pages", rendered.pages);
    assert!(rendered.figures.len() > 300, "{} figures", rendered.figures.len());

    let typeset =
        typeset::lay_out(&job, &page(&job).unwrap()).map_err(|errors| format!("{errors:#?}")).unwrap();
    let pages = printed::text(&typeset.document);
    for figure in &rendered.figures {
        assert!(pages[figure.page - 1].contains(&figure.text), "{figure:?}");
    }
    let find = |query: &str, row: usize, column: &str| -> Vec<&Figure> {
        let wanted = |figure: &&Figure| figure.query == query && figure.row == row && figure.column == column;
        rendered.figures.iter().filter(wanted).collect()
    };
    let ruian = find("population", 1, "population");
    assert_eq!(ruian.len(), 3, "in the sentence, the bars and the table");
    assert!(ruian.iter().all(|figure| figure.text == "152.58" && figure.value == "1525800"));
    assert_eq!(find("rd_tiles", 7, "value").first().unwrap().text, "4.26");
    assert!(find("rd_tiles", 12, "value").is_empty(), "龙港 has no figure of its own in 2017");
    assert_eq!(find("air", 10, "good_air_rate_change").first().unwrap().text, "\u{2212}6.5");
    for words in ["含于苍南", "其中：浙南产业集聚区", "位置示意，不代表行政区域界线"]
    {
        assert!(pages.iter().any(|page| page.contains(words)), "{words}");
    }
    for page in &pages {
        assert!(page.contains("基于已公布数据的演示，不是评估"), "cover and footers say what the report is");
    }
}

#[test]
fn drawings_say_what_they_show() {
    let fixture = Fixture::published();
    let source = page(&fixture.job(PAGE_TEXT)).unwrap().typst;
    for words in [
        "alt: /*t*/\"横向条形图：2021年末各县（市、区）常住人口。人口最多的是瑞安市（152.58万人），最少的是洞头区（15.03万人）。\"",
        "最低的是泰顺（13微克每立方米）。\"",
        "龙港含于苍南。\"",
    ] {
        assert!(source.contains(words), "{words}");
    }
}
