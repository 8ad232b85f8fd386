//! Header values of all kinds, and what is wrong with them.

use super::*;

#[test]
fn two_levels_and_what_is_wrong_in_them() {
    let lines = [
        line(1, "", &["地区", "2024年", "", "2023年", "", "2023"]),
        line(2, "", &["", "户数", "余额(万元)", "户数", "余额(亿元)", "户数"]),
        line(3, "", &["鹿城区", "10", "1.5", "9", "", "7"]),
        line(4, "", &["龙湾区", "x", "2", "", "3", "7"]),
        line(5, "", &["某某市", "1", "", "", "", "7"]),
        line(6, "", &["瓯海区", "", "", "5", "—", "7"]),
    ];
    let merges = "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/></mergeCells>";
    let sheet = format!("<sheetData>{}</sheetData>{merges}", lines.concat());
    let contract = table(
        "",
        &[
            "unit unit zh = [\"地区\"]",
            "period period from = \"header\"",
            "count int zh = [\"户数\"], from = \"cell\", required = true",
            "loans money zh = [\"余额\"], from = \"cell\"",
        ],
    );
    let outcome = read(&[contract], &xlsx("", &[("甲", "", &sheet)]));
    assert_eq!(all(&outcome), ["6 = 2 kept, 2 rejected, 2 header", "8 = 3 kept, 3 rejected, 2 blank"]);
    let source = &outcome.sources[0];
    let expected = ["2024|lucheng|10|15000.00", "2023|lucheng|9|NULL", "2023|ouhai|5|NULL"];
    assert_eq!(rows(source), expected);
    let mut codes = codes(&outcome);
    codes.sort_unstable();
    let expected = [
        "ambiguous-column",
        "not-a-number",
        "required-value-missing",
        "required-value-missing",
        "unknown-unit",
    ];
    assert_eq!(codes, expected);
    // One reject for each refused crossing, one for the row nobody knows.
    assert_eq!(source.rejects.num_rows(), 3);
}

#[test]
fn months_typed_as_decimals() {
    let contract = table(
        "",
        &["name string zh = [\"省份\"]", "period month from = \"header\"", "value decimal from = \"cell\""],
    );
    let text = "省份,2016.08,2016.09,2016.1,2016.11,2016.12\n甲,1,2,3,4,5\n";
    let outcome = read(std::slice::from_ref(&contract), text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2016-10|甲|3.000000");
    assert_eq!(decisions(&outcome.sources[0]), ["period point_one october high"]);
    // Nobody knows, so the column has no month: told once, refused in each row.
    let text = "省份,2016.1,2016.3,2016.11\n甲,1,2,3\n乙,1,2,\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(all(&outcome), ["3 = 2 kept, 1 header", "6 = 3 kept, 2 rejected, 1 blank"]);
    assert_eq!(codes(&outcome), ["month-undecided"]);
}

#[test]
fn counties_across() {
    let contract = table(
        "",
        &["item string zh = [\"项目\"]", "unit unit from = \"header\"", "value int from = \"cell\""],
    );
    let text = "2024年情况\n项目,全市,鹿城区,龙湾,#经开区,龙弯区\n户数,9,1,2,3,4\n";
    let outcome = read(&[contract], text.as_bytes());
    let source = &outcome.sources[0];
    let expected = ["2024|户数|lucheng|1", "2024|户数|longwan|2", "2024|户数|zhenan|3"];
    assert_eq!(rows(source), expected);
    assert_eq!(row(&source.rows, 2), "户数|zhenan|3");
    let mut codes = codes(&outcome);
    codes.sort_unstable();
    assert_eq!(codes, ["ambiguous-column", "unit-misspelt", "unknown-column"]);
}

#[test]
fn months_of_the_year_in_the_title() {
    let contract = table(
        "",
        &["unit unit zh = [\"地区\"]", "period month from = \"header\"", "value int from = \"cell\""],
    );
    let text = "2023年各月户数\n地区,1月,2月,3月\n鹿城区,1,2,3\n";
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(rows(&outcome.sources[0])[2], "2023-03|lucheng|3");
    assert_eq!(decisions(&outcome.sources[0]), ["period year 2023 high"]);
}

#[test]
fn sums_are_held_against_each_column_and_each_part() {
    let contract = table(
        "",
        &["name string zh = [\"地区\"]", "period period from = \"header\"", "value int from = \"cell\""],
    );
    let text = "地区,2024年,2023年\n甲,1,2\n乙,2,3\n小计,3,6\n丙,4,5\n丁,5,6\n小计,9,11\n合计,13,16\n";
    let outcome = read(&[contract], text.as_bytes());
    let told: Vec<String> = outcome
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.cell(), finding.code, finding.params["difference"]))
        .collect();
    assert_eq!(told, ["C4 total-differs 1", "B8 total-differs 1"]);
}

#[test]
fn lines_above_that_are_missing() {
    let mut contract = provinces("money");
    let text = "地区,2024年,2023年\n甲省,2,1\n";
    let outcome = read(std::slice::from_ref(&contract), text.as_bytes());
    assert_eq!((codes(&outcome), rows(&outcome.sources[0]).len()), (vec!["line-not-found"], 2));
    contract.field[1].required = true;
    let outcome = read(&[contract], text.as_bytes());
    assert_eq!(codes(&outcome), ["missing-line"]);
    assert_eq!(all(&outcome), ["2 = 1 rejected, 1 header", "2 = 2 rejected"]);
}
