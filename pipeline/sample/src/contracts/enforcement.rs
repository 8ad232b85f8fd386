//! Inspections and penalties. A joint inspection of several departments is one plan on several rows; many of those visited
//! are individual businesses.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For, share};
use crate::entity::{Entity, Kind};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for at in 0..world.rows_a_year(county, "enforcement", 1000) {
                    for row in case(world, county, year, at) {
                        take(row)?;
                    }
                }
            }
            Ok(())
        });
        let name = format!("行政检查处罚明细{year}");
        Delivery::new("enforcement", &name, &year.to_string(), format, calendar::year_end(year) + 9, rows)
    };
    world.years().map(file).collect()
}

fn visited(world: &World, draw: &mut Draw, county: usize, day: i32) -> Entity {
    let count = world.count(county, Kind::Individual);
    if draw.happens(420) && count > 0 {
        let shop = world.entity(county, Kind::Individual, draw.below(count));
        if shop.lives(day) {
            return shop;
        }
    }
    world.living(draw, county, day)
}

fn case(world: &World, county: usize, year: i32, at: u64) -> Vec<Vec<Value>> {
    let mut draw = world.draw(For::Enforcement, county, number(year) << 32 | at);
    let law = world.counties.get(county).map_or(1000, |county| county.law);
    let month = i32::try_from(draw.between(1, 12)).unwrap_or(1);
    let day = calendar::working(calendar::day(year, month, i32::try_from(draw.between(1, 26)).unwrap_or(1)));
    let entity = visited(world, &mut draw, county, day);
    let unit = entity.unit(world, "p14");
    let code = entity.credit_code(world);
    let case = format!("{year}{:02}{at:07}", county + 1);
    let row = |id: String, kind, plan: Option<&String>, mode, minor, outcome, fine: Option<i64>| {
        vec![
            Value::text(id),
            Value::Word(kind),
            Value::text(unit.as_str()),
            Value::text(code.as_str()),
            plan.map_or(Value::None, Value::text),
            mode,
            minor,
            Value::Word(outcome),
            fine.map_or(Value::None, Value::yuan),
            Value::Day(day),
        ]
    };
    if draw.happens(720) {
        let joint =
            u32::try_from(share(260 + 40 * i64::from(year - world.city.first_year), law)).unwrap_or(300);
        let mode =
            ["joint", "single", "random"].get(draw.weighted([joint, 450, 250])).copied().unwrap_or("single");
        let plan = (mode != "single").then(|| format!("JH{case}"));
        let departments = if mode == "joint" { draw.between(2, 4) } else { 1 };
        let outcome = if draw.happens(120) { "warning" } else { "none" };
        let one = |of: i64| {
            row(
                format!("JC{case}-{of}"),
                "inspection",
                plan.as_ref(),
                Value::Word(mode),
                Value::None,
                outcome,
                None,
            )
        };
        return (1..=departments).map(one).collect();
    }
    let minor = draw.happens(350);
    let spared = minor && draw.happens(u32::try_from(share(620, law).min(970)).unwrap_or(620));
    let outcome = if spared {
        "none"
    } else {
        ["warning", "fine", "confiscation", "other"]
            .get(draw.weighted([180, 700, 60, 60]))
            .copied()
            .unwrap_or("fine")
    };
    let fine =
        (outcome == "fine").then(|| draw.quantile(&[(0, 200), (500, 2000), (900, 20_000), (1000, 200_000)]));
    vec![row(format!("CF{case}"), "penalty", None, Value::None, Value::Bool(minor), outcome, fine)]
}
