//! Industry classes of GB/T 4754 as bureaus write them: `3512`, `C3512`, `C35`, `35`, `3512 …` with its name behind, and
//! `111` where `0111` passed through a number.
//!
//! Held against it are sections and divisions, which both editions in use (2011, 2017) have in common; groups and classes
//! below them differ by edition and are taken as written.

use model::{Field, text};

use crate::codes;
use crate::grid::Cell;
use crate::values::{Good, Note, Problem, Value};

/// The sections of GB/T 4754-2017 with their first and last divisions.
const SECTIONS: [(char, u8, u8); 20] = [
    ('A', 1, 5),
    ('B', 6, 12),
    ('C', 13, 43),
    ('D', 44, 46),
    ('E', 47, 50),
    ('F', 51, 52),
    ('G', 53, 60),
    ('H', 61, 62),
    ('I', 63, 65),
    ('J', 66, 69),
    ('K', 70, 70),
    ('L', 71, 72),
    ('M', 73, 75),
    ('N', 76, 79),
    ('O', 80, 82),
    ('P', 83, 83),
    ('Q', 84, 85),
    ('R', 86, 90),
    ('S', 91, 96),
    ('T', 97, 97),
];
/// The groups of divisions 01 to 09 without the zero in front: only codes that begin so may have lost one.
const GROUPS: [u8; 35] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 31, 32, 33, 39, 41, 42, 51, 52, 53, 54, 61, 62,
    69, 71, 72, 81, 82, 89, 91, 92, 93,
];
/// Digits of a class, the finest level.
const CLASS: usize = 4;

/// Reads an industry class: its digits without the letter of the section, or that letter where no more is said.
///
/// A zero in front is put back where the code can be nothing else without it, or where the contract wants classes and it
/// is one with the zero (`170`: 0170). What may be a group as well (`351`) stays, and its length is told.
pub(crate) fn read(cell: &Cell, field: &Field) -> Result<Good, Problem> {
    let plain = text::squeeze(&codes::plain(cell)?).to_uppercase();
    let (section, rest) = match plain.chars().next().filter(char::is_ascii_uppercase) {
        Some(letter) => (Some(letter), plain.get(1..).unwrap_or_default()),
        None => (None, plain.as_str()),
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (code, name) = rest.split_at(digits);
    // A name may stand behind; letters and signs are more of a code we do not know.
    if name.starts_with(|c: char| c.is_ascii() && !matches!(c, '(' | '-' | ':' | ',')) {
        return Err(Problem::IndustryUnknown);
    }
    if code.is_empty() {
        let known = section.filter(|letter| SECTIONS.iter().any(|(section, ..)| section == letter));
        return known
            .map(|letter| Value::Text(letter.to_string().as_str().into()).into())
            .ok_or(Problem::IndustryUnknown);
    }
    let zero = format!("0{code}");
    let fits = |code: &str| is_known(code, section);
    let may_have_lost_it = code.len() < 2 || code.get(..2).is_some_and(is_early_group);
    let wanted = |code: &str| field.length.is_empty() || is_long(code, field);
    let (code, notes) = match (fits(code) && code.len() > 1, may_have_lost_it && fits(&zero)) {
        (true, _) if wanted(code) => (code, Vec::new()),
        (false, true) => (zero.as_str(), vec![Note::ZeroPutBack]),
        (true, true) if is_long(&zero, field) => (zero.as_str(), vec![Note::ZeroPutBack]),
        (true, _) => (code, vec![Note::CodeLength]),
        (false, false) => return Err(Problem::IndustryUnknown),
    };
    Ok(Good { value: Value::Text(code.into()), notes })
}

/// Whether two digits are those of a group of divisions 01 to 09 behind its zero.
fn is_early_group(digits: &str) -> bool {
    digits.parse().is_ok_and(|group: u8| GROUPS.contains(&group))
}

/// Whether a code has one of the lengths the contract names.
fn is_long(code: &str, field: &Field) -> bool {
    field.length.iter().any(|length| usize::try_from(*length).is_ok_and(|length| length == code.len()))
}

/// Whether a code begins with a division, of this section if one is named.
fn is_known(code: &str, section: Option<char>) -> bool {
    let division = code.get(..2).and_then(|division| division.parse::<u8>().ok());
    code.len() <= CLASS
        && division.is_some_and(|division| {
            let mut sections =
                SECTIONS.iter().filter(|(_, first, last)| (*first..=*last).contains(&division));
            sections.any(|(letter, ..)| section.is_none_or(|section| section == *letter))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_as_bureaus_write_them() {
        for (length, cell, expected) in [
            ("[]", Cell::text("3512"), "3512"),
            ("[]", Cell::text("c3512"), "3512"),
            ("[]", Cell::text("Ｃ３５"), "35"),
            ("[]", Cell::text("C"), "C"),
            ("[]", Cell::text("1952 皮鞋制造"), "1952"),
            ("[]", Cell::text("0111"), "0111"),
            ("[]", Cell::Number(3512.0), "3512"),
            // The group 111 is one of division 11; A111 and 3 can be nothing but 0111 and 03.
            ("[]", Cell::Number(111.0), "111"),
            ("[4]", Cell::Number(111.0), "0111 ZeroPutBack"),
            ("[]", Cell::text("A111"), "0111 ZeroPutBack"),
            ("[]", Cell::text("3"), "03 ZeroPutBack"),
            ("[4]", Cell::Number(170.0), "0170 ZeroPutBack"),
            ("[4]", Cell::Number(351.0), "351 CodeLength"),
            ("[4]", Cell::text("652"), "652 CodeLength"),
            ("[]", Cell::text("A351"), "IndustryUnknown"),
            ("[4]", Cell::text("C35"), "35 CodeLength"),
            ("[]", Cell::text("A3512"), "IndustryUnknown"),
            ("[]", Cell::text("9899"), "IndustryUnknown"),
            ("[]", Cell::text("0012"), "IndustryUnknown"),
            ("[]", Cell::text("35120"), "IndustryUnknown"),
            ("[]", Cell::text("皮鞋制造"), "IndustryUnknown"),
            ("[]", Cell::text("35AB"), "IndustryUnknown"),
            ("[]", Cell::text("Z"), "IndustryUnknown"),
        ] {
            let field = format!("name = \"x\"\nzh = [\"x\"]\ntype = \"industry\"\nlength = {length}");
            let field: Field = toml::from_str(&field).unwrap();
            let told = match read(&cell, &field) {
                Ok(Good { value: Value::Text(text), notes }) => {
                    notes.iter().fold(text.to_string(), |text, note| format!("{text} {note:?}"))
                }
                other => other.map_or_else(|problem| format!("{problem:?}"), |good| format!("{good:?}")),
            };
            assert_eq!(told, expected, "{cell:?} {length}");
        }
    }
}
