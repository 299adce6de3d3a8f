//! Throughput of each stage and of the whole way, in bytes of source a second on one core.
//!
//! `fixtures` are all text fixtures one after the other, the size that plans have; `large` is one dump of about four
//! megabytes, made of the fixtures' own lines, to show what grows faster than its input.

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use keikaku::batch::result;
use keikaku::vocabulary::Vocabulary;
use keikaku::write::Layout;
use keikaku::{extract, normalise, process, read};
use std::hint::black_box;
use std::path::Path;

const LARGE: usize = 4 << 20;

/// Documents with their names.
type Documents = Vec<(String, Vec<u8>)>;

fn fixtures() -> Documents {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/text");
    let mut documents: Documents = std::fs::read_dir(folder)
        .expect("fixtures/text is there")
        .map(|entry| entry.expect("a folder's entry").path())
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("a fixture")))
        .collect();
    documents.sort();
    documents
}

/// One dump in which the plain-text fixtures (those in UTF-8: it has one encoding) follow each other, again and again.
fn large() -> Documents {
    let texts: Vec<u8> = fixtures()
        .into_iter()
        .filter(|(name, text)| name.ends_with(".txt") && str::from_utf8(text).is_ok())
        .flat_map(|(_, t)| t)
        .collect();
    vec![("large.txt".to_owned(), texts.iter().copied().cycle().take(LARGE).collect())]
}

fn stages(criterion: &mut Criterion) {
    bench(criterion.benchmark_group("fixtures"), &fixtures());
    let mut group = criterion.benchmark_group("large");
    group.sample_size(10);
    bench(group, &large());
}

fn bench(mut group: BenchmarkGroup<WallTime>, documents: &Documents) {
    let vocabulary = Vocabulary::built_in();
    group.throughput(Throughput::Bytes(documents.iter().map(|(_, bytes)| bytes.len() as u64).sum()));
    group.bench_function("read", |bencher| {
        bencher.iter(|| documents.iter().for_each(|(name, bytes)| drop(black_box(read::read(bytes, name)))));
    });
    let read: Vec<_> = documents.iter().map(|(name, bytes)| read::read(bytes, name).document).collect();
    group.bench_function("normalise", |bencher| {
        let normalise = |mut read: Vec<_>| {
            read.iter_mut().for_each(normalise::document);
            read
        };
        bencher.iter_batched(|| read.clone(), normalise, BatchSize::LargeInput);
    });
    let normalised: Vec<_> = documents.iter().map(|(name, bytes)| process::document(name, bytes).document).collect();
    group.bench_function("extract", |bencher| {
        bencher.iter(|| normalised.iter().for_each(|document| drop(black_box(extract::plan(document, &vocabulary)))));
    });
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            for (name, bytes) in documents {
                let outcome = process::process(name, bytes, &vocabulary);
                black_box(result::of_record(outcome.record, Layout::Pretty));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
