//! Enterprises above the statistical size, year by year: those of the register whose revenue reached the threshold of
//! their list and who lived at the end of the year.

use std::rc::Rc;

use crate::calendar;
use crate::delivery::{Delivery, Take};
use crate::draw::{Draw, For, share};
use crate::entity::Entity;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

/// Characteristic clusters and the industries they gather.
const CLUSTERS: [(&str, &str); 4] = [
    ("3823", "星州智能配电产业集群"),
    ("3443", "星州泵阀产业集群"),
    ("3441", "星州泵阀产业集群"),
    ("1952", "星州鞋业产业集群"),
];

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                for enterprise in world.enterprises(county) {
                    if let Some(list) = word(enterprise.list(world, year)) {
                        take(row(world, &enterprise, year, list))?;
                    }
                }
            }
            Ok(())
        });
        let name = format!("规上企业主要指标{year}");
        Delivery::new("above_scale", &name, &year.to_string(), format, calendar::year_end(year) + 84, rows)
    };
    world.years().map(file).collect()
}

fn word(list: Option<&str>) -> Option<&'static str> {
    let words =
        ["industry", "wholesale", "retail", "lodging", "catering", "service", "construction", "realestate"];
    words.into_iter().find(|word| Some(*word) == list)
}

/// Whether an enterprise has finished its digital upgrade by the end of a year: once done, done.
pub(super) fn digital(world: &World, enterprise: &Entity, year: i32) -> bool {
    let mut draw = Draw::at(world.seed, For::Year, 90, enterprise.serial);
    let innovation = world.counties.get(enterprise.county).map_or(1000, |county| county.innovation);
    let first = world.city.first_year - 3 + i32::try_from(draw.below(12)).unwrap_or_default();
    draw.happens(u32::try_from(share(760, innovation).min(980)).unwrap_or_default()) && year >= first
}

fn row(world: &World, enterprise: &Entity, year: i32, list: &'static str) -> Vec<Value> {
    let figures = enterprise.figures(world, year);
    let industry = enterprise.industry(world).map_or("", |industry| industry.code.as_str());
    let new = enterprise.list(world, year - 1).is_none() && year > world.city.first_year
        || calendar::year_of(enterprise.founded) == year;
    let cluster = CLUSTERS.iter().find(|(code, _)| *code == industry && !enterprise.serial.is_multiple_of(3));
    vec![
        Value::text(enterprise.credit_code(world)),
        Value::text(enterprise.particulars(world).name),
        Value::text(enterprise.unit(world, "p12")),
        Value::text(year.to_string()),
        Value::Word(list),
        Value::Bool(new),
        Value::text(industry),
        Value::Count(figures.employees),
        Value::yuan(figures.revenue * 1000),
        Value::yuan(figures.assets * 1000),
        if list == "industry" { Value::Bool(digital(world, enterprise, year)) } else { Value::None },
        cluster.map_or(Value::None, |(_, name)| Value::text(*name)),
    ]
}
