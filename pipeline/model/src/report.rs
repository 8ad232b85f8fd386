//! Report definitions: `reports/<id>/report.toml`. Its data are the `.sql` files beside it, its page text `page.typ.j2`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One report; its id is the name of its folder.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportDefinition {
    /// Chinese title: the document title of the PDF.
    pub title_zh: String,
    /// Chinese subtitle on the cover.
    #[serde(default)]
    pub subtitle_zh: String,
    /// What the report is, printed on the cover and in every footer.
    pub kind_zh: String,
    /// The name of the PDF without its ending; the id when absent.
    #[serde(default)]
    pub file: Option<String>,
    /// Who may see it.
    pub audience: Audience,
}

/// Who may see a report. A public one can read protected tables only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The evaluator and the city.
    Internal,
    /// Everyone.
    Public,
}
