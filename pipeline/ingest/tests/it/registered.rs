//! A list of 42,782 real enterprises, registered before all had credit codes: each code is of one class, and each row of
//! the city has the county of its registering office. How many there are of each was counted by another program.
//!
//! The file stands beside the project and is not part of it; without it the test says so. No value of it stands here.

use std::collections::BTreeMap;

use arrow::array::{Array as _, StringArray};
use arrow::record_batch::RecordBatch;

use crate::common::{accounts, contract, read_of};
use crate::messy::file;

const CONTRACT: &str = r#"
[[field]]
name = "a"
zh = ["企业名称"]
type = "string"
required = true
[[field]]
name = "uscc"
zh = ["注册号/统一社会信用代码"]
type = "uscc"
registration_number = "reg_no"
[[field]]
name = "reg_no"
zh = ["注册号"]
type = "code"
length = [13, 15]
[[field]]
name = "reg_authority"
zh = ["登记机关"]
type = "string"
[[field]]
name = "local_office"
zh = ["管辖单位"]
type = "string"
[[field]]
name = "office_unit"
type = "string"
from = "office"
of = ["reg_authority"]
[[field]]
name = "local_unit"
type = "string"
from = "office"
of = ["local_office"]
"#;

fn column<'a>(rows: &'a RecordBatch, name: &str) -> Vec<Option<&'a str>> {
    let column = rows.column_by_name(name).unwrap();
    column.as_any().downcast_ref::<StringArray>().unwrap().iter().collect()
}

/// How often each comes, most first.
fn counted<T: Ord + std::fmt::Display>(all: impl IntoIterator<Item = T>) -> String {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    for each in all {
        *counts.entry(each).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.iter().map(|(each, count)| format!("{count} {each}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn codes_and_counties_of_a_real_list() {
    let Some(bytes) = file("09") else { return };
    let outcome = read_of(&[contract(CONTRACT)], &bytes, "p11", "2017");
    let source = &outcome.sources[0];
    assert_eq!(accounts(source), "42783 = 42782 kept, 1 header");

    let (codes, numbers) = (column(&source.rows, "uscc"), column(&source.rows, "reg_no"));
    let lengths = |values: &[Option<&str>]| counted(values.iter().flatten().map(|code| code.chars().count()));
    assert_eq!(lengths(&codes), "37417 18");
    assert_eq!(lengths(&numbers), "5225 15, 128 13, 3 14");
    assert!(codes.iter().zip(&numbers).all(|(code, number)| code.is_none() || number.is_none()));
    // What is neither: seven numbers of fifteen digits and two codes of eighteen characters fail their check; no code
    // has passed through floating point.
    assert_eq!(
        counted(source.missing.iter().map(|missing| missing.reason)),
        "5356 registration_number, 9 unreadable"
    );
    let unreadable = source.missing.iter().filter(|missing| missing.reason == "unreadable");
    assert_eq!(counted(unreadable.map(|missing| missing.raw.chars().count())), "7 15, 2 18");
    let told = outcome.findings.iter().map(|finding| finding.code);
    assert_eq!(counted(told), "9 code-invalid, 1 code-length, 1 registration-number");

    let (offices, local) = (column(&source.rows, "office_unit"), column(&source.rows, "local_unit"));
    assert_eq!(
        counted(offices.iter().flatten()),
        "875 yueqing, 733 ruian, 647 cangnan_with_longgang, 548 lucheng, 480 ouhai, 450 yongjia, 366 longwan, \
         345 pingyang, 232 wenzhou, 188 zhenan, 83 taishun, 68 wencheng, 50 dongtou, 11 oujiangkou"
    );
    // Of the city's own, a few local offices have the name of a county's.
    let own = offices.iter().zip(&local).filter(|(office, _)| **office == Some("wenzhou"));
    assert_eq!(
        counted(own.map(|(_, local)| local.unwrap_or("none"))),
        "223 none, 4 longwan, 2 ouhai, 1 cangnan_with_longgang, 1 lucheng, 1 yueqing"
    );
    // No enterprise of another city is taken for one of this: those that have no unit have no office of the city.
    let authorities = column(&source.rows, "reg_authority");
    let foreign = authorities.iter().zip(&offices).filter(|(_, unit)| unit.is_none());
    assert!(foreign.into_iter().all(|(office, _)| !office.unwrap().contains("温州")));
}
