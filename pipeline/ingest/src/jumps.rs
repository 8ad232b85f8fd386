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

/// The suspects: `_origin` BIGINT, `field` VARCHAR, `against` VARCHAR (`peers`, `last_year`), `times` BIGINT (10 when ten
/// times too large, -10 when ten times too small), `value`, `least`, `most` DOUBLE (the figure, and between what it was
/// expected), `state` VARCHAR (`rejected`, or `kept` where the contract only wants to be told). `None` where the
/// contract has no figure to test.
///
/// It reads `pass1.<contract>` and what [`crate::state_sql`] returned as `pass1.<contract>_first`.
pub fn jumps_sql(contract: &Contract) -> Option<String> {
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
    let list = |names: &[&str]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let (group, series) = (list(&group), list(&series));
    let standing = format!(
        "FROM {rows} AS \"r\" INNER JOIN {first} AS \"s\" ON \"r\".\"_origin\" = \"s\".\"_origin\" \
         WHERE \"s\".\"state\" = 'kept'{parts}",
        rows = quoted_table(&contract.id, ""),
        first = quoted_table(&contract.id, "_first"),
        parts = if has_unit { " AND \"r\".\"_of_which\" IS NULL" } else { "" },
    );
    let mut kept: Vec<&str> = vec![time];
    kept.extend(others);
    kept.extend(has_unit.then_some("partition"));
    let columns: Vec<String> = kept.iter().map(|name| format!("\"r\".{}", quoted(name))).collect();
    let of_field = |field: &Field| {
        format!(
            "SELECT \"r\".\"_origin\", {columns}, '{name}' AS \"_field\", '{state}' AS \"_state\", {least} AS \"_least_count\", \
             CAST(\"r\".{figure} AS DOUBLE) AS \"_v\" {standing} AND \"r\".{figure} > 0",
            columns = columns.join(", "),
            name = field.name.replace('\'', "''"),
            state = if field.jump == Jump::Tell { "kept" } else { "rejected" },
            least = if field.kind == FieldType::Int { LEAST_COUNT } else { 0 },
            figure = quoted(&field.name),
        )
    };
    let figures: Vec<String> = tested(contract).map(of_field).collect();
    let tests = tests(&quoted(time), &group, has_series.then_some(series.as_str()));
    let figures = figures.join("\n  UNION ALL ");
    (!figures.is_empty()).then(|| format!("WITH \"_figures\" AS (\n  {figures}\n), {tests}"))
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

/// The tests, on the figures of all fields at once, as steps of a WITH and the SELECT that ends it.
fn tests(time: &str, group: &str, series: Option<&str>) -> String {
    let before = |back: u32| {
        series.map_or("CAST(NULL AS DOUBLE)".to_owned(), |series| {
            format!(
                "LAG(\"_v\", {back}) OVER (PARTITION BY \"_field\", {series}, \"_part\" ORDER BY \"_year\", \"_origin\")"
            )
        })
    };
    let sorted = format!("OVER (PARTITION BY \"_field\", {group} ORDER BY \"_v\", \"_origin\")");
    let all = format!("OVER (PARTITION BY \"_field\", {group})");
    let within =
        |times: u32, other: &str| format!("(\"_v\" <= {times} * {other} AND {other} <= {times} * \"_v\")");
    let large = |other: &str| format!("(\"_v\" >= \"_least_count\" OR {other} >= \"_least_count\")");
    let main = "CASE WHEN \"_high\" = \"_main\" THEN \"_v\" END";
    let middle = "SQRT(\"_least\" * \"_most\")";
    let steps = [
        (
            "_dated",
            format!(
                "*, SUBSTR({time}, 1, 4) AS \"_year\", CASE WHEN {time} LIKE '%/%' \
                 THEN SUBSTR({time}, 5, 4) || SUBSTR({time}, 13) ELSE SUBSTR({time}, 5) END AS \"_part\""
            ),
        ),
        (
            "_sorted",
            format!(
                "*, COALESCE(\"_v\" / LAG(\"_v\") {sorted}, CAST(0 AS DOUBLE)) AS \"_step\", \
                 ROW_NUMBER() {sorted} AS \"_at\", COUNT(*) {all} AS \"_n\", \
                 {} AS \"_before\", {} AS \"_before_that\"",
                before(1),
                before(2),
            ),
        ),
        // Where the widest gap is.
        (
            "_parted",
            format!(
                "*, FIRST_VALUE(\"_at\") OVER (PARTITION BY \"_field\", {group} ORDER BY \"_step\" DESC, \"_origin\") AS \"_cut\", \
                 MAX(\"_step\") {all} AS \"_gap\", COUNT(\"_before\") {all} AS \"_pairs\", \
                 COUNT(CASE WHEN {} THEN 1 END) {all} AS \"_steady\"",
                within(2, "\"_before\""),
            ),
        ),
        // On which side of it a figure lies, and most of them.
        (
            "_sides",
            "*, CASE WHEN \"_at\" >= \"_cut\" THEN 1 ELSE 0 END AS \"_high\", \
             CASE WHEN 2 * (\"_cut\" - 1) >= \"_n\" THEN 0 ELSE 1 END AS \"_main\""
                .to_owned(),
        ),
        (
            "_ranges",
            format!(
                "*, MIN({main}) {all} AS \"_least\", MAX({main}) {all} AS \"_most\", COUNT({main}) {all} AS \"_others\""
            ),
        ),
        (
            "_ratios",
            format!(
                "*, CASE WHEN \"_high\" <> \"_main\" AND \"_others\" >= 5 AND 3 * (\"_n\" - \"_others\") <= \"_n\" \
                 AND \"_gap\" >= 5 AND \"_gap\" * \"_least\" >= 4 * \"_most\" AND {large_peers} \
                 THEN CASE WHEN \"_high\" = 1 THEN \"_v\" / {middle} ELSE {middle} / \"_v\" END END AS \"_from_peers\", \
                 CASE WHEN \"_before\" IS NULL OR {returned} THEN CAST(NULL AS DOUBLE) \
                 WHEN \"_v\" >= \"_before\" AND {large_before} THEN \"_v\" / \"_before\" \
                 WHEN \"_v\" < \"_before\" AND {large_before} THEN \"_before\" / \"_v\" END AS \"_from_before\", \
                 CASE WHEN \"_pairs\" >= 5 AND 4 * \"_steady\" >= 3 * \"_pairs\" THEN 1 ELSE 0 END AS \"_calm\"",
                large_peers = large("\"_most\""),
                returned = within(3, "\"_before_that\""),
                large_before = large("\"_before\""),
            ),
        ),
        (
            "_powers",
            format!(
                "*, {peers} AS \"_peers\", CASE WHEN \"_from_before\" BETWEEN 8 AND 12.5 THEN 10 * \"_calm\" \
                 WHEN \"_from_before\" BETWEEN 50 AND 200 THEN 100 * \"_calm\" \
                 WHEN \"_from_before\" < 316.2 THEN 0 ELSE {last} END AS \"_last\"",
                peers = power("\"_from_peers\""),
                last = power("\"_from_before\""),
            ),
        ),
        (
            "_found",
            "\"_origin\", \"_field\" AS \"field\", CASE WHEN \"_last\" > 0 THEN 'last_year' ELSE 'peers' END AS \"against\", \
             CAST(CASE WHEN \"_last\" > 0 THEN CASE WHEN \"_v\" > \"_before\" THEN \"_last\" ELSE 0 - \"_last\" END \
             WHEN \"_peers\" > 0 AND \"_high\" = 1 AND \"_v\" / \"_peers\" BETWEEN \"_least\" / 2 AND \"_most\" * 2 THEN \"_peers\" \
             WHEN \"_peers\" > 0 AND \"_high\" = 0 AND \"_v\" * \"_peers\" BETWEEN \"_least\" / 2 AND \"_most\" * 2 THEN 0 - \"_peers\" \
             ELSE 0 END AS BIGINT) AS \"times\", \"_v\" AS \"value\", \
             CASE WHEN \"_last\" > 0 THEN \"_before\" ELSE \"_least\" END AS \"least\", \
             CASE WHEN \"_last\" > 0 THEN \"_before\" ELSE \"_most\" END AS \"most\", \"_state\" AS \"state\""
                .to_owned(),
        ),
    ];
    let mut from = "_figures";
    let mut tables: Vec<String> = Vec::new();
    for (name, columns) in &steps {
        tables.push(format!("\"{name}\" AS (\n  SELECT {columns}\n  FROM \"{from}\"\n)"));
        from = name;
    }
    format!(
        "{}\nSELECT * FROM \"{from}\" WHERE \"times\" <> 0\nORDER BY \"_origin\", \"field\"",
        tables.join(", ")
    )
}

/// The power of ten nearest to a ratio, up to 亿; 0 where there is none.
fn power(ratio: &str) -> String {
    let bounds = ["31.62", "316.2", "3162", "31620", "316200", "3162000", "31620000", "316200000"];
    let of = |(bound, power)| format!("WHEN {ratio} < {bound} THEN {} ", 10_u64.pow(power));
    let cases: String = bounds.iter().zip(1_u32..).map(of).collect();
    format!("CASE WHEN {ratio} IS NULL THEN 0 {cases}ELSE 0 END")
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
        let sql = jumps_sql(&contract(r#"["unit", "period"]"#, "")).unwrap();
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
        assert!(jumps_sql(&contract("[]", "jump = \"tell\"")).unwrap().contains("'kept' AS \"_state\""));
        // Without the period in the key there is one row a key, and no year before.
        assert!(!jumps_sql(&contract(r#"["unit"]"#, "")).unwrap().contains("LAG(\"_v\", 2)"));
    }
}
