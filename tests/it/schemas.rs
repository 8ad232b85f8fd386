//! The JSON Schemas of every TOML file, generated from the types that read them and committed for editors, and those of
//! what `explain --json` and `lineage --json` print, for programs that read it.
//!
//! `MANTIANXING_UPDATE=1 cargo test --workspace schemas` writes them anew.

use crate::city::repository;

#[test]
fn committed_schemas_are_those_of_the_types() {
    let schemas = [
        ("assessment", schemars::schema_for!(model::Assessment)),
        ("checks", schemars::schema_for!(model::Checks)),
        ("contract", schemars::schema_for!(model::Contract)),
        ("deliveries", schemars::schema_for!(model::Deliveries)),
        ("framework", schemars::schema_for!(model::Framework)),
        ("indicator", schemars::schema_for!(model::Indicator)),
        ("reference-tables", schemars::schema_for!(model::reference::Tables)),
        ("report", schemars::schema_for!(model::ReportDefinition)),
    ];
    let printed = [
        ("explain", schemars::schema_for!(run::explain::Explanation)),
        ("lineage", schemars::schema_for!(run::explain::Columns)),
    ];
    let read = schemas.into_iter().map(|named| ("pipeline/model/schemas", named));
    for (folder, (name, schema)) in read.chain(printed.map(|named| ("pipeline/run/schemas", named))) {
        let path = repository().join(folder).join(format!("{name}.schema.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("MANTIANXING_UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{} is not up to date", path.display());
    }
}
