//! What an import says is done is on the disk: files, their folders and the catalogue are synced before success is printed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use tenure_tests::{Generations, skipped, succeed, tenure};

/// What a system call did, in the order of their beginnings.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    Written(PathBuf),
    Synced(PathBuf),
    Renamed(PathBuf, PathBuf),
    Told(String),
}

/// A call with the lines of the trace on which it begins and ends.
#[derive(Debug)]
struct Traced {
    call: Call,
    begins: usize,
    ends: usize,
}

/// The `<path>` that strace writes behind a file descriptor.
fn path(arguments: &str) -> Option<PathBuf> {
    let (_, rest) = arguments.split_once('<')?;
    Some(PathBuf::from(rest.split_once('>')?.0))
}

fn read(line: &str) -> Option<Call> {
    let (name, arguments) = line.split_once('(')?;
    match name {
        "fsync" | "fdatasync" => Some(Call::Synced(path(arguments)?)),
        "write" | "writev" if arguments.starts_with("1<") => Some(Call::Told(arguments.to_owned())),
        "write" | "writev" | "pwrite64" | "pwritev" | "ftruncate" => Some(Call::Written(path(arguments)?)),
        "rename" | "renameat" | "renameat2" => {
            let mut named = arguments.split('"').skip(1).step_by(2);
            Some(Call::Renamed(named.next()?.into(), named.next()?.into()))
        }
        _ => None,
    }
}

/// Reads a trace of several threads: a call of one may be cut in two by those of another.
fn calls(trace: &str) -> Vec<Traced> {
    let mut calls: Vec<Traced> = Vec::new();
    let mut unfinished: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if rest.starts_with("<...") {
            if let Some(call) = unfinished.remove(thread) {
                calls[call].ends = number;
            }
        } else if let Some(call) = read(rest) {
            if rest.ends_with("<unfinished ...>") {
                unfinished.insert(thread, calls.len());
            }
            calls.push(Traced { call, begins: number, ends: number });
        }
    }
    calls
}

/// The end of the last sync of a file that follows every write to it; an error says what is missing.
fn synced(calls: &[Traced], file: &Path) -> Result<usize, String> {
    let mut names = vec![file.to_path_buf()];
    // A file may have been written under another name.
    for traced in calls.iter().rev() {
        if let Call::Renamed(from, to) = &traced.call
            && names.contains(to)
        {
            names.push(from.clone());
        }
    }
    let named = |path: &PathBuf| names.contains(path);
    let written = calls.iter().filter(|traced| matches!(&traced.call, Call::Written(path) if named(path)));
    let written = written.map(|traced| traced.ends).max().ok_or(format!("{} was never written", file.display()))?;
    let syncs = calls.iter().filter(|traced| matches!(&traced.call, Call::Synced(path) if named(path)));
    let after = syncs.filter(|traced| traced.begins > written).map(|traced| traced.ends).min();
    after.ok_or(format!("{} was not synced after its last write", file.display()))
}

/// When a folder was last synced.
fn folder_synced(calls: &[Traced], folder: &Path) -> Option<usize> {
    let syncs = calls.iter().filter(|traced| traced.call == Call::Synced(folder.to_path_buf()));
    syncs.map(|traced| traced.begins).max()
}

/// Runs an import under strace; none where there is none, or the system does not let a process be traced.
fn trace(company: &Generations) -> Option<String> {
    let file = company.path().join("trace.txt");
    let traced = Command::new("strace")
        .args(["-f", "-y", "-s", "200", "-e"])
        .arg("trace=write,writev,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2")
        .arg("-o")
        .arg(&file)
        .arg(tenure().unwrap())
        .arg("import")
        .current_dir(company.path())
        .output();
    let traced = match traced {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skipped("strace is not installed");
            return None;
        }
        traced => traced.unwrap(),
    };
    let said = String::from_utf8_lossy(&traced.stderr);
    if said.contains("ptrace") && said.contains("not permitted") {
        skipped(&format!("this system lets no process be traced: {said}"));
        return None;
    }
    assert!(traced.status.success(), "{said}");
    Some(std::fs::read_to_string(&file).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn success_is_told_once_all_is_on_the_disk() {
    let company = Generations::new().unwrap();
    company.export(0).unwrap();
    succeed(company.path(), &["import"]).unwrap();
    let before = company.catalogued().await.unwrap();
    company.export(1).unwrap();
    let Some(trace) = trace(&company) else { return };
    let calls = calls(&trace);
    let is_success = |call: &Call| matches!(call, Call::Told(text) if text.contains("committed as lake version 3"));
    let told = calls.iter().find(|traced| is_success(&traced.call)).expect("success was told").begins;

    let mut new = company.catalogued().await.unwrap();
    new.retain(|file| !before.contains(file));
    assert!(new.len() >= 5, "data and delete files of three tables: {new:?}");
    for file in &new {
        let done = synced(&calls, file).unwrap_or_else(|missing| panic!("{missing}"));
        assert!(done < told, "{} was synced after success was told", file.display());
        let folder = folder_synced(&calls, file.parent().unwrap());
        assert!(folder.is_some_and(|at| at > done && at < told), "the folder of {} was not synced", file.display());
    }

    // The catalogue's journal holds the commit until SQLite moves it into the database itself.
    let upto: Vec<Traced> = calls.into_iter().filter(|traced| traced.begins < told).collect();
    let journal = company.path().join("tenure.db-wal");
    let database = company.path().join("tenure.db");
    let catalogue = [&journal, &database].map(|file| (file, synced(&upto, file)));
    let last_data = new.iter().filter_map(|file| synced(&upto, file).ok()).max().unwrap();
    let held = catalogue.iter().any(|(_, done)| done.as_ref().is_ok_and(|done| *done > last_data));
    assert!(held, "the catalogue was not synced after the data files: {catalogue:?}");
}

#[test]
fn a_trace_is_read() {
    let trace = "7  write(9</lake/a#1>, \"PAR1\"..., 4) = 4\n7  fsync(9</lake/a#1> <unfinished ...>\n8  write(1<pipe:[3]>, \"x\", 1) = 1\n\
                 7  <... fsync resumed>) = 0\n7  rename(\"/lake/a#1\", \"/lake/a\") = 0\n8  fsync(3</lake>) = 0\n";
    let read = calls(trace);
    assert_eq!(synced(&read, Path::new("/lake/a")), Ok(3));
    assert_eq!(folder_synced(&read, Path::new("/lake")), Some(5));
    assert!(matches!(&read[2].call, Call::Told(text) if text.contains('x')));
    let unsynced = calls("7  write(9</b>, \"\", 0) = 0\n7  fsync(9</b>) = 0\n7  write(9</b>, \"\", 0) = 0\n");
    assert_eq!(synced(&unsynced, Path::new("/b")), Err("/b was not synced after its last write".to_owned()));
}
