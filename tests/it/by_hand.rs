//! Mess that the generator does not plant, put by hand into files of the mini city: each kind is found where it was put.

use std::collections::BTreeSet;
use std::path::Path;

use crate::city::repository;
use crate::invented::{Invented, parquet};

/// One cell made wrong: file, field's header, what is typed, and the finding that tells it.
struct Edit {
    file: &'static str,
    header: &'static str,
    typed: &'static str,
    code: &'static str,
}

const EDITS: [Edit; 12] = [
    edit("procurement/政府采购合同2024.csv", "合同金额（元）", "#REF!", "formula-error"),
    edit("procurement/政府采购合同2024.csv", "预付款比例（%）", "350%", "above-maximum"),
    edit("procurement/政府采购合同2023.csv", "合同金额（元）", "-500", "below-minimum"),
    edit("procurement/政府采购合同2023.csv", "预付款比例（%）", "5.3个百分点", "points-for-share"),
    edit("procurement/政府采购合同2022.csv", "合同金额（元）", "比上年增加5000", "change-for-quantity"),
    edit("procurement/政府采购合同2022.csv", "采购单位所属区划", "", "unit-blank"),
    edit("procurement/政府采购合同2021.csv", "合同签订日期", "", "required-value-missing"),
    edit("service_case/企业开办与诉求明细2023.csv", "受理渠道", "口头", "not-in-list"),
    // A code of the standard's own examples: valid, and nobody's in this city.
    edit(
        "service_case/企业开办与诉求明细2023.csv",
        "企业统一社会信用代码",
        "91350100M000100Y43",
        "foreign-key-missing",
    ),
    edit("service_case/企业开办与诉求明细2022.csv", "是否默认评价", "也许", "not-a-truth-value"),
    edit("survey/企业发展环境问卷2021.csv", "所用时间", "12.5秒", "not-whole"),
    edit("survey/企业发展环境问卷2024.csv", "所用时间", "100000秒", "rule-broken"),
];

const fn edit(file: &'static str, header: &'static str, typed: &'static str, code: &'static str) -> Edit {
    Edit { file, header, typed, code }
}

/// A delivered text file, by row and cell.
struct Text(Vec<Vec<String>>);

impl Text {
    fn read(path: &Path) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        Self(reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.0 {
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    }
}

/// The mini city as files that anybody may change.
fn delivered() -> Invented {
    let invented = Invented::of("mini");
    let mini = repository().join("data-samples/synthetic/mini");
    crate::city::copy(&mini, &invented.assessment.join("generated"));
    let file = invented.assessment.join("assessment.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("[sample]\nscale = \"mini\"\nseed = 1\n", "");
    assert!(!text.contains("[sample]"));
    std::fs::write(file, text).unwrap();
    invented
}

/// Sends a file with other bytes.
fn send(invented: &Invented, file: &str, bytes: &[u8]) {
    let extracts = invented.assessment.join("generated/extracts");
    let list = extracts.join("deliveries.toml");
    let old = model::Digest::of(std::fs::read(extracts.join(file)).unwrap()).hex();
    let text = std::fs::read_to_string(&list).unwrap();
    assert_eq!(text.matches(&old).count(), 1, "{file}");
    std::fs::write(extracts.join(file), bytes).unwrap();
    std::fs::write(list, text.replace(&old, &model::Digest::of(bytes).hex())).unwrap();
}

#[test]
fn mess_of_other_kinds_is_found_where_it_was_put() {
    let invented = delivered();
    let extracts = invented.assessment.join("generated/extracts");
    let planted = invented.truth("planted");
    // Rows in which something is found anyway, or that stand twice.
    let wrong = planted.select(["file", "row", "class", "finding"]);
    let wrong = wrong.filter(|[_, _, class, finding]| !finding.is_empty() || *class == "m17");
    let mut touched: BTreeSet<(String, usize)> =
        wrong.map(|[file, row, ..]| (file.to_owned(), row.parse().unwrap())).collect();
    let mut expected: Vec<(String, &str, usize)> = Vec::new();
    for Edit { file, header, typed, code } in EDITS {
        let mut text = Text::read(&extracts.join(file));
        let column = text.0[0].iter().position(|own| own.trim_start_matches('\u{feff}') == header).unwrap();
        // A row in which nothing else is wrong, with something to make wrong.
        let row = (1..text.0.len())
            .find(|row| !text.0[*row][column].is_empty() && !touched.contains(&(file.to_owned(), row + 1)))
            .unwrap_or_else(|| panic!("{file}: no row for {typed}"));
        text.0[row][column] = typed.to_owned();
        touched.insert((file.to_owned(), row + 1));
        expected.push((file.to_owned(), code, row + 1));
        send(&invented, file, &text.bytes());
    }

    // A header nobody promised, and text that is none.
    let file = "service_case/企业开办与诉求明细2021.csv";
    let mut text = Text::read(&extracts.join(file));
    let column = text.0[0].iter().position(|header| header == "满意度").unwrap();
    text.0[0][column] = "打分".to_owned();
    send(&invented, file, &text.bytes());
    expected.push((file.to_owned(), "unknown-column", 1));
    let file = "procurement/政府采购合同2021.csv";
    let mut bytes = std::fs::read(extracts.join(file)).unwrap();
    let name = "有限公司".as_bytes();
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes.splice(at..at + 2, [0xFF, 0xFE]);
    send(&invented, file, &bytes);
    expected.push((file.to_owned(), "undecodable-text", 0));

    // A file that nobody listed, and one that says otherwise without saying what it replaces.
    std::fs::copy(
        extracts.join("registry").join(first_of(&extracts.join("registry"))),
        extracts.join("copy.csv"),
    )
    .unwrap();
    expected.push(("copy.csv".to_owned(), "delivery-unlisted", 0));
    let file = "service_case/企业开办与诉求明细2024.csv";
    let text = Text::read(&extracts.join(file));
    let row = (1..text.0.len()).find(|row| !touched.contains(&(file.to_owned(), row + 1))).unwrap();
    let mut again = text.0[row].clone();
    let channel = text.0[0].iter().position(|header| header == "受理渠道").unwrap();
    again[channel] = if again[channel] == "综合窗口" { "12345热线" } else { "综合窗口" }.to_owned();
    let later = Text(vec![text.0[0].clone(), again]).bytes();
    std::fs::write(extracts.join("later.csv"), &later).unwrap();
    let list = std::fs::read_to_string(extracts.join("deliveries.toml")).unwrap();
    let entry = format!(
        "\n[[delivery]]\nfile = \"later.csv\"\nsha256 = \"{}\"\ncontracts = [\"service_case\"]\ndepartment = \"zhengwu\"\n\
         period = \"2024\"\nreceived_on = \"2025-05-06\"\npartition = \"p14\"\nvintage = \"2024\"\n",
        model::Digest::of(&later).hex()
    );
    std::fs::write(extracts.join("deliveries.toml"), list + &entry).unwrap();
    expected.push((file.to_owned(), "conflicting-delivery", row + 1));

    let ran = invented.run(&["run", "--quiet", "--json"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", &ran.stdout[..ran.stdout.len().min(3000)], ran.stderr);
    let findings = parquet(&invented.out("findings.parquet"));
    let found: BTreeSet<(String, String, usize)> = findings
        .select(["file", "code", "row"])
        .map(|[file, code, row]| (file.to_owned(), code.to_owned(), row.parse().unwrap()))
        .collect();
    let missed: Vec<_> = expected
        .iter()
        .filter(|(file, code, row)| !found.contains(&(file.clone(), (*code).to_owned(), *row)))
        .map(|(file, code, row)| {
            let near: Vec<_> =
                found.iter().filter(|(of, _, at)| of == file && (at == row || *row == 0)).collect();
            format!("{file}:{row} {code}; found there: {near:?}")
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    let kinds: BTreeSet<&str> = expected.iter().map(|(_, code, _)| *code).collect();
    let sown: BTreeSet<&str> = planted.select(["finding"]).map(|[code]| code).collect();
    let new = kinds.difference(&sown).count();
    assert!(new >= 10, "{new} kinds the generator does not plant: {kinds:?}");
}

fn first_of(folder: &Path) -> String {
    crate::city::files_under(folder).first().unwrap().clone()
}
