//! Fixed data for tests: the published figures of Wenzhou as the queries of the demonstration report return them.

use std::collections::BTreeMap;

use model::{Assessment, ReportDefinition, Table, Value, definition};

use crate::Job;
use crate::templates::Templates;

pub(super) const PAGE_FILE: &str = "data-samples/published/reports/published/page.typ.j2";
pub(super) const PAGE_TEXT: &str =
    include_str!("../../../../data-samples/published/reports/published/page.typ.j2");
const REPORT: &str = include_str!("../../../../data-samples/published/reports/published/report.toml");

/// What a job borrows.
pub(super) struct Fixture {
    pub(super) assessment: Assessment,
    pub(super) definition: ReportDefinition,
    pub(super) data: BTreeMap<String, Table>,
    pub(super) templates: Templates,
}

impl Fixture {
    pub(super) fn published() -> Self {
        let assessment = r#"
            id = "wenzhou-published"
            title_zh = "温州市公开统计数据演示"
            title_en = "Demonstration on published statistics of Wenzhou"
            place_zh = "温州市"
            nature = "demonstration"
            publisher_zh = "满天星项目"
            periods = ["2017", "2021", "2023-10", "2024-10"]
            [edition]
            id = "2026-1"
            date = "2026-11-23"
        "#;
        Self {
            assessment: definition::parse("assessment.toml", assessment).unwrap(),
            definition: definition::parse("report.toml", REPORT).unwrap(),
            data: published(),
            templates: Templates::built_in(),
        }
    }

    pub(super) fn job<'a>(&'a self, page_text: &'a str) -> Job<'a> {
        Job {
            id: "published",
            definition: &self.definition,
            assessment: &self.assessment,
            page_file: PAGE_FILE,
            page_text,
            data: &self.data,
            templates: &self.templates,
            input_digest: "3f9c2ab1d07e5a64c1b8e2f7905d6a3be4c8177f20d95b6ea1c3f08d7b5e2946",
        }
    }
}

fn text(value: &str) -> Value {
    if value.is_empty() { Value::Null } else { Value::Text(value.to_owned()) }
}

/// A table from lines of cells: whole numbers and doubles become numbers, an empty cell NULL, the rest text;
/// an apostrophe makes a text of what looks like a number.
pub(super) fn table(columns: &str, lines: &[&str]) -> Table {
    let cell = |cell: &str| match (cell.parse::<i64>(), cell.parse::<f64>()) {
        (Ok(value), _) => Value::Int(value),
        (_, Ok(value)) => Value::Float(value),
        _ => text(cell.trim_start_matches('\'')),
    };
    Table {
        columns: columns.split(',').map(str::to_owned).collect(),
        rows: lines.iter().map(|line| line.split(',').map(cell).collect()).collect(),
    }
}

const TILES: [(&str, &str, i64, i64); 12] = [
    ("lucheng", "鹿城", 2, 1),
    ("longwan", "龙湾", 3, 1),
    ("ouhai", "瓯海", 1, 1),
    ("dongtou", "洞头", 4, 2),
    ("yongjia", "永嘉", 2, 0),
    ("pingyang", "平阳", 2, 3),
    ("cangnan", "苍南", 1, 4),
    ("wencheng", "文成", 1, 2),
    ("taishun", "泰顺", 0, 3),
    ("ruian", "瑞安", 2, 2),
    ("yueqing", "乐清", 3, 0),
    ("longgang", "龙港", 2, 4),
];

fn tiles(values: &Table, column: &str) -> Table {
    let rows = TILES.iter().map(|(unit, label, col, row)| {
        let found = (0..values.rows.len()).find(|at| values.get(*at, "unit") == Some(&text(unit)));
        let value = found.and_then(|at| values.get(at, column)).cloned().unwrap_or(Value::Null);
        let note = if value == Value::Null { text("含于苍南") } else { Value::Null };
        vec![text(unit), Value::Int(*col), Value::Int(*row), text(label), note, value]
    });
    Table {
        columns: "unit,col,row,label_zh,note_zh,value".split(',').map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}

/// The data of the demonstration report.
pub(super) fn published() -> BTreeMap<String, Table> {
    let population = table(
        "unit,name_zh,short_zh,population,urban_share,status,share_status",
        &[
            "ruian,瑞安市,瑞安,1525800,0.672,ok,ok",
            "yueqing,乐清市,乐清,1464000,0.659,ok,ok",
            "lucheng,鹿城区,鹿城,1189500,0.907,ok,ok",
            "ouhai,瓯海区,瓯海,978200,0.838,ok,ok",
            "yongjia,永嘉县,永嘉,870000,0.565,ok,ok",
            "pingyang,平阳县,平阳,865900,0.623,ok,ok",
            "cangnan,苍南县,苍南,845800,0.687,ok,ok",
            "longwan,龙湾区,龙湾,732900,0.999,ok,ok",
            "longgang,龙港市,龙港,467700,0.972,ok,ok",
            "wencheng,文成县,文成,288500,0.443,ok,ok",
            "taishun,泰顺县,泰顺,266400,0.458,ok,ok",
            "dongtou,洞头区,洞头,150300,0.543,ok,ok",
        ],
    );
    let rd = table(
        "unit,name_zh,short_zh,projects,participants,full_time_equivalent,spending,note_zh,status,projects_status,participants_status,full_time_equivalent_status",
        &[
            "yueqing,乐清市,乐清,2223,13930,11314,2341210000,,ok,ok,ok,ok",
            "ruian,瑞安市,瑞安,1889,9433,7088,1934340000,,ok,ok,ok,ok",
            "longwan,龙湾区,龙湾,1629,9537,6941,1446460000,,ok,ok,ok,ok",
            "ouhai,瓯海区,瓯海,1019,5506,4238,1061500000,,ok,ok,ok,ok",
            "yongjia,永嘉县,永嘉,631,4362,3567,779850000,,ok,ok,ok,ok",
            "lucheng,鹿城区,鹿城,487,3733,2759,524890000,,ok,ok,ok,ok",
            "pingyang,平阳县,平阳,579,2984,1921,439220000,,ok,ok,ok,ok",
            "cangnan,苍南县,苍南,515,2147,1567,425800000,含今龙港市,ok,ok,ok,ok",
            "dongtou,洞头区,洞头,153,478,337,83940000,,ok,ok,ok,ok",
            "wencheng,文成县,文成,32,165,127,41440000,,ok,ok,ok,ok",
            "taishun,泰顺县,泰顺,47,231,173,41430000,,ok,ok,ok,ok",
        ],
    );
    let air = table(
        "unit,name_zh,short_zh,good_air_rate,good_air_rate_last_year,good_air_rate_change,pm25,pm25_last_year,pm25_change_rate,status,last_year_status,change_status,pm25_status,pm25_last_year_status,pm25_change_status",
        &[
            "lucheng,鹿城区,鹿城,1.0,1.0,0.0,19,23,-0.17391304347826086,ok,ok,ok,ok,ok,ok",
            "longwan,龙湾区,龙湾,0.966,0.929,0.037,15,18,-0.16666666666666666,ok,ok,ok,ok,ok,ok",
            "ouhai,瓯海区,瓯海,1.0,1.0,0.0,18,22,-0.18181818181818182,ok,ok,ok,ok,ok,ok",
            "dongtou,洞头区,洞头,0.935,0.903,0.032,15,17,-0.11764705882352941,ok,ok,ok,ok,ok,ok",
            "yongjia,永嘉县,永嘉,1.0,1.0,0.0,16,23,-0.30434782608695654,ok,ok,ok,ok,ok,ok",
            "pingyang,平阳县,平阳,0.968,1.0,-0.032,15,18,-0.16666666666666666,ok,ok,ok,ok,ok,ok",
            "cangnan,苍南县,苍南,0.968,1.0,-0.032,16,21,-0.23809523809523808,ok,ok,ok,ok,ok,ok",
            "wencheng,文成县,文成,1.0,1.0,0.0,15,17,-0.11764705882352941,ok,ok,ok,ok,ok,ok",
            "taishun,泰顺县,泰顺,1.0,1.0,0.0,13,17,-0.23529411764705882,ok,ok,ok,ok,ok,ok",
            "ruian,瑞安市,瑞安,0.935,1.0,-0.065,17,20,-0.15,ok,ok,ok,ok,ok,ok",
            "yueqing,乐清市,乐清,1.0,1.0,0.0,15,17,-0.11764705882352941,ok,ok,ok,ok,ok,ok",
            "longgang,龙港市,龙港,0.935,0.968,-0.033,18,22,-0.18181818181818182,ok,ok,ok,ok,ok,ok",
        ],
    );
    let scores = table(
        "rank,unit,name_zh,short_zh,score,good_air_rate_part,pm25_part,rank_low,rank_high,status",
        &[
            "1,wencheng,文成县,文成,100.0,50.0,50.0,1,1,ok",
            "1,taishun,泰顺县,泰顺,100.0,50.0,50.0,1,1,ok",
            "1,yueqing,乐清市,乐清,100.0,50.0,50.0,1,1,ok",
            "4,yongjia,永嘉县,永嘉,97.5,50.0,47.5,1,7,ok",
            "5,ouhai,瓯海区,瓯海,92.5,50.0,42.5,1,10,ok",
            "6,pingyang,平阳县,平阳,92.0,42.0,50.0,1,7,ok",
            "7,longwan,龙湾区,龙湾,91.5,41.5,50.0,1,9,ok",
            "8,lucheng,鹿城区,鹿城,90.0,50.0,40.0,1,12,ok",
            "9,cangnan,苍南县,苍南,89.5,42.0,47.5,7,7,ok",
            "10,dongtou,洞头区,洞头,83.75,33.75,50.0,1,10,ok",
            "11,ruian,瑞安市,瑞安,78.75,33.75,45.0,9,10,ok",
            "12,longgang,龙港市,龙港,76.25,33.75,42.5,10,10,ok",
        ],
    );
    let accounting = "source_label,sheet_rows,kept,rejected,superseded,duplicate,title,unit,header,section,out_of_scope,\
                      total,subtotal,mean,other_of_which,note,blank,hidden";
    BTreeMap::from([
        ("population_total".into(), table("counties,population,status", &["12,9645000,ok"])),
        (
            "population_of_which".into(),
            table(
                "unit,parent,name_zh,population,urban_share",
                &["zhenan,longwan,浙南产业集聚区,253100,0.997"],
            ),
        ),
        ("population_tiles".into(), tiles(&population, "population")),
        ("population".into(), population),
        (
            "rd_total".into(),
            table(
                "counties,projects,participants,full_time_equivalent,spending,status,projects_status,participants_status,full_time_equivalent_status",
                &["11,9204,52506,40032,9120080000,ok,ok,ok,ok"],
            ),
        ),
        ("rd_tiles".into(), tiles(&rd, "spending")),
        ("rd".into(), rd),
        (
            "air_summary".into(),
            table("counties,rate_full,rate_up,rate_same,rate_down,pm25_down,status", &["12,6,2,6,4,12,ok"]),
        ),
        ("air_tiles".into(), tiles(&air, "pm25")),
        ("air".into(), air),
        ("scores".into(), scores),
        (
            "goalposts".into(),
            table(
                "indicator,name_zh,display_unit,decimals,worst,best,weight,basis_zh",
                &[
                    "good_air_rate,AQI优良率,%,0,0.8,1.0,0.5,演示用：全月优良为满分，八成为零分",
                    "pm25,PM2.5平均浓度,μg/m3,0,35,15,0.5,演示用：GB 3095—2012年均浓度限值，二级35为零分，一级15为满分",
                ],
            ),
        ),
        (
            "accounting".into(),
            table(
                accounting,
                &[
                    "①,17,13,0,0,0,2,0,1,0,0,1,0,0,0,0,0,0",
                    "②,17,0,0,0,13,2,0,1,0,0,1,0,0,0,0,0,0",
                    "③,31,11,0,0,0,1,0,2,3,13,1,0,0,0,0,0,0",
                    "④,31,0,0,0,11,1,0,2,3,13,1,0,0,0,0,0,0",
                    "⑤,18,12,0,0,0,2,0,2,0,0,0,0,1,0,0,1,0",
                    "⑥,17,12,0,0,0,1,0,2,0,0,0,0,1,0,1,0,0",
                ],
            ),
        ),
        (
            "sources".into(),
            table(
                "source_label,title_zh,file,sheet,publisher_zh,published_on,page",
                &[
                    "①,2021年各县（市、区）主要人口数据,2021年温州市人口主要数据公报_各县市区.xlsx,'2021,温州市统计局,2022-03-01,http://wztjj.wenzhou.gov.cn/art/2022/3/1/art_1243860_58726707.html",
                    "②,同上（网页另存）,2021年各县市区人口_网页另存.xls,表1,温州市统计局,2022-03-01,http://wztjj.wenzhou.gov.cn/art/2022/3/1/art_1243860_58726707.html",
                    "③,规模以上工业企业R&D项目情况（2017年）,9-6规模以上工业企业RD项目情况2017.xlsx,9-6,温州市统计局,2018-11-20,https://wztjj.wenzhou.gov.cn/art/2018/11/20/art_1468712_25396275.html",
                    "④,同上（Unicode文本）,9-6规模以上工业企业RD项目情况2017_Unicode文本.csv,表1,温州市统计局,2018-11-20,https://wztjj.wenzhou.gov.cn/art/2018/11/20/art_1468712_25396275.html",
                    "⑤,全市AQI优良率情况,2024年10月温州市环境空气质量月报.xlsx,月报,温州市生态环境局,2024-11-12,https://sthjj.wenzhou.gov.cn/art/2024/11/12/art_1229205271_58875709.html",
                    "⑥,全市PM2.5浓度情况,2024年10月温州市环境空气质量月报.xlsx,月报,温州市生态环境局,2024-11-12,https://sthjj.wenzhou.gov.cn/art/2024/11/12/art_1229205271_58875709.html",
                ],
            ),
        ),
    ])
}
