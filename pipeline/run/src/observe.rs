//! What a run tells while it works. The command shows it; nothing here prints.

/// A stage of the pipeline, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reference tables and deliveries become typed Parquet.
    Ingest,
    /// Queries and frameworks become indicators, scores and ranks.
    Assess,
    /// Reports become PDF.
    Report,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 3] = [Self::Ingest, Self::Assess, Self::Report];

    /// The name of the stage, also of its command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Assess => "assess",
            Self::Report => "report",
        }
    }
}

/// Why a step runs, or why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was never done.
    New,
    /// These inputs are not as they were.
    Changed(Vec<String>),
    /// A file it made is gone or was cut short.
    OutputGone,
    /// What it depends on will be made anew; whether that changes anything shows when it is (dry run only).
    Upstream(Vec<String>),
    /// Nothing changed.
    Unchanged,
    /// What it depends on could not be made; the last good state stays.
    Blocked(Vec<String>),
}

impl Reason {
    /// Whether the step is done anew for this reason.
    pub fn runs(&self) -> bool {
        !matches!(self, Self::Unchanged | Self::Blocked(_))
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A sample of the invented city, by scale and seed, is written before anything is read (dry run: would be).
    SampleBegins(&'a str, u64),
    /// The sample is written.
    SampleDone(&'a sample::Summary),
    /// A stage begins; it has this many steps.
    StageBegins(Stage, usize),
    /// A step is decided on; it follows if the reason says so.
    Step(Stage, &'a str, &'a Reason),
    /// A step that ran is done.
    StepDone(Stage, &'a str),
    /// All steps of a stage are through; nothing of it is in place yet.
    StageEnds(Stage),
    /// The run is over; unless it was dry, everything is in place.
    Ended,
}

/// Whoever wants to know.
pub trait Observer {
    /// Takes an event.
    fn notice(&mut self, event: &Event<'_>);
}

/// Listens to nothing.
#[derive(Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn notice(&mut self, _: &Event<'_>) {}
}
