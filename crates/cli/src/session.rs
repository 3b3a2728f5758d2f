//! A workspace with its lake open at the version that was asked for.

use crate::args::Global;
use crate::environment::Environment;
use crate::exit::{Failure, Outcome};
use crate::workspace::Workspace;
use jiff::Timestamp;
use tenure_engine::{Engine, MetricRef};
use tenure_lake::{Lake, Snapshot, Version};
use tenure_schema::as_of;
use tenure_schema::period::{Clock, Period};

/// What every command has: what was typed for all of them, and the world outside.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) environment: Environment,
}

impl Context {
    /// The workspace the command is about.
    pub(crate) fn workspace(&self) -> Outcome<Workspace> {
        Workspace::find(self.global.workspace.as_deref(), &self.environment.folder)
    }

    /// The same in another folder.
    pub(crate) fn within(&self, folder: &std::path::Path) -> Self {
        let mut context = self.clone();
        context.global.workspace = Some(folder.to_path_buf());
        context
    }
}

/// A workspace that can be asked.
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    pub(crate) engine: Engine,
    pub(crate) snapshot: Snapshot,
    /// World time, where it was given.
    pub(crate) now: Option<Timestamp>,
}

impl Session {
    /// Opens the workspace at the version asked for.
    pub(crate) async fn open(context: &Context) -> Outcome<Self> {
        let workspace = context.workspace()?;
        let clock = workspace.settings.clock();
        let now = context.global.now.as_deref().map(|text| moment(text, &clock)).transpose()?;
        let catalog = workspace.catalog()?;
        let lake = Lake::open(&workspace.root).await?;
        let version = version(&lake, context.global.as_of.as_deref(), &clock).await?;
        let snapshot = lake.snapshot(version).await?;
        let engine = Engine::open(&snapshot, catalog, workspace.settings.clone(), context.global.level).await?;
        Ok(Self { workspace, engine, snapshot, now })
    }

    /// World time for these metrics, which `last-…` counts back from.
    pub(crate) fn observed_to(&self, metrics: &[MetricRef]) -> Outcome<Timestamp> {
        let all = || {
            let all = self.engine.catalog().metrics().map(|metric| MetricRef::default_of(&metric.id));
            self.engine.observed_to(&all.collect::<Vec<_>>())
        };
        // A metric without data still has an answer: why it has no value.
        self.now.or_else(|| self.engine.observed_to(metrics)).or_else(all).ok_or_else(|| {
            if self.snapshot.is_latest() {
                return Failure::new("the lake holds no data yet")
                    .hint("import some with `tenure import`, or say with --now what time it is taken to be");
            }
            Failure::usage(format!("lake version {} holds no data yet", self.snapshot.version()))
                .hint("name a later version with --as-of, or leave it out to ask the last one")
        })
    }
}

/// The damaged file, if there is one: a query that stumbles over it does not know which it was.
pub(crate) async fn damage(context: &Context) -> Option<Failure> {
    let workspace = context.workspace().ok()?;
    let lake = Lake::open(&workspace.root).await.ok()?;
    let asked = context.global.as_of.as_deref();
    let version = version(&lake, asked, &workspace.settings.clock()).await.ok()?;
    let verified = lake.snapshot(version).await.ok()?.verify().await;
    verified.err().map(Failure::from)
}

/// The version that was asked for, else the latest.
pub(crate) async fn version(lake: &Lake, as_of: Option<&str>, clock: &Clock) -> Outcome<Version> {
    Ok(match as_of.map(|text| as_of::AsOf::parse(text, clock)).transpose()? {
        None => lake.latest().await?,
        Some(as_of::AsOf::Version(version)) => lake.resolve(tenure_lake::AsOf::Version(Version(version))).await?,
        Some(as_of::AsOf::Timestamp(at)) => lake.resolve(tenure_lake::AsOf::Timestamp(at)).await?,
    })
}

/// A date or time on the workspace's clock.
fn moment(text: &str, clock: &Clock) -> Outcome<Timestamp> {
    let text = text.trim_start_matches('@');
    Period::parse(&format!("@{text}"), clock, Timestamp::UNIX_EPOCH).map(|period| period.start).map_err(|error| {
        let failure = Failure::from(error);
        Failure { problem: format!("--now: {}", failure.problem), ..failure }
    })
}
