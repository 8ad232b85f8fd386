//! What is printed reads back: for each type of field, every form the reader knows leads to the value it was printed from.
//! The cases are drawn with a fixed seed, so that each run tests the same.

use model::{Decimal, Field};

use crate::codes;
use crate::dates::{self, Dating};
use crate::drawn::holds;
use crate::grid::Cell;
use crate::values::{self, Measure, Value};

fn field(kind: &str, more: &str) -> Field {
    toml::from_str(&format!("name = \"x\"\nzh = [\"x\"]\ntype = \"{kind}\"\n{more}")).unwrap()
}

/// The cell as a value of the field under a header that declares a unit; notes are left out.
fn read(cell: &Cell, field: &Field, header: &str) -> Option<Value> {
    let measure = Measure::decide(field, (!header.is_empty()).then_some(header), &[]);
    let dating = Dating { year: Some(2024), point_one: None };
    values::read(cell, field, &measure, dating).ok()?.ok().map(|good| good.value)
}

#[track_caller]
fn reads(text: &str, field: &Field, header: &str, expected: &Value) {
    for shown in [text.to_owned(), full_width(text), format!("  {text}\u{3000}")] {
        assert_eq!(
            read(&Cell::text(&shown), field, header).as_ref(),
            Some(expected),
            "{shown} under `{header}`"
        );
    }
}

fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(wide).collect()
}

/// A number with its thousands parted.
fn parted(number: &str, by: &str) -> String {
    let (whole, decimals) =
        number.split_once('.').map_or((number, String::new()), |(w, d)| (w, format!(".{d}")));
    let mut groups: Vec<String> =
        whole.chars().rev().collect::<Vec<_>>().chunks(3).map(|group| group.iter().rev().collect()).collect();
    groups.reverse();
    groups.join(by) + &decimals
}

/// The forms of a number: signs, brackets, separators, footnote marks.
fn forms(number: Decimal) -> Vec<String> {
    let plain = number.abs().to_string();
    let mut bare = vec![
        plain.clone(),
        parted(&plain, ","),
        parted(&plain, " "),
        format!("{plain}①"),
        format!("{plain}*"),
    ];
    if number.is_sign_negative() && !number.is_zero() {
        bare = ["-", "－", "−", "负"].iter().map(|sign| format!("{sign}{plain}")).collect();
        bare.extend([format!("({plain})"), format!("（{}）", parted(&plain, ",")), format!("{plain}-")]);
    }
    bare
}

#[test]
fn counts() {
    let int = field("int", "measure_unit = \"户\"");
    holds(256, &(-9_000_000_000_000_i64..9_000_000_000_000), |number| {
        let expected = Value::Int(number);
        for text in forms(Decimal::from(number)) {
            reads(&text, &int, "", &expected);
        }
        reads(&format!("{number}户"), &int, "", &expected);
        reads(&format!("{number}.0"), &int, "", &expected);
        let tens = Decimal::from(number).checked_div(Decimal::from(10_000)).unwrap();
        reads(&tens.to_string(), &int, "万户", &expected);
        reads(&format!("{tens}万户"), &int, "", &expected);
        if number.unsigned_abs() < 1 << 53 {
            #[expect(clippy::cast_precision_loss, reason = "such numbers are exact")]
            let cell = Cell::Number(number as f64);
            assert_eq!(read(&cell, &int, ""), Some(expected));
        }
    });
}

#[test]
fn measures_and_money() {
    let (decimal, money) = (field("decimal", ""), field("money", ""));
    holds(256, &(-99_999_999_999_i64..99_999_999_999), |scaled| {
        let number = Decimal::new(scaled, 2);
        let expected = Value::Decimal(scaled.into());
        for text in forms(number) {
            reads(&text, &money, "", &expected);
            reads(&text, &decimal, "", &Value::Decimal(i128::from(scaled) * 10_000));
        }
        reads(&format!("{number}元"), &money, "", &expected);
        for (unit, scale) in [("千元", 5), ("万元", 6), ("亿元", 10)] {
            let printed = Decimal::new(scaled, scale);
            reads(&printed.to_string(), &money, unit, &expected);
            // What the cell says comes before what the column says.
            reads(&format!("{printed}{unit}"), &money, "百万元", &expected);
        }
        reads(&format!("{}万", Decimal::new(scaled, 6)), &money, "", &expected);
    });
}

#[test]
fn shares_and_points() {
    let (ratio, points) = (field("ratio", ""), field("points", ""));
    holds(256, &(-99_999_999_i64..99_999_999), |scaled| {
        let expected = Value::Decimal(scaled.into());
        let percent = Decimal::new(scaled, 6);
        for text in forms(percent) {
            reads(&text, &ratio, "%", &expected);
        }
        reads(&format!("{percent}%"), &ratio, "", &expected);
        reads(&format!("{}‰", Decimal::new(scaled, 5)), &ratio, "", &expected);
        reads(&Decimal::new(scaled, 8).to_string(), &ratio, "1", &expected);
        let size = percent.abs();
        let word = if scaled < 0 { "同比下降" } else { "增长" };
        reads(&format!("{word}{size}%"), &ratio, "", &expected);
        reads(&format!("{word}{size}"), &ratio, "%", &expected);
        reads(&percent.to_string(), &points, "", &expected);
        reads(&format!("{percent}个百分点"), &points, "", &expected);
        reads(&format!("{word}{size}个百分点"), &points, "", &expected);
    });
}

/// Chinese numerals of a year, digit by digit, and of a month or day.
fn in_chinese(number: u16, digit_by_digit: bool) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |at: u16| DIGITS[usize::from(at)];
    if digit_by_digit {
        return number.to_string().bytes().map(|byte| digit(u16::from(byte - b'0'))).collect();
    }
    let tens = match number / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", digit(tens)),
    };
    if number.is_multiple_of(10) { tens } else { format!("{tens}{}", digit(number % 10)) }
}

#[test]
fn days_and_moments() {
    let (date, moment) = (field("date", ""), field("datetime", ""));
    let early = field("date", "date_system = \"1904\"");
    // 1930 to 2069: later days of two-digit years are of the last century.
    holds(256, &(-14_609_i32..36_524, 0_i64..86_400), |(day, second)| {
        let text = dates::day_text(day);
        let part = |from: usize, to: usize| text.get(from..to).unwrap().parse::<u16>().unwrap();
        let (y, m, d) = (part(0, 4), part(5, 7), part(8, 10));
        let expected = Value::Date(day);
        let chinese =
            format!("{}年{}月{}日", in_chinese(y, true), in_chinese(m, false), in_chinese(d, false));
        for text in [
            text.clone(),
            format!("{y}/{m}/{d}"),
            format!("{y}.{m}.{d}"),
            format!("{y}-{m}-{d}"),
            format!("{y}年{m}月{d}日"),
            format!("{y}{m:02}{d:02}"),
            format!("{text} 08:30:00"),
            chinese,
            (day + 25_569).to_string(),
        ] {
            reads(&text, &date, "", &expected);
        }
        if y >= 1970 {
            reads(&format!("{:02}-{m}-{d}", y % 100), &date, "", &expected);
        }
        if day + 24_107 >= 10_000 {
            reads(&(day + 24_107).to_string(), &early, "", &expected);
        }
        let at = i64::from(day) * 86_400 + second;
        reads(&dates::moment_text(at), &moment, "", &Value::Moment(at));
    });
}

#[test]
fn months_and_periods() {
    let (month, until, period) =
        (field("month", ""), field("month", "cumulative = true"), field("period", ""));
    holds(256, &(1930_u16..2070, 1_u16..13, 1_u16..13), |(y, m, n)| {
        let text = |shown: String| Value::Text(shown.into());
        let expected = text(format!("{y}-{m:02}"));
        let mut shown = vec![
            format!("{y}-{m:02}"),
            format!("{y}年{m}月"),
            format!("{y}年{m}月份"),
            format!("{y}.{m:02}"),
            format!("{y}/{m}"),
            format!("{y}{m:02}"),
            format!("{}年{}月", in_chinese(y, true), in_chinese(m, false)),
        ];
        if y == 2024 {
            shown.extend([format!("{m}月"), format!("截至{m}月底")]);
        }
        for shown in &shown {
            reads(shown, &month, "", &expected);
            reads(shown, &period, "", &expected);
        }
        reads(&format!("{y}年"), &period, "", &text(y.to_string()));
        reads(
            &format!("{y}年第{}季度", in_chinese(m % 4 + 1, false)),
            &period,
            "",
            &text(format!("{y}-Q{}", m % 4 + 1)),
        );
        reads(&format!("{y}年上半年"), &period, "", &text(format!("{y}-H1")));
        if m < n {
            let span = text(format!("{y}-{m:02}/{y}-{n:02}"));
            for shown in [format!("{y}年{m}-{n}月"), format!("{y}年{m}月至{n}月"), format!("{y}年{m}—{n}月")]
            {
                reads(&shown, &period, "", &span);
            }
            reads(&format!("{y}年1-{n}月"), &until, "", &text(format!("{y}-{n:02}")));
        }
    });
}

#[test]
fn words_lists_and_texts() {
    let list = field("enum", "values = { active = [\"存续\", \"在业\"], closed = [\"注销\"] }");
    for (shown, value) in [("active", "active"), ("存 续", "active"), ("在业", "active"), ("注销", "closed")]
    {
        assert_eq!(read(&Cell::text(shown), &list, ""), Some(Value::Text(value.into())), "{shown}");
    }
    for (shown, truth) in [("是", true), ("√", true), ("1", true), ("否", false), ("×", false), ("0", false)]
    {
        assert_eq!(read(&Cell::text(shown), &field("bool", ""), ""), Some(Value::Bool(truth)), "{shown}");
    }
    holds(256, &"[\\p{Han}a-zA-Z0-9（）·]{1,20}( [\\p{Han}a-z]{1,5})?", |shown| {
        for kind in ["string", "unit"] {
            let read = read(&Cell::text(&format!(" {shown}\u{3000}")), &field(kind, ""), "");
            assert_eq!(read, Some(Value::Text(shown.as_str().into())), "{kind}");
        }
    });
}

#[test]
fn codes_keep_their_zeros() {
    let code = field("code", "");
    holds(256, &"[0-9]{1,15}|[A-Z]{1,3}[0-9]{1,15}", |shown| {
        let expected = Value::Text(shown.as_str().into());
        reads(&shown, &code, "", &expected);
        reads(&format!("'{shown}"), &code, "", &expected);
        if let (Ok(number), false) = (shown.parse::<u32>(), shown.starts_with('0')) {
            assert_eq!(read(&Cell::Number(number.into()), &code, ""), Some(expected));
        }
    });
}

#[test]
fn credit_codes() {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let uscc = field("uscc", "");
    holds(256, &"91[1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{8}", |start| {
        let right = ALPHABET.chars().flat_map(|last| "0123456789X".chars().map(move |check| (check, last)));
        let mut right =
            right.map(|(check, last)| format!("{start}{check}{last}")).filter(|code| codes::is_uscc(code));
        let Some(code) = right.next() else { return };
        let expected = Value::Text(code.as_str().into());
        reads(&code, &uscc, "", &expected);
        reads(&code.to_lowercase(), &uscc, "", &expected);
    });
}
