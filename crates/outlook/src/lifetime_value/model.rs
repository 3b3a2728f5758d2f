//! The fitted models of lifetime value.

/// A variant of the metric `clv` that rests on a fitted model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Shifted beta-geometric.
    Sbg,
    /// Beta-discrete-Weibull.
    Bdw,
    /// BG/NBD with Gamma–Gamma.
    BgNbd,
    /// MBG/NBD with Gamma–Gamma.
    MbgNbd,
    /// Pareto/NBD with Gamma–Gamma.
    ParetoNbd,
}

impl Model {
    /// All of them, those of contracts first.
    pub const ALL: [Model; 5] = [Model::Sbg, Model::Bdw, Model::BgNbd, Model::MbgNbd, Model::ParetoNbd];

    /// The variant's id.
    pub fn id(self) -> &'static str {
        match self {
            Model::Sbg => "sbg",
            Model::Bdw => "bdw",
            Model::BgNbd => "bg_nbd",
            Model::MbgNbd => "mbg_nbd",
            Model::ParetoNbd => "pareto_nbd",
        }
    }

    /// The model of a variant, if it is one.
    pub fn of(variant: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.id() == variant)
    }

    /// Whether it is of contracts, whose end is seen; else of purchases.
    pub fn of_contracts(self) -> bool {
        matches!(self, Model::Sbg | Model::Bdw)
    }

    /// What it takes for granted, in a line.
    pub fn assumes(self) -> &'static str {
        match self {
            Model::Sbg => "each renews by month with a chance of their own that never changes; chances differ",
            Model::Bdw => "as sbg, but one's own chance to leave may rise (c > 1) or fall (c < 1) with tenure",
            Model::BgNbd => "no contract; each buys at a rate of their own and may leave after a repeat purchase",
            Model::MbgNbd => "as bg_nbd, but one may leave after the first purchase too",
            Model::ParetoNbd => "as bg_nbd, but one may leave at any time, bought or not",
        }
    }

    /// The names of its parameters among the metric's parts, those of spend included.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Model::Sbg => &["alpha", "beta"],
            Model::Bdw => &["alpha", "beta", "c"],
            Model::BgNbd | Model::MbgNbd => &["r", "alpha", "a", "b", "p", "q", "gamma"],
            Model::ParetoNbd => &["r", "alpha", "s", "beta", "p", "q", "gamma"],
        }
    }
}
