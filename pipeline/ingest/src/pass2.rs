//! The SQL of pass 2: which rows stand when a key was delivered more than once.
//!
//! Only text is made here; who runs it is not our business. One portable SELECT each, windows in total orders only.
//! The tables are `pass1.<contract>` (all rows of all sources) and `pass1.<contract>_state` (what
//! [`state_sql`] returned).

use std::collections::BTreeSet;

use model::Contract;

use crate::table;

/// The state of each row: `_origin` BIGINT, `state` VARCHAR (`kept`, `duplicate`, `superseded`, `rejected`),
/// `by_origin` BIGINT (the row that stands instead), `finding` VARCHAR (a code, or NULL).
///
/// Within a key the first row of the latest delivery says the values. Of all rows with these values the earliest
/// stands and the others are its duplicates. Rows with other values are superseded, with a finding unless the latest
/// delivery supersedes theirs. If the latest delivery contradicts itself, nothing stands: all its rows of the key are
/// rejected, because nobody but the sender knows which is right.
/// `supersedes` holds pairs of delivery numbers, the later first; what a superseding delivery supersedes counts too.
pub fn state_sql(contract: &Contract, supersedes: &[(i64, i64)]) -> String {
    let from = quoted_table(&contract.id, "");
    let kept = "SELECT \"_origin\", 'kept' AS \"state\", CAST(NULL AS BIGINT) AS \"by_origin\", \
                CAST(NULL AS VARCHAR) AS \"finding\" FROM";
    if contract.key.is_empty() {
        return format!("{kept} {from}");
    }
    let mut keys: Vec<String> = contract.key.clone();
    // What has no credit code is known by its registration number.
    let mut made = Vec::new();
    for (at, name) in contract.key.iter().enumerate() {
        let taker = contract.field(name).and_then(|field| field.registration_number.as_deref());
        if let (Some(taker), Some(slot)) = (taker, keys.get_mut(at)) {
            *slot = format!("_named_{at}");
            made.push(format!("COALESCE({}, {}) AS {}", quoted(name), quoted(taker), quoted(slot)));
        }
    }
    // Rows without any of their key but the period are not each other's.
    let own: Vec<(&String, &String)> =
        contract.key.iter().zip(&keys).filter(|(name, _)| *name != "period").collect();
    let optional = |name: &str| contract.field(name).is_some_and(|field| !field.required);
    let alone = !own.is_empty() && own.iter().all(|(name, _)| optional(name));
    let blank: Vec<String> = own.iter().map(|(_, key)| format!("{} IS NULL", quoted(key))).collect();
    let from = if made.is_empty() { from } else { format!("(SELECT *, {} FROM {from})", made.join(", ")) };
    let from = if alone {
        format!("SELECT *, CASE WHEN {} THEN \"_origin\" END AS \"_alone\" FROM {from}", blank.join(" AND "))
    } else {
        format!("SELECT * FROM {from}")
    };
    if contract.unit_field().is_some() && !keys.iter().any(|name| name == "partition") {
        keys.push("partition".to_owned());
    }
    keys.extend(alone.then(|| "_alone".to_owned()));
    let key = keys.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    // Most keys come once: their rows stand, and only the others are compared.
    let named_keys: Vec<String> =
        keys.iter().enumerate().map(|(at, name)| format!("{} AS \"_key_{at}\"", quoted(name))).collect();
    let named_keys = named_keys.join(", ");
    let same: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(at, name)| format!("(\"_keyed\".{} IS NOT DISTINCT FROM \"_key_{at}\")", quoted(name)))
        .collect();
    let same = same.join(" AND ");
    let schema = table::schema(contract);
    let mut said_of_the_delivery = vec!["_origin", "_delivery", "partition", "vintage"];
    if contract.period_field().is_none() {
        said_of_the_delivery.push("period");
    }
    let values: Vec<String> = schema
        .fields()
        .iter()
        .map(|column| column.name().as_str())
        .filter(|name| !said_of_the_delivery.contains(name) && !keys.iter().any(|key| key == name))
        .map(quoted)
        .collect();
    let latest = format!("OVER (PARTITION BY {key} ORDER BY \"_delivery\" DESC, \"_origin\")");
    let mut firsts = vec![format!("FIRST_VALUE(\"_delivery\") {latest} AS \"_latest\"")];
    let mut equal = Vec::new();
    for (at, value) in values.iter().enumerate() {
        firsts.push(format!("FIRST_VALUE({value}) {latest} AS \"_value_{at}\""));
        equal.push(format!("({value} IS NOT DISTINCT FROM \"_value_{at}\")"));
    }
    let equal = if equal.is_empty() { "TRUE".to_owned() } else { equal.join(" AND ") };
    let pairs: Vec<String> = closed(supersedes)
        .into_iter()
        .map(|(later, earlier)| format!("(\"_latest\" = {later} AND \"_delivery\" = {earlier})"))
        .collect();
    let named = if pairs.is_empty() { "FALSE".to_owned() } else { pairs.join(" OR ") };
    format!(
        "WITH \"_keyed\" AS (\n  {from}\n), \"_repeated\" AS (\n  SELECT {named_keys}, COUNT(*) AS \"_times\"\n  FROM \"_keyed\"\n  GROUP BY {key}\n  \
         HAVING COUNT(*) > 1\n), \"_said\" AS (\n  SELECT \"_keyed\".*, {firsts}\n  FROM \"_repeated\" INNER JOIN \"_keyed\" ON {same}\n), \
         \"_compared\" AS (\n  \
         SELECT \"_origin\", \"_delivery\", \"_latest\", {key}, CASE WHEN {equal} THEN 0 ELSE 1 END AS \"_differs\"\n  \
         FROM \"_said\"\n), \"_judged\" AS (\n  \
         SELECT \"_origin\", \"_delivery\", \"_latest\", \"_differs\", FIRST_VALUE(\"_origin\") OVER (PARTITION BY \
         {key} ORDER BY \"_differs\", \"_delivery\", \"_origin\") AS \"_stands\", MAX(CASE WHEN \"_delivery\" = \"_latest\" \
         THEN \"_differs\" ELSE 0 END) OVER (PARTITION BY {key}) AS \"_torn\"\n  FROM \"_compared\"\n)\n\
         SELECT \"_origin\",\n  CASE WHEN \"_torn\" = 1 AND \"_delivery\" = \"_latest\" THEN 'rejected' WHEN \"_torn\" = 1 \
         THEN 'superseded' WHEN \"_origin\" = \"_stands\" THEN 'kept' WHEN \"_differs\" = 0 THEN 'duplicate' \
         ELSE 'superseded' END AS \"state\",\n  \
         CASE WHEN \"_origin\" = \"_stands\" OR \"_torn\" = 1 THEN CAST(NULL AS BIGINT) ELSE \"_stands\" END AS \"by_origin\",\n  \
         CASE WHEN \"_torn\" = 1 AND \"_delivery\" = \"_latest\" THEN 'conflicting-row' WHEN \"_differs\" = 0 \
         THEN CAST(NULL AS VARCHAR) \
         WHEN {named} THEN CAST(NULL AS VARCHAR) ELSE 'conflicting-delivery' END AS \"finding\"\n\
         FROM \"_judged\"\nUNION ALL\n{kept} \"_repeated\" RIGHT JOIN \"_keyed\" ON {same}\nWHERE \"_times\" IS NULL",
        firsts = firsts.join(", "),
    )
}

/// The rows that stand, with all columns of the extract, in the order in which they were delivered. Every row has a state;
/// those that do not stand are few, so that it is quicker to leave them out than to look every row up.
pub fn standing_sql(contract: &Contract) -> String {
    let schema = table::schema(contract);
    let columns: Vec<String> =
        schema.fields().iter().map(|column| format!("\"r\".{}", quoted(column.name()))).collect();
    format!(
        "SELECT {columns}\nFROM {rows} AS \"r\"\nWHERE NOT EXISTS (\n  SELECT 1 FROM {state} AS \"s\"\n  \
         WHERE \"s\".\"_origin\" = \"r\".\"_origin\" AND \"s\".\"state\" <> 'kept'\n)\n\
         ORDER BY \"r\".\"_delivery\", \"r\".\"_origin\"",
        columns = columns.join(", "),
        rows = quoted_table(&contract.id, ""),
        state = quoted_table(&contract.id, "_state"),
    )
}

/// Whoever supersedes a delivery also supersedes what that one superseded.
fn closed(pairs: &[(i64, i64)]) -> BTreeSet<(i64, i64)> {
    let mut all: BTreeSet<(i64, i64)> = pairs.iter().copied().collect();
    loop {
        let further: Vec<(i64, i64)> = all
            .iter()
            .flat_map(|(later, middle)| {
                all.range((*middle, i64::MIN)..=(*middle, i64::MAX))
                    .map(move |(_, earlier)| (*later, *earlier))
            })
            .filter(|pair| !all.contains(pair))
            .collect();
        if further.is_empty() {
            return all;
        }
        all.extend(further);
    }
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(crate) fn quoted_table(contract: &str, ending: &str) -> String {
    format!("\"pass1\".{}", quoted(&format!("{contract}{ending}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superseding_is_handed_on() {
        let closed: Vec<_> = closed(&[(3, 2), (2, 1)]).into_iter().collect();
        assert_eq!(closed, [(2, 1), (3, 1), (3, 2)]);
    }

    fn contract(key: &str) -> Contract {
        toml::from_str(&format!(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = {key}\n\
             [[field]]\nname = \"unit\"\nzh = [\"地区\"]\ntype = \"unit\"\n\
             [[field]]\nname = \"x\"\nzh = [\"数\"]\ntype = \"int\"\n\
             [[field]]\nname = \"phone\"\nzh = [\"电话\"]\ntype = \"string\"\nsensitivity = \"S3\"\n"
        ))
        .unwrap()
    }

    #[test]
    fn what_has_no_credit_code_is_known_by_its_number() {
        let contract: Contract = toml::from_str(
            "id = \"a\"\ntitle_zh = \"\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"uscc\", \"period\"]\n\
             [[field]]\nname = \"uscc\"\nzh = [\"代码\"]\ntype = \"uscc\"\nregistration_number = \"no\"\n\
             [[field]]\nname = \"no\"\nzh = [\"注册号\"]\ntype = \"code\"\n",
        )
        .unwrap();
        let sql = state_sql(&contract, &[]);
        assert!(sql.contains(r#"COALESCE("uscc", "no") AS "_named_0""#), "{sql}");
        assert!(sql.contains(r#"CASE WHEN "_named_0" IS NULL THEN "_origin" END"#), "{sql}");
        // One with the number and one without are the same entity, and differ.
        assert!(sql.contains(r#"("no" IS NOT DISTINCT FROM"#), "{sql}");
    }

    #[test]
    fn every_window_is_in_a_total_order() {
        let sql = state_sql(&contract(r#"["unit", "period"]"#), &[(2, 1)]);
        let orders: Vec<&str> =
            sql.split("ORDER BY ").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert_eq!(orders.len(), 4, "{sql}");
        assert!(orders.iter().all(|order| order.ends_with("\"_origin\"")), "{orders:?}");
        // AND binds tighter than IS NOT DISTINCT FROM in the engine.
        assert!(sql.contains("(\"x\" IS NOT DISTINCT FROM \"_value_1\")"), "{sql}");
        assert!(sql.contains("(\"_latest\" = 2 AND \"_delivery\" = 1)"), "{sql}");
        assert!(!sql.contains("phone"), "{sql}");
        for key in [r#"["unit"]"#, r#"["unit", "period"]"#] {
            let sql = state_sql(&contract(key), &[]);
            assert!(sql.contains(r#"CASE WHEN "unit" IS NULL THEN "_origin" END"#), "{sql}");
        }
        assert!(!state_sql(&contract(r#"["period"]"#), &[]).contains("_alone"));
        assert!(state_sql(&contract("[]"), &[]).contains("'kept'"));
        assert!(!standing_sql(&contract("[]")).contains("phone"));
    }
}
