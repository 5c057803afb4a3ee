//! What providers say, and what they mean by it.

use groundswell::channels::{
    replies::{
        Reason::{self, Auth, Blocked, Content, Greylisted, MailboxFull, MailboxUnknown, Other, Throttled},
        reason,
    },
    smtp::Enhanced,
};

/// As servers have said it, names and numbers replaced; labelled by hand.
const SAID: &[(&str, Reason)] = &[
    (
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser - gsmtp",
        MailboxUnknown,
    ),
    (
        "550 5.2.1 The email account that you tried to reach is inactive. https://support.google.com/mail/?p=DisabledUser - gsmtp",
        MailboxUnknown,
    ),
    (
        "550 5.2.1 The email account that you tried to reach is disabled. https://support.google.com/mail/?p=DisabledUser - gsmtp",
        MailboxUnknown,
    ),
    (
        "552 5.2.2 The email account that you tried to reach is over quota and inactive. https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
        MailboxFull,
    ),
    (
        "452 4.2.2 The email account that you tried to reach is over quota. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaTemp - gsmtp",
        MailboxFull,
    ),
    (
        "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time. - gsmtp",
        Throttled,
    ),
    (
        "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. - gsmtp",
        Throttled,
    ),
    (
        "421 4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited. - gsmtp",
        Throttled,
    ),
    (
        "550 5.7.1 Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked. - gsmtp",
        Content,
    ),
    (
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. - gsmtp",
        Auth,
    ),
    (
        "550 5.7.26 Unauthenticated email from acme.test is not accepted due to domain's DMARC policy. - gsmtp",
        Auth,
    ),
    (
        "550 5.7.25 The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP. - gsmtp",
        Blocked,
    ),
    (
        "552 5.7.0 This message was blocked because its content presents a potential security issue. - gsmtp",
        Blocked,
    ),
    ("552 5.3.4 Your message exceeded Google's message size limits. - gsmtp", Content),
    (
        "550 5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to send email directly to our servers. Please use the SMTP relay at your service provider instead. - gsmtp",
        Blocked,
    ),
    (
        "535 5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials - gsmtp",
        Auth,
    ),
    ("530 5.7.0 Authentication Required. - gsmtp", Auth),
    (
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM7EUR06.eop-eur06.prod.protection.outlook.com]",
        MailboxUnknown,
    ),
    (
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150). [outlook.com]",
        Blocked,
    ),
    (
        "550 5.4.1 Recipient address rejected: Access denied. For more information see https://aka.ms/EXOSmtpErrors [DB5.eop.prod.protection.outlook.com]",
        MailboxUnknown,
    ),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", MailboxUnknown),
    (
        "550 5.7.515 Access denied, sending domain ACME.TEST does not meet the required authentication level.",
        Auth,
    ),
    (
        "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719) [eop.prod.protection.outlook.com]",
        Throttled,
    ),
    (
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S775)",
        Throttled,
    ),
    (
        "550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/",
        Blocked,
    ),
    (
        "552 5.2.2 STOREDRV.Deliver; mailbox full. The recipient's mailbox is full and can't accept messages now",
        MailboxFull,
    ),
    ("432 4.3.2 STOREDRV; storage exceeded the rate of concurrent connections", Throttled),
    (
        "550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 5.7.23 SPF fail",
        Auth,
    ),
    (
        "550 5.7.509 Access denied, sending domain acme.test does not pass DMARC verification and has a DMARC policy of reject.",
        Auth,
    ),
    (
        "554 delivery error: dd This user doesn't have a yahoo.com account (olga@yahoo.test) [0] - mta4001.mail.bf1.yahoo.com",
        MailboxUnknown,
    ),
    ("554 delivery error: dd Not a valid recipient - unknown user", MailboxUnknown),
    (
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        Throttled,
    ),
    (
        "421 4.7.1 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed. Temporarily deferred due to user complaints",
        Throttled,
    ),
    (
        "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
        Blocked,
    ),
    ("552 1 Requested mail action aborted, mailbox not found", MailboxUnknown),
    (
        "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
        Blocked,
    ),
    ("552 5.2.2 <olga@icloud.test>: user is over quota", MailboxFull),
    ("550 5.1.1 <olga@icloud.test>: inactive email address (in reply to RCPT TO command)", MailboxUnknown),
    (
        "450 4.2.0 <olga@corp.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/corp.test.html",
        Greylisted,
    ),
    ("451 4.7.1 Greylisting in action, please come back in 00:04:59", Greylisted),
    ("451 DT:SPM 163 mx, please try again, you are on the grey list", Greylisted),
    (
        "450 4.7.1 <mx.acme.test[192.0.2.1]>: Client host rejected: Graylisted, try again in 300 seconds",
        Greylisted,
    ),
    (
        "550 5.1.1 <olga@corp.test>: Recipient address rejected: User unknown in virtual mailbox table",
        MailboxUnknown,
    ),
    (
        "550 5.1.1 <olga@corp.test>: Recipient address rejected: User unknown in local recipient table",
        MailboxUnknown,
    ),
    ("554 5.7.1 <olga@corp.test>: Relay access denied", Auth),
    (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1",
        Blocked,
    ),
    ("550 5.7.1 Service unavailable; client [192.0.2.1] blocked using b.barracudacentral.org", Blocked),
    ("552 5.3.4 Message size exceeds fixed limit", Content),
    ("452 4.3.1 Insufficient system storage", MailboxFull),
    ("421 4.7.0 mx.corp.test Error: too many connections from 192.0.2.1", Throttled),
    ("450 4.1.8 <news@acme.test>: Sender address rejected: Domain not found", Other),
    ("550 Unrouteable address", MailboxUnknown),
    ("550 relay not permitted", Auth),
    ("550-Verification failed for <news@acme.test> 550 No Such User Here", MailboxUnknown),
    ("550 No such recipient here", MailboxUnknown),
    ("552 Mailbox quota exceeded", MailboxFull),
    ("550 5.1.1 unknown or illegal alias: olga@corp.test", MailboxUnknown),
    ("550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=abc", Content),
    (
        "550 Message was not accepted -- invalid mailbox. Local mailbox olga@mail.test is unavailable: user not found",
        MailboxUnknown,
    ),
    ("554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc 1732150000-abc", Content),
    ("550 5.7.1 No such user!", MailboxUnknown),
    (
        "554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tobr@rx.t-online.test to clarify.)",
        Blocked,
    ),
    (
        "554-Transaction failed 554-Reject due to policy restrictions. 554 For explanation visit https://postmaster.gmx.net/en/error-messages",
        Blocked,
    ),
    ("550 Requested action not taken: mailbox unavailable", MailboxUnknown),
    (
        "550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000726",
        Content,
    ),
    ("550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&&no=1000728", MailboxUnknown),
    ("421 4.7.0 Too many sessions opened from your IP", Throttled),
    ("454 4.7.0 Throttling failure: Maximum sending rate exceeded.", Throttled),
    (
        "554 5.7.1 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: authentication",
        Auth,
    ),
    ("550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1", Blocked),
    (
        "550 Administrative prohibition - envelope blocked - https://community.mimecast.com/docs/DOC-1369#550",
        Blocked,
    ),
    ("550 5.7.1 Message contains a virus: Eicar-Test-Signature", Content),
    ("451 4.3.0 Temporary lookup failure", Other),
    ("554 5.4.4 Unable to find host", MailboxUnknown),
    ("550", MailboxUnknown),
    ("421 try again", Throttled),
    ("554 transaction failed", Other),
];

/// A labelled line, taken apart as it is when it comes from a server.
fn of(line: &str) -> Reason {
    let code: u16 = line[..3].parse().expect("a code");
    let rest = line.get(4..).unwrap_or_default();
    let (enhanced, length) =
        Enhanced::at_front(rest).map_or((None, 0), |(found, length)| (Some(found), length));
    reason(code, enhanced, rest[length..].trim())
}

#[test]
fn real_answers_mean_what_people_say_they_mean() {
    assert!(SAID.len() >= 60);
    let wrong: Vec<String> = SAID
        .iter()
        .filter(|(line, label)| of(line) != *label)
        .map(|(line, label)| format!("{label:?} taken for {:?}: {line}", of(line)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_meaning_has_examples() {
    for meaning in [MailboxUnknown, MailboxFull, Blocked, Throttled, Greylisted, Content, Auth, Other] {
        assert!(SAID.iter().filter(|(_, label)| *label == meaning).count() >= 3, "{meaning:?}");
    }
}
