use super::*;
use jiff::Timestamp;

fn life(entry: Option<f64>, days: f64, ending: Ending) -> Life {
    Life { account: "a".to_owned(), began: Timestamp::UNIX_EPOCH, entry, days, ending }
}

fn of(lives: &[Life], of: Of) -> Curve {
    curve(&lives.iter().collect::<Vec<_>>(), of).unwrap()
}

fn told(point: &Point) -> (f64, usize, usize, usize, usize) {
    (point.days, point.at_risk, point.ended, point.lost, point.censored)
}

#[test]
fn a_published_curve_point_by_point() {
    // Freireich, Gehan and others 1963, 6-mercaptopurine; shares and log-log limits reckoned a second time from the counts, in Python.
    let ended = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|days| life(None, days, Ending::Ended));
    let open = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
    let lives: Vec<Life> = ended.into_iter().chain(open.map(|days| life(None, days, Ending::Open))).collect();
    let found = of(&lives, Of::Churn);
    for (days, at_risk, ended, share, low, high) in PUBLISHED {
        let point = found.points.iter().find(|point| point.days == days).unwrap();
        let sides = point.interval.unwrap();
        assert_eq!((point.at_risk, point.ended), (at_risk, ended), "day {days}");
        for (found, wanted) in [(point.share, share), (sides.low, low), (sides.high, high)] {
            assert!((found - wanted).abs() < 1e-8, "day {days}: {found} is not {wanted}");
        }
    }
    assert_eq!(found.quartiles[1].days, Ok(23.0));
    assert_eq!(found.points.iter().map(|point| point.ended + point.censored).sum::<usize>(), 21);
    assert!((found.shares[0].share.clone().unwrap() - 0.448_179_272).abs() < 1e-8, "a month is 30.4 days");
    assert_eq!(found.shares[1].share, Err("nobody was seen for 3 months yet".to_owned()));
}

const PUBLISHED: [(f64, usize, usize, f64, f64, f64); 7] = [
    (6.0, 21, 3, 0.857_142_857, 0.619_717_955, 0.951_551_748),
    (7.0, 17, 1, 0.806_722_689, 0.563_146_565, 0.922_809_019),
    (10.0, 15, 1, 0.752_941_176, 0.503_199_511, 0.889_361_835),
    (13.0, 12, 1, 0.690_196_078, 0.431_610_222, 0.849_065_963),
    (16.0, 11, 1, 0.627_450_980, 0.367_510_856, 0.804_912_189),
    (22.0, 7, 1, 0.537_815_126, 0.267_778_937, 0.746_790_718),
    (23.0, 6, 1, 0.448_179_272, 0.188_052_006, 0.680_142_628),
];

#[test]
fn who_is_seen_late_is_at_risk_from_then() {
    let lives = [
        life(None, 4.0, Ending::Ended),
        life(Some(3.0), 6.0, Ending::Ended),
        life(None, 5.0, Ending::Open),
        life(Some(5.0), 8.0, Ending::Open),
    ];
    let found = of(&lives, Of::Churn);
    let points: Vec<_> = found.points.iter().map(told).collect();
    assert_eq!(points, [(4.0, 3, 1, 0, 0), (5.0, 2, 0, 0, 1), (6.0, 2, 1, 0, 0), (8.0, 1, 0, 0, 1)]);
    let shares: Vec<f64> = found.points.iter().map(|point| point.share).collect();
    for (found, wanted) in shares.iter().zip([2.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]) {
        assert!((found - wanted).abs() < 1e-12, "{shares:?}");
    }
}

#[test]
fn who_leaves_first_never_arrives() {
    let lives = [
        life(None, 2.0, Ending::Ended),
        life(None, 3.0, Ending::Lost),
        life(None, 5.0, Ending::Ended),
        life(None, 6.0, Ending::Open),
    ];
    let found = of(&lives, Of::Journey("time_to_value"));
    let shares: Vec<f64> = found.points.iter().map(|point| point.share).collect();
    for (found, wanted) in shares.iter().zip([0.75, 0.75, 0.5, 0.5]) {
        assert!((found - wanted).abs() < 1e-12, "{shares:?}");
    }
    assert_eq!(found.points.iter().map(told).collect::<Vec<_>>()[1], (3.0, 3, 0, 1, 0));
    assert_eq!(found.quartiles[1].days, Ok(5.0));
    assert_eq!(
        found.quartiles[2].days,
        Err("fewer than three quarters of them so far: after 6 days 50.0 % have not".to_owned())
    );
}

#[test]
fn without_an_end_the_curve_stays_up_and_after_the_last_it_is_down() {
    let none = of(&[life(None, 40.0, Ending::Open), life(None, 50.0, Ending::Open)], Of::Churn);
    assert!(none.quartiles.iter().all(|quartile| quartile.days.is_err()));
    assert_eq!((none.points[1].share, none.points[1].interval), (1.0, None));
    let all = of(&[life(None, 40.0, Ending::Ended)], Of::Churn);
    assert_eq!((all.quartiles[0].days.clone(), all.points[0].share), (Ok(40.0), 0.0));
    assert_eq!(all.shares[4].share, Ok(0.0), "once all have left it stays so");
}
