//! The command line. Doc comments are the help; nothing is decided here.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use model::Language;
use model::period::Period;

/// From bureaus' spreadsheets to indicators, ranks and reproducible reports. 满天星：从各部门报表到指标、排名与可复现的报告
///
/// An assessment is a folder: contracts, deliveries, queries, frameworks, reports. `run` does everything that has
/// changed in it and says why; what it makes stands under `out/` in that folder and can be deleted at any time.
///
/// Exit codes: 0 done; 1 the assessment's threshold of findings is passed or its definitions are wrong; 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "mantianxing", version, max_term_width = 110)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Language of messages 消息语言
    #[arg(long = "lang", value_enum, default_value = "both", global = true)]
    pub(crate) language: LanguageArg,
    #[command(flatten)]
    pub(crate) resources: Resources,
    /// Print results only, no progress 只输出结果
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// What a run may use of the machine; no result depends on it.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct Resources {
    /// Threads to use; results are the same with any number 线程数，不影响结果 [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024), global = true)]
    pub(crate) threads: Option<u16>,
    /// Memory queries may hold before they spill to disk, as 512M or 4G; results are the same 查询可用内存，不影响结果 [default: 2G]
    #[arg(long, value_parser = bytes, global = true)]
    pub(crate) memory: Option<usize>,
}

/// `512M`, `2G`: whole megabytes or gigabytes, at least 64 MB, which is what a sort needs to spill at all.
fn bytes(text: &str) -> Result<usize, String> {
    let wanted = || {
        format!(
            "`{text}`: 应为 512M、2G 这样的大小，不小于 64M / expected a size as 512M or 2G, at least 64M"
        )
    };
    let power = match text.chars().last() {
        Some('M' | 'm') => 20,
        Some('G' | 'g') => 30,
        _ => return Err(wanted()),
    };
    let count: usize = text[..text.len() - 1].trim().parse().map_err(|_| wanted())?;
    count.checked_mul(1 << power).filter(|size| *size >= 64 << 20).ok_or_else(wanted)
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Do everything that has changed in an assessment 运行有变化的各步
    Run(RunArgs),
    /// Read deliveries into checked Parquet 读取送数
    Ingest(StageArgs),
    /// Compute indicators, scores and ranks 计算指标、得分与排名
    Assess(StageArgs),
    /// Make reports 生成报告
    Report(StageArgs),
    /// Note deliveries: keep the files and list them 登记送数
    ///
    /// Each file is copied into the extracts folder and gets an entry in deliveries.toml with its SHA-256; nothing that
    /// is there is written over. What no option says is found: contracts by the headers, the department by the contract,
    /// the period by titles, file name or rows, the partition by the last delivery of the contract or the units listed.
    /// What cannot be found is asked for, all at once. A correction is a new delivery: `--supersedes`.
    ///
    /// 文件存入 extracts 目录并登记（含 SHA-256），不覆盖已有文件。未写明的由文件判断：契约看表头，部门看契约，期间看标题、
    /// 文件名或各行，口径看该契约上次送数或所列地区。判断不了的一次说清，用选项指明。更正是新的送数，用 `--supersedes`。
    Receive(ReceiveArgs),
    /// Check all definitions at once; write nothing 检查全部定义，不写任何文件
    Lint(LintArgs),
    /// Begin something new: a contract drafted from a spreadsheet 新建：从表格草拟契约
    New(NewArgs),
    /// Ask the tables of an assessment with one SELECT 用一条 SELECT 查询
    Sql(SqlArgs),
    /// Follow one figure down to the cells it was read from 把一个数追溯到来源单元格
    ///
    /// Value, status, numerator and denominator; the rows behind them with file, sheet, cell and the text as sent; the
    /// findings on them; rows refused and deliveries replaced that would have counted; score, weight and rank in each
    /// framework. Rows are found by running the indicator's query again with their origins carried along.
    ///
    /// 数值、状态、分子分母；背后的每一行及其文件、工作表、单元格和报送原文；这些行上的问题；被退回或被更正、否则会计入的行；
    /// 在各评价体系中的得分、权重与排名。来源由重新执行该指标的查询得到，不靠另行登记。
    Explain(ExplainArgs),
    /// Show the contracts and columns an indicator is made of 指标由哪些契约、哪些列得出
    Lineage(LineageArgs),
    /// Write what the bureaus of an invented city would send, with the truth beside it 生成虚构城市的示例数据
    Sample(SampleArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// The assessment folder 测评目录
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Say what would run and why; write nothing 只说明将运行什么及原因
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the result as JSON 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StageArgs {
    /// What to do: names as `population`, `indicators.pm25`, a schema as `indicators`; `+name` with all it depends
    /// on, `name+` with all that depends on it. Nothing: everything 选择（可用 + 表示上下游）
    pub(crate) names: Vec<String>,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Say what would run and why; write nothing 只说明将运行什么及原因
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the result as JSON 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReceiveArgs {
    /// The files that came 收到的文件
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// A contract they fulfil, may be repeated [default: by their headers] 契约
    #[arg(long)]
    pub(crate) contract: Vec<String>,
    /// Who sent them, an id of reference/departments [default: the contract's] 报送部门
    #[arg(long)]
    pub(crate) department: Option<String>,
    /// What they speak of: 2024, 2024-H1, 2024-Q3, 2024-10 [default: as they say] 期间
    #[arg(long)]
    pub(crate) period: Option<Period>,
    /// The partition of their units [default: that of the last delivery, or by their units] 口径
    #[arg(long)]
    pub(crate) partition: Option<String>,
    /// The vintage of their list of counties, YYYY or YYYY-MM [default: the year of the period] 县（市、区）名录年份
    #[arg(long)]
    pub(crate) vintage: Option<String>,
    /// The day they came, YYYY-MM-DD [default: today in China] 收到日期
    #[arg(long)]
    pub(crate) received_on: Option<String>,
    /// A listed file whose rows they replace, may be repeated 更正哪一份送数
    #[arg(long)]
    pub(crate) supersedes: Vec<String>,
    /// Show the entries; write nothing 只显示登记内容，不写文件
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LintArgs {
    /// The assessment folder 测评目录
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Print the result as JSON 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    pub(crate) what: New,
}

#[derive(Debug, Subcommand)]
pub(crate) enum New {
    /// Draft a contract for each kind of table in a spreadsheet never seen before 从没见过的表格草拟契约
    ///
    /// Header paths, types, measure units, key, county and period columns, sections and wide tables are told from the
    /// file; each line of the draft says why and how sure. The draft runs as it is and waits for your corrections.
    /// Inside an assessment it becomes `contracts/<id>.toml`; nothing that is there is written over. With `--deliver`
    /// the file is listed too, so that `mantianxing ingest` reads it. Outside an assessment drafts are printed; counties
    /// are recognised only with an assessment's reference.
    ///
    /// 表头路径、类型、计量单位、主键、县（市、区）列与期间列、分组行、宽表都由文件判断，草稿逐项注明依据和把握。草稿可直接运行，
    /// 请核对后使用。在测评目录内写成 `contracts/<id>.toml`，不覆盖已有文件；加 `--deliver` 则同时登记该文件，随后即可
    /// `mantianxing ingest`。不在测评目录内则只打印，且不识别县（市、区）。
    Contract(NewContractArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NewContractArgs {
    /// The spreadsheet: xlsx, xls, xlsb, ods, csv, a web page 表格文件
    pub(crate) file: PathBuf,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The id of the contract, a-z, 0-9, _ [default: spelled from the title] 契约名，默认取标题拼音
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Who sends it, an id of reference/departments 报送部门
    #[arg(long)]
    pub(crate) department: Option<String>,
    /// What it speaks of: 2024, 2024-H1, 2024-Q3, 2024-10 [default: from titles and file name] 期间
    #[arg(long)]
    pub(crate) period: Option<Period>,
    /// The partition of its units [default: the one that fits best] 口径
    #[arg(long)]
    pub(crate) partition: Option<String>,
    /// The day it came, YYYY-MM-DD [default: the edition's date, marked as unknown] 收到日期
    #[arg(long)]
    pub(crate) received_on: Option<String>,
    /// Also copy the file into the extracts folder and list it there 同时存入 extracts 并登记
    #[arg(long, conflicts_with = "stdout")]
    pub(crate) deliver: bool,
    /// Print the drafts and write nothing 只打印，不写文件
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SqlArgs {
    /// One SELECT over the tables `extracts.*`, `staging.*`, `indicators.*`, `monitoring.*`, `reference.*`, `ingest.*`, frameworks
    pub(crate) query: String,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The form of the answer 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Write the answer to a file (required for parquet) 输出到文件
    #[arg(long, short, required_if_eq("format", "parquet"))]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// The indicator's id, e.g. p5_04 指标编号
    pub(crate) indicator: String,
    /// The unit: id, name or alias 地区：编号、名称或简称
    pub(crate) unit: String,
    /// The period, e.g. 2024 [default: the last one with a value] 期间，默认取最近有值的一期
    pub(crate) period: Option<String>,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Print the result as JSON 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LineageArgs {
    /// The indicator's id, e.g. p5_04 指标编号
    pub(crate) indicator: String,
    /// The assessment folder 测评目录
    #[arg(long, short = 'C', default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Print the result as JSON 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SampleArgs {
    /// The folder to write: `extracts/` with its list of deliveries, and `truth/` 输出目录
    pub(crate) out: PathBuf,
    /// How big: mini (three counties), small, city (1.6 million rows in the register), province, nation 规模
    #[arg(long, default_value = "small", value_parser = ["mini", "small", "city", "province", "nation"])]
    pub(crate) scale: String,
    /// What part of the register and the survey, above 0 and at most 1, e.g. 0.05 登记和问卷规模的一部分
    #[arg(long, default_value = "1", value_parser = millionths)]
    pub(crate) fraction: u32,
    /// Another seed makes another city; the same makes the same bytes 随机种子
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Nothing messy, late or corrected 不含任何错漏
    #[arg(long)]
    pub(crate) clean: bool,
    /// The register once more as one clean UTF-8 file, for comparing readers 另存一份 UTF-8 登记信息
    #[arg(long)]
    pub(crate) twin: bool,
}

/// A fraction in millionths, read digit by digit: `0.05`, `.5`, `1`.
fn millionths(text: &str) -> Result<u32, String> {
    let wrong = || format!("`{text}` is no fraction above 0 and at most 1 with at most six decimals");
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<6}");
    let fits = part.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let read = digits.parse().ok().filter(|number| fits && (1..=1_000_000).contains(number));
    read.ok_or_else(wrong)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for reading.
    Table,
    /// Comma-separated, UTF-8, with a header; NULL is empty.
    Csv,
    /// An array of objects.
    Json,
    /// A Parquet file.
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArg {
    /// Chinese, then English.
    Both,
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<LanguageArg> for &'static [Language] {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Both => &[Language::Zh, Language::En],
            LanguageArg::Zh => &[Language::Zh],
            LanguageArg::En => &[Language::En],
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn fractions_are_exact() {
        for (text, expected) in
            [("1", Some(1_000_000)), ("0.05", Some(50_000)), (".5", Some(500_000)), ("0.000001", Some(1))]
        {
            assert_eq!(super::millionths(text).ok(), expected, "{text}");
        }
        for text in ["0", "1.1", "-1", "0.0000001", "", "half", "+1"] {
            assert!(super::millionths(text).is_err(), "{text}");
        }
    }

    #[test]
    fn arguments_are_consistent() {
        super::Args::command().debug_assert();
    }
}
