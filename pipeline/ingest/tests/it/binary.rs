//! Workbooks of binary formats: files written by xlwt and LibreOffice (`fixtures/make-xls.py`), and an xlsb written
//! here record by record, because no free program writes one.

use ingest::Outcome;

use crate::common::{accounts, codes, fields, packed_bytes, read, row};

const COLUMNS: [&str; 5] =
    ["a string 名称", "b int 户数", "share ratio 占比", "growth string 增速", "day date 日期"];

fn rows(outcome: &Outcome) -> Vec<String> {
    let rows = &outcome.sources[0].rows;
    (0..rows.num_rows()).map(|at| row(rows, at)).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn xls_and_ods_tell_what_is_hidden_and_how_shares_are_shown() {
    for name in ["hidden-shares.xls", "hidden-shares-2.xls", "hidden-shares.ods"] {
        let outcome = read(&[fields("", &COLUMNS)], &fixture(name));
        assert_eq!(codes(&outcome), ["hidden-columns", "hidden-rows", "hidden-sheet"], "{name}");
        assert_eq!(accounts(&outcome.sources[0]), "7 = 4 kept, 1 title, 1 header, 1 hidden", "{name}");
        let expected = [
            "甲|3|0.70500000|7%|2024-03-01",
            "乙|5|1.00000000|-0.5%|2024-03-02",
            "丁|9|0.50000000|125%|2024-03-04",
            "戊|11|0.01250000|0%|2024-03-05",
        ];
        assert_eq!(rows(&outcome), expected, "{name}");
        assert!(outcome.sources[0].hidden_known);
    }
}

#[test]
fn xls_dates_follow_the_system_of_the_workbook() {
    let outcome = read(&[fields("", &["a string 名称", "day date 日期"])], &fixture("days-from-1904.xls"));
    assert_eq!(rows(&outcome), ["甲|2024-03-01"]);
    assert!(outcome.findings.is_empty());
}

/// A part of an xlsb workbook.
#[derive(Default)]
struct Records(Vec<u8>);

impl Records {
    fn add(mut self, kind: u16, content: &[&[u8]]) -> Self {
        let content = content.concat();
        let mut number = |mut rest: usize, more: bool| {
            let mut more = more;
            while more || rest > 0x7F {
                self.0.push(u8::try_from(rest & 0x7F).unwrap() | 0x80);
                (rest, more) = (rest >> 7, false);
            }
            self.0.push(u8::try_from(rest).unwrap());
        };
        number(usize::from(kind), kind > 0x7F && kind >> 7 == 0);
        number(content.len(), false);
        self.0.extend(content);
        self
    }

    fn row(self, number: u32, hidden: bool) -> Self {
        self.add(0, &[&whole(number), &whole(0), &[0, 0, 0, if hidden { 0x10 } else { 0 }, 0]])
    }

    fn cell(self, kind: u16, column: u32, style: u32, content: &[u8]) -> Self {
        self.add(kind, &[&whole(column), &whole(style), content])
    }

    fn texts(self, texts: &[&str]) -> Self {
        (0_u32..).zip(texts).fold(self, |part, (column, text)| part.cell(6, column, 0, &wide(text)))
    }
}

fn whole(number: u32) -> [u8; 4] {
    number.to_le_bytes()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = whole(u32::try_from(units.len()).unwrap());
    length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// A workbook of one sheet, with its styles: 1 a date, 2 a share, 3 a share by a built-in format.
fn xlsb(flags: u8, sheet: &Records) -> Vec<u8> {
    let half = u16::to_le_bytes;
    let style = |part: Records, format: u16| part.add(0x2F, &[&half(0), &half(format), &[0; 12]]);
    let styles = Records::default()
        .add(0x116, &[])
        .add(0x267, &[&whole(2)])
        .add(0x2C, &[&half(164), &wide("yyyy\"年\"m\"月\"")])
        .add(0x2C, &[&half(165), &wide("0.00%")])
        .add(0x268, &[])
        .add(0x272, &[&whole(1)])
        .add(0x2F, &[&half(0), &half(14), &[0; 12]])
        .add(0x273, &[])
        .add(0x269, &[&whole(4)]);
    let styles = [0, 164, 165, 9].into_iter().fold(styles, style).add(0x26A, &[]);
    let book = Records::default()
        .add(0x83, &[])
        .add(0x99, &[&[flags, 0, 0, 0], &whole(0), &wide("")])
        .add(0x9C, &[&whole(0), &whole(1), &wide("rId1"), &wide("一季度")])
        .add(0x9C, &[&whole(1), &whole(2), &wide("rId4"), &wide("底稿")])
        .add(0x84, &[]);
    let texts = Records::default()
        .add(0x9F, &[&whole(2), &whole(2)])
        .add(0x13, &[&[0], &wide("名称")])
        .add(0x13, &[&[1], &wide("户数"), &whole(0)]);
    let other = Records::default().add(0x81, &[]).row(0, false).texts(&["名称"]).add(0x82, &[]);
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let related = |id: u8, name: &str, target: &str| {
        format!("<Relationship Id=\"rId{id}\" Type=\"{kind}/{name}\" Target=\"{target}\"/>")
    };
    let relations = [
        related(1, "worksheet", "worksheets/sheet1.bin"),
        related(2, "styles", "styles.bin"),
        related(3, "sharedStrings", "sharedStrings.bin"),
        related(4, "worksheet", "/xl/worksheets/sheet2.bin"),
    ];
    packed_bytes(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", &book.0),
        (
            "xl/_rels/workbook.bin.rels",
            format!("<Relationships>{}</Relationships>", relations.concat()).as_bytes(),
        ),
        ("xl/styles.bin", &styles.0),
        ("xl/sharedStrings.bin", &texts.0),
        ("xl/worksheets/sheet1.bin", &sheet.0),
        ("xl/worksheets/sheet2.bin", &other.0),
    ])
}

fn short(number: i32, hundredfold: bool) -> [u8; 4] {
    (number << 2 | 2 | i32::from(hundredfold)).to_le_bytes()
}

fn begun() -> Records {
    Records::default()
        .add(0x81, &[])
        .add(0x94, &[&[0; 16]])
        .add(0x186, &[])
        .add(0x3C, &[&whole(4), &whole(5), &whole(0), &whole(0), &[1, 0]])
        .add(0x187, &[])
        .add(0x91, &[])
        .row(0, false)
        .cell(7, 0, 0, &whole(0))
        .cell(7, 1, 0, &whole(1))
        .cell(6, 2, 0, &wide("占比"))
        .cell(0x3E, 3, 0, &[&[1][..], &wide("日期"), &whole(0)].concat())
        .cell(6, 4, 0, &wide("内部备注"))
}

#[test]
fn xlsb_is_read_record_by_record() {
    let sheet = begun()
        .row(1, false)
        .cell(6, 0, 0, &wide("甲"))
        .cell(2, 1, 0, &short(3, false))
        .cell(5, 2, 2, &0.705_f64.to_le_bytes())
        .cell(2, 3, 1, &short(45_352, false))
        .cell(6, 4, 0, &wide("x"))
        .row(2, true)
        .texts(&["乙", "9", "9%"])
        .row(4, false)
        .cell(8, 0, 0, &wide("丙"))
        .cell(9, 1, 0, &7_f64.to_le_bytes())
        .cell(2, 2, 3, &short(7, true))
        .cell(9, 3, 1, &45_353_f64.to_le_bytes())
        .row(5, false)
        .cell(11, 1, 0, &[7])
        .cell(2, 2, 0, &0x3FE0_0000_u32.to_le_bytes())
        .cell(1, 3, 0, &[])
        .add(0x92, &[])
        .add(0xB1, &[&whole(1)])
        .add(0xB0, &[&whole(4), &whole(5), &whole(0), &whole(0)])
        .add(0xB2, &[])
        .add(0x82, &[]);
    let columns = ["a string 名称", "b int 户数", "share ratio 占比", "day date 日期"];
    let outcome = read(&[fields("", &columns)], &xlsb(0, &sheet));
    assert_eq!(codes(&outcome), ["hidden-columns", "hidden-rows", "formula-error", "hidden-sheet"]);
    assert_eq!(
        rows(&outcome),
        ["甲|3|0.70500000|2024-03-01", "丙|7|0.07000000|2024-03-02", "丙|NULL|0.50000000|NULL"]
    );
    assert_eq!(accounts(&outcome.sources[0]), "6 = 3 kept, 1 header, 1 blank, 1 hidden");
    assert_eq!(outcome.sources[0].format, "xlsb");
}

#[test]
fn xlsb_counts_days_from_1904_and_is_refused_when_cut_off() {
    let dated = |day: &[u8]| begun().row(1, false).texts(&["甲", "1"]).cell(2, 3, 1, day).add(0x82, &[]);
    let columns = [fields("", &["a string 名称", "day date 日期"])];
    let outcome = read(&columns, &xlsb(1, &dated(&short(43_890, false))));
    assert_eq!(rows(&outcome), ["甲|2024-03-01"]);
    let broken = |sheet: Records| codes(&read(&columns, &xlsb(0, &sheet))).join(" ");
    assert_eq!(broken(dated(&[1, 2])), "file-damaged");
    assert_eq!(broken(begun().cell(7, 0, 0, &whole(9))), "file-damaged");
    assert_eq!(broken(begun().row(1_048_576, false)), "file-too-big");
    let mut sheet = begun();
    sheet.0.extend([6, 0x40]);
    assert_eq!(broken(sheet), "file-damaged");
}
