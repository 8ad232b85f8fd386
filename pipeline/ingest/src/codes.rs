//! Codes: what spreadsheets do to them, undone where it can be and told where it cannot.
//!
//! A number of a workbook holds fifteen digits, so a longer code that was a number is lost. Leading zeros that are gone
//! are told, not put back: the table they come from knows better than we do.
//!
//! Enterprises that have not changed since 2015 stand in lists by their registration number; such a number is no wrong
//! credit code, and none is made from it.

use model::{Field, text};

use crate::grid::Cell;
use crate::values::{Good, Note, Problem, Value};

/// Digits a workbook's number keeps.
const KEPT: usize = 15;
/// The alphabet of GB 32100: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The code of a cell, as typed.
pub(crate) fn plain(cell: &Cell) -> Result<String, Problem> {
    let shown = text::squeeze(&cell.shown());
    let shown = shown.strip_prefix('\'').unwrap_or(&shown);
    if let Cell::Number(number) = cell
        && (number.abs() >= 1e15 || shown.contains(['e', 'E']))
    {
        return Err(Problem::CodeFloated);
    }
    let whole = match shown.split_once('.') {
        Some((whole, decimals)) if is_digits(whole) && decimals.bytes().all(|b| b == b'0') => whole,
        _ => shown,
    };
    let exponent = whole.split_once(['E', 'e']).is_some_and(|(mantissa, power)| {
        mantissa.contains('.')
            && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.')
            && power.starts_with('+')
    });
    let rounded = is_digits(whole)
        && whole.len() > KEPT
        && whole.bytes().skip(KEPT).all(|b| b == b'0')
        && whole.len() - KEPT >= 3
        // Some end in zeros by right; a lost digit passes both checks once in 341.
        && !is_uscc(whole);
    if exponent || rounded { Err(Problem::CodeFloated) } else { Ok(whole.to_owned()) }
}

/// Whether a text is made of ASCII digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a `code`.
pub(crate) fn code(cell: &Cell, field: &Field) -> Result<Good, Problem> {
    let code = plain(cell)?;
    let length = code.chars().count();
    let fits = |wanted: &u32| usize::try_from(*wanted).is_ok_and(|wanted| wanted == length);
    let mut notes = Vec::new();
    if !field.length.is_empty() && !field.length.iter().any(fits) {
        let longest = field.length.iter().max().and_then(|longest| usize::try_from(*longest).ok());
        let short = is_digits(&code) && longest.is_some_and(|longest| length < longest);
        notes.push(if short { Note::CodeShort } else { Note::CodeLength });
    }
    Ok(Good { value: Value::Text(code.into()), notes })
}

/// Reads a unified social credit code. Lower case and letters that cannot be in one are repaired if exactly one
/// repair passes both check characters.
pub(crate) fn uscc(cell: &Cell) -> Result<Good, Problem> {
    let typed = plain(cell)?;
    let upper = typed.to_uppercase();
    if is_uscc(&upper) {
        let notes = if upper == typed { Vec::new() } else { vec![Note::CodeRepaired] };
        return Ok(Good { value: Value::Text(upper.into()), notes });
    }
    if is_registration_number(&upper) {
        return Err(Problem::RegistrationNumber);
    }
    let mut candidates = vec![String::new()];
    for c in upper.chars().take(18) {
        let options: &[char] = match c {
            'O' => &['0', 'Q'],
            'I' => &['1', 'J'],
            'Z' => &['2'],
            'S' => &['5'],
            'V' => &['U', 'Y'],
            _ => &[],
        };
        if options.len() * candidates.len() > 64 {
            return Err(Problem::CodeInvalid);
        }
        let own = [c];
        let options = if options.is_empty() { &own } else { options };
        candidates =
            candidates.iter().flat_map(|start| options.iter().map(move |c| format!("{start}{c}"))).collect();
    }
    let mut right = candidates.into_iter().filter(|code| upper.chars().count() == 18 && is_uscc(code));
    match (right.next(), right.next()) {
        (Some(code), None) => Ok(Good { value: Value::Text(code.into()), notes: vec![Note::CodeRepaired] }),
        _ => Err(Problem::CodeInvalid),
    }
}

/// Whether a cell holds a registration number of before the credit code.
pub(crate) fn holds_registration_number(cell: &Cell) -> bool {
    uscc(cell) == Err(Problem::RegistrationNumber)
}

/// Whether a text is a registration number of before the credit code: fifteen digits with the check digit of GS 15-2006,
/// the thirteen before it, which have none, or that of a foreign-invested enterprise in words (`企独…字第000001号`).
fn is_registration_number(text: &str) -> bool {
    match text.len() {
        13 if is_digits(text) => true,
        15 if is_digits(text) => {
            // ISO 7064, MOD 11,10.
            let (number, check) = text.split_at(14);
            let product = number.bytes().map(|digit| u32::from(digit - b'0')).fold(10, |product, digit| {
                let sum = (product + digit) % 10;
                2 * (if sum == 0 { 10 } else { sum }) % 11
            });
            check.parse() == Ok((11 - product) % 10)
        }
        _ => {
            let number = text.strip_suffix('号').and_then(|text| text.split_once("字第"));
            number.is_some_and(|(kind, number)| kind.starts_with('企') && is_digits(number))
        }
    }
}

/// Whether a text is a unified social credit code: GB 32100 over all, GB 11714 over the organisation part.
pub(crate) fn is_uscc(code: &str) -> bool {
    let Ok(code) = <&[u8; 18]>::try_from(code.as_bytes()) else { return false };
    let (mut sum, mut known) = (0, true);
    for (byte, weight) in code.iter().zip(WEIGHTS.into_iter().chain([1])) {
        let index = ALPHABET.bytes().position(|own| own == *byte);
        known &= index.is_some();
        sum += index.unwrap_or_default() * weight;
    }
    let (Some(division), Some(part), Some(check)) = (code.get(2..8), code.get(8..16), code.get(16)) else {
        return false;
    };
    let division = division.iter().all(u8::is_ascii_digit);
    // In the older standard the letters count on without gaps.
    let older =
        |byte: &u8| usize::try_from(char::from(*byte).to_digit(36).unwrap_or_default()).unwrap_or_default();
    let of_part: usize =
        part.iter().zip(ORGANISATION_WEIGHTS).map(|(byte, weight)| older(byte) * weight).sum();
    let expected = match 11 - of_part % 11 {
        10 => b'X',
        11 => b'0',
        other => b'0' + u8::try_from(other).unwrap_or_default(),
    };
    known && division && sum.is_multiple_of(31) && *check == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &Cell, kind: &str, length: &str) -> String {
        let field: Field =
            toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\nlength = {length}"))
                .unwrap();
        let read = if kind == "uscc" { uscc(cell) } else { code(cell, &field) };
        match read {
            Ok(Good { value: Value::Text(text), notes }) if notes.is_empty() => text.into(),
            Ok(Good { value: Value::Text(text), notes }) => format!("{text} {notes:?}"),
            Ok(other) => format!("{other:?}"),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[test]
    fn what_spreadsheets_do_to_codes() {
        for (cell, expected) in [
            (Cell::Text("00123".into()), "00123"),
            (Cell::Text("'00123".into()), "00123"),
            (Cell::Text("０１６０".into()), "0160"),
            (Cell::Number(330_302.0), "330302"),
            (Cell::Text("330302000123456.0".into()), "330302000123456"),
            (Cell::Text("919901021210421000".into()), "919901021210421000"),
            (Cell::Text("9.13303E+17".into()), "CodeFloated"),
            (Cell::Text("913303021454000000".into()), "CodeFloated"),
            (Cell::Number(9.133_030_214_54e17), "CodeFloated"),
        ] {
            assert_eq!(read(&cell, "code", "[]"), expected, "{cell:?}");
        }
        assert_eq!(read(&Cell::Number(170.0), "code", "[4]"), "170 [CodeShort]");
        assert_eq!(read(&Cell::Text("0170".into()), "code", "[4, 6]"), "0170");
        assert_eq!(read(&Cell::Text("01701".into()), "code", "[4]"), "01701 [CodeLength]");
    }

    #[test]
    fn credit_codes_are_checked_and_repaired() {
        for code in ["91350100M000100Y43", "91330302MA200006X0", "91330381PW0000QY2A", "92330383MA2ABCDEXY"] {
            assert_eq!(read(&Cell::Text(code.into()), "uscc", "[]"), code);
        }
        let repaired = "91330302MA200006X0 [CodeRepaired]";
        for code in ["91330302ma200006x0", "9133O302MA200006X0", "9I330302MA2OO006X0"] {
            assert_eq!(read(&Cell::Text(code.into()), "uscc", "[]"), repaired, "{code}");
        }
        for code in ["91330302MA200006X1", "91330302MA2000", "11010519491231002X"] {
            assert_eq!(read(&Cell::Text(code.into()), "uscc", "[]"), "CodeInvalid", "{code}");
        }
    }

    #[test]
    fn registration_numbers_are_no_wrong_credit_codes() {
        for (text, expected) in [
            ("110108000000016", "RegistrationNumber"),
            ("330302200001233", "RegistrationNumber"),
            ("330302200001233.0", "RegistrationNumber"),
            ("330302200001234", "CodeInvalid"),
            ("9903022000012", "RegistrationNumber"),
            ("99030220000123", "CodeInvalid"),
            ("企独某市总字第000001号", "RegistrationNumber"),
            ("企独某市总字第号", "CodeInvalid"),
            ("某字第000001号", "CodeInvalid"),
        ] {
            assert_eq!(read(&Cell::Text(text.into()), "uscc", "[]"), expected, "{text}");
        }
        assert_eq!(read(&Cell::Number(330_302_200_001_233.0), "uscc", "[]"), "RegistrationNumber");
    }
}
