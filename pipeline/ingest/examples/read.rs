//! Reads one file as a delivery and prints what came of it, the seconds it took and the most memory it held.
//!
//! `read FILE` opens only; `read FILE CONTRACT.toml` reads the tables of a contract; `read FILE COLUMNS` reads as many
//! columns as text by position. `read FILE CONTRACT.toml THREADS OUT [REFERENCE]` reads a long table block by block and
//! writes its rows to Parquet files beginning with `OUT`. Made to be measured beside other readers: see
//! `benches/README.md`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool reads its file, looks at the clock and prints; nothing of it is part of a result"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use ingest::Handed;
use model::{Contract, Deliveries, Reference};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: read FILE [CONTRACT.toml | COLUMNS]")?;
    let contract = arguments.next().map(|text| contract(&text)).transpose()?;
    let mut deliveries: Deliveries = toml::from_str(
        "[[delivery]]\nfile = \"measured\"\nsha256 = \"\"\ncontracts = []\ndepartment = \"d\"\nperiod = \"2024\"\n\
         received_on = \"2024-01-01\"\npartition = \"p12\"\nvintage = \"2021\"\n",
    )?;
    let delivery = deliveries.delivery.pop().ok_or("no delivery")?;
    let threads = arguments.next().map(|text| text.parse::<usize>()).transpose()?;
    let out = arguments.next().unwrap_or_default();
    let folder = arguments.next().map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference"),
        std::path::PathBuf::from,
    );
    let reference = Reference::load(&folder, "reference").map_err(|errors| format!("{errors:?}"))?;
    let contracts: Vec<&Contract> = contract.iter().collect();
    let job = ingest::Job { delivery: &delivery, number: 1, contracts: &contracts, reference: &reference };
    let before = Instant::now();
    let bytes = std::fs::read(file)?;
    let outcome = match threads {
        Some(threads) => stream(&job, &bytes, threads, &out)?,
        None => ingest::read(&job, &bytes),
    };
    let seconds = before.elapsed().as_secs_f64();
    let kept = outcome.sources.iter().map(|source| {
        source.handed_out.map_or(0, |handed_out| handed_out.rows) + source.rows.num_rows() as u64
    });
    let kept: u64 = kept.sum();
    let sheets = outcome.sources.iter().map(|source| &source.accounting);
    let sheets = sheets.chain(outcome.unread.iter().map(|sheet| &sheet.accounting));
    let rows: u64 = sheets.map(|accounting| accounting.sheet_rows).sum();
    let codes: std::collections::BTreeSet<&str> =
        outcome.findings.iter().map(|finding| finding.code).collect();
    println!("rows {rows} kept {kept} seconds {seconds:.3} peak_kb {}", peak());
    println!("findings {}: {}", outcome.findings.len(), codes.into_iter().collect::<Vec<_>>().join(" "));
    Ok(())
}

/// Reads a delivery and writes what a long table hands out.
fn stream(
    job: &ingest::Job<'_>,
    bytes: &[u8],
    threads: usize,
    out: &str,
) -> Result<ingest::Outcome, Failure> {
    let mut writers: BTreeMap<&str, ArrowWriter<File>> = BTreeMap::new();
    let stretches = ingest::Stretches { threads, ..ingest::Stretches::default() };
    let outcome = ingest::stream(job, bytes, stretches, &mut |handed| {
        let Handed::Rows { rows, rejects, missing, .. } = handed else {
            writers.clear();
            return Ok(());
        };
        for (name, batch) in [("rows", rows), ("rejects", rejects), ("missing", missing)] {
            if !writers.contains_key(name) {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
                    .set_max_row_group_row_count(Some(128 * 1024));
                let file = File::create(format!("{out}{name}.parquet"))?;
                writers.insert(name, ArrowWriter::try_new(file, batch.schema(), Some(properties.build()))?);
            }
            if let Some(writer) = writers.get_mut(name) {
                writer.write(&batch)?;
            }
        }
        Ok::<(), Failure>(())
    })?;
    for (_, writer) in writers {
        writer.close()?;
    }
    Ok(outcome)
}

/// A contract from its file; a number stands for one that reads so many columns as text by position.
fn contract(text: &str) -> Result<Contract, Failure> {
    let Ok(columns) = text.parse::<usize>() else {
        return Ok(toml::from_str(&std::fs::read_to_string(text)?)?);
    };
    let mut contract = "id = \"measured\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"c1\"]\n\
                        header_rows = 0\n"
        .to_owned();
    for column in 1..=columns {
        write!(contract, "[[field]]\nname = \"c{column}\"\ntype = \"string\"\nposition = {column}\n")?;
    }
    Ok(toml::from_str(&contract)?)
}

/// The most memory the process held so far, in KB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
