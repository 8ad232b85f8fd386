//! Loans by county, month and group of banks. Stocks grow month by month, first borrowers count from January, and the row of
//! all banks is the sum of the groups (borrowers of several banks are counted once there).

use std::rc::Rc;

use crate::calendar;
use crate::delivery::{Delivery, Take};
use crate::draw::{For, share};
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const GROUPS: [(&str, i64, i64); 6] = [
    ("state", 400, 430),
    ("joint_stock", 190, 470),
    ("city", 130, 510),
    ("rural", 200, 540),
    ("village", 20, 640),
    ("policy", 60, 380),
];
/// Loans are printed to the hundredth of a hundred-millionth of 亿元: 万元.
const TEN_THOUSAND: i64 = 10_000;

#[derive(Clone, Copy, Debug, Default)]
struct Loans {
    total: i64,
    small: i64,
    inclusive: i64,
    borrowers: i64,
    credit: i64,
    renewal: i64,
    first: i64,
    first_amount: i64,
    rate: i64,
}

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |(year, month): (i32, i32)| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| {
            for county in 0..world.counties.len() {
                let mut all = Loans::default();
                let mut weighed = 0;
                for (at, (group, part, rate)) in GROUPS.into_iter().enumerate() {
                    let loans = loans(world, county, at, (part, rate), year, month);
                    weighed += loans.small / TEN_THOUSAND * loans.rate;
                    all = all.with(loans);
                    take(row(world, county, year, month, group, loans))?;
                }
                all.rate = weighed / (all.small / TEN_THOUSAND).max(1);
                all.borrowers = share(all.borrowers, 880);
                take(row(world, county, year, month, "all", all))?;
            }
            Ok(())
        });
        let period = format!("{year}-{month:02}");
        let name = format!("小微企业贷款情况{year}年{month:02}月");
        Delivery::new("sme_loan", &name, &period, format, calendar::month_end(year, month) + 13, rows)
    };
    world.months().into_iter().map(file).collect()
}

impl Loans {
    fn with(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            small: self.small + other.small,
            inclusive: self.inclusive + other.inclusive,
            borrowers: self.borrowers + other.borrowers,
            credit: self.credit + other.credit,
            renewal: self.renewal + other.renewal,
            first: self.first + other.first,
            first_amount: self.first_amount + other.first_amount,
            rate: 0,
        }
    }
}

/// In 元, downward to whole 万元.
fn loans(
    world: &World,
    county: usize,
    group: usize,
    (part, rate): (i64, i64),
    year: i32,
    month: i32,
) -> Loans {
    let mut draw = world.draw(For::Loans, county, group as u64);
    let credit = world.counties.get(county).map_or(1000, |county| county.credit);
    let living = i64::try_from(world.about_living(county)).unwrap_or_default();
    let age = i64::from((year - world.city.first_year) * 12 + month);
    // Growth in ten-thousandths a month: all loans, small ones, inclusive ones.
    let grown = |value: i64, monthly: i64| value + share(value, age * monthly / 10);
    let whole = |value: i64| value / TEN_THOUSAND * TEN_THOUSAND;
    let base = share(share(living * 3_000_000, credit), part);
    let total = grown(base, 80 + draw.between(0, 20));
    let small = grown(share(base, 420 + draw.between(-30, 30)), 100 + draw.between(0, 25));
    let inclusive = grown(share(base, 250 + draw.between(-20, 20)), 110 + draw.between(0, 120)).min(small);
    let of_small = |low: i64, high: i64, draw: &mut crate::draw::Draw| draw.between(low, high);
    let (unsecured, renewed) = (of_small(160, 260, &mut draw), of_small(90, 170, &mut draw));
    let yearly = share(share(living, share(14, credit)), part);
    let first = yearly * i64::from(month) / 12;
    Loans {
        total: whole(total),
        small: whole(small),
        inclusive: whole(inclusive),
        borrowers: share(share(share(living, share(430, credit)), part), 1000 + age * 4),
        credit: whole(share(small, share(unsecured, credit).min(500))),
        renewal: whole(share(small, share(renewed, credit).min(380))),
        first,
        first_amount: whole(first * draw.between(600_000, 1_100_000)),
        rate: (rate + draw.between(-25, 25) - age).max(290) + (1000 - credit) / 20,
    }
}

fn row(world: &World, county: usize, year: i32, month: i32, group: &'static str, loans: Loans) -> Vec<Value> {
    let unit = world.counties.get(county).map_or("", |county| county.id.as_str());
    vec![
        Value::text(unit),
        Value::text(format!("{year}-{month:02}")),
        Value::Word(group),
        Value::yuan(loans.total),
        Value::yuan(loans.small),
        Value::yuan(loans.inclusive),
        Value::Count(loans.borrowers),
        Value::yuan(loans.credit),
        Value::yuan(loans.renewal),
        Value::Count(loans.first),
        Value::yuan(loans.first_amount),
        Value::basis_points(loans.rate),
    ]
}
