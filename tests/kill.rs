//! Killing an import, at any moment: the lake is at the version before or after, never between.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tenure_tests::{Generations, command, succeed};

/// How often, unless `TENURE_KILLS` says: `make torture` kills more.
const KILLS: usize = 10;

/// The moments are random, and the same in every run.
const SEED: u64 = 2;

/// When to kill: somewhere on the way, or once the import has begun to write data files.
#[derive(Debug, Clone, Copy)]
enum Moment {
    After(Duration),
    Writing(Duration),
}

/// Begins an import and kills it. Whether it had ended before.
fn kill(company: &Generations, moment: Moment) -> bool {
    let files = company.files("lake/main").unwrap().len();
    let mut import = command(company.path(), &["import"]).unwrap();
    let mut import = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    match moment {
        Moment::After(delay) => std::thread::sleep(delay),
        Moment::Writing(delay) => {
            while import.try_wait().unwrap().is_none() && company.files("lake/main").unwrap().len() == files {
                std::thread::sleep(Duration::from_micros(200));
            }
            std::thread::sleep(delay);
        }
    }
    let ended = import.try_wait().unwrap().is_some();
    // SIGKILL: nothing in the process gets to run.
    import.kill().unwrap();
    import.wait().unwrap();
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_is_whole_or_nothing() {
    let kills = std::env::var("TENURE_KILLS").ok().map_or(KILLS, |kills| kills.parse().unwrap());
    let company = Generations::new().unwrap();
    company.export(0).unwrap();
    succeed(company.path(), &["import"]).unwrap();
    let versions = company.versions().await.unwrap();
    company.export(1).unwrap();
    let begun = Instant::now();
    succeed(company.path(), &["import"]).unwrap();
    let (usual, mut at) = (begun.elapsed(), 1);
    let mut dice = ChaCha8Rng::seed_from_u64(SEED);
    let [mut before, mut after] = [0, 0];
    for number in 0..kills {
        company.export(at + 1).unwrap();
        let moment = match number % 2 {
            0 => Moment::After(usual.mul_f64(dice.random_range(0.1..1.5))),
            _ => Moment::Writing(usual.mul_f64(dice.random_range(0.0..0.8))),
        };
        let ended = kill(&company, moment);
        let is = company.at().unwrap_or_else(|error| panic!("kill {number}, {moment:?}: {error}"));
        assert!(is == at || is == at + 1, "kill {number}, {moment:?}: {is} after {at}");
        assert!(!ended || is == at + 1, "kill {number}: the import had ended, but its rows are not there");
        // Whoever opened the lake just now has removed what the killed import left behind.
        assert_eq!(
            company.files("lake/main").unwrap(),
            company.catalogued().await.unwrap(),
            "kill {number}, {moment:?}"
        );
        assert_eq!(company.files("lake/tmp").unwrap(), [] as [std::path::PathBuf; 0], "kill {number}, {moment:?}");
        if is == at {
            before += 1
        } else {
            after += 1
        }
        at = is;
    }
    println!("{kills} kills: {before} left the version before, {after} the one after");
    assert!(before > 0, "no kill came before the commit");
    company.export(at + 1).unwrap();
    succeed(company.path(), &["import"]).unwrap();
    assert_eq!(company.at().unwrap(), at + 1);
    // One version for each generation: a killed import leaves none.
    assert_eq!(company.versions().await.unwrap(), versions + at + 1);
}
