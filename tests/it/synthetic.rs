//! Synthetic is contagious: every file under `out/` of invented data and everything printed of them says so, and nothing
//! made from real data does.

use crate::city::{City, files_under, foreign};

const MARK: &str = "虚构数据 SYNTHETIC DATA";

const PAGE: &str = "#import \"/theme.typ\": *
#show: report.with(title: {{ report.title_zh | lit }}, publisher: {{ assessment.publisher_zh | lit }})
#cover(place-name: {{ assessment.place_zh | lit }})
= 送数
{% for row in data.late %}
{{ row.title_zh }}：{{ row | integer(\"days_late\") }}天
{% endfor %}
";

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a file says of its nature; the kinds of files are all there are.
fn says_synthetic(city: &City, name: &str) -> bool {
    let path = city.path(&format!("out/{name}"));
    let bytes = std::fs::read(&path).unwrap();
    match name.rsplit('.').next().unwrap() {
        "parquet" => {
            // In the footer, where any reader of Parquet shows it.
            let length = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
            let footer = &bytes[bytes.len() - 8 - length as usize..];
            assert!(contains(footer, "mantianxing.nature"), "{name}");
            contains(footer, "synthetic")
        }
        "json" => contains(&bytes, "\"synthetic\""),
        "pdf" => {
            let Some(text) = foreign("pdftotext", &[path.to_str().unwrap(), "-"]) else {
                return city.read("assessment.toml").contains("\"synthetic\"");
            };
            let text = String::from_utf8(text.stdout).unwrap();
            let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
            let marked = pages.iter().filter(|page| page.contains(MARK)).count();
            assert!(marked == 0 || marked == pages.len(), "{name}: {marked} of {} pages", pages.len());
            marked > 0
        }
        _ => panic!("a result of a new kind must say of what nature it is: {name}"),
    }
}

/// What begins with a dot is bookkeeping of the store, not a result.
fn results(city: &City) -> Vec<String> {
    files_under(&city.path("out")).into_iter().filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn nothing_made_of_invented_data_hides_it() {
    let city = City::invented();
    // Two contracts are enough, one with rejects.
    city.keep_deliveries(&["contracts = [\"training\"]", "contracts = [\"county_base\"]"]);
    city.write(
        "reports/late/report.toml",
        "title_zh = \"送数情况\"\nkind_zh = \"示例\"\naudience = \"internal\"\n",
    );
    city.write("reports/late/page.typ.j2", PAGE);
    city.write(
        "reports/late/late.sql",
        "SELECT title_zh, days_late FROM monitoring.timeliness WHERE status = 'late' ORDER BY contract, period",
    );
    let ran = city.run(&["run", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["nature"], "synthetic");
    let names = results(&city);
    for kind in [
        "extracts/",
        "rejects/",
        "reference/",
        "tables/monitoring/",
        "findings.parquet",
        "state.json",
        ".pdf",
    ] {
        assert!(names.iter().any(|name| name.contains(kind)), "{kind}: {names:?}");
    }
    let silent: Vec<&String> = names.iter().filter(|name| !says_synthetic(&city, name)).collect();
    assert_eq!(silent, Vec::<&String>::new());

    let select = "SELECT contract, periods_due FROM monitoring.completeness WHERE contract = 'training'";
    let csv = city.run(&["sql", select, "--format", "csv"]).stdout;
    assert_eq!(csv, "contract,periods_due,_synthetic\ntraining,16,true\n");
    assert_eq!(city.run(&["sql", select, "--format", "json"]).json()[0]["_synthetic"], true);
    assert!(city.run(&["sql", select]).stdout.contains("_synthetic"));
    let answer = city.path("out/answer.parquet");
    assert_eq!(
        city.run(&["sql", select, "--format", "parquet", "-o", answer.to_str().unwrap()]).code,
        Some(0)
    );
    assert!(says_synthetic(&city, "answer.parquet"));
    // Said without being asked for JSON, too, and when the definitions are read as something else it is made anew.
    city.edit("assessment.toml", "nature = \"synthetic\"", "nature = \"demonstration\"");
    let ran = city.run(&["run", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    std::fs::remove_file(answer).unwrap();
    let marked: Vec<String> = results(&city).into_iter().filter(|name| says_synthetic(&city, name)).collect();
    assert_eq!(marked, Vec::<String>::new());
    city.edit("assessment.toml", "nature = \"demonstration\"", "nature = \"synthetic\"");
    let told = city.run(&["ingest", "--quiet"]);
    assert!(told.stdout.starts_with(MARK), "{}", told.stdout);
}

#[test]
fn nothing_made_of_published_data_has_the_mark() {
    let city = City::new();
    let ran = city.run(&["run", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["nature"], "demonstration");
    assert!(!ran.stdout.contains("synthetic"));
    let names = results(&city);
    assert!(names.len() > 30, "{names:?}");
    let marked: Vec<&String> = names.iter().filter(|name| says_synthetic(&city, name)).collect();
    assert_eq!(marked, Vec::<&String>::new());
    let select = "SELECT unit FROM air.ranks ORDER BY rank, unit LIMIT 1";
    assert_eq!(city.run(&["sql", select, "--format", "csv"]).stdout, "unit\ntaishun\n");
}
