//! Marks for values that are missing, and why: nothing stands there, there is none, nobody knows, it is withheld.
//!
//! Only whole cells are marks. What is missing never becomes zero, and one reason never another.

use crate::values::Problem;

/// Why a cell has no value, although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing stands there.
    Blank,
    /// `-`, `/`, 无: there is none.
    NotApplicable,
    /// 暂无, N/A: not known.
    NotAvailable,
    /// `…` of yearbooks: too small to show.
    TooSmall,
    /// `*`: withheld.
    Suppressed,
    /// 待核实: not settled yet.
    Pending,
}

impl Missing {
    /// The reason as it stands in the list of missing values.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::NotApplicable => "not_applicable",
            Self::NotAvailable => "not_available",
            Self::TooSmall => "too_small",
            Self::Suppressed => "suppressed",
            Self::Pending => "pending",
        }
    }
}

/// What a figure or text, half-width and without white space, says of a missing value; `None` when it is a value.
/// Formula errors typed as text are a problem.
pub(crate) fn mark(plain: &str) -> Result<Option<Missing>, Problem> {
    // No mark begins with a digit, and most of what is looked at does.
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    let lower = plain.to_lowercase();
    let found = match lower.as_str() {
        "" | "空" | "空白" => Missing::Blank,
        "无" | "不适用" | "无此项" | "不涉及" => Missing::NotApplicable,
        "待核实" | "待定" | "核实中" | "待确认" | "待补" | "待报" | "待查" => {
            Missing::Pending
        }
        "暂无" | "暂缺" | "未统计" | "未报" | "未填" | "未提供" | "不详" | "缺" | "缺失" | "n/a" | "na"
        | "n.a." | "#n/a" | "null" | "none" | "nan" => Missing::NotAvailable,
        "保密" | "涉密" => Missing::Suppressed,
        _ if lower.chars().all(|c| matches!(c, '-' | '—' | '_' | '/' | '\\')) => Missing::NotApplicable,
        _ if lower.chars().all(|c| matches!(c, '.' | '…')) => Missing::TooSmall,
        _ if lower.chars().all(|c| c == '*') => Missing::Suppressed,
        _ if lower.starts_with('#') && lower.ends_with(['!', '?']) => return Err(Problem::Formula),
        _ => return Ok(None),
    };
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_has_its_reason() {
        for (marks, reason) in [
            ("空", "blank"),
            ("-|—|——|－|-|/|\\|无|不适用|--", "not_applicable"),
            ("暂无|未统计|N/A|NA|#N/A|null|不详", "not_available"),
            ("…|……|...", "too_small"),
            ("*|＊|***|保密", "suppressed"),
            ("待核实|待定", "pending"),
        ] {
            for raw in marks.split('|') {
                let plain = model::text::squeeze(raw);
                assert_eq!(mark(&plain).unwrap().map(Missing::reason), Some(reason), "{raw}");
            }
        }
        for error in ["#DIV/0!", "#REF!", "#NAME?"] {
            assert_eq!(mark(error), Err(Problem::Formula), "{error}");
        }
        for value in ["0", "0.0", "无锡", "-5", "*5"] {
            assert_eq!(mark(value), Ok(None), "{value}");
        }
    }
}
