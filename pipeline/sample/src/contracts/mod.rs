//! The clean rows of the nineteen contracts, one file each or one for a few that are alike. Each makes rows in the order of
//! the columns of its layout; nothing here knows of paper or mess.

mod above_scale;
mod arrears;
mod county_tables;
mod enforcement;
mod gradient;
mod guarantee;
mod loans;
mod parks;
mod payments;
mod procurement;
mod registry;
mod service;
mod survey;
mod tasks;
mod tech;

use std::collections::BTreeMap;

use crate::delivery::Delivery;
use crate::layout::{Format, Layout};
use crate::world::World;

pub(crate) use registry::copy as register;
pub(crate) use survey::frame;

/// Everything that is sent, in the order of contracts; nothing late or corrected yet.
pub(crate) fn deliveries(world: &World, layouts: &BTreeMap<String, Layout>) -> Vec<Delivery> {
    let format = |contract: &str| layouts.get(contract).map_or(Format::CsvUtf8, |layout| layout.format);
    let mut all = Vec::new();
    all.extend(registry::deliveries(world, format("registry")));
    all.extend(above_scale::deliveries(world, format("above_scale")));
    all.extend(gradient::deliveries(world, format("gradient")));
    all.extend(tech::deliveries(world, format("tech_enterprise")));
    all.extend(procurement::deliveries(world, format("procurement")));
    all.extend(payments::deliveries(world, format("policy_payment")));
    all.extend(guarantee::deliveries(world, format("guarantee")));
    all.extend(service::deliveries(world, format("service_case")));
    all.extend(enforcement::deliveries(world, format("enforcement")));
    all.extend(arrears::deliveries(world, format("arrears")));
    all.extend(parks::deliveries(world, format("park")));
    all.extend(survey::deliveries(world, format("survey")));
    all.extend(loans::deliveries(world, format("sme_loan")));
    all.extend(tasks::deliveries(world, format("task_report")));
    for contract in ["trade_promotion", "joint_sheet", "training"] {
        let layout = layouts.get(contract);
        all.extend(
            layout.map(|layout| county_tables::quarterly(world, contract, layout)).unwrap_or_default(),
        );
    }
    for contract in ["fiscal_fund", "county_base"] {
        all.extend(county_tables::yearly(world, contract, format(contract)));
    }
    all
}

/// The number of a year, for keys of draws.
fn number(year: i32) -> u64 {
    u64::try_from(year).unwrap_or_default()
}
