//! Lines above, names of sheets, rules, accounts.

use super::*;

#[test]
fn period_and_unit_from_the_title() {
    let contract = table(
        "",
        &[
            "unit unit from = \"above\"",
            "period period from = \"above\"",
            "name string zh = [\"企业名称\"]",
            "people int zh = [\"从业人员\"]",
        ],
    );
    let text = "鹿城区 2023年上半年企业名单\n企业名称,从业人员\n甲厂,5\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0]), ["2023-H1|lucheng|甲厂|5"]);
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn a_period_of_its_own_column_is_the_rows_period() {
    let contract = table("", &["name string zh = [\"名称\"]", "period month zh = [\"月份\"]"]);
    let text = "名称,月份\n甲,2023年5月\n乙,春天\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0]), ["2023-05|甲"]);
    assert_eq!(codes(&outcome), ["not-a-date", "required-value-missing"]);
}

#[test]
fn sections_say_how_many_rows_they_have() {
    let contract = table(
        "",
        &["name string zh = [\"学校\"]", "kind string zh = [\"层次\"]", "province string from = \"section\""],
    );
    let text = "学校,层次\n甲省（2所）,\n一校,本科\n二校,本科\n乙省（3所）,\n三校,本科\n四校,专科\n";
    let outcome = read(&[contract], text.as_bytes());
    let [finding] = outcome.findings.as_slice() else { unreachable!("{:?}", outcome.findings) };
    assert_eq!((finding.code, finding.row), ("section-count-differs", 5));
    assert_eq!((finding.params["expected"].as_str(), finding.params["found"].as_str()), ("3", "2"));
}

#[test]
fn titles_and_notes_beside_a_table_on_its_side() {
    let lines = [
        line(1, "", &["2023年鹿城区工业情况"]),
        line(2, "", &["单位：万元"]),
        line(3, "", &["月份", "1月", "2月"]),
        line(4, "", &["产值", "5", "6"]),
        line(5, "", &["注：快报数"]),
    ];
    let sheet = format!("<sheetData>{}</sheetData>", lines.concat());
    let contract = table(
        "orientation = \"columns\"",
        &["period month zh = [\"月份\"]", "output money zh = [\"产值\"], required = true"],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(rows(&outcome.sources[0]), ["2023-01|50000.00", "2023-02|60000.00"]);
    assert_eq!(outcome.sources[0].title, "2023年鹿城区工业情况 / 单位:万元".replace(':', "："));
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn the_name_of_a_sheet_says_how_many_rows_it_has() {
    let lines = [line(1, "", &["名称", "级别"]), line(2, "", &["甲", "省"]), line(3, "", &["乙", "市"])];
    let sheet = format!("<sheetData>{}</sheetData>", lines.concat());
    let contract = table("", &["name string zh = [\"名称\"]", "level string zh = [\"级别\"]"]);
    let told = |name: &str| {
        let outcome = read(std::slice::from_ref(&contract), &xlsx("", &[(name, "", &sheet)]));
        codes(&outcome).len()
    };
    assert_eq!((told("名单（2家）"), told("名单（3家）"), told("2024")), (0, 1, 0));
}

#[test]
fn rules_hold_wherever_a_value_stands() {
    let contract = table(
        "",
        &[
            "name string zh = [\"名称\"]",
            "place string from = \"above\", zh = [\"地区\"], constraints.enum = [\"鹿城\",\"瓯海\"]",
            "part string from = \"section\", constraints.pattern = \"[甲乙]省\"",
            "period period from = \"header\", constraints.minimum = \"2020\"",
            "value int from = \"cell\", constraints.maximum = 10",
        ],
    );
    let text = "地区：龙湾\n名称,2021年,2019年\n甲省（2家）,,\n一,5,6\n二,50,\n丙省（1家）,,\n三,7,\n";
    let outcome = read(&[contract], text.as_bytes());
    let expected = ["2021|一|NULL|甲省|5", "2021|二|NULL|甲省|NULL", "2021|三|NULL|NULL|7"];
    assert_eq!(rows(&outcome.sources[0]), expected);
    let told: Vec<String> =
        outcome.findings.iter().map(|finding| format!("{} {}", finding.cell(), finding.code)).collect();
    assert_eq!(told, ["A1 not-in-enum", "C2 below-minimum", "B5 above-maximum", "7 pattern-unmet"]);
    assert_eq!(crossings(&outcome.sources[0]), "6 = 3 kept, 1 rejected, 2 blank");
}

#[test]
fn labels_without_header_in_order() {
    let contract = table(
        "",
        &[
            "city string zh = [\"\"]",
            "name string zh = [\"\"], required = true",
            "period period from = \"header\"",
            "value int from = \"cell\"",
        ],
    );
    let text = ",,2005.0,2006.0\n温州,鹿城,1,2\n温州,瓯海,3,\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2005|温州|瓯海|3");
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn wide_tables_repeat_and_go_on() {
    let contract = table(
        "",
        &["name string zh = [\"名称\"]", "period period from = \"header\"", "value int from = \"cell\""],
    );
    let two = "甲表\n名称,2024年,2023年\n一,1,2\n二,3,4\n\n乙表\n名称,2024年,2022年\n三,5,6\n";
    let outcome = read(std::slice::from_ref(&contract), two.as_bytes());
    let all: Vec<String> = outcome.sources.iter().flat_map(rows).collect();
    assert_eq!(all, ["2024|一|1", "2023|一|2", "2024|二|3", "2023|二|4", "2024|三|5", "2022|三|6"]);
    let first = [line(1, "", &["名称", "2024年", "2023年"]), line(2, "", &["一", "1", "2"])].concat();
    let second = line(1, "", &["二", "3", "4"]);
    let sheets = [first, second].map(|rows| format!("<sheetData>{rows}</sheetData>"));
    let outcome = read(&[contract], &xlsx("", &[("一", "", &sheets[0]), ("二", "", &sheets[1])]));
    let all: Vec<String> = outcome.sources.iter().flat_map(rows).collect();
    assert_eq!(all, ["2024|一|1", "2023|一|2", "2024|二|3", "2023|二|4"]);
    assert_eq!(codes(&outcome), ["header-continued"]);
}

/// Numbers that look random and are the same each time.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn whatever_a_wide_table_looks_like_nothing_is_lost() {
    let columns = [
        "name string zh = [\"名称\"], required = true",
        "place string from = \"above\", zh = [\"地区\"]",
        "period period from = \"header\"",
        "count int zh = [\"户数\"], from = \"cell\", required = true",
        "loans money zh = [\"余额\"], from = \"cell\"",
    ];
    let mut draws = Draws(7);
    for round in 0..150 {
        let side = draws.below(3) == 0;
        let years = 2 + draws.below(5);
        let mut lines: Vec<Vec<String>> = Vec::new();
        // Titles beside a table on its side would be columns of their own.
        for title in (0..if side { 0 } else { draws.below(3) }).rev() {
            lines.push(vec![if title == 0 { "地区：鹿城区".into() } else { "各年情况".into() }]);
        }
        let mut header = vec!["名称".to_owned()];
        for year in (0..years).rev() {
            header.extend(["户数", "余额(万元)"].map(|field| format!("{}年{field}", 2019 + year)));
        }
        lines.push(header);
        let mut expected = Vec::new();
        let (mut blank, mut refused) = (0_u64, 0_u64);
        let data = 1 + draws.below(9);
        for number in 0..data {
            let name = if draws.below(8) == 0 { String::new() } else { format!("甲{number}") };
            let mut cells = vec![name.clone()];
            for year in (0..years).rev() {
                let [count, loans] = [0, 1].map(|_| draws.below(3).min(1) * (1 + draws.below(99)));
                let shown = |figure: u64| if figure == 0 { String::new() } else { figure.to_string() };
                cells.extend([shown(count), shown(loans)]);
                match (count, loans) {
                    (0, 0) => blank += 1,
                    (0, _) => refused += 1,
                    _ if name.is_empty() => refused += 1,
                    _ => {
                        let money = if loans == 0 { "NULL".to_owned() } else { format!("{loans}0000.00") };
                        expected.push(format!("{}|{name}|{count}|{money}", 2019 + year));
                    }
                }
            }
            lines.push(cells);
            // A row without anything changes nothing.
            if draws.below(4) == 0 {
                lines.push(Vec::new());
            }
        }
        if lines.iter().skip(1).all(|cells| cells.iter().all(String::is_empty)) {
            continue;
        }
        if side {
            let width = lines.iter().map(Vec::len).max().unwrap_or_default();
            let cell = |row: usize, column: usize| {
                lines.get(row).and_then(|cells| cells.get(column)).cloned().unwrap_or_default()
            };
            lines =
                (0..width).map(|column| (0..lines.len()).map(|row| cell(row, column)).collect()).collect();
        }
        let text = lines.iter().map(|cells| cells.join(",")).collect::<Vec<_>>().join("\n") + "\n";
        let keys = if side { "orientation = \"columns\"" } else { "" };
        let outcome = read(&[table(keys, &columns)], text.as_bytes());
        assert_eq!(outcome.sources.len(), 1, "{round}\n{text}\n{:?}", outcome.findings);
        let source = &outcome.sources[0];
        let told = crossings(source);
        let counts = source.crossings.clone().unwrap();
        let kinds = [model::RowKind::Kept, model::RowKind::Rejected, model::RowKind::Blank];
        let found = kinds.map(|kind| counts.count(kind));
        let read: Vec<String> = rows(source)
            .into_iter()
            .map(|row| {
                let parts: Vec<&str> = row.split('|').collect();
                [parts[0], parts[1], parts[3], parts[4]].join("|")
            })
            .collect();
        assert_eq!(read, expected, "{round}\n{text}\n{told}");
        assert_eq!(found[..2], [expected.len() as u64, refused], "{round}\n{text}\n{told}");
        // Rows below the last with a value are notes or blank, not data.
        assert!(found[2] <= blank, "{round}\n{text}\n{told}");
    }
}
