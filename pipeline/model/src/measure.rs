//! Measure units as they stand in headers and title rows, and how they become canonical.
//!
//! Canonical: money in 元, areas in 平方米, shares as fractions, counts in single pieces. The declared unit is kept
//! beside the value by whoever reads it.

use rust_decimal::Decimal;

use crate::text;

/// Base units that may carry a 万 or 亿 before them. `%` and its kin are handled apart.
const BASES: [&str; 45] = [
    "元",
    "美元",
    "人",
    "人次",
    "人年",
    "户",
    "户次",
    "家",
    "家次",
    "个",
    "件",
    "项",
    "笔",
    "次",
    "宗",
    "张",
    "所",
    "条",
    "份",
    "名",
    "台",
    "套",
    "辆",
    "只",
    "平方米",
    "平方公里",
    "公顷",
    "亩",
    "米",
    "公里",
    "吨",
    "千瓦时",
    "立方米",
    "天",
    "日",
    "小时",
    "年",
    "分",
    "分钟",
    "秒",
    "岁",
    "倍",
    "工作日",
    "个工作日",
    "平方千米",
];

/// Units of measurement written in Latin letters, compared without case and spaces, as canonical text.
const LATIN: [(&str, &str); 6] = [
    ("μg/m3", "μg/m3"),
    ("ug/m3", "μg/m3"),
    ("mg/m3", "mg/m3"),
    ("km2", "平方公里"),
    ("m2", "平方米"),
    ("kwh", "千瓦时"),
];

/// A declared measure unit: its symbol, the canonical unit, and the factor that leads there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureUnit {
    /// As declared, e.g. `万元`.
    pub symbol: String,
    /// The canonical unit, e.g. `元`; `1` for shares, `百分点` for differences of shares.
    pub canonical: String,
    /// Multiply a declared value by this to get the canonical one.
    pub factor: Decimal,
}

impl MeasureUnit {
    /// Whether quantities in it add up over rows. Shares, scores, multiples, concentrations, ages and durations do not.
    pub fn adds_up(&self) -> bool {
        let never = ["1", "百分点", "倍", "分", "岁", "年", "天", "日", "小时", "分钟", "秒", "工作日"];
        !never.contains(&self.canonical.as_str()) && !self.canonical.contains('/')
    }

    /// The unit a power of ten larger (万元 → 亿元 for 4) or smaller, if people use one.
    pub fn shifted(&self, power: i32) -> Option<Self> {
        let ten = |power: u32| Decimal::from(10_u64.checked_pow(power).unwrap_or(1));
        let factor = if power < 0 {
            self.factor.checked_div(ten(power.unsigned_abs()))?
        } else {
            self.factor.checked_mul(ten(power.unsigned_abs()))?
        };
        ["", "千", "万", "百万", "亿"]
            .iter()
            .filter_map(|prefix| Self::parse(&format!("{prefix}{}", self.canonical)))
            .find(|unit| unit.factor == factor && unit.canonical == self.canonical)
    }

    /// Reads the unit of an indicator: one that spreadsheets state too, or so many of one for each of another (家/千家).
    pub fn of_indicator(symbol: &str) -> Option<Self> {
        Self::parse(symbol).or_else(|| {
            let plain = text::squeeze(symbol);
            let (above, below) = plain.split_once('/')?;
            let (above, below) = (Self::parse(above)?, Self::parse(below)?);
            let canonical = format!("{}/{}", above.canonical, below.canonical);
            let factor = above.factor.checked_div(below.factor)?;
            Some(Self { symbol: plain, canonical, factor })
        })
    }

    /// Reads a unit symbol; `None` when it is not one we know.
    pub fn parse(symbol: &str) -> Option<Self> {
        let plain = text::squeeze(symbol).replace('µ', "μ").replace('³', "3").replace('²', "2");
        let unit = |canonical: &str, factor: Decimal| {
            Some(Self { symbol: plain.clone(), canonical: canonical.to_owned(), factor })
        };
        match plain.as_str() {
            "%" => return unit("1", Decimal::new(1, 2)),
            "‰" => return unit("1", Decimal::new(1, 3)),
            "1" => return unit("1", Decimal::ONE),
            "百分点" | "个百分点" => return unit("百分点", Decimal::ONE),
            _ => {}
        }
        let multipliers =
            [("千万", 7), ("百万", 6), ("十万", 5), ("万", 4), ("亿", 8), ("千", 3), ("百", 2), ("", 0)];
        multipliers.into_iter().find_map(|(prefix, power)| {
            let base = plain.strip_prefix(prefix)?;
            let lower = base.to_lowercase();
            let latin = LATIN.iter().find(|(latin, _)| *latin == lower).map(|(_, canonical)| *canonical);
            // Concentrations come in no multiples.
            if power > 0 && (base == "年" || latin.is_some_and(|canonical| canonical.contains('/'))) {
                return None;
            }
            let factor = Decimal::from(10_u64.pow(power));
            match base {
                "平方千米" => unit("平方公里", factor),
                "个工作日" => unit("工作日", factor),
                _ if BASES.contains(&base) => unit(base, factor),
                _ => unit(latin?, factor),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(symbol: &str) -> Option<(String, String)> {
        MeasureUnit::parse(symbol).map(|unit| (unit.canonical, unit.factor.normalize().to_string()))
    }

    #[test]
    fn multiples_become_canonical() {
        for (symbol, canonical, factor) in [
            ("万元", "元", "10000"),
            ("亿元", "元", "100000000"),
            ("千元", "元", "1000"),
            ("亿美元", "美元", "100000000"),
            ("万人", "人", "10000"),
            ("人年", "人年", "1"),
            ("％", "1", "0.01"),
            ("‰", "1", "0.001"),
            ("μg/m3", "μg/m3", "1"),
            ("µg／m³", "μg/m3", "1"),
            ("万平方米", "平方米", "10000"),
            ("万㎡", "平方米", "10000"),
            ("m²", "平方米", "1"),
            ("秒", "秒", "1"),
            ("百分点", "百分点", "1"),
            ("千瓦时", "千瓦时", "1"),
            ("万 千瓦时", "千瓦时", "10000"),
        ] {
            assert_eq!(read(symbol), Some((canonical.into(), factor.into())), "{symbol}");
        }
        let shifted =
            |symbol: &str, power| MeasureUnit::parse(symbol).unwrap().shifted(power).map(|unit| unit.symbol);
        assert_eq!(shifted("亿元", -4).as_deref(), Some("万元"));
        assert_eq!(shifted("千元", 1).as_deref(), Some("万元"));
        assert_eq!(shifted("万元", -4).as_deref(), Some("元"));
        assert_eq!((shifted("元", -4), shifted("万元", 2)), (None, Some("百万元".to_owned())));
        for symbol in ["", "按现价", "万", "万mg/m3", "市、区", "2024年", "家/千家"] {
            assert_eq!(read(symbol), None, "{symbol}");
        }
    }

    #[test]
    fn rates_are_units_of_indicators_only() {
        let read = |symbol: &str| {
            let unit = MeasureUnit::of_indicator(symbol);
            unit.map(|unit| (unit.canonical, unit.factor.normalize().to_string()))
        };
        for (symbol, canonical, factor) in [
            ("家/千家", "家/家", "0.001"),
            ("万元／千家", "元/家", "10"),
            ("%/年", "1/年", "0.01"),
            ("%", "1", "0.01"),
        ] {
            assert_eq!(read(symbol), Some((canonical.into(), factor.into())), "{symbol}");
        }
        assert_eq!([read("家/"), read("县/市"), read("a/b/c")], [None, None, None]);
    }
}
