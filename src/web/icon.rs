pub fn icon(_name: &str) -> String { String::new() }
