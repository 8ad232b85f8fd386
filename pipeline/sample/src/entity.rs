//! One registered entity, invented again whenever somebody looks: when it was founded and ended, what it does, how big
//! it is in each year, and what its codes and names are.
//!
//! The order of draws is part of the sample: a new draw goes to the end.

use crate::calendar;
use crate::city::{County, Industry};
use crate::codes;
use crate::draw::{Draw, For, share};
use crate::names;
use crate::world::World;

/// Kinds of entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An enterprise.
    Enterprise,
    /// An individual business.
    Individual,
    /// A farmers' cooperative.
    Cooperative,
    /// A branch.
    Branch,
}

impl Kind {
    /// All kinds, in the order of their serial numbers.
    pub const ALL: [Self; 4] = [Self::Enterprise, Self::Individual, Self::Cooperative, Self::Branch];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Individual => "individual",
            Self::Cooperative => "cooperative",
            Self::Branch => "branch",
        }
    }
}

/// How an entity ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Cancelled.
    Cancelled,
    /// Its licence was revoked.
    Revoked,
    /// It moved to another city.
    MovedOut,
    /// It suspended its business.
    Suspended,
}

/// Figures of a year. Money in 千元, as the statistical forms have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Employees at the end of the year.
    pub employees: i64,
    /// Revenue.
    pub revenue: i64,
    /// Assets.
    pub assets: i64,
}

/// One entity.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its county's place in the world.
    pub county: usize,
    /// What it is.
    pub kind: Kind,
    /// Its number in the whole sample.
    pub serial: u64,
    /// The day it was registered.
    pub founded: i32,
    /// The day it ended, and how.
    pub end: Option<(i32, End)>,
    /// Its industry's place in the city.
    pub industry: usize,
    /// Whether it lies in the county's zone.
    pub in_zone: bool,
    /// Legal form, as the register writes it.
    pub form: &'static str,
    /// It was an individual business before.
    pub from_individual: bool,
    /// Revenue of the last year in 千元.
    base: i64,
    /// Revenue a head in 千元.
    head: i64,
    /// Assets against revenue, in thousandths.
    assets: i64,
}

const FORMS: [(&str, u32); 7] = [
    ("有限责任公司(自然人独资)", 430),
    ("有限责任公司(自然人投资或控股)", 395),
    ("有限责任公司(非自然人投资或控股的法人独资)", 55),
    ("股份有限公司(非上市、自然人投资或控股)", 12),
    ("个人独资企业", 62),
    ("合伙企业", 26),
    ("股份合作制", 20),
];
/// Revenue of enterprises born small, in 千元 by permille.
const SMALL: [(i64, i64); 7] =
    [(0, 30), (300, 400), (600, 1500), (850, 6000), (970, 12_000), (996, 16_000), (1000, 18_500)];
/// Revenue of enterprises born big: few are very big.
const BIG: [(i64, i64); 7] = [
    (0, 21_000),
    (400, 42_000),
    (750, 120_000),
    (930, 420_000),
    (985, 1_500_000),
    (998, 6_000_000),
    (1000, 20_000_000),
];

impl Entity {
    pub(crate) fn new(world: &World, county: usize, kind: Kind, number: u64, serial: u64) -> Self {
        let place = u32::try_from(county).unwrap_or_default() * 4 + kind as u32;
        let mut draw = Draw::at(world.seed, For::Entity, place, number);
        let of = world.counties.get(county);
        let (founded, end) = life(world, of, kind, &mut draw);
        let industry = industry(world, of, kind, &mut draw);
        let in_zone = draw.happens(of.map_or(0, |county| county.zone_share));
        let form = match kind {
            Kind::Enterprise => {
                FORMS.get(draw.weighted(FORMS.map(|(_, weight)| weight))).map_or("", |form| form.0)
            }
            Kind::Individual => "个体工商户",
            Kind::Cooperative => "农民专业合作社",
            Kind::Branch => "有限责任公司分公司",
        };
        let kept = world.city.industries.get(industry);
        let (scale, [low, high]) = kept.map_or((1000, [50, 100]), |industry| (industry.scale, industry.head));
        let size = of.map_or(1000, |county| county.size);
        let odds =
            i64::from(world.scale.big) * size * if kept.is_some_and(|i| i.section == 'C') { 10 } else { 4 };
        let big = kind == Kind::Enterprise && draw.rarely(u32::try_from(odds / 10).unwrap_or_default());
        let revenue = draw.quantile(if big { &BIG } else { &SMALL });
        let revenue = if big { share(revenue, i64::midpoint(size, 1000)) } else { share(revenue, scale) };
        let base = match kind {
            Kind::Enterprise => revenue.max(10),
            _ => (revenue / 12).max(5),
        };
        let head = draw.between(low * 10, high * 10);
        let assets = draw.between(450, 1900);
        let from_individual = kind == Kind::Enterprise && draw.happens(35);
        Self {
            county,
            kind,
            serial,
            founded,
            end,
            industry,
            in_zone,
            form,
            from_individual,
            base,
            head,
            assets,
        }
    }

    /// Whether it is registered and active on a day.
    pub fn lives(&self, day: i32) -> bool {
        self.founded <= day && self.end.is_none_or(|(end, _)| day < end)
    }

    /// Its industry.
    pub fn industry<'a>(&self, world: &'a World) -> Option<&'a Industry> {
        world.city.industries.get(self.industry)
    }

    /// Its unit in a partition.
    pub fn unit(&self, world: &World, partition: &str) -> String {
        let Some(county) = world.counties.get(self.county) else { return String::new() };
        match (partition == "p14" && !county.zone.is_empty(), self.in_zone) {
            (false, _) => county.id.clone(),
            (true, false) => format!("{}_ex", county.id),
            (true, true) => county.zone.clone(),
        }
    }

    /// Its figures in a year of the sample.
    pub fn figures(&self, world: &World, year: i32) -> Figures {
        let mut draw = Draw::at(world.seed, For::Year, self.kind as u32, self.serial);
        let mut revenue = self.base;
        for back in (world.city.first_year..world.city.last_year).rev() {
            // Most grow a little; a few shrink.
            let before = 900 + 12 * draw.bell(12) - 40;
            if back >= year {
                revenue = share(revenue, before.min(1060));
            }
        }
        let born = calendar::year_of(self.founded);
        if born == year {
            revenue /= 2;
        }
        let noise = draw.between(0, 9);
        let revenue = (revenue + noise).max(1);
        let employees = (revenue / self.head.max(1)).clamp(1, 60_000);
        Figures { employees, revenue, assets: share(revenue, self.assets).max(1) }
    }

    /// Its class under the size standard of 2017, from the figures of a year; `None` where the standard has no row.
    pub fn size_class(&self, world: &World, year: i32) -> Option<&'static str> {
        let row = world.city.size_rows.get(&self.industry(world)?.row)?;
        let figures = self.figures(world, year);
        let measures =
            [(row.x, figures.employees), (row.y, figures.revenue / 10), (row.z, figures.assets / 10)];
        let class = |(bounds, value): (Option<[i64; 3]>, i64)| {
            bounds.map(|bounds| bounds.iter().filter(|bound| value >= **bound).count())
        };
        let lowest = measures.into_iter().filter_map(class).min()?;
        ["micro", "small", "medium", "large"].get(lowest).copied()
    }

    /// The list of enterprises above scale it stands on at the end of a year.
    pub fn list<'a>(&self, world: &'a World, year: i32) -> Option<&'a str> {
        let industry = self.industry(world)?;
        let listed = self.kind == Kind::Enterprise && !industry.list.is_empty();
        let lives = listed && self.lives(calendar::year_end(year));
        let enough = lives && self.figures(world, year).revenue >= industry.least * 10;
        enough.then_some(industry.list.as_str())
    }

    /// The division code of the office that registered it, at that time.
    pub fn office_code(&self, world: &World) -> String {
        let Some(county) = world.counties.get(self.county) else { return "990100".to_owned() };
        let code = |unit: &str| world.city.units.get(unit).map(|unit| unit.code.clone()).unwrap_or_default();
        match county.id.as_str() {
            _ if self.registered_by_city() => "990100".to_owned(),
            "yuheng" if self.founded < calendar::day(2016, 4, 1) => "990122".to_owned(),
            "qianniu" if self.founded < calendar::day(2020, 5, 1) => "990127".to_owned(),
            _ if self.in_zone && self.founded >= calendar::day(2010, 1, 1) => code(&county.zone),
            id => code(id),
        }
    }

    fn registered_by_city(&self) -> bool {
        self.kind == Kind::Enterprise && self.serial.is_multiple_of(53)
    }

    /// Its unified social credit code.
    pub fn credit_code(&self, world: &World) -> String {
        let kind = match self.kind {
            Kind::Enterprise | Kind::Branch => "91",
            Kind::Individual => "92",
            Kind::Cooperative => "93",
        };
        let old = self.founded < calendar::day(2015, 10, 1);
        codes::credit(kind, &self.office_code(world), &codes::organisation(self.serial, old))
    }

    /// Its old registration number, if it is old enough to have one.
    pub fn registration_number(&self, world: &World) -> Option<String> {
        let first = if self.kind == Kind::Individual { 60_000_000 } else { 20_000_000 };
        let number = first + self.serial % 40_000_000;
        (self.founded < calendar::day(2015, 10, 1))
            .then(|| codes::registration(&self.office_code(world), number))
    }

    /// The office that holds its file today.
    pub fn authority(&self, world: &World) -> String {
        let Some(county) = world.counties.get(self.county) else { return String::new() };
        if self.registered_by_city() {
            return "星州市市场监督管理局".to_owned();
        }
        match (self.in_zone, county.zone.as_str()) {
            (true, "nandou") => "星州市市场监督管理局经济技术开发区分局".to_owned(),
            (true, "doukou") => "星州市市场监督管理局斗口分局".to_owned(),
            _ => format!("{}市场监督管理局", world.city.name(&county.id)),
        }
    }

    /// The unit that office registers for: the city, a zone, or its county.
    pub fn authority_unit(&self, world: &World) -> String {
        match world.counties.get(self.county) {
            _ if self.registered_by_city() => world.city.id.clone(),
            Some(county) if self.in_zone && !county.zone.is_empty() => county.zone.clone(),
            Some(county) => county.id.clone(),
            None => String::new(),
        }
    }

    /// What it is called, who answers for it, and where it is.
    pub fn particulars(&self, world: &World) -> Particulars {
        let mut draw = Draw::at(world.seed, For::Entity, 1000 + self.kind as u32, self.serial);
        let county = world.counties.get(self.county);
        let id = county.map_or("", |county| county.id.as_str());
        let county_name = world.city.name(id);
        let short = world.city.units.get(id).map_or("", |unit| unit.short.as_str());
        let owner = names::person(&mut draw);
        let section = self.industry(world).map_or('C', |industry| industry.section);
        let place = draw.pick(&["星州", "星州", short, "星州市", ""]);
        let name = match self.kind {
            Kind::Individual => names::shop(&mut draw, county_name, &owner),
            Kind::Cooperative => names::enterprise(&mut draw, county_name, 'A') + "专业合作社",
            Kind::Enterprise => names::enterprise(&mut draw, place, section) + self.name_end(),
            Kind::Branch => names::enterprise(&mut draw, "星州", section) + "有限公司" + short + "分公司",
        };
        let towns = world.city.townships.get(id).map(Vec::as_slice).unwrap_or_default();
        let zone = if self.in_zone { county.map_or("", |county| county.zone.as_str()) } else { "" };
        let fitting: Vec<&str> =
            towns.iter().filter(|(_, of)| of == zone).map(|(name, _)| name.as_str()).collect();
        let town = draw.pick(&fitting);
        let street = draw.pick(&["星河路", "天狼路", "银汉路", "织女大道", "北辰路", "参商路", "流火路"]);
        let address = format!("星州市{county_name}{town}{street}{}号", draw.between(1, 499));
        let telephone = codes::telephone(draw.below(70_000));
        Particulars { name, owner, address, telephone }
    }

    fn name_end(&self) -> &'static str {
        match self.form {
            "个人独资企业" | "股份合作制" => "厂",
            "合伙企业" => "合伙企业(普通合伙)",
            form if form.starts_with("股份") => "股份有限公司",
            _ => "有限公司",
        }
    }

    /// Registered capital in 万元.
    pub fn capital(&self) -> i64 {
        let steps = [3, 5, 10, 20, 50, 50, 100, 100, 200, 500, 500, 1000];
        let at =
            usize::try_from(self.serial.wrapping_mul(2_654_435_761) >> 7).unwrap_or_default() % steps.len();
        let typical = steps.get(at).copied().unwrap_or(50);
        typical.max(self.base / 100 * 10 / 10)
    }
}

/// What an entity is called and where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Its name.
    pub name: String,
    /// Its legal representative or owner: a person.
    pub owner: String,
    /// Its address.
    pub address: String,
    /// A telephone number.
    pub telephone: String,
}

/// Founding and end.
fn life(world: &World, county: Option<&County>, kind: Kind, draw: &mut Draw) -> (i32, Option<(i32, End)>) {
    let births = &world.city.births;
    let start = county.map_or(1000, |county| county.start);
    let survive = county.map_or(1000, |county| county.survive).max(1);
    let weigh = |(back, weight): (usize, &u32)| {
        let weight = i64::from(*weight);
        u32::try_from(if back < 6 { weight * start } else { weight * 1000 }).unwrap_or_default()
    };
    let back = draw.weighted(births.years_back.iter().enumerate().map(weigh));
    let year = world.city.last_year - i32::try_from(back).unwrap_or_default();
    let month = i32::try_from(draw.weighted(births.months.iter().copied())).unwrap_or_default() + 1;
    let last = calendar::date(calendar::month_end(year, month)).2;
    let of_month = i32::try_from(draw.between(1, i64::from(last))).unwrap_or(1);
    let mut founded = calendar::working(calendar::day(year, month, of_month));
    if calendar::year_of(founded) > year {
        founded = calendar::day(year, 12, 30) - 4;
    }
    let mut end = None;
    for age in 0..=back {
        let of_age = births.ends.get(age).or(births.ends.last()).copied().unwrap_or_default();
        let harder = if kind == Kind::Individual { 1250 } else { 1000 };
        let odds = i64::from(of_age) * harder / survive;
        if draw.happens(u32::try_from(odds).unwrap_or_default()) {
            let year = year + i32::try_from(age).unwrap_or_default();
            let first = calendar::day(year, 1, 4).max(founded + 20);
            let last = calendar::year_end(year);
            if first < last {
                let day =
                    calendar::working(i32::try_from(draw.between(first.into(), last.into())).unwrap_or(last));
                let how = draw.weighted([780, 140, 50, 30]);
                let ends = [End::Cancelled, End::Revoked, End::MovedOut, End::Suspended];
                end = Some((day.min(last), ends.get(how).copied().unwrap_or(End::Cancelled)));
            }
            break;
        }
    }
    (founded, end)
}

fn industry(world: &World, county: Option<&County>, kind: Kind, draw: &mut Draw) -> usize {
    let factor = county.map_or(1000, |county| county.industry);
    let weigh = |industry: &Industry| {
        let weight = i64::from(industry.weight);
        let weight = match (kind, industry.section) {
            (Kind::Cooperative, 'A') | (Kind::Enterprise | Kind::Branch, 'A'..='B' | 'D'..='Z') => {
                weight * 1000
            }
            (Kind::Enterprise | Kind::Branch, _) => weight * factor,
            (Kind::Individual, 'F' | 'H' | 'O') => weight * 1000,
            (Kind::Individual, 'C') => weight * 100,
            _ => 0,
        };
        u32::try_from(weight).unwrap_or_default()
    };
    draw.weighted(world.city.industries.iter().map(weigh))
}
