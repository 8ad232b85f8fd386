//! The register: every entity registered until then, ended ones too, as it was on the day it was copied out; sent county by
//! county. A copy replaces none before it: each says how things stood on its day.

use std::rc::Rc;

use crate::calendar;
use crate::delivery::Delivery;
use crate::entity::{End, Entity, Kind};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let copies = world.city.snapshots.iter();
    copies.flat_map(|year| copy(world, *year, format)).collect()
}

/// The files of the copy made at the end of a year.
pub(crate) fn copy(world: &World, year: i32, format: Format) -> Vec<Delivery> {
    let copied = calendar::year_end(year);
    let file = |county: usize| {
        let name = world.counties.get(county).map_or("", |county| world.city.name(&county.id));
        let rows = Rc::new(move |world: &World, take: &mut crate::delivery::Take<'_>| {
            for kind in Kind::ALL {
                for number in 0..world.count(county, kind) {
                    let entity = world.entity(county, kind, number);
                    if entity.founded <= copied {
                        take(row(world, &entity, copied))?;
                    }
                }
            }
            Ok(())
        });
        let name = format!("经营主体全量_{name}_{year}1231");
        Delivery::new("registry", &name, &format!("{year}-12"), format, copied + 8, rows)
    };
    (0..world.counties.len()).map(file).collect()
}

/// An entity as it was on a day.
fn row(world: &World, entity: &Entity, copied: i32) -> Vec<Value> {
    let particulars = entity.particulars(world);
    let industry = entity.industry(world);
    let end = entity.end.filter(|(day, _)| *day <= copied);
    let status = match end {
        None => "active",
        Some((_, End::Cancelled)) => "cancelled",
        Some((_, End::Revoked)) => "revoked",
        Some((_, End::MovedOut)) => "moved_out",
        Some((_, End::Suspended)) => "suspended",
    };
    let ended = end.filter(|(_, how)| matches!(how, End::Cancelled | End::Revoked));
    let capital =
        if entity.kind == Kind::Branch { Value::None } else { Value::yuan(entity.capital() * 10_000) };
    // Whoever ended before there were credit codes never had one.
    let coded = ended.is_none_or(|(day, _)| day >= calendar::day(2015, 10, 1));
    let zone = if entity.in_zone { entity.unit(world, "p14") } else { String::new() };
    vec![
        if coded { Value::text(entity.credit_code(world)) } else { Value::None },
        entity.registration_number(world).map_or(Value::None, Value::Text),
        Value::text(particulars.name),
        Value::Word(entity.kind.word()),
        Value::text(entity.form),
        Value::Word(status),
        Value::Day(entity.founded),
        ended.map_or(Value::None, |(day, _)| Value::Day(day)),
        Value::text(entity.unit(world, "p12")),
        Value::text(entity.authority(world)),
        Value::text(particulars.address),
        industry.map_or(Value::None, |industry| Value::text(industry.code.as_str())),
        industry.map_or(Value::None, |industry| Value::text(industry.name.as_str())),
        capital,
        Value::Bool(entity.from_individual),
        Value::text(particulars.owner),
        Value::text(particulars.telephone),
        Value::text(entity.authority_unit(world)),
        Value::text(entity.unit(world, "p12")),
        if zone.is_empty() { Value::None } else { Value::Text(zone) },
    ]
}
