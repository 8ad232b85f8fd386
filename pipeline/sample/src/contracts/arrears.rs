//! The ledger of overdue claims: each year's copy lists all claims registered until then, with what has been repaid since. A
//! later copy replaces the one before.

use std::rc::Rc;

use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Standing, Take};
use crate::draw::{For, share};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let name = |year: i32| format!("欠款清偿台账{year}");
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for accepted in world.city.first_year..=year {
                    let law = world.counties.get(county).map_or(1000, |county| county.law);
                    for at in 0..world.rows_a_year(county, "arrears", 2000 - law.min(1500)) {
                        take(row(world, county, accepted, at, calendar::year_end(year)))?;
                    }
                }
            }
            Ok(())
        });
        let received = calendar::year_end(year) + 14;
        let mut delivery = Delivery::new("arrears", &name(year), &year.to_string(), format, received, rows);
        if year > world.city.first_year {
            delivery.supersedes = vec![format!("arrears/{}", name(year - 1))];
        }
        if year < world.city.last_year {
            delivery.standing = Standing::Superseded;
        }
        // A row lost in the last copy would be found in the one before.
        delivery.careful = true;
        delivery
    };
    world.years().map(file).collect()
}

fn row(world: &World, county: usize, year: i32, at: u64, told: i32) -> Vec<Value> {
    let mut draw = world.draw(For::Arrears, county, number(year) << 32 | at);
    let law = world.counties.get(county).map_or(1000, |county| county.law);
    let accepted = calendar::working(calendar::day(
        year,
        i32::try_from(draw.between(1, 12)).unwrap_or(1),
        i32::try_from(draw.between(1, 26)).unwrap_or(1),
    ));
    let kind = ["organ", "institution", "soe", "large_private"].get(draw.weighted([180, 220, 380, 220]));
    let disputed = draw.happens(160);
    let owed = draw.quantile(&[(0, 2), (400, 20), (800, 120), (950, 700), (1000, 4000)]) * 10_000;
    let repays = draw.happens(u32::try_from(share(900, law).min(975)).unwrap_or(900)) && !disputed;
    let partly = draw.happens(140) || disputed;
    let paid_on = calendar::working(accepted + i32::try_from(draw.between(20, 330)).unwrap_or(20));
    let part = share(owed, draw.between(400, 900)) / 100 * 100;
    let repaid = if paid_on > told || !repays {
        0
    } else if partly {
        part
    } else {
        owed
    };
    let units = world.units_of(county, "p14");
    let unit = if draw.happens(200) { units.last() } else { units.first() };
    vec![
        Value::text(format!("QK{year}{:02}{at:05}", county + 1)),
        unit.map_or(Value::None, Value::text),
        Value::Word(kind.copied().unwrap_or("soe")),
        Value::Bool(disputed),
        Value::yuan(owed),
        Value::yuan(repaid),
        Value::Day(accepted),
        if repaid > 0 { Value::Day(paid_on) } else { Value::None },
    ]
}
