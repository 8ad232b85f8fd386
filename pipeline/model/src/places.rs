//! Which county or zone a registering office or an address names.
//!
//! Offices are matched by their whole name. In an address the longest listed name wins; names that tell different
//! counties with equal force tell none. Nothing is matched by likeness, and no county is read off a credit code: that
//! names the office of old. A county is told as what its code meant at the vintage, so that counties that have parted
//! since are still one.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use crate::reference::Reference;
use crate::text;

/// The county an address lies in, and the functional zone if it names one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The county's id.
    pub county: String,
    /// The zone's id.
    pub zone: Option<String>,
}

/// The months in which a name means something; empty where it begins or ends with none.
#[derive(Clone, Debug)]
struct Span {
    from: String,
    to: String,
}

impl Span {
    /// Whether it covers the vintage (`YYYY` or `YYYY-MM`).
    fn holds(&self, vintage: &str) -> bool {
        let begun = self.from.is_empty() || self.from.as_str() <= vintage || self.from.starts_with(vintage);
        begun && (self.to.is_empty() || vintage <= self.to.as_str())
    }
}

/// A unit an office registers for.
#[derive(Clone, Debug)]
struct Office {
    unit: String,
    span: Span,
}

/// A name that may stand in an address.
#[derive(Clone, Debug)]
struct Named {
    location: Location,
    span: Span,
}

/// Offices and addresses, ready to be asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Squeezed name → the units it stands for.
    offices: BTreeMap<String, Vec<Office>>,
    /// The names of addresses, squeezed, and what each stands for.
    names: Vec<(String, Vec<Named>)>,
    finder: Option<AhoCorasick>,
}

impl Places {
    /// Gathers them: `offices` as (name, unit, valid from, valid to), `subdistricts` as (name, unit, zone, valid from, valid to), `counties`
    /// as (full name, unit).
    pub(crate) fn new(
        offices: impl IntoIterator<Item = [String; 4]>,
        subdistricts: impl IntoIterator<Item = [String; 5]>,
        counties: impl IntoIterator<Item = [String; 2]>,
    ) -> Self {
        let mut names: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for [name, county, zone, from, to] in subdistricts {
            let location = Location { county, zone: Some(zone).filter(|zone| !zone.is_empty()) };
            names.entry(text::squeeze(&name)).or_default().push(Named { location, span: Span { from, to } });
        }
        for [name, county] in counties {
            let location = Location { county, zone: None };
            let named = Named { location, span: Span { from: String::new(), to: String::new() } };
            names.entry(text::squeeze(&name)).or_default().push(named);
        }
        names.remove("");
        let finder = AhoCorasick::new(names.keys()).ok();
        let mut known: BTreeMap<String, Vec<Office>> = BTreeMap::new();
        for [name, unit, from, to] in offices {
            let office = Office { unit, span: Span { from, to } };
            known.entry(text::squeeze(&name)).or_default().push(office);
        }
        Self { offices: known, names: names.into_iter().collect(), finder }
    }
}

impl Reference {
    /// The unit an office registers for at a vintage (`YYYY` or `YYYY-MM`): a county, a zone, or the city (which tells no
    /// county). The name may stand behind the province's.
    pub fn office(&self, name: &str, vintage: &str) -> Option<&str> {
        let plain = text::squeeze(name);
        let prefixes = std::iter::once("").chain(self.prefixes.iter().map(String::as_str));
        let mut rests = prefixes.filter_map(|prefix| plain.strip_prefix(prefix));
        let offices = rests.find_map(|rest| self.places.offices.get(rest))?;
        let office = offices.iter().rfind(|office| office.span.holds(vintage))?;
        Some(self.at_vintage(&office.unit, vintage))
    }

    /// Where an address lies at a vintage (`YYYY` or `YYYY-MM`); `None` where it names no county, or two of them
    /// equally well.
    pub fn address(&self, address: &str, vintage: &str) -> Option<Location> {
        let plain = text::squeeze(address);
        let finder = self.places.finder.as_ref()?;
        let mut best: Option<(usize, &Location)> = None;
        let mut torn = false;
        for found in finder.find_overlapping_iter(&plain) {
            let Some((_, named)) = self.places.names.get(found.pattern().as_usize()) else { continue };
            let length = found.end() - found.start();
            for named in named.iter().filter(|named| named.span.holds(vintage)) {
                match best {
                    Some((longest, _)) if length < longest => {}
                    Some((longest, other)) if length == longest => torn |= *other != named.location,
                    _ => (best, torn) = (Some((length, &named.location)), false),
                }
            }
        }
        let (_, found) = best.filter(|_| !torn)?;
        let county = self.at_vintage(&found.county, vintage).to_owned();
        Some(Location { county, zone: found.zone.clone() })
    }

    /// What the code of a unit meant at a vintage; the unit itself where its code meant nothing.
    fn at_vintage<'a>(&'a self, unit: &'a str, vintage: &str) -> &'a str {
        let code = self.units.get(unit).map_or("", |unit| unit.code.as_str());
        self.meant(code, vintage).unwrap_or(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference() -> Reference {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
        Reference::load(&folder, "reference").unwrap()
    }

    #[test]
    fn offices_are_known_by_their_whole_name() {
        let reference = reference();
        for (name, unit) in [
            ("乐清市市场监督管理局", Some("yueqing")),
            ("浙江省温州市鹿城区市场监督管理局", Some("lucheng")),
            ("温州市市场监督管理局 龙湾分局", Some("longwan")),
            ("温州市市场监督管理局经济技术开发区分局", Some("zhenan")),
            ("温州市市场监督管理局瓯江口分局", Some("oujiangkou")),
            ("温州市市场监督管理局", Some("wenzhou")),
            ("义乌市市场监督管理局", None),
            ("市场监督管理局", None),
            ("乐清市市场监督管理局柳市所", None),
        ] {
            assert_eq!(reference.office(name, "2024"), unit, "{name}");
        }
        for (name, vintage, unit) in [
            ("苍南县市场监督管理局", "2024", "cangnan"),
            ("苍南县市场监督管理局", "2017", "cangnan_with_longgang"),
            ("苍南县市场监督管理局龙港分局", "2024", "longgang"),
            ("苍南县市场监督管理局龙港分局", "2019-07", "cangnan_with_longgang"),
            ("龙港市市场监督管理局", "2024", "longgang"),
            ("洞头县工商行政管理局", "2014", "dongtou"),
        ] {
            assert_eq!(reference.office(name, vintage), Some(unit), "{name} {vintage}");
        }
    }

    #[test]
    fn the_longest_name_in_an_address_wins() {
        let reference = reference();
        let at = |address: &str, vintage: &str| {
            reference
                .address(address, vintage)
                .map(|location| format!("{} {}", location.county, location.zone.as_deref().unwrap_or("-")))
        };
        for (address, vintage, expected) in [
            ("浙江省温州市鹿城区五马街道公园路1号", "2024", Some("lucheng -")),
            ("五马街道公园路1号", "2024", Some("lucheng -")),
            ("温州市龙湾区海城街道", "2024", Some("longwan zhenan")),
            ("龙湾区灵昆街道", "2024", Some("dongtou oujiangkou")),
            ("龙湾区灵昆街道", "2014", Some("longwan -")),
            ("洞头县北岙街道", "2014", Some("dongtou -")),
            ("苍南县龙港镇", "2018", Some("cangnan_with_longgang -")),
            ("苍南县灵溪镇", "2018", Some("cangnan_with_longgang -")),
            ("苍南县灵溪镇", "2024", Some("cangnan -")),
            ("苍南县龙港镇", "2024", Some("longgang -")),
            ("温州市鹿城区", "2024", Some("lucheng -")),
            ("鹿城区龙湾区交界处", "2024", None),
            ("温州市人民路1号", "2024", None),
            ("", "2024", None),
        ] {
            assert_eq!(at(address, vintage).as_deref(), expected, "{address} {vintage}");
        }
    }
}
