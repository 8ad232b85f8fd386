//! A copy of the sample assessment with its reference folder, and the command run on it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// A copy of `data-samples/published` in a folder of its own, or of the small invented city.
pub(crate) struct City {
    _folder: TempDir,
    root: PathBuf,
    invented: bool,
}

/// The assessment of the invented city: synthetic, with the contracts and queries of the repository.
const INVENTED: &str = "id = \"xingzhou\"
title_zh = \"星州市（虚构）测评示例\"
title_en = \"The invented city\"
place_zh = \"星州市\"
nature = \"synthetic\"
publisher_zh = \"满天星项目\"
periods = [\"2021\", \"2022\", \"2023\", \"2024\"]

[edition]
id = \"2025\"
date = \"2025-06-30\"

[thresholds]
error_findings = 1
";

const PAGE: &str = "2021年各县市区人口_网页另存.xls";

/// What the command did.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// The steps that ran, by name.
    pub(crate) fn steps_that_ran(&self) -> Vec<String> {
        let json = self.json();
        let steps = json["steps"].as_array().unwrap();
        steps
            .iter()
            .filter(|step| step["ran"] == true)
            .map(|step| step["step"].as_str().unwrap().to_owned())
            .collect()
    }

    #[track_caller]
    pub(crate) fn assert_fails(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        for text in texts {
            let all = format!("{}\n{}", self.stdout, self.stderr);
            assert!(all.contains(text), "`{text}` is not in:\n{all}");
        }
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

impl City {
    pub(crate) fn new() -> Self {
        Self::named("city")
    }

    /// A copy whose folder has this name.
    pub(crate) fn named(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(name);
        copy(&repository().join("data-samples/published"), &root.join("data-samples/published"));
        copy(&repository().join("reference"), &root.join("reference"));
        Self { _folder: folder, root, invented: false }
    }

    /// Three counties of the invented city, as they were sent: `data-samples/synthetic/mini`.
    pub(crate) fn invented() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("city");
        let sample = repository().join("data-samples/synthetic");
        for (from, to) in [
            (sample.join("mini/extracts"), "extracts"),
            (sample.join("reference"), "reference"),
            (repository().join("contracts"), "contracts"),
            (repository().join("queries"), "queries"),
            (repository().join("reference"), "policy"),
        ] {
            copy(&from, &root.join(to));
        }
        std::fs::write(root.join("assessment.toml"), INVENTED).unwrap();
        let city = Self { _folder: folder, root, invented: true };
        city.edit("reference/tables.toml", "../../../reference", "../policy");
        city
    }

    /// The same in a folder of this name, with what was made of it.
    pub(crate) fn copied(&self, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(name);
        copy(&self.root, &root);
        let city = Self { _folder: folder, root, invented: self.invented };
        copy(&self.assessment().join("out"), &city.assessment().join("out"));
        city
    }

    pub(crate) fn assessment(&self) -> PathBuf {
        if self.invented { self.root.clone() } else { self.root.join("data-samples/published") }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        match relative.strip_prefix("reference/") {
            Some(rest) => self.root.join("reference").join(rest),
            None => self.assessment().join(relative),
        }
    }

    /// A file beside the assessment, as text.
    pub(crate) fn inbox(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.root.join("inbox").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).unwrap()
    }

    pub(crate) fn write(&self, relative: &str, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces the one place where `old` stands.
    #[track_caller]
    pub(crate) fn edit(&self, relative: &str, old: &str, new: &str) {
        let text = self.read(relative);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {relative}");
        self.write(relative, text.replacen(old, new, 1));
    }

    /// Keeps only the deliveries whose entry contains one of the texts.
    pub(crate) fn keep_deliveries(&self, kept: &[&str]) {
        let text = self.read("extracts/deliveries.toml");
        let entries =
            text.split("[[delivery]]").skip(1).filter(|entry| kept.iter().any(|part| entry.contains(part)));
        let entries: Vec<String> = entries.map(|entry| format!("[[delivery]]{entry}")).collect();
        self.write("extracts/deliveries.toml", entries.join("\n"));
    }

    /// Changes a delivered file and its SHA-256 in the list.
    pub(crate) fn redeliver(&self, file: &str, bytes: &[u8]) {
        let relative = format!("extracts/{file}");
        let old = model::Digest::of(std::fs::read(self.path(&relative)).unwrap()).hex();
        std::fs::write(self.path(&relative), bytes).unwrap();
        self.edit("extracts/deliveries.toml", &old, &model::Digest::of(bytes).hex());
    }

    /// The web page with another figure for 鹿城区, 118.96 instead of 118.95.
    pub(crate) fn changed_page(&self) -> Vec<u8> {
        let mut bytes = std::fs::read(self.path(&format!("extracts/{PAGE}"))).unwrap();
        let at = bytes.windows(6).position(|window| window == b"118.95").unwrap();
        bytes[at..at + 6].copy_from_slice(b"118.96");
        bytes
    }

    /// The web page comes changed; says which file that is.
    pub(crate) fn change_a_figure(&self) -> &'static str {
        self.redeliver(PAGE, &self.changed_page());
        PAGE
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mantianxing-under-test"));
        command.args(arguments).current_dir(self.assessment());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finish(&mut self.command(arguments))
    }

    /// `run --json`, which must end well.
    #[track_caller]
    pub(crate) fn run_well(&self) -> Ran {
        let ran = self.run(&["run", "--json", "--quiet"]);
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
        ran
    }

    /// Every file under `out/` that is a result, with its digest.
    pub(crate) fn results(&self) -> Vec<(String, String)> {
        let out = self.assessment().join("out");
        let mut found = Vec::new();
        for name in files_under(&out) {
            if name != "state.json" && !name.starts_with('.') {
                found.push((name.clone(), model::Digest::of(std::fs::read(out.join(&name)).unwrap()).hex()));
            }
        }
        found
    }
}

pub(crate) fn finish(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The output of a foreign program, or `None` (said loudly) where it is not installed.
pub(crate) fn foreign(program: &str, arguments: &[&str]) -> Option<std::process::Output> {
    let output = Command::new(program).args(arguments).output();
    if output.is_err() {
        let line = format!("SKIPPED: {program} is not installed; what it checks was NOT checked\n");
        std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    }
    output.ok()
}

pub(crate) fn files_under(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for name in files_under(from) {
        if !name.starts_with("out/") {
            let target = to.join(&name);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(from.join(&name), target).unwrap();
        }
    }
}
