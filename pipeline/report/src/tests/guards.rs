//! What a template or a delivery can get wrong, and that every one of these is told with its place.

use std::collections::BTreeMap;

use model::{Diagnostic, Language, Table, Value};

use super::sample::{Fixture, PAGE_FILE, table};
use crate::{Rendered, check_page, check_templates, printed, render as make, typeset};

const HEAD: &str = "#import \"/theme.typ\": *\n#show: report.with(title: {{ report.title_zh | lit }})\n";

fn fixture(data: impl IntoIterator<Item = (&'static str, Table)>) -> Fixture {
    let data = data.into_iter().map(|(name, table)| (name.to_owned(), table)).collect::<BTreeMap<_, _>>();
    Fixture { data, ..Fixture::published() }
}

fn counties() -> Fixture {
    fixture([(
        "counties",
        table("name_zh,value,change,status", &["鹿城区,1234.5,-0.02,ok", "瓯海区,,0.0,missing"]),
    )])
}

fn page(body: &str) -> String {
    format!("{HEAD}{body}")
}

fn made(fixture: &Fixture, body: &str) -> Rendered {
    make(&fixture.job(&page(body))).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

fn refused(fixture: &Fixture, body: &str) -> Diagnostic {
    let diagnostics = make(&fixture.job(&page(body))).expect_err("the page should be refused");
    for diagnostic in &diagnostics {
        for language in [Language::Zh, Language::En] {
            let words = format!("{}{:?}", diagnostic.message(language), diagnostic.hint(language));
            assert!(!words.contains('{') || words.contains("{{"), "placeholder left: {words}");
        }
    }
    diagnostics.into_iter().next().unwrap()
}

/// The text of all pages as laid out.
fn laid_out(fixture: &Fixture, body: &str) -> String {
    let text = page(body);
    let job = fixture.job(&text);
    let page = crate::render::page(&job).unwrap();
    let typeset = typeset::lay_out(&job, &page).map_err(|errors| format!("{errors:#?}")).unwrap();
    printed::text(&typeset.document).concat()
}

#[test]
fn a_hostile_name_prints_exactly_so() {
    let hostile = "*#read(\"/etc/passwd\")* $x$ @a <b> _c_ `d` \\ {{ e }} // f = ~ --- ; ] } ) #{";
    let data = Table { columns: vec!["name_zh".into()], rows: vec![vec![Value::Text(hostile.into())]] };
    let fixture = fixture([("counties", data)]);
    let markup = laid_out(
        &fixture,
        "{% for row in data.counties %}前{{ row.name_zh }}(后){{ row.name_zh }}[后]{% endfor %}",
    );
    assert!(markup.contains(&format!("前{hostile}(后){hostile}[后]")), "{markup}");
    let code = laid_out(&fixture, "#let it = {{ data.counties | lit }}\n前#it.at(0).name_zh;后");
    assert!(code.contains(&format!("前{hostile}后")), "{code}");
}

#[test]
fn names_that_do_not_exist_are_told_with_file_line_and_suggestion() {
    let told = refused(&counties(), "{% for row in data.counties %}\n{{ row.nmae_zh }}\n{% endfor %}");
    assert_eq!(told.code, "template-undefined");
    assert_eq!((told.place.file.as_str(), told.place.line), (PAGE_FILE, Some(4)));
    assert_eq!(told.params["name"], "row.nmae_zh");
    assert_eq!(told.suggestion.as_deref(), Some("name_zh"));
    let told = refused(&counties(), "{{ data.county | first }}");
    assert_eq!((told.code, told.suggestion.as_deref()), ("template-undefined", Some("counties")));
    let told = refused(&counties(), "{{ data.counties | first | num(\"valeu\", 1) }}");
    assert_eq!((told.code, told.suggestion.as_deref()), ("template-column", Some("value")));
}

#[test]
fn nothing_is_printed_by_accident() {
    for (body, code, expression) in [
        ("{{ (data.counties | last).value }}", "template-null", "(data.counties | last).value"),
        ("{{ (data.counties | first).value }}", "raw-number", "(data.counties | first).value"),
        ("{{ 12 }}", "raw-number", "12"),
        ("{{ \"共\" ~ (data.counties | first | num(\"value\", 1)) }}", "raw-number", ""),
        ("{{ \"共\" ~ (data.counties | first).value }}", "raw-number", ""),
        ("#let it = {{ (\"共\" ~ (data.counties | first).value) | lit }}", "raw-number", ""),
        ("#let it = \"{{ (data.counties | first).name_zh }}\"", "text-misplaced", ""),
        ("#let it = \"前{{ (data.counties | first).name_zh | lit }}\"", "text-misplaced", ""),
        ("#let it = {{ (data.counties | first).name_zh }}", "text-misplaced", ""),
        ("{{ 1 ~ 7 }}", "raw-number", ""),
        ("{% set it %}{{ (data.counties | first).value }}{% endset %}{{ it }}", "raw-number", ""),
        ("{% set it %}{{ (data.counties | first).value | lit }}{% endset %}{{ it }}", "number-misplaced", ""),
        ("{{ (data.counties | first).value | lit }}", "number-misplaced", ""),
        ("#str({{ (data.counties | first).value | lit }})", "number-misplaced", ""),
        ("#let it = {{ (data.counties | first).value | lit }}", "number-misplaced", ""),
        ("#callout[共#{{ (data.counties | first).value | lit }};]", "number-misplaced", ""),
        ("{{ data.counties | first | num(\"value\", 40) }}", "figure-decimals", ""),
        ("{{ data.counties | first | num(\"value\", 29) }}", "figure-decimals", ""),
        ("{{ data.counties | first | signed(\"value\", -1) }}", "figure-decimals", ""),
        ("{{ data.counties | first | points(\"value\", 1.5) }}", "figure-decimals", ""),
        ("{{ data.counties | first | percent(\"value\", \"两位\") }}", "figure-decimals", ""),
        ("{{ data.counties | first | parts_of(\"value\", [\"change\"], none) }}", "figure-decimals", ""),
        ("{{ data.counties | first | parts_of(\"value\", [\"change\"], 1) }}", "figure-parts", ""),
        ("{{ \"甲\" | indent(100000000000000000) }}", "template-failed", ""),
        ("{{ data.counties }}", "template-unprintable", "data.counties"),
        ("{{ data.counties | last | num(\"value\", 1) }}", "figure-null", ""),
        ("{{ data.counties | first | num(\"name_zh\", 1) }}", "number-wrong", ""),
        ("{{ 12 | num(\"value\", 1) }}", "figure-without-row", ""),
        ("{{ data.counties | first | num(\"value\", 1, unit=\"斤\") }}", "figure-unit", ""),
        ("{{ data.counties | first | num(\"value\", 1, status=\"name_zh\") }}", "figure-status", ""),
        ("{{ (data.counties | first).value | string }}", "template-failed", ""),
    ] {
        let told = refused(&counties(), body);
        assert_eq!((told.code, told.place.line), (code, Some(3)), "{body}");
        assert_eq!(told.place.file, PAGE_FILE, "{body}");
        if !expression.is_empty() {
            assert_eq!(told.params["expression"], expression);
        }
    }
}

#[test]
fn decimals_that_cannot_be_are_told_with_filter_line_and_column() {
    let told = refused(&counties(), "{{ data.counties | first | num(\"value\", 40) }}");
    assert_eq!((told.params["filter"].as_str(), told.params["value"].as_str()), ("num", "40"));
    assert_eq!((told.place.line, told.place.column.is_some()), (Some(3), true));
    let twelve = made(&counties(), "{{ data.counties | first | num(\"value\", 12) }}");
    assert_eq!(twelve.figures[0].text, "1,234.500000000000");
}

#[test]
fn components_print_no_bare_numbers() {
    let number = "{{ (data.counties | first).value | lit }}";
    for body in [
        format!("#chart(caption: [甲], alt: \"甲\", note: {number})[乙]"),
        format!("#tabular(caption: [甲], unit: {number})[#data-table(columns: ((title: [甲]),), rows: ())]"),
        format!("#bars(((label: [甲], value: {number}, shown: [], note: {number}),))"),
        format!("#data-table(columns: ((title: [甲]),), rows: (({number},),))"),
        format!("#callout(title: {number})[乙]"),
    ] {
        assert_eq!(refused(&counties(), &body).code, "typst-error", "{body}");
    }
}

#[test]
fn a_page_that_does_not_end_is_stopped() {
    let told = refused(
        &counties(),
        "{% for a in range(9999) %}\n{% for b in range(9999) %}{% endfor %}{% endfor %}",
    );
    assert_eq!(told.code, "template-endless");
    assert_eq!(told.place.file, PAGE_FILE);
    let told = refused(&counties(), "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}");
    assert_eq!(told.code, "template-failed", "{told:?}");
}

#[test]
fn a_missing_value_prints_its_mark_and_is_recorded() {
    let rendered = made(
        &counties(),
        "{% for row in data.counties %}{{ row | num(\"value\", 1, status=\"status\") }}。{% endfor %}",
    );
    let told: Vec<_> = rendered.figures.iter().map(|f| (f.row, f.value.as_str(), f.text.as_str())).collect();
    assert_eq!(told, [(1, "1234.5", "1,234.5"), (2, "", "…")]);
}

#[test]
fn figures_know_their_page_in_reading_order() {
    let body = "首页\n#pagebreak()\n{{ data.counties | first | points(\"change\", 1) }}\n#pagebreak()\n\
                #bars((\n(label: \"鹿城\", value: 3, shown: {{ data.counties | first | integer(\"value\") | lit }}),\n))";
    let rendered = made(&counties(), body);
    let told: Vec<_> =
        rendered.figures.iter().map(|f| (f.page, f.column.as_str(), f.text.as_str())).collect();
    assert_eq!(told, [(2, "change", "\u{2212}2.0个百分点"), (3, "value", "1,234")]);
    let json: serde_json::Value = serde_json::from_str(&rendered.figures_json).unwrap();
    assert_eq!(json["figures"][0]["query"], "counties");
    assert_eq!(json["figures"][1]["page"], 3);
}

#[test]
fn figures_that_vanish_or_change_are_told() {
    let figure = "{{ data.counties | first | num(\"value\", 1) }}";
    let told = refused(&counties(), &format!("#let drop(it) = []\n#drop[{figure}]"));
    assert_eq!((told.code, told.params["expected"].as_str()), ("figure-not-printed", "1,234.5"));
    let told = refused(&counties(), &format!("#show \"1,234.5\": [9]\n{figure}"));
    assert_eq!((told.code, told.params["found"].as_str()), ("figure-differs", "9"));
}

#[test]
fn templates_reach_nothing_outside() {
    for body in [
        "#read(\"/etc/passwd\")",
        "#read(\"../../secret.txt\")",
        "#include \"/other.typ\"",
        "#import \"@preview/x:1.0.0\": y",
    ] {
        let told = refused(&counties(), &format!("一\n\n{body}"));
        assert!(matches!(told.code, "typst-file-refused" | "typst-error"), "{body}: {told:?}");
        assert_eq!(told.place.line, Some(5), "{body}");
    }
    assert_eq!(refused(&counties(), "#read(\"/etc/passwd\")").code, "typst-file-refused");
    assert_eq!(refused(&counties(), "{% include \"/etc/passwd\" %}").code, "template-failed");
}

#[test]
fn errors_of_typst_lead_to_the_template() {
    let told = refused(&counties(), "中文\n中文\n{{ (data.counties | first).name_zh }}\n#nonsense(1)");
    assert_eq!((told.code, told.place.line, told.place.column), ("typst-error", Some(6), Some(2)));
    assert_eq!(told.place.excerpt.as_deref(), Some("#nonsense(1)"));
    let told = refused(&counties(), "正文\n#bars(5)");
    assert_eq!((told.code, told.place.line), ("typst-error", Some(4)), "the call is told, not the component");
    assert!(told.params["hints"].contains("templates/components/bars.typ:"), "{told:?}");
    let told = refused(&counties(), "{% if %}");
    assert_eq!((told.code, told.place.line), ("template-syntax", Some(3)));
}

#[test]
fn text_that_no_font_can_show_is_refused() {
    let data =
        Table { columns: vec!["name_zh".into()], rows: vec![vec![Value::Text("叶\u{20000}".into())]] };
    let told = refused(&fixture([("enterprises", data)]), "{{ (data.enterprises | first).name_zh }}");
    assert_eq!(told.code, "glyph-missing");
    for (name, value) in [("query", "enterprises"), ("row", "1"), ("column", "name_zh"), ("code", "U+20000")]
    {
        assert_eq!(told.params[name], value);
    }
    let told = refused(&counties(), "正文\u{20000}");
    assert_eq!((told.code, told.place.line), ("glyph-missing-template", Some(3)));
    assert_eq!(refused(&counties(), "#text(font: \"SimSun\")[宋]").code, "typst-font");
}

#[test]
fn the_date_is_the_editions_and_the_bytes_are_the_same_twice() {
    let body = "#datetime.today().display() {{ data.counties | first | num(\"value\", 1) }}";
    let (first, second) = (made(&counties(), body), made(&counties(), body));
    assert!(laid_out(&counties(), body).contains("2026-11-23"));
    assert_eq!(first.pdf, second.pdf);
    assert_eq!(first.figures_json, second.figures_json);
    let mut later = counties();
    later.assessment.edition.date = "2026-11-24".into();
    assert_ne!(made(&later, body).pdf, first.pdf);
}

#[test]
fn sentences_are_right_for_ties_one_unit_and_missing_values() {
    let say = |lines: &[&str]| {
        let fixture = fixture([("t", table("name,v", lines))]);
        laid_out(
            &fixture,
            "{% import \"macros/sentences.j2\" as s %}始{{ s.extremes(data.t, \"name\", \"v\", 1, \"最高\", \"最低\") }}终",
        )
    };
    for (lines, sentence) in [
        (&["甲,1.5", "乙,3", "丙,3"][..], "最高的是乙和丙（3.0），最低的是甲（1.5）。"),
        (&["甲,-1", "乙,0", "丙,"], "最高的是乙（0.0），最低的是甲（\u{2212}1.0）。丙无数据。"),
        (&["甲,2", "乙,2"], "所列单位均为2.0。"),
        (&["甲,2"], "仅甲有数据，为2.0。"),
        (&["甲,", "乙,"], "所列单位均无数据。"),
    ] {
        assert!(say(lines).contains(&format!("始{sentence}终")), "{}", say(lines));
    }
}

#[test]
fn lint_sees_templates_and_pages_without_data() {
    let templates = crate::Templates::built_in();
    assert_eq!(check_templates(&templates), []);
    let text = super::sample::PAGE_TEXT;
    let data = Fixture::published().data;
    let tables: Vec<&str> = data.keys().map(String::as_str).collect();
    assert_eq!(check_page(&templates, PAGE_FILE, text, &tables), []);
    let told = check_page(&templates, PAGE_FILE, "一\n{{ data.populaton }}", &["population"]);
    assert_eq!((told[0].code, told[0].place.line), ("template-undefined", Some(2)));
    assert_eq!(told[0].suggestion.as_deref(), Some("population"));
    assert_eq!(check_page(&templates, PAGE_FILE, "{% for %}", &[])[0].code, "template-syntax");
    assert_eq!(
        check_page(&templates, PAGE_FILE, "#import \"@preview/x:1.0.0\"", &[])[0].code,
        "typst-package"
    );
    let folder = tempfile::tempdir().unwrap();
    model::files::write(&folder.path().join("theme.typ"), b"#let x = (\n#import \"@preview/a:1.0.0\": b")
        .unwrap();
    let own = crate::Templates::with_folder(folder.path(), "own").unwrap();
    let codes: Vec<&str> = check_templates(&own).iter().map(|told| told.code).collect();
    assert!(codes.contains(&"typst-error") && codes.contains(&"typst-package"), "{codes:?}");
}

#[test]
fn the_pdf_claims_both_standards_and_names_its_maker() {
    let rendered = made(&counties(), "正文");
    let pdf = String::from_utf8_lossy(&rendered.pdf).into_owned();
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "mantianxing 0.",
    ] {
        assert!(pdf.contains(claim), "{claim}");
    }
}
