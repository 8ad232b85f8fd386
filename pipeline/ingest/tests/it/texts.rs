//! Text files in every encoding and with every delimiter that bureaus use, each as the bytes of a file.

use encoding_rs::GB18030;
use ingest::Outcome;

use crate::common::{accounts, contract, fields, read, row};

const TABLE: &str =
    "附件：名单\r\n\r\n名称,户数\r\n\"甲，\r\n（分店）\",\"1,234\"\r\n\"说\"\"好\"\"\",5\r\n𠮷村,7\r\n";

fn rows(outcome: &Outcome) -> Vec<String> {
    let rows = &outcome.sources[0].rows;
    (0..rows.num_rows()).map(|at| row(rows, at)).collect()
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let mark = |text: &str| format!("\u{feff}{text}");
    for (name, bytes) in [
        ("UTF-8", TABLE.as_bytes().to_vec()),
        ("UTF-8", mark(TABLE).into_bytes()),
        ("gb18030", GB18030.encode(TABLE).0.into_owned()),
        // Without the rare character it is GBK, and GB2312 even.
        ("gb18030", GB18030.encode(&TABLE.replace('𠮷', "吉")).0.into_owned()),
        ("UTF-16LE", wide(TABLE, u16::to_le_bytes)),
        ("UTF-16LE", wide(&mark(TABLE), u16::to_le_bytes)),
        ("UTF-16BE", wide(TABLE, u16::to_be_bytes)),
        ("UTF-16BE", wide(&mark(TABLE), u16::to_be_bytes)),
    ] {
        let outcome = read(&[fields("", &["a string 名称", "b int 户数"])], &bytes);
        let village = if bytes == GB18030.encode(&TABLE.replace('𠮷', "吉")).0.as_ref() {
            "吉村"
        } else {
            "𠮷村"
        };
        assert_eq!(
            rows(&outcome),
            ["甲， （分店）|1234".to_owned(), "说\"好\"|5".into(), format!("{village}|7")]
        );
        assert_eq!(
            (outcome.sources[0].encoding.as_str(), outcome.sources[0].format.as_str()),
            (name, "text")
        );
        // A field over two lines is one row.
        assert_eq!(outcome.sources[0].accounting.sheet_rows, 6);
        assert!(outcome.findings.is_empty(), "{name}");
    }
}

#[test]
fn every_delimiter_is_found() {
    for delimiter in ["\t", ",", ";", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let lines = [
                format!("名称{delimiter}户数{delimiter}备注"),
                format!("甲{delimiter}1{delimiter}\"a, b; c | d\te\""),
                format!("\"乙{delimiter}丙\"{delimiter}2{delimiter}"),
            ];
            let outcome = read(
                &[fields("", &["a string 名称", "b int 户数", "c string 备注"])],
                (lines.join(end) + end).as_bytes(),
            );
            let found = rows(&outcome);
            assert_eq!(found.len(), 2, "{delimiter:?} {end:?}");
            assert!(found[0].starts_with("甲|1|a, b; c"), "{found:?}");
            assert!(found[1].starts_with("乙") && found[1].ends_with("丙|2|NULL"), "{found:?}");
        }
    }
}

#[test]
fn a_row_of_too_few_fields_shows_nobody() {
    let contract = contract(
        "[[field]]\nname = \"a\"\nzh = [\"名称\"]\ntype = \"string\"\nrequired = true\n\
         [[field]]\nname = \"yes\"\nzh = [\"是否\"]\ntype = \"bool\"\n\
         [[field]]\nname = \"count\"\nzh = [\"户数\"]\ntype = \"int\"\n\
         [[field]]\nname = \"person\"\nzh = [\"负责人\"]\ntype = \"string\"\nsensitivity = \"S3\"\n",
    );
    let text =
        "名称,是否,户数,负责人\n甲厂,是,3,欧阳某\n乙厂,欧阳某,4\n丙厂,坏,5,欧阳某\n,欧阳某,6\n丁厂,否\n";
    let outcome = read(std::slice::from_ref(&contract), text.as_bytes());
    let missing = ingest::missing_batch(&outcome.sources.iter().collect::<Vec<_>>());
    let told = format!("{:?} {missing:?} {:?}", outcome.findings, outcome.sources);
    assert!(!told.contains("欧阳"), "{told}");
    // Of a whole row what could not be read is shown.
    assert!(told.contains('坏'), "{told}");
    assert_eq!(accounts(&outcome.sources[0]), "6 = 4 kept, 1 rejected, 1 header");
}
