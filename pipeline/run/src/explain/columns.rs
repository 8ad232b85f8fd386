//! The contracts and columns an indicator is made of, through the queries between: what holds for every figure of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use model::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;

use crate::definitions::Definitions;
use crate::explain::answer::Described;
use crate::explain::describe::{described, plain_path};
use crate::explain::follow::Follower;
use crate::explain::tables::Tables;
use crate::explain::{Power, asked};

/// Contracts and columns an indicator is made of, through the queries between.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Columns {
    /// The indicator.
    pub indicator: Described,
    /// The figure is made of these columns.
    pub value: Vec<Of>,
    /// Tables whose rows are counted, whatever stands in them.
    pub rows: Vec<Of>,
    /// Columns that decide which rows take part.
    pub filter: Vec<Of>,
    /// Columns by which rows are added up.
    pub group: Vec<Of>,
    /// The files of the queries between, the first read first.
    pub queries: Vec<String>,
}

/// Columns of a table.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Of {
    /// `extracts.<contract>`, `reference.<table>`, …
    pub table: String,
    /// The contract's title; empty for other tables.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Names of columns, each with the first header the contract gives it (empty where it gives none).
    pub columns: Vec<[String; 2]>,
}

/// The contracts and columns an indicator is made of.
///
/// # Errors
/// What is wrong in the definitions, a name that is not known, a table that has not been made, or an operator in the
/// query that cannot be followed.
pub fn columns(folder: &Path, indicator: &str) -> Result<Columns, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let definitions = Definitions::load(folder)?;
    let (mut context, parsed) = asked::open(&definitions, indicator, Power::default())?;
    let behind = Tables::new(&mut context, &parsed).map_err(one)?;
    let survey = definitions.indicators.get(indicator).is_some_and(|known| known.survey.is_some());
    let found = Follower { parsed: &parsed, survey, chosen: &[] }.all_columns(&behind.engine)?;
    let tables = |by: &BTreeMap<String, BTreeSet<String>>| {
        by.iter().map(|(table, columns)| of(&definitions, table, columns)).collect()
    };
    Ok(Columns {
        value: tables(&found.value),
        filter: tables(&found.filter),
        group: tables(&found.group),
        rows: found.rows.iter().map(|table| of(&definitions, table, [])).collect(),
        queries: behind.between.iter().map(|parsed| plain_path(&parsed.query.file)).collect(),
        indicator: described(&definitions, indicator, &parsed.query),
    })
}

fn of<'c>(definitions: &Definitions, table: &str, columns: impl IntoIterator<Item = &'c String>) -> Of {
    let contract = table.strip_prefix("extracts.").and_then(|id| definitions.contracts.get(id));
    let header = |column: &String| {
        let field = contract.and_then(|contract| contract.field(column));
        field.and_then(|field| field.zh.first()).cloned().unwrap_or_default()
    };
    let title = |of: fn(&model::Contract) -> &String| contract.map(of).cloned().unwrap_or_default();
    Of {
        table: table.to_owned(),
        title_zh: title(|contract| &contract.title_zh),
        title_en: title(|contract| &contract.title_en),
        columns: columns.into_iter().map(|column| [column.clone(), header(column)]).collect(),
    }
}
