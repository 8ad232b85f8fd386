//! What departments report each month on the thirty tasks and the four targets no other contract measures.

use std::rc::Rc;

use crate::SampleError;
use crate::calendar;
use crate::contracts::number;
use crate::delivery::{Delivery, Take};
use crate::draw::For;
use crate::layout::Format;
use crate::value::Value;
use crate::world::World;

const TASKS: &str = include_str!("../../data/tasks.csv");
/// Target, who reports it, what is to be reached, and what is counted.
const TARGETS: [(&str, &str, i64, &str); 4] = [
    ("t5.1", "市检察院", 5, "已设立企检服务中心"),
    ("t5.3", "市司法局", 0, "权益保护救济机制建设"),
    ("e5", "市司法局", 36, "已建立审慎监管机制的执法部门"),
    ("e6", "市商务局", 12, "已覆盖的重点行业展会"),
];
const DOING: [&str; 5] = [
    "印发年度实施方案，明确责任分工",
    "召开专题推进会，梳理问题清单",
    "按月调度，进展顺利",
    "与有关部门会商，完善配套措施",
    "开展专项督查，督促落后单位整改",
];
const MILLION: i64 = 1_000_000;

pub(super) fn deliveries(world: &World, format: Format) -> Vec<Delivery> {
    let file = |(year, month): (i32, i32)| {
        let rows = Rc::new(move |world: &World, take: &mut Take<'_>| rows(world, year, month, take));
        let name = format!("任务推进情况{year}年{month:02}月");
        let period = format!("{year}-{month:02}");
        Delivery::new("task_report", &name, &period, format, calendar::month_end(year, month) + 6, rows)
    };
    // The tasks run in the last two years.
    let first = world.city.last_year - 1;
    world.months().into_iter().filter(|(year, _)| *year >= first).map(file).collect()
}

fn rows(world: &World, year: i32, month: i32, take: &mut Take<'_>) -> Result<(), SampleError> {
    let age = i64::from((year - world.city.last_year + 1) * 12 + month);
    let period = format!("{year}-{month:02}");
    let mut reader = csv::Reader::from_reader(TASKS.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| SampleError::data("tasks.csv", error))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let task = cell(0).parse::<u64>().unwrap_or_default();
        for (at, department) in (0_u64..).zip(cell(2).split('、')) {
            let mut pace = world.draw(For::Tasks, 0, task << 8 | at);
            let mut draw = world.draw(For::Tasks, 1, number(year * 12 + month) << 16 | task << 8 | at);
            let (begins, takes) = (pace.between(0, 3), pace.between(9, 26));
            let status = match age {
                _ if age <= begins => "not_started",
                _ if age > begins + takes => "done",
                _ if draw.happens(60) => "delayed",
                _ => "in_progress",
            };
            take(vec![
                Value::text(department),
                Value::text(period.as_str()),
                Value::text(cell(0)),
                Value::None,
                Value::None,
                Value::Word(status),
                Value::text(draw.pick(&DOING)),
            ])?;
        }
    }
    for (target, department, goal, what) in TARGETS {
        let reached = (goal * age / 22).min(goal);
        let done = if goal == 0 { age >= 18 } else { reached == goal };
        let value = if goal == 0 { Value::None } else { Value::Measure(reached * MILLION) };
        let base = if goal == 0 { Value::None } else { Value::Measure(goal * MILLION) };
        let counted = if goal == 0 { what.to_owned() } else { format!("{what}{reached}个") };
        take(vec![
            Value::text(department),
            Value::text(period.as_str()),
            Value::text(target),
            value,
            base,
            Value::Word(if done { "done" } else { "in_progress" }),
            Value::text(counted),
        ])?;
    }
    Ok(())
}
