//! The SQL of what a contract says of whole rows and of rows of other contracts: its rules and foreign keys.
//!
//! Only text is made here; who runs it is not our business. Each query reads the rows that stand and returns
//! `_origin` BIGINT and `tested` BIGINT: first one row with the count of rows that could be tested (`_origin` NULL),
//! then one row for each that breaks the rule (`tested` NULL), in the order of `_origin`.

use model::Contract;
use model::contract::{ForeignKey, Rule};

use crate::pass2::quoted;

/// The rows that break a rule. The condition stands in a line of its own: line `line` of the text, so that what is
/// wrong in it is told where it stands in the contract.
pub fn rule_sql(contract: &Contract, rule: &Rule, line: usize) -> String {
    let from = extract(&contract.id);
    let condition = &rule.condition;
    let before = "\n".repeat(line.saturating_sub(1));
    format!(
        "{before}SELECT \"_origin\", CAST(NULL AS BIGINT) AS \"tested\" FROM {from} WHERE NOT ({condition}) \
         UNION ALL\nSELECT CAST(NULL AS BIGINT), COUNT(*) FROM {from} WHERE ({condition}) IS NOT NULL\n\
         ORDER BY \"_origin\" NULLS FIRST"
    )
}

/// The rows whose values stand nowhere in the other contract. Where that has no rows at all, nothing is tested.
pub fn foreign_key_sql(contract: &Contract, key: &ForeignKey) -> String {
    let pairs: Vec<(String, String)> = key
        .fields
        .iter()
        .zip(&key.reference.fields)
        .map(|(own, other)| (quoted(own), quoted(other)))
        .collect();
    let list = |parts: Vec<String>, between: &str| parts.join(between);
    let given = list(pairs.iter().map(|(own, _)| format!("\"r\".{own} IS NOT NULL")).collect(), " AND ");
    let known = list(pairs.iter().map(|(_, other)| other.clone()).collect(), ", ");
    let equal =
        list(pairs.iter().map(|(own, other)| format!("\"r\".{own} = \"k\".{other}")).collect(), " AND ");
    let (from, other) = (extract(&contract.id), extract(&key.reference.contract));
    format!(
        "WITH \"size\" AS (\n  SELECT COUNT(*) AS \"n\" FROM {other}\n), \"known\" AS (\n  \
         SELECT DISTINCT {known}, TRUE AS \"found\" FROM {other}\n)\n\
         SELECT \"r\".\"_origin\", CAST(NULL AS BIGINT) AS \"tested\"\nFROM {from} AS \"r\" LEFT JOIN \"known\" AS \"k\" \
         ON {equal} CROSS JOIN \"size\"\nWHERE \"k\".\"found\" IS NULL AND \"size\".\"n\" > 0 AND {given}\nUNION ALL\n\
         SELECT CAST(NULL AS BIGINT), SUM(CASE WHEN \"size\".\"n\" > 0 AND {given} THEN 1 ELSE 0 END)\n\
         FROM {from} AS \"r\" CROSS JOIN \"size\"\nORDER BY \"_origin\" NULLS FIRST"
    )
}

fn extract(contract: &str) -> String {
    format!("\"extracts\".{}", quoted(contract))
}
