//! What the tests of the reader share: contracts written as text, deliveries of one file, workbooks made by hand.

use std::io::{Cursor, Write as _};

use arrow::record_batch::RecordBatch;
use ingest::{Job, Outcome, Source};
use model::{Accounting, Contract, Deliveries, Reference, RowKind};

/// A contract without the keys that no test looks at.
pub(crate) fn contract(text: &str) -> Contract {
    let head = "id = \"a\"\ntitle_zh = \"甲\"\ndepartment = \"d\"\nrow = \"\"\nkey = [\"a\"]\n";
    toml::from_str(&format!("{head}{text}")).unwrap()
}

/// A contract whose fields are given as `name type header`, with the text of other keys before them.
pub(crate) fn fields(keys: &str, fields: &[&str]) -> Contract {
    let mut text = format!("{keys}\n");
    for field in fields {
        let mut words = field.splitn(3, ' ');
        let (name, kind) = (words.next().unwrap(), words.next().unwrap());
        text.push_str(&format!("[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\n"));
        match words.next().unwrap() {
            "section" => text.push_str("from = \"section\"\n"),
            position if position.starts_with('@') => {
                text.push_str(&format!("position = {}\n", &position[1..]));
            }
            header => text.push_str(&format!("zh = [{header:?}]\n")),
        }
        if name == "a" {
            text.push_str("required = true\n");
        }
    }
    contract(&text)
}

/// What is to be read of a delivery under contracts.
pub(crate) fn job<T>(contracts: &[Contract], act: impl FnOnce(&Job<'_>) -> T) -> T {
    job_of(contracts, "p12", "2021", act)
}

fn job_of<T>(contracts: &[Contract], partition: &str, vintage: &str, act: impl FnOnce(&Job<'_>) -> T) -> T {
    let text = format!(
        "[[delivery]]\nfile = \"x\"\nsha256 = \"\"\ncontracts = [\"a\"]\ndepartment = \"d\"\nperiod = \"2024\"\n\
         received_on = \"2024-01-01\"\npartition = \"{partition}\"\nvintage = \"{vintage}\"\n"
    );
    let delivery = toml::from_str::<Deliveries>(&text).unwrap().delivery.remove(0);
    let contracts: Vec<&Contract> = contracts.iter().collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference");
    let reference = Reference::load(&folder, "reference").unwrap();
    act(&Job { delivery: &delivery, number: 1, contracts: &contracts, reference: &reference })
}

/// Reads a file under contracts.
pub(crate) fn read(contracts: &[Contract], bytes: &[u8]) -> Outcome {
    job(contracts, |job| ingest::read(job, bytes))
}

/// Reads a file under contracts, of a partition and vintage.
pub(crate) fn read_of(contracts: &[Contract], bytes: &[u8], partition: &str, vintage: &str) -> Outcome {
    job_of(contracts, partition, vintage, |job| ingest::read(job, bytes))
}

/// The row accounting of a source in words; it must close.
pub(crate) fn accounts(source: &Source) -> String {
    let kept = source.accounting.count(RowKind::Kept);
    assert_eq!(kept, u64::try_from(source.rows.num_rows()).unwrap());
    account(&source.accounting)
}

/// A row accounting in words; it must close.
pub(crate) fn account(accounting: &Accounting) -> String {
    assert!(accounting.closes());
    let kinds = accounting.rows.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    format!("{} = {}", accounting.sheet_rows, kinds.collect::<Vec<_>>().join(", "))
}

/// The values of the fields in a row, parted by bars.
pub(crate) fn row(batch: &RecordBatch, row: usize) -> String {
    let options = arrow::util::display::FormatOptions::default().with_null("NULL");
    let schema = batch.schema();
    let first = schema.fields().iter().position(|field| field.name() == "period").unwrap() + 1;
    let cell = |column: usize| {
        let column = batch.column(column);
        arrow::util::display::ArrayFormatter::try_new(column, &options).unwrap().value(row).to_string()
    };
    (first..batch.num_columns()).map(cell).collect::<Vec<_>>().join("|")
}

/// The codes of all findings, in order.
pub(crate) fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.findings.iter().map(|finding| finding.code).collect()
}

/// A packed file of parts.
pub(crate) fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    packed_bytes(&parts)
}

/// A packed file of parts that are no text.
pub(crate) fn packed_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An xlsx workbook of sheets: name, attributes, and the XML of the sheet up to its end. Style 1 is a date.
pub(crate) fn xlsx(properties: &str, sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (at, (name, attributes, xml)) in sheets.iter().enumerate() {
        let number = at + 1;
        listed.push_str(&format!(
            "<sheet name=\"{name}\" sheetId=\"{number}\" {attributes} r:id=\"rId{number}\"/>"
        ));
        related.push_str(&format!(
            "<Relationship Id=\"rId{number}\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        ));
        parts.push((
            format!("xl/worksheets/sheet{number}.xml"),
            format!("<worksheet {main}>{xml}</worksheet>"),
        ));
    }
    related.push_str(&format!("<Relationship Id=\"st\" Type=\"{kind}/styles\" Target=\"styles.xml\"/>"));
    let mut all = vec![
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r\" \
                 Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", format!("<workbook {main}>{properties}<sheets>{listed}</sheets></workbook>")),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships xmlns=\"{package}/relationships\">{related}</Relationships>"),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {main}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>\
                 </styleSheet>"
            ),
        ),
    ];
    all.extend(parts.iter().map(|(name, xml)| (name.as_str(), xml.clone())));
    packed(&all)
}

/// A row of an xlsx sheet: texts are inline, numbers as they are, `=…` a formula without value, empty cells left out.
pub(crate) fn line(number: usize, attributes: &str, cells: &[&str]) -> String {
    let mut xml = format!("<row r=\"{number}\" {attributes}>");
    for (column, cell) in ('A'..='Z').zip(cells) {
        let place = format!("r=\"{column}{number}\"");
        match cell.strip_prefix('=') {
            Some(formula) => xml.push_str(&format!("<c {place}><f>{formula}</f></c>")),
            None if cell.is_empty() => {}
            None if cell.parse::<f64>().is_ok() => xml.push_str(&format!("<c {place}><v>{cell}</v></c>")),
            None => xml.push_str(&format!("<c {place} t=\"inlineStr\"><is><t>{cell}</t></is></c>")),
        }
    }
    xml + "</row>"
}
