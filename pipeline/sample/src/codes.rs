//! Identifiers of the invented city: unified social credit codes, old registration numbers, and such as look like
//! identity numbers of persons.
//!
//! Check characters are right (GB 32100, GB 11714, GS 15, GB 11643); the division codes begin with 99, which is no
//! province, so none of these can be anybody's. Identity numbers for planting need a province to be found: they are
//! born on 1900-01-01 and counted from 000, as no living person's is.

/// The alphabet of GB 32100: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// 31^6 and 10^8: how many bodies of either kind there are; the steps share no divisor with them, so that walking
/// through them in steps meets each once.
const BODIES: u64 = 887_503_681;
const STEP: u64 = 362_437_069;
const DIGITS: u64 = 100_000_000;
const DIGIT_STEP: u64 = 36_243_707;

/// The eight characters of an organisation, unlike for unlike numbers: digits for old organisations while there are
/// enough of them, `MA…` for new ones.
pub fn organisation(number: u64, old: bool) -> String {
    if old && number < DIGITS {
        return format!("{:08}", number * DIGIT_STEP % DIGITS);
    }
    let mut left =
        u64::try_from(u128::from(number % BODIES) * u128::from(STEP) % u128::from(BODIES)).unwrap_or(0);
    let mut body = String::from(if old { "PW" } else { "MA" });
    for _ in 0..6 {
        body.push(letter(left % 31));
        left /= 31;
    }
    body
}

fn letter(index: u64) -> char {
    usize::try_from(index).ok().and_then(|index| ALPHABET.get(index)).map_or('0', |byte| char::from(*byte))
}

/// The check character of an organisation code.
fn organisation_check(body: &str) -> char {
    // Here letters count on from 10 without gaps, unlike in the credit code.
    let value = |c: char| usize::try_from(c.to_digit(36).unwrap_or_default()).unwrap_or_default();
    let sum: usize = body.chars().zip(ORGANISATION_WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or_default()),
    }
}

/// A credit code: kind (`91` enterprise, `92` individual business, `93` cooperative), office, organisation, and the
/// two check characters.
pub fn credit(kind: &str, office: &str, body: &str) -> String {
    let mut code = format!("{kind}{office}{body}{}", organisation_check(body));
    let index = |byte: u8| ALPHABET.iter().position(|other| *other == byte).unwrap_or_default();
    let sum: usize = code.bytes().zip(WEIGHTS).map(|(byte, weight)| index(byte) * weight).sum();
    code.push(letter(u64::try_from((31 - sum % 31) % 31).unwrap_or_default()));
    code
}

/// Whether a text is a credit code whose check characters are right.
pub fn is_credit(code: &str) -> bool {
    let (kind, office, body) = (code.get(..2), code.get(2..8), code.get(8..16));
    let (Some(kind), Some(office), Some(body)) = (kind, office, body) else { return false };
    credit(kind, office, body) == code
}

/// An old registration number: office, eight digits, check digit.
pub fn registration(office: &str, number: u64) -> String {
    let start = format!("{office}{:08}", number % DIGITS);
    let mut product = 10;
    for digit in start.bytes().map(|byte| u32::from(byte.saturating_sub(b'0'))) {
        let sum = (product + digit) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    format!("{start}{}", (11 - product) % 10)
}

/// A number like a person's identity number, for planting.
pub fn identity(number: u64) -> String {
    let start = format!("11010119000101{:03}", number % 10);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = start.bytes().zip(weights).map(|(byte, weight)| usize::from(byte - b'0') * weight).sum();
    let check = b"10X98765432".get(sum % 11).map_or('0', |byte| char::from(*byte));
    format!("{start}{check}")
}

/// A telephone number that has the form of one and is evidently none.
pub fn telephone(number: u64) -> String {
    format!("1{}90000{:04}", 3 + number % 7, number / 7 % 10_000)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn worked_examples_of_the_standard() {
        assert_eq!(credit("91", "350100", "M000100Y"), "91350100M000100Y43");
        assert_eq!(credit("91", "330302", "MA200006"), "91330302MA200006X0");
        assert_eq!(credit("91", "330381", "PW0000QY"), "91330381PW0000QY2A");
        assert_eq!(credit("92", "330383", "MA2ABCDE"), "92330383MA2ABCDEXY");
        assert_eq!(registration("110108", 1), "110108000000016");
        assert_eq!(registration("330302", 20_000_123), "330302200001233");
        assert_eq!(telephone(0), "13900000000");
        assert_eq!(identity(0).len(), 18);
    }

    #[test]
    fn no_body_twice() {
        let bodies: BTreeSet<String> =
            (0..20_000).flat_map(|number| [true, false].map(|old| organisation(number * 37, old))).collect();
        assert_eq!(bodies.len(), 40_000);
    }
}
