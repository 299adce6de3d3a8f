//! PDF files that are made to wear a reader out: each costs itself, says so, and the run goes on.

use crate::program::Folder;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

/// A PDF of the given objects; the first is the catalog.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (body, number) in objects.iter().zip(1..) {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    let (at, size) = (out.len(), objects.len() + 1);
    out.extend(format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// A stream that says a text many times over in a few thousand bytes.
fn inflating(entries: &str, first: &str, text: &str, times: usize) -> Vec<u8> {
    let mut inner = ZlibEncoder::new(Vec::new(), Compression::new(6));
    inner.write_all(first.as_bytes()).unwrap();
    let chunk = text.repeat((1 << 20) / text.len());
    for _ in 0..(times * text.len()).div_ceil(chunk.len()) {
        inner.write_all(chunk.as_bytes()).unwrap();
    }
    let mut outer = ZlibEncoder::new(Vec::new(), Compression::best());
    outer.write_all(&inner.finish().unwrap()).unwrap();
    stream(&format!("/Filter [/FlateDecode /FlateDecode] {entries}"), &outer.finish().unwrap())
}

const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 400 300]";

/// Text that a page shows after what is painted there.
const LATER: &str = "BT /F 12 Tf 20 20 Td (later) Tj ET";

/// Two pages: one with the given content, and one with [`LATER`]. `X` is the form that object 8 is.
fn pages(content: Vec<u8>, media_box: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let page = |content: u32, media_box: &str| {
        let resources = "/Resources << /Font << /F 7 0 R >> /XObject << /X 8 0 R >> >>";
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [{media_box}] /Contents {content} 0 R {resources} >>").into()
    };
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_vec(),
        page(5, media_box),
        page(6, "0 0 400 300"),
        content,
        stream("", LATER.as_bytes()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

const A5: &str = "0 0 400 300";

/// What must be said of a bomb, and whether its second page is still read.
struct Expected {
    code: Option<&'static str>,
    words: &'static str,
    goes_on: bool,
}

const READ: Expected = Expected { code: None, words: "", goes_on: true };
const CUT_OFF: Expected = Expected { code: Some("limit-exceeded"), words: "Page 1 paints without end", goes_on: true };
#[cfg(unix)]
const TOO_LARGE: Expected =
    Expected { code: Some("limit-exceeded"), words: "needs more than 512 MiB of memory", goes_on: false };

fn bombs() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let once = || stream("", format!("/X Do {LATER}").as_bytes());
    let form = |content: &str, next: u32| {
        stream(&format!("{FORM} /Resources << /XObject << /X {next} 0 R >> >>"), content.as_bytes())
    };
    // Each form paints the next one.
    let chain: Vec<_> = (9..10_009).map(|next| form("/X Do", next)).collect();
    let page = |media_box: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [{media_box}] >>").into_bytes();
    let mut many = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), Vec::new()];
    many.resize(10_052, page(A5));
    let kids: String = (3..10_053).map(|number| format!("{number} 0 R ")).collect();
    many[1] = format!("<< /Type /Pages /Kids [{kids}] /Count 10050 >>").into_bytes();
    // Each node has the next one twice: a thousand million pages.
    let mut tree = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()];
    tree.extend((3..33).map(|next| format!("<< /Type /Pages /Kids [{next} 0 R {next} 0 R] /Count 4 >>").into_bytes()));
    tree.push(page(A5));
    let lines = "0 0 m 100 100 l S 10 10 50 5 re f ";
    let end = format!("1{}", "0".repeat(30));
    let far = format!("-{end} -{end} {end} {end}");
    let wide = format!("0 0 {end} {end} re f 0 0 m {end} {end} l S BT /F 12 Tf 1 0 0 1 {end} {end} Tm (far) Tj ET");
    let wide = stream("", wide.as_bytes());
    vec![
        #[cfg(unix)]
        ("content-of-gigabytes", pages(inflating("", "", " ", 1 << 30), A5, &[]), TOO_LARGE),
        #[cfg(unix)]
        ("one-path-without-end", pages(inflating("", "0 0 m ", "1 1 l 2 2 l ", 20_000_000), A5, &[]), TOO_LARGE),
        ("paths-without-end", pages(inflating("", "", lines, 2_000_000), A5, &[]), CUT_OFF),
        (
            "glyphs-without-end",
            pages(inflating("", "BT /F 1 Tf ", "(abcdefghijklmnopqrstuvwxyz) Tj ", 100_000), A5, &[]),
            CUT_OFF,
        ),
        ("form-in-itself", pages(once(), A5, &[form("/X Do", 8)]), READ),
        ("forms-in-forms", pages(once(), A5, &chain), READ),
        ("page-without-bounds", pages(wide, &far, &[]), READ),
        ("arrays-in-arrays", pages(stream("", "[".repeat(1_000_000).as_bytes()), A5, &[]), READ),
        (
            "ten-thousand-pages",
            file(&many),
            Expected { code: Some("limit-exceeded"), words: "the first 10000 were read", goes_on: false },
        ),
        ("a-tree-of-pages", file(&tree), Expected { goes_on: false, ..READ }),
    ]
}

#[test]
fn bombs_cost_only_themselves() {
    let bombs = bombs();
    let plain = pages(stream("", b""), A5, &[]);
    let names: Vec<String> = bombs.iter().map(|(name, ..)| format!("{name}.pdf")).collect();
    let mut documents: Vec<(&str, &[u8])> =
        bombs.iter().zip(&names).map(|((_, bytes, _), name)| (name.as_str(), bytes.as_slice())).collect();
    documents.push(("zzz.pdf", &plain));
    let folder = Folder::with(&documents);
    folder.ingested(&["--jobs", "1", "--memory-limit", "512"]);
    for ((_, _, expected), name) in bombs.iter().zip(&names) {
        let record = folder.json(&format!("out/records/{name}.json"));
        let errors: Vec<_> =
            record["diagnostics"].as_array().unwrap().iter().filter(|d| d["severity"] == "error").collect();
        let codes: Vec<_> = errors.iter().map(|error| error["code"].as_str().unwrap()).collect();
        assert_eq!(codes, expected.code.into_iter().collect::<Vec<_>>(), "{name}: {errors:?}");
        for error in &errors {
            assert!(error["message"].as_str().unwrap().contains(expected.words), "{name}: {error}");
        }
        if expected.goes_on {
            assert_eq!(record["source"]["pages"], 2, "{name}");
            let blank = |d: &&serde_json::Value| d["code"] == "page-without-text" && d["at"]["page"] == 2;
            assert_eq!(record["diagnostics"].as_array().unwrap().iter().find(blank), None, "{name}");
        }
    }
    assert_eq!(folder.entry("zzz.pdf")["state"], "no-plan", "the run went on");
}

#[test]
fn what_takes_too_long_is_ended() {
    // It paints nothing, so only the clock can tell.
    let idle = inflating(FORM, "", "0 g ", 1_000_000);
    let bomb = pages(inflating("", "", "/X Do ", 100_000), A5, &[idle]);
    let folder = Folder::with(&[("bomb.pdf", &bomb), ("later.pdf", &pages(stream("", b""), A5, &[]))]);
    folder.ingested(&["--jobs", "1", "--timeout", "2"]);
    assert_eq!(folder.codes("bomb.pdf"), ["limit-exceeded"]);
    let record = folder.json("out/records/bomb.pdf.json");
    let message = record["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains("took longer than 2 seconds"), "{message}");
    assert_eq!(folder.entry("later.pdf")["state"], "no-plan", "the run went on");
}
