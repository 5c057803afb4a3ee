//! Phone numbers as the whole world writes them: E.164.

use phonenumber::{Mode, country};

/// A number in E.164. One that does not name its country is of this one; none where there is none.
pub(super) fn parse(typed: &str, country: Option<country::Id>) -> Option<String> {
    let typed = match typed.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => typed.to_owned(),
    };
    if country.is_none() && !typed.starts_with('+') {
        return None;
    }
    let number = phonenumber::parse(country, &typed).ok()?;
    phonenumber::is_valid(&number).then(|| number.format().mode(Mode::E164).to_string())
}

/// The country that a time zone is of, where it is of one that is known here.
pub(super) fn country(zone: &str) -> Option<country::Id> {
    let (_, code) = ZONES.iter().find(|(zones, _)| zones.split(' ').any(|one| zone.ends_with(one)))?;
    code.parse().ok()
}

/// The ends of zones' names, and the country that they are of.
const ZONES: &[(&str, &str)] = &[
    (
        "/New_York /Chicago /Denver /Los_Angeles /Phoenix /Anchorage /Detroit /Boise /Honolulu /Indianapolis",
        "US",
    ),
    ("/Toronto /Vancouver /Edmonton /Winnipeg /Halifax /St_Johns /Regina", "CA"),
    ("/Mexico_City /Monterrey /Tijuana /Cancun", "MX"),
    ("/Sao_Paulo /Manaus /Fortaleza /Bahia /Recife", "BR"),
    ("/Buenos_Aires", "AR"),
    ("/Santiago", "CL"),
    ("/Bogota", "CO"),
    ("/Lima", "PE"),
    ("/London", "GB"),
    ("/Dublin", "IE"),
    ("/Lisbon", "PT"),
    ("/Madrid", "ES"),
    ("/Paris", "FR"),
    ("/Brussels", "BE"),
    ("/Amsterdam", "NL"),
    ("/Luxembourg", "LU"),
    ("/Berlin", "DE"),
    ("/Zurich", "CH"),
    ("/Vienna", "AT"),
    ("/Rome", "IT"),
    ("/Copenhagen", "DK"),
    ("/Oslo", "NO"),
    ("/Stockholm", "SE"),
    ("/Helsinki", "FI"),
    ("/Tallinn", "EE"),
    ("/Riga", "LV"),
    ("/Vilnius", "LT"),
    ("/Warsaw", "PL"),
    ("/Prague", "CZ"),
    ("/Bratislava", "SK"),
    ("/Budapest", "HU"),
    ("/Ljubljana", "SI"),
    ("/Zagreb", "HR"),
    ("/Belgrade", "RS"),
    ("/Bucharest", "RO"),
    ("/Sofia", "BG"),
    ("/Athens", "GR"),
    ("/Istanbul", "TR"),
    ("/Kyiv /Kiev", "UA"),
    ("/Moscow", "RU"),
    ("/Jerusalem", "IL"),
    ("/Cairo", "EG"),
    ("/Lagos", "NG"),
    ("/Nairobi", "KE"),
    ("/Accra", "GH"),
    ("/Casablanca", "MA"),
    ("/Johannesburg", "ZA"),
    ("/Dubai", "AE"),
    ("/Riyadh", "SA"),
    ("/Karachi", "PK"),
    ("/Kolkata /Calcutta", "IN"),
    ("/Dhaka", "BD"),
    ("/Colombo", "LK"),
    ("/Bangkok", "TH"),
    ("/Ho_Chi_Minh", "VN"),
    ("/Jakarta", "ID"),
    ("/Manila", "PH"),
    ("/Kuala_Lumpur", "MY"),
    ("/Singapore", "SG"),
    ("/Hong_Kong", "HK"),
    ("/Taipei", "TW"),
    ("/Shanghai", "CN"),
    ("/Seoul", "KR"),
    ("/Tokyo", "JP"),
    ("/Perth /Adelaide /Darwin /Brisbane /Sydney /Melbourne /Hobart", "AU"),
    ("/Auckland", "NZ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_of_the_table_is_one() {
        for (zones, code) in ZONES {
            let zone = format!("Somewhere{}", zones.split(' ').next().unwrap());
            assert_eq!(country(&zone).map(|id| id.as_ref().to_owned()).as_deref(), Some(*code), "{zones}");
        }
        assert_eq!(country("UTC"), None);
    }
}
