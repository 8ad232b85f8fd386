//! Procurement contracts of the counties' buyers. Suppliers are living enterprises, mostly of the same county; they tell their
//! size themselves and are sometimes wrong.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::For;
use crate::entity::Entity;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const METHODS: [(&str, u32); 8] = [
    ("open_tender", 300),
    ("invited", 10),
    ("negotiation", 60),
    ("consultation", 180),
    ("inquiry", 50),
    ("single_source", 60),
    ("framework", 90),
    ("mall", 250),
];

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                let market = world.counties.get(county).map_or(1000, |county| county.market);
                for at in 0..world.rows_a_year(county, "procurement", market) {
                    take(row(world, county, year, at))?;
                }
            }
            Ok(())
        });
        let name = format!("政府采购合同{year}");
        Delivery::new("procurement", &name, &year.to_string(), format, calendar::year_end(year) + 15, rows)
    };
    world.years().map(file).collect()
}

fn row(world: &World, county: usize, year: i32, at: u64) -> Vec<Value> {
    let mut draw = world.draw(For::Procurement, county, number(year) << 32 | at);
    // Budgets are spent late.
    let month =
        i32::try_from(draw.weighted([50, 30, 60, 70, 80, 90, 80, 80, 90, 90, 120, 160])).unwrap_or(0) + 1;
    let signed =
        calendar::working(calendar::day(year, month, i32::try_from(draw.between(1, 26)).unwrap_or(1)));
    let elsewhere = usize::try_from(draw.below(world.counties.len() as u64)).unwrap_or_default();
    let method =
        METHODS.get(draw.weighted(METHODS.map(|(_, weight)| weight))).map_or("mall", |method| method.0);
    let place = if draw.happens(250) { elsewhere } else { county };
    let mut supplier = world.living(&mut draw, place, signed);
    // Many bid in a tender, and the bigger one wins.
    for _ in 0..if method == "open_tender" { 30 } else { 1 } {
        let other = world.living(&mut draw, place, signed);
        let revenue = |enterprise: &Entity| enterprise.figures(world, year).revenue;
        if revenue(&other) > revenue(&supplier) {
            supplier = other;
        }
    }
    let size = supplier.size_class(world, year).unwrap_or("unknown");
    let size = if draw.happens(30) && size != "large" { "small" } else { size };
    let size = if draw.happens(12) { "nonenterprise" } else { size };
    let amount = match method {
        "mall" => draw.quantile(&[(0, 300), (500, 4000), (900, 30_000), (1000, 90_000)]),
        "open_tender" => {
            draw.quantile(&[(0, 400_000), (500, 1_600_000), (900, 9_000_000), (1000, 80_000_000)])
        }
        _ => draw.quantile(&[(0, 40_000), (500, 300_000), (900, 1_500_000), (1000, 9_000_000)]),
    };
    let units = world.units_of(county, "p14");
    let unit = if draw.happens(250) { units.last() } else { units.first() };
    let prepay = draw.pick(&[0, 1000, 2000, 3000, 3000, 4000, 5000]);
    let states = draw.happens(800);
    let reserved = matches!(size, "medium" | "small" | "micro") && draw.happens(450);
    let place = world.counties.get(county).map_or("", |county| county.id.as_str());
    let code = world.city.units.get(place).map_or("", |unit| unit.code.as_str());
    vec![
        Value::text(format!("ZC{code}{year}{at:06}")),
        unit.map_or(Value::None, Value::text),
        Value::text(supplier.credit_code(world)),
        Value::text(supplier.particulars(world).name),
        Value::Word(size),
        Value::Word(method),
        Value::Bool(reserved),
        Value::Money(amount * 100 + draw.between(0, 99)),
        if states { Value::basis_points(prepay) } else { Value::None },
        Value::Day(signed),
    ]
}
