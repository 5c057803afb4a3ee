"""A mail server that others wrote (aiosmtpd): keeps what it is given, as lines of JSON.

serve.py OUT [--starttls CERT KEY | --tls CERT KEY] [--auth NAME PASSWORD]

Prints its port, and ends when its standard input does.
"""
import asyncio
import base64
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

arguments = sys.argv[1:]
out = open(arguments.pop(0), "w", encoding="utf-8")
options = {}
while arguments:
    name = arguments.pop(0)
    options[name] = (arguments.pop(0), arguments.pop(0))


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "utf8": "SMTPUTF8" in envelope.mail_options,
            "data": base64.b64encode(envelope.original_content).decode(),
        }
        out.write(json.dumps(kept) + "\n")
        out.flush()
        return "250 2.0.0 Ok: queued as PEER"


def authenticate(server, session, envelope, mechanism, data):
    name, password = options["--auth"]
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (name.encode(), password.encode())
    return AuthResult(success=good, handled=False)


def context(pair):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    return made


settings = {"enable_SMTPUTF8": True, "data_size_limit": 1_000_000, "hostname": "peer.test"}
if "--auth" in options:
    settings |= {"auth_required": True, "authenticator": authenticate, "auth_require_tls": "--starttls" in options}
if "--starttls" in options:
    settings |= {"tls_context": context(options["--starttls"]), "require_starttls": True}


async def main():
    loop = asyncio.get_running_loop()
    sealed = context(options["--tls"]) if "--tls" in options else None
    server = await loop.create_server(lambda: SMTP(Keeper(), loop=loop, **settings), "127.0.0.1", 0, ssl=sealed)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
