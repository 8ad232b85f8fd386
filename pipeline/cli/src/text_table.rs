//! Aligned columns for terminals, where a Han character is two cells wide.

use unicode_width::UnicodeWidthStr as _;

/// Lays rows out in columns; `right` says which columns are numbers.
pub(crate) fn lines(header: &[String], rows: &[Vec<String>], right: &[bool]) -> Vec<String> {
    let width = |column: usize| {
        std::iter::once(header)
            .chain(rows.iter().map(Vec::as_slice))
            .filter_map(|row| row.get(column))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |row: &[String]| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(at, (cell, width))| {
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                if right.get(at) == Some(&true) {
                    format!("{padding}{cell}")
                } else {
                    format!("{cell}{padding}")
                }
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
    std::iter::once(line(header)).chain([rule]).chain(rows.iter().map(|row| line(row))).collect()
}

/// Labels in a column of their own, each with its text.
pub(crate) fn pairs(labels_and_texts: &[(String, String)]) -> Vec<String> {
    let widest = labels_and_texts.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let line = |(label, text): &(String, String)| {
        let padding = " ".repeat(widest.saturating_sub(label.width()));
        format!("{label}{padding}  {text}").trim_end().to_owned()
    };
    labels_and_texts.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_are_two_wide() {
        let header = ["名".to_owned(), "n".to_owned()];
        let rows = vec![vec!["鹿城区".to_owned(), "1".to_owned()], vec!["x".to_owned(), "12".to_owned()]];
        assert_eq!(
            lines(&header, &rows, &[false, true]),
            ["名       n", "──────────", "鹿城区   1", "x       12"]
        );
        let pair = |label: &str, text: &str| (label.to_owned(), text.to_owned());
        assert_eq!(pairs(&[pair("数值", "7"), pair("n", ""), pair("", "又")]), ["数值  7", "n", "      又"]);
    }
}
