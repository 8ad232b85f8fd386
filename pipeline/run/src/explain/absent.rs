//! Why a figure has no value, as far as what was sent tells: which part is not there, and what each contract the figure
//! is made of delivered for its period and its unit. Nothing is guessed: where all was delivered, that is what is said.

use std::collections::BTreeMap;

use model::period::Period;
use model::{Diagnostic, Value};
use query::Lineage;
use schemars::JsonSchema;
use serde::Serialize;

use crate::explain::ask::{quoted, select};
use crate::explain::left_out::made_of;
use crate::explain::tables::Tables;

/// What is known of why there is no value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Absence {
    /// Whether the indicator has no values for units of this kind: `zones = false` in its definition.
    pub by_design: bool,
    /// The parts that are not there: of `numerator`, `denominator` and `value`.
    pub parts: Vec<&'static str>,
    /// What was delivered of the contracts the figure is made of.
    pub supplies: Vec<Supply>,
}

/// What one contract delivered.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Supply {
    /// The contract.
    pub contract: String,
    /// Its title.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// The department that answers for it.
    pub department: String,
    /// Periods in the figure's that were to be delivered and were not.
    pub lacking: Vec<String>,
    /// Periods, of any year, that were delivered before the cut-off.
    pub delivered: Vec<String>,
    /// Rows that stand, of the figure's period.
    pub rows: usize,
    /// Of these, rows that name the unit; absent where rows of the contract name none.
    pub rows_of_unit: Option<usize>,
    /// Columns the figure is made of that are blank in rows of the unit, and in how many: column, header, rows.
    pub blank: Vec<(String, String, usize)>,
}

/// Which of the columns that make a figure are not there.
pub(super) fn parts(has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    ["numerator", "denominator", "value"].into_iter().filter(|part| !has(part)).collect()
}

/// What each contract delivered for a figure.
pub(super) fn supplies(
    tables: &Tables<'_, '_>,
    columns: &Lineage,
    unit: &str,
    period: &str,
) -> Result<Vec<Supply>, Diagnostic> {
    let definitions = tables.context.definitions;
    let told = |table: &str,
                column: &str,
                filter: &str|
     -> Result<BTreeMap<String, Vec<Period>>, Diagnostic> {
        let sql = format!(
            "SELECT DISTINCT contract, {column} AS period FROM {table} WHERE {filter} ORDER BY contract, period"
        );
        let found = select(&tables.engine, sql)?;
        let mut all: BTreeMap<String, Vec<Period>> = BTreeMap::new();
        for row in 0..found.rows.len() {
            let text = |column: &str| found.get(row, column).map(Value::to_text).unwrap_or_default();
            if let Ok(period) = text("period").parse() {
                all.entry(text("contract")).or_default().push(period);
            }
        }
        Ok(all)
    };
    let expected = told("reference.expected", "period", "is_due")?;
    let delivered = told("reference.delivered", "serves", "in_edition")?;
    let Ok(asked) = period.parse::<Period>() else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for contract in made_of(tables, columns) {
        let Some(known) = definitions.contracts.get(&contract) else { continue };
        let of = |all: &BTreeMap<String, Vec<Period>>| all.get(&contract).cloned().unwrap_or_default();
        let delivered = of(&delivered);
        let lacking = of(&expected)
            .into_iter()
            .filter(|due| asked.contains(due) && !delivered.iter().any(|served| served.contains(due)));
        let lacking: Vec<String> = lacking.map(|period| period.to_string()).collect();
        let table = format!("extracts.{contract}");
        let in_period =
            format!("(period = {} OR period LIKE {})", quoted(period), quoted(&format!("{period}-%")));
        let unit_is = known.unit_field().map(|field| format!("\"{}\" = {}", field.name, quoted(unit)));
        let counted = columns.value.get(&table).into_iter().flatten();
        let fields = counted.filter_map(|name| known.field(name)).collect::<Vec<_>>();
        let mut sums = vec!["COUNT(*) AS row_count".to_owned()];
        if let Some(unit_is) = &unit_is {
            sums.push(format!("COUNT(*) FILTER (WHERE {unit_is}) AS rows_of_unit"));
            sums.extend(fields.iter().enumerate().map(|(at, field)| {
                format!("COUNT(*) FILTER (WHERE {unit_is} AND \"{}\" IS NULL) AS blank_{at}", field.name)
            }));
        }
        let found =
            select(&tables.engine, format!("SELECT {} FROM {table} WHERE {in_period}", sums.join(", ")))?;
        let count = |column: &str| match found.get(0, column) {
            Some(Value::Int(count)) => usize::try_from(*count).ok(),
            _ => None,
        };
        let blank = fields.iter().enumerate().filter_map(|(at, field)| {
            let count = count(&format!("blank_{at}")).filter(|count| *count > 0)?;
            Some((field.name.clone(), field.zh.first().cloned().unwrap_or_default(), count))
        });
        all.push(Supply {
            title_zh: known.title_zh.clone(),
            title_en: known.title_en.clone(),
            department: known.department.clone(),
            lacking,
            delivered: delivered.iter().map(ToString::to_string).collect(),
            rows: count("row_count").unwrap_or_default(),
            rows_of_unit: count("rows_of_unit"),
            blank: blank.collect(),
            contract,
        });
    }
    Ok(all)
}
