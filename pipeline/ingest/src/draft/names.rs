//! Names for columns and contracts: readable, ASCII, each once. Chinese labels become pinyin, which whoever takes over
//! the draft may replace.

use std::collections::BTreeSet;

use model::text;
use pinyin::ToPinyin as _;

/// Most syllables of a name.
const MAX_SYLLABLES: usize = 8;
/// Most characters of a name.
const MAX_LENGTH: usize = 40;

/// An identifier for a label: pinyin of its Han characters, lower case, other characters parted by `_`. Empty when
/// nothing of the label can be spelled.
pub(crate) fn spelled(label: &str) -> String {
    let plain = text::squeeze(label);
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in plain.chars() {
        if c.is_ascii_alphanumeric() {
            // unitCode is two words.
            if c.is_ascii_uppercase() && lower_before {
                words.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
            lower_before = !c.is_ascii_uppercase();
            continue;
        }
        lower_before = false;
        words.push(std::mem::take(&mut word));
        let syllable = c.to_pinyin().map(|pinyin| pinyin.plain().replace('ü', "v"));
        words.extend(syllable.filter(|syllable| syllable.is_ascii()));
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.truncate(MAX_SYLLABLES);
    let mut name = String::new();
    for word in words {
        if name.len() + word.len() >= MAX_LENGTH {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(&word);
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("c{name}") } else { name }
}

/// The name, or the name with a number, that is not taken yet; it is taken then.
pub(crate) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    let mut number = 1;
    while !taken.insert(free.clone()) {
        number += 1;
        free = format!("{name}_{number}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_spelled() {
        for (label, expected) in [
            ("地区", "di_qu"),
            ("年末常住人口", "nian_mo_chang_zhu_ren_kou"),
            ("unitCode", "unit_code"),
            ("ROAD_NAME", "road_name"),
            ("PM2.5均值", "pm2_5_jun_zhi"),
            ("B类 代码", "b_lei_dai_ma"),
            ("2024年", "c2024_nian"),
            ("（）", ""),
            ("绿化率", "lv_hua_lv"),
        ] {
            assert_eq!(spelled(label), expected, "{label}");
        }
        assert!(spelled(&"很长".repeat(50)).len() <= MAX_LENGTH);
        let mut taken = BTreeSet::new();
        assert_eq!([unique("a", &mut taken), unique("a", &mut taken)], ["a", "a_2"]);
    }
}
