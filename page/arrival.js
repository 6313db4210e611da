// The way back from a link: verification, recovery, magic link, invitation and
// OAuth2 end at this page, with a secret in its address. This module takes it out
// of there as soon as it runs, and does nothing with it until it is told to: a
// link may come from anybody, and sign in as somebody else.

import {button, byId, el, field, form, say} from './dom.js';
import {account, sdk} from './connection.js';
import {refreshUser, welcome} from './session.js';

/** The address for a link of that purpose. */
export function linkBack(purpose) {
  return new URL(`?for=${purpose}`, new URL('.', location.href)).href;
}

// By purpose: what the panel says, asks and does.
const ends = {
  verification: ({userId, secret}) => ({
    text: 'This link shows that the mail arrived: it verifies the address.',
    submit: 'Verify the address',
    end: async () => {
      await account().updateEmailVerification({userId, secret});
      await refreshUser();
      say('The address is verified.', 'ok');
    },
  }),
  recovery: ({userId, secret}) => ({
    text: 'This link lets you choose another password. All tokens and links from before end with the old one.',
    submit: 'Set the password',
    fields: [field('New password', {name: 'password', type: 'password', autocomplete: 'new-password', placeholder: '8 to 256 characters'})],
    end: async ({password}) => {
      await account().updateRecovery({userId, secret, password});
      say('The password is changed. Sign in with it.', 'ok');
    },
  }),
  magic: ({userId, secret}) => ({
    text: `This link signs in as the user ${userId}, without a password.`,
    submit: 'Sign in',
    end: async () => {
      await account().createSession({userId, secret});
      await welcome();
    },
  }),
  invitation: ({teamId, teamName, membershipId, userId, secret}) => ({
    text: `This link accepts an invitation to the team ${teamName || teamId}. Who is not signed in is, by it.`,
    submit: 'Accept',
    end: async () => {
      await new globalThis.isojot.Teams(sdk.client).updateMembershipStatus({teamId, membershipId, userId, secret});
      await refreshUser();
      say(`Now a member of ${teamName || teamId}.`, 'ok');
    },
  }),
  oauth2: ({error}) => (error ? {text: `The provider's sign-in ended without a session. ${told(error)}`} : {
    text: 'The provider has sent you back, and the server has made the session already.',
  }),
};

// The server tells of a failure in JSON. The type alone is shown: what an address
// says may come from anybody.
function told(error) {
  try {
    const {type} = JSON.parse(error);
    return /^[a-z0-9_]{1,64}$/.test(type) ? `The server says: ${type}.` : '';
  } catch {
    return ''; // not the server's
  }
}

/** What the link brought, by name, or null when none led here. */
export const arrived = take();

function take() {
  const brought = Object.fromEntries(new URLSearchParams(location.search));
  if (!Object.hasOwn(ends, brought.for ?? '')) return null;
  history.replaceState(history.state, '', new URL('.', location.href));
  return brought;
}

/** Binds the panel: it is there when a link led here. */
export function startArrival() {
  if (!arrived) return;
  const {text, submit, fields = [], end} = ends[arrived.for](arrived);
  byId('arrival').hidden = false;
  byId('arrival-text').textContent = text;
  const close = () => { byId('arrival').hidden = true; };
  const asked = end && form({}, submit, async (values) => {
    await end(values);
    close();
  }, ...fields);
  const leave = button(end ? 'Not now' : 'Close', async () => { close(); }, {class: end ? 'link' : ''});
  byId('arrival-form').replaceChildren(...[asked, el('div', {class: 'row spaced'}, leave)].filter(Boolean));
  byId('arrival-form').querySelector('[type=submit]')?.classList.add('primary');
  byId('arrival-form').querySelector('input, button').focus();
}
