//! `mantianxing sample`: the invented city written out.

use ::sample::Options;

use crate::Exit;
use crate::args::SampleArgs;
use crate::printer::Printer;

pub(crate) fn sample(args: &SampleArgs, printer: &mut Printer) -> Exit {
    let options = Options {
        scale: args.scale.clone(),
        fraction_millionths: args.fraction,
        seed: args.seed,
        clean: args.clean,
        twin: args.twin,
    };
    match ::sample::write(&args.out, &options) {
        Ok(summary) => {
            let zh = format!(
                "虚构示例数据：{} 个文件，{} 行（{} 行应当采用），{} 处埋设的问题",
                summary.files, summary.rows, summary.standing, summary.planted
            );
            let en = format!(
                "synthetic data: {} files, {} rows ({} should stand), {} things planted",
                summary.files, summary.rows, summary.standing, summary.planted
            );
            printer.talk(printer.words(&zh, &en));
            Exit::Done
        }
        Err(error) => {
            printer.complain(
                printer.words(&format!("没有写成：{error}"), &format!("nothing was finished: {error}")),
            );
            Exit::Failed
        }
    }
}
