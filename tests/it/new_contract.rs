//! `new contract`: from a spreadsheet never seen before to rows in two commands, and nothing written over.

use crate::city::City;

const LOANS: &str = "2024年小微企业贷款情况\n单位：万元\n县（市、区）,贷款户数（户）,贷款余额,不良率（%）\n\
                     鹿城区,1203,88210.5,0.91\n瓯海区,900,61020,1.2\n瑞安市,1400,90211.25,0.75\n\
                     合计,3503,239441.75,\n注：期末数。\n";
const WIDE: &str =
    "指标,2022年,2023年,2024年\n市场主体（户）,1300211,1352001,1390112\n贷款余额（亿元）,880.1,910.35,\n";
const TICKETS: &str = "工单编号,来电人,来电号码,所属区域,受理时间\n00012301,张某某,13800138000,鹿城区,2024-05-01 08:01:22\n\
                       00012302,李某某,13900139000,龙湾区,2024-05-01 08:09:10\n";

#[test]
fn drafted_delivered_and_read_in_two_commands() {
    let city = City::new();
    let file = city.inbox("贷款.csv", LOANS);
    let file = file.as_str();
    let ran =
        city.run(&["new", "contract", file, "--id", "loans", "--department", "jinrongban", "--deliver"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for told in
        ["tables found: 1; kinds: 1", "loans: 4 fields, 3 rows read, 0 rejected", "next: check the draft"]
    {
        assert!(ran.stderr.contains(told), "`{told}` is not in:\n{}", ran.stderr);
    }
    let draft = city.read("contracts/loans.toml");
    for line in
        ["type = \"unit\"", "measure_unit = \"万元\"", "key = [\"unit\", \"period\"]", "# 把握大", "# sure: "]
    {
        assert!(draft.contains(line), "`{line}` is not in:\n{draft}");
    }
    assert_eq!(city.run(&["lint"]).code, Some(0), "{}", city.run(&["lint"]).stderr);
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json = ran.json();
    let source =
        json["sources"].as_array().unwrap().iter().find(|source| source["contract"] == "loans").unwrap();
    assert_eq!(source["rows"]["kept"], 3, "{source}");
    let sql = "SELECT unit, period, dai_kuan_yu_e FROM extracts.loans ORDER BY unit";
    let answer = city.run(&["sql", sql, "--format", "csv"]).stdout;
    assert!(answer.contains("lucheng,2024,882105000"), "{answer}");
    // The same file again.
    let list = city.read("extracts/deliveries.toml");
    let again = city.run(&["new", "contract", file, "--deliver"]);
    again.assert_fails(1, &["[delivery-known]", "贷款.csv", "loans"]);
    let again = city.run(&["new", "contract", file, "--id", "loans"]);
    again.assert_fails(1, &["[contract-exists]", "--id"]);
    assert_eq!((city.read("extracts/deliveries.toml"), city.read("contracts/loans.toml")), (list, draft));
}

#[test]
fn without_delivering_the_entry_is_printed() {
    let city = City::new();
    let file = city.inbox("贷款.csv", LOANS);
    let list = city.read("extracts/deliveries.toml");
    let ran = city.run(&["new", "contract", &file, "--id", "loans"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let digest = model::Digest::of(LOANS.as_bytes()).hex();
    for line in [
        "[[delivery]]",
        "contracts = [\"loans\"]",
        "period = \"2024\"",
        "partition = \"p12\"",
        digest.as_str(),
    ] {
        assert!(ran.stdout.contains(line), "`{line}` is not in:\n{}", ran.stdout);
    }
    assert!(ran.stdout.contains("WHO SENDS IT IS UNKNOWN"), "{}", ran.stdout);
    assert_eq!(city.read("extracts/deliveries.toml"), list);
    // What was printed is all that was missing.
    std::fs::copy(&file, city.path("extracts/贷款.csv")).unwrap();
    city.write("extracts/deliveries.toml", format!("{list}\n{}", ran.stdout));
    assert_eq!(city.run(&["ingest", "--quiet"]).code, Some(0));
}

#[test]
fn wide_tables_and_registers_run_as_drafted() {
    let city = City::new();
    for (name, text, id) in [("主要指标.csv", WIDE, "indicators_wide"), ("工单.csv", TICKETS, "tickets")]
    {
        let file = city.inbox(name, text);
        let ran =
            city.run(&["new", "contract", &file, "--id", id, "--deliver", "--received-on", "2024-06-01"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    let ran = city.run(&["ingest", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let sql = "SELECT zhi_biao, period, value, measure_unit FROM extracts.indicators_wide ORDER BY zhi_biao, period";
    let answer = city.run(&["sql", sql, "--format", "csv"]).stdout;
    let rows: Vec<&str> = answer.lines().skip(1).collect();
    assert_eq!(rows.len(), 5, "{answer}");
    assert!(answer.contains("贷款余额,2023,91035000000,元"), "{answer}");
    let tickets = city.run(&["sql", "SELECT * FROM extracts.tickets", "--format", "csv"]).stdout;
    assert!(
        tickets.contains("00012301") && !tickets.contains("张某某") && !tickets.contains("13800138000"),
        "{tickets}"
    );
}

#[test]
fn printing_writes_nothing() {
    let city = City::new();
    let file = city.inbox("贷款.csv", LOANS);
    let before = crate::city::files_under(&city.assessment());
    let ran = city.run(&["new", "contract", &file, "--stdout", "--lang", "zh"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("id = \"xiao_wei_qi_ye_dai_kuan_qing_kuang\""), "{}", ran.stdout);
    assert!(!ran.stdout.contains("# sure"), "{}", ran.stdout);
    assert_eq!(crate::city::files_under(&city.assessment()), before);
    // Outside an assessment there is no reference, so no counties.
    let ran = city.run(&["new", "contract", &file, "-C", file.rsplit_once('/').unwrap().0]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("type = \"money\"") && !ran.stdout.contains("type = \"unit\""),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_cannot_be_drafted_is_told() {
    let city = City::new();
    let file = |name: &str, text: &str| city.inbox(name, text);
    let (loans, letter, empty) =
        (file("贷款.csv", LOANS), file("信.txt", "各位同事：\n请查收。\n"), file("空.csv", "  \n"));
    for (arguments, told) in [
        (vec![letter.as_str()], "[draft-without-table]"),
        (vec![empty.as_str()], "[file-empty]"),
        (vec!["没有的文件.xlsx"], "[file-unusable]"),
        (vec![loans.as_str(), "--department", "jinrongbam"], "did you mean `jinrongban`"),
        (vec![loans.as_str(), "--partition", "p13"], "[unknown-name]"),
        (vec![loans.as_str(), "--id", "Loans!"], "[wrong-value]"),
        (vec![loans.as_str(), "--received-on", "2024-02-30"], "[wrong-value]"),
    ] {
        let all: Vec<&str> = ["new", "contract"].into_iter().chain(arguments).collect();
        city.run(&all).assert_fails(1, &[told]);
    }
    city.run(&["new", "contract", &loans, "--period", "2024-13"]).assert_fails(2, &["--period"]);
    city.run(&["new", "contract", &loans, "--deliver", "--stdout"]).assert_fails(2, &["--deliver"]);
    // Another file of the same name is not written over.
    city.write("extracts/贷款.csv", "a,b\n1,2\n");
    city.run(&["new", "contract", &loans, "--deliver"]).assert_fails(1, &["[delivery-name-taken]"]);
    assert_eq!(city.read("extracts/贷款.csv"), "a,b\n1,2\n");
}
