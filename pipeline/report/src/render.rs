//! Templates and data become Typst source.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use model::{Diagnostic, Place, text};

use crate::digits::KnownTexts;
use crate::figures::{self, LOST, Printed, Recorder, Written};
use crate::sourcemap::SourceMap;
use crate::templates::Templates;
use crate::trouble::Trouble;
use crate::{Job, alt, escape, han, placement, rows};

/// The name the page has among the templates while it is rendered.
pub(crate) const PAGE: &str = "page.typ.j2";

/// How many steps a page may take. The demonstration report takes about a thousandth of it; what takes more does not
/// end by itself.
const FUEL: u64 = 10_000_000;

/// A rendered page, not yet set.
#[derive(Debug)]
pub(crate) struct Page {
    /// The Typst source.
    pub(crate) typst: String,
    /// Where its pieces came from.
    pub(crate) map: SourceMap,
    /// The figures written into it.
    pub(crate) written: Vec<Written>,
}

/// Renders the page of a job.
pub(crate) fn page(job: &Job<'_>) -> Result<Page, Vec<Diagnostic>> {
    let recorder = Recorder::default();
    let texts = ContextTexts::of(job);
    let environment = environment(job.templates, &recorder, &KnownTexts::of(job, &texts.all()));
    let told = |error: &Error| vec![diagnose(error, job)];
    let template = environment.template_from_named_str(PAGE, job.page_text).map_err(|error| told(&error))?;
    let (text, spans) = template.render_with_spans(context(job, &texts)).map_err(|error| told(&error))?;
    let (typst, removed) = han::join(&text);
    let map = SourceMap::new(spans, removed);
    if let Some(wrong) = placement::misplaced(&typst) {
        let place = map.origin(&wrong.range).map_or_else(
            || Place::file(job.page_file),
            |(name, source)| {
                let (file, text) = shown(name, job.page_file, job.page_text, job.templates);
                Place::span(file, text, source)
            },
        );
        return Err(vec![Diagnostic::new(wrong.code, place)]);
    }
    Ok(Page { typst, map, written: recorder.written() })
}

/// An environment whose templates can read nothing but templates and print nothing unescaped.
pub(crate) fn environment<'e>(
    templates: &Templates,
    recorder: &Recorder,
    known: &KnownTexts,
) -> Environment<'e> {
    let mut environment = Environment::new();
    let files = templates.clone();
    environment.set_loader(move |name| Ok(files.get(name).map(|file| file.text().to_owned())));
    environment.set_debug(true);
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("typst".into()));
    // What would print unescaped, or turn a number into a text that no longer counts as one.
    for filter in ["safe", "escape", "e", "string", "format", "pprint"] {
        environment.remove_filter(filter);
    }
    // Panics when told to indent by more than memory holds.
    environment.remove_filter("indent");
    environment.set_fuel(Some(FUEL));
    environment.remove_global("debug");
    figures::add_filters(&mut environment);
    let (literals, texts) = (recorder.clone(), known.clone());
    environment.add_filter("lit", move |value: &Value| -> Result<Value, Error> {
        let code = escape::literal(value, &|value| special(value, &literals, &texts))?;
        Ok(Value::from_safe_string(code))
    });
    let spoken = recorder.clone();
    environment.add_filter("alt", move |value: &Value| -> Result<Value, Error> {
        let markup = if value.is_safe() {
            value.to_string()
        } else {
            escape::markup(value.as_str().ok_or_else(|| Trouble::new("alt-not-plain").with("markup", value))?)
        };
        Ok(Value::from_safe_string(alt::literal(&markup, &spoken)?))
    });
    let (printing, texts) = (recorder.clone(), known.clone());
    environment.set_formatter(move |out, _: &mut State<'_, '_>, value| print(out, value, &printing, &texts));
    environment
}

/// Literals of values that are more than plain data: a figure becomes content with its marks.
fn special(value: &Value, recorder: &Recorder, known: &KnownTexts) -> Result<Option<String>, Error> {
    if let Some(printed) = value.downcast_object_ref::<Printed>() {
        return Ok(Some(format!("[{}]", recorder.write(printed))));
    }
    refuse_glued(value, known)?;
    Ok(None)
}

/// What `{{ … }}` writes.
fn print(out: &mut Output<'_>, value: &Value, recorder: &Recorder, known: &KnownTexts) -> Result<(), Error> {
    if let Some(printed) = value.downcast_object_ref::<Printed>() {
        return out.write_str(&recorder.write(printed)).map_err(Error::from);
    }
    refuse_glued(value, known)?;
    let written = match value.kind() {
        ValueKind::String if value.is_safe() => out.write_str(value.as_str().unwrap_or_default()),
        ValueKind::String => match value.as_str().unwrap_or_default() {
            "" => Ok(()),
            text => out.write_str(&escape::markup(text)),
        },
        // The value of `{% if %}` without `else`.
        ValueKind::Undefined => Ok(()),
        ValueKind::None => return Err(Trouble::new("template-null").into()),
        ValueKind::Number => return Err(Trouble::new("raw-number").with("value", value).into()),
        kind => return Err(Trouble::new("template-unprintable").with("kind", kind).into()),
    };
    written.map_err(Error::from)
}

/// Refuses a text that a template made from a figure or a number.
fn refuse_glued(value: &Value, known: &KnownTexts) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else { return Ok(()) };
    if text.contains(LOST) || known.unknown_number(text).is_some() {
        return Err(Trouble::new("raw-number").with("value", text.replace(LOST, "")).into());
    }
    Ok(())
}

/// Texts of the context that are made here.
struct ContextTexts {
    date_zh: String,
    digest_short: String,
    given: Vec<String>,
}

impl ContextTexts {
    fn of(job: &Job<'_>) -> Self {
        let (assessment, definition) = (job.assessment, job.definition);
        let date = &assessment.edition.date;
        let date_zh = assessment
            .edition
            .year_month_day()
            .map_or_else(|| date.clone(), |(year, month, day)| format!("{year}年{month}月{day}日"));
        let given = [
            &assessment.id,
            &assessment.title_zh,
            &assessment.title_en,
            &assessment.place_zh,
            &assessment.publisher_zh,
            &assessment.edition.id,
            date,
            &definition.title_zh,
            &definition.subtitle_zh,
            &definition.kind_zh,
        ];
        let given =
            given.into_iter().cloned().chain([job.id.to_owned(), job.input_digest.to_owned()]).collect();
        Self { date_zh, digest_short: job.input_digest.chars().take(12).collect(), given }
    }

    fn all(&self) -> Vec<&str> {
        self.given.iter().map(String::as_str).chain([self.date_zh.as_str(), &self.digest_short]).collect()
    }
}

/// What templates can name.
fn context(job: &Job<'_>, texts: &ContextTexts) -> Value {
    let (assessment, definition) = (job.assessment, job.definition);
    let statuses = model::STATUSES.iter().map(|status| {
        Value::from_pairs([("id", status.id), ("name_zh", status.name_zh), ("mark", status.mark)])
    });
    Value::from_pairs([
        ("data", rows::data(job.data)),
        (
            "assessment",
            Value::from_pairs([
                ("id", assessment.id.as_str()),
                ("title_zh", &assessment.title_zh),
                ("title_en", &assessment.title_en),
                ("place_zh", &assessment.place_zh),
                ("publisher_zh", &assessment.publisher_zh),
                ("nature", assessment.nature.name()),
            ]),
        ),
        (
            "report",
            Value::from_pairs([
                ("id", job.id),
                ("title_zh", &definition.title_zh),
                ("subtitle_zh", &definition.subtitle_zh),
                ("kind_zh", &definition.kind_zh),
            ]),
        ),
        (
            "edition",
            Value::from_pairs([
                ("id", assessment.edition.id.as_str()),
                ("date", &assessment.edition.date),
                ("date_zh", &texts.date_zh),
            ]),
        ),
        ("digest", Value::from(job.input_digest)),
        ("digest_short", Value::from(texts.digest_short.as_str())),
        ("statuses", Value::from(statuses.collect::<Vec<_>>())),
    ])
}

/// A minijinja error as a diagnostic at its place.
fn diagnose(error: &Error, job: &Job<'_>) -> Diagnostic {
    let mut candidates: Vec<&str> = job.data.keys().map(String::as_str).collect();
    candidates.extend(job.data.values().flat_map(|table| table.columns.iter().map(String::as_str)));
    candidates.extend(["data", "assessment", "report", "edition", "digest", "digest_short", "statuses"]);
    diagnose_with(error, &|name| shown(name, job.page_file, job.page_text, job.templates), &candidates)
}

/// How a template is named in messages, and its text.
pub(crate) fn shown<'t>(
    name: &str,
    page_file: &'t str,
    page_text: &'t str,
    templates: &'t Templates,
) -> (&'t str, &'t str) {
    match templates.get(name) {
        Some(file) if name != PAGE => (&file.shown_as, file.text()),
        _ => (page_file, page_text),
    }
}

/// A minijinja error as a diagnostic; `file` tells a template's shown name and text, `candidates` are names that
/// may have been meant.
pub(crate) fn diagnose_with<'t>(
    error: &Error,
    file: &dyn Fn(&str) -> (&'t str, &'t str),
    candidates: &[&str],
) -> Diagnostic {
    // The innermost error that knows its place is where it happened; those around it only pass it on.
    let mut innermost = error;
    while let Some(inner) =
        std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>())
    {
        if inner.name().is_none() {
            break;
        }
        innermost = inner;
    }
    let (shown_as, source) = file(innermost.name().unwrap_or(PAGE));
    let place = match (innermost.range(), innermost.line()) {
        (Some(range), _) if range.end > range.start => Place::span(shown_as, source, range),
        (_, Some(line)) => Place::line_column(shown_as, source, line, None),
        _ => Place::file(shown_as),
    };
    let expression = innermost.range().and_then(|range| source.get(range)).unwrap_or_default();
    if let Some(trouble) = Trouble::within(error) {
        return trouble.at(place).with("expression", expression);
    }
    let reason = innermost.detail().unwrap_or_default();
    match innermost.kind() {
        ErrorKind::UndefinedError => {
            let name = reason.split('`').nth(1).unwrap_or(expression);
            let last = name.rsplit(['.', '[']).next().unwrap_or(name).trim_matches(['"', '\'', ']']);
            Diagnostic::new("template-undefined", place)
                .with("name", name)
                .suggest(text::suggest(last, candidates.iter().copied()))
        }
        ErrorKind::OutOfFuel => Diagnostic::new("template-endless", place).with("steps", FUEL),
        ErrorKind::SyntaxError => Diagnostic::new("template-syntax", place).with("reason", reason),
        kind => {
            let reason = if reason.is_empty() { kind.to_string() } else { format!("{kind}: {reason}") };
            Diagnostic::new("template-failed", place).with("reason", reason)
        }
    }
}
