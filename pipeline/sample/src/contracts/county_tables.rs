//! Small tables of counties by quarter or year: what a bureau counts itself and no list of ours could give. Sizes follow the
//! living enterprises of the county and its strengths; a zone has its part, the remainder the rest.

use std::rc::Rc;

use crate::calendar;
use crate::city::County;
use crate::contracts::number;
use crate::delivery::{Delivery, Standing, Take};
use crate::draw::{Draw, For, share};
use crate::layout::{Format, Layout};
use crate::value::Value;
use crate::world::World;

const MILLION: i64 = 1_000_000;

/// A unit in a period: what its figures are made from.
struct Place<'a> {
    county: &'a County,
    unit: String,
    /// Living enterprises.
    living: i64,
    /// Residents of the county, in proportion to the sample.
    residents: i64,
    /// Draws that stay the same for the unit over all periods.
    fixed: Draw,
    /// Draws of the period.
    draw: Draw,
    /// Quarters or years since the first.
    age: i64,
}

/// Files of a quarterly table. Where the quarters stand side by side one form is filled in all the year: each file has the
/// quarters until then and replaces the one before.
pub(super) fn quarterly(world: &World, contract: &'static str, layout: &Layout) -> Vec<Delivery> {
    let side_by_side = layout.across == "period";
    let what = match contract {
        "trade_promotion" => "市场开拓情况",
        "joint_sheet" => "部门联合季报",
        _ => "创业培训情况",
    };
    let name = |year: i32, quarter: i32| format!("{what}{year}年{quarter}季度");
    let sent = world.quarters();
    let file = |(year, quarter): (i32, i32)| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            let first = if side_by_side { 1 } else { quarter };
            let mut all: Vec<(i32, Vec<Place<'_>>)> =
                (first..=quarter).map(|quarter| (quarter, in_quarter(world, year, quarter))).collect();
            for unit in 0..all.first().map_or(0, |(_, places)| places.len()) {
                for (quarter, places) in &mut all {
                    let (Some(place), period) = (places.get_mut(unit), format!("{year}-Q{quarter}")) else {
                        continue;
                    };
                    take(match contract {
                        "trade_promotion" => trade(place, &period, *quarter),
                        "joint_sheet" => joint(place, &period, *quarter),
                        _ => training(place, &period, *quarter),
                    })?;
                }
            }
            Ok(())
        });
        let end = calendar::month_end(year, quarter * 3);
        let period = format!("{year}-Q{quarter}");
        let mut delivery =
            Delivery::new(contract, &name(year, quarter), &period, layout.format, end + 17, rows);
        if side_by_side {
            let of_year = || sent.iter().filter(|(other, _)| *other == year).map(|(_, quarter)| *quarter);
            let before = of_year().filter(|other| *other < quarter).max();
            delivery.supersedes =
                before.map(|before| format!("{contract}/{}", name(year, before))).into_iter().collect();
            if of_year().any(|other| other > quarter) {
                delivery.standing = Standing::Superseded;
            }
            // A row lost in the last form would be found in the one before.
            delivery.careful = true;
        }
        delivery
    };
    sent.iter().copied().map(file).collect()
}

fn in_quarter(world: &World, year: i32, quarter: i32) -> Vec<Place<'_>> {
    let age = i64::from((year - world.city.first_year) * 4 + quarter - 1);
    places(world, "p14", number(year) * 4 + u64::try_from(quarter).unwrap_or_default(), age)
}

/// Files of a yearly table.
pub(super) fn yearly(world: &World, contract: &'static str, format: Format) -> Vec<Delivery> {
    let file = |year: i32| {
        let partition = if contract == "county_base" { "p12" } else { "p14" };
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            let age = i64::from(year - world.city.first_year);
            for mut place in places(world, partition, number(year), age) {
                take(if contract == "county_base" {
                    base(&mut place, year)
                } else {
                    fiscal(&mut place, year)
                })?;
            }
            Ok(())
        });
        let what =
            if contract == "county_base" { "县域基本情况" } else { "专项资金与减负情况" };
        let wait = if contract == "county_base" { 75 } else { 50 };
        let end = calendar::year_end(year);
        Delivery::new(contract, &format!("{what}{year}"), &year.to_string(), format, end + wait, rows)
    };
    world.years().map(file).collect()
}

fn places<'a>(world: &'a World, partition: &str, period: u64, age: i64) -> Vec<Place<'a>> {
    let mut all = Vec::new();
    for (at, county) in world.counties.iter().enumerate() {
        let units = world.units_of(at, partition);
        let parts =
            if units.len() == 2 { vec![1000 - county.zone_share, county.zone_share] } else { vec![1000] };
        for (of, (unit, part)) in (0_u64..).zip(units.into_iter().zip(parts)) {
            let living = i64::try_from(world.about_living(at)).unwrap_or_default();
            all.push(Place {
                county,
                unit,
                living: share(living, part.into()).max(1),
                residents: county.population * living / living_of_city(county).max(1),
                fixed: world.draw(For::County, at, of),
                draw: world.draw(For::County, at, period * 8 + of),
                age,
            });
        }
    }
    all
}

/// About how many enterprises of the county live in the city as it is.
fn living_of_city(county: &County) -> i64 {
    i64::try_from(county.share).unwrap_or_default() * 388
}

impl Place<'_> {
    /// So many for a thousand living enterprises, by a strength of the county, with some chance: at least `least`.
    fn per_thousand(&mut self, rate: i64, strength: i64, least: i64) -> i64 {
        self.per_million(rate * 1000, strength).max(least)
    }

    /// The same for a million; what is not whole comes up by chance, so that few are few and not none.
    fn per_million(&mut self, rate: i64, strength: i64) -> i64 {
        let expected = share(share(self.living * rate, strength), self.draw.between(880, 1120));
        let rest = u32::try_from(expected % 1_000_000).unwrap_or_default();
        expected / 1_000_000 + i64::from(self.draw.rarely(rest))
    }

    /// A stock: the same rate in every period, grown by so many thousandths each.
    fn stock(&mut self, rate: i64, strength: i64, growth: i64, least: i64) -> i64 {
        let expected = share(share(self.living * rate, strength), self.fixed.between(850, 1150)) / 1000;
        (expected + share(expected, growth * self.age)).max(least)
    }
}

/// Seasons of fairs and deals.
fn season(quarter: i32, weights: [i64; 4]) -> i64 {
    usize::try_from(quarter - 1).ok().and_then(|at| weights.get(at)).copied().unwrap_or(1000)
}

fn trade(place: &mut Place<'_>, period: &str, quarter: i32) -> Vec<Value> {
    let market = place.county.market;
    // Enterprises with trade since January: counted anew each year.
    let exporters = place.per_thousand(season(quarter, [13, 18, 21, 24]), market, 1);
    let value = exporters * place.draw.between(500, 1500);
    let fairs = place.per_thousand(season(quarter, [2, 7, 3, 8]), market, 0);
    let deals = place.per_thousand(season(quarter, [1, 2, 2, 3]), market, 0);
    let amount = deals * place.draw.between(80, 400);
    vec![
        Value::text(place.unit.as_str()),
        Value::text(period),
        Value::Count(exporters),
        Value::yuan(value * 10_000),
        Value::Count(fairs),
        Value::Count(deals),
        Value::yuan(amount * 10_000),
    ]
}

fn joint(place: &mut Place<'_>, period: &str, quarter: i32) -> Vec<Value> {
    let (innovation, service, law) = (place.county.innovation, place.county.service, place.county.law);
    let patents = place.stock(26, innovation, 22, 1);
    let marks = place.stock(900, place.county.market, 15, 3);
    let certified = place.stock(38, innovation, 10, 1);
    let standards = place.stock(4, innovation, 12, 0);
    let issued = place.per_thousand(18, service, 2);
    let used = share(issued, share(place.draw.between(620, 860), service).min(990));
    // 牵牛市 has no towns.
    let none = place.county.id == "qianniu";
    let zone = place.unit == place.county.zone;
    let towns = if none || zone { 0 } else { place.fixed.between(2, 6) };
    let centres = (share(towns, 350 + 45 * place.age)).min(towns);
    let land = place.stock(1, innovation, 60, 0);
    // Courts and grids have no rows of their own for zones.
    let own = |value: Value| if zone { Value::None } else { value };
    let grids = (place.living / 400).max(3);
    let advised = share(grids, (700 + 18 * place.age + (law - 1000) / 4).clamp(500, 1000));
    let closed = place.per_thousand(9, 1000, 2);
    let days = share(place.draw.between(52_000, 88_000), 2000 - law.min(1500)) / 100 * 100;
    let claimed = place.per_thousand(110, 1000, 20);
    let recovered = share(claimed, share(place.draw.between(280, 480), law).min(780));
    let _ = quarter;
    vec![
        Value::text(place.unit.as_str()),
        Value::text(period),
        Value::Count(patents),
        Value::Count(marks),
        Value::Count(certified),
        Value::Count(standards),
        Value::yuan(issued * 10_000),
        Value::yuan(used * 10_000),
        Value::Count(towns),
        Value::Count(centres),
        Value::Count(land),
        own(Value::Count(grids)),
        own(Value::Count(advised)),
        own(Value::Count(closed)),
        own(Value::Measure(days * MILLION / 1000)),
        own(Value::yuan(claimed * 10_000)),
        own(Value::yuan(recovered * 10_000)),
    ]
}

fn training(place: &mut Place<'_>, period: &str, quarter: i32) -> Vec<Value> {
    let start = place.county.start;
    let loans = place.per_thousand(season(quarter, [1, 2, 2, 1]), start, 0);
    let amount = loans * place.draw.between(15, 40);
    let talents = place.per_million(260, place.county.innovation);
    let insured = place.stock(5200, place.county.size, 4, 40);
    let trained = share(insured, place.draw.between(18, 44));
    vec![
        Value::text(place.unit.as_str()),
        Value::text(period),
        Value::Count(loans),
        Value::yuan(amount * 10_000),
        Value::Count(talents),
        Value::Count(trained),
        Value::Count(insured),
    ]
}

fn fiscal(place: &mut Place<'_>, year: i32) -> Vec<Value> {
    let fiscal = place.county.fiscal;
    let spent = place.per_thousand(62, fiscal, 5);
    let general = place.stock(190, 1000, 60, 8);
    let invests = fiscal > 850 || place.draw.happens(600);
    let total = if invests { place.per_thousand(240, fiscal, 60) } else { 0 };
    let small = share(total, place.draw.between(380, 880));
    let relief = place.per_thousand(210, fiscal, 4);
    vec![
        Value::text(place.unit.as_str()),
        Value::text(year.to_string()),
        Value::yuan(spent * 10_000),
        // Living enterprises count in thousands: so much of 亿元 to the hundredth.
        Value::yuan(general * 1_000_000),
        Value::yuan(total * 10_000),
        Value::yuan(small * 10_000),
        Value::yuan(relief * 100_000),
    ]
}

fn base(place: &mut Place<'_>, year: i32) -> Vec<Value> {
    let grown = |value: i64, growth: i64| value + share(value, growth * place.age);
    // Residents shrink and grow with the sample: to the hundred persons and the ten thousand 元.
    let population = grown(place.residents, 4) / 100 * 100;
    let gdp = grown(share(place.residents * 92_000, place.county.size), 58) / 10_000 * 10_000;
    vec![
        Value::text(place.unit.as_str()),
        Value::text(year.to_string()),
        Value::Measure(population * MILLION),
        Value::yuan(gdp),
        Value::Measure(place.county.area * MILLION),
    ]
}
