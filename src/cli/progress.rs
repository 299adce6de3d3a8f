//! How a run is going: a bar on a terminal, plain lines elsewhere.

use super::complain;
use super::ingest::trouble_line;
use crate::batch::manifest::Entry;
use crate::batch::{Event, Left};
use crate::write::plain::one_line;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Shows the events of a run on standard error.
pub struct Progress {
    bar: ProgressBar,
    style: Style,
    done: AtomicUsize,
    /// Pages of the documents that were read.
    pages: AtomicU64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Bar,
    Lines,
    /// Only what failed.
    Quiet,
}

impl Progress {
    pub fn new(quiet: bool) -> Self {
        let style = match (quiet, io::stderr().is_terminal()) {
            (true, _) => Style::Quiet,
            (false, true) => Style::Bar,
            (false, false) => Style::Lines,
        };
        let bar = if style == Style::Bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{pos}/{len} {bar:24} {percent:>3}%  {rate}  {eta} left  {prefix} pages  {wide_msg}";
        let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
            // A rate that cannot be written leaves a gap in a line that is drawn anew at once.
            let _ = write!(out, "{:.1} documents/s", state.per_sec());
        };
        let drawn = ProgressStyle::with_template(template).expect("a constant template").with_key("rate", rate);
        bar.set_style(drawn.progress_chars("━╸ "));
        Progress { bar, style, done: AtomicUsize::new(0), pages: AtomicU64::new(0) }
    }

    pub fn show(&self, event: &Event) {
        match event {
            Event::Found { documents } => {
                self.bar.set_length(*documents as u64);
                if self.style == Style::Bar {
                    self.bar.enable_steady_tick(Duration::from_millis(200));
                }
            }
            Event::Started { path } => self.bar.set_message(one_line(path)),
            Event::Finished { entry, was_read, diagnostics } => {
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                self.bar.inc(1);
                if *was_read {
                    let pages = u64::from(entry.summary.pages);
                    let pages = self.pages.fetch_add(pages, Ordering::Relaxed) + pages;
                    if self.style == Style::Bar {
                        self.bar.set_prefix(pages.to_string());
                    }
                }
                // Thousands of lines on what did not change would hide what did.
                if self.style == Style::Lines && *was_read {
                    complain(&self.line(entry, done));
                }
                for error in *diagnostics {
                    self.tell(&trouble_line(&entry.summary.path, error));
                }
            }
            // Of an interrupted run these may be thousands: how many they are it says at its end.
            Event::Left { why: Left::Interrupted, .. } => self.bar.inc(1),
            Event::Left { path, why } => {
                self.bar.inc(1);
                self.tell(&one_line(&format!("{path}: left for the next run: {why}")));
            }
        }
    }

    /// Takes the bar off the terminal.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn tell(&self, line: &str) {
        if self.style == Style::Bar {
            self.bar.println(line);
        } else {
            complain(line);
        }
    }

    fn line(&self, entry: &Entry, done: usize) -> String {
        let done = format!("[{done}/{}]", self.bar.length().unwrap_or(0));
        let summary = &entry.summary;
        one_line(&format!(
            "{done} {}: {}, {} measures, {} KPIs, {:.1} s",
            summary.path,
            summary.state.name(),
            summary.counts.measures,
            summary.counts.kpis,
            entry.seconds
        ))
    }
}
