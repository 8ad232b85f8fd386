//! Opening a business, asking, complaining: one case a row. Each birth of an enterprise is a case of opening; the others are
//! drawn, with a due time, a closing time and now and then a vote.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For, share};
use crate::entity::Entity;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const CHANNELS: [(&str, u32); 5] =
    [("bangqiyun", 320), ("hotline96666", 200), ("platform", 180), ("rights_platform", 100), ("12345", 200)];
const CONTENTS: [&str; 5] = [
    "企业反映厂区门口道路\n积水,车辆进出不便,希望尽快处理",
    "咨询\"小升规\"奖励的申报条件",
    "反映货款被拖欠,要求协调",
    "希望解决员工子女入学问题",
    "用电容量不足,申请增容",
];

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for enterprise in world.enterprises(county) {
                    if calendar::year_of(enterprise.founded) == year {
                        take(opening(world, &enterprise))?;
                    }
                }
                let service = world.counties.get(county).map_or(1000, |county| county.service);
                for at in 0..world.rows_a_year(county, "request", 2000 - service.min(1500)) {
                    take(request(world, county, year, at))?;
                }
            }
            Ok(())
        });
        let name = format!("企业开办与诉求明细{year}");
        Delivery::new("service_case", &name, &year.to_string(), format, calendar::year_end(year) + 10, rows)
    };
    world.years().map(file).collect()
}

/// A moment in the office hours of a day.
fn clock(draw: &mut Draw, day: i32) -> i64 {
    i64::from(day) * 86_400 + draw.between(8 * 3600 + 1800, 17 * 3600)
}

fn opening(world: &World, enterprise: &Entity) -> Vec<Value> {
    let mut draw = Draw::at(world.seed, For::Opening, 0, enterprise.serial);
    let service = world.counties.get(enterprise.county).map_or(1000, |county| county.service);
    let closed = i64::from(enterprise.founded) * 86_400 + draw.between(9 * 3600, 18 * 3600);
    let hours = draw.quantile(&[(0, 30), (400, 180), (800, 420), (950, 1500), (1000, 4000)]);
    let minutes = share(hours, 2000 - service.min(1500)).max(20);
    let accepted = closed - minutes * 60;
    let vote = vote(&mut draw, service);
    vec![
        Value::text(format!("KB{:08}", enterprise.serial)),
        Value::Word(if draw.happens(600) { "platform" } else { "counter" }),
        Value::Word("open_business"),
        Value::text(enterprise.unit(world, "p14")),
        Value::text(enterprise.credit_code(world)),
        Value::Moment(accepted),
        Value::Moment(accepted + 86_400),
        Value::Moment(closed),
        vote.0,
        vote.1,
        Value::None,
    ]
}

fn vote(draw: &mut Draw, service: i64) -> (Value, Value) {
    let good = u32::try_from(service / 4).unwrap_or(250);
    let at = draw.weighted([good + 250, good, 80, 25, 15, 300]);
    let (voted, default) = (at < 5, draw.happens(300));
    let word = ["5", "4", "3", "2", "1", "none"].get(at).copied().unwrap_or("none");
    // What the system fills in for the silent is five stars.
    let word = if default && voted { "5" } else { word };
    (Value::Word(word), if voted { Value::Bool(default) } else { Value::None })
}

fn request(world: &World, county: usize, year: i32, at: u64) -> Vec<Value> {
    let mut draw = world.draw(For::Request, county, number(year) << 32 | at);
    let service = world.counties.get(county).map_or(1000, |county| county.service);
    let month = i32::try_from(draw.between(1, 12)).unwrap_or(1);
    let day = calendar::working(calendar::day(year, month, i32::try_from(draw.between(1, 26)).unwrap_or(1)));
    let enterprise = world.living(&mut draw, county, day);
    let kind = ["consult", "request", "complaint", "report"].get(draw.weighted([250, 420, 240, 90]));
    let accepted = clock(&mut draw, day);
    let days = if kind == Some(&"consult") { 1 } else { 5 };
    let due = world.city.working_days.after(day, days).unwrap_or(day);
    let due = i64::from(due) * 86_400 + accepted.rem_euclid(86_400);
    let late = u32::try_from(share(95, 2000 - service.min(1600))).unwrap_or(95);
    let closed = if draw.happens(late) {
        due + draw.between(3600, 400_000)
    } else {
        draw.between(accepted + 1800, due)
    };
    let open = draw.happens(10);
    let vote = vote(&mut draw, service);
    let channel =
        CHANNELS.get(draw.weighted(CHANNELS.map(|(_, weight)| weight))).map_or("12345", |channel| channel.0);
    let names_enterprise = draw.happens(850);
    let content = format!("{}，联系人{}", draw.pick(&CONTENTS), enterprise.particulars(world).owner);
    vec![
        Value::text(format!("SQ{year}{:02}{at:07}", county + 1)),
        Value::Word(channel),
        Value::Word(kind.copied().unwrap_or("request")),
        Value::text(enterprise.unit(world, "p14")),
        if names_enterprise { Value::text(enterprise.credit_code(world)) } else { Value::None },
        Value::Moment(accepted),
        Value::Moment(due),
        if open { Value::None } else { Value::Moment(closed) },
        if open { Value::None } else { vote.0 },
        if open { Value::None } else { vote.1 },
        Value::text(content),
    ]
}
