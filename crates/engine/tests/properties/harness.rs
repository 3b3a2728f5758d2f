//! Runs a property on companies, one seed a case.

use crate::company::{Company, companies};
use crate::look::Look;
use crate::support::{data_of, engine_over};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use std::pin::Pin;
use tenure_catalog::CatalogFile;
use tenure_schema::as_of::Level;

/// A company, the definitions over the built-in ones, and which questions are asked of it.
pub struct Case<'a> {
    pub company: &'a Company,
    pub own: &'a [CatalogFile],
    pub turn: usize,
}

/// What must hold of a company, or how it does not.
pub type Property = for<'a> fn(&'a Case<'a>) -> Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

impl Case<'_> {
    /// The company at the level whose turn it is.
    pub async fn look(&self) -> Result<Look, String> {
        self.look_at(self.company, self.level()).await
    }

    /// Accounts and parents take turns.
    pub fn level(&self) -> Level {
        self.pick(&[Level::Account, Level::Parent])
    }

    /// Some company at some level, under this case's definitions.
    pub async fn look_at(&self, company: &Company, level: Level) -> Result<Look, String> {
        let data = data_of(&company.tables, Some(&company.data_through), &company.settings);
        Ok(Look::over(engine_over(data, &company.settings, level, self.own).await?))
    }

    /// The one whose turn it is.
    pub fn pick<T: Copy>(&self, all: &[T]) -> T {
        all[self.turn % all.len()]
    }

    /// As `pick`, of what takes turns more slowly: once `others` have had theirs.
    pub fn pick_after<T: Copy>(&self, others: usize, all: &[T]) -> T {
        all[self.turn / others % all.len()]
    }

    /// One that has nothing to do with whose turn else it is.
    pub fn pick_any<T: Copy>(&self, all: &[T]) -> T {
        all[(self.turn.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) % all.len()]
    }
}

/// Tries a property on so many companies, or on as many as `PROPTEST_CASES` says.
pub fn hold(name: &str, cases: u32) {
    let property = property(name);
    if let Err(broken) = try_on_companies(property, cases, &[], Shrink::Yes) {
        panic!("{name}: {broken}");
    }
}

/// A property by its name.
pub fn property(name: &str) -> Property {
    let (_, property) =
        crate::PROPERTIES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name}"));
    *property
}

/// Whether a company that breaks a property is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shrink {
    Yes,
    No,
}

/// The first company that breaks a property, as small as it could be made.
pub fn try_on_companies(property: Property, cases: u32, own: &[CatalogFile], shrink: Shrink) -> Result<(), String> {
    let asked = Config::default();
    let said = |variable| std::env::var_os(variable).is_some();
    let cases = if said("PROPTEST_CASES") { asked.cases } else { cases };
    let first = match asked.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => 0,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for seed in first..first + u64::from(cases) {
        let config = Config {
            cases: 1,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed),
            max_shrink_time: if said("PROPTEST_MAX_SHRINK_TIME") { asked.max_shrink_time } else { 120_000 },
            max_shrink_iters: if shrink == Shrink::No { 0 } else { 4_096 },
            ..asked.clone()
        };
        let turn = usize::try_from(seed).unwrap();
        let outcome = TestRunner::new(config).run(&companies(), |company| {
            let case = Case { company: &company, own, turn };
            runtime.block_on(property(&case)).map_err(TestCaseError::fail)
        });
        outcome.map_err(|error| format!("PROPTEST_RNG_SEED={seed} PROPTEST_CASES=1: {error}"))?;
    }
    Ok(())
}

/// How a breach begins; other errors are of questions that could not be asked.
pub const BROKEN: &str = "does not hold:\n";

/// The first few of many lines; none is no breach.
pub fn none_wrong(wrong: Vec<String>) -> Result<(), String> {
    if wrong.is_empty() {
        return Ok(());
    }
    let more = wrong.len().saturating_sub(8);
    Err(format!("{BROKEN}{}\n({more} more)", wrong[..wrong.len() - more].join("\n")))
}
