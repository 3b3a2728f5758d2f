//! Files of every kind, and broken ones.

use crate::world::{World, counts, now};
use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, StringArray};
use arrow::datatypes::Int32Type;
use arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use std::io::Write;
use std::sync::Arc;
use tenure_ingest::Options;

/// Accounts from one relation with these options of its file.
fn accounts(world: &World, options: &str) {
    world.file(
        "sources/crm.toml",
        format!("[files.a]\n{options}\n[tables]\naccounts = \"SELECT id AS account_id, name FROM a\"\n"),
    );
}

async fn names(world: &World) -> Vec<String> {
    world.sql("SELECT account_id, name FROM accounts ORDER BY 1").await
}

#[tokio::test(flavor = "multi_thread")]
async fn delimiters_quotes_and_nulls() {
    let world = World::new().await;
    world.file("a.csv", "id;name\n1;'a;b'\n2;NA\n3;\n4;'it''s\ntwo'\n");
    accounts(&world, "path = \"a.csv\"\ndelimiter = \";\"\nquote = \"'\"\nnull = [\"NA\"]");
    assert_eq!(counts(&world.import().await), [4, 4, 0, 0, 0, 0]);
    assert_eq!(names(&world).await, ["1|a;b", "2|", "3|", "4|it's\ntwo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_spaces_without_a_header() {
    let world = World::new().await;
    world.file("a.txt", " 00001  x  \r\n  2    y\n\n3 ? \n");
    accounts(
        &world,
        "path = \"a.txt\"\ndelimiter = \" +\"\nheader = false\ncolumns = [\"id\", \"name\"]\nnull = [\"?\"]",
    );
    assert_eq!(counts(&world.import().await), [3, 3, 0, 0, 0, 0]);
    assert_eq!(names(&world).await, ["00001|x", "2|y", "3|"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_files_and_globs() {
    let world = World::new().await;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"id,name\n1,one\n").unwrap();
    world.file("in/a1.csv.gz", gz.finish().unwrap());
    world.file("in/a2.csv.zst", zstd::encode_all(&b"name,id,more\ntwo,2,x\n"[..], 1).unwrap());
    world.file("in/a3.csv", "id\n3\n");
    accounts(&world, "path = \"in/a*.csv*\"\nformat = \"csv\"");
    assert_eq!(counts(&world.import().await), [3, 3, 0, 0, 0, 0]);
    let rows = world.sql("SELECT account_id, name, _file, _row FROM accounts ORDER BY 1").await;
    assert_eq!(rows, ["1|one|in/a1.csv.gz|1", "2|two|in/a2.csv.zst|1", "3||in/a3.csv|1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings() {
    for (encoding, bytes) in [
        ("windows-1252", b"id,name\n1,Caf\xe9 \x80\n".to_vec()),
        ("utf-8", "\u{feff}id,name\n1,Café €\n".as_bytes().to_vec()),
        ("utf-16le", "id,name\n1,Café €\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        // A byte-order mark overrides what is stated.
        ("windows-1252", "\u{feff}id,name\n1,Café €\n".encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        let world = World::new().await;
        world.file("a.csv", bytes);
        accounts(&world, &format!("path = \"a.csv\"\nencoding = \"{encoding}\""));
        assert_eq!(counts(&world.import().await), [1, 1, 0, 0, 0, 0]);
        assert_eq!(names(&world).await, ["1|Café €"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_encoding() {
    let world = World::new().await;
    world.file("a.csv", b"id,name\n1,one\n2,Caf\xe9\n");
    accounts(&world, "path = \"a.csv\"");
    assert_eq!(
        world.error().await,
        "a.csv:3: the byte 0xE9 is not utf-8; state the file's encoding, such as encoding = \"windows-1252\", in sources/crm.toml:1: files.a"
    );
    world.file("a.csv", b"id,name\n1,\x82\xa0\n2,\x82\n");
    accounts(&world, "path = \"a.csv\"\nencoding = \"shift_jis\"");
    assert_eq!(
        world.error().await,
        "a.csv:3: the bytes are not shift_jis; state the file's encoding, such as encoding = \"windows-1252\", in sources/crm.toml:1: files.a"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ragged_lines() {
    let world = World::new().await;
    world.file("a.csv", "id,name\n1,one\n2\n3,three\n4,four,more\n");
    accounts(&world, "path = \"a.csv\"");
    assert_eq!(
        world.error().await,
        "a.csv:3: 1 field where the header has 2; mend the line, check delimiter and quote, or leave it out with --keep-good \
         (nothing was committed)"
    );
    let report = world.try_import(&Options { keep_good: true, ..Options::at(now()) }).await.unwrap();
    assert_eq!(counts(&report), [4, 2, 0, 0, 2, 0]);
    assert_eq!(
        report.rejects[1].to_string(),
        "a.csv, record 4: accounts: line 5: 3 fields where the header has 2; mend the line, check \
         delimiter and quote, or leave it out with --keep-good (nothing was committed)"
    );
    assert_eq!(names(&world).await, ["1|one", "3|three"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_empty_and_damaged_files() {
    let world = World::new().await;
    accounts(&world, "path = \"a.csv\"");
    assert_eq!(
        world.error().await,
        "sources/crm.toml:1: files.a.path: there is no file 'a.csv'; put the export there, or correct the path (it is relative to the workspace)"
    );
    accounts(&world, "path = \"in/*.csv\"");
    assert_eq!(
        world.error().await,
        "sources/crm.toml:1: files.a.path: no file matches 'in/*.csv'; put the export there, or correct the path (it is relative to the workspace)"
    );
    world.file("a.csv", "");
    accounts(&world, "path = \"a.csv\"");
    assert_eq!(world.error().await, "a.csv: is empty: there is no header; export it again, or take it out of the path");
    world.file("a.csv", "id,name,id\n1,2,3\n");
    assert_eq!(
        world.error().await,
        "a.csv:1: columns 1 and 3 are both named 'id'; rename one in the file, or use header = false with columns = […] and leave the \
         first row out in SQL"
    );
    world.file("a.csv.gz", b"\x1f\x8b\x08 nothing of the kind");
    accounts(&world, "path = \"a.csv.gz\"");
    let error = world.error().await;
    assert!(
        error.starts_with("a.csv.gz: cannot be read: ")
            && error.ends_with("; check that the file is whole, and export it again if not"),
        "{error}"
    );
    world.file("a.parquet", "not parquet at all");
    accounts(&world, "path = \"a.parquet\"");
    let error = world.error().await;
    assert!(error.starts_with("a.parquet: cannot be read as Parquet: "), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_lines() {
    let world = World::new().await;
    let mut text = String::from(
        "{\"id\": 1, \"name\": \"one \\u00e9\", \"tags\": [\"a\", {\"b\": null}]}\n\n{\"name\": null, \"id\": \"2\"}\n",
    );
    for id in 3..1500 {
        text.push_str(&format!("{{\"id\": {id}}}\n"));
    }
    text.push_str("{\"id\": 9999, \"late\": true, \"price\": 12345678901234567890.123}\n");
    world.file("a.jsonl", text);
    world.file(
        "sources/crm.toml",
        "[files.a]\npath = \"a.jsonl\"\n[tables]\naccounts = \"SELECT id AS account_id, name, tags, late, price FROM a\"\n",
    );
    assert_eq!(counts(&world.import().await), [1500, 1500, 0, 0, 0, 0]);
    assert_eq!(
        world
            .sql("SELECT account_id, name, attributes, _row FROM accounts WHERE attributes IS NOT NULL ORDER BY _row")
            .await,
        [
            "1|one é|{\"tags\":\"[\\\"a\\\", {\\\"b\\\": null}]\"}|1",
            "9999||{\"late\":\"true\",\"price\":\"12345678901234567890.123\"}|1500"
        ]
    );
    world.file("a.jsonl", "{\"id\": 1}\n{\"id\": }\n");
    accounts(&world, "path = \"a.jsonl\"");
    assert_eq!(
        world.error().await.split(';').next().unwrap(),
        "sources/crm.toml:4: tables.accounts: there is no column 'name' in a"
    );
    world.file("a.jsonl", "{\"id\": 1, \"name\": \"x\"}\n{\"id\": }\n");
    assert_eq!(
        world.error().await,
        "a.jsonl:2: is not a JSON object: expected value at column 8; mend the line, or leave it out with --keep-good (nothing was committed)"
    );
    world.file("a.jsonl", "[{\"id\": 1}]\n");
    world.file(
        "sources/crm.toml",
        "[files.a]\npath = \"a.jsonl\"\n[tables]\naccounts = \"SELECT _file AS account_id FROM a\"\n",
    );
    assert_eq!(
        world.error().await,
        "a.jsonl:1: is a JSON array, not JSON Lines; write one object a line, for example with jq -c '.[]'"
    );
}

fn parquet_of(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet() {
    let world = World::new().await;
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(StringArray::from(vec!["1", "2", "3"])) as _),
        ("cents", Arc::new(Decimal128Array::from(vec![1050i128, 1, 2]).with_precision_and_scale(10, 2).unwrap()) as _),
        ("units", Arc::new(Float64Array::from(vec![0.1 + 0.2, 2.0, f64::NAN])) as _),
        ("day", Arc::new(Date32Array::from(vec![0, 19_000, 19_001])) as _),
    ])
    .unwrap();
    world.file("i.parquet", parquet_of(&batch));
    world.file(
        "sources/billing.toml",
        "timezone = \"America/New_York\"\n[files.i]\npath = \"i.parquet\"\n[tables]\ninvoices = \"SELECT id AS invoice_id, cents AS amount, units AS quantity, day AS issued_at FROM i\"",
    );
    let report = world.import().await;
    assert_eq!(counts(&report), [3, 2, 0, 0, 1, 0]);
    assert_eq!(report.rejects[0].reason, "'NaN' is not a number");
    assert_eq!(
        world.sql("SELECT amount, quantity, issued_at, _row FROM invoices ORDER BY 4").await,
        ["10.500000|0.300000|1970-01-01T05:00:00Z|1", "0.010000|2.000000|2022-01-08T05:00:00Z|2"]
    );
}

/// Invoices from all files of `in/`, one row each.
fn typed(world: &World, files: &[(&str, ArrayRef, ArrayRef)]) {
    for (number, (name, price, tag)) in (1..).zip(files) {
        let id: ArrayRef = Arc::new(Int64Array::from(vec![number]));
        let batch = RecordBatch::try_from_iter([("id", id), ("price", price.clone()), ("tag", tag.clone())]).unwrap();
        world.file(&format!("in/{name}"), parquet_of(&batch));
    }
    world.file(
        "sources/billing.toml",
        "[files.i]\npath = \"in/*.parquet\"\n[tables]\ninvoices = \"SELECT id AS invoice_id, price AS amount, tag AS account_id, '2024-01-01' AS issued_at FROM i\"",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_files_of_several_types() {
    let whole = |value: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![value])) };
    let real = |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let world = World::new().await;
    typed(
        &world,
        &[
            ("p1.parquet", whole(19), whole(7)),
            ("p2.parquet", real(19.99), text("abc")),
            ("p3.parquet", whole(20), real(3.0)),
        ],
    );
    assert_eq!(counts(&world.import().await), [3, 3, 0, 0, 0, 0]);
    let rows = "SELECT invoice_id, amount, account_id FROM invoices ORDER BY 1";
    assert_eq!(world.sql(rows).await, ["1|19.000000|7", "2|19.990000|abc", "3|20.000000|3"]);
    // The other way round, and with a number that a fraction's type cannot hold.
    let world = World::new().await;
    typed(&world, &[("p1.parquet", real(1.5), text("a")), ("p2.parquet", whole(9_007_199_254_740_993), text("b"))]);
    assert_eq!(
        world.error().await,
        "in/p2.parquet: column 'price': 9007199254740993 of record 1 would change as Float64, which other files ask for; export all files \
         with one type, or read this one as a relation of its own"
    );
    let report = world.try_import(&Options { keep_good: true, ..Options::at(now()) }).await.unwrap();
    assert_eq!((counts(&report), report.problems.len()), ([1, 1, 0, 0, 0, 0], 1));
    let world = World::new().await;
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]));
    let bytes: ArrayRef = Arc::new(arrow::array::BinaryArray::from(vec![b"x".as_slice()]));
    typed(&world, &[("p1.parquet", whole(1), list), ("p2.parquet", whole(1), bytes)]);
    let error = world.error().await;
    assert!(error.starts_with("in/p2.parquet: column 'tag' is Binary, and List("), "{error}");
    assert!(error.ends_with(" in the files before; read it as a relation of its own"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told() {
    let world = World::new().await;
    let text: String = (0..50_000).map(|id| format!("{id},name of {id}\n")).collect();
    world.accounts(&format!("id,name\n{text}"));
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let listener = seen.clone();
    let progress: tenure_ingest::OnProgress = Arc::new(move |progress| listener.lock().unwrap().push(progress.clone()));
    world.try_import(&Options { progress: Some(progress), ..Options::at(now()) }).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes && pair[0].rows <= pair[1].rows));
    let last = seen.last().unwrap();
    assert_eq!((last.bytes, last.rows, last.table), (last.total_bytes, 50_000, "accounts"));
}
