//! Research and technology contracts of enterprises that hold a technical title, year by year. Employees and revenue are
//! those of the statistical list.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::gradient;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For, share};
use crate::entity::Entity;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for enterprise in world.enterprises(county) {
                    if gradient::is_technical(world, &enterprise, year) {
                        take(row(world, &enterprise, year))?;
                    }
                }
            }
            Ok(())
        });
        let name = format!("科技型企业研发情况{year}");
        Delivery::new(
            "tech_enterprise",
            &name,
            &year.to_string(),
            format,
            calendar::year_end(year) + 110,
            rows,
        )
    };
    world.years().map(file).collect()
}

fn row(world: &World, enterprise: &Entity, year: i32) -> Vec<Value> {
    let mut draw = Draw::at(
        world.seed,
        For::Year,
        100 + u32::try_from(number(year)).unwrap_or_default(),
        enterprise.serial,
    );
    let figures = enterprise.figures(world, year);
    let innovation = world.counties.get(enterprise.county).map_or(1000, |county| county.innovation);
    // Down to hundredths of 万元, as the form has it.
    let money = |thousands: i64| Value::yuan(thousands * 1000 / 100 * 100);
    let research = share(share(figures.revenue, draw.between(22, 68)), (innovation + 2000) / 3);
    let (buys, sells, invests) = (draw.happens(140), draw.happens(90), draw.happens(15));
    let (bought, sold, invested) =
        (draw.between(50, 4000), draw.between(80, 6000), draw.between(2000, 60_000));
    vec![
        Value::text(enterprise.credit_code(world)),
        Value::text(enterprise.unit(world, "p12")),
        Value::text(year.to_string()),
        Value::Count(figures.employees),
        money(figures.revenue),
        money(research),
        if buys { money(share(bought, innovation)) } else { Value::None },
        if sells { money(share(sold, innovation)) } else { Value::None },
        if invests { money(invested) } else { Value::None },
    ]
}
