//! A long table in a text file, read block by block: memory grows with the blocks, not with the file.
//!
//! What comes of it is what comes of reading the file at once. The first block tells where the table stands, the last
//! one where it ends. All blocks are then read at the same time as they are looked at for what concerns the columns as
//! a whole; should the whole say another thing than the first block did, they are read anew. A file in which anything
//! else stands than one plain table is left to [`crate::read`].

mod text;
mod workers;

use std::collections::BTreeSet;

use model::contract::{FieldSource, Orientation};
use model::{Contract, Digest, Field, Finding};

use crate::bind::Wanted;
use crate::decide::Evidence;
use crate::delivery::{Job, Outcome, tell_guesses};
use crate::encoding::Strange;
use crate::grid::{MAX_CELLS, Sheet};
use crate::header::MAX_HEIGHT;
use crate::layout::{self, Table};
use crate::lines::Block;
use crate::lists;
use crate::refused;
use crate::rows::{self, Classified, Ends};
use crate::source::{HandedOut, Long, Partial, Place, StretchRows};
use text::Text;

/// How long tables are read. No result depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretches {
    /// How many blocks are read at once.
    pub threads: usize,
    /// The least length of a block in bytes. Memory grows with it, times the threads.
    pub bytes: usize,
}

impl Default for Stretches {
    fn default() -> Self {
        Self { threads: 1, bytes: 4 << 20 }
    }
}

/// What is handed out of a long table while it is read.
#[derive(Debug)]
pub enum Handed<'a> {
    /// All that was handed out so far is void: the file is read anew.
    Anew,
    /// The next rows.
    Rows {
        /// The contract they are read for.
        contract: &'a str,
        /// The source: the upper half of their origins.
        source: i64,
        /// The rows that were read, as [`crate::schema`] says.
        rows: arrow::record_batch::RecordBatch,
        /// The rows that were refused, as [`crate::rejects_schema`] says.
        rejects: arrow::record_batch::RecordBatch,
        /// Why values are missing, as [`crate::missing_batch`] says.
        missing: arrow::record_batch::RecordBatch,
    },
}

/// Reads one delivery like [`crate::read`]. The rows of a long table in a text are handed out as they come, in their
/// order, and are not part of the outcome; those of other tables are.
///
/// # Errors
/// What `take` gives.
pub fn stream<E>(
    job: &Job<'_>,
    bytes: &[u8],
    stretches: Stretches,
    take: &mut dyn FnMut(Handed<'_>) -> Result<(), E>,
) -> Result<Outcome, E> {
    let mut handed_out = false;
    let mut noting = |handed: Handed<'_>| {
        handed_out = true;
        take(handed)
    };
    match read(job, bytes, stretches, &mut noting) {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Refused(error)) => Err(error),
        Err(Stop::NotPlain) => {
            if handed_out {
                take(Handed::Anew)?;
            }
            Ok(crate::read(job, bytes))
        }
    }
}

/// The blocks of a long text that hold these rows, from 0; `None` for a file that must be opened at once.
pub(crate) fn sheets_with(bytes: &[u8], rows: &BTreeSet<usize>) -> Option<Vec<Sheet>> {
    let text = Text::of(bytes, Stretches::default().bytes)?;
    let holding = text.blocks.iter().filter(|block| rows.range(block.first..block.last).next().is_some());
    // A block shows the rows before it too; only its own count.
    holding
        .map(|block| Some(text.sheet(&Block { lead: (block.start, block.first), ..*block })?.sheet))
        .collect()
}

/// Why a file is not read block by block to its end.
enum Stop<E> {
    /// Something else stands in it than one plain table.
    NotPlain,
    /// What was handed out was not taken.
    Refused(E),
}

/// What came of a block.
struct Read {
    partial: Partial,
    rows: StretchRows,
    evidence: Vec<Evidence>,
    strange: Strange,
    damaged: bool,
    cells: usize,
}

/// What came of the blocks so far.
#[derive(Default)]
struct Sum {
    partial: Partial,
    evidence: Vec<Evidence>,
    strange: Strange,
    damaged: bool,
    cells: usize,
    handed_out: HandedOut,
}

fn read<E>(
    job: &Job<'_>,
    bytes: &[u8],
    stretches: Stretches,
    take: &mut dyn FnMut(Handed<'_>) -> Result<(), E>,
) -> Result<Outcome, Stop<E>> {
    let [contract] = job.contracts else { return Err(Stop::NotPlain) };
    if !is_plain(contract) {
        return Err(Stop::NotPlain);
    }
    let text = Text::of(bytes, stretches.bytes).ok_or(Stop::NotPlain)?;
    let wanted = Wanted::new(contract).resolving(job);
    let (first, rest) = text.blocks.split_first().ok_or(Stop::NotPlain)?;
    let sheet = text.sheet(first).ok_or(Stop::NotPlain)?.sheet;
    let table = only_table(job, &sheet, &wanted, first).ok_or(Stop::NotPlain)?;
    let (blocks, ends, end) = with_end(job, &text, &wanted, &table, rest).ok_or(Stop::NotPlain)?;
    let classified = rows::classify(job, &sheet, &wanted, &table, Some(&ends));
    if !classified.is_plain() || !classified.holds_data() {
        return Err(Stop::NotPlain);
    }
    let table = Table { end, ..table };
    let file = Digest::of(bytes);
    let place = Place { job, file: &file, format: "text", encoding: text.encoding.name(), sheet: &sheet };
    let by_first = Long::new(place, &wanted, &table, &classified, &[]);
    let mut evidence = by_first.evidence(&sheet, &classified);
    loop {
        let long = Long::new(place, &wanted, &table, &classified, &evidence);
        let mut sum = Sum::default();
        let block = |block: &Block| {
            if block.first == first.first {
                return Some(read_first(&long, &text, first, &sheet, &classified));
            }
            read_block(job, &text, &wanted, &table, &long, block, &ends)
        };
        let add = |read: Option<Read>| {
            let read = read.ok_or(Stop::NotPlain)?;
            sum.add(read, contract, &long, take).map_err(Stop::Refused)
        };
        workers::in_order(stretches.threads, &blocks, block, add)?;
        if !sum.strange.reads_as_text() || sum.cells > MAX_CELLS {
            return Err(Stop::NotPlain);
        }
        let known = Long::new(place, &wanted, &table, &classified, &sum.evidence);
        if !known.reads_like(&long) {
            take(Handed::Anew).map_err(Stop::Refused)?;
            evidence = sum.evidence;
            continue;
        }
        let mut outcome = Outcome::default();
        if sum.damaged {
            outcome.findings.push(
                Finding::new("undecodable-text", &job.delivery.file)
                    .with("encoding", text.encoding.name())
                    .with("count", sum.strange.holes.max(1)),
            );
        }
        tell_guesses(job, &sheet, contract, table.found.band, &mut outcome);
        let source = known.finish(sum.partial, sum.handed_out, &mut outcome.findings);
        outcome.sources.push(source);
        outcome.findings.sort();
        return Ok(outcome);
    }
}

/// Whether each row of a table of this contract can be read without the others: the columns are found by their headers
/// and no value depends on other rows.
fn is_plain(contract: &Contract) -> bool {
    let by_itself = |field: &Field| {
        use FieldSource::{Above, Address, AddressZone, Column, Office};
        matches!(field.from, Column | Above | Office | Address | AddressZone)
            && field.position.is_none()
            && !field.zh.iter().any(String::is_empty)
            && !field.constraints.unique
    };
    contract.orientation == Orientation::Rows
        && contract.section.is_none()
        && contract.header_field().is_none()
        && !contract.by_position()
        && contract.field.iter().all(by_itself)
}

/// The one table of the first block, if it is the only one and its header stands well inside.
fn only_table(job: &Job<'_>, sheet: &Sheet, wanted: &Wanted<'_>, first: &Block) -> Option<Table> {
    if !wanted.contract.reads_sheet(&sheet.name) {
        return None;
    }
    let only = std::slice::from_ref(wanted);
    let (chosen, _) = layout::choose(layout::candidates(sheet, only, &BTreeSet::from([0])));
    if chosen.len() != 1 || refused::header(&job.delivery.file, sheet, &chosen, job.contracts).is_some() {
        return None;
    }
    let mut table = layout::deal(sheet, chosen).pop()?;
    table.end = first.last;
    // Else a taller header, or more of what is looked for at the top, might stand in the next block.
    (table.found.band.end() + MAX_HEIGHT.max(refused::TOP) <= first.last).then_some(table)
}

/// The blocks, the last of them long enough to hold the last rows that tell; these, and the row behind the last one.
fn with_end(
    job: &Job<'_>,
    text: &Text<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    rest: &[Block],
) -> Option<(Vec<Block>, Ends, usize)> {
    let (mut last, mut before) = rest.split_last().map(|(last, before)| (*last, before))?;
    loop {
        let sheet = text.sheet(&last)?.sheet;
        let end = sheet.height();
        let ends = rows::ends(job, &sheet, wanted, table, last.first..end);
        if ends.data.is_some() && ends.wide.is_some() {
            let first = text.blocks.first()?;
            let blocks = std::iter::once(first).chain(before).copied().chain([Block { last: end, ..last }]);
            return Some((blocks.collect(), ends, end));
        }
        let (own, others) = before.split_last()?;
        (last, before) = (own.with(last), others);
    }
}

/// Reads the first block, of which it is known what its rows are.
fn read_first(
    long: &Long<'_>,
    text: &Text<'_>,
    block: &Block,
    sheet: &Sheet,
    classified: &Classified,
) -> Read {
    let (strange, damaged) = text.counts(block);
    let evidence = long.evidence(sheet, classified);
    let (partial, rows) = long.read(sheet, classified);
    Read { partial, rows, evidence, strange, damaged, cells: sheet.filled() }
}

/// Reads a further block; `None` if it is not more of the same table.
fn read_block(
    job: &Job<'_>,
    text: &Text<'_>,
    wanted: &Wanted<'_>,
    table: &Table,
    long: &Long<'_>,
    block: &Block,
    ends: &Ends,
) -> Option<Read> {
    let stretch = text.sheet(block)?;
    let sheet = &stretch.sheet;
    let band = table.found.band;
    // A header of the same contract begins another table.
    let headers = layout::candidates(sheet, std::slice::from_ref(wanted), &BTreeSet::from([0]));
    if headers.iter().any(|found| found.binding.complete && !found.band.overlaps(band)) {
        return None;
    }
    let classified = rows::stretch(job, sheet, wanted, table, block.first..block.last, ends)?;
    let evidence = long.evidence(sheet, &classified);
    let (partial, rows) = long.read(sheet, &classified);
    let (strange, damaged, cells) = (stretch.strange, stretch.damaged, sheet.filled());
    Some(Read { partial, rows, evidence, strange, damaged, cells })
}

impl Sum {
    /// Adds the next block and hands out its rows.
    fn add<E>(
        &mut self,
        read: Read,
        contract: &Contract,
        long: &Long<'_>,
        take: &mut dyn FnMut(Handed<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.evidence.resize_with(read.evidence.len(), Evidence::default);
        self.evidence.iter_mut().zip(read.evidence).for_each(|(all, next)| all.add(next));
        self.strange.add(read.strange);
        self.damaged |= read.damaged;
        self.cells += read.cells;
        self.partial.add(read.partial);
        let StretchRows { kept: rows, rejects, missing } = read.rows;
        self.handed_out.rows += rows.num_rows() as u64;
        self.handed_out.rejects += rejects.num_rows() as u64;
        let missing = lists::missing_values(missing.iter());
        take(Handed::Rows { contract: &contract.id, source: long.id(), rows, rejects, missing })
    }
}
