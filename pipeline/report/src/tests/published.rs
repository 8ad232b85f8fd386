//! The demonstration report as a whole.

use model::Value;

use super::sample::{Fixture, PAGE_TEXT};
use crate::{Figure, printed, render, render::page, typeset};

#[test]
fn the_report_is_made_and_its_figures_stand_on_its_pages() {
    let fixture = Fixture::published();
    let job = fixture.job(PAGE_TEXT);
    let rendered = render(&job).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    assert_eq!(rendered.warnings, []);
    assert!(rendered.figures.len() > 300, "{} figures", rendered.figures.len());

    let typeset =
        typeset::lay_out(&job, &page(&job).unwrap()).map_err(|errors| format!("{errors:#?}")).unwrap();
    let pages = printed::text(&typeset.document);
    assert!((8..=12).contains(&pages.len()), "{} pages", pages.len());
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
fn what_was_never_sent_is_said_and_is_no_error() {
    let full = Fixture::published();
    let words = "本期没有收到这项数据。";
    let told = |fixture: &Fixture| {
        let job = fixture.job(PAGE_TEXT);
        let typeset = typeset::lay_out(&job, &page(&job).unwrap()).map_err(|errors| format!("{errors:#?}"));
        printed::text(&typeset.unwrap().document).concat().matches(words).count()
    };
    let without = |names: &dyn Fn(&str) -> bool| {
        let mut fixture = Fixture::published();
        for (name, table) in &mut fixture.data {
            // Totals keep their one row: no rows counted, sums NULL.
            if names(name) && (name.ends_with("_total") || name.ends_with("_summary")) {
                for (column, cell) in table.columns.iter().zip(&mut table.rows[0]) {
                    *cell = match column.as_str() {
                        "counties" => Value::Int(0),
                        status if status.ends_with("status") => Value::Text("missing".into()),
                        _ => Value::Null,
                    };
                }
            } else if names(name) {
                table.rows.clear();
            }
        }
        fixture
    };
    assert_eq!(told(&full), 0);
    for (name, sections) in [("population", 1), ("rd", 1), ("air", 2)] {
        let fixture = without(&|query| query.starts_with(name));
        assert_eq!(told(&fixture), sections, "{name}");
        render(&fixture.job(PAGE_TEXT)).unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:#?}"));
    }
    assert_eq!(told(&without(&|_| true)), 6);
    render(&without(&|_| true).job(PAGE_TEXT)).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    // A total that is NULL though there are rows prints its mark.
    let fixture = without(&|query| query.ends_with("_total") || query.ends_with("_summary"));
    let rendered = render(&fixture.job(PAGE_TEXT)).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    assert!(rendered.figures.iter().any(|figure| figure.query == "rd_total" && figure.text == "…"));
}

#[test]
fn contributions_add_up_in_print() {
    let fixture = Fixture::published();
    let rendered = render(&fixture.job(PAGE_TEXT)).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    let longgang = |column: &str| {
        let wanted =
            |figure: &&Figure| figure.query == "scores" && figure.row == 12 && figure.column == column;
        let figure = rendered.figures.iter().find(wanted).unwrap();
        (figure.value.clone(), figure.text.clone())
    };
    assert_eq!(longgang("score"), ("76.25".into(), "76.2".into()));
    assert_eq!(longgang("good_air_rate_part"), ("33.75".into(), "33.7".into()));
    assert_eq!(longgang("pm25_part"), ("42.5".into(), "42.5".into()));
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
