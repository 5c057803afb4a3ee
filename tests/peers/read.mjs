// Reads mail as mailparser and mailauth do: lines of JSON in, lines of JSON out.
//
// Each line in: {"data": base64, "records": {name: TXT}}.
import { createInterface } from 'node:readline';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  const raw = Buffer.from(given.data, 'base64');
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  const resolver = async (name) => {
    if (given.records[name]) return [[given.records[name]]];
    throw Object.assign(new Error(`no record at ${name}`), { code: 'ENOTFOUND' });
  };
  const { results } = await dkimVerify(raw, { resolver });
  const mailboxes = (field) => field.value.map((one) => [one.name, one.address]);
  console.log(JSON.stringify({
    subject: mail.subject ?? '',
    from: mailboxes(mail.from),
    to: mailboxes(mail.to),
    id: mail.messageId,
    text: mail.text ?? '',
    html: mail.html || '',
    names: mail.headerLines.map((header) => header.line.split(':')[0]),
    defects: [],
    dkim: results.map((one) => (one.status.result === 'pass' ? true : `${one.status.result} ${one.status.comment}`)),
  }));
}
