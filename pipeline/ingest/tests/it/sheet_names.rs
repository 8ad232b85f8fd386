//! Values that stand in the name of the sheet (`from = "sheet"`).

use crate::common::{codes, line, read, row, xlsx};
use crate::wide::table;

fn sheets(names: &[&str]) -> Vec<u8> {
    let data = format!(
        "<sheetData>{}{}{}</sheetData>",
        line(1, "", &["地区", "户数"]),
        line(2, "", &["鹿城区", "5"]),
        line(3, "", &["龙湾区", "7"])
    );
    let all: Vec<(&str, &str, &str)> = names.iter().map(|name| (*name, "", data.as_str())).collect();
    xlsx("", &all)
}

#[test]
fn months_of_the_delivery_s_year() {
    let contract = table(
        "",
        &["unit unit zh = [\"地区\"]", "period month from = \"sheet\"", "firms int zh = [\"户数\"]"],
    );
    let outcome = read(&[contract], &sheets(&["1月", "2月（2家）", "汇总"]));
    let read: Vec<String> = outcome.sources[..2].iter().map(|source| row(&source.rows, 0)).collect();
    assert_eq!(read, ["lucheng|5", "lucheng|5"]);
    let period = |at: usize| {
        let column = outcome.sources[at].rows.column_by_name("period").unwrap().clone();
        arrow::util::display::array_value_to_string(&column, 1).unwrap()
    };
    assert_eq!((period(0), period(1)), ("2024-01".to_owned(), "2024-02".to_owned()));
    // A sheet whose name is no month is refused as a whole, and told.
    assert_eq!(outcome.sources[2].rejects.num_rows(), 2);
    assert_eq!(codes(&outcome), ["not-a-date", "sheet-name-unread"]);
    let decisions = &outcome.sources[0].decisions;
    assert_eq!((decisions[0].field.as_str(), decisions[0].what), ("period", "year"));
}

#[test]
fn counties_and_texts() {
    let by_county = table(
        "",
        &["unit unit from = \"sheet\"", "town string zh = [\"地区\"]", "firms int zh = [\"户数\"]"],
    );
    let outcome = read(&[by_county], &sheets(&["瓯海区", "洞头"]));
    let read_rows: Vec<String> = outcome.sources.iter().map(|source| row(&source.rows, 1)).collect();
    assert_eq!(read_rows, ["ouhai|龙湾区|7", "dongtou|龙湾区|7"]);
    let by_name = table("", &["name string from = \"sheet\"", "firms int zh = [\"户数\"]"]);
    let outcome = read(&[by_name], &sheets(&["鞋业"]));
    assert_eq!(row(&outcome.sources[0].rows, 0), "鞋业|5");
}
