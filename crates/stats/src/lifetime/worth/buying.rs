//! Customers without a contract: what one buys over a horizon by fitted models of how often they buy and what they spend.

use super::delta::{interval, log_variance};
use super::error::WorthError;
use crate::interval::Interval;
use crate::lifetime::discounted::discounted_steps;
use crate::lifetime::error::FitError;
use crate::lifetime::estimate::{Expectation, Fit, Parameters};
use crate::lifetime::purchases::{BgNbd, Histories, History, MbgNbd, ParetoNbd, PurchaseFit, PurchaseModel, TimeUnit};
use crate::lifetime::spend::{GammaGamma, Spend, correlation};
use crate::lifetime_value::Terms;
use std::collections::BTreeMap;

/// A model of purchases that can be fitted, and made of its parameters.
pub trait BuyingModel: PurchaseModel + Parameters<4> {
    /// The maximum of the likelihood.
    fn fitted(histories: &Histories) -> Result<PurchaseFit<Self, 4>, FitError>;

    /// The model of those parameters, if they are in range.
    fn with(parameters: [f64; 4]) -> Option<Self>;
}

impl BuyingModel for BgNbd {
    fn fitted(histories: &Histories) -> Result<PurchaseFit<BgNbd, 4>, FitError> {
        BgNbd::fit(histories)
    }

    fn with([r, alpha, a, b]: [f64; 4]) -> Option<BgNbd> {
        BgNbd::new(r, alpha, a, b).ok()
    }
}

impl BuyingModel for MbgNbd {
    fn fitted(histories: &Histories) -> Result<PurchaseFit<MbgNbd, 4>, FitError> {
        MbgNbd::fit(histories)
    }

    fn with([r, alpha, a, b]: [f64; 4]) -> Option<MbgNbd> {
        MbgNbd::new(r, alpha, a, b).ok()
    }
}

impl BuyingModel for ParetoNbd {
    fn fitted(histories: &Histories) -> Result<PurchaseFit<ParetoNbd, 4>, FitError> {
        ParetoNbd::fit(histories)
    }

    fn with([r, alpha, s, beta]: [f64; 4]) -> Option<ParetoNbd> {
        ParetoNbd::new(r, alpha, s, beta).ok()
    }
}

/// One customer's purchases, and what the repeat ones were worth on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buyer {
    /// Repeat purchases, recency and age.
    pub history: History,
    /// The mean spend of the repeat purchases; `None` where there was none.
    pub spend: Option<Spend>,
}

/// Models fitted to buyers, and the terms on which they value them.
#[derive(Debug, Clone, PartialEq)]
pub struct Buying<M> {
    /// The model of how often they buy.
    pub purchases: PurchaseFit<M, 4>,
    /// The model of what they spend.
    pub spend: Fit<GammaGamma, 3>,
    /// Pearson's correlation of frequency and mean spend, which the model of spend takes to be none.
    pub correlation: Option<f64>,
    margin: f64,
    discount: f64,
    months: u16,
    month: f64,
    longest: f64,
}

/// What one customer is expected to buy, and to be worth, over the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuyerWorth {
    /// The chance that the customer may still buy.
    pub alive: f64,
    /// Purchases expected over the horizon, not discounted.
    pub purchases: f64,
    /// What one of them is expected to be worth.
    pub spend: f64,
    /// `margin · spend · Σ [E Y(i) − E Y(i−1)]/(1+d)^i`, the months `i` discounted from their ends.
    pub value: f64,
    /// The standard error of the logarithm of the value, from what the fits do not know of the parameters.
    pub log_error: Option<f64>,
    /// The share of the discounted purchases that falls beyond the age of the oldest customer.
    pub tail_share: f64,
}

impl BuyerWorth {
    /// The interval at 95 % of the expectation, not of what will come.
    pub fn interval(&self) -> Option<Interval> {
        interval(self.value, self.log_error?)
    }
}

/// What depends on the history alone, and is shared by all who have it.
#[derive(Debug, Clone, Copy)]
struct Expected {
    alive: f64,
    purchases: f64,
    discounted: f64,
    log_variance: Option<f64>,
    tail_share: f64,
}

impl<M: BuyingModel> Buying<M> {
    /// Both models fitted to buyers, whose times are in a unit of which `month` make a month.
    ///
    /// An error as the models', where the mean spend is infinite, or where the terms are out of range: the discount is not below zero
    /// here.
    pub fn fit(buyers: &[Buyer], terms: &Terms, month: f64) -> Result<Buying<M>, WorthError> {
        let discount = terms.monthly_discount().filter(|discount| *discount >= 0.0).ok_or(WorthError::Terms)?;
        let months = u16::try_from(terms.horizon).ok().filter(|months| (1..=1200).contains(months));
        let months = months.filter(|_| month > 0.0 && month.is_finite()).ok_or(WorthError::Terms)?;
        let rows = buyers.iter().map(|buyer| (buyer.history, 1.0));
        let purchases = M::fitted(&Histories::new(TimeUnit::Month, rows)?)?;
        let mut spends: Vec<Spend> = buyers.iter().filter_map(|buyer| buyer.spend).collect();
        // Sums of doubles depend on their order; that of the buyers shall not matter.
        spends.sort_by(|a, b| a.frequency().cmp(&b.frequency()).then(a.mean().total_cmp(&b.mean())));
        let weighted: Vec<(Spend, f64)> = spends.iter().map(|spend| (*spend, 1.0)).collect();
        let spend = GammaGamma::fit(&weighted).map_err(WorthError::Spend)?;
        if spend.model.population_mean() == Expectation::Infinite {
            return Err(WorthError::EndlessSpend { q: spend.model.parameters()[1] });
        }
        let longest = buyers.iter().map(|buyer| buyer.history.age()).fold(0.0, f64::max);
        let correlation = correlation(&spends);
        Ok(Buying { purchases, spend, correlation, margin: terms.margin, discount, months, month, longest })
    }

    /// What each buyer is worth, in their order. `None` for one whose expectation has no number.
    pub fn worths(&self, buyers: &[Buyer]) -> Vec<Option<BuyerWorth>> {
        let mut known: BTreeMap<(u32, u64, u64), Option<Expected>> = BTreeMap::new();
        let of = |buyer: &Buyer, known: &mut BTreeMap<_, Option<Expected>>| {
            let history = &buyer.history;
            let key = (history.frequency(), history.recency().to_bits(), history.age().to_bits());
            let expected = (*known.entry(key).or_insert_with(|| self.expected(history)))?;
            let spend = expected_spend(&self.spend.model, buyer.spend)?;
            let of_spend = log_variance(self.spend.model.parameters(), &self.spend.log_covariance, |[p, q, gamma]| {
                expected_spend(&GammaGamma::new(p, q, gamma).ok()?, buyer.spend)
            });
            Some(BuyerWorth {
                alive: expected.alive,
                purchases: expected.purchases,
                spend,
                value: self.margin * spend * expected.discounted,
                log_error: expected.log_variance.zip(of_spend).map(|(bought, spent)| (bought + spent).sqrt()),
                tail_share: expected.tail_share,
            })
        };
        buyers.iter().map(|buyer| of(buyer, &mut known)).collect()
    }

    fn expected(&self, history: &History) -> Option<Expected> {
        let model = &self.purchases.fit.model;
        let over = |model: &M, months: u16| discounted_steps(model, history, self.month, months, self.discount);
        let discounted = over(model, self.months)?;
        let left = ((self.longest - history.age()) / self.month).floor().clamp(0.0, f64::from(self.months)) as u16;
        let seen = over(model, left)?;
        Some(Expected {
            alive: model.probability_alive(history),
            purchases: model.expected_further_purchases(history, f64::from(self.months) * self.month)?,
            discounted,
            log_variance: log_variance(model.parameters(), &self.purchases.fit.log_covariance, |there| {
                over(&M::with(there)?, self.months)
            }),
            tail_share: if discounted > 0.0 { (1.0 - seen / discounted).max(0.0) } else { 0.0 },
        })
    }
}

/// A customer's own expectation; of one who never bought again, the population's.
fn expected_spend(model: &GammaGamma, spend: Option<Spend>) -> Option<f64> {
    match spend {
        Some(spend) => model.expected_spend(&spend),
        None => model.population_mean(),
    }
    .finite()
}

/// The mean value of buyers, with its interval at 95 %: how much they differ, and what the fits do not know, which is taken to move all of
/// them together. Unknown of fewer than two.
pub fn mean_worth(worths: &[BuyerWorth]) -> Option<(f64, Option<Interval>)> {
    let n = worths.len() as f64;
    let mean = worths.iter().map(|worth| worth.value).sum::<f64>() / n;
    if worths.is_empty() {
        return None;
    }
    let of_mean = worths.iter().map(|worth| (worth.value - mean).powi(2)).sum::<f64>() / (n - 1.0) / n;
    let together: Option<f64> =
        worths.iter().map(|worth| worth.log_error.map(|error| error * worth.value)).sum::<Option<f64>>();
    let error = together.filter(|_| n > 1.0).map(|sum| (sum / n).hypot(of_mean.sqrt()) / mean);
    Some((mean, error.and_then(|error| interval(mean, error))))
}
