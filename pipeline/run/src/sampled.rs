//! An assessment of the invented city has its deliveries written by the program: once, before anything is read, and again
//! only when another sample is asked for or the generator writes another one.
//!
//! Nothing that was not written here is ever removed: the folder says in `sample.toml` which sample it holds.

use std::path::{Path, PathBuf};

use model::assessment::Sample;
use model::{Assessment, Diagnostic, Place, definition, files};

use crate::execute::Options;
use crate::observe::{Event, Observer};
use crate::store;

/// What the folder of a sample says of itself.
const MARK: &str = "sample.toml";

/// The folder a sample is written to, for a folder of extracts: the one above, `a/b` for `a/b/extracts`.
pub(crate) fn folder_of(extracts: &str) -> Option<&str> {
    extracts.strip_suffix("/extracts").filter(|above| !above.is_empty() && *above != "." && *above != "..")
}

/// Writes the sample of the assessment in `folder`, if it has one and it does not lie there yet. What is wrong in
/// `assessment.toml` is told when it is read as a whole.
///
/// # Errors
/// The folder holds something else, another run is writing, or the disk refuses.
pub(crate) fn write_if_needed(
    folder: &Path,
    options: &Options,
    observer: &mut dyn Observer,
) -> Result<(), Diagnostic> {
    let Some((sample, into)) = wanted(folder) else { return Ok(()) };
    let mark = mark(&sample);
    if files::read_text(&into.join(MARK)).is_ok_and(|found| found == mark) {
        return Ok(());
    }
    if into.exists() && !into.join(MARK).exists() {
        return Err(Diagnostic::new("sample-folder-taken", Place::file(into.display().to_string())));
    }
    observer.notice(&Event::SampleBegins(&sample.scale, sample.seed));
    if options.dry_run {
        return Ok(());
    }
    let _lock = store::lock(&crate::definitions::out(folder))?;
    // Written beside and renamed: a killed run leaves no half of a city.
    let beside = into.with_added_extension("part");
    files::remove_folder(&beside)?;
    let asked = sample::Options { scale: sample.scale, seed: sample.seed, ..sample::Options::default() };
    let written = sample::write(&beside, &asked).map_err(|error| {
        Diagnostic::new("sample-failed", Place::file(beside.display().to_string())).with("reason", error)
    })?;
    files::write(&beside.join(MARK), mark.as_bytes())?;
    files::remove_folder(&into)?;
    files::rename(&beside, &into)?;
    observer.notice(&Event::SampleDone(&written));
    Ok(())
}

/// The sample asked for and its folder, if what is asked for can be.
fn wanted(folder: &Path) -> Option<(Sample, PathBuf)> {
    let text = files::read_text(&folder.join("assessment.toml")).ok()?;
    let assessment: Assessment = definition::parse("assessment.toml", &text).ok()?;
    let sample = assessment.sample?;
    let synthetic = assessment.nature == model::assessment::Nature::Synthetic;
    let into = folder.join(folder_of(&assessment.folders.extracts)?);
    (synthetic && sample::Scale::named(&sample.scale).is_some()).then_some((sample, into))
}

fn mark(sample: &Sample) -> String {
    format!(
        "# 虚构示例数据: written by `mantianxing run`, and removed by it when another sample is asked for.\n\
         scale = {:?}\nseed = {}\ngenerator = \"{}\"\n",
        sample.scale,
        sample.seed,
        sample::generator()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Silent;

    fn write(folder: &Path, seed: u64, dry_run: bool) -> Result<(), Diagnostic> {
        let text = format!(
            "id = \"x\"\ntitle_zh = \"\"\ntitle_en = \"\"\nplace_zh = \"\"\nnature = \"synthetic\"\npublisher_zh = \"\"\nperiods = []\n\
             [edition]\nid = \"1\"\ndate = \"2025-01-01\"\n[folders]\nextracts = \"made/extracts\"\n\
             [sample]\nscale = \"mini\"\nseed = {seed}\n"
        );
        files::write(&folder.join("assessment.toml"), text.as_bytes()).unwrap();
        let stages = crate::Stage::ALL.into_iter().collect();
        let options = Options { threads: 1, memory: None, dry_run, stages, select: Vec::new() };
        write_if_needed(folder, &options, &mut Silent)
    }

    #[test]
    fn a_sample_is_written_once_and_nothing_else_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("made/extracts/deliveries.toml");
        write(folder.path(), 1, true).unwrap();
        assert!(!list.exists());
        write(folder.path(), 1, false).unwrap();
        let first = files::read_text(&list).unwrap();
        let touched = folder.path().join("made/touched.txt");
        files::write(&touched, b"").unwrap();
        write(folder.path(), 1, false).unwrap();
        assert!(touched.exists(), "the sample that was asked for lay there");
        write(folder.path(), 2, false).unwrap();
        assert!(!touched.exists() && files::read_text(&list).unwrap() != first);
        assert!(folder.path().join("made/truth/planted.csv").exists());
        files::remove_file(&folder.path().join("made").join(MARK)).unwrap();
        assert_eq!(write(folder.path(), 1, false).unwrap_err().code, "sample-folder-taken");
        assert!(list.exists());
    }

    #[test]
    fn a_sample_has_a_folder_of_its_own() {
        for (extracts, folder) in [
            ("made/extracts", Some("made")),
            ("a/b/extracts", Some("a/b")),
            ("extracts", None),
            ("../extracts", None),
            ("./extracts", None),
        ] {
            assert_eq!(folder_of(extracts), folder, "{extracts}");
        }
    }
}
