//! Same in, same out: folder, time zone, language, locale, umask and threads change no byte of any result.

use std::process::Command;

use crate::city::{City, finish};

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
        let mut command = Command::new("sh");
        command
            .args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask])
            .arg(env!("CARGO_BIN_EXE_mantianxing-under-test"))
            .args(["run", "--quiet", "--threads", threads])
            .arg(city.assessment())
            .current_dir("/")
            .env("TZ", zone)
            .env("LANG", language)
            .env("LC_ALL", language);
        let ran = finish(&mut command);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(city.results(), expected, "{name} {zone} {language} {threads}");
    }
}
