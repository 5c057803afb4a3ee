//! Address cards (vCard 2.1, 3.0 and 4.0): a line for each, and a column for whatever any of them holds.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardEntry, VCardParameterName, VCardProperty, VCardValue},
};

use super::Text;
use crate::contacts::imports::format;

/// The columns, by the names under which they are known again.
const COLUMNS: [&str; 18] = [
    "First name",
    "Last name",
    "E-mail",
    "Phone",
    "Company",
    "Job title",
    "Website",
    "Street",
    "City",
    "State or region",
    "Postal code",
    "Country",
    "E-mail 2",
    "Phone 2",
    "Nickname",
    "Categories",
    "Note",
    "UID",
];

type Card = [String; COLUMNS.len()];

pub(super) fn turn<K: FnMut(Vec<u8>) -> bool>(bytes: &[u8], text: &mut Text<K>) -> Result<(), &'static str> {
    let whole = format::text(bytes);
    let mut parser = Parser::new(&whole);
    let mut cards = Vec::new();
    loop {
        match parser.entry() {
            Entry::VCard(card) => cards.push(read(&card)),
            Entry::Eof => break,
            // What stands between cards, and other things of a calendar, are nobody.
            _ => {}
        }
    }
    cards.retain(|card| card.iter().any(|cell| !cell.is_empty()));
    if cards.is_empty() {
        return Err("There is no card with anything in it in this file.");
    }
    let is_held: Vec<bool> = (0..COLUMNS.len())
        .map(|at| cards.iter().any(|card| card.get(at).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let held = |card: &[String]| -> Vec<String> {
        card.iter().zip(&is_held).filter(|(_, is_held)| **is_held).map(|(cell, _)| cell.clone()).collect()
    };
    text.begin("Cards");
    text.line(&held(&COLUMNS.map(str::to_owned)))?;
    for card in &cards {
        text.line(&held(card))?;
    }
    Ok(())
}

fn read(card: &VCard) -> Card {
    let of = |property: VCardProperty| -> Vec<&VCardEntry> {
        let mut all: Vec<&VCardEntry> = card.entries.iter().filter(|entry| entry.name == property).collect();
        all.sort_by_key(|entry| !is_preferred(entry));
        all
    };
    let values = |property: VCardProperty| -> Vec<String> {
        of(property)
            .into_iter()
            .filter_map(|entry| entry.values.first())
            .map(plain)
            .filter(|text| !text.is_empty())
            .collect()
    };
    let one = |all: &[String], at: usize| all.get(at).cloned().unwrap_or_default();
    let parts = |property: VCardProperty| -> Vec<String> {
        of(property).first().map(|entry| entry.values.iter().map(plain).collect()).unwrap_or_default()
    };
    let (name, address, company) =
        (parts(VCardProperty::N), parts(VCardProperty::Adr), parts(VCardProperty::Org));
    let (mut first, mut last) = (one(&name, 1), one(&name, 0));
    if first.is_empty() && last.is_empty() {
        let whole = one(&values(VCardProperty::Fn), 0);
        (first, last) = whole
            .rsplit_once(' ')
            .map_or((whole.clone(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()));
    }
    let (emails, phones) = (values(VCardProperty::Email), values(VCardProperty::Tel));
    let street: Vec<String> =
        [2, 1, 0].into_iter().map(|at| one(&address, at)).filter(|line| !line.is_empty()).collect();
    [
        first,
        last,
        one(&emails, 0),
        one(&phones, 0),
        one(&company, 0),
        one(&values(VCardProperty::Title), 0),
        one(&values(VCardProperty::Url), 0),
        street.join(", "),
        one(&address, 3),
        one(&address, 4),
        one(&address, 5),
        one(&address, 6),
        one(&emails, 1),
        one(&phones, 1),
        one(&values(VCardProperty::Nickname), 0),
        parts(VCardProperty::Categories).join("; "),
        one(&values(VCardProperty::Note), 0),
        one(&values(VCardProperty::Uid), 0),
    ]
}

/// Whether it is the one of its kind to use.
fn is_preferred(entry: &VCardEntry) -> bool {
    entry.params.iter().any(|param| match &param.name {
        VCardParameterName::Pref => true,
        VCardParameterName::Type => {
            let kinds = param.value.as_text().unwrap_or_default();
            kinds.split(',').any(|kind| kind.trim().eq_ignore_ascii_case("pref"))
        }
        VCardParameterName::Other(name) => name.eq_ignore_ascii_case("pref"),
        _ => false,
    })
}

/// A value without what says which scheme it is of.
fn plain(value: &VCardValue) -> String {
    let text = match value {
        VCardValue::Component(parts) => parts.join(" "),
        VCardValue::Integer(number) => number.to_string(),
        other => other.as_text().unwrap_or_default().to_owned(),
    };
    let text = text.trim();
    let is_scheme =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    let scheme = ["tel:", "mailto:"].into_iter().find(is_scheme).unwrap_or_default();
    text.get(scheme.len()..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Other, tests::turned};

    #[test]
    fn cards_of_every_version_become_lines_with_the_columns_that_any_of_them_has() {
        let file = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n\
            TEL;CELL:+49 171 1\r\nTEL;WORK;PREF:+49 30 901820\r\nNOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:one=0D=0A=\r\ntwo\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann van Dyk\r\nN:;;;;\r\nEMAIL;TYPE=HOME:ann@home.test\r\n\
            EMAIL;TYPE=WORK,PREF:ann@work.test\r\nORG:Dyk\\, Sons;Sales\r\nADR;TYPE=WORK:;;Weg 1;Ulm;;89073;Ger\r\n many\r\n\
            CATEGORIES:Fair,VIP\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:4.0\r\nN:Farouk;Omar;;;\r\nTEL;VALUE=uri;PREF=1:tel:+1-303-555-0142\r\nEND:VCARD\r\n";
        let sheets = turned(Other::Cards, file.as_bytes()).unwrap();
        let lines: Vec<&str> = sheets[0].1.lines().collect();
        assert_eq!(
            lines,
            [
                "First name,Last name,E-mail,Phone,Company,Street,City,Postal code,Country,E-mail 2,Phone 2,Categories,Note",
                "Jörg,Müller,,+49 30 901820,,,,,,,+49 171 1,,one  two",
                "Ann van,Dyk,ann@work.test,,\"Dyk, Sons\",Weg 1,Ulm,89073,Germany,ann@home.test,,Fair; VIP,",
                "Omar,Farouk,,+1-303-555-0142,,,,,,,,,",
            ]
        );
        assert!(turned(Other::Cards, b"BEGIN:VCARD\r\nEND:VCARD\r\n").is_err());
    }
}
