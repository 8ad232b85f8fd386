//! What contracts say of whole rows and of rows of other contracts: rules and foreign keys as queries over the rows
//! that stand, and what they find. They only tell; no row is taken away here.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use model::contract::{ForeignKey, Rule};
use model::{Contract, Diagnostic, Finding, Place, definition, files};
use query::{Query, TableName};

use crate::context::{Context, engine_failure};
use crate::definitions::Definitions;
use crate::execute::Failure;
use crate::parquet_file;
use crate::places::Places;
use crate::store::Output;

/// What a query tests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Relation<'a> {
    Rule(&'a Rule),
    ForeignKey(&'a ForeignKey),
}

/// The queries of all contracts, or of one: what each tests, and its text. A query's file is the contract's, and its
/// lines are those of the contract.
pub(crate) fn queries<'a>(
    definitions: &'a Definitions,
    only: Option<&str>,
) -> Vec<(&'a Contract, Relation<'a>, Query)> {
    let mut queries = Vec::new();
    for (id, contract) in &definitions.contracts {
        if only.is_some_and(|only| only != id) || contract.rule.is_empty() && contract.foreign_key.is_empty()
        {
            continue;
        }
        let relative = format!("{}/{id}.toml", definitions.assessment.folders.contracts);
        let source = files::read_text(&definitions.folder.join(&relative)).unwrap_or_default();
        let file = definitions.shown(&relative);
        let mut add = |name: &str, relation, text| {
            if let Some(name) = TableName::new("relations", &format!("{id}_{name}")) {
                queries.push((contract, relation, Query { name, file: file.clone(), text }));
            }
        };
        for (at, rule) in contract.rule.iter().enumerate() {
            let place = definition::locate(&file, &source, &["rule", &at.to_string(), "condition"]);
            let text = ingest::rule_sql(contract, rule, place.line.unwrap_or(1));
            add(&rule.id, Relation::Rule(rule), text);
        }
        for (at, key) in contract.foreign_key.iter().enumerate() {
            let name = format!("foreign_key_{}", at + 1);
            add(&name, Relation::ForeignKey(key), ingest::foreign_key_sql(contract, key));
        }
    }
    queries
}

/// What is wrong in a condition, at its place in the contract instead of in the SQL made of it.
pub(crate) fn at_home(definitions: &Definitions, mut told: Diagnostic) -> Diagnostic {
    let folder = &definitions.assessment.folders.contracts;
    let file = |id: &String| format!("{folder}/{id}.toml");
    let Some((id, contract)) =
        definitions.contracts.iter().find(|(id, _)| definitions.shown(&file(id)) == told.place.file)
    else {
        return told;
    };
    let Ok(source) = files::read_text(&definitions.folder.join(file(id))) else { return told };
    for (at, rule) in contract.rule.iter().enumerate() {
        let home = definition::locate(&told.place.file, &source, &["rule", &at.to_string(), "condition"]);
        let (Some(line), Some(found)) = (home.line, told.place.line) else { continue };
        // The condition stands in two lines of the SQL, one below the other.
        let made = ingest::rule_sql(contract, rule, line);
        let made = made.lines().nth(found.saturating_sub(1)).unwrap_or_default();
        if (line..line + 2).contains(&found) {
            let start = |text: &str| {
                text.find(rule.condition.as_str())
                    .map(|at| text.get(..at).unwrap_or_default().chars().count())
            };
            let own = home.excerpt.as_deref().unwrap_or_default();
            let column = told.place.column.zip(start(made)).zip(start(own));
            let column = column.and_then(|((column, made), own)| Some(column.checked_sub(made)? + own));
            let inside = column.filter(|column| *column <= own.chars().count());
            told.place = Place { column: inside.or(home.column), length: told.place.length, ..home };
            return told;
        }
    }
    told
}

/// Tests a contract's rules and foreign keys. The table made: `relation` VARCHAR, `_origin` BIGINT (a row that breaks
/// it, or NULL), `tested` BIGINT (how many rows could be tested, in the row without `_origin`).
pub(crate) fn test(context: &mut Context<'_>, id: &str) -> Result<Vec<Output>, Failure> {
    let mut batches = Vec::new();
    let schema = std::sync::Arc::new(Schema::new(vec![
        Field::new("relation", DataType::Utf8, false),
        Field::new("_origin", DataType::Int64, true),
        Field::new("tested", DataType::Int64, true),
    ]));
    for (contract, relation, query) in queries(context.definitions, Some(id)) {
        let mut tables = vec![TableName::new("extracts", &contract.id)];
        if let Relation::ForeignKey(key) = relation {
            tables.push(TableName::new("extracts", &key.reference.contract));
        }
        let engine = context.engine(tables.iter().flatten())?;
        for batch in engine.select(&query).map_err(|diagnostic| *diagnostic)? {
            let names = StringArray::from(vec![query.name.table(); batch.num_rows()]);
            let mut columns: Vec<arrow::array::ArrayRef> = vec![std::sync::Arc::new(names)];
            columns.extend(batch.columns().iter().cloned());
            batches.push(RecordBatch::try_new(schema.clone(), columns).map_err(engine_failure)?);
        }
    }
    let path = format!("relations/{id}.parquet");
    let bytes = parquet_file::to_bytes(context.nature(), &path, &schema, &batches)?;
    Ok(vec![context.store.stage(&path, &bytes)?])
}

/// What the tests found: one finding a row that breaks a rule, and one for each rule that no row could be held
/// against although the contract has rows.
pub(crate) fn findings(context: &Context<'_>, places: &Places) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let found: BTreeMap<String, (&Contract, Relation<'_>)> = queries(context.definitions, None)
        .into_iter()
        .map(|(contract, relation, query)| (query.name.table().to_owned(), (contract, relation)))
        .collect();
    for id in context.definitions.contracts.keys() {
        for path in context.files(&format!("relations.{id}"), "relations/") {
            let batch = parquet_file::read(&path)?;
            let (Some(names), Some(origins), Some(tested)) = (
                batch.column(0).as_string_opt::<i32>(),
                batch.column(1).as_primitive_opt::<Int64Type>(),
                batch.column(2).as_primitive_opt::<Int64Type>(),
            ) else {
                continue;
            };
            for row in 0..batch.num_rows() {
                let Some((contract, relation)) = found.get(names.value(row)) else { continue };
                if origins.is_valid(row) {
                    findings.extend(broken(places, contract, *relation, origins.value(row)));
                } else if tested.is_null(row) || tested.value(row) == 0 {
                    findings.extend(untested(places, contract, *relation));
                }
            }
        }
    }
    Ok(findings)
}

fn broken(places: &Places, contract: &Contract, relation: Relation<'_>, origin: i64) -> Option<Finding> {
    let field = match relation {
        Relation::Rule(_) => None,
        Relation::ForeignKey(key) => key.fields.first(),
    };
    let code = match relation {
        Relation::Rule(_) => "rule-broken",
        Relation::ForeignKey(_) => "foreign-key-missing",
    };
    let finding = places.finding(code, origin, field.map(String::as_str))?.of_contract(&contract.id);
    Some(told(finding, relation))
}

fn untested(places: &Places, contract: &Contract, relation: Relation<'_>) -> Option<Finding> {
    let file = places.file_of(&contract.id)?;
    Some(told(Finding::new("relation-untested", file).of_contract(&contract.id), relation))
}

fn told(finding: Finding, relation: Relation<'_>) -> Finding {
    match relation {
        Relation::Rule(rule) => finding.with("rule_zh", &rule.title_zh).with("rule_en", &rule.title_en),
        Relation::ForeignKey(key) => {
            let fields = key.fields.join(", ");
            let other = format!("{}.{}", key.reference.contract, key.reference.fields.join(", "));
            finding
                .with("rule_zh", format!("{fields} → {other}"))
                .with("rule_en", format!("{fields} → {other}"))
        }
    }
}
