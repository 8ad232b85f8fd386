//! Guarantees of the government's guarantee institutions, each for an enterprise that lived when it began.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{For, share};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                let credit = world.counties.get(county).map_or(1000, |county| county.credit);
                for at in 0..world.rows_a_year(county, "guarantee", credit) {
                    take(row(world, county, year, at))?;
                }
            }
            Ok(())
        });
        let name = format!("融资担保业务明细{year}");
        Delivery::new("guarantee", &name, &year.to_string(), format, calendar::year_end(year) + 18, rows)
    };
    world.years().map(file).collect()
}

fn row(world: &World, county: usize, year: i32, at: u64) -> Vec<Value> {
    let mut draw = world.draw(For::Guarantee, county, number(year) << 32 | at);
    let credit = world.counties.get(county).map_or(1000, |county| county.credit);
    let month = i32::try_from(draw.between(1, 12)).unwrap_or(1);
    let start =
        calendar::working(calendar::day(year, month, i32::try_from(draw.between(1, 26)).unwrap_or(1)));
    let enterprise = world.living(&mut draw, county, start);
    // Farmers and owners of individual businesses come without a code.
    let person = draw.happens(80);
    let size = match draw.pick(&[true, false]) {
        farm if person => {
            if farm {
                "farm"
            } else {
                "individual"
            }
        }
        _ => enterprise.size_class(world, year).unwrap_or("small"),
    };
    let amount = draw.quantile(&[(0, 10), (400, 80), (800, 200), (950, 480), (1000, 1000)]);
    let rate = share(draw.between(30, 110), 2000 - credit.min(1500));
    let term = draw.pick(&[180, 364, 364, 364, 729]);
    vec![
        Value::text(format!("XZDB{year}{:02}{at:06}", county + 1)),
        if person { Value::None } else { Value::text(enterprise.credit_code(world)) },
        Value::text(enterprise.unit(world, "p12")),
        Value::Word(size),
        Value::yuan(amount * 10_000),
        Value::basis_points(rate),
        Value::Day(start),
        Value::Day(start + term),
    ]
}
