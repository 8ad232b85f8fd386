//! Personal data where none should be: ID numbers and mobile numbers in texts.
//!
//! An ID number (GB 11643) stands beside no other digit, begins with a province, holds a birth date of the calendar
//! that is not after the day of receipt, and has the right check character. The check character alone would be met by
//! one number in eleven.

use model::text;

use crate::dates::day_number;

const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83,
];
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Labels behind which a person's name or number stands.
const PERSON_LABELS: [&str; 20] = [
    "单位负责人",
    "统计负责人",
    "负责人",
    "审核人",
    "复核人",
    "填表人",
    "填报人",
    "制表人",
    "经办人",
    "联系人",
    "报送人",
    "签发人",
    "制表",
    "审核",
    "复核",
    "填表",
    "联系电话",
    "电话",
    "手机",
    "联系方式",
];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Whether a text holds an ID number or a mobile number. `received` is the day of receipt, `YYYY-MM-DD`.
pub(crate) fn holds(shown: &str, received: &str) -> bool {
    // Han characters are most of what is looked at, and no digits.
    let digit = |c: &char| {
        c.is_ascii_digit() || (!matches!(c, '\u{0}'..='\u{7f}' | '\u{4e00}'..='\u{9fff}') && c.is_numeric())
    };
    if shown.len() < 11 || shown.chars().filter(digit).count() < 11 {
        return false;
    }
    let plain: Vec<u8> =
        text::narrow(shown).chars().map(|c| u8::try_from(c).unwrap_or(b' ').to_ascii_uppercase()).collect();
    if PARTED.iter().any(|parts| holds_parted(&plain, parts, received)) {
        return true;
    }
    let digit = |at: usize| plain.get(at).is_some_and(u8::is_ascii_digit);
    (0..plain.len()).filter(|at| digit(*at) && !(*at > 0 && digit(at - 1))).any(|at| {
        let run = plain.iter().skip(at).take_while(|c| c.is_ascii_digit()).count();
        let of_china = run == 13 && plain.get(at..at + 2) == Some(b"86");
        let start = if of_china { at + 2 } else { at };
        let mobile = (run == 11 || of_china) && is_mobile(plain.get(start..).unwrap_or_default());
        let x_at_end = run == 17 && plain.get(at + 17) == Some(&b'X') && !digit(at + 18);
        let number = (run == 18 || x_at_end).then(|| plain.get(at..at + 18)).flatten();
        mobile || number.is_some_and(|number| is_id_number(number, received))
    })
}

/// How many digits stand together where people part a mobile number or an ID number.
const PARTED: [&[usize]; 3] = [&[3, 4, 4], &[6, 8, 4], &[6, 4, 4, 4]];

fn is_mobile(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'3'..=b'9', ..])
}

/// Whether a number stands in a text in such parts, with one kind of sign between them.
fn holds_parted(plain: &[u8], parts: &[usize], received: &str) -> bool {
    let digit = |at: usize| plain.get(at).is_some_and(u8::is_ascii_digit);
    (0..plain.len()).filter(|at| digit(*at) && !(*at > 0 && digit(at - 1))).any(|start| {
        let (mut at, mut joined) = (start, Vec::new());
        let between = parts.first().and_then(|first| plain.get(start + first));
        for (number, part) in parts.iter().enumerate() {
            if number > 0 {
                if plain.get(at) != between || !matches!(between, Some(b' ' | b'-')) {
                    return false;
                }
                at += 1;
            }
            let Some(run) = plain.get(at..at + part) else { return false };
            joined.extend_from_slice(run);
            at += part;
        }
        let last = joined.len().saturating_sub(1);
        let digits = joined.iter().enumerate();
        let whole = digits.into_iter().all(|(place, c)| c.is_ascii_digit() || (place == last && *c == b'X'));
        let mobile = joined.len() == 11 && is_mobile(&joined);
        whole && !digit(at) && (mobile || (joined.len() == 18 && is_id_number(&joined, received)))
    })
}

/// The text, or `***` if it holds personal data.
pub(crate) fn masked(shown: &str, received: &str) -> String {
    if holds(shown, received) { "***".to_owned() } else { shown.to_owned() }
}

/// A title or note without the persons who signed it: what stands behind 审核人, 填表人, 联系电话 and the like.
pub(crate) fn unsigned(shown: &str) -> String {
    let mut told = String::new();
    let mut of_person = false;
    let mut rest = shown;
    while let Some(colon) = rest.find([':', '：']) {
        let (piece, after) = rest.split_at(colon);
        let (value, label) = before_label(piece, of_person);
        told.push_str(if of_person && !value.trim().is_empty() { "*** " } else { value });
        told.push_str(label);
        let mark = if after.starts_with(':') { ":" } else { "：" };
        told.push_str(mark);
        rest = after.strip_prefix(mark).unwrap_or_default();
        of_person = is_person_label(label);
    }
    told.push_str(if of_person && !rest.trim().is_empty() { "***" } else { rest });
    told
}

/// What stands between two colons: the value of the label before, and the next label.
fn before_label(piece: &str, of_person: bool) -> (&str, &str) {
    let parted =
        piece.rfind(|c: char| c.is_whitespace() || matches!(c, '；' | ';' | '，' | ',' | '。' | '、'));
    let after = parted.and_then(|at| Some((at, piece.get(at..)?.chars().next()?.len_utf8())));
    let (value, label) = after.map_or(("", piece), |(at, length)| piece.split_at(at + length));
    if !of_person {
        return (value, label);
    }
    // Nothing parts a name from the next label: 审核人：张三填表人：李四.
    let known = PERSON_LABELS.iter().filter(|known| label.ends_with(*known)).map(|known| known.len()).max();
    match known {
        Some(length) if value.is_empty() => piece.split_at(piece.len() - length),
        _ => (value, label),
    }
}

fn is_person_label(label: &str) -> bool {
    let plain = text::squeeze(label);
    PERSON_LABELS.iter().any(|known| plain.ends_with(known))
}

fn is_id_number(number: &[u8], received: &str) -> bool {
    let value = |from: usize, to: usize| {
        let digits = number.get(from..to).and_then(|digits| std::str::from_utf8(digits).ok());
        digits.and_then(|digits| digits.parse::<u16>().ok()).unwrap_or_default()
    };
    let province = u8::try_from(value(0, 2)).is_ok_and(|province| PROVINCES.contains(&province));
    let (year, month, day) = (value(6, 10), value(10, 12), value(12, 14));
    let born = year >= 1900
        && day_number(year, month, day).is_ok()
        && (received.len() != 10 || format!("{year:04}-{month:02}-{day:02}").as_str() <= received);
    let sum: u32 =
        number.iter().zip(WEIGHTS).map(|(c, weight)| u32::from(c.saturating_sub(b'0')) * weight).sum();
    let check = usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at));
    province && born && check == number.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_cut_off() {
        for (shown, expected) in [
            (
                "审核人：张三     填表人：李 四     联系电话：0577-88123456",
                "审核人：*** 填表人：*** 联系电话：***",
            ),
            (
                "单位负责人:王五;填表人:赵六；填报日期：2024年4月2日",
                "单位负责人:*** 填表人:*** 填报日期：2024年4月2日",
            ),
            ("审核人：张三填表人：李四", "审核人：*** 填表人：***"),
            ("审核人：     填表人：     联系电话：", "审核人：     填表人：     联系电话："),
            ("注：1.数据为快报数。", "注：1.数据为快报数。"),
            ("填报单位：××局          单位：亿元、户", "填报单位：××局          单位：亿元、户"),
        ] {
            assert_eq!(unsigned(shown), expected);
        }
    }

    #[test]
    fn persons_are_found_and_numbers_left_alone() {
        for hit in [
            "11010519491231002X",
            "ID11010519491231002x",
            "身份证１１０１０５１９４９１２３１００２Ｘ，",
            "联系人电话13800138000",
            "13800138000/0577",
            "138 0013 8000",
            "电话：138-0013-8000",
            "+8613800138000",
            "110105 19491231 002X",
            "110105-1949-1231-002x",
        ] {
            assert!(holds(hit, "2024-05-01"), "{hit}");
        }
        for other in [
            "11010519491231002X7",
            "110105194913310021",
            "990105194912310023",
            "订单138001380001",
            "91330302MA200006X0",
            "12800138000",
            "138 0013-8000",
            "2138 0013 8000",
            "110105 19491331 0021",
            "8712800138000",
            "330302000000",
            "",
        ] {
            assert!(!holds(other, "2024-05-01"), "{other}");
        }
        // Nobody is born after the day of receipt.
        assert!(!holds("11010519491231002X", "1949-12-30"));
    }
}
