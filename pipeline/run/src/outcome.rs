//! What a run came to: what was read and what became of every row, what was found wrong, what was made and where.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::assessment::Nature;
use model::{Diagnostic, RowKind, Severity, Table, Value};

use crate::checks::{self, Checked};
use crate::context::{Context, engine_failure};
use crate::execute::StepOutcome;
use crate::observe::Reason;
use crate::parquet_file;

/// The row accounting of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The delivered file.
    pub file: String,
    /// The sheet; empty for text.
    pub sheet: String,
    /// The contract; empty for rows that belong to no source.
    pub contract: String,
    /// What is counted: rows of the sheet, or the crossings of a wide table.
    pub cells: bool,
    /// Rows of the sheet that belong here, or crossings.
    pub sheet_rows: u64,
    /// By kind.
    pub rows: BTreeMap<RowKind, u64>,
}

/// A finding as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The code in the catalogue.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// The delivered file.
    pub file: String,
    /// The sheet; may be empty.
    pub sheet: String,
    /// The cell, `B7`, or the row; may be empty.
    pub cell: String,
    /// The field; may be empty.
    pub field: String,
    /// Chinese and English sentence.
    pub message: [String; 2],
    /// Chinese and English hint; may be empty.
    pub hint: [String; 2],
}

impl Told {
    /// `file ▸ sheet ▸ cell`, without what is not known.
    pub fn place(&self) -> String {
        let parts = [&self.file, &self.sheet, &self.cell].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ▸ ")
    }

    /// `sheet!B7`, without what is not known.
    pub(crate) fn cell_in_sheet(&self) -> String {
        let parts = [&self.sheet, &self.cell].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("!")
    }
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What the data are.
    pub nature: Option<Nature>,
    /// Every step looked at, in order.
    pub steps: Vec<StepOutcome>,
    /// What went wrong in single steps, besides findings.
    pub diagnostics: Vec<Diagnostic>,
    /// What stopped nothing but should be seen.
    pub warnings: Vec<Diagnostic>,
    /// Row accounting by source.
    pub accounts: Vec<Account>,
    /// Findings, the worst first.
    pub findings: Vec<Told>,
    /// What each check found, the most serious first; empty where checks were not looked at.
    pub checks: Vec<Checked>,
    /// Reports that stand, with whether this run made them.
    pub reports: Vec<(PathBuf, bool)>,
    /// Steps that could not be made; what they made last time still stands if `true`.
    pub stale: Vec<(String, bool)>,
    /// The assessment's thresholds of findings or rejected rows are passed.
    pub over_threshold: bool,
}

impl Outcome {
    /// Whether anything ran.
    pub fn anything_ran(&self) -> bool {
        self.steps.iter().any(|step| step.reason.runs())
    }

    /// Whether the command ends well.
    pub fn is_good(&self) -> bool {
        self.diagnostics.is_empty() && !self.over_threshold && self.stale.is_empty()
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|told| told.severity == severity).count()
    }
}

pub(crate) fn gather(
    context: &Context<'_>,
    steps: Vec<StepOutcome>,
    diagnostics: Vec<Diagnostic>,
    dry_run: bool,
) -> Result<Outcome, Diagnostic> {
    let nature = Some(context.nature());
    let mut outcome =
        Outcome { nature, diagnostics, warnings: context.warnings.clone(), ..Outcome::default() };
    for step in steps.iter().filter(|step| step.failed || matches!(step.reason, Reason::Blocked(_))) {
        let stands = context.state.steps.get(&step.name).is_some_and(|done| !done.outputs.is_empty());
        outcome.stale.push((step.name.clone(), stands));
    }
    if let Some(table) = table(context, "accounting")? {
        outcome.accounts = accounts(&table);
    }
    if let Some(table) = table(context, "findings")? {
        outcome.findings = findings(&table);
    }
    for step in &steps {
        let made = step.reason.runs() && !step.failed && !dry_run;
        let done = context.state.steps.get(&step.name).filter(|_| step.stage == crate::Stage::Report);
        for output in done.into_iter().flat_map(|done| &done.outputs) {
            if output.path.ends_with(".pdf") {
                outcome.reports.push((context.definitions.out().join(&output.path), made));
            }
        }
    }
    if steps.iter().any(|step| step.stage == crate::Stage::Assess) {
        outcome.checks = checks::gather(context)?;
    }
    let thresholds = &context.definitions.assessment.thresholds;
    let of_checks = outcome.checks.iter().filter(|check| check.severity == Severity::Error);
    let violations: usize = of_checks.map(|check| check.count).sum();
    let errors = (outcome.count(Severity::Error) + violations) as u64;
    let rows = outcome.accounts.iter().filter(|account| !account.cells);
    let rejected: u64 = rows.filter_map(|account| account.rows.get(&RowKind::Rejected)).sum();
    outcome.over_threshold =
        errors > thresholds.error_findings || thresholds.rejected_rows.is_some_and(|borne| rejected > borne);
    outcome.steps = steps;
    Ok(outcome)
}

fn table(context: &Context<'_>, name: &str) -> Result<Option<Table>, Diagnostic> {
    let path = context.store.path(&format!("{name}.parquet"));
    if !path.exists() {
        return Ok(None);
    }
    query::to_table(&[parquet_file::read(&path)?]).map(Some).map_err(engine_failure)
}

fn text(table: &Table, row: usize, column: &str) -> String {
    table.get(row, column).map(Value::to_text).unwrap_or_default()
}

fn accounts(table: &Table) -> Vec<Account> {
    let mut accounts: Vec<(String, Account)> = Vec::new();
    for row in 0..table.rows.len() {
        let key = ["source", "file", "sheet", "counted"].map(|column| text(table, row, column)).join("\n");
        if accounts.last().is_none_or(|(last, _)| *last != key) {
            let account = Account {
                file: text(table, row, "file"),
                sheet: text(table, row, "sheet"),
                contract: text(table, row, "contract"),
                cells: text(table, row, "counted") == crate::accounting::CELLS,
                sheet_rows: text(table, row, "sheet_rows").parse().unwrap_or_default(),
                rows: BTreeMap::new(),
            };
            accounts.push((key, account));
        }
        let kind = RowKind::from_name(&text(table, row, "kind"));
        if let (Some((_, account)), Some(kind)) = (accounts.last_mut(), kind) {
            account.rows.insert(kind, text(table, row, "rows").parse().unwrap_or_default());
        }
    }
    accounts.into_iter().map(|(_, account)| account).collect()
}

fn findings(table: &Table) -> Vec<Told> {
    let mut told: Vec<Told> = (0..table.rows.len())
        .map(|row| {
            let text = |column: &str| text(table, row, column);
            Told {
                code: text("code"),
                severity: Severity::from_name(&text("severity")).unwrap_or(Severity::Error),
                file: text("file"),
                sheet: text("sheet"),
                cell: text("cell"),
                field: text("field"),
                message: [text("message_zh"), text("message_en")],
                hint: [text("hint_zh"), text("hint_en")],
            }
        })
        .collect();
    told.sort_by_key(|told| std::cmp::Reverse(told.severity));
    told
}
