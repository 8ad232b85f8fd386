//! Printed figures: what the PDF shows is what the data say, checked with a foreign reader.

use serde_json::Value as Json;

use crate::city::{City, foreign};

#[test]
fn every_printed_figure_stands_in_the_pdf() {
    let city = City::new();
    city.run_well();
    let recorded: Json = serde_json::from_str(&city.read("out/reports/published.figures.json")).unwrap();
    assert_eq!(recorded["nature"], "demonstration");
    let figures = recorded["figures"].as_array().unwrap();
    assert!(figures.len() > 200, "{}", figures.len());
    let pdf = city.path("out/reports/published.pdf");
    let Some(text) = foreign("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]) else { return };
    let text = String::from_utf8(text.stdout).unwrap();
    let pages: Vec<&str> = text.split('\u{c}').collect();
    for figure in figures {
        let page = usize::try_from(figure["page"].as_u64().unwrap()).unwrap();
        let shown = figure["text"].as_str().unwrap();
        assert!(pages[page - 1].contains(shown), "{shown} is not on page {page}: {figure}");
    }
}

#[test]
fn the_pdf_is_whole_tagged_and_has_its_fonts() {
    let city = City::new();
    city.run_well();
    let pdf = city.path("out/reports/published.pdf");
    let pdf = pdf.to_str().unwrap();
    if let Some(checked) = foreign("qpdf", &["--check", pdf]) {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
    if let Some(fonts) = foreign("pdffonts", &[pdf]) {
        let fonts = String::from_utf8(fonts.stdout).unwrap();
        let lines: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(lines.len() >= 3, "{fonts}");
        for line in lines {
            let columns: Vec<&str> = line.split_whitespace().rev().collect();
            // object number, generation, unicode, subset, embedded
            assert_eq!(columns[4], "yes", "not embedded: {line}");
        }
    }
    if let Some(info) = foreign("pdfinfo", &[pdf]) {
        let info = String::from_utf8(info.stdout).unwrap();
        assert!(info.contains("Tagged:          yes"), "{info}");
        assert!(info.contains("温州市公开统计数据演示报告"), "{info}");
    }
}
