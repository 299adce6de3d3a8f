//! Any bytes as a text: no panic, the same record twice, as the schema says, and every place a line that is there. The
//! fuzz target `text` is of this file too.

use keikaku::batch::result;
use keikaku::diagnostic::Code;
use keikaku::document::Place;
use keikaku::process::process;
use keikaku::vocabulary::Vocabulary;
use keikaku::write::Layout;
use std::sync::LazyLock;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::built_in);

/// Processes bytes as a text and checks what comes of it.
pub fn check(bytes: &[u8]) {
    let record = process("text.txt", bytes, &VOCABULARY).record;
    let lines = String::from_utf8_lossy(bytes).split(['\n', '\r']).count() as u32;
    for measure in &record.measures {
        let own = measure.sections.iter().map(|section| &section.at);
        let figures = measure.kpis.iter().flat_map(|kpi| kpi.targets.iter().map(|target| &target.at).chain([&kpi.at]));
        let items = measure.schedule.iter().map(|item| &item.at);
        for place in own.chain(figures).chain(items).chain([&measure.at]) {
            // Bytes that are another format's have places of another kind.
            if let Place::Lines { line, end_line } = place {
                assert!(1 <= *line && line <= end_line && *end_line <= lines, "{place:?} of {lines} lines");
            }
        }
    }
    let first = result::of_record(record, Layout::Line);
    assert!(first.errors.iter().all(|error| error.code != Code::SchemaViolation), "{:?}", first.errors);
    let again = result::of_record(process("text.txt", bytes, &VOCABULARY).record, Layout::Line);
    assert!(first.record == again.record, "another record the second time");
}

#[cfg(test)]
mod tests {
    use crate::program::fixtures;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// The fixtures that are texts.
    static TEXTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let named = |name: &str| [".txt", ".md", ".csv", ".html"].iter().any(|ending| name.ends_with(ending));
        fixtures().into_iter().filter(|(name, _)| named(name)).map(|(_, bytes)| bytes).collect()
    });

    /// What tables, headings and labels are made of.
    const PIECES: &[&str] = &[
        "\n",
        "\n\n",
        "\t",
        "|",
        "\n|",
        "  ",
        "\u{3000}",
        "\x0c",
        "<td>",
        "</table>",
        "<li>",
        "・",
        "①",
        "【",
        "】",
        "(",
        "#",
        "→",
        "●",
        "施策",
        "担当課",
        "目標値",
        "令和5年度",
        "R5",
        "1-1",
        "%",
        "\u{feff}",
        "\u{0}",
    ];

    /// A fixture with stretches cut out, doubled and replaced.
    fn damaged() -> impl Strategy<Value = Vec<u8>> {
        let wound = (any::<prop::sample::Index>(), 0..80usize, 0..5u8, prop::sample::select(PIECES), any::<u8>());
        (0..TEXTS.len(), prop::collection::vec(wound, 0..12)).prop_map(|(text, wounds)| {
            let mut bytes = TEXTS[text].clone();
            for (at, length, kind, piece, byte) in wounds {
                let at = at.index(bytes.len() + 1);
                let end = (at + length).min(bytes.len());
                match kind {
                    0 => drop(bytes.drain(at..end)),
                    1 => {
                        let stretch = bytes[at..end].to_vec();
                        bytes.splice(at..at, stretch);
                    }
                    2 => drop(bytes.splice(at..at, [byte])),
                    _ => drop(bytes.splice(at..at, piece.bytes())),
                }
            }
            bytes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_damaged_dump_is_read_soundly(bytes in damaged()) {
            super::check(&bytes);
        }

        #[test]
        fn any_bytes_are_read_soundly(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            super::check(&bytes);
        }
    }
}
