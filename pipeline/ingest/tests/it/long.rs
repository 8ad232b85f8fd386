//! A text read block by block gives what it gives when it is read at once, whatever stands where blocks end.

use std::convert::Infallible;
use std::fmt::Write as _;

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use encoding_rs::GB18030;
use ingest::{Handed, Outcome, Source, Stretches, missing_batch, rejects_schema, schema};
use model::Contract;

use crate::common;

/// What a delivery comes to: all that is said of it, then rows, rejects and missing values of each source.
type Told = (String, Vec<[RecordBatch; 3]>);

fn contract() -> Contract {
    common::contract(
        "[[field]]\nname = \"a\"\nzh = [\"代码\"]\ntype = \"code\"\nlength = [4]\nrequired = true\n\
         [[field]]\nname = \"name\"\nzh = [\"名称\"]\ntype = \"string\"\n\
         [[field]]\nname = \"unit\"\nzh = [\"县市区\"]\ntype = \"unit\"\n\
         [[field]]\nname = \"day\"\nzh = [\"日期\"]\ntype = \"date\"\n\
         [[field]]\nname = \"due\"\nzh = [\"时限\"]\ntype = \"date\"\ncounted_from = \"day\"\n\
         [[field]]\nname = \"month\"\nzh = [\"月份\"]\ntype = \"month\"\n\
         [[field]]\nname = \"rate\"\nzh = [\"比例\"]\ntype = \"ratio\"\n\
         [[field]]\nname = \"money\"\nzh = [\"金额\"]\ntype = \"money\"\nmeasure_unit = \"万元\"\n\
         constraints = { minimum = 0 }\n\
         [[field]]\nname = \"count\"\nzh = [\"户数\"]\ntype = \"int\"\n\
         [[field]]\nname = \"about\"\ntype = \"string\"\nfrom = \"above\"\nzh = [\"填报说明\"]\n",
    )
}

const HEADER: &str = "代码,名称,县市区,日期,月份,比例,金额,户数,备注,时限\n";

/// Rows of a table with what is wrong with some of them.
fn rows(count: usize) -> String {
    let mut text = String::new();
    for row in 0..count {
        let unit =
            ["鹿城区", "龙湾区", "瓯海", "洞头区", "某某区", "乐清市"][row % 6 - usize::from(row % 30 == 4)];
        let day = ["2024-03-01", "2024/3/5", "3月", "2024-02-30", "-", ""][row * 7 % 6];
        let rate = if row % 11 == 3 { "九成".to_owned() } else { format!("0.{}", row % 97 + 1) };
        let name = match row % 9 {
            1 => "\"分\n两行\"",
            2 => "𠮷村㐂𬒈合作社",
            3 => "\"引\"\"号,逗号\"",
            5 => "13800138000",
            _ => "某某公司",
        };
        let money = ["12.5", "-3", "约8", "1,200.50", "…"][row % 5].replace(',', "");
        let due = ["5个工作日", "2024-03-09", "3天", "", "60个工作日"][row % 5];
        let (month, count) = (row % 9 + 2, row % 50);
        writeln!(text, "{row:04},{name},{unit},{day},2024.{month},{rate},{money},{count},,{due}").unwrap();
    }
    text
}

fn told(outcome: &Outcome, batches: Vec<[RecordBatch; 3]>) -> Told {
    let mut said = format!("{:#?}\n{:#?}\n", outcome.findings, outcome.unread);
    for source in &outcome.sources {
        assert!(source.accounting.closes());
        assert!(source.counted_and_written().iter().all(|(counted, written)| counted == written));
        let Source { id, contract, sheet, table, format, encoding, title, notes, .. } = source;
        let Source { flags, first_row, columns, decisions, accounting, crossings, .. } = source;
        write!(said, "{:?}", (id, contract, sheet, table, format, encoding, title, notes)).unwrap();
        write!(said, "{:#?}", (flags, first_row, columns, decisions, accounting, crossings)).unwrap();
    }
    (said, batches)
}

/// Reads a file at once, and block by block; says whether it was ever handed out as one long table.
fn same(contract: &Contract, bytes: &[u8], sizes: &[usize]) -> bool {
    common::job(std::slice::from_ref(contract), |job| {
        let whole = ingest::read(job, bytes);
        let own = |source: &Source| [source.rows.clone(), source.rejects.clone(), missing_batch(&[source])];
        let whole = told(&whole, whole.sources.iter().map(own).collect());
        let mut long = Vec::new();
        for size in sizes {
            for threads in [1, 3] {
                let mut parts: [Vec<RecordBatch>; 3] = Default::default();
                let stretches = Stretches { threads, bytes: *size };
                let outcome = ingest::stream(job, bytes, stretches, &mut |handed| {
                    match handed {
                        Handed::Anew => parts = Default::default(),
                        Handed::Rows { rows, rejects, missing, .. } => {
                            let next = [rows, rejects, missing];
                            parts.iter_mut().zip(next).for_each(|(all, next)| all.push(next));
                        }
                    }
                    Ok::<_, Infallible>(())
                });
                let Ok(outcome) = outcome;
                let handed_out = outcome.sources.iter().any(|source| source.handed_out.is_some());
                let batches = if handed_out {
                    let schemas = [schema(contract), rejects_schema(), missing_batch(&[]).schema()];
                    let all = |at: usize| concat_batches(&schemas[at], &parts[at]).unwrap();
                    vec![[all(0), all(1), all(2)]]
                } else {
                    assert!(parts.iter().all(Vec::is_empty));
                    outcome.sources.iter().map(own).collect()
                };
                let parts = told(&outcome, batches);
                assert_eq!(parts.0, whole.0, "{size} {threads}");
                assert_eq!(parts.1, whole.1, "{size} {threads}");
                long.push(handed_out);
            }
        }
        long.contains(&true)
    })
}

const SIZES: [usize; 3] = [1_500, 2_047, 5_000];

#[test]
fn blocks_come_to_what_the_whole_does() {
    let above = "全市名单（单位：万元）\n填报说明：快报\n\n";
    let ends = "合计,,,,,,99,7,\n,,,,,,,,\n注：1.数据为快报数。\n续前注\n\n审核人：张三\n\n\n";
    for text in [
        format!("{HEADER}{}", rows(200)),
        format!("{above}{HEADER}{}{ends}", rows(150)),
        format!("{HEADER}{}\n\n,,,\n{}", rows(70), rows(90)),
        format!("{HEADER}合计,,,,,,1,2,\n{}合计,,,,,,3,4,\n{}", rows(70), rows(90)),
        format!("{above}{HEADER}{}9999,x,鹿城区,坏,坏,坏,坏,坏,坏", rows(160)),
        format!("{HEADER}{}{}", rows(100), "备注栏一行\n".repeat(300)),
    ] {
        assert!(same(&contract(), text.as_bytes(), &SIZES), "{text}");
        assert!(same(&contract(), text.replace('\n', "\r\n").as_bytes(), &SIZES));
        assert!(same(&contract(), format!("\u{feff}{text}").as_bytes(), &SIZES));
        assert!(same(&contract(), &GB18030.encode(&text).0, &SIZES));
    }
}

#[test]
fn every_byte_may_end_a_block() {
    let text = format!("{HEADER}{}", rows(40));
    let sizes: Vec<usize> = (900..1_000).collect();
    assert!(same(&contract(), text.as_bytes(), &sizes));
    assert!(same(&contract(), &GB18030.encode(&text).0, &sizes));
}

#[test]
fn what_no_plain_table_is_is_read_at_once() {
    for text in [
        format!("{HEADER}{}{HEADER}{}", rows(100), rows(100)),
        format!("{HEADER}{}表二\n{HEADER}{}", rows(100), rows(30)),
        format!("{HEADER}{}一、乐清市以外\n{}", rows(100), rows(100)),
        format!("{HEADER}{}小计,,,,,,7,8,\n{}", rows(100), rows(100)),
        format!("{HEADER}{}代码,名称\n{}", rows(100), rows(100)),
        format!("{HEADER}{}\0{}", rows(100), rows(100)),
        format!("{}{HEADER}{}", rows(100), rows(100)),
        rows(200),
    ] {
        assert!(!same(&contract(), text.as_bytes(), &SIZES), "{text}");
    }
    let unique =
        "[[field]]\nname = \"a\"\nzh = [\"代码\"]\ntype = \"string\"\nconstraints = { unique = true }\n";
    let text = format!("{HEADER}{}", rows(200));
    assert!(!same(&common::contract(unique), text.as_bytes(), &SIZES));
}

#[test]
fn what_the_whole_says_of_a_column_counts() {
    let late = |last: &str| format!("{HEADER}{}{last}\n", rows(120));
    for last in [
        "9999,某,鹿城区,2024-01-01,2024.1,95.2,1,1,",
        "9999,某,鹿城区,2024-01-01,2024.10,950,1,1,",
        "9999,某,鹿城区,12月,2024.12,1,1,1,",
    ] {
        assert!(same(&contract(), late(last).as_bytes(), &SIZES), "{last}");
        let early = format!("{HEADER}{last}\n{}", rows(120));
        assert!(same(&contract(), early.as_bytes(), &SIZES), "{last}");
    }
}

#[test]
fn damage_is_counted_over_all_blocks() {
    let mut bytes = format!("{HEADER}{}", rows(120)).into_bytes();
    for at in [700, 2_500, 4_100] {
        let end = at + bytes[at..].iter().position(|byte| *byte == b',').unwrap();
        bytes.insert(end, 0xff);
    }
    assert!(same(&contract(), &bytes, &SIZES));
    let open = format!(
        "{HEADER}{}7777,\"某,鹿城区,2024-01-01,2024.3,0.5,1,1,\n{}",
        rows(60),
        rows(60).replace('"', "")
    );
    assert!(same(&contract(), open.as_bytes(), &SIZES));
    let controls = format!("{HEADER}{}", rows(120).replace("某某公司", "某\u{b}某\u{85}"));
    same(&contract(), controls.as_bytes(), &SIZES);
}
