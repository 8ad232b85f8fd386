//! The yearly questionnaire: a sample of living enterprises that are not large, drawn in strata of unit and industry group,
//! with a frame that says how many there were, with those who do not answer, and with answers nobody gave in earnest.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For};
use crate::entity::{Entity, Kind};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

/// Of a thousand asked, how many answer.
const ANSWER: u32 = 620;
/// A prime larger than any county's number of enterprises divides none of them, so steps of it meet each once.
const STEP: u64 = 1_000_000_007;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            let mut row = 0;
            for county in 0..world.counties.len() {
                for (at, enterprise) in sample(world, county, year) {
                    if let Some(values) = response(world, county, year, at, &enterprise, &mut row) {
                        take(values)?;
                    }
                }
            }
            Ok(())
        });
        let name = format!("企业发展环境问卷{year}");
        Delivery::new("survey", &name, &year.to_string(), format, calendar::day(year, 12, 5), rows)
    };
    world.years().map(file).collect()
}

/// The group of industries of a stratum.
fn group(world: &World, enterprise: &Entity) -> &'static str {
    match enterprise.industry(world).map_or('O', |industry| industry.section) {
        'B' | 'C' | 'D' => "industry",
        'E' => "construction",
        'F' => "trade",
        'A' => "agriculture",
        _ => "service",
    }
}

fn in_frame(world: &World, enterprise: &Entity, year: i32) -> bool {
    enterprise.lives(calendar::year_end(year)) && enterprise.size_class(world, year) != Some("large")
}

/// The frame: year, unit (p14), industry group, and how many enterprises it holds.
pub(crate) fn frame(world: &World) -> BTreeMap<(i32, String, &'static str), u64> {
    let mut frame = BTreeMap::new();
    for county in 0..world.counties.len() {
        for enterprise in world.enterprises(county) {
            for year in world.years().filter(|year| in_frame(world, &enterprise, *year)) {
                let stratum = (year, enterprise.unit(world, "p14"), group(world, &enterprise));
                *frame.entry(stratum).or_default() += 1;
            }
        }
    }
    frame
}

/// Whom to ask in a county: walking through its enterprises in steps that meet each once, half of the questionnaires go to
/// industry, which is fewer than its weight in the assessment, and half to the others.
fn sample(world: &World, county: usize, year: i32) -> Vec<(u64, Entity)> {
    let count = world.count(county, Kind::Enterprise);
    let start = world.draw(For::Survey, county, number(year)).below(count);
    let mut left = [world.scale.survey / 2, world.scale.survey - world.scale.survey / 2];
    let mut asked = Vec::new();
    for step in 0..count {
        let enterprise = world.entity(county, Kind::Enterprise, (start + step * STEP) % count);
        let stratum = usize::from(group(world, &enterprise) != "industry");
        let Some(quota) = left.get_mut(stratum).filter(|quota| **quota > 0) else { continue };
        if in_frame(world, &enterprise, year) {
            *quota -= 1;
            asked.push((step, enterprise));
        }
        if left == [0, 0] {
            break;
        }
    }
    asked
}

fn response(
    world: &World,
    county: usize,
    year: i32,
    at: u64,
    enterprise: &Entity,
    row: &mut u64,
) -> Option<Vec<Value>> {
    let mut draw = world.draw(For::Survey, county, number(year) << 32 | at);
    let of = world.counties.get(county)?;
    let day = calendar::day(year, 11, 1) + i32::try_from(draw.below(25)).unwrap_or_default();
    if !draw.happens(ANSWER) {
        return None;
    }
    *row += 1;
    let mobilised = draw.happens(25);
    let seconds = if mobilised {
        draw.between(18, 58)
    } else {
        draw.quantile(&[(0, 75), (500, 220), (900, 600), (1000, 2400)])
    };
    let started = i64::from(day) * 86_400 + draw.between(8 * 3600, 21 * 3600);
    let mut answer = |multiplier: i64| satisfied(&mut draw, multiplier, mobilised);
    let satisfaction = [of.service, of.service, of.market, of.law].map(&mut answer);
    let (finance, innovation, policy) = (answer(of.credit), answer(of.innovation), answer(of.fiscal));
    let need = ["full", "part", "none", "no_need"].get(draw.weighted([300, 280, 90, 330])).copied()?;
    let aware = ["well", "some", "no"].get(draw.weighted([330, 500, 170])).copied()?;
    let expect = ["1", "2", "3", "4", "5"].get(draw.weighted([40, 120, 360, 330, 150])).copied()?;
    let expect = if mobilised { "5" } else { expect };
    let size = enterprise.size_class(world, year).filter(|size| *size != "large").unwrap_or("micro");
    // Mobilised answers come from one machine.
    let machine = if mobilised { 7 } else { draw.between(1, 250) };
    let tells_code = draw.happens(350);
    let [factor, gov, fair, law] = satisfaction;
    Some(vec![
        Value::text(format!("{year}{row:06}")),
        Value::text(enterprise.unit(world, "p14")),
        Value::Word(size),
        Value::Word(group(world, enterprise)),
        Value::Moment(started),
        Value::Count(seconds),
        Value::text(format!("198.51.{}.{machine}", 100 + county)),
        if tells_code { Value::text(enterprise.credit_code(world)) } else { Value::None },
        factor,
        gov,
        fair,
        law,
        Value::Word(need),
        finance,
        innovation,
        Value::Word(aware),
        policy,
        Value::Word(expect),
    ])
}

fn satisfied(draw: &mut Draw, multiplier: i64, mobilised: bool) -> Value {
    let good = u32::try_from(multiplier.clamp(500, 1500)).unwrap_or(1000);
    let at = draw.weighted([15, 45, 600 - good / 4, 200 + good / 3, good / 2, 40]);
    let word = ["1", "2", "3", "4", "5", "na"].get(at).copied().unwrap_or("3");
    Value::Word(if mobilised { "5" } else { word })
}
