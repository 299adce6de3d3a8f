//! How a run is going: a bar on a terminal, plain lines elsewhere.

use super::complain;
use super::ingest::trouble_line;
use crate::batch::Event;
use crate::batch::manifest::Entry;
use crate::diagnostic::Diagnostic;
use crate::write::plain::one_line;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Shows the events of a run on standard error.
pub struct Progress {
    bar: ProgressBar,
    style: Style,
    done: AtomicUsize,
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
        let template = "{pos}/{len} {bar:24} {percent:>3}%  {eta} left  {wide_msg}";
        bar.set_style(ProgressStyle::with_template(template).expect("a constant template").progress_chars("━╸ "));
        Progress { bar, style, done: AtomicUsize::new(0) }
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
            Event::Finished { entry, diagnostics } => {
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                self.bar.inc(1);
                if self.style == Style::Lines {
                    complain(&self.line(entry, done));
                }
                for error in *diagnostics {
                    self.trouble(&entry.summary.path, error);
                }
            }
        }
    }

    /// Takes the bar off the terminal.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn trouble(&self, path: &str, error: &Diagnostic) {
        let line = trouble_line(path, error);
        if self.style == Style::Bar {
            self.bar.println(line);
        } else {
            complain(&line);
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
