//! How what was made is sent: late, in two parts, or wrong at first and then corrected. Only whole files are looked at.

use crate::delivery::{Delivery, Extra, Rows, Standing, Take};
use crate::draw::{Draw, For};
use crate::layout::{Format, Layout};
use crate::mess::{Mess, key};
use crate::value::Value;
use crate::world::World;

use std::collections::BTreeMap;
use std::rc::Rc;

/// What happened to a file on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// It came as it should.
    Usual,
    /// It came weeks late.
    Late,
    /// A county is missing; it comes later.
    Partial,
    /// What was missing.
    Rest,
    /// Its figures are wrong.
    Wrong,
    /// It corrects another file.
    Correction,
    /// It holds what must not be sent.
    Refused,
    /// It comes again without that.
    Again,
}

impl How {
    /// A word for the list of deliveries.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Late => "late",
            Self::Partial => "partial",
            Self::Rest => "rest",
            Self::Wrong => "wrong",
            Self::Correction => "correction",
            Self::Refused => "refused",
            Self::Again => "again",
        }
    }
}

/// What is sent, in the order in which it comes.
pub(crate) fn send(
    world: &World,
    layouts: &BTreeMap<String, Layout>,
    mess: &Mess,
    made: Vec<Delivery>,
) -> Vec<(Delivery, How)> {
    let mut sent = Vec::new();
    for mut delivery in made {
        let mut draw = Draw::at(world.seed, For::Paper, key(&delivery.name), 0);
        let (late, corrected, partial) = (
            draw.happens(mess.rate("late")),
            draw.happens(mess.rate("corrected")),
            draw.happens(mess.rate("partial")),
        );
        let unit = layouts.get(delivery.contract).and_then(|layout| layout.place("unit"));
        let ledger = delivery.careful || delivery.standing == Standing::Superseded;
        let (utf16, growth, accounts) = (
            draw.happens(mess.rate("utf16")),
            draw.happens(mess.rate("growth_column")),
            draw.happens(mess.rate("refused")),
        );
        // The register is sent county by county, always from the same system.
        if delivery.contract != "registry" {
            if utf16 && delivery.format.is_text() {
                delivery.format = Format::Utf16;
            }
            if growth && !ledger {
                delivery.extra = Some(Extra::Growth);
            }
        }
        if accounts && !ledger && delivery.contract != "registry" {
            let mut first = delivery.clone();
            first.standing = Standing::Superseded;
            first.extra = Some(Extra::Accounts);
            delivery.supersedes = vec![first.name.clone()];
            delivery.name.push_str("（重报）");
            delivery.received += 9;
            sent.push((first, How::Refused));
            sent.push((delivery, How::Again));
        } else if ledger || delivery.contract == "registry" {
            sent.push((delivery, How::Usual));
        } else if corrected {
            let mut first = delivery.clone();
            first.standing = Standing::Superseded;
            first.wrong = true;
            delivery.supersedes = vec![first.name.clone()];
            delivery.name.push_str("（更正）");
            delivery.received += 21;
            delivery.careful = true;
            sent.push((first, How::Wrong));
            sent.push((delivery, How::Correction));
        } else if let (true, Some(unit), true) = (partial, unit, world.counties.len() > 1) {
            let (first, rest) = parted(world, delivery, unit);
            sent.push((first, How::Partial));
            sent.push((rest, How::Rest));
        } else if late {
            delivery.received += 30 + i32::try_from(draw.below(40)).unwrap_or_default();
            sent.push((delivery, How::Late));
        } else {
            sent.push((delivery, How::Usual));
        }
    }
    sent.sort_by(|(a, _), (b, _)| (a.received, &a.name).cmp(&(b.received, &b.name)));
    sent
}

/// A file without its last county, and that county's.
fn parted(world: &World, delivery: Delivery, unit: usize) -> (Delivery, Delivery) {
    let last = world.counties.len().saturating_sub(1);
    let missing: Vec<String> =
        ["p12", "p14"].iter().flat_map(|partition| world.units_of(last, partition)).collect();
    let only = |wanted: bool| -> Rows {
        let (rows, missing) = (Rc::clone(&delivery.rows), missing.clone());
        Rc::new(move |world: &World, take: &mut Take<'_>| {
            rows(world, &mut |values: Vec<Value>| {
                let of_last = matches!(values.get(unit), Some(Value::Text(unit)) if missing.contains(unit));
                if of_last == wanted { take(values) } else { Ok(()) }
            })
        })
    };
    let mut rest = delivery.clone();
    rest.rows = only(true);
    rest.name.push_str("（补报）");
    rest.received += 25;
    let first = Delivery { rows: only(false), ..delivery };
    (first, rest)
}
