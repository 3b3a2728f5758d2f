//! `bg_nbd_value`, `mbg_nbd_value` and `pareto_nbd_value`: what accounts are worth that buy when they like.

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::Float64Type;
use datafusion::logical_expr::ScalarUDF;
use tenure_stats::Terms;
use tenure_stats::lifetime::purchases::{BgNbd, History, MbgNbd, ParetoNbd};
use tenure_stats::lifetime::spend::Spend;
use tenure_stats::lifetime::worth::WorthError;
use tenure_stats::lifetime::worth::buying::{Buyer, BuyerWorth, Buying, BuyingModel, mean_worth};
use tenure_stats::lifetime::{FitError, RowError};

use super::contract_value::parameters;
use super::lifetime_value::{DISCOUNT, HORIZON, MARGIN, names_of, terms_of};
use super::rowwise::{Formula, Row, function};
use super::told::{Layout, Told};
use super::words::{Argument, Takes, Words};

const HISTORIES: Argument = ("histories", Takes::Histories, "The accounts' histories.");
const MONTH: Argument =
    ("month", Takes::Number, "How long a month is in the unit of recency and age: 1 month, 4.348 weeks, 30.4375 days.");

const BG_NBD: Words = Words {
    name: "bg_nbd_value",
    about: "What an account that buys when it likes is worth on average over the months to come, by the BG/NBD (Fader, Hardie and Lee \
            2005): margin, times its expected spend a purchase (Gamma-Gamma), times its expected purchases, each month's discounted \
            from its end. A struct of value, low, high, tail_share (of purchases beyond the age of the oldest account), the means of \
            alive (the chance that an account may still buy), purchases and spend, log_likelihood, correlation (of frequency and \
            spend, which the models take to be none), the parameters r, alpha, a, b and those of spend p, q, gamma with their \
            standard errors (r_se …), reason (why there is no value), and accounts: of each its frequency, recency and age as \
            given, alive, purchases, spend, value, error (the standard error of the value) and tail_share. Errors by the delta method; the interval of the mean takes what \
            the fits do not know to move all accounts together. Nothing is made up where a fit has no maximum or a mean is infinite.",
    arguments: &[HISTORIES, MARGIN, DISCOUNT, HORIZON, MONTH],
    example: "SELECT bg_nbd_value(histories(account_id, frequency, recency, age, spend), 0.8, 0.1, 60, 1)['value'];  -- 812.55",
};

const MBG_NBD: Words = Words {
    name: "mbg_nbd_value",
    about: "As bg_nbd_value by the MBG/NBD (Batislam, Denizel and Filiztekin 2007), in which an account may also leave right after its \
            first purchase.",
    arguments: &[HISTORIES, MARGIN, DISCOUNT, HORIZON, MONTH],
    example: "SELECT mbg_nbd_value(histories(account_id, frequency, recency, age, spend), 0.8, 0.1, 60, 1)['alive'];  -- 0.41",
};

const PARETO_NBD: Words = Words {
    name: "pareto_nbd_value",
    about: "As bg_nbd_value by the Pareto/NBD (Schmittlein, Morrison and Colombo 1987), in which an account may leave at any time, bought \
            or not: the parameters are r, alpha, s, beta.",
    arguments: &[HISTORIES, MARGIN, DISCOUNT, HORIZON, MONTH],
    example: "SELECT pareto_nbd_value(histories(account_id, frequency, recency, age, spend), 0.8, 0.1, 60, 1)['s'];  -- 0.61",
};

/// The numbers of a model with those parameters.
macro_rules! layout {
    ($($parameter:literal),*) => {
        Layout {
            whole: &[
                "value", "low", "high", "tail_share", "alive", "purchases", "spend", "log_likelihood", "correlation",
                $($parameter,)* "p", "p_se", "q", "q_se", "gamma", "gamma_se",
            ],
            each: (
                "accounts",
                &["frequency", "recency", "age", "alive", "purchases", "spend", "value", "error", "tail_share"],
            ),
        }
    };
}

const BETA: Layout = layout!("r", "r_se", "alpha", "alpha_se", "a", "a_se", "b", "b_se");
const PARETO: Layout = layout!("r", "r_se", "alpha", "alpha_se", "s", "s_se", "beta", "beta_se");

fn buyers_of(row: &Row) -> Option<Result<Vec<Buyer>, FitError>> {
    let accounts = row.list(0)?;
    let column = |nth| Some(accounts.column(nth).as_primitive_opt::<Float64Type>()?.iter());
    let times = column(1)?.zip(column(2)?).zip(column(3)?).zip(column(4)?).enumerate();
    let buyers = times.map(|(nth, (((frequency, recency), age), spend))| {
        let history = (frequency.unwrap_or(f64::NAN), recency.unwrap_or(f64::NAN), age.unwrap_or(f64::NAN));
        buyer(history, spend).map_err(|wrong| FitError::Row { row: nth + 1, wrong })
    });
    Some(buyers.collect())
}

fn buyer((frequency, recency, age): (f64, f64, f64), spend: Option<f64>) -> Result<Buyer, RowError> {
    let whole = frequency.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&frequency);
    if !whole {
        return Err(RowError::Frequency { frequency });
    }
    let frequency = frequency as u32;
    let history = History::new(frequency, recency, age)?;
    // Of a purchase whose worth is unknown nothing may be left out.
    let spend = (frequency > 0).then(|| Spend::new(frequency, spend.unwrap_or(f64::NAN))).transpose()?;
    Ok(Buyer { history, spend })
}

fn value<M: BuyingModel>(row: &Row) -> Told {
    let (Some(given), Some(names), Some(terms), Some(month)) =
        (buyers_of(row), names_of(row), terms_of(row), row.number(4))
    else {
        return Told::default();
    };
    let buyers = match given {
        Ok(buyers) => buyers,
        Err(error) => return unknown(&error, names.into_iter().map(|name| (name, Vec::new())).collect()),
    };
    told::<M>(&buyers, &names, &terms, month).unwrap_or_else(|error| {
        // Who they are, and what they bought, is known all the same.
        unknown(&error, names.into_iter().zip(&buyers).map(|(name, buyer)| (name, of_account(buyer, None))).collect())
    })
}

fn unknown(why: &impl ToString, each: Vec<(Option<String>, Vec<Option<f64>>)>) -> Told {
    Told { whole: Vec::new(), reason: Some(why.to_string()), each }
}

fn told<M: BuyingModel>(
    buyers: &[Buyer],
    names: &[Option<String>],
    terms: &Terms,
    month: f64,
) -> Result<Told, WorthError> {
    let buying: Buying<M> = Buying::fit(buyers, terms, month)?;
    let worths = buying.worths(buyers);
    let known: Vec<BuyerWorth> = worths.iter().copied().flatten().collect();
    let n = known.len() as f64;
    let mean = |of: fn(&BuyerWorth) -> f64| (n > 0.0).then(|| known.iter().map(of).sum::<f64>() / n);
    let whole_mean = mean_worth(&known).filter(|_| known.len() == buyers.len());
    let limits = whole_mean.and_then(|(_, limits)| limits);
    let tail =
        mean(|worth| worth.value * worth.tail_share).zip(mean(|worth| worth.value)).map(|(tail, all)| tail / all);
    let mut whole = vec![
        whole_mean.map(|(mean, _)| mean),
        limits.map(|limits| limits.low),
        limits.map(|limits| limits.high),
        tail,
        mean(|worth| worth.alive),
        mean(|worth| worth.purchases),
        mean(|worth| worth.spend),
        Some(buying.purchases.fit.log_likelihood),
        buying.correlation,
    ];
    whole.extend(parameters(&buying.purchases.fit));
    whole.extend(parameters(&buying.spend));
    let each = names.iter().zip(buyers.iter().zip(&worths));
    let each = each.map(|(name, (buyer, worth))| (name.clone(), of_account(buyer, worth.as_ref()))).collect();
    let reason = whole_mean.is_none().then(|| "the expected purchases of an account have no number".to_owned());
    Ok(Told { whole, reason, each })
}

fn of_account(buyer: &Buyer, worth: Option<&BuyerWorth>) -> Vec<Option<f64>> {
    let Buyer { history, .. } = buyer;
    let mut numbers = vec![Some(f64::from(history.frequency())), Some(history.recency()), Some(history.age())];
    if let Some(worth) = worth {
        let error = worth.log_error.map(|error| error * worth.value);
        numbers.extend([Some(worth.alive), Some(worth.purchases), Some(worth.spend), Some(worth.value), error]);
        numbers.push(Some(worth.tail_share));
    }
    numbers
}

/// The functions of this file.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        function(BG_NBD, Formula::Told(BETA, value::<BgNbd>)),
        function(MBG_NBD, Formula::Told(BETA, value::<MbgNbd>)),
        function(PARETO_NBD, Formula::Told(PARETO, value::<ParetoNbd>)),
    ]
}
