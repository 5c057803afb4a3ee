// What has to be there, besides the sample data, before every page can be looked at.
import { invite, invitationOf, saveLogo, withdraw } from './agency.mjs';
import { newContext } from './browser.mjs';
import { askForAddress, askForReset, askToSignUp, send } from './journeys.mjs';
import { administrator, owner, slug } from './people.mjs';

// Without scripts each answer is a page of its own, which is quicker.
async function asSomebody(browser, app, storageState, doing) {
  const context = await newContext(browser, { js: false, baseURL: app.url, storageState });
  const told = await doing(await context.newPage());
  await context.close();
  return told;
}

// A mail of each kind, for the pages that are reached through one.
async function askForMails(browser, app, ownerState) {
  await asSomebody(browser, app, undefined, async (page) => {
    await askToSignUp(page, { name: 'Pat Sample', email: 'pat@sample.example', workspace: 'Pat’s workspace' });
    await askForReset(page, owner);
  });
  await asSomebody(browser, app, ownerState, (page) => askForAddress(page, 'sam.new@summit-roofing.example'));
}

// The links of invitations: to somebody new, to somebody with an account, and one that is over.
async function inviteThree(app, page) {
  const emails = ['new@sample.example', administrator, 'too-late@sample.example'];
  const paths = [];
  for (const email of emails) {
    await invite(page, slug, email, 'Marketer');
    paths.push(await invitationOf(app, email));
  }
  await withdraw(page, slug, emails[2]);
  return { open: paths.slice(0, 2), over: paths[2] };
}

// Everything. Gives the links of the invitations.
export async function setTheStage(browser, app, ownerState) {
  await askForMails(browser, app, ownerState);
  return asSomebody(browser, app, ownerState, async (page) => {
    await saveLogo(page, slug);
    return inviteThree(app, page);
  });
}
