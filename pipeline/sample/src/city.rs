//! What is given of the invented city: counties, scales, rates (`city.toml`), industries with their size standard, and the
//! names of units and townships (the city's reference tables).
//!
//! All of it is data, compiled in, so that a sample needs nothing but a seed. Nothing is drawn here.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use model::WorkingDays;
use serde::Deserialize;

use crate::SampleError;

const CITY: &str = include_str!("../../../data-samples/synthetic/city.toml");
const INDUSTRIES: &str = include_str!("../data/industries.toml");
const UNITS: &str = include_str!("../../../data-samples/synthetic/reference/units.csv");
const WORKING_DAYS: &str = include_str!("../../../data-samples/synthetic/reference/working_days.csv");
const SUBDISTRICTS: &str = include_str!("../../../data-samples/synthetic/reference/subdistricts.csv");

/// The size of a sample.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Rows of the register.
    pub registry: u64,
    /// The counties in it; all, if none is named.
    #[serde(default)]
    pub counties: Vec<String>,
    /// Least rows of the register for a county.
    #[serde(default)]
    pub least: u64,
    /// Of a thousand industrial enterprises, how many are born to be above scale.
    pub big: u32,
    /// Months delivered, counted back from the end.
    pub months: i32,
    /// Quarters delivered, counted back from the end.
    pub quarters: i32,
    /// Questionnaires sent a county and year.
    pub survey: u64,
    /// How many times the usual mess in rows: a small sample would hold too little of each kind.
    #[serde(default = "once")]
    pub mess: u32,
    /// Least rows a year and county, by the name of the rate.
    pub floor: BTreeMap<String, u64>,
}

fn once() -> u32 {
    1
}

/// What differs from county to county; multipliers are thousandths of the city's middle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct County {
    /// Its unit.
    pub id: String,
    /// Of a thousand enterprises of the city, zones inside.
    pub share: u64,
    /// Residents.
    pub population: i64,
    /// Square kilometres.
    pub area: i64,
    /// The zone inside it.
    #[serde(default)]
    pub zone: String,
    /// Of a thousand of its enterprises, how many are in the zone.
    #[serde(default)]
    pub zone_share: u32,
    /// Births.
    pub start: i64,
    /// Survival: more means fewer deaths.
    pub survive: i64,
    /// Weight of manufacturing.
    pub industry: i64,
    /// Size of enterprises.
    pub size: i64,
    /// Innovation.
    pub innovation: i64,
    /// Market development.
    pub market: i64,
    /// Fiscal support.
    pub fiscal: i64,
    /// Credit.
    pub credit: i64,
    /// Services.
    pub service: i64,
    /// Law and rights.
    pub law: i64,
}

/// Births and deaths in time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Births {
    /// Of a thousand, by years back from the last.
    pub years_back: Vec<u32>,
    /// By month.
    pub months: Vec<u32>,
    /// Of a thousand alive, how many end, by age.
    pub ends: Vec<u32>,
}

/// How many rows of the register are of which kind, of a thousand.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// Enterprises.
    pub enterprise: u64,
    /// Individual businesses.
    pub individual: u64,
    /// Farmers' cooperatives.
    pub cooperative: u64,
    /// Branches.
    pub branch: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CityFile {
    first_year: i32,
    last_year: i32,
    snapshots: Vec<i32>,
    kinds: Kinds,
    scale: BTreeMap<String, Scale>,
    rates: BTreeMap<String, u64>,
    county: Vec<County>,
    births: Births,
    mess: BTreeMap<String, u32>,
}

/// An industry of the invented city.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Industry {
    /// Four digits of GB/T 4754-2017.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The section, A to T.
    pub section: char,
    /// Of a thousand enterprises.
    pub weight: u32,
    /// Its row of the size standard.
    pub row: String,
    /// Thousandth of revenue against industry.
    pub scale: i64,
    /// Revenue a head in 万元, from and to.
    pub head: [i64; 2],
    /// The list of enterprises above scale; empty: none.
    #[serde(default)]
    pub list: String,
    /// Least revenue of the list in 万元.
    #[serde(default)]
    pub least: i64,
}

/// A row of the size standard: least values of small, medium and large.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeRow {
    /// Employees.
    #[serde(default)]
    pub x: Option<[i64; 3]>,
    /// Revenue in 万元.
    #[serde(default)]
    pub y: Option<[i64; 3]>,
    /// Assets in 万元.
    #[serde(default)]
    pub z: Option<[i64; 3]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IndustriesFile {
    industry: Vec<Industry>,
    rows: BTreeMap<String, SizeRow>,
}

/// A county, zone or remainder unit as its names go.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Its code; empty for remainder units.
    pub code: String,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short: String,
    /// The county it lies in.
    pub parent: String,
}

/// The invented city.
#[derive(Clone, Debug)]
pub struct City {
    /// Its id among the units.
    pub id: String,
    /// First year delivered.
    pub first_year: i32,
    /// Last year delivered.
    pub last_year: i32,
    /// The years at whose end the register is copied out, the last one last.
    pub snapshots: Vec<i32>,
    /// Kinds of rows of the register.
    pub kinds: Kinds,
    /// Scales by name.
    pub scales: BTreeMap<String, Scale>,
    /// Rows a year for a thousand living enterprises.
    pub rates: BTreeMap<String, u64>,
    /// All counties in the order of the reference.
    pub counties: Vec<County>,
    /// Births and deaths.
    pub births: Births,
    /// How often mess is planted.
    pub mess: BTreeMap<String, u32>,
    /// Industries.
    pub industries: Vec<Industry>,
    /// Rows of the size standard.
    pub size_rows: BTreeMap<String, SizeRow>,
    /// Units by id.
    pub units: BTreeMap<String, Unit>,
    /// Townships by county: name, zone.
    pub townships: BTreeMap<String, Vec<(String, String)>>,
    /// On which days people work; every year delivered and the next one are known.
    pub working_days: WorkingDays,
}

impl City {
    /// Reads what is compiled in.
    ///
    /// # Errors
    /// A file compiled in is not as it should be.
    pub fn load() -> Result<Self, SampleError> {
        let file: CityFile = toml::from_str(CITY).map_err(|error| SampleError::data("city.toml", error))?;
        let industries: IndustriesFile =
            toml::from_str(INDUSTRIES).map_err(|error| SampleError::data("industries.toml", error))?;
        let (mut city, mut units) = (String::new(), BTreeMap::new());
        for row in rows(UNITS, "units.csv")? {
            let [id, code, kind, name, short, _, _, parent, _] = row.as_slice() else {
                return Err(SampleError::data("units.csv", "nine columns"));
            };
            if kind == "city" {
                city.clone_from(id);
            }
            let own = |text: &String| text.clone();
            let unit = Unit {
                id: own(id),
                code: own(code),
                name: own(name),
                short: own(short),
                parent: own(parent),
            };
            units.insert(unit.id.clone(), unit);
        }
        let mut townships: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for row in rows(SUBDISTRICTS, "subdistricts.csv")? {
            let [name, unit, zone, code, _, to] = row.as_slice() else {
                return Err(SampleError::data("subdistricts.csv", "six columns"));
            };
            // Names with their county before them stand there too; names no longer used have no code.
            let plain = units.get(unit).is_some_and(|unit: &Unit| !name.starts_with(&unit.name));
            if plain && to.is_empty() && !code.is_empty() {
                townships.entry(unit.clone()).or_default().push((name.clone(), zone.clone()));
            }
        }
        let working_days = working_days(file.first_year..=file.last_year + 1)?;
        Ok(Self {
            id: city,
            first_year: file.first_year,
            last_year: file.last_year,
            snapshots: file.snapshots,
            kinds: file.kinds,
            scales: file.scale,
            rates: file.rates,
            counties: file.county,
            births: file.births,
            mess: file.mess,
            industries: industries.industry,
            size_rows: industries.rows,
            units,
            townships,
            working_days,
        })
    }

    /// The name of a unit.
    pub fn name(&self, unit: &str) -> &str {
        self.units.get(unit).map_or("", |unit| unit.name.as_str())
    }
}

fn working_days(mut years: RangeInclusive<i32>) -> Result<WorkingDays, SampleError> {
    let wrong = |reason: String| SampleError::data("working_days.csv", reason);
    let mut calendar = WorkingDays::default();
    for row in rows(WORKING_DAYS, "working_days.csv")? {
        let [day, year, kind, ..] = row.as_slice() else { return Err(wrong("five columns".to_owned())) };
        calendar.add(day, kind, year).map_err(wrong)?;
    }
    match years.find(|year| !calendar.years().any(|known| known == *year)) {
        Some(year) => Err(wrong(format!("no year {year}"))),
        None => Ok(calendar),
    }
}

fn rows(text: &str, file: &'static str) -> Result<Vec<Vec<String>>, SampleError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let read = |record: Result<csv::StringRecord, csv::Error>| {
        record.map(|record| record.iter().map(str::to_owned).collect())
    };
    reader.records().map(read).collect::<Result<_, _>>().map_err(|error| SampleError::data(file, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_holds_together() {
        let city = City::load().unwrap();
        assert_eq!(city.counties.iter().map(|county| county.share).sum::<u64>(), 1000);
        assert_eq!(city.counties.iter().map(|county| county.population).sum::<i64>(), 8_400_000);
        assert_eq!(city.industries.iter().map(|industry| industry.weight).sum::<u32>(), 995);
        assert!(city.industries.iter().all(|industry| city.size_rows.contains_key(&industry.row)));
        for county in &city.counties {
            assert!(city.units.contains_key(&county.id) && city.townships.contains_key(&county.id));
            let zoned = city.townships.values().flatten().any(|(_, zone)| *zone == county.zone);
            assert!(county.zone.is_empty() || zoned, "{}", county.id);
        }
    }
}
