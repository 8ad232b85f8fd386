//! What holds of every sheet: each row is counted once, the order of data rows does not matter, and what stands around a
//! table changes nothing but the accounting. Sheets are drawn with a fixed seed, so that each run tests the same.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ingest::{Job, Outcome};
use model::{Contract, Deliveries, Delivery, Reference};
use proptest::prelude::*;

use crate::common;
use crate::drawn::holds;

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
    Reference::load(&folder, "reference").unwrap()
});

static DELIVERY: LazyLock<Delivery> = LazyLock::new(|| {
    let text = "[[delivery]]\nfile = \"x\"\nsha256 = \"\"\ncontracts = [\"a\"]\ndepartment = \"d\"\n\
                period = \"2024\"\nreceived_on = \"2024-01-01\"\npartition = \"p12\"\nvintage = \"2021\"\n";
    toml::from_str::<Deliveries>(text).unwrap().delivery.remove(0)
});

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    common::fields(
        "ignore = [\"序号\"]",
        &[
            "a string 企业名称",
            "firms int 贷款/户数",
            "money money 贷款/余额",
            "rate ratio 比例",
            "day date 日期",
        ],
    )
});

fn read(bytes: &[u8]) -> Outcome {
    let outcome = ingest::read(
        &Job { delivery: &DELIVERY, number: 1, contracts: &[&CONTRACT], reference: &REFERENCE },
        bytes,
    );
    for source in &outcome.sources {
        common::accounts(source);
    }
    for sheet in &outcome.unread {
        common::account(&sheet.accounting);
    }
    outcome
}

/// Rows of cells, with merged areas as (top, left, bottom, right).
#[derive(Clone, Debug, Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    merges: Vec<(usize, usize, usize, usize)>,
}

impl Grid {
    fn push(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    /// The grid with a blank column in front of another.
    fn with_blank_column(&self, at: usize) -> Self {
        let moved = |column: usize| column + usize::from(column >= at);
        let mut rows = self.rows.clone();
        for row in rows.iter_mut().filter(|row| row.len() > at) {
            row.insert(at, String::new());
        }
        let merges = self.merges.iter().map(|(t, l, b, r)| (*t, moved(*l), *b, moved(*r))).collect();
        Self { rows, merges }
    }

    /// The grid with rows in front of another row; no merged area may lie across.
    fn with_rows(&self, at: usize, more: &[Vec<String>]) -> Self {
        let moved = |row: usize| if row >= at { row + more.len() } else { row };
        let mut rows = self.rows.clone();
        rows.splice(at..at, more.iter().cloned());
        let merges = self.merges.iter().map(|(t, l, b, r)| (moved(*t), *l, moved(*b), *r)).collect();
        Self { rows, merges }
    }

    fn text(&self) -> Vec<u8> {
        self.rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n").into_bytes()
    }

    fn workbook(&self) -> Vec<u8> {
        let name = |row: usize, column: usize| {
            model::finding::cell_name(u32::try_from(row + 1).unwrap(), u32::try_from(column + 1).unwrap())
        };
        let mut xml = String::from("<sheetData>");
        for (at, row) in self.rows.iter().enumerate() {
            write!(xml, "<row r=\"{}\">", at + 1).unwrap();
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let place = name(at, column);
                if cell.parse::<f64>().is_ok_and(|number| number.to_string() == *cell) {
                    write!(xml, "<c r=\"{place}\"><v>{cell}</v></c>").unwrap();
                } else {
                    write!(xml, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>").unwrap();
                }
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData>");
        let mut areas = String::new();
        for (top, left, bottom, right) in &self.merges {
            let (from, to) = (name(*top, *left), name(*bottom, *right));
            write!(areas, "<mergeCell ref=\"{from}:{to}\"/>").unwrap();
        }
        if !areas.is_empty() {
            write!(xml, "<mergeCells>{areas}</mergeCells>").unwrap();
        }
        common::xlsx("", &[("表", "", &xml)])
    }
}

/// What came of a file, without places: the rows of each table, and the findings by code and field.
fn meaning(outcome: &Outcome) -> (Vec<Vec<String>>, Vec<String>) {
    let rows = |source: &ingest::Source| {
        (0..source.rows.num_rows()).map(|row| common::row(&source.rows, row)).collect::<Vec<_>>()
    };
    let mut findings: Vec<String> = outcome
        .findings
        .iter()
        .map(|f| format!("{} {} {}", f.code, f.field, f.params.get("value").cloned().unwrap_or_default()))
        .collect();
    findings.sort();
    (outcome.sources.iter().map(rows).collect(), findings)
}

/// One table as a bureau would send it: where its header and data begin is known.
#[derive(Clone, Debug)]
struct Table {
    grid: Grid,
    header: usize,
    data: std::ops::Range<usize>,
}

/// A table of drawn structure: titles, a header of one to four levels, data, a total, notes.
fn table() -> impl Strategy<Value = Table> {
    let figure = prop_oneof![
        "[1-9][0-9]{0,3}",
        "[1-9],[0-9]{3}",
        Just("—".to_owned()),
        Just(String::new()),
        "[1-9]户"
    ];
    let money = prop_oneof![
        "[1-9][0-9]{0,2}\\.[1-9]",
        "[1-9]万元",
        Just("约3".to_owned()),
        Just("待核实".to_owned())
    ];
    let rate = prop_oneof!["[1-9][0-9]\\.[1-9]%", Just("/".to_owned()), "[1-9]%"];
    let day = prop_oneof![Just("2024/3/1".to_owned()), Just("45352".to_owned()), Just("昨天".to_owned())];
    let row = ("[甲乙丙丁戊己庚辛]{2,4}公司", figure, money, rate, day);
    let titles = prop::collection::vec("[一二三四五]{1,2}季度情况", 0..3);
    let notes = prop::collection::vec("注：[一二三]{1,3}", 0..3);
    (titles, 1_usize..=4, prop::collection::vec(row, 1..9), any::<bool>(), notes).prop_map(
        |(titles, levels, rows, total, notes)| {
            let mut grid = Grid::default();
            for title in &titles {
                grid.push(&[title]);
            }
            let header = grid.rows.len();
            // Levels above the last: groups, merged over their columns; single labels over all levels.
            for level in 0..levels {
                let first = |label: &'static str| if level == 0 { label } else { "" };
                let group = if levels > 1 && level == 0 {
                    ["贷款", ""]
                } else if level + 1 == levels {
                    ["户数", "余额"]
                } else {
                    ["", ""]
                };
                let group = if levels == 1 { ["贷款/户数", "贷款/余额"] } else { group };
                grid.push(&[first("企业名称"), group[0], group[1], first("比例"), first("日期")]);
            }
            let bottom = header + levels - 1;
            if levels > 1 {
                for column in [0, 3, 4] {
                    grid.merges.push((header, column, bottom, column));
                }
                grid.merges.push((header, 1, bottom - 1, 2));
            }
            let start = grid.rows.len();
            for (name, firms, money, rate, day) in &rows {
                grid.push(&[name, firms, money, rate, day]);
            }
            let data = start..grid.rows.len();
            if total {
                grid.push(&["合计", "7", "", "", ""]);
            }
            for note in &notes {
                grid.push(&[note]);
            }
            Table { grid, header, data }
        },
    )
}

/// The forms in which a table can be written; merged headers need a workbook.
fn written(table: &Grid) -> Vec<Vec<u8>> {
    let mut forms = vec![table.workbook()];
    if table.merges.is_empty() {
        forms.push(table.text());
    }
    forms
}

/// The same meaning in each form.
#[track_caller]
fn same(before: &Grid, after: &Grid) {
    for (before, after) in written(before).iter().zip(written(after)) {
        assert_eq!(meaning(&read(before)), meaning(&read(&after)));
    }
}

#[test]
fn tables_are_read_whole() {
    holds(96, &table(), |table| {
        for bytes in written(&table.grid) {
            let outcome = read(&bytes);
            let read: usize = outcome.sources.iter().map(|source| source.rows.num_rows()).sum();
            assert_eq!(
                (outcome.sources.len(), read),
                (1, table.data.len()),
                "{table:?} {:?}",
                outcome.findings
            );
        }
    });
}

#[test]
fn permuting_data_rows_permutes_the_rows_only() {
    holds(64, &(table(), any::<u64>()), |(table, seed)| {
        let mut permuted = table.grid.clone();
        let data = &mut permuted.rows[table.data.clone()];
        for at in (1..data.len()).rev() {
            data.swap(at, usize::try_from(seed >> (at % 50)).unwrap() % (at + 1));
        }
        let (rows, findings) = meaning(&read(&table.grid.workbook()));
        let (other_rows, other_findings) = meaning(&read(&permuted.workbook()));
        let sorted = |rows: Vec<Vec<String>>| {
            let mut all: Vec<String> = rows.into_iter().flatten().collect();
            all.sort();
            all
        };
        assert_eq!(sorted(rows), sorted(other_rows));
        // A finding told once a column stands at its first place, with that cell's value.
        let codes = |findings: Vec<String>| {
            findings.into_iter().map(|f| f.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes(findings), codes(other_findings));
    });
}

#[test]
fn blank_rows_change_nothing_but_the_accounting() {
    holds(64, &(table(), 1_usize..4, any::<prop::sample::Index>()), |(table, count, at)| {
        let blank = vec![vec![String::new()]; count];
        // Above the header, or anywhere below it.
        let places: Vec<usize> = (0..=table.header).chain(table.data.start..=table.grid.rows.len()).collect();
        same(&table.grid, &table.grid.with_rows(places[at.index(places.len())], &blank));
    });
}

#[test]
fn blank_columns_change_nothing_but_the_places() {
    holds(64, &(table(), 0_usize..=5), |(table, at)| {
        same(&table.grid, &table.grid.with_blank_column(at));
    });
}

#[test]
fn title_rows_and_notes_change_nothing_but_the_accounting() {
    holds(
        64,
        &(table(), "[关于某的]{1,6}情况表", "说明：[某的口径]{1,6}"),
        |(table, title, note)| {
            same(&table.grid, &table.grid.with_rows(0, &[vec![title]]));
            same(&table.grid, &table.grid.with_rows(table.grid.rows.len(), &[vec![note]]));
        },
    );
}

#[test]
fn two_tables_on_a_sheet_are_both_read() {
    holds(48, &(table(), table()), |(first, second)| {
        let mut both = first.grid.clone();
        both.rows.push(vec![String::new()]);
        let below = both.rows.len();
        let merges = second.grid.merges.iter().map(|(t, l, b, r)| (t + below, *l, b + below, *r));
        both.merges.extend(merges);
        both.rows.extend(second.grid.rows.iter().cloned());
        let read_both: Vec<Vec<String>> = meaning(&read(&both.workbook())).0;
        let one = |table: &Table| {
            meaning(&read(&table.grid.workbook())).0.into_iter().flatten().collect::<Vec<_>>()
        };
        assert_eq!(read_both, [one(&first), one(&second)], "{both:?}");
    });
}

/// Cells of every kind the reader looks at, thrown together.
fn any_cell() -> impl Strategy<Value = String> {
    let words = [
        "",
        "",
        "",
        "企业名称",
        "贷款",
        "户数",
        "余额",
        "贷款/户数",
        "比例",
        "日期",
        "序号",
        "合计",
        "小计",
        "其中：某",
        "注：无",
        "单位：万元",
        "一、某类",
        "按地区分",
        "北京市（92所）",
        "鹿城区",
        "#DIV/0!",
        "—",
        "约3",
        "3-5",
        "1,234",
        "12%",
        "(5)",
        "△5",
        "2024年3月",
        "13800138000",
        "%",
        "()",
        "（",
        "9.13303E+17",
        "1",
        "-0",
        "\u{3000}",
    ];
    prop_oneof![4 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "[ -~一-三０-９％（）]{0,8}"]
}

#[test]
fn every_row_of_any_sheet_is_counted_once() {
    let grid = (
        prop::collection::vec(prop::collection::vec(any_cell(), 0..8), 0..24),
        prop::collection::vec((0_usize..24, 0_usize..8, 0_usize..4, 0_usize..4), 0..5),
    );
    holds(400, &grid, |(rows, merges)| {
        let plain = |cell: &String| cell.replace(['<', '&', '\t', '\n', '"'], "");
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(plain).collect()).collect();
        let merges: Vec<_> = merges.into_iter().map(|(t, l, h, w)| (t, l, t + h, l + w)).collect();
        let grid = Grid { rows, merges };
        for bytes in [grid.text(), grid.workbook()] {
            let outcome = read(&bytes);
            // Each row of the sheet is in exactly one source, or in none.
            let counted: u64 = outcome.sources.iter().map(|source| source.accounting.sheet_rows).sum::<u64>()
                + outcome.unread.iter().map(|sheet| sheet.accounting.sheet_rows).sum::<u64>();
            assert!(counted <= grid.rows.len() as u64, "{counted} of {grid:?}");
            let filled = grid.rows.iter().rposition(|row| row.iter().any(|cell| !cell.trim().is_empty()));
            let told = outcome.sources.is_empty() && outcome.unread.is_empty();
            assert!(told || counted >= filled.map_or(0, |last| last as u64 + 1), "{counted} of {grid:?}");
        }
    });
}

/// Real files with bytes changed, cut out or cut off: findings, never a panic.
#[test]
fn damaged_files_are_findings() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<Vec<u8>> = [
        "figures.xlsx",
        "figures.xls",
        "three-sheets.ods",
        "three-levels-page.xls",
        "gb18030.csv",
        "utf-16.csv",
        "merged-counties.xls",
    ]
    .iter()
    .map(|name| std::fs::read(folder.join(name)).unwrap())
    .collect();
    files.push(b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>".to_vec());
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12);
    let cut = prop::option::of(any::<prop::sample::Index>());
    holds(300, &(0..files.len(), changes, cut.clone(), cut), |(file, changes, from, to)| {
        let mut bytes = files[file].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match (from, to) {
            (Some(from), Some(to)) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                bytes.drain(from.min(to)..from.max(to));
            }
            (Some(end), None) => bytes.truncate(end.index(bytes.len())),
            _ => {}
        }
        read(&bytes);
    });
    holds(300, &prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        read(&bytes);
    });
}
