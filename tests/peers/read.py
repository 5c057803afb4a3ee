"""Reads mail as Python's email package and dkimpy do: lines of JSON in, lines of JSON out.

Each line in: {"data": base64, "records": {name: TXT}}.
"""
import base64
import email
import email.policy
import json
import sys

import dkim

for line in sys.stdin:
    given = json.loads(line)
    raw = base64.b64decode(given["data"])
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    records = {name + ".": value.encode() for name, value in given["records"].items()}

    def txt(name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        return records.get(name) or records.get(name + ".")

    signatures = len(mail.get_all("DKIM-Signature", []))
    verifier = dkim.DKIM(raw)
    valid = []
    for at in range(signatures):
        try:
            valid.append(bool(verifier.verify(idx=at, dnsfunc=txt)))
        except dkim.DKIMException as error:
            valid.append(str(error))
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}

    def decoded(text):
        # What stands in a header as UTF-8 (RFC 6532) it keeps as octets in disguise.
        return text.encode("utf-8", "surrogateescape").decode("utf-8")

    def mailbox(name):
        return [[decoded(one.display_name), decoded(one.addr_spec)] for one in mail[name].addresses]

    print(json.dumps({
        "subject": str(mail["Subject"]),
        "from": mailbox("From"),
        "to": mailbox("To"),
        "id": str(mail["Message-ID"]),
        "text": parts.get("text/plain"),
        "html": parts.get("text/html"),
        "names": [name for name in mail.keys()],
        "defects": [str(defect) for part in mail.walk() for defect in part.defects],
        "dkim": valid,
    }))
