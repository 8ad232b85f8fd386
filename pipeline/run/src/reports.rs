//! The step of report: data by SQL, then the page.

use std::collections::BTreeMap;

use model::{Digest, Table};

use crate::context::{Context, engine_failure};
use crate::execute::Failure;
use crate::store::Output;

/// Makes one report: `reports/<file>.pdf` and its printed figures, `reports/<file>.figures.json`.
pub(crate) fn report(
    context: &mut Context<'_>,
    id: &str,
    input_digest: &Digest,
) -> Result<Vec<Output>, Failure> {
    let definitions = context.definitions;
    let Some(report) = definitions.reports.get(id) else { return Ok(Vec::new()) };
    let parsed = context.reports.get(id).cloned().unwrap_or_default();
    let mut data: BTreeMap<String, Table> = BTreeMap::new();
    let engine = context.engine(parsed.iter().flat_map(|query| &query.tables).map(|used| &used.name))?;
    let mut wrong = Vec::new();
    for query in &parsed {
        match engine.select_as_written(&query.query) {
            Ok(batches) => {
                let table = query::to_table(&batches).map_err(engine_failure)?;
                data.insert(query.query.name.table().to_owned(), table);
            }
            Err(diagnostic) => wrong.push(*diagnostic),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let rendered = report::render(&report::Job {
        id,
        definition: &report.definition,
        assessment: &definitions.assessment,
        page_file: &report.page_file,
        page_text: &report.page_text,
        data: &data,
        templates: &definitions.templates,
        input_digest: &input_digest.hex(),
    })?;
    context.warnings.extend(rendered.warnings);
    let file = report.definition.file.as_deref().unwrap_or(id);
    Ok(vec![
        context.store.stage(&format!("reports/{file}.pdf"), &rendered.pdf)?,
        context.store.stage(&format!("reports/{file}.figures.json"), rendered.figures_json.as_bytes())?,
    ])
}
