//! What the company sells, to whom, and for how much.

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Product {
    /// Dashboards: where most customers start.
    Reports,
    /// Automation.
    Flow,
    /// Archive, at a flat price.
    Vault,
    /// The assistant.
    Assist,
}

/// All products on sale.
pub(crate) const PRODUCTS: [Product; 4] = [Product::Reports, Product::Flow, Product::Vault, Product::Assist];

impl Product {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reports => "Reports",
            Self::Flow => "Flow",
            Self::Vault => "Vault",
            Self::Assist => "Assist",
        }
    }

    /// Its features. The third of Reports is what first value is read from.
    pub fn features(self) -> &'static [&'static str] {
        match self {
            Self::Reports => &["view_dashboard", "edit_report", "share_report", "export_pdf", "schedule_mail"],
            Self::Flow => &["run_flow", "edit_flow", "approve_step", "connect_app"],
            Self::Vault => &["store_file", "restore_file", "search_archive"],
            Self::Assist => &["ask", "draft_reply", "summarise"],
        }
    }

    /// Whether it is sold by the seat.
    pub fn by_seat(self) -> bool {
        self != Self::Vault
    }

    /// Cents of a dollar for one unit and month.
    pub fn list_cents(self, plan: Plan) -> i64 {
        let by_plan = match self {
            Self::Reports => [1_900, 3_400, 5_600],
            Self::Flow => [900, 1_500, 2_300],
            Self::Vault => [4_500, 14_000, 52_000],
            Self::Assist => [1_100, 1_600, 2_100],
        };
        by_plan[plan as usize]
    }
}

/// A plan; a later one is a higher tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Plan {
    /// Tier 1.
    Starter,
    /// Tier 2.
    Growth,
    /// Tier 3.
    Enterprise,
}

impl Plan {
    /// Its name.
    pub fn name(self) -> &'static str {
        ["Starter", "Growth", "Enterprise"][self as usize]
    }

    /// Its rank.
    pub fn tier(self) -> u8 {
        self as u8 + 1
    }

    /// The company's own word for such customers.
    pub fn segment(self) -> &'static str {
        ["Small business", "Mid-market", "Enterprise"][self as usize]
    }

    /// One tier up or down.
    pub fn step(self, up: bool) -> Option<Self> {
        match (self, up) {
            (Self::Starter, true) | (Self::Enterprise, false) => Some(Self::Growth),
            (Self::Growth, true) => Some(Self::Enterprise),
            (Self::Growth, false) => Some(Self::Starter),
            _ => None,
        }
    }
}

/// A currency billed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Currency {
    /// The company's own.
    Usd,
    /// Germany, France, the Netherlands.
    Eur,
    /// Great Britain.
    Gbp,
}

impl Currency {
    /// ISO 4217.
    pub fn code(self) -> &'static str {
        ["USD", "EUR", "GBP"][self as usize]
    }

    /// What a list price in dollars becomes in it.
    pub fn price_factor(self) -> f64 {
        [1.0, 0.92, 0.80][self as usize]
    }
}

/// Where customers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Country {
    /// United States.
    Us,
    /// Great Britain.
    Gb,
    /// Germany.
    De,
    /// France.
    Fr,
    /// Netherlands.
    Nl,
}

/// All countries.
pub(crate) const COUNTRIES: [Country; 5] = [Country::Us, Country::Gb, Country::De, Country::Fr, Country::Nl];

impl Country {
    /// ISO 3166.
    pub fn code(self) -> &'static str {
        ["US", "GB", "DE", "FR", "NL"][self as usize]
    }

    /// What it pays in.
    pub fn currency(self) -> Currency {
        match self {
            Self::Us => Currency::Usd,
            Self::Gb => Currency::Gbp,
            _ => Currency::Eur,
        }
    }

    /// Whose clocks its people live by.
    pub fn zone(self) -> &'static str {
        ["America/New_York", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Amsterdam"][self as usize]
    }
}

/// Industries, with the words their companies carry in their names.
pub(crate) const INDUSTRIES: [(&str, [&str; 6]); 4] = [
    ("Logistics", ["Freight", "Cargo", "Haulage", "Shipping", "Logistics", "Parcel"]),
    ("Healthcare", ["Clinics", "Care", "Diagnostics", "Dental", "Health", "Pharmacy"]),
    ("Retail", ["Stores", "Outfitters", "Grocers", "Home", "Market", "Optics"]),
    ("Manufacturing", ["Works", "Tooling", "Foundry", "Plastics", "Instruments", "Mills"]),
];
