//! Same in, same out: folder, time zone, language, locale, umask and threads change no byte of any result.

use std::process::Command;

use crate::city::{City, Ran, finish};

#[test]
fn no_byte_depends_on_where_and_how_it_ran() {
    let plain = City::named("a");
    plain.run_well();
    let expected = plain.results();
    assert!(expected.iter().any(|(name, _)| name.ends_with(".pdf")));
    assert!(expected.len() > 30, "{expected:?}");

    for (name, zone, language, umask, threads) in [
        ("另一个 目录", "Asia/Shanghai", "zh_CN.UTF-8", "077", "1"),
        ("b", "America/St_Johns", "de_DE.UTF-8", "022", "2"),
        ("c/d", "Pacific/Chatham", "C", "002", "8"),
    ] {
        let city = City::named(name);
        let ran = ran_as(&city, &["run"], [zone, language, umask, threads]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(city.results(), expected, "{name} {zone} {language} {threads}");
    }
}

/// The queries of the repository, over three counties of the invented city; what they read is ingested once.
#[test]
fn no_byte_of_any_query_depends_on_where_and_how_it_ran() {
    let city = City::invented();
    let ran = city.run(&["ingest", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let other = city.copied("另一个 目录");
    let results = |city: &City, [zone, language, umask, threads]: [&str; 4]| {
        let ran = ran_as(city, &["assess", "-C"], [zone, language, umask, threads]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        city.results()
    };
    let expected = results(&city, ["UTC", "C", "022", "1"]);
    let tables = expected.iter().filter(|(name, _)| name.starts_with("tables/")).count();
    assert!(tables > 150, "{tables}");
    let found = results(&other, ["Pacific/Chatham", "zh_CN.UTF-8", "077", "4"]);
    let differ: Vec<_> = expected.iter().zip(&found).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty() && expected.len() == found.len(), "{differ:?}");
}

/// Runs a command (these words, then the assessment) from another folder, in a time zone, a language, with a umask and a
/// number of threads.
fn ran_as(city: &City, words: &[&str], [zone, language, umask, threads]: [&str; 4]) -> Ran {
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask])
        .arg(env!("CARGO_BIN_EXE_mantianxing-under-test"))
        .args(words)
        .arg(city.assessment())
        .args(["--quiet", "--threads", threads])
        .current_dir("/")
        .env("TZ", zone)
        .env("LANG", language)
        .env("LC_ALL", language);
    finish(&mut command)
}
