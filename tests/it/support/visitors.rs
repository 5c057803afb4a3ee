//! Who comes to the doors.

/// Every visitor of Acme, by the word for what they are there and their address; nobody has none.
pub const VISITORS: &[(&str, &str)] = &[
    ("nobody", ""),
    ("outsider", "ian@initech.test"),
    ("viewer", "vic@acme.test"),
    ("marketer", "mia@acme.test"),
    ("owner", "olga@acme.test"),
    ("agency-owner", "ada@brightside.test"),
    ("agency-member", "abe@brightside.test"),
    ("disabled", "dan@acme.test"),
    ("invited", "ivy@acme.test"),
    ("left", "lee@acme.test"),
    ("support", "tess@platform.test"),
    ("platform-admin", "pat@platform.test"),
];

/// Who must not come into Acme, and the workspace that is theirs where there is one.
pub const OUTSIDE_ACME: &[(&str, Option<&str>)] = &[
    ("", None),
    ("ian@initech.test", Some("initech")),
    ("iris@initech.test", Some("initech")),
    ("abe@brightside.test", Some("brightside")),
    ("dan@acme.test", None),
    ("ivy@acme.test", None),
    ("lee@acme.test", None),
    ("tess@platform.test", None),
    ("pat@platform.test", None),
];

/// Who looks after the installation: sees of every workspace what it is, on the pages under `/admin`.
pub const PLATFORM: &[&str] = &["tess@platform.test", "pat@platform.test"];

/// Who must not come into Initech.
pub const OUTSIDE_INITECH: &[(&str, Option<&str>)] = &[
    ("", None),
    ("olga@acme.test", Some("acme")),
    ("mia@acme.test", Some("acme")),
    ("vic@acme.test", Some("acme")),
    ("ada@brightside.test", Some("brightside")),
    ("abe@brightside.test", Some("brightside")),
    ("dan@acme.test", None),
    ("tess@platform.test", None),
    ("pat@platform.test", None),
];

/// Who TEN-2 asks to be tried at every door, and as whom of [`VISITORS`] they come. What is not built yet
/// has nobody.
pub const ACTORS: &[(&str, Option<&str>)] = &[
    ("anonymous", Some("nobody")),
    ("owner of another tenant", Some("outsider")),
    ("viewer of the same tenant", Some("viewer")),
    ("agency user without this client", Some("agency-member")),
    ("disabled user", Some("disabled")),
    ("invited, not accepted", Some("invited")),
    ("API key of another tenant", None),
    ("platform support without a grant", Some("support")),
];
