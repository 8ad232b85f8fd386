//! A sample without the command, where building all of it would take long: `write SCALE FOLDER [MILLIONTHS] [twin]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [scale, folder, more @ ..] = args.as_slice() else { return ExitCode::from(2) };
    let fraction = more.first().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let twin = more.iter().any(|word| word == "twin");
    let options = sample::Options {
        scale: scale.clone(),
        fraction_millionths: fraction,
        twin,
        ..sample::Options::default()
    };
    match sample::write(folder.as_ref(), &options) {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
