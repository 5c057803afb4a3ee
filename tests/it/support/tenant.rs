//! The two organizations of the town, by every id that an address or a form can name.

/// One organization and what is in it.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    pub slug: &'static str,
    pub org: &'static str,
    /// Somebody of this organization who may do everything.
    pub owner: &'static str,
    /// An owner, a member and somebody else.
    pub people: [&'static str; 3],
    pub role: &'static str,
    pub view: &'static str,
    pub invitation: &'static str,
    pub job: &'static str,
    /// What is kept of a session of the owner: a hash, which also names it on their own page.
    pub session: &'static str,
    pub secret: &'static str,
    /// Somebody of the support who was here.
    pub grant: &'static str,
    pub contact: &'static str,
    /// Another record of them, and that it became part of theirs.
    pub other_contact: &'static str,
    pub merge: &'static str,
    pub list: &'static str,
    pub field: &'static str,
    /// One that somebody has, one that nobody has, and what was done with that to many.
    pub tag: &'static str,
    pub other_tag: &'static str,
    pub change: &'static str,
    pub topic: &'static str,
    pub import: &'static str,
    pub export: &'static str,
    /// Under what an address of somebody is suppressed.
    pub suppressed: &'static str,
    pub design: &'static str,
    pub block: &'static str,
    pub campaign: &'static str,
    /// Who campaigns are from, and a domain that is signed for.
    pub sender: &'static str,
    pub sending_domain: &'static str,
    /// One that was sent, and its mail that was kept.
    pub sent_campaign: &'static str,
    pub kept: &'static str,
    pub segment: &'static str,
    /// A pipeline, its first stage, a deal in it and a note about that.
    pub pipeline: &'static str,
    pub stage: &'static str,
    pub deal: &'static str,
    pub note: &'static str,
    /// What the owner was told.
    pub notice: &'static str,
    pub task: &'static str,
    pub company: &'static str,
    /// By what somebody is known, and where post reaches them.
    pub identity: &'static str,
    pub address: &'static str,
    /// A rule that gives points.
    pub score_rule: &'static str,
    /// Of somebody who is no more.
    pub erasure: &'static str,
}

pub const ACME: Tenant = Tenant {
    slug: "acme",
    org: "00000000-0000-7000-8000-00000000000a",
    owner: "olga@acme.test",
    people: [
        "00000000-0000-7000-8000-000000000011",
        "00000000-0000-7000-8000-000000000012",
        "00000000-0000-7000-8000-000000000013",
    ],
    role: "00000000-0000-7000-8000-0000000aa003",
    view: "00000000-0000-7000-8000-0000000002a1",
    invitation: "00000000-0000-7000-8000-0000000001a1",
    job: "00000000-0000-7000-8000-0000000005a1",
    session: "5e55a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
    secret: "00000000-0000-7000-8000-0000000003a1",
    grant: "00000000-0000-7000-8000-0000000007a1",
    contact: "00000000-0000-7000-8000-0000000008a1",
    other_contact: "00000000-0000-7000-8000-0000000008a2",
    merge: "00000000-0000-7000-8000-0000000022a1",
    list: "00000000-0000-7000-8000-0000000009a1",
    field: "00000000-0000-7000-8000-00000000f0a1",
    tag: "00000000-0000-7000-8000-00000000f1a1",
    other_tag: "00000000-0000-7000-8000-00000000f1a2",
    change: "00000000-0000-7000-8000-00000000f2a1",
    topic: "00000000-0000-7000-8000-000000000aa1",
    import: "00000000-0000-7000-8000-000000000ba1",
    export: "00000000-0000-7000-8000-00000000eba1",
    suppressed: "c834727ac5f7316f37912fb71aa150979a772201598a7f9fcf65e2351f2c282a",
    design: "00000000-0000-7000-8000-000000000da1",
    block: "00000000-0000-7000-8000-000000000ea1",
    campaign: "00000000-0000-7000-8000-0000000010a1",
    sender: "00000000-0000-7000-8000-0000000012a1",
    sending_domain: "00000000-0000-7000-8000-0000000013a1",
    sent_campaign: "00000000-0000-7000-8000-0000000010a2",
    kept: "00000000-0000-7000-8000-0000000014a1",
    segment: "00000000-0000-7000-8000-0000000029a1",
    pipeline: "00000000-0000-7000-8000-0000000015a1",
    stage: "00000000-0000-7000-8000-0000000016a1",
    deal: "00000000-0000-7000-8000-0000000017a1",
    note: "00000000-0000-7000-8000-0000000018a1",
    notice: "00000000-0000-7000-8000-0000000019a1",
    task: "00000000-0000-7000-8000-000000001aa1",
    company: "00000000-0000-7000-8000-000000001ba1",
    identity: "00000000-0000-7000-8000-0000000020a1",
    address: "00000000-0000-7000-8000-0000000021a1",
    score_rule: "00000000-0000-7000-8000-0000000030a1",
    erasure: "00000000-0000-7000-8000-0000000022a1",
};

pub const INITECH: Tenant = Tenant {
    slug: "initech",
    org: "00000000-0000-7000-8000-00000000000b",
    owner: "ian@initech.test",
    people: [
        "00000000-0000-7000-8000-000000000021",
        "00000000-0000-7000-8000-000000000022",
        "00000000-0000-7000-8000-000000000021",
    ],
    role: "00000000-0000-7000-8000-0000000ab002",
    view: "00000000-0000-7000-8000-0000000002b1",
    invitation: "00000000-0000-7000-8000-0000000001b1",
    job: "00000000-0000-7000-8000-0000000005b1",
    session: "5e55b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1",
    secret: "00000000-0000-7000-8000-0000000003b1",
    grant: "00000000-0000-7000-8000-0000000007b1",
    contact: "00000000-0000-7000-8000-0000000008b1",
    other_contact: "00000000-0000-7000-8000-0000000008b2",
    merge: "00000000-0000-7000-8000-0000000022b1",
    list: "00000000-0000-7000-8000-0000000009b1",
    field: "00000000-0000-7000-8000-00000000f0b1",
    tag: "00000000-0000-7000-8000-00000000f1b1",
    other_tag: "00000000-0000-7000-8000-00000000f1b2",
    change: "00000000-0000-7000-8000-00000000f2b1",
    topic: "00000000-0000-7000-8000-000000000ab1",
    import: "00000000-0000-7000-8000-000000000bb1",
    export: "00000000-0000-7000-8000-00000000ebb1",
    suppressed: "b03b239f37678b81b8b46086a1b5a05cf8bb54edd7629378188d4bd253ad29b6",
    design: "00000000-0000-7000-8000-000000000db1",
    block: "00000000-0000-7000-8000-000000000eb1",
    campaign: "00000000-0000-7000-8000-0000000010b1",
    sender: "00000000-0000-7000-8000-0000000012b1",
    sending_domain: "00000000-0000-7000-8000-0000000013b1",
    sent_campaign: "00000000-0000-7000-8000-0000000010b2",
    kept: "00000000-0000-7000-8000-0000000014b1",
    segment: "00000000-0000-7000-8000-0000000029b1",
    pipeline: "00000000-0000-7000-8000-0000000015b1",
    stage: "00000000-0000-7000-8000-0000000016b1",
    deal: "00000000-0000-7000-8000-0000000017b1",
    note: "00000000-0000-7000-8000-0000000018b1",
    notice: "00000000-0000-7000-8000-0000000019b1",
    task: "00000000-0000-7000-8000-000000001ab1",
    company: "00000000-0000-7000-8000-000000001bb1",
    identity: "00000000-0000-7000-8000-0000000020b1",
    address: "00000000-0000-7000-8000-0000000021b1",
    score_rule: "00000000-0000-7000-8000-0000000030b1",
    erasure: "00000000-0000-7000-8000-0000000022b1",
};

/// An organization that never was, with ids that are nobody's.
pub const NOWHERE: Tenant = Tenant {
    slug: "nowhere",
    org: "00000000-0000-7000-8000-0000000000ff",
    owner: "",
    people: ["00000000-0000-7000-8000-0000000001f1"; 3],
    role: "00000000-0000-7000-8000-0000000af001",
    view: "00000000-0000-7000-8000-0000000002f1",
    invitation: "00000000-0000-7000-8000-0000000001f1",
    job: "00000000-0000-7000-8000-0000000005f1",
    session: "5e55f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1",
    secret: "00000000-0000-7000-8000-0000000003f1",
    grant: "00000000-0000-7000-8000-0000000007f1",
    contact: "00000000-0000-7000-8000-0000000008f1",
    other_contact: "00000000-0000-7000-8000-0000000008f2",
    merge: "00000000-0000-7000-8000-0000000022f1",
    list: "00000000-0000-7000-8000-0000000009f1",
    field: "00000000-0000-7000-8000-000000000ff1",
    tag: "00000000-0000-7000-8000-000000000ff2",
    other_tag: "00000000-0000-7000-8000-000000000ff3",
    change: "00000000-0000-7000-8000-000000000ff4",
    topic: "00000000-0000-7000-8000-000000000af1",
    import: "00000000-0000-7000-8000-000000000bf1",
    export: "00000000-0000-7000-8000-00000000ebf1",
    suppressed: "abdd73236b9174d79217e7f8f09a68fd85203664112e9cf3af412eb8bdfe7ebd",
    design: "00000000-0000-7000-8000-000000000df1",
    block: "00000000-0000-7000-8000-000000000ef1",
    campaign: "00000000-0000-7000-8000-0000000010f1",
    sender: "00000000-0000-7000-8000-0000000012f1",
    sending_domain: "00000000-0000-7000-8000-0000000013f1",
    sent_campaign: "00000000-0000-7000-8000-0000000010f2",
    kept: "00000000-0000-7000-8000-0000000014f1",
    segment: "00000000-0000-7000-8000-0000000029f1",
    pipeline: "00000000-0000-7000-8000-0000000015f1",
    stage: "00000000-0000-7000-8000-0000000016f1",
    deal: "00000000-0000-7000-8000-0000000017f1",
    note: "00000000-0000-7000-8000-0000000018f1",
    notice: "00000000-0000-7000-8000-0000000019f1",
    task: "00000000-0000-7000-8000-000000001af1",
    company: "00000000-0000-7000-8000-000000001bf1",
    identity: "00000000-0000-7000-8000-0000000020f1",
    address: "00000000-0000-7000-8000-0000000021f1",
    score_rule: "00000000-0000-7000-8000-0000000030f1",
    erasure: "00000000-0000-7000-8000-0000000022f1",
};

impl Tenant {
    /// The address behind a door's path with this organization's ids in it.
    ///
    /// Fails for a parameter it does not know: whoever adds a path adds here what stands in it.
    pub fn fill(&self, path: &str) -> String {
        let mut filled = String::new();
        let mut before = "";
        for segment in path.split('/').skip(1) {
            let value = match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                // A report is of what was sent, and so is mail.
                Some("campaign") if path.contains("/report") || path.contains("/mailbox") => {
                    self.sent_campaign
                }
                Some(parameter) => self.value(before, parameter).unwrap_or_else(|| {
                    panic!("nobody said what stands for {segment} in {path}: tell tests/it/support/tenant.rs")
                }),
                None => segment,
            };
            filled = format!("{filled}/{value}");
            before = segment;
        }
        filled
    }

    /// What stands for `{parameter}` behind this segment.
    fn value(&self, before: &str, parameter: &str) -> Option<&'static str> {
        Some(match (before, parameter) {
            ("w", "org") => self.slug,
            ("views", "id") => self.view,
            ("jobs", "id") => self.job,
            ("roles", "id") => self.role,
            ("designs", "id") => self.design,
            ("blocks", "block") => self.block,
            ("campaigns", "campaign") => self.campaign,
            ("draft", "part") => "subject",
            ("senders", "sender") => self.sender,
            ("domains", "domain") => self.sending_domain,
            ("people", "user") => self.people[0],
            ("people" | "invitations", "id") => self.invitation,
            ("clients", "client") => self.slug,
            ("logo", "version") => "first",
            ("secrets", "id") => self.secret,
            ("organizations", "id") | ("jobs", "organization") => self.org,
            ("{organization}", "id") => self.job,
            ("users", "user") => self.people[0],
            ("support", "id" | "grant") => self.grant,
            ("schedules", "name") => "nothing.of.that.name",
            ("mailbox", "id") => self.invitation,
            ("mailbox", "mail") => self.kept,
            ("contacts" | "people", "contact") => self.contact,
            ("duplicates", "low") => self.contact,
            ("merge", "other") | ("{low}", "high") => self.other_contact,
            ("merges", "merge") => self.merge,
            ("pipelines", "pipeline") => self.pipeline,
            ("stages", "stage") => self.stage,
            ("deals", "deal") => self.deal,
            ("notes", "note") => self.note,
            ("scoring", "rule") => self.score_rule,
            ("tasks", "task") => self.task,
            ("notifications", "notice") => self.notice,
            ("companies", "company") => self.company,
            ("identities", "identity") => self.identity,
            ("addresses", "address") => self.address,
            ("erasures", "erasure") => self.erasure,
            ("facts", "fact") => "name",
            ("standing", "fact") => "stage",
            ("lists", "list") => self.list,
            ("segments", "list") => self.segment,
            ("fields", "field") => self.field,
            ("tags", "tag") => self.tag,
            ("changes", "change") => self.change,
            ("topics", "topic") => self.topic,
            ("imports", "import") => self.import,
            ("exports", "export") => self.export,
            ("suppressions", "hash") => self.suppressed,
            ("avatar", "user") => self.people[0],
            ("{user}", "version") => "first",
            ("toast", "kind") => "ok",
            ("overlay", "kind") => "drawer",
            ("error", "status") => "404",
            // Nobody has these: whoever holds one is let in by it, whoever they are.
            ("sign-up" | "reset" | "email" | "invitations" | "o" | "c" | "v" | "p" | "u", "token") => {
                "Qk1nV0pYc2hBbGJhdHJvc3NBbGJhdHJvc3NBbGJhdHI"
            }
            ("sessions", "key") => self.session,
            _ => return None,
        })
    }

    /// Every id of this organization, for whatever takes one.
    pub fn ids(&self) -> Vec<&'static str> {
        let mut ids = self.people.to_vec();
        ids.extend([
            self.org,
            self.role,
            self.view,
            self.invitation,
            self.job,
            self.session,
            self.secret,
            self.grant,
            self.contact,
            self.other_contact,
            self.merge,
            self.list,
            self.field,
            self.tag,
            self.other_tag,
            self.change,
            self.topic,
            self.suppressed,
            self.import,
            self.export,
            self.design,
            self.block,
            self.campaign,
            self.sender,
            self.sent_campaign,
            self.kept,
            self.segment,
            self.sending_domain,
            self.pipeline,
            self.stage,
            self.deal,
            self.note,
            self.notice,
            self.task,
            self.company,
            self.identity,
            self.address,
            self.score_rule,
            self.erasure,
        ]);
        ids.dedup();
        ids
    }

    /// Fields as forms and queries name them, with this organization's ids: a door takes what it knows.
    pub fn fields(&self) -> String {
        let mut fields = vec![
            format!("org={0}&slug={0}&at=/people&next=/w/{0}", self.slug),
            format!("organization_id={0}&organization={0}&org_id={0}", self.org),
            format!("role={0}&role_id={0}&view_id={1}&invitation={2}", self.role, self.view, self.invitation),
            "screen=people&name=Mine&query=status%3Dactive&to=inactive&password=not-it&view=status%3Dactive&q=a&value=not-it-either&is_certain=on".to_owned(),
        ];
        fields.extend(
            self.people.iter().take(2).map(|person| format!("person={person}&person%5B%5D={person}")),
        );
        fields.push(format!("user={0}&user_id={0}&member={0}&id={1}", self.people[0], self.view));
        fields.join("&")
    }
}

#[test]
fn an_address_is_filled_and_an_unknown_parameter_is_refused() {
    assert_eq!(ACME.fill("/w/{org}/people"), "/w/acme/people");
    assert_eq!(
        INITECH.fill("/w/{org}/views/{id}/delete"),
        format!("/w/initech/views/{}/delete", INITECH.view)
    );
    assert!(std::panic::catch_unwind(|| ACME.fill("/w/{org}/planets/{id}")).is_err());
}
