//! `receive`: what is found in a file, what is asked for, and that nothing is written over or told twice.

use std::collections::BTreeMap;

use model::{Deliveries, Delivery};

use crate::city::{City, files_under};

const LIST: &str = "extracts/deliveries.toml";

fn parsed(text: &str) -> Vec<Delivery> {
    toml::from_str::<Deliveries>(text).unwrap_or_else(|error| panic!("{error}\n{text}")).delivery
}

/// Takes these out of the list and the folder into the inbox; says where they lie there.
fn take_out(city: &City, taken: &[&Delivery]) -> Vec<String> {
    let list = city.read(LIST);
    let named =
        |entry: &&str| taken.iter().any(|taken| entry.contains(&format!("file = \"{}\"", taken.file)));
    let mut entries = list.split("[[delivery]]");
    let head = entries.next().unwrap().to_owned();
    let kept: Vec<&str> = entries.filter(|entry| !named(entry)).collect();
    city.write(LIST, format!("{head}[[delivery]]{}", kept.join("[[delivery]]")));
    let moved = taken.iter().map(|taken| {
        let path = city.path(&format!("extracts/{}", taken.file));
        let file = city.inbox(taken.file.rsplit('/').next().unwrap(), std::fs::read(&path).unwrap());
        std::fs::remove_file(path).unwrap();
        file
    });
    moved.collect()
}

#[test]
fn every_contract_of_the_invented_city_is_known_by_its_file() {
    let city = City::invented();
    let all = parsed(&city.read(LIST));
    // The last delivery of each contract comes anew; what came before stays listed.
    let last: BTreeMap<&str, &Delivery> =
        all.iter().map(|delivery| (delivery.contracts[0].as_str(), delivery)).collect();
    assert_eq!(last.len(), 19);
    let taken: Vec<&Delivery> = last.into_values().collect();
    let files = take_out(&city, &taken);
    let before = city.read(LIST);

    let command = |files: &[String]| -> Vec<String> {
        let words = ["receive", "--received-on", "2025-06-01"].map(str::to_owned);
        words.into_iter().chain(files.iter().cloned()).collect()
    };
    let run = |arguments: &[String]| city.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let ran = run(&command(&files));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);

    let list = city.read(LIST);
    assert!(list.starts_with(before.trim_end()), "what stood there stays as it was");
    let found: BTreeMap<String, Delivery> = parsed(&list)
        .into_iter()
        .skip(all.len() - taken.len())
        .map(|delivery| (delivery.contracts.join(","), delivery))
        .collect();
    for expected in taken {
        let found = &found[expected.contracts[0].as_str()];
        let told = |d: &Delivery| {
            (d.sha256.clone(), d.department.clone(), d.period, d.partition.clone(), d.vintage.clone())
        };
        assert_eq!(told(found), told(expected), "{}", expected.file);
        assert_eq!(found.received_on, "2025-06-01");
        assert!(expected.file.ends_with(&found.file));
        let kept = std::fs::read(city.path(&format!("extracts/{}", found.file))).unwrap();
        assert_eq!(model::Digest::of(kept).hex(), expected.sha256);
    }
}

#[test]
fn the_same_content_is_told_and_not_listed_again() {
    let city = City::new();
    let list = city.read(LIST);
    let known = city.path("extracts/2021年各县市区人口_网页另存.xls");
    let copy = city.inbox("人口（再次发送）.xls", std::fs::read(known).unwrap());
    let ran = city.run(&["receive", &copy]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the same content is listed as `2021年各县市区人口_网页另存.xls`"),
        "{}",
        ran.stderr
    );
    assert_eq!(city.read(LIST), list);
    assert!(!city.path("extracts/人口（再次发送）.xls").exists());
}

#[test]
fn a_correction_is_noted_and_stands() {
    let city = City::new();
    let first = "2021年温州市人口主要数据公报_各县市区.xlsx";
    city.keep_deliveries(&[first]);
    let page = city.inbox("人口（更正）.xls", city.changed_page());
    let before = files_under(&city.assessment());
    let dry = city.run(&["receive", &page, "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.stderr);
    assert!(
        dry.stderr.contains(&format!("of the same contract and period there is {first}")),
        "{}",
        dry.stderr
    );
    assert!(dry.stderr.contains("nothing was written"), "{}", dry.stderr);
    assert_eq!(files_under(&city.assessment()), before);
    // Without a day it is today's, which no result may depend on, but which is one.
    let day = parsed(&dry.stdout)[0].received_on.clone();
    assert!(model::assessment::calendar_date(&day).is_some() && day.as_str() > "2025", "{day}");

    let ran = city.run(&["receive", &page, "--supersedes", first, "--received-on", "2022-05-01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("of the same contract"), "{}", ran.stderr);
    let noted = parsed(&city.read(LIST)).pop().unwrap();
    assert_eq!((noted.period.to_string().as_str(), noted.contracts[0].as_str()), ("2021", "population"));
    assert_eq!((noted.partition.as_str(), noted.vintage.as_str()), ("p12", "2021"));
    let ran = city.run(&["ingest", "--json", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let sources = ran.json()["sources"].clone();
    assert_eq!((&sources[0]["rows"]["superseded"], &sources[1]["rows"]["kept"]), (&1.into(), &1.into()));
}

#[test]
fn all_that_cannot_be_found_is_asked_for_at_once() {
    let city = City::invented();
    let all = parsed(&city.read(LIST));
    let of = |contract: &str| all.iter().rev().find(|delivery| delivery.contracts[0] == contract).unwrap();
    let taken = [of("registry"), of("training")];
    let files = take_out(&city, &taken);
    let letter = city.inbox("来信.txt", "各位同事：\n请查收。\n");
    let empty = city.inbox("空.csv", " \n");
    let list = city.read(LIST);
    let mut arguments = vec!["receive", &letter, &empty, "没有.xlsx", "--received-on", "2025-02-30"];
    arguments.extend(files.iter().map(String::as_str));
    city.run(&arguments).assert_fails(
        1,
        &[
            "error[receive-no-contract]",
            "--contract",
            "error[file-empty]",
            "error[file-unusable]",
            "error[receive-period-unclear]",
            "error[wrong-value]",
            "5 in all",
        ],
    );
    assert_eq!(city.read(LIST), list);
    let told = [
        (["--contract", "trainin"], "did you mean `training`"),
        (["--department", "jingxim"], "did you mean `jingxin`"),
        (["--partition", "p13"], "[unknown-name]"),
        (["--supersedes", "x.xlsx"], "[unknown-name]"),
        (["--vintage", "2024-Q1"], "[wrong-value]"),
    ];
    for (options, told) in told {
        let ran = city.run(&["receive", &files[1], options[0], options[1]]);
        ran.assert_fails(1, &[told]);
    }
    let ran = city.run(&["receive", &files[1], "--received-on", "2025-01-17"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // Another file of that name is not written over.
    let name = files[1].rsplit('/').next().unwrap();
    let mut other = std::fs::read(city.path(&format!("extracts/{name}"))).unwrap();
    other.push(b' ');
    let other = city.inbox(&format!("again/{name}"), other);
    city.run(&["receive", &other]).assert_fails(1, &["error[delivery-name-taken]"]);
}

#[test]
fn a_zone_beside_its_county_is_not_guessed() {
    let city = City::new();
    city.write(LIST, "");
    let counted = |zone: &str| {
        format!(
            "2024年各县市区常住人口\n地区,常住人口(万人),城镇化率(%)\n鹿城区,118.9,99\n瓯海区,96.4,98\n{zone}"
        )
    };
    let file = city.inbox("人口.csv", counted("经开区,25.3,97\n"));
    // As a part of a county that is not listed, or on its own: two partitions.
    let ran = city.run(&["receive", &file]);
    ran.assert_fails(1, &["error[receive-partition-unclear]", "p12、p14", "--partition"]);
    let ran = city.run(&["receive", &file, "--partition", "p14", "--received-on", "2025-01-17"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // Asked once: the next follow.
    let next = city.inbox("人口（补报）.csv", counted("经开区,25.4,97\n"));
    let ran = city.run(&["receive", &next, "--received-on", "2025-01-18"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(parsed(&city.read(LIST))[1].partition, "p14");
    // Without zones nothing is unclear.
    city.write(LIST, "");
    let ran = city.run(&["receive", &city.inbox("各县人口.csv", counted(""))]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(parsed(&city.read(LIST))[0].partition, "p12");
}

#[test]
fn two_contracts_under_one_header_are_not_guessed() {
    let city = City::new();
    let twin = city.read("contracts/population.toml").replacen("id = \"population\"", "id = \"people\"", 1);
    city.write("contracts/people.toml", twin);
    let page = city.inbox("人口.xls", city.changed_page());
    let ran = city.run(&["receive", &page]);
    ran.assert_fails(1, &["error[receive-contract-unclear]", "people、population", "--contract"]);
    let ran = city.run(&["receive", &page, "--contract", "people", "--received-on", "2020-01-01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("the order of the list decides"), "{}", ran.stderr);
}
