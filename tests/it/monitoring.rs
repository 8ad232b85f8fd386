//! `queries/monitoring/` on three counties of the invented city; the figures were worked out by hand from the list of
//! deliveries, the files, and what the generator says it planted.

use crate::city::City;

/// The rows of an answer without its header and without the mark of invented data.
fn ask(city: &City, sql: &str) -> Vec<String> {
    let ran = city.run(&["sql", sql, "--format", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.stdout.lines().skip(1).map(|line| line.trim_end_matches(",true").to_owned()).collect()
}

#[test]
fn who_delivered_what_when_and_how_well() {
    let city = City::invented();
    let ran = city.run(&["run", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ask = |sql: &str| ask(&city, sql);

    // The list of parks that was refused did not come. Due 20 days after the quarter, on 2022-01-20; 11 days of January, 28 of February, 2 of March.
    let late =
        ask("SELECT contract, period, due_on, first_received_on, days_late FROM monitoring.timeliness \
                    WHERE status = 'late' ORDER BY contract, period");
    assert_eq!(
        late,
        [
            "joint_sheet,2021-Q4,2022-01-20,2022-03-02,41",
            "park,2024-H1,2024-07-20,2024-07-25,5",
            "policy_payment,2023,2024-01-31,2024-03-11,40",
            "service_case,2021,2022-01-31,2022-02-17,17",
            "tech_enterprise,2023,2024-04-29,2024-06-04,36",
        ]
    );
    // In two parts: as late as the first; three files of one day that serve a year, and three of the year before.
    let parts =
        ask("SELECT deliveries, first_received_on, last_received_on, status FROM monitoring.timeliness \
                     WHERE contract = 'county_base' AND period = '2021' \
                     OR contract = 'registry' AND period >= '2023' ORDER BY contract, period");
    let expected = [
        "2,2022-03-16,2022-04-11,in_time",
        "3,2024-01-08,2024-01-08,in_time",
        "3,2025-01-08,2025-01-08,in_time",
    ];
    assert_eq!(parts, expected);
    // What was registered by the end of 2024 and what of it by the end of 2023, each as it stood then: none of the rows
    // of the first copy is replaced by those of the second.
    let copies =
        ask("SELECT serves, SUM(kept) AS kept, SUM(superseded) AS superseded FROM monitoring.deliveries \
                      WHERE contract = 'registry' GROUP BY serves ORDER BY serves");
    assert_eq!(copies, ["2023,381,0", "2024,437,0"]);
    // 48 months in four years; December of each, and September to November of the last.
    let complete = ask("SELECT contract, periods_due, periods_delivered, units_found, units_missing \
                        FROM monitoring.completeness WHERE contract IN ('sme_loan', 'county_base', 'task_report') \
                        ORDER BY contract");
    // 3 of 12 counties in 7 months; in 2022 one row of county_base is refused: 4 years of 3 and one less.
    assert_eq!(complete, ["county_base,4,4,11,37", "sme_loan,48,7,21,63", "task_report,48,5,,"]);
    let missing = ask("SELECT count(*) AS n, min(unit_zh) AS one FROM monitoring.missing_units \
                       WHERE contract = 'county_base' AND period = '2023'");
    assert_eq!(missing, ["9,华盖县"]);

    // Every rejected row is listed, of wide tables every rejected crossing; the refused county is named, and lacks it.
    let listed =
        ask("WITH counted AS (SELECT source, SUM(\"rows\") FILTER (WHERE counted = 'cells') AS cells, \
                      SUM(\"rows\") FILTER (WHERE counted = 'rows') AS lines FROM ingest.accounting \
                      WHERE kind = 'rejected' GROUP BY source), \
                      listed AS (SELECT source, COUNT(*) AS n FROM ingest.left_out GROUP BY source) \
                      SELECT CASE WHEN COUNT(*) > 5 AND COUNT(*) = COUNT(l.n) \
                      AND bool_and(l.n = COALESCE(c.cells, c.lines)) THEN 'all' END AS listed \
                      FROM counted AS c LEFT JOIN listed AS l ON l.source = c.source");
    assert_eq!(listed, ["all"]);
    let lacking =
        ask("SELECT unit, period, found, expected FROM checks.rows_left_out WHERE subject = 'county_base'");
    assert_eq!(lacking, ["douyang,2022,0,1"]);
    let of_the_city =
        ask("SELECT unit, period, subject, found FROM checks.city_level_rows ORDER BY subject, period");
    let expected = ["2024,above_scale", "2022,policy_payment", "2024,survey"];
    assert_eq!(of_the_city, expected.map(|row| format!("xingzhou,{row},1")));

    let deliveries = ask(
        "SELECT number, department, serves, days_late, kept, rejected, superseded, duplicate, errors, \
                          warnings, infos FROM monitoring.deliveries WHERE contract = 'county_base' ORDER BY number",
    );
    assert_eq!(
        deliveries,
        [
            "16,tongji,2021,0,2,0,0,0,0,0,0",
            // The missing county comes eleven days after the day it was due.
            "18,tongji,2021,11,1,0,0,0,0,0,0",
            "34,tongji,2022,0,2,1,0,0,0,2,0",
            // A wrong figure, and the whole sheet again with the right one.
            "57,tongji,2023,0,2,0,1,0,0,0,0",
            "59,tongji,2023,6,1,0,0,2,0,0,0",
            "98,tongji,2024,0,3,0,0,0,0,0,0",
        ]
    );
    let found = ask("SELECT number, severity, code, findings, \"rows\" FROM monitoring.findings \
                     WHERE contract = 'county_base' ORDER BY code");
    assert_eq!(found, ["34,warning,range-in-cell,1,1", "34,warning,required-value-missing,1,1"]);
    // The account of arrears of 2023 names a month for a day, that of 2024 does not; the park that sent a bank account
    // sent its list again without it. The form of market development that is filled in all the year has a range in its
    // second quarter and an estimate in its third, neither of which the next one has.
    let mended = ask("SELECT contract, code, before, after, mended, new, since FROM monitoring.mended \
                      WHERE mended > 0 ORDER BY contract, since");
    assert_eq!(
        mended,
        [
            "arrears,period-for-day,1,0,1,0,2025-01-14",
            "park,header-refused,1,0,1,0,2024-07-25",
            "trade_promotion,range-in-cell,1,0,1,0,2024-10-17",
            "trade_promotion,approximate,1,0,1,0,2025-01-17",
        ]
    );

    let tasks =
        ask("SELECT items, left_out, not_started, in_progress, delayed, done FROM monitoring.task_months \
                     WHERE department = '各县市区政府' AND month = '2024-12'");
    assert_eq!(tasks, ["11,0,0,1,0,10"]);
    let task =
        ask("SELECT last_month, status, first_month, months_reported, months_delayed FROM monitoring.tasks \
                    WHERE department = '各县市区政府' AND item = '16'");
    assert_eq!(task, ["2024-12,in_progress,2023-12,5,0"]);

    // With a cut-off, what came later does not count, and what was not yet due is not missing.
    city.edit("assessment.toml", "[edition]\n", "[edition]\ndata_cut_off = \"2025-01-10\"\n");
    let ran = city.run(&["run", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let statuses = ask(
        "SELECT contract, status FROM monitoring.timeliness WHERE period IN ('2024', '2024-12') \
                        AND contract IN ('county_base', 'enforcement', 'registry', 'task_report') ORDER BY contract",
    );
    let expected =
        ["county_base,after_cut_off", "enforcement,in_time", "registry,in_time", "task_report,in_time"];
    assert_eq!(statuses, expected);
    // What is due on 2025-01-15 or later and came after the cut-off is neither due nor delivered.
    let not_due = ask("SELECT contract, periods_due FROM monitoring.completeness \
                       WHERE contract IN ('county_base', 'sme_loan') ORDER BY contract");
    assert_eq!(not_due, ["county_base,3", "sme_loan,47"]);
    let late = ask("SELECT kept, late, in_edition, infos FROM monitoring.deliveries WHERE number = 98");
    assert_eq!(late, ["0,3,false,1"]);
}
