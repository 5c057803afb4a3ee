//! Whom a text calls on: `@` and the name of a member, or the first name where only one has it.

use uuid::Uuid;

/// Those of the members, id and name, whose names stand behind an `@`, each once and in their order there.
pub fn mentioned(text: &str, members: &[(String, String)]) -> Vec<Uuid> {
    let known: Vec<(Uuid, String)> =
        members.iter().filter_map(|(id, name)| Some((id.parse().ok()?, name.to_lowercase()))).collect();
    let text = text.to_lowercase();
    let mut all: Vec<Uuid> = Vec::new();
    for (at, _) in text.match_indices('@') {
        // Inside of a word it is an address.
        let is_address = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let found = if is_address { None } else { called(&text[at + 1..], &known) };
        all.extend(found.filter(|id| !all.contains(id)));
    }
    all
}

/// Who is called at the beginning of this text: by the longest name that fits.
fn called(text: &str, known: &[(Uuid, String)]) -> Option<Uuid> {
    let begins = |name: &str| {
        let rest = text.strip_prefix(name);
        rest.is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphanumeric))
    };
    let whole =
        known.iter().filter(|(_, name)| !name.is_empty() && begins(name)).max_by_key(|(_, name)| name.len());
    if let Some((id, _)) = whole {
        return Some(*id);
    }
    let mut first = known.iter().filter(|(_, name)| name.split(' ').next().is_some_and(begins));
    first.next().filter(|_| first.next().is_none()).map(|(id, _)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_behind_an_at_sign_are_found_and_addresses_are_none() {
        let names = ["Mia Marketer", "Olga Owner", "Mia", "Ann One", "Ann Two", "Ümit Öz"];
        let members: Vec<_> =
            (1..).zip(names).map(|(n, name)| (Uuid::from_u128(n).to_string(), name.to_owned())).collect();
        let found = |text: &str| {
            let ids = mentioned(text, &members);
            ids.iter().map(|id| names[id.as_u128() as usize - 1]).collect::<Vec<_>>()
        };
        assert_eq!(found("Ask @mia marketer, or @OLGA. @olga?"), ["Mia Marketer", "Olga Owner"]);
        assert_eq!(found("(@Mia) and @ümit"), ["Mia", "Ümit Öz"]);
        assert!(found("@ann is two people, mail olga@mia.test, @oleg, @").is_empty());
        assert_eq!(found("@Ann Two"), ["Ann Two"]);
    }
}
