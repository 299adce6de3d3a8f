//! `keikaku inspect`.

use crate::program::{Folder, Ran, keikaku, project, run};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs;

const PLAN: &str = "# 第1章 港の計画\n\n本文です。\n\n| 施策 | 所管課 |\n|---|---|\n| 灯台の点検 | 港湾課 |\n";

fn inspect(folder: &Folder, arguments: &[&str]) -> Ran {
    run(keikaku().current_dir(folder.path("in")).arg("inspect").args(arguments))
}

#[test]
fn the_model_is_shown_as_text_and_as_json() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes())]);
    let text = inspect(&folder, &["plan.md"]);
    assert_eq!(text.code, Some(0), "{text:?}");
    for part in ["page 1", "灯台の点検", "│", "‹L"] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    let json = inspect(&folder, &["plan.md", "--json"]);
    let model: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(model["pages"][0]["number"], 1);
}

#[test]
fn one_page_is_shown_alone() {
    let folder = Folder::with(&[("plan.txt", "一枚目\n\u{c}二枚目\n".as_bytes())]);
    let second = inspect(&folder, &["plan.txt", "--page", "2"]);
    assert_eq!(second.code, Some(0), "{second:?}");
    assert!(second.out.contains("二枚目") && !second.out.contains("一枚目"), "{}", second.out);
    assert_eq!(inspect(&folder, &["plan.txt", "--page", "9"]).code, Some(2));
    assert_eq!(inspect(&folder, &["plan.txt", "--page", "0"]).code, Some(2));
}

#[test]
fn a_document_that_cannot_be_read_is_trouble() {
    let folder = Folder::with(&[("empty.txt", b""), ("junk.txt", &[0, 159, 146, 150, 0, 1, 2, 255])]);
    for name in ["empty.txt", "junk.txt"] {
        let ran = inspect(&folder, &[name]);
        assert_eq!(ran.code, Some(1), "{name}");
        assert!(!ran.err.is_empty(), "{name}");
    }
}

#[test]
fn what_a_document_holds_cannot_steer_the_terminal() {
    let hostile = "見出し\u{1b}[2J\u{202e}逆\u{9b}1m\n\n| a\u{7}b | c\u{2066} |\n|---|---|\n| d | e |\n";
    let folder = Folder::with(&[("plan.txt", hostile.as_bytes())]);
    let ran = inspect(&folder, &["plan.txt"]);
    let acts =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!ran.out.contains(acts) && !ran.err.contains(acts), "{ran:?}");
}

#[test]
fn a_page_of_a_pdf_is_drawn() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes())]);
    for name in ["shapes", "marks", "rotated", "vertical", "repeated", "garbage"] {
        let file = project().join(format!("fixtures/pdf/features/{name}.pdf"));
        let ran = inspect(&folder, &[file.to_str().unwrap(), "--page", "1", "--svg", "drawn.svg"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{name}: {ran:?}");
        let svg = fs::read_to_string(folder.path("in/drawn.svg")).unwrap();
        let mut reader = Reader::from_str(&svg);
        let mut names = Vec::new();
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                Event::Eof => break,
                Event::Start(start) | Event::Empty(start) => names.push(start.name().as_ref().to_owned()),
                _ => {}
            }
        }
        assert_eq!(names[0], "svg", "{name}");
        // Paper, glyphs and their lines at least.
        assert!(names.iter().filter(|name| *name == "rect").count() >= 2 && names.contains(&"text".into()), "{name}");
    }
    let text = inspect(&folder, &["plan.md", "--page", "1", "--svg", "text.svg"]);
    assert_eq!(text.code, Some(2), "only pages of PDF files are drawn: {text:?}");
    assert!(!folder.exists("in/text.svg"));
    assert_eq!(inspect(&folder, &["plan.md", "--svg", "text.svg"]).code, Some(2), "which page?");
}
