//! What people write under a score: short, and worth reading.

use crate::dice::Dice;

const PROMOTERS: [&str; 24] = [
    "Month-end close used to take four days. It takes one, and I leave on time.",
    "Our drivers check the dashboard before the coffee machine. That says it all.",
    "I have recommended you to two former employers already.",
    "Support answered on a Friday at five and stayed until it worked.",
    "The one tool nobody complained about in our last audit.",
    "Set it up in an afternoon; still finding new uses two years on.",
    "Our board finally argues about decisions instead of about numbers.",
    "Priced fairly, explained plainly. More of that, please.",
    "Flow replaced eleven spreadsheets and one very tired intern.",
    "You shipped the export we asked for in three weeks. I did not expect that.",
    "Our CSM knows our business better than some of our managers.",
    "It just keeps working. I forget it is there, which is praise.",
    "Onboarding was the best of any vendor we had this year.",
    "Sharing a report with a ward is two clicks. Before, it was a phone call.",
    "We cut stock-outs by a third and can show why.",
    "The new editor is a joy.",
    "When something broke, you told us before we noticed. That builds trust.",
    "Worth every cent. Do not change the pricing again.",
    "My team asked for more seats before I did.",
    "Assist drafts the weekly note better than I do on a Monday.",
    "Vault saved us during the March inspection.",
    "Clear, quick, honest people.",
    "We measured it: six hours a week saved per planner.",
    "The only login I have not automated away.",
];

const PASSIVES: [&str; 20] = [
    "Good product, slow on big reports.",
    "Does what it says. Nothing that makes me talk about it at dinner.",
    "Works well once you know where everything is. Finding it is the hard part.",
    "We like Reports; Flow still feels unfinished.",
    "Fine. Ask me again when single sign-on covers contractors.",
    "Solid, but the mobile view is an afterthought.",
    "Support is friendly, though I have to explain our setup every time.",
    "Useful, if a bit expensive for the seats we really use.",
    "I would rate higher if filters stuck between visits.",
    "Half the team loves it, the other half exports to a spreadsheet.",
    "Better than last year. Not yet as good as the demo.",
    "Documentation is behind the product.",
    "The integrations work, until the other side changes something.",
    "Please let us schedule by our fiscal calendar.",
    "Good value on the old price.",
    "We use a tenth of it. Perhaps that is on us.",
    "Alerts are either silent or everywhere.",
    "Decent. The outage in spring cost some goodwill.",
    "Our CSM changed in the middle of a project; it took a while to settle.",
    "No complaints, no fireworks.",
];

const DETRACTORS: [&str; 24] = [
    "Two days of missing data and nobody could tell us which two.",
    "The price went up the month the service went down.",
    "Third ticket about the same sync error. Each time I start from zero.",
    "We bought it for the warehouse team. They went back to paper.",
    "I spend more time fixing permissions than reading reports.",
    "Nobody called us between the signature and the renewal.",
    "Sold as self-service; needs a consultant.",
    "Search finds everything except what I saved.",
    "The champion who chose it left, and no one here knows why we have it.",
    "Reports time out at quarter end, which is when we need them.",
    "Your chat bot thanked me for my patience. I had none.",
    "We are still not live after five months.",
    "The export drops leading zeros from our part numbers. Still.",
    "Downgrading took four mails. Upgrading took one click.",
    "Renewal notice came eight days before the deadline.",
    "Seats for people who left cannot be freed without support.",
    "Great sales team. Then silence.",
    "I was promised German holidays in the calendar a year ago.",
    "Slow, and then slower.",
    "A competitor imports our files without a manual.",
    "Every release moves the button I use most.",
    "We pay for forty seats and use nine.",
    "Escalated twice, solved by ourselves.",
    "It is not bad. It is just not for hospitals.",
];

const STAFF: [&str; 12] = [
    "Good people, too many meetings.",
    "The backlog since spring is wearing us down.",
    "My lead listens. That is why I stay.",
    "I would like to know where we are going next year.",
    "Pay is fair, the tools are not.",
    "Friday hours in Europe made a real difference.",
    "We celebrate new logos, never renewals.",
    "More time for training, please.",
    "Proud of how we handled the outage.",
    "Too many handovers between desks.",
    "Best team I have worked in.",
    "One-on-ones keep being moved.",
];

/// A comment that fits a customer's score, in hundredths of the scale.
pub(crate) fn customer(dice: &mut Dice, percent: i64) -> &'static str {
    match percent {
        ..=60 => dice.pick(&DETRACTORS),
        61..=84 => dice.pick(&PASSIVES),
        _ => dice.pick(&PROMOTERS),
    }
}

/// A colleague's comment.
pub(crate) fn staff(dice: &mut Dice) -> &'static str {
    dice.pick(&STAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_different_ones() {
        let mut all: Vec<&str> = [&PROMOTERS[..], &PASSIVES, &DETRACTORS].concat();
        all.sort_unstable();
        all.dedup();
        assert!(all.len() >= 60);
    }
}
