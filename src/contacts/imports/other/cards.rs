//! Address cards (vCard 2.1, 3.0 and 4.0): a line for each, and a column for whatever any of them holds.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardEntry, VCardParameterName, VCardProperty, VCardValue},
};

use super::{TOO_LARGE, Text};
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

/// Bytes of a card, most of which are its picture; and signs at which it is taken apart, for each of which something
/// is kept while it is read.
const LONGEST: usize = 8 * 1024 * 1024;
const MOST_PARTS: usize = 100_000;

/// Reads it twice, once to see which columns there are, and keeps a card at a time.
pub(super) fn turn<K: FnMut(Vec<u8>) -> bool>(
    bytes: Vec<u8>,
    text: &mut Text<K>,
) -> Result<(), &'static str> {
    let whole = String::from_utf8(bytes).unwrap_or_else(|error| format::text(error.as_bytes()));
    let mut is_held = [false; COLUMNS.len()];
    each(&whole, |card| {
        is_held.iter_mut().zip(card).for_each(|(is_held, cell)| *is_held |= !cell.is_empty());
        Ok(())
    })?;
    if is_held.iter().all(|is_held| !is_held) {
        return Err("There is no card with anything in it in this file.");
    }
    let held = |card: &[String]| -> Vec<String> {
        card.iter().zip(&is_held).filter(|(_, is_held)| **is_held).map(|(cell, _)| cell.clone()).collect()
    };
    text.begin("Cards");
    text.line(&held(&COLUMNS.map(str::to_owned)))?;
    each(&whole, |card| text.line(&held(card)))
}

/// Every card with anything in it, one after the other.
fn each(whole: &str, mut take: impl FnMut(&Card) -> Result<(), &'static str>) -> Result<(), &'static str> {
    let mut rest = whole;
    while !rest.is_empty() {
        let (one, behind) = rest.split_at(end(rest));
        rest = behind;
        if one.len() > LONGEST || parts(one) > MOST_PARTS {
            return Err(TOO_LARGE);
        }
        let mut parser = Parser::new(one);
        loop {
            match parser.entry() {
                Entry::VCard(card) => {
                    let card = read(&card);
                    if card.iter().any(|cell| !cell.is_empty()) {
                        take(&card)?;
                    }
                }
                Entry::Eof => break,
                // What stands between cards, and other things of a calendar, are nobody.
                _ => {}
            }
        }
    }
    Ok(())
}

/// Signs at which a card is taken apart; a line that goes on in the next is one.
fn parts(card: &str) -> usize {
    let bytes = card.as_bytes();
    let is_part = |(at, byte): (usize, &u8)| match byte {
        b';' | b',' | b':' => true,
        b'\n' => !matches!(bytes.get(at + 1), Some(b' ' | b'\t')),
        _ => false,
    };
    bytes.iter().enumerate().filter(|one| is_part(*one)).count()
}

/// Where the first card ends.
fn end(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim().eq_ignore_ascii_case("END:VCARD") {
            break;
        }
    }
    at
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
