//! Names that are evidently invented: a lunar mansion and syllables of two closed lists, one for enterprises and one for
//! persons, with no character in common, so that a person's name is found wherever it turns up.

use crate::draw::Draw;

const MANSIONS: [&str; 28] = [
    "角宿", "亢宿", "氐宿", "房宿", "心宿", "尾宿", "箕宿", "斗宿", "牛宿", "女宿", "虚宿", "危宿", "室宿",
    "壁宿", "奎宿", "娄宿", "胃宿", "昴宿", "毕宿", "觜宿", "井宿", "鬼宿", "柳宿", "星宿", "张宿", "翼宿",
    "轸宿", "辅宿",
];
const SYLLABLES: [&str; 40] = [
    "砾", "萤", "朔", "霁", "澜", "珩", "曜", "岚", "槿", "霖", "璟", "烁", "泓", "皓", "骁", "屿", "琮",
    "澄", "昱", "沅", "煦", "铄", "翌", "漪", "皎", "笙", "砚", "嵘", "棠", "舸", "筠", "鲲", "珞", "渊",
    "羲", "晗", "旻", "瀚", "钰", "淼",
];
const FAMILIES: [&str; 12] =
    ["阙云", "墨羽", "赫雪", "苍梧", "雾隐", "霜见", "雷鸣", "陌上", "桑落", "鹿鸣", "鹤归", "雁回"];
const GIVEN: [&str; 24] = [
    "禾", "苒", "翎", "芷", "芸", "茉", "蔚", "蕴", "菁", "葵", "蓝", "薇", "稚", "穗", "稔", "粟", "糯",
    "缃", "绮", "绯", "缦", "纾", "绡", "缇",
];
/// What enterprises of a section call their trade.
const TRADES: [(char, &[&str]); 12] = [
    ('A', &["生态农业", "种植", "水产"]),
    ('B', &["矿业"]),
    ('C', &["机械", "电气", "阀门", "鞋业", "服饰", "汽配", "塑业", "眼镜"]),
    ('D', &["能源"]),
    ('E', &["建设", "装饰工程"]),
    ('F', &["贸易", "商贸", "供应链"]),
    ('G', &["物流", "货运"]),
    ('H', &["酒店", "餐饮"]),
    ('I', &["网络科技", "信息技术"]),
    ('K', &["置业", "物业"]),
    ('L', &["企业管理", "广告"]),
    ('M', &["科技", "检测技术"]),
];
const SHOPS: [&str; 10] =
    ["面馆", "便利店", "五金店", "服装店", "理发店", "水果店", "早餐店", "小吃店", "修理部", "文具店"];

/// The name of a person.
pub(crate) fn person(draw: &mut Draw) -> String {
    let family = draw.pick(&FAMILIES);
    [family, draw.pick(&GIVEN), draw.pick(&GIVEN)].concat()
}

/// The persons named in a text.
pub(crate) fn persons_in(text: &str) -> impl Iterator<Item = String> {
    let families =
        FAMILIES.iter().flat_map(|family| text.match_indices(family).map(|(at, family)| (at, family.len())));
    families.filter_map(|(at, length)| {
        let given: String = text.get(at + length..)?.chars().take(2).collect();
        let is_name =
            given.chars().count() == 2 && given.chars().all(|c| GIVEN.iter().any(|name| name.contains(c)));
        is_name.then(|| format!("{}{given}", text.get(at..at + length).unwrap_or_default()))
    })
}

/// The name of an enterprise up to its legal form.
pub(crate) fn enterprise(draw: &mut Draw, place: &str, section: char) -> String {
    let trades =
        TRADES.iter().find(|(of, _)| *of == section).map_or::<&[&str], _>(&["服务"], |(_, trades)| trades);
    let mansion = draw.pick(&MANSIONS);
    [place, mansion, draw.pick(&SYLLABLES), draw.pick(&SYLLABLES), draw.pick(trades)].concat()
}

/// The name of an individual business, often that of its owner.
pub(crate) fn shop(draw: &mut Draw, county: &str, owner: &str) -> String {
    let own = draw.happens(700);
    let name = if own { owner.to_owned() } else { [draw.pick(&MANSIONS), draw.pick(&SYLLABLES)].concat() };
    [county, &name, draw.pick(&SHOPS)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_found_in_texts() {
        let found: Vec<String> = persons_in("联系人雾隐蕴茉，墨羽机械").collect();
        assert_eq!(found, ["雾隐蕴茉"]);
    }

    #[test]
    fn persons_share_no_character_with_enterprises() {
        let persons: String = FAMILIES.concat() + &GIVEN.concat();
        let others = MANSIONS.concat() + &SYLLABLES.concat() + &SHOPS.concat();
        assert!(persons.chars().all(|c| !others.contains(c)));
    }
}
