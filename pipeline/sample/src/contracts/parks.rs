//! Parks and incubators at each half-year's end. A park is planned, built, completed and then in use; its tenants move in.

use std::rc::Rc;

use crate::calendar;
use crate::delivery::{Delivery, Take};
use crate::draw::{For, share};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const MILLION: i64 = 1_000_000;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let halves = world.years().flat_map(|year| [(year, 1), (year, 2)]);
    let wanted =
        halves.filter(|(year, half)| *half == 2 || world.scale.quarters > 4 || *year == world.city.last_year);
    let file = |(year, half): (i32, i32)| {
        let end = calendar::month_end(year, half * 6);
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for at in 0..parks(world, county) {
                    take(row(world, county, at, year, half, end))?;
                }
            }
            Ok(())
        });
        let period = format!("{year}-H{half}");
        Delivery::new("park", &format!("小微园及孵化载体台账{period}"), &period, format, end + 16, rows)
    };
    wanted.map(file).collect()
}

fn parks(world: &World, county: usize) -> u64 {
    let floor = world.scale.floor.get("park").copied().unwrap_or_default();
    let small = world.counties.get(county).is_some_and(|county| county.share <= 10);
    let expected = world.about_living(county) / 2600;
    if small { expected.max(3) } else { expected.max(floor * 2) }
}

fn row(world: &World, county: usize, at: u64, year: i32, half: i32, end: i32) -> Vec<Value> {
    let mut draw = world.draw(For::Park, county, at);
    let of = world.counties.get(county);
    let service = of.map_or(1000, |county| county.service);
    let micro = at.is_multiple_of(2);
    let kinds = ["incubator", "maker_space", "accelerator", "startup_base"];
    let kind = if micro {
        "micro_park"
    } else {
        kinds.get(draw.weighted([400, 300, 100, 200])).copied().unwrap_or("incubator")
    };
    let born = calendar::day(world.city.first_year - 9, 3, 1)
        + i32::try_from(draw.below(13 * 365)).unwrap_or_default();
    let age = end - born;
    let state = match age {
        ..0 => "planned",
        0..500 => "building",
        500..700 => "completed",
        _ => "operating",
    };
    // Square metres for a thousand living enterprises, dealt out over the county's parks.
    let wanted = if micro { 58_000 } else { 9000 }
        * i64::try_from(world.about_living(county)).unwrap_or_default()
        / 1000;
    let each = wanted * 2 / i64::try_from(parks(world, county)).unwrap_or(1).max(1);
    let area = (share(share(each, service), draw.between(400, 1600)) / 100 * 100).max(200);
    let rentable = share(area, draw.between(700, 900));
    let filled = i64::from((age - 700).clamp(0, 1400)) * draw.between(520, 680) / 1000 + 100;
    let leased = if state == "operating" { share(rentable, filled.min(985)) } else { 0 };
    let units = world.units_of(county, "p14");
    let unit = if draw.happens(300) { units.last() } else { units.first() };
    let digital_from =
        calendar::day(world.city.first_year, 1, 1) + i32::try_from(draw.below(1800)).unwrap_or_default();
    let digital = state == "operating" && end >= digital_from;
    let place = of.map_or("", |county| county.id.as_str());
    let short = world.city.units.get(place).map_or("", |unit| unit.short.as_str());
    let what = if micro { "小微企业园" } else { "孵化基地" };
    let since = calendar::working(born + 700);
    vec![
        Value::text(format!("YQ{:02}{at:04}", county + 1)),
        Value::text(format!("{short}星{}号{what}", at + 1)),
        unit.map_or(Value::None, Value::text),
        Value::text(format!("{year}-H{half}")),
        Value::Word(kind),
        Value::Word(state),
        Value::Measure(area * MILLION),
        Value::Measure(rentable * MILLION),
        Value::Measure(leased * MILLION),
        Value::Count(leased / draw.between(350, 900)),
        Value::Bool(digital),
        if state == "operating" { Value::Day(since) } else { Value::None },
    ]
}
