//! The SQL that finds figures a power of ten away from where they should be: 万元 typed in a column of 亿元.
//!
//! It looks at the rows that stand after the rest of pass 2 (see [`crate::state_sql`]) and says of each suspect by how
//! much, and against what. Nothing is repaired: whoever sent it knows the unit. Two tests, both on positive figures:
//!
//! - *Against peers*, the rows of the same period: sorted, they fall apart at one gap, a few on one side. The gap is at
//!   least 5 and at least 4 times as wide as the others are spread, there are at least 5 others and twice as many as
//!   suspects, and the power of ten brings a suspect among the others. Where figures are spread wide by nature, as those
//!   of enterprises, no gap is wide enough and nothing is said.
//! - *Against the last year*, the same key in the same part of the year: 10 and 100 only if most rows of the period
//!   hold steady (within a factor 2); from 316 on always. A figure that comes back to where it was before is no jump.
//!
//! One portable SELECT, windows in total orders only; no logarithms, whose last digits differ between platforms.

use model::contract::Jump;
use model::{Contract, Field, FieldType};

use crate::bind::writable;
use crate::pass2::{quoted, quoted_table};

/// Figures that count pieces jump by themselves while they are small.
const LEAST_COUNT: u32 = 1000;

/// The fields whose figures are tested.
fn tested(contract: &Contract) -> impl Iterator<Item = &Field> {
    let quantity =
        |field: &Field| matches!(field.kind, FieldType::Int | FieldType::Decimal | FieldType::Money);
    contract.field.iter().filter(move |field| {
        quantity(field)
            && writable(field)
            && field.jump != Jump::Ignore
            && !contract.key.contains(&field.name)
    })
}

/// The SELECTs that find suspects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jumps {
    /// How many figures (`count` BIGINT) stand far from their neighbours. Where none does there are no suspects; this is
    /// much cheaper to plan and run.
    pub possible: String,
    /// The suspects.
    pub suspects: String,
}

/// The suspects: `_origin` BIGINT, `field` VARCHAR, `against` VARCHAR (`peers`, `last_year`), `times` BIGINT (10 when ten
/// times too large, -10 when ten times too small), `value`, `least`, `most` DOUBLE (the figure, and between what it was
/// expected), `state` VARCHAR (`rejected`, or `kept` where the contract only wants to be told). `None` where the
/// contract has no figure to test.
///
/// It reads `pass1.<contract>` and what [`crate::state_sql`] returned as `pass1.<contract>_first`.
pub fn jumps_sql(contract: &Contract) -> Option<Jumps> {
    let has_unit = contract.unit_field().is_some();
    let time = contract
        .field
        .iter()
        .find(|field| {
            matches!(field.kind, FieldType::Month | FieldType::Period) && contract.key.contains(&field.name)
        })
        .map_or("period", |field| field.name.as_str());
    let others: Vec<&str> = contract.key.iter().map(String::as_str).filter(|name| *name != time).collect();
    let unit = contract.unit_field().map(|field| field.name.as_str()).filter(|unit| others.contains(unit));
    // Peers differ in the unit, or where there is none in the whole key.
    let mut group = vec![time];
    group.extend(others.iter().filter(|name| unit.is_some_and(|unit| unit != **name)));
    let mut series = others.clone();
    if has_unit {
        group.push("partition");
        series.push("partition");
    }
    let has_series = contract.key.iter().any(|name| name == time) && !others.is_empty();
    // One text each for what peers share and for what a series shares: planning stays cheap however many columns a key has.
    let shared = |names: &[&str]| {
        let parts: Vec<String> = names
            .iter()
            .map(|name| format!("COALESCE(CAST(\"r\".{} AS VARCHAR), '')", quoted(name)))
            .collect();
        parts.join(" || ' | ' || ")
    };
    let at = format!("\"r\".{}", quoted(time));
    let part = format!(
        "CASE WHEN {at} LIKE '%/%' THEN SUBSTR({at}, 5, 4) || SUBSTR({at}, 13) ELSE SUBSTR({at}, 5) END"
    );
    let series = if has_series {
        format!("{} || ' | ' || {part}", shared(&series))
    } else {
        // Each row is a series of its own.
        "CAST(\"r\".\"_origin\" AS VARCHAR)".to_owned()
    };
    let of_field = |field: &Field| {
        format!(
            "SELECT \"r\".\"_origin\", '{name}' AS \"field\", '{state}' AS \"state\", {least} AS \"_least_count\", \
             '{name} | ' || {group} AS \"_group\", '{name} | ' || {series} AS \"_series\", \
             SUBSTR({at}, 1, 4) AS \"_year\", CAST(\"r\".{figure} AS DOUBLE) AS \"_v\"\n  \
             FROM {rows} AS \"r\" INNER JOIN {first} AS \"s\" ON \"r\".\"_origin\" = \"s\".\"_origin\"\n  \
             WHERE \"s\".\"state\" = 'kept' AND \"r\".{figure} > 0{parts}",
            name = field.name.replace('\'', "''"),
            state = if field.jump == Jump::Tell { "kept" } else { "rejected" },
            least = if field.kind == FieldType::Int { LEAST_COUNT } else { 0 },
            group = shared(&group),
            figure = quoted(&field.name),
            rows = quoted_table(&contract.id, ""),
            first = quoted_table(&contract.id, "_first"),
            parts = if has_unit { " AND \"r\".\"_of_which\" IS NULL" } else { "" },
        )
    };
    let figures: Vec<String> = tested(contract).map(of_field).collect();
    let figures = figures.join("\n  UNION ALL\n  ");
    let figures = format!("WITH \"_figures\" AS (\n  {figures}\n),\n{}", sorted());
    tested(contract).next().map(|_| Jumps {
        possible: format!(
            "{figures}\nSELECT COUNT(*) AS \"count\" FROM \"_sorted\" WHERE (\"_v\" >= \"_least_count\" \
             AND (\"_step\" >= 5 OR \"_v\" >= 8 * \"_before\")) OR (\"_before\" >= \"_least_count\" AND \"_before\" >= 8 * \"_v\")"
        ),
        suspects: format!("{figures},\n{}", tests()),
    })
}

/// The state of each row after the suspects are taken out: what [`crate::state_sql`] returned, with `rejected` for
/// suspects that stood. It reads `pass1.<contract>_first` and the suspects as `pass1.<contract>_jumps`.
pub fn settled_sql(contract: &Contract) -> String {
    format!(
        "SELECT \"s\".\"_origin\",\n  CASE WHEN \"j\".\"_origin\" IS NULL THEN \"s\".\"state\" ELSE 'rejected' END AS \"state\",\n  \
         \"s\".\"by_origin\",\n  CASE WHEN \"j\".\"_origin\" IS NULL THEN \"s\".\"finding\" ELSE 'jump' END AS \"finding\"\n\
         FROM {first} AS \"s\" LEFT JOIN (SELECT DISTINCT \"_origin\" FROM {jumps} WHERE \"state\" = 'rejected') AS \"j\" \
         ON \"s\".\"_origin\" = \"j\".\"_origin\"\nORDER BY \"s\".\"_origin\"",
        first = quoted_table(&contract.id, "_first"),
        jumps = quoted_table(&contract.id, "_jumps"),
    )
}

/// Each figure with its step from the next smaller one among its peers, and those of the years before.
fn sorted() -> String {
    let of_series = "OVER (PARTITION BY \"_series\" ORDER BY \"_year\", \"_origin\")";
    let sorted = "OVER (PARTITION BY \"_group\" ORDER BY \"_v\", \"_origin\")";
    format!(
        "\"_sorted\" AS (\n  SELECT *, COALESCE(\"_v\" / LAG(\"_v\") {sorted}, CAST(0 AS DOUBLE)) AS \"_step\", \
         ROW_NUMBER() {sorted} AS \"_at\",\n  LAG(\"_v\") {of_series} AS \"_before\", \
         LAG(\"_v\", 2) {of_series} AS \"_before_that\" FROM \"_figures\"\n)"
    )
}

/// The tests, on the figures of all fields at once, as steps of a WITH and the SELECT that ends it. The power of ten
/// is joined, not worked out: nested CASEs are slow to plan.
fn tests() -> String {
    let all = "OVER (PARTITION BY \"_group\")";
    let within =
        |times: u32, other: &str| format!("(\"_v\" <= {times} * {other} AND {other} <= {times} * \"_v\")");
    let large = |other: &str| format!("(\"_v\" >= \"_least_count\" OR {other} >= \"_least_count\")");
    // The side of the widest gap on which most figures lie.
    let main = "CASE WHEN (\"_at\" >= \"_cut\") = (2 * (\"_cut\" - 1) < \"_n\") THEN \"_v\" END";
    let middle = "SQRT(\"_least\" * \"_most\")";
    let powers: Vec<String> =
        (1..=8).map(|power| format!("({0}, {0} * 0.31623, {0} * 3.1623)", 10_u64.pow(power))).collect();
    format!(
        "\"_parted\" AS (\n  SELECT *, FIRST_VALUE(\"_at\") OVER (PARTITION BY \"_group\" ORDER BY \"_step\" DESC, \"_origin\") AS \"_cut\", \
         MAX(\"_step\") {all} AS \"_gap\", COUNT(*) {all} AS \"_n\",\n  COUNT(\"_before\") {all} AS \"_pairs\", \
         COUNT(CASE WHEN {steady} THEN 1 END) {all} AS \"_steady\" FROM \"_sorted\"\n),\n\
         \"_ranges\" AS (\n  SELECT *, MIN({main}) {all} AS \"_least\", MAX({main}) {all} AS \"_most\", \
         COUNT({main}) {all} AS \"_others\" FROM \"_parted\"\n),\n\
         \"_ratios\" AS (\n  SELECT *, CASE WHEN \"_v\" >= \"_before\" THEN \"_v\" / \"_before\" ELSE \"_before\" / \"_v\" END AS \"_from_before\",\n  \
         CASE WHEN \"_v\" > \"_most\" THEN \"_v\" / {middle} WHEN \"_v\" < \"_least\" THEN {middle} / \"_v\" END AS \"_from_peers\"\n  \
         FROM \"_ranges\"\n),\n\
         \"_far\" AS (\n  SELECT *, CASE WHEN {large_before} AND (\"_before_that\" IS NULL OR NOT {returned}) AND (\"_from_before\" >= 316.23 \
         OR (\"_pairs\" >= 5 AND 4 * \"_steady\" >= 3 * \"_pairs\" AND (\"_from_before\" BETWEEN 8 AND 12.5 OR \"_from_before\" BETWEEN 50 AND 200))) \
         THEN 'last_year' WHEN {large_peers} AND \"_others\" >= 5 AND 3 * (\"_n\" - \"_others\") <= \"_n\" AND \"_gap\" >= 5 \
         AND \"_gap\" * \"_least\" >= 4 * \"_most\" AND \"_from_peers\" IS NOT NULL THEN 'peers' END AS \"against\" FROM \"_ratios\"\n),\n\
         \"_found\" AS (\n  SELECT \"_origin\", \"field\", \"against\", \"state\", \"_v\" AS \"value\", \
         CASE WHEN \"against\" = 'peers' THEN \"_from_peers\" ELSE \"_from_before\" END AS \"_ratio\",\n  \
         CASE WHEN \"against\" = 'peers' THEN \"_least\" ELSE \"_before\" END AS \"least\", \
         CASE WHEN \"against\" = 'peers' THEN \"_most\" ELSE \"_before\" END AS \"most\"\n  \
         FROM \"_far\" WHERE \"against\" IS NOT NULL\n)\n\
         SELECT \"_origin\", \"field\", \"against\", CAST(CASE WHEN \"value\" > \"most\" THEN \"times\" ELSE 0 - \"times\" END AS BIGINT) AS \"times\", \
         \"value\", \"least\", \"most\", \"state\"\n\
         FROM \"_found\" INNER JOIN (VALUES {powers}) AS \"_powers\"(\"times\", \"_from\", \"_to\") ON \"_ratio\" >= \"_from\" AND \"_ratio\" < \"_to\"\n\
         WHERE \"against\" = 'last_year' OR CASE WHEN \"value\" > \"most\" THEN \"value\" / \"times\" ELSE \"value\" * \"times\" END BETWEEN \"least\" / 2 AND \"most\" * 2\n\
         ORDER BY \"_origin\", \"field\"",
        steady = within(2, "\"_before\""),
        large_peers = large("\"_most\""),
        returned = within(3, "\"_before_that\""),
        large_before = large("\"_before\""),
        powers = powers.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(key: &str, more: &str) -> Contract {
        toml::from_str(&format!(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = {key}\n\
             [[field]]\nname = \"unit\"\nzh = [\"地区\"]\ntype = \"unit\"\n\
             [[field]]\nname = \"x\"\nzh = [\"数\"]\ntype = \"money\"\n{more}\n"
        ))
        .unwrap()
    }

    #[test]
    fn every_window_is_in_a_total_order() {
        let sql = jumps_sql(&contract(r#"["unit", "period"]"#, "")).unwrap().suspects;
        let orders: Vec<&str> =
            sql.split("ORDER BY ").skip(1).filter_map(|rest| rest.split([')', '\n']).next()).collect();
        let (last, windows) = orders.split_last().unwrap();
        assert!(
            windows.len() == 5 && windows.iter().all(|order| order.ends_with("\"_origin\"")),
            "{orders:?}"
        );
        assert_eq!(*last, "\"_origin\", \"field\"");
    }

    #[test]
    fn only_what_the_contract_wants_is_tested() {
        assert!(jumps_sql(&contract("[]", "jump = \"ignore\"")).is_none());
        assert!(jumps_sql(&contract(r#"["x"]"#, "")).is_none());
        assert!(
            jumps_sql(&contract("[]", "jump = \"tell\"")).unwrap().suspects.contains("'kept' AS \"state\"")
        );
        // Without the period in the key there is one row a key, and no year before.
        assert!(
            jumps_sql(&contract(r#"["unit"]"#, ""))
                .unwrap()
                .suspects
                .contains("CAST(\"r\".\"_origin\" AS VARCHAR)")
        );
    }
}
