//! Which column of a file is which field: guessed from its name, and from what stands in it.

use crate::{
    contacts::{contact::FIELDS, fields::OwnField},
    email_address::EmailAddress,
    orgs::founding::without_accent,
};

/// A column's name as it is compared: lower case, letters and digits only.
pub(super) fn plain(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The field for each column, empty for none: a key of [`FIELDS`], `name` for both names in one cell, `stage`,
/// `lead_status`, `external_id`, or `custom.` with the key of an own field. No field is given twice.
pub fn guess(headers: &[String], rows: &[Vec<String>], own: &[OwnField]) -> Vec<String> {
    let mut mapping: Vec<String> = Vec::new();
    for header in headers {
        let field = by_name(header, own).filter(|key| !mapping.contains(key)).unwrap_or_default();
        mapping.push(field);
    }
    if !mapping.iter().any(|key| key == "email") {
        let column = (0..headers.len()).find(|&at| holds_addresses(rows, at));
        if let Some(slot) = column.and_then(|at| mapping.get_mut(at)) {
            "email".clone_into(slot);
        }
    }
    mapping
}

fn by_name(header: &str, own: &[OwnField]) -> Option<String> {
    let name = plain(header);
    let known = FIELDS.iter().find(|field| {
        plain(field.key) == name || plain(field.label) == name || field.known_as.contains(&name.as_str())
    });
    if let Some(field) = known {
        return Some(field.key.to_owned());
    }
    if ["name", "fullname", "contactname", "contact", "displayname"].contains(&name.as_str()) {
        return Some("name".to_owned());
    }
    let own = own.iter().find(|one| plain(&one.label) == name || plain(&one.key) == name);
    let standing = || match name.as_str() {
        "stage" | "lifecycle" | "lifecyclestage" => Some("stage".to_owned()),
        "leadstatus" => Some("lead_status".to_owned()),
        "externalid" | "foreignid" => Some("external_id".to_owned()),
        _ => None,
    };
    own.map(|one| format!("custom.{}", one.key)).or_else(standing)
}

/// Whether most of what stands in a column is an address.
fn holds_addresses(rows: &[Vec<String>], at: usize) -> bool {
    let filled: Vec<&String> =
        rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty()).collect();
    let addresses = filled.iter().filter(|cell| EmailAddress::parse(cell).is_some()).count();
    addresses > 0 && addresses * 2 > filled.len()
}

/// The key for a new field of the organization's own, out of a column's name.
pub fn key_of(name: &str) -> String {
    let mut key = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match without_accent(c) {
            Some(plain) => key.push_str(plain),
            None if c.is_ascii_alphanumeric() => key.push(c),
            None if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            None => {}
        }
    }
    let key = key.trim_matches('_');
    let begins_well = key.starts_with(|c: char| c.is_ascii_lowercase());
    let key: String = if begins_well { key.to_owned() } else { format!("field_{key}") };
    key.chars().take(50).collect::<String>().trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headers: &[&str], rows: &[&[&str]]) -> Vec<String> {
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let own = [OwnField::named("shoe_size", "Shoe size")];
        guess(&text(headers), &rows.iter().map(|row| text(row)).collect::<Vec<_>>(), &own)
    }

    #[test]
    fn columns_are_known_by_many_names_and_no_field_is_given_twice() {
        let headers =
            ["E-Mail Address", "FIRST NAME", "Surname", "Zip", "Mobile", "Email", "Shoe Size", "Weight"];
        let expected =
            ["email", "first_name", "last_name", "postal_code", "phone", "", "custom.shoe_size", ""];
        assert_eq!(guessed(&headers, &[]), expected);
    }

    #[test]
    fn a_column_of_addresses_is_found_without_its_name() {
        assert_eq!(guessed(&["a", "b"], &[&["x", "a@b.test"], &["y", ""]]), ["", "email"]);
        assert_eq!(guessed(&["a"], &[&["x"]]), [""]);
    }

    #[test]
    fn the_key_of_a_new_field_is_plain() {
        assert_eq!(key_of("Shoe size (EU)"), "shoe_size_eu");
        assert_eq!(key_of("2nd phone"), "field_2nd_phone");
        assert_eq!(key_of("Schuhgröße"), "schuhgroesse");
        assert_eq!(key_of("¡!"), "field");
    }
}
