//! `sbg_value` and `bdw_value`: what an account is worth by a model of renewals.

use datafusion::logical_expr::ScalarUDF;
use tenure_stats::lifetime::contractual::{Bdw, Sbg};
use tenure_stats::lifetime::worth::contract::{Contract, ContractModel};
use tenure_stats::lifetime::worth::interval;
use tenure_stats::lifetime::{Fit, Parameters};

use super::lifetime_value::{ACCOUNTS, DISCOUNT, HORIZON, MARGIN, lifetimes_of, terms_of};
use super::rowwise::{Formula, Row, function};
use super::told::{Layout, Told};
use super::words::Words;

const SBG: Words = Words {
    name: "sbg_value",
    about: "What an account is worth by the shifted beta-geometric (Fader and Hardie 2007): mean MRR of those not ended, times \
            margin, times the discounted sum over months of its survival, as a struct of value, low, high, tail_share (from \
            months nobody has been seen to reach), log_likelihood, alpha, beta, their standard errors (alpha_se, beta_se), \
            reason (why there is no value), and ages: of each age in months, from 0 to the longest seen, the factor by which \
            an account of that age is worth what it pays a month, given that it has stayed so long, with low, high and \
            tail_share. Intervals by the delta method, ARPA and parameters taken for independent; that of a factor is of \
            the expectation. Nothing is made up where the fit has no maximum.",
    arguments: &[ACCOUNTS, MARGIN, DISCOUNT, HORIZON],
    example: "SELECT sbg_value(lifetimes(account_id, months, ended, mrr), 0.8, 0.1, 60)['value'];  -- 22871.42",
};

const BDW: Words = Words {
    name: "bdw_value",
    about: "What an account is worth by the beta-discrete-Weibull (Fader, Hardie, Liu, Davin and Steenburgh 2018), in which a \
            customer's chance to leave may also change with tenure: as sbg_value, with the parameter c and its c_se.",
    arguments: &[ACCOUNTS, MARGIN, DISCOUNT, HORIZON],
    example: "SELECT bdw_value(lifetimes(account_id, months, ended, mrr), 0.8, 0.1, 60)['c'];  -- 1.28",
};

const AGES: (&str, &[&str]) = ("ages", &["factor", "low", "high", "tail_share"]);

const OF_SBG: Layout = Layout {
    whole: &["value", "low", "high", "tail_share", "log_likelihood", "alpha", "alpha_se", "beta", "beta_se"],
    each: AGES,
};

const OF_BDW: Layout = Layout {
    whole: &[
        "value",
        "low",
        "high",
        "tail_share",
        "log_likelihood",
        "alpha",
        "alpha_se",
        "beta",
        "beta_se",
        "c",
        "c_se",
    ],
    each: AGES,
};

/// The parameters, each with its standard error.
pub(crate) fn parameters<M: Parameters<N>, const N: usize>(fit: &Fit<M, N>) -> impl Iterator<Item = Option<f64>> {
    let pairs = fit.model.parameters().into_iter().zip(fit.standard_errors());
    pairs.flat_map(|(parameter, error)| [Some(parameter), Some(error)])
}

fn value<M: ContractModel<N>, const N: usize>(row: &Row) -> Told {
    let (Some(lives), Some(terms)) = (lifetimes_of(row), terms_of(row)) else { return Told::default() };
    let contract: Contract<M, N> = match Contract::fit(&lives, &terms) {
        Ok(contract) => contract,
        Err(error) => return Told { reason: Some(error.to_string()), ..Told::default() },
    };
    let worth = contract.worth(&lives);
    let known = worth.as_ref().ok();
    let limits = known.and_then(|worth| worth.interval);
    let mut whole = vec![
        known.map(|worth| worth.value),
        limits.map(|limits| limits.low),
        limits.map(|limits| limits.high),
        known.map(|worth| worth.tail_share),
        Some(contract.fit.log_likelihood),
    ];
    whole.extend(parameters(&contract.fit));
    let each = (0..=contract.longest()).map(|age| (None, of_age(&contract, age))).collect();
    Told { whole, reason: worth.err().map(|error| error.to_string()), each }
}

fn of_age<M: ContractModel<N>, const N: usize>(contract: &Contract<M, N>, age: u32) -> Vec<Option<f64>> {
    let payments = contract.payments(age);
    let factor = contract.margin() * payments.count;
    let limits = payments.log_error.and_then(|error| interval(factor, error));
    vec![Some(factor), limits.map(|limits| limits.low), limits.map(|limits| limits.high), Some(payments.tail_share)]
}

/// The functions of this file.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![function(SBG, Formula::Told(OF_SBG, value::<Sbg, 2>)), function(BDW, Formula::Told(OF_BDW, value::<Bdw, 3>))]
}
