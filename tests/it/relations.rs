//! What contracts say of whole rows, of rows of other contracts, and of what must not be sent at all: told with the place
//! of the cell, or with the line of the contract where the contract is wrong.

use std::fmt::Write as _;

use crate::city::{City, Ran, files_under, repository};

const LOANS: &str = "id = \"loans\"
title_zh = \"贷款\"
department = \"tongji\"
row = \"one loan\"
key = [\"number\", \"period\"]

[[field]]
name = \"number\"
zh = [\"编号\"]
type = \"string\"
required = true

[[field]]
name = \"firm\"
zh = [\"企业\"]
type = \"string\"

[[field]]
name = \"lent\"
zh = [\"放款日期\"]
type = \"date\"

[[field]]
name = \"due\"
zh = [\"到期日期\"]
type = \"date\"
";

const FIRMS: &str = "id = \"firms\"
title_zh = \"企业\"
department = \"tongji\"
row = \"one firm\"
key = [\"name\", \"period\"]

[[field]]
name = \"name\"
zh = [\"名称\"]
type = \"string\"
required = true

[[field]]
name = \"staff\"
zh = [\"人数\"]
type = \"int\"
";

const RULE: &str = "
[[rule]]
id = \"due_after_lent\"
title_zh = \"到期不早于放款\"
title_en = \"due on or after the day it was lent\"
condition = \"due >= lent\"
";

const KEY: &str = "
[[foreign_key]]
fields = [\"firm\"]
reference = { contract = \"firms\", fields = [\"name\"] }
";

const SHEET: &str = "2024年贷款\n编号,企业,放款日期,到期日期\n1,甲,2024-01-01,2025-01-01\n2,乙,2024-03-01,2024-02-01\n\
                     3,丙,2024-03-01,\n4,,2024-01-05,2024-01-05\n";

/// An assessment of these contracts, each with one text file.
fn city(contracts: &[(&str, &str, &str)]) -> City {
    let city = City::new();
    for folder in ["contracts", "extracts", "frameworks", "queries", "reports"] {
        std::fs::remove_dir_all(city.path(folder)).unwrap();
    }
    let mut list = String::new();
    for (id, contract, sheet) in contracts {
        city.write(&format!("contracts/{id}.toml"), contract);
        if sheet.is_empty() {
            continue;
        }
        city.write(&format!("extracts/{id}.csv"), sheet);
        let digest = model::Digest::of(sheet.as_bytes()).hex();
        write!(
            list,
            "[[delivery]]\nfile = \"{id}.csv\"\nsha256 = \"{digest}\"\ncontracts = [\"{id}\"]\ndepartment = \"tongji\"\n\
             period = \"2024\"\nreceived_on = \"2025-01-10\"\npartition = \"p12\"\nvintage = \"2024\"\n\n"
        )
        .unwrap();
    }
    city.write("extracts/deliveries.toml", list);
    city
}

/// The findings of a code: place and message.
fn told(ran: &Ran, code: &str) -> Vec<(String, String)> {
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings.map(|finding| (text(&finding["place"]), text(&finding["message_en"]))).collect()
}

#[test]
fn a_row_that_breaks_a_rule_is_told_with_its_place_and_stays() {
    let contract = format!("{LOANS}{RULE}");
    let city = city(&[("loans", &contract, SHEET)]);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let broken = told(&ran, "rule-broken");
    assert_eq!(broken.len(), 1, "{broken:?}");
    // Sheet row 4: the second loan. The third has no day to be held against and says nothing.
    assert_eq!(broken[0].0, "loans.csv ▸ 4");
    assert!(broken[0].1.contains("due on or after the day it was lent"), "{broken:?}");
    assert_eq!(told(&ran, "relation-untested"), []);
    assert_eq!(ran.json()["sources"][0]["rows"]["kept"], 4);

    // A rule that no row could be held against is no rule that held.
    let none = "2024年贷款\n编号,企业,放款日期,到期日期\n1,甲,2024-01-01,\n";
    city.redeliver("loans.csv", none.as_bytes());
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(
        (told(&ran, "rule-broken"), told(&ran, "relation-untested").len()),
        (vec![], 1),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_wrong_condition_is_told_with_the_line_of_the_contract() {
    for (condition, code, part) in [
        ("due >= lend", "sql-unknown-column", "lend"),
        ("due >= ", "sql-syntax", ""),
        ("due >= now()", "sql-changing-function", ""),
        ("avg(due) > 3", "sql-plan", "avg"),
    ] {
        let contract = format!("{LOANS}{}", RULE.replace("due >= lent", condition));
        let line = 1 + contract.lines().position(|line| line.starts_with("condition")).unwrap();
        let city = city(&[("loans", &contract, SHEET)]);
        for command in ["lint", "ingest"] {
            let ran = city.run(&[command]);
            let place = format!("contracts/loans.toml:{line}");
            // The line is shown as it stands in the contract, not the SQL that is made of it.
            let shown = format!("{line} | condition = \"{condition}\"");
            ran.assert_fails(1, &[&format!("error[{code}]"), &place, &shown, part]);
            assert!(!ran.stderr.contains("_origin"), "{}", ran.stderr);
        }
        assert!(!city.path("out/extracts").exists(), "nothing runs on wrong definitions");
    }
}

#[test]
fn a_value_that_stands_nowhere_in_the_other_contract_is_told() {
    let contract = format!("{LOANS}{KEY}");
    let firms = "名称,人数\n甲,3\n丙,4\n";
    let city = city(&[("firms", FIRMS, firms), ("loans", &contract, SHEET)]);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    let dangling = told(&ran, "foreign-key-missing");
    // 乙, in column B of sheet row 4; the loan without a firm says nothing.
    assert_eq!(dangling.len(), 1, "{dangling:?}");
    assert_eq!(dangling[0].0, "loans.csv ▸ B4");
    assert!(dangling[0].1.contains("firm → firms.name"), "{dangling:?}");
    assert_eq!(ran.json()["sources"][1]["rows"]["kept"], 4);

    // The other contract comes anew, with 乙: nothing of the loans is read again, and nothing dangles.
    city.redeliver("firms.csv", "名称,人数\n甲,3\n丙,4\n乙,5\n".as_bytes());
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(told(&ran, "foreign-key-missing"), []);
    assert!(!ran.steps_that_ran().contains(&"delivery loans.csv".to_owned()), "{:?}", ran.steps_that_ran());
    assert!(ran.steps_that_ran().contains(&"relations.loans".to_owned()), "{:?}", ran.steps_that_ran());
}

#[test]
fn a_key_into_nothing_is_a_wrong_definition_or_untested() {
    let wrong = |key: &str| format!("{LOANS}{}", KEY.replace("\"name\"", key));
    let firms = ("firms", FIRMS, "");
    for (contract, told) in [
        (wrong("\"nam\""), "did you mean `name`"),
        (wrong("\"name\", \"staff\""), "as many fields"),
        (format!("{LOANS}{}", KEY.replace("\"firms\"", "\"firm\"")), "did you mean `firms`"),
        (format!("{LOANS}{}", KEY.replace("[\"firm\"]", "[\"frim\"]")), "did you mean `firm`"),
    ] {
        let city = city(&[firms, ("loans", &contract, SHEET)]);
        city.run(&["lint"]).assert_fails(1, &["contracts/loans.toml:", told]);
    }
    // The firms were never sent: nothing can be tested, and that is said.
    let contract = format!("{LOANS}{KEY}");
    let city = city(&[firms, ("loans", &contract, SHEET)]);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(told(&ran, "foreign-key-missing"), []);
    assert_eq!(told(&ran, "relation-untested").len(), 1, "{}", ran.stdout);
}

#[test]
fn a_delivery_with_a_refused_header_leaves_nothing_but_one_finding() {
    let contract = LOANS.replacen("key = ", "refuse = [\"银行账号\"]\nkey = ", 1);
    let secret = "6222020200112233445";
    let sheet = format!(
        "2024年贷款\n编号,企业,放款日期,到期日期,银行账号\n1,甲,2024-01-01,bad,{secret}\n1,乙,x,y,{secret}\n"
    );
    let city = city(&[("firms", FIRMS, "名称,人数\n甲,3\n"), ("loans", &contract, &sheet)]);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    // An error of one delivery; the other is read.
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{json}");
    assert_eq!(
        (findings[0]["code"].as_str(), findings[0]["place"].as_str()),
        (Some("header-refused"), Some("loans.csv ▸ E2"))
    );
    let sources = json["sources"].as_array().unwrap();
    assert!(sources.iter().all(|source| source["contract"] == "firms"), "{json}");
    let out = city.path("out");
    for name in files_under(&out) {
        assert!(!name.contains("extracts/loans/") && !name.contains("rejects/"), "{name}");
        let bytes = std::fs::read(out.join(&name)).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{name}");
    }
    assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret));
    // A value of that name below a header that is allowed is none.
    let sheet = "2024年贷款\n编号,企业,放款日期,到期日期\n1,银行账号,2024-01-01,2024-02-01\n";
    city.redeliver("loans.csv", sheet.as_bytes());
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["sources"][1]["rows"]["kept"], 1);
}

#[test]
fn the_units_of_every_contract_are_counted() {
    let root = repository();
    let counted = std::fs::read_to_string(root.join("queries/monitoring/units.sql")).unwrap();
    let mut contracts = 0;
    for entry in std::fs::read_dir(root.join("contracts")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("type = \"unit\"") {
            let id = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                counted.contains(&format!("'{id}' AS contract")),
                "{id} is not in queries/monitoring/units.sql"
            );
            contracts += 1;
        }
    }
    assert!(contracts >= 15, "{contracts}");
}
