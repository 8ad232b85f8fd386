//! The statuses of values: whether there is a value, whether it enters scores, whether a unit is ranked on it, and the
//! mark printed beside it or in its place.

/// A status a value can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The name in tables.
    pub id: &'static str,
    /// The Chinese word for legends.
    pub name_zh: &'static str,
    /// Printed instead of a missing value, or beside one that is there.
    pub mark: &'static str,
    /// Whether there is a value, which then enters scores.
    pub has_value: bool,
}

/// Every status; where several hold for a value, the first of this list is its status and the others stay flags.
pub const STATUSES: [Status; 9] = [
    Status { id: "suppressed", name_zh: "不予公布", mark: "*", has_value: false },
    Status { id: "not_available_by_design", name_zh: "无此口径", mark: "—", has_value: false },
    Status { id: "missing", name_zh: "缺失", mark: "…", has_value: false },
    Status { id: "zero_denominator", name_zh: "分母为零", mark: "—", has_value: false },
    Status { id: "imputed", name_zh: "插补", mark: "i", has_value: true },
    Status { id: "unstable", name_zh: "分母过小", mark: "u", has_value: true },
    Status { id: "reconstructed", name_zh: "推算", mark: "r", has_value: true },
    Status { id: "estimated", name_zh: "抽样估计", mark: "e", has_value: true },
    Status { id: "ok", name_zh: "正常", mark: "", has_value: true },
];

/// The status with this name.
pub fn status(id: &str) -> Option<&'static Status> {
    STATUSES.iter().find(|status| status.id == id)
}
