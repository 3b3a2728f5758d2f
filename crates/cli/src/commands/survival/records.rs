//! Survival for programs: one object with all of it, or a line a day of each curve.

use super::Told;
use serde_json::{Map, Value, json};
use tenure_outlook::OrReason;
use tenure_outlook::survival::{Group, Hazards, Point, Quartile, ShareAt};
use tenure_stats::Interval;
use tenure_stats::survival::LogRank;

/// The whole answer.
pub(super) fn json(told: &Told<'_>) -> Value {
    let found = told.found;
    json!({
        "of": found.of.name(),
        "period": told.question.period.as_ref().map(|period| &period.label),
        "seen_from": told.question.seen_from.map(|at| at.to_string()),
        "all": group(&found.all),
        "groups": found.groups.iter().map(group).collect::<Vec<_>>(),
        "log_rank": found.log_rank.as_ref().map(log_rank),
        "cox": found.cox.as_ref().map(cox),
        "left_out": found.left_out,
        "observed_to": told.question.now.to_string(),
        "catalogue": told.session.engine.catalogue_hash(),
        "lake_version": told.session.engine.lake_version(),
    })
}

fn group(group: &Group) -> Value {
    let segment: Map<String, Value> = group.segment.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let curve = group.curve.as_ref().ok();
    json!({
        "segment": segment,
        "lives": group.lives,
        "ended": group.ended,
        "lost": group.lost,
        "open": group.lives - group.ended - group.lost,
        "reason": group.curve.as_ref().err(),
        "quartiles": curve.map(|curve| curve.quartiles.iter().map(quartile).collect::<Vec<_>>()),
        "shares": curve.map(|curve| curve.shares.iter().map(share).collect::<Vec<_>>()),
        "curve": curve.map(|curve| curve.points.iter().map(point).collect::<Vec<_>>()),
    })
}

fn quartile(quartile: &Quartile) -> Value {
    json!({ "ended": quartile.p, "days": quartile.days.as_ref().ok(), "low": quartile.interval.low, "high": quartile.interval.high,
            "reason": quartile.days.as_ref().err() })
}

fn share(share: &ShareAt) -> Value {
    let (low, high) = sides(share.interval);
    json!({ "months": share.months, "share": share.share.as_ref().ok(), "low": low, "high": high, "reason": share.share.as_ref().err() })
}

fn point(point: &Point) -> Value {
    let (low, high) = sides(point.interval);
    json!({ "days": point.days, "at_risk": point.at_risk, "ended": point.ended, "lost": point.lost, "censored": point.censored,
            "share": point.share, "low": low, "high": high })
}

fn log_rank(found: &OrReason<LogRank>) -> Value {
    match found {
        Ok(found) => {
            json!({ "statistic": found.test.statistic, "degrees_of_freedom": found.test.degrees_of_freedom, "p": found.test.p, "reason": null })
        }
        Err(reason) => json!({ "statistic": null, "degrees_of_freedom": null, "p": null, "reason": reason }),
    }
}

fn cox(found: &OrReason<Hazards>) -> Value {
    let found = match found {
        Ok(found) => found,
        Err(reason) => return json!({ "ratios": null, "reason": reason }),
    };
    let ratios = found.ratios.iter().map(|ratio| {
        let (low, high) = sides(ratio.interval);
        json!({ "attribute": ratio.attribute, "level": ratio.level, "lives": ratio.lives, "ended": ratio.ends, "hazard_ratio": ratio.ratio,
                "low": low, "high": high, "p": ratio.p })
    });
    json!({
        "ratios": ratios.collect::<Vec<_>>(),
        "references": found.references.iter().map(|(name, level)| json!({ "attribute": name, "level": level })).collect::<Vec<_>>(),
        "left_out": found.left_out.iter().map(|one| json!({ "attribute": one.attribute, "level": one.level, "lives": one.lives })).collect::<Vec<_>>(),
        "lives": found.lives,
        "ended": found.ends,
        "thin": found.is_thin(),
        "concordance": found.concordance.as_ref().ok(),
        "test": found.test.map(|test| json!({ "statistic": test.statistic, "degrees_of_freedom": test.degrees_of_freedom, "p": test.p })),
        "reason": found.concordance.as_ref().err(),
    })
}

/// The columns of the curves in CSV.
pub(super) fn columns(by: &[String]) -> Vec<String> {
    let segments = by.iter().map(|name| format!("segment.{name}"));
    let own = ["days", "at_risk", "ended", "lost", "censored", "share", "low", "high", "reason"];
    segments.chain(own.map(str::to_owned)).collect()
}

/// A row a day of each group's curve, of all lives where there are no groups; a group without a curve has its reason.
pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Option<String>>> {
    let found = told.found;
    let groups: Vec<&Group> =
        if told.question.by.is_empty() { vec![&found.all] } else { found.groups.iter().collect() };
    let of_group = |group: &&Group| -> Vec<Vec<Option<String>>> {
        let segment: Vec<Option<String>> = group.segment.iter().map(|(_, value)| value.clone()).collect();
        let with = |own: Vec<Option<String>>| segment.iter().cloned().chain(own).collect();
        match &group.curve {
            Ok(curve) => curve.points.iter().map(|point| with(cells(point))).collect(),
            Err(reason) => {
                let mut own = vec![None; 8];
                own.push(Some(reason.clone()));
                vec![with(own)]
            }
        }
    };
    groups.iter().flat_map(of_group).collect()
}

fn cells(point: &Point) -> Vec<Option<String>> {
    let counts = [point.at_risk, point.ended, point.lost, point.censored].map(|count| Some(count.to_string()));
    let (low, high) = sides(point.interval);
    let shares = [Some(point.share), low, high].map(|share| share.map(|share| share.to_string()));
    std::iter::once(Some(point.days.to_string())).chain(counts).chain(shares).chain([None]).collect()
}

fn sides(interval: Option<Interval>) -> (Option<f64>, Option<f64>) {
    (interval.map(|sides| sides.low), interval.map(|sides| sides.high))
}
