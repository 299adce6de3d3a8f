//! The built program and a folder to run it in.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, not yet given any argument, without the environment that changes what it prints.
pub fn keikaku() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keikaku"));
    command.env_remove("KEIKAKU_FAULTS").stdin(Stdio::null());
    command
}

/// How a run of the program ended, and what it printed.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the program starts");
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the program with arguments.
pub fn keikaku_with(arguments: &[&str]) -> Ran {
    run(keikaku().args(arguments))
}

/// A temporary folder: documents in `in`, what the program wrote in `out`.
pub struct Folder {
    folder: TempDir,
}

impl Folder {
    /// A folder with documents (path, content) in it.
    pub fn with(documents: &[(&str, &[u8])]) -> Self {
        let folder = Folder { folder: TempDir::new().expect("a temporary folder") };
        fs::create_dir_all(folder.path("in")).unwrap();
        for (name, content) in documents {
            folder.write(&format!("in/{name}"), content);
        }
        folder
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn write(&self, below: &str, content: &[u8]) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn exists(&self, below: &str) -> bool {
        self.path(below).exists()
    }

    pub fn bytes(&self, below: &str) -> Vec<u8> {
        fs::read(self.path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }

    pub fn json(&self, below: &str) -> Value {
        serde_json::from_slice(&self.bytes(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }

    /// `keikaku ingest`, run in the folder, not yet given any argument.
    pub fn ingest(&self) -> Command {
        let mut command = keikaku();
        command.current_dir(self.folder.path()).arg("ingest");
        command
    }

    /// Runs `keikaku ingest in -o out` with more arguments.
    pub fn ingested(&self, more: &[&str]) -> Ran {
        run(self.ingest().args(["in", "-o", "out"]).args(more))
    }

    /// The entry of a document in `out/run.json`.
    pub fn entry(&self, document: &str) -> Value {
        let manifest = self.json("out/run.json");
        let documents = manifest["documents"].as_array().expect("a list of documents");
        let entry = documents.iter().find(|entry| entry["path"] == document);
        entry.unwrap_or_else(|| panic!("{document} is not in run.json")).clone()
    }

    /// The codes of the diagnostics in a document's record, which is seen to be whole and to fit the schema.
    pub fn codes(&self, document: &str) -> Vec<String> {
        let record = self.json(&format!("out/records/{document}.json"));
        assert_eq!(keikaku::validate::schema::violations_of(&record), [], "{document}");
        let diagnostics = record["diagnostics"].as_array().expect("a list of diagnostics");
        diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Every file below a folder, by its path with `/`.
    pub fn files(&self, below: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path(below);
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let parts: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|part| part.to_string_lossy()).collect();
            files.push((parts.join("/"), fs::read(&path).unwrap()));
        }
    }
}

/// The documents of `fixtures/`: path below it with `/`, and bytes. Those that `ingest` would read.
pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let root = project().join("fixtures");
    let found = keikaku::batch::discovery::discover(&[root], Path::new("no such output"), &Default::default());
    let read = |source: keikaku::batch::discovery::Source| (source.name, fs::read(source.path).unwrap());
    // What the PDF files are printed from is no fixture of its own.
    let is_source = |name: &str| name.starts_with("pdf/") && name.ends_with(".html");
    found.expect("fixtures/ is there").sources.into_iter().filter(|source| !is_source(&source.name)).map(read).collect()
}
