//! A workspace that is not as it was left: each time a clear message, and nothing made worse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use tenure_tests::{Generations, Ran, copy_folder, run, succeed};

/// A workspace with data of generation 1, in two versions.
fn company() -> Generations {
    let company = Generations::new().unwrap();
    for generation in [0, 1] {
        company.export(generation).unwrap();
        succeed(company.path(), &["import"]).unwrap();
    }
    company
}

/// Runs a command that cannot be done; it must say so without falling over.
fn refused(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = run(folder, arguments).unwrap();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.starts_with("error: ") && !ran.err.contains("panicked"), "{}", ran.err);
    ran
}

const COUNT: [&str; 4] = ["sql", "--format", "csv", "SELECT count(*) AS n FROM usage_events"];

async fn change_catalogue(company: &Generations, sql: &'static str) {
    let url = format!("sqlite://{}?mode=rw", company.path().join("tenure.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_tenure_made_it() {
    let company = company();
    let newer = "PRAGMA user_version = 999";
    change_catalogue(&company, newer).await;
    for arguments in [&COUNT[..], &["import"], &["compact"]] {
        let ran = refused(company.path(), arguments);
        assert!(ran.err.contains("newer") && ran.err.contains("tenure"), "{}", ran.err);
    }
}

#[test]
fn it_moved() {
    let company = company();
    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("moved company");
    copy_folder(company.path(), &place).unwrap();
    let before = succeed(company.path(), &COUNT).unwrap();
    drop(company);
    assert_eq!(succeed(&place, &COUNT).unwrap(), before);
    // It writes there, too.
    let again = succeed(&place, &["import"]).unwrap();
    assert!(again.contains("21,603 duplicate") && again.contains("0 accepted"), "{again}");
    assert_eq!(succeed(&place, &COUNT).unwrap(), before);
}

#[test]
fn a_data_file_is_missing() {
    let company = company();
    let file = largest(&company);
    let kept = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let ran = refused(company.path(), &COUNT_NAMES);
    assert!(ran.err.contains(name), "{}", ran.err);
    // An import compares with what is there, so it must not go on without it.
    company.export(2).unwrap();
    let ran = refused(company.path(), &["import"]);
    assert!(ran.err.contains(name), "{}", ran.err);
    fs::write(&file, kept).unwrap();
    assert_eq!(company.at().unwrap(), 1);
}

/// Reads the names, and so the files, of the largest table.
const COUNT_NAMES: [&str; 4] = ["sql", "--format", "csv", "SELECT count(DISTINCT feature) AS n FROM usage_events"];

#[test]
fn a_data_file_is_damaged() {
    let company = company();
    let file = largest(&company);
    let good = fs::read(&file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let mut zeros = good.clone();
    let middle = zeros.len() / 2;
    zeros[8..middle].fill(0);
    for damaged in [good[..good.len() / 2].to_vec(), Vec::new(), zeros] {
        fs::write(&file, damaged).unwrap();
        let ran = refused(
            company.path(),
            &["sql", "--format", "csv", "SELECT max(event_id), max(account_id), max(feature) FROM usage_events"],
        );
        assert!(ran.err.contains(name), "{}", ran.err);
    }
    fs::write(&file, good).unwrap();
    assert_eq!(company.at().unwrap(), 1);
}

#[test]
fn the_catalogue_is_missing_or_damaged() {
    let company = company();
    let database = company.path().join("tenure.db");
    // What was committed last may still stand in the journal alone.
    let journal = company.path().join("tenure.db-wal");
    let (good, written) = (fs::read(&database).unwrap(), fs::read(&journal).ok());
    let forget_journals = || {
        for name in ["tenure.db-wal", "tenure.db-shm"] {
            let _ = fs::remove_file(company.path().join(name));
        }
    };
    forget_journals();
    fs::remove_file(&database).unwrap();
    let ran = refused(company.path(), &COUNT);
    assert!(ran.err.contains("hint: "), "{}", ran.err);
    // The folder of data without its catalogue is no reason to begin a new one over it.
    let ran = refused(company.path(), &["import"]);
    assert!(ran.err.contains("tenure.db"), "{}", ran.err);
    let mut noise = good.clone();
    noise[..4096].fill(7);
    for damaged in [good[..good.len() / 3].to_vec(), b"not a database".to_vec(), noise] {
        fs::write(&database, damaged).unwrap();
        for arguments in [&COUNT[..], &["import"], &["report"]] {
            let ran = refused(company.path(), arguments);
            assert!(ran.err.contains("tenure.db"), "{}", ran.err);
        }
    }
    forget_journals();
    fs::write(&database, good).unwrap();
    if let Some(written) = written {
        fs::write(&journal, written).unwrap();
    }
    assert_eq!(company.at().unwrap(), 1);
}

/// The largest live data file of usage.
fn largest(company: &Generations) -> std::path::PathBuf {
    let files = company.files("lake/main/usage_events").unwrap();
    let newest = files.into_iter().filter(|file| !file.to_string_lossy().contains("delete"));
    newest.max_by_key(|file| fs::metadata(file).unwrap().modified().unwrap()).unwrap()
}
