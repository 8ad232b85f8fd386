//! Rows that were sent and do not stand, and would have counted.

use run::explain::{LeftOut, Replaced};

use super::{Page, rows};

impl Page<'_> {
    pub(super) fn rejected(&mut self, rejected: &[LeftOut]) {
        let (counted, named): (Vec<&LeftOut>, Vec<&LeftOut>) =
            rejected.iter().partition(|one| one.judged_by == "query");
        self.refused(&counted, "退回的行，否则会计入", "refused rows that would have counted");
        let zh = "退回的行，同一地区和期间，可能会计入";
        self.refused(&named, zh, "refused rows of this unit and period, which may have counted");
    }

    fn refused(&mut self, refused: &[&LeftOut], zh: &str, en: &str) {
        if refused.is_empty() {
            return;
        }
        self.title(zh, en);
        for one in refused {
            let (zh, en) = if one.judged_by == "query" {
                ("放行后查询会计入", "let in, the query counts them")
            } else {
                (
                    "读不成值，按契约、期间和地区名称判断",
                    "unreadable; judged by contract, period and name of the unit",
                )
            };
            let more = if one.count > one.places.len() { "、…" } else { "" };
            let places = format!("{}{more}", one.places.join("、"));
            self.lines.push(format!("  {} ▸ {places}", one.file));
            let [reason_zh, reason_en] = &one.reason;
            self.tell(
                4,
                &format!("{} 行（{zh}）：{reason_zh}", one.count),
                &format!("{} ({en}): {reason_en}", rows(one.count)),
            );
            self.rows(&one.rows, false);
        }
    }

    pub(super) fn superseded(&mut self, superseded: &[Replaced]) {
        if superseded.is_empty() {
            return;
        }
        self.title("被更正的报送，否则会计入", "replaced deliveries that would have counted");
        for one in superseded {
            self.tell(
                2,
                &format!(
                    "{} 的 {} 行，由 {}（{} 收到）更正",
                    one.file, one.count, one.by, one.by_received_on
                ),
                &format!(
                    "{} of {}, replaced by {}, received on {}",
                    rows(one.count),
                    one.file,
                    one.by,
                    one.by_received_on
                ),
            );
            self.rows(&one.rows, false);
        }
    }
}
