//! Text from data is text: a name that looks like Typst code prints as it is; a character no font has is told.

use crate::city::{City, foreign};

const HOSTILE: &str = "*#read(\"/etc/passwd\")* $x$ @a <b>";

/// Renames 鹿城区, whose old name stays an alias.
fn rename(city: &City, name: &str) {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    city.edit(
        "reference/units.csv",
        "lucheng,330302,county,鹿城区,",
        &format!("lucheng,330302,county,{quoted},"),
    );
    let aliases = city.read("reference/unit_aliases.csv");
    city.write("reference/unit_aliases.csv", format!("{aliases}鹿城区,lucheng,alias,\n"));
}

#[test]
fn a_county_called_like_code_prints_exactly_so() {
    let city = City::new();
    rename(&city, HOSTILE);
    city.run_well();
    let pdf = city.path("out/reports/published.pdf");
    let Some(text) = foreign("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]) else { return };
    let text = String::from_utf8(text.stdout).unwrap().replace('\n', "");
    assert!(text.replace(' ', "").contains(&HOSTILE.replace(' ', "")), "{text}");
    assert!(!text.contains("root:"));
}

#[test]
fn a_character_without_a_glyph_is_named() {
    let city = City::new();
    rename(&city, "鹿\u{20000}区");
    let ran = city.run(&["run", "--quiet"]);
    ran.assert_fails(1, &["error[glyph-missing]", "U+20000", "name_zh"]);
    assert!(!city.path("out/reports/published.pdf").exists());
    // Everything but the report was made.
    assert!(city.path("out/tables/air/ranks.parquet").exists());
}
