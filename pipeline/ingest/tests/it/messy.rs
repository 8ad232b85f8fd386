//! Messy files made by others, read under contracts written for them: the rows that come out are those the list of the
//! files counts. The folder stands beside the project and is not part of it; without it these tests say so.

use ingest::Outcome;
use model::{Contract, RowKind};

use crate::beside;
use crate::common::{accounts, codes, fields, read, row};

/// What is not at hand and so not checked by the tests of files of others. The settings of the test runner show what
/// this test says even though it passes.
#[test]
fn the_files_of_others_are_at_hand() {
    for name in ["messy", "wenzhou/as-published"] {
        let folder = beside::folder(name);
        if !folder.is_dir() {
            beside::not_checked(&folder);
        }
    }
}

/// The file whose name begins with this number; `None`, loudly, where the folder is not at hand.
pub(crate) fn file(number: &str) -> Option<Vec<u8>> {
    let beside = beside::folder("messy");
    let Ok(listed) = std::fs::read_dir(&beside) else {
        beside::not_checked(&beside.join(number));
        return None;
    };
    let start = format!("{number}-");
    let mut found = listed
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&start));
    Some(std::fs::read(found.next().unwrap().path()).unwrap())
}

/// What became of the rows of each source.
fn all_accounts(outcome: &Outcome) -> Vec<String> {
    outcome.sources.iter().map(accounts).collect()
}

fn kept(outcome: &Outcome) -> Vec<u64> {
    outcome.sources.iter().map(|source| source.accounting.count(RowKind::Kept)).collect()
}

fn read_one(number: &str, contract: Contract) -> Option<Outcome> {
    Some(read(&[contract], &file(number)?))
}

#[test]
fn list_with_sections_01() {
    let columns = [
        "number int 序号",
        "a string 学校名称",
        "code string 学校标识码",
        "owner string 主管部门",
        "place string 所在地",
        "level string 办学层次",
        "note string 备注",
        "province string section",
    ];
    let Some(outcome) = read_one("01", fields("", &columns)) else { return };
    assert_eq!(all_accounts(&outcome), ["2953 = 2919 kept, 2 title, 1 header, 31 section"]);
    let rows = &outcome.sources[0].rows;
    assert_eq!(row(rows, 0), "1|北京大学|4111010001|教育部|北京市|本科|NULL|北京市");
    assert!(row(rows, 2918).ends_with("|新疆维吾尔自治区"));
    assert!(outcome.findings.is_empty() && outcome.sources[0].hidden_known);
}

#[test]
fn four_header_rows_07() {
    let columns = [
        "a string 指标/地区/频度/单位",
        "gdp decimal GDP_累计/全国/季/亿元",
        "output decimal 原油产量_当期/全国/月/万吨",
    ];
    let series = fields("sheet = \"Sheet1\"", &columns);
    let list =
        fields("sheet = \"*2\"", &["a string 指标名称", "code string 地区编码", "unit_text string 单位"]);
    let Some(bytes) = file("07") else { return };
    let outcome = read(&[series, list], &bytes);
    assert_eq!(all_accounts(&outcome), ["28 = 24 kept, 4 header", "27 = 26 kept, 1 header"]);
    assert_eq!(row(&outcome.sources[0].rows, 1), "2018-06|425997.900000|1584.600000");
    assert_eq!(row(&outcome.sources[1].rows, 0), "工业增加值_累计同比实际增速|000000|%");
}

#[test]
fn many_rows_09() {
    let columns = [
        "a string 企业名称",
        "code string 注册号/统一社会信用代码",
        "registry string 登记机关",
        "office string 管辖单位",
    ];
    let start = std::time::Instant::now();
    let Some(outcome) = read_one("09", fields("", &columns)) else { return };
    eprintln!("read in {:?}", start.elapsed());
    assert_eq!(all_accounts(&outcome), ["42783 = 42782 kept, 1 header"]);
}

#[test]
fn xml_text_10() {
    let columns = [
        "a string 企业名称",
        "code string 注册号/统一社会信用代码",
        "registry string RegOrgName",
        "office string 管辖单位",
    ];
    let Some(outcome) = read_one("10", fields("", &columns)) else { return };
    assert_eq!(outcome.sources[0].format, "spreadsheetml");
    assert_eq!(all_accounts(&outcome), ["479 = 478 kept, 1 header"]);
    assert!(codes(&outcome).is_empty(), "{:?}", outcome.findings);
}

#[test]
fn three_sheets_11() {
    let first = ["a string 孵化器名称", "city string 所在地市", "year int 国家级批准年份"];
    let second = ["a string 众创空间名称", "city string 所在地市", "batch string 备注"];
    let third = ["a string 大学科技园名称", "city string 所在地市", "year int 国家大学科技园批准年份"];
    let Some(bytes) = file("11") else { return };
    let contracts = [fields("", &first), fields("", &second), fields("", &third)];
    let outcome = read(&contracts, &bytes);
    assert_eq!(
        all_accounts(&outcome),
        [
            "61 = 59 kept, 1 title, 1 header",
            "82 = 80 kept, 1 title, 1 header",
            "8 = 6 kept, 1 title, 1 header"
        ]
    );
}

#[test]
fn legend_in_header_12() {
    let header = "type（1=信息产业、2=环保产业、3=旅游产业、4=金融产业、5=健康产业、6=时尚产业、7=高端制造业、8=文化产业";
    let kind = format!("kind int {header}");
    let Some(outcome) = read_one("12", fields("", &["a string 行业代码", "name string 行业内容", &kind]))
    else {
        return;
    };
    assert_eq!(all_accounts(&outcome), ["516 = 515 kept, 1 header"]);
    assert_eq!(row(&outcome.sources[0].rows, 0), "3911|计算机整机制造|1");
}

#[test]
fn export_of_a_query_13() {
    let columns = ["a string DEPT_CODE", "name string DEPT_NAME", "id string ROWID"];
    let Some(outcome) = read_one("13", fields("", &columns)) else { return };
    assert_eq!(all_accounts(&outcome), ["60 = 59 kept, 1 header"]);
}

#[test]
fn merged_plots_and_formulas_14() {
    let plots = ["a string 种植地块", "crop int 作物编号", "area decimal 种植面积/亩"];
    let costs =
        ["a int 序号", "crop int 作物编号", "cost decimal 种植成本/(元/亩)", "price string 销售单价/(元/斤)"];
    let Some(bytes) = file("14") else { return };
    let outcome = read(&[fields("", &plots), fields("", &costs)], &bytes);
    assert_eq!(
        all_accounts(&outcome),
        ["88 = 87 kept, 1 header", "111 = 107 kept, 1 header, 2 note, 1 blank", "108 = 107 kept, 1 header"]
    );
}

#[test]
fn spaces_in_headers_15() {
    let columns = [
        "a string A股代码",
        "name string A股简称",
        "shares int A股总股本",
        "b_name string B股简称",
        "region string 地区",
    ];
    let Some(outcome) = read_one("15", fields("", &columns)) else { return };
    assert_eq!(all_accounts(&outcome), ["2876 = 2875 kept, 1 header"]);
    assert_eq!(row(&outcome.sources[0].rows, 1), "000002|万 科Ａ|9724196533|NULL|华南");
}

#[test]
fn no_header_16() {
    let start = std::time::Instant::now();
    let Some(outcome) = read_one("16", fields("", &["a string @1", "name string @2"])) else { return };
    eprintln!("read in {:?}", start.elapsed());
    assert_eq!(all_accounts(&outcome), ["141591 = 141591 kept"]);
    assert_eq!(row(&outcome.sources[0].rows, 0).split('|').next(), Some("402557500508"));
    assert!(codes(&outcome).contains(&"header-by-position"));
}

#[test]
fn quoted_note_17() {
    let columns = ["a string 地区", "last decimal 2020年3月", "first decimal 2020年1月"];
    let Some(outcome) = read_one("17", fields("", &columns)) else { return };
    assert_eq!(all_accounts(&outcome), ["37 = 31 kept, 3 title, 1 header, 2 note"]);
    assert_eq!(row(&outcome.sources[0].rows, 0), "北京市|NULL|104.500000");
}

#[test]
fn texts_18_19_20() {
    let streets =
        ["a string code", "name string name", "area string areaCode", "province string provinceCode"];
    let Some(outcome) = read_one("18", fields("", &streets)) else { return };
    assert_eq!(all_accounts(&outcome), ["41353 = 41352 kept, 1 header"]);
    let Some(outcome) = read_one("19", fields("", &["a string Code", "name string Name"])) else { return };
    assert_eq!(all_accounts(&outcome), ["3220 = 3219 kept, 1 header"]);
    let Some(outcome) = read_one("20", fields("", &["a string comp_type", "name string comp_type_name"]))
    else {
        return;
    };
    assert_eq!(all_accounts(&outcome), ["284 = 283 kept, 1 header"]);
    assert!(row(&outcome.sources[0].rows, 0).starts_with("0160|"));
}

#[test]
fn empty_template_21() {
    let columns = [
        "number int 序号",
        "a string 债权人",
        "principal money 主债权数额",
        "interest string 保证担保的范围/利息",
    ];
    let Some(outcome) = read_one("21", fields("", &columns)) else { return };
    assert_eq!(kept(&outcome), [0]);
    assert_eq!(all_accounts(&outcome), ["1004 = 2 title, 2 header, 1000 blank"]);
}
