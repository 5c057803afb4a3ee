//! Which field stands where: group by group, the group of the first field first.

use super::{FieldId, OwnField};

/// Where something is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    /// With everything that stands under the same words.
    GroupUp,
    GroupDown,
}

impl Way {
    pub fn parse(key: &str) -> Option<Self> {
        Some(match key {
            "up" => Self::Up,
            "down" => Self::Down,
            "group_up" => Self::GroupUp,
            "group_down" => Self::GroupDown,
            _ => return None,
        })
    }
}

/// The groups, each in the place of its first field.
pub fn groups(fields: &[OwnField]) -> Vec<&str> {
    let mut groups: Vec<&str> = Vec::new();
    for field in fields {
        if !groups.contains(&field.group.as_str()) {
            groups.push(&field.group);
        }
    }
    groups
}

/// Fields in their order, put together by their groups.
pub fn grouped(fields: Vec<OwnField>) -> Vec<OwnField> {
    let groups: Vec<String> = groups(&fields).into_iter().map(str::to_owned).collect();
    let mut fields = fields;
    fields.sort_by_key(|field| groups.iter().position(|group| *group == field.group));
    fields
}

/// The order after moving one: fields stand as [`grouped`] gives them.
pub fn moved(fields: &[OwnField], which: FieldId, way: Way) -> Vec<FieldId> {
    let Some(one) = fields.iter().find(|field| field.id == which) else { return ids(fields) };
    let mut sections: Vec<Vec<FieldId>> = groups(fields)
        .iter()
        .map(|group| fields.iter().filter(|field| field.group == *group).map(|field| field.id).collect())
        .collect();
    let group = groups(fields).iter().position(|group| *group == one.group).unwrap_or(0);
    match way {
        Way::GroupUp if group > 0 => sections.swap(group, group - 1),
        Way::GroupDown if group + 1 < sections.len() => sections.swap(group, group + 1),
        Way::Up | Way::Down => {
            if let Some(section) = sections.get_mut(group) {
                let at = section.iter().position(|id| *id == which).unwrap_or(0);
                match way {
                    Way::Up if at > 0 => section.swap(at, at - 1),
                    Way::Down if at + 1 < section.len() => section.swap(at, at + 1),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    sections.concat()
}

fn ids(fields: &[OwnField]) -> Vec<FieldId> {
    fields.iter().map(|field| field.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(all: &[(&str, &str)]) -> Vec<OwnField> {
        let one = |(key, group): &(&str, &str)| OwnField {
            id: id(key),
            group: (*group).to_owned(),
            ..OwnField::named(key, key)
        };
        all.iter().map(one).collect()
    }

    /// An id that says which it is.
    fn id(key: &str) -> FieldId {
        FieldId(uuid::Uuid::from_u128(key.bytes().fold(0, |id, byte| id << 8 | u128::from(byte))))
    }

    fn after(all: &[(&str, &str)], which: &str, way: Way) -> String {
        let fields = grouped(fields(all));
        let order = moved(&fields, id(which), way);
        let key = |id: &FieldId| fields.iter().find(|field| field.id == *id).map(|field| field.key.clone());
        order.iter().filter_map(key).collect::<Vec<_>>().join(" ")
    }

    const ALL: &[(&str, &str)] = &[("a", ""), ("b", "Roof"), ("c", ""), ("d", "Roof")];

    #[test]
    fn a_field_moves_within_its_group_and_a_group_with_all_its_fields() {
        assert_eq!(after(ALL, "c", Way::Up), "c a b d");
        assert_eq!(after(ALL, "c", Way::Down), "a c b d", "it is the last of its group");
        assert_eq!(after(ALL, "b", Way::Down), "a c d b");
        assert_eq!(after(ALL, "d", Way::GroupUp), "b d a c");
        assert_eq!(after(ALL, "d", Way::GroupDown), "a c b d");
        assert_eq!(after(ALL, "nobody", Way::Up), "a c b d");
    }
}
