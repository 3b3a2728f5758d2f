//! Names of companies and people: plausible, and nobody's.

use crate::dice::Dice;
use crate::offer::INDUSTRIES;

const STEMS: [&str; 40] = [
    "Tarn", "Vel", "Quill", "Brack", "Oster", "Lind", "Merri", "Calde", "Thorn", "Hazel", "Wester", "Norr", "Ald",
    "Fenn", "Grey", "Harrow", "Ister", "Jun", "Kest", "Larch", "Mossel", "Nether", "Orch", "Pell", "Rook", "Saltern",
    "Tamber", "Ulver", "Vander", "Wyn", "Yarrow", "Zell", "Amber", "Birken", "Cinder", "Dray", "Elm", "Farrow",
    "Gilder", "Holm",
];
const ENDINGS: [&str; 24] = [
    "wick", "mora", "haven", "ley", "stead", "bridge", "field", "quist", "gate", "ridge", "dale", "brook", "mark",
    "holt", "ford", "vik", "burg", "croft", "mere", "lund", "wold", "beck", "stone", "port",
];
const FIRST: [&str; 64] = [
    "Ada", "Amir", "Anneke", "Arjun", "Beatriz", "Bram", "Carla", "Chidi", "Claire", "Daan", "Dana", "David", "Elif",
    "Emeka", "Emily", "Erik", "Fatima", "Femke", "Florian", "Grace", "Hana", "Hannah", "Hugo", "Ines", "Isaac",
    "Jamal", "Jana", "Jasper", "Joanna", "Jonas", "Julia", "Karim", "Katrin", "Kofi", "Laura", "Leila", "Liam",
    "Lotte", "Lucia", "Lukas", "Maeve", "Malik", "Marie", "Mateo", "Mei", "Mila", "Nadia", "Naomi", "Nils", "Noor",
    "Olivia", "Omar", "Paula", "Priya", "Rafael", "Ravi", "Rosa", "Samuel", "Sanne", "Sofia", "Thomas", "Wei", "Yusuf",
    "Zoe",
];
const LAST: [&str; 64] = [
    "Abbott",
    "Achterberg",
    "Adeyemi",
    "Almeida",
    "Bakker",
    "Bauer",
    "Becker",
    "Bello",
    "Bennett",
    "Bernard",
    "Brandt",
    "Carter",
    "Chen",
    "Clarke",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Fontaine",
    "Garcia",
    "Gupta",
    "Haddad",
    "Hansen",
    "Hoffmann",
    "Hughes",
    "Ibrahim",
    "Jansen",
    "Johnson",
    "Kaya",
    "Keller",
    "Khan",
    "Kim",
    "Laurent",
    "Lopez",
    "Mensah",
    "Meyer",
    "Moreau",
    "Morris",
    "Mulder",
    "Murphy",
    "Nguyen",
    "Nowak",
    "Okafor",
    "Olsen",
    "Osei",
    "Patel",
    "Peeters",
    "Pereira",
    "Petit",
    "Reyes",
    "Rossi",
    "Roux",
    "Sato",
    "Schmidt",
    "Shah",
    "Silva",
    "Singh",
    "Smit",
    "Sullivan",
    "Tanaka",
    "Visser",
    "Walker",
    "Weber",
    "Yilmaz",
];

/// Company stems, in random order; past the last, they come again with a numeral.
pub(crate) struct Companies {
    stems: Vec<String>,
    next: usize,
}

impl Companies {
    /// Shuffles them.
    pub fn new(dice: &mut Dice) -> Self {
        let mut stems: Vec<String> =
            STEMS.iter().flat_map(|stem| ENDINGS.iter().map(move |ending| format!("{stem}{ending}"))).collect();
        dice.shuffle(&mut stems);
        Self { stems, next: 0 }
    }

    /// A stem nobody has yet.
    pub fn stem(&mut self) -> String {
        let (round, place) = (self.next / self.stems.len(), self.next % self.stems.len());
        self.next += 1;
        let stem = &self.stems[place];
        if round == 0 { stem.clone() } else { format!("{stem} {}", round + 1) }
    }
}

/// A company's full name.
pub(crate) fn company(dice: &mut Dice, stem: &str, industry: usize) -> String {
    format!("{stem} {}", dice.pick(&INDUSTRIES[industry].1))
}

/// A person's name.
pub(crate) fn person(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(&FIRST), dice.pick(&LAST))
}

/// A web domain of a company; none exists under this top level.
pub(crate) fn domain(company: &str) -> String {
    let letters: String = company.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}.example", letters.to_ascii_lowercase())
}
