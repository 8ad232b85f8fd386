//! Payments to enterprises under support policies: without application, at once, or after review and public notice.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{For, share};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const ITEMS: [(&str, &str, i64); 8] = [
    ("规上企业稳增长奖励", "claim_free", 50_000),
    ("高新技术企业认定奖励", "claim_free", 200_000),
    ("小升规企业奖励", "claim_free", 100_000),
    ("稳岗返还补助", "claim_free", 6_000),
    ("展会补贴", "instant", 12_000),
    ("专利资助", "instant", 5_000),
    ("技术改造项目补助", "review", 400_000),
    ("研发投入后补助", "review", 150_000),
];

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                let fiscal = world.counties.get(county).map_or(1000, |county| county.fiscal);
                for at in 0..world.rows_a_year(county, "payment", fiscal) {
                    take(row(world, county, year, at))?;
                }
            }
            Ok(())
        });
        // One bureau exports a workbook in some years.
        let format = if year % 2 == 0 || world.scale.registry > 2_000_000 { format } else { Format::Xlsx };
        let name = format!("惠企资金兑付明细{year}");
        Delivery::new("policy_payment", &name, &year.to_string(), format, calendar::year_end(year) + 12, rows)
    };
    world.years().map(file).collect()
}

fn row(world: &World, county: usize, year: i32, at: u64) -> Vec<Value> {
    let mut draw = world.draw(For::Payment, county, number(year) << 32 | at);
    let fiscal = world.counties.get(county).map_or(1000, |county| county.fiscal);
    let month = i32::try_from(draw.between(3, 12)).unwrap_or(3);
    let paid = calendar::working(calendar::day(year, month, i32::try_from(draw.between(1, 26)).unwrap_or(1)));
    let enterprise = world.living(&mut draw, county, paid);
    // Later years pay more without being asked.
    let claim_free =
        u32::try_from(share(60 + 15 * i64::from(year - world.city.first_year), fiscal)).unwrap_or(60);
    let (item, mode, typical) = ITEMS
        .get(draw.weighted(ITEMS.map(|(_, mode, _)| if mode == "claim_free" { claim_free } else { 90 })))
        .copied()
        .unwrap_or_default();
    let amount = share(typical, draw.between(300, 2200));
    let wait =
        i32::try_from(draw.quantile(&[(0, 1), (300, 5), (700, 15), (950, 40), (1000, 80)])).unwrap_or(9);
    let wait = i32::try_from(share(i64::from(wait), 2000 - fiscal.min(1600))).unwrap_or(wait).max(1);
    let notice = (mode == "review").then(|| paid - wait);
    let applied = match mode {
        "claim_free" => None,
        "instant" => Some(paid - i32::try_from(draw.between(1, 12)).unwrap_or(1)),
        _ => Some(paid - wait - i32::try_from(draw.between(30, 90)).unwrap_or(30)),
    };
    let size = enterprise.size_class(world, year).unwrap_or("unknown");
    let place = world.counties.get(county).map_or("", |county| county.id.as_str());
    let code = world.city.units.get(place).map_or("", |unit| unit.code.as_str());
    vec![
        Value::text(format!("DF{code}{year}{at:07}")),
        Value::text(enterprise.credit_code(world)),
        Value::text(enterprise.unit(world, "p14")),
        Value::text(item),
        Value::Word(mode),
        applied.map_or(Value::None, Value::Day),
        notice.map_or(Value::None, Value::Day),
        Value::Day(paid),
        Value::yuan(amount / 100 * 100),
        Value::Word(size),
    ]
}
