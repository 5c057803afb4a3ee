//! Hosts on private networks that whoever runs this installation may name as providers.

use std::net::IpAddr;

use ipnet::IpNet;

/// Names and networks. Empty, unless somebody wrote them down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrivateHosts {
    nets: Vec<IpNet>,
    names: Vec<String>,
}

impl PrivateHosts {
    /// Adds a name, an address or a network; says whether it is one.
    pub fn add(&mut self, typed: &str) -> bool {
        if let Ok(net) = typed.parse().or_else(|_| typed.parse::<IpAddr>().map(IpNet::from)) {
            self.nets.push(net);
            return true;
        }
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        // What ends in a figure is an address to those who read it, and this one was none (WHATWG URL).
        let last = typed.rsplit('.').next().unwrap_or_default();
        let is_name = typed.split('.').all(is_label) && last.bytes().any(|byte| byte.is_ascii_alphabetic());
        if is_name {
            self.names.push(typed.to_ascii_lowercase());
        }
        is_name
    }

    /// Whether this name was written down.
    pub fn names(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether this address lies in a network that was written down.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.nets.iter().any(|net| net.contains(&address))
    }
}
