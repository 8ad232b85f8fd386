//! The words bureaus put at the head of columns, where a word says what the values alone do not. Content decides first;
//! a word alone is never more than a likely guess.

/// Running numbers, which say nothing.
pub(crate) fn is_running(label: &str) -> bool {
    matches!(label.to_lowercase().as_str(), "序号" | "序" | "行次" | "行号" | "顺序号" | "no." | "no" | "#")
}

/// Names for the column of counties.
pub(crate) fn is_county(label: &str) -> bool {
    ["县", "区域", "地区", "属地", "辖区", "行政区划", "单位名称", "区划"]
        .iter()
        .any(|word| label.contains(word))
        || matches!(label, "单位" | "区" | "市")
}

/// Names for the column that says when.
pub(crate) fn is_time(label: &str) -> bool {
    let exact =
        ["年", "月", "年份", "年度", "月份", "季度", "时间", "期间", "日期", "所属期", "报告期", "数据时间"];
    exact.contains(&label)
        || (label.starts_with("统计")
            && ["时间", "月份", "期间", "年份", "年度"].iter().any(|end| label.ends_with(end)))
}

/// A year or month stands in the values.
pub(crate) fn hints_period(label: &str) -> bool {
    is_time(label) || ["年份", "年度", "月份", "年月", "季度", "期"].iter().any(|end| label.ends_with(end))
}

/// A day stands in the values.
pub(crate) fn hints_day(label: &str) -> bool {
    ["日期", "时间", "日"].iter().any(|end| label.ends_with(end)) || label.to_lowercase().contains("date")
}

/// A header that says outright that days stand below.
pub(crate) fn says_day(label: &str) -> bool {
    label.ends_with("日期") || label.to_lowercase().ends_with("date")
}

/// Digits of the values name something.
pub(crate) fn hints_code(label: &str) -> bool {
    let lower = label.to_lowercase();
    ["代码", "编码", "编号", "标识码", "注册号", "证号", "号码", "户号", "单号", "工号", "文号", "案号"]
        .iter()
        .any(|word| label.contains(word))
        || label.ends_with('号')
        || lower.ends_with("code")
        || lower.ends_with("_no")
        || lower == "id"
        || lower.ends_with("_id")
}

/// Shares of a whole, which stand as 95.2 or 0.952.
pub(crate) fn hints_share(label: &str) -> bool {
    let growth = ["增长", "增速", "增幅", "同比", "环比", "占比", "比重", "比例"];
    (label.ends_with('率') || growth.iter().any(|word| label.contains(word)))
        && !["汇率", "利率", "容积率"].iter().any(|word| label.ends_with(word))
        && !["额", "量", "数", "值"].iter().any(|end| label.ends_with(end))
}

/// Counts, ranks and shares: figures that a unit of money over the table does not speak of.
pub(crate) fn is_no_money(label: &str) -> bool {
    let ends = ["数", "户", "人", "家", "个", "件", "项", "次", "排名", "位次", "名次", "量", "面积", "天"];
    hints_share(label) || ends.iter().any(|end| label.ends_with(end))
}

/// Sums of money.
pub(crate) fn is_money(label: &str) -> bool {
    let ends = [
        "额",
        "款",
        "金",
        "费",
        "税",
        "价",
        "收入",
        "支出",
        "产值",
        "增加值",
        "总值",
        "投资",
        "利润",
        "成本",
        "资产",
        "负债",
        "营收",
    ];
    ends.iter().any(|end| label.ends_with(end))
}

/// Figures of any kind.
pub(crate) fn hints_figure(label: &str) -> bool {
    is_no_money(label) || is_money(label)
}

/// Figures of which a sum says nothing.
pub(crate) fn is_mean(label: &str) -> bool {
    ["人均", "户均", "平均", "均值", "单价", "均价", "每"].iter().any(|word| label.contains(word))
}

/// What natural persons are called, and what leads to them.
pub(crate) fn is_personal(label: &str) -> bool {
    let words = [
        "身份证",
        "证件号",
        "手机",
        "电话",
        "姓名",
        "联系人",
        "法定代表人",
        "法人代表",
        "负责人",
        "经营者",
        "住址",
        "出生日期",
        "出生年月",
        "联系方式",
        "来电号码",
        "主叫号码",
        "来电人",
        "投诉人",
        "电子邮箱",
        "邮箱",
        "微信",
    ];
    // 来电人数 counts them, 负责人单位 is none of them.
    let counts = ["数", "数量", "率", "次", "人次", "单位", "部门", "企业", "名称", "类型", "时间"];
    words.iter().any(|word| label.contains(word)) && !counts.iter().any(|end| label.ends_with(end))
}

/// What must not be accepted at all.
pub(crate) fn is_refused(label: &str) -> bool {
    ["银行账号", "银行账户", "银行卡", "卡号", "账号", "帐号", "密级", "涉密", "纳税申报表"]
        .iter()
        .any(|word| label.contains(word))
}

/// Names a spreadsheet program gives to sheets.
pub(crate) fn is_generic_sheet(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | ' '));
    bare.is_empty()
        || matches!(bare, "sheet" | "工作表" | "table" | "sql results" | "query" | "导出数据" | "数据" | "表")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_their_kin() {
        assert!(is_personal("联系电话") && !is_personal("来电人数") && is_personal("法定代表人"));
        assert!(is_no_money("户数") && !is_no_money("贷款余额") && is_no_money("增长率"));
        assert!(hints_share("城镇化率") && !hints_share("增长额") && !hints_share("项目数"));
        assert!(hints_code("unitCode") && hints_code("行业代码") && !hints_code("名称"));
        assert!(is_generic_sheet("Sheet1") && is_generic_sheet("工作表1") && !is_generic_sheet("月报"));
        assert!(is_time("统计月份") && !is_time("批准年份") && hints_period("批准年份"));
    }
}
