//! The world of a sample: a seed, a scale, and how many entities of which kind each county has.
//!
//! Nobody is stored. An entity is a county, a kind and a number; what it is follows from the seed ([`crate::entity`]), so
//! that every contract can look at it again.

use crate::city::{City, County, Scale};
use crate::draw::{Draw, For, share};
use crate::entity::{Entity, Kind};
use crate::{Options, SampleError};

/// A sample's world.
#[derive(Clone, Debug)]
pub struct World {
    /// The city.
    pub city: City,
    /// The seed.
    pub seed: u64,
    /// The scale, its counts already brought to the fraction.
    pub scale: Scale,
    /// The counties of the scale, in the order of the reference.
    pub counties: Vec<County>,
    /// For each county and kind (in the order of [`Kind::ALL`]) the first serial number and how many there are.
    ranges: Vec<[(u64, u64); 4]>,
}

impl World {
    /// The world of some options.
    ///
    /// # Errors
    /// There is no such scale, or the fraction is none.
    pub fn new(options: &Options) -> Result<Self, SampleError> {
        let city = City::load()?;
        let name = &options.scale;
        let mut scale = city.scales.get(name).cloned().ok_or_else(|| SampleError::Scale(name.clone()))?;
        if options.fraction_millionths == 0 || options.fraction_millionths > 1_000_000 {
            return Err(SampleError::Fraction);
        }
        let part = |count: u64| {
            let part = u128::from(count) * u128::from(options.fraction_millionths) / 1_000_000;
            u64::try_from(part).unwrap_or(count)
        };
        scale.registry = part(scale.registry);
        scale.survey = part(scale.survey).max(20);
        let chosen = |county: &&County| scale.counties.is_empty() || scale.counties.contains(&county.id);
        let counties: Vec<County> = city.counties.iter().filter(chosen).cloned().collect();
        let whole: u64 = counties.iter().map(|county| county.share).sum();
        let kinds = city.kinds;
        let mut next = 0;
        let mut ranges = Vec::new();
        for county in &counties {
            let rows = (scale.registry * county.share / whole.max(1)).max(scale.least);
            let mut of = |permille: u64| {
                let count = rows * permille / 1000;
                let first = next;
                next += count;
                (first, count)
            };
            ranges.push([
                of(kinds.enterprise),
                of(kinds.individual),
                of(kinds.cooperative),
                of(kinds.branch),
            ]);
        }
        Ok(Self { city, seed: options.seed, scale, counties, ranges })
    }

    fn range(&self, county: usize, kind: Kind) -> (u64, u64) {
        self.ranges.get(county).map_or((0, 0), |ranges| match kind {
            Kind::Enterprise => ranges[0],
            Kind::Individual => ranges[1],
            Kind::Cooperative => ranges[2],
            Kind::Branch => ranges[3],
        })
    }

    /// How many entities of a kind were ever registered in a county.
    pub fn count(&self, county: usize, kind: Kind) -> u64 {
        self.range(county, kind).1
    }

    /// One of them.
    pub fn entity(&self, county: usize, kind: Kind, number: u64) -> Entity {
        Entity::new(self, county, kind, number, self.range(county, kind).0 + number)
    }

    /// All enterprises of a county, one after the other.
    pub fn enterprises(&self, county: usize) -> impl Iterator<Item = Entity> + '_ {
        (0..self.count(county, Kind::Enterprise))
            .map(move |number| self.entity(county, Kind::Enterprise, number))
    }

    /// An enterprise that lives on a day; the last tried if none of many does.
    pub fn living(&self, draw: &mut Draw, county: usize, day: i32) -> Entity {
        let count = self.count(county, Kind::Enterprise);
        let mut found = self.entity(county, Kind::Enterprise, draw.below(count));
        for _ in 0..64 {
            if found.lives(day) {
                break;
            }
            found = self.entity(county, Kind::Enterprise, draw.below(count));
        }
        found
    }

    /// About how many enterprises live in a county at the end of a year: from the registered ones, without looking.
    pub fn about_living(&self, county: usize) -> u64 {
        self.count(county, Kind::Enterprise) * 72 / 100
    }

    /// How many rows a year a county has of what happens at a rate. 玉衡区 has no floor: it stays small.
    pub fn rows_a_year(&self, county: usize, rate: &str, multiplier: i64) -> u64 {
        let of_thousand = self.city.rates.get(rate).copied().unwrap_or_default();
        let expected = i64::try_from(self.about_living(county) * of_thousand / 1000).unwrap_or_default();
        let rows = u64::try_from(share(expected, multiplier)).unwrap_or_default();
        let small = self.counties.get(county).is_some_and(|county| county.share <= 10);
        let floor = self.scale.floor.get(rate).copied().unwrap_or_default();
        rows.max(if small { floor / 3 } else { floor })
    }

    /// The years delivered.
    pub fn years(&self) -> impl DoubleEndedIterator<Item = i32> + use<> {
        self.city.first_year..=self.city.last_year
    }

    /// The months delivered: every December, and the last ones.
    pub fn months(&self) -> Vec<(i32, i32)> {
        let last = self.city.last_year * 12 + 12;
        let all = self.years().flat_map(|year| (1..=12).map(move |month| (year, month)));
        all.filter(|(year, month)| *month == 12 || year * 12 + month > last - self.scale.months).collect()
    }

    /// The quarters delivered: every fourth, and the last ones.
    pub fn quarters(&self) -> Vec<(i32, i32)> {
        let last = self.city.last_year * 4 + 4;
        let all = self.years().flat_map(|year| (1..=4).map(move |quarter| (year, quarter)));
        all.filter(|(year, quarter)| *quarter == 4 || year * 4 + quarter > last - self.scale.quarters)
            .collect()
    }

    /// Whether a period of the sample has one a year before it that is delivered too.
    pub fn sent_a_year_before(&self, period: &str) -> bool {
        let (year, part) = period.split_at(period.len().min(4));
        let before = year.parse::<i32>().unwrap_or_default() - 1;
        let number = |text: &str| text.trim_start_matches(['-', 'Q', 'H', '0']).parse::<i32>().ok();
        match (part.chars().nth(1), number(part)) {
            _ if before < self.city.first_year => false,
            (None, _) => true,
            (Some('Q'), Some(quarter)) => self.quarters().contains(&(before, quarter)),
            (Some('0' | '1'), Some(month)) => self.months().contains(&(before, month)),
            _ => false,
        }
    }

    /// Draws for a county table.
    pub fn draw(&self, purpose: For, county: usize, number: u64) -> Draw {
        Draw::at(self.seed, purpose, u32::try_from(county).unwrap_or_default(), number)
    }

    /// The units of a partition inside a county: itself, or (in p14) its remainder and its zone.
    pub fn units_of(&self, county: usize, partition: &str) -> Vec<String> {
        let Some(county) = self.counties.get(county) else { return Vec::new() };
        if partition == "p14" && !county.zone.is_empty() {
            vec![format!("{}_ex", county.id), county.zone.clone()]
        } else {
            vec![county.id.clone()]
        }
    }
}
