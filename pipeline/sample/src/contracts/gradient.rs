//! Titles of enterprises, batch by batch. What an enterprise holds follows from its size and its county; titles are granted
//! once, hold three years, and now and then are revoked.

use std::rc::Rc;

use crate::calendar;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For, share};
use crate::entity::{Entity, Kind};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

/// A title granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// Its word.
    pub(super) word: &'static str,
    /// The day it was granted.
    pub(super) granted: i32,
    /// The day it ends; `None`: never.
    pub(super) until: Option<i32>,
    /// It was revoked.
    pub(super) revoked: bool,
}

/// Title, chance in a thousand of a suitable enterprise, least and most revenue of the last year in 千元, month granted, years
/// it holds (0: for ever).
const TITLES: [(&str, u32, i64, i64, i32, i32); 10] = [
    ("innovative_sme", 520, 8_000, 400_000, 12, 3),
    ("prov_zjtx", 330, 20_000, 400_000, 3, 3),
    ("little_giant", 60, 50_000, 400_000, 9, 3),
    ("hidden_champion", 25, 80_000, 900_000, 11, 3),
    ("tech_sme_prov", 260, 1_500, 200_000, 12, 3),
    ("tech_sme_nat", 240, 1_000, 200_000, 8, 1),
    ("high_tech", 420, 10_000, 900_000, 12, 3),
    ("listed", 30, 400_000, 90_000_000, 6, 0),
    ("listing_tutoring", 60, 150_000, 90_000_000, 5, 2),
    ("cluster_member", 200, 5_000, 300_000, 10, 0),
];

/// The titles of an enterprise, in the order of the list.
pub(super) fn titles(world: &World, enterprise: &Entity) -> Vec<Title> {
    let technical = enterprise.industry(world).is_some_and(|i| matches!(i.section, 'C' | 'D' | 'I' | 'M'));
    if enterprise.kind != Kind::Enterprise || !technical {
        return Vec::new();
    }
    let county = world.counties.get(enterprise.county);
    let multiplier = county.map_or(1000, |county| i64::midpoint(county.innovation, 1000));
    let mut draw = Draw::at(world.seed, For::Titles, 0, enterprise.serial);
    let revenue = enterprise.figures(world, world.city.last_year).revenue;
    let mut held = Vec::new();
    for (word, chance, least, most, month, years) in TITLES {
        let chance = u32::try_from(share(chance.into(), multiplier)).unwrap_or_default().min(950);
        let (gets, back) = (draw.happens(chance), draw.below(4));
        let (of_month, revoked) = (draw.between(5, 26), draw.happens(12));
        let year = world.city.last_year - i32::try_from(back).unwrap_or_default();
        // Batches are published on one day, the same for all.
        let granted = calendar::working(calendar::day(year, month, 8 + (year + month) % 18));
        let suits = (least..most).contains(&revenue) && enterprise.lives(granted) && of_month > 0;
        if gets && suits && enterprise.founded + 400 < granted {
            let until = (years > 0).then(|| calendar::day(year + years, month, 1) - 1);
            held.push(Title { word, granted, until, revoked });
        }
    }
    held
}

/// Whether an enterprise reports research figures for a year: it holds a technical title then.
pub(super) fn is_technical(world: &World, enterprise: &Entity, year: i32) -> bool {
    let end = calendar::year_end(year);
    let technical = ["tech_sme_prov", "tech_sme_nat", "high_tech", "prov_zjtx", "little_giant"];
    let holds = |title: &Title| title.granted <= end && title.until.is_none_or(|until| until >= end - 365);
    enterprise.lives(end)
        && titles(world, enterprise).iter().any(|title| technical.contains(&title.word) && holds(title))
}

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            let told = calendar::year_end(year);
            for county in 0..world.counties.len() {
                for unit in world.units_of(county, "p14") {
                    for enterprise in world.enterprises(county) {
                        if enterprise.unit(world, "p14") != unit {
                            continue;
                        }
                        for title in titles(world, &enterprise) {
                            if calendar::year_of(title.granted) == year {
                                take(row(world, &enterprise, title, told))?;
                            }
                        }
                    }
                }
            }
            Ok(())
        });
        let name = format!("{year}年度梯度培育企业名单");
        Delivery::new("gradient", &name, &year.to_string(), format, calendar::year_end(year) + 20, rows)
    };
    world.years().map(file).collect()
}

fn row(world: &World, enterprise: &Entity, title: Title, told: i32) -> Vec<Value> {
    let state = match title.until {
        _ if title.revoked => "revoked",
        Some(until) if until < told => "expired",
        _ => "valid",
    };
    vec![
        Value::text(enterprise.credit_code(world)),
        Value::text(enterprise.particulars(world).name),
        Value::text(enterprise.unit(world, "p14")),
        Value::Word(title.word),
        Value::Day(title.granted),
        title.until.map_or(Value::None, Value::Day),
        Value::Word(state),
    ]
}
