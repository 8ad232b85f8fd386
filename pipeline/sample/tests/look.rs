#[test]
fn look() {
    for (clean, to) in [(false, "/var/tmp/mtx-mini"), (true, "/var/tmp/mtx-mini-clean")] {
        let _ = std::fs::remove_dir_all(to);
        let options = sample::Options { scale: "mini".into(), clean, ..sample::Options::default() };
        eprintln!("{:?}", sample::write(to.as_ref(), &options).unwrap());
    }
}
