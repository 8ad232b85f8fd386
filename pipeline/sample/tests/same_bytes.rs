//! The same options give the same bytes, and the committed sample is what the generator writes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says why")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::Digest;
use sample::Options;

fn written(folder: &Path, options: &Options) -> BTreeMap<String, String> {
    sample::write(folder, options).unwrap();
    digests(folder)
}

fn digests(folder: &Path) -> BTreeMap<String, String> {
    let files = model::files::list(folder, &[""]).unwrap();
    let digest = |file: &String| Digest::of(model::files::read(&folder.join(file)).unwrap()).short();
    files.iter().map(|file| (file.clone(), digest(file))).collect()
}

fn mini() -> Options {
    Options { scale: "mini".to_owned(), ..Options::default() }
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = written(one.path(), &mini());
    assert_eq!(first, written(other.path(), &mini()));
    // Over what is there: nothing is added, nothing is left beside.
    assert_eq!(first, written(one.path(), &mini()));
    assert!(first.keys().all(|file| !file.ends_with(".part")));
    let another = written(other.path(), &Options { seed: 2, ..mini() });
    assert_ne!(first["truth/registry.csv"], another["truth/registry.csv"]);
}

#[test]
fn the_committed_sample_is_what_the_generator_writes() {
    let committed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data-samples/synthetic/mini");
    let folder = tempfile::tempdir().unwrap();
    let expected = written(folder.path(), &mini());
    let found = digests(&committed);
    let unlike: Vec<&String> =
        expected.keys().chain(found.keys()).filter(|file| expected.get(*file) != found.get(*file)).collect();
    assert!(
        unlike.is_empty(),
        "these differ; remove the folder and run `mantianxing sample --scale mini data-samples/synthetic/mini`: {unlike:?}"
    );
}

#[test]
fn a_fraction_is_a_smaller_city() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { scale: "nation".to_owned(), fraction_millionths: 4, ..Options::default() };
    let summary = sample::write(folder.path(), &options).unwrap();
    assert!(summary.files > 150 && summary.rows > 3000, "{summary:?}");
    for wrong in
        [Options { fraction_millionths: 0, ..mini() }, Options { scale: "village".to_owned(), ..mini() }]
    {
        assert!(sample::write(folder.path(), &wrong).is_err());
    }
}
