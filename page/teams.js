// "Teams": create one, invite by mail, members and their roles, leave.

import {button, byId, describe, el, field, form, say} from './dom.js';
import {state, subscribe} from './state.js';
import {sdk} from './connection.js';
import {linkBack} from './arrival.js';

const teams = () => new globalThis.isojot.Teams(sdk.client);

let drawn;

/** Binds the topic. The teams are asked for while it is open, and when the user changes. */
export function startTeams() {
  const changed = () => refresh().catch((error) => say(describe(error), 'bad'));
  byId('topic-teams').addEventListener('toggle', changed);
  subscribe(({user}) => {
    if (user === drawn) return;
    drawn = user;
    changed();
  });
}

async function refresh() {
  const {user} = state;
  if (!user) {
    byId('teams').replaceChildren(el('p', {class: 'empty'}, 'Sign in first.'));
    return;
  }
  if (!byId('topic-teams').open) return;
  const list = await teams().list();
  const members = await Promise.all(list.teams.map(({$id}) => membersOf($id, user)));
  if (state.user !== user) return; // another's by now
  byId('teams').replaceChildren(
    form({class: 'fields line'}, 'Create a team', create, field('Name', {name: 'name', placeholder: 'Engines'})),
    ...list.teams.map((team, i) => teamCard(team, members[i])));
}

// Who the members are is hidden from each other, even which of them one is oneself,
// unless the project says otherwise; but one's own can be asked for.
async function membersOf(teamId, user) {
  const own = await teams().listMemberships({teamId, queries: [globalThis.isojot.Query.equal('userId', user.$id)]});
  const all = await teams().listMemberships({teamId});
  return {memberships: all.memberships, own: all.memberships.find(({$id}) => $id === own.memberships[0]?.$id)};
}

function teamCard(team, {memberships, own}) {
  const owns = own?.roles.includes('owner');
  return el('article', {class: 'team', 'data-team': team.$id},
    el('div', {class: 'head'}, el('h4', {}, team.name), own ? button('Leave', () => leave(team, own), {'aria-label': `Leave ${team.name}`}) : null),
    el('ul', {class: 'sessions'}, ...memberships.map((member) => memberLine(team, member, owns, member === own))),
    owns ? form({class: 'fields'}, 'Invite', (values) => invite(team, values),
      field('E-mail', {name: 'email', type: 'email', placeholder: 'grace@example.com'}),
      field('Roles, with commas', {name: 'roles', value: 'member', autocapitalize: 'none'})) : null);
}

function memberLine(team, member, owns, own) {
  const who = own ? 'You' : member.userName || member.userEmail || `Member ${member.$id}`;
  const roles = owns
    ? form({class: 'fields line'}, 'Set', ({roles: typed}) => setRoles(team, member, typed),
      field('Roles', {name: 'roles', value: member.roles.join(', '), autocapitalize: 'none', 'aria-label': `Roles of ${who}`}))
    : el('small', {}, member.roles.join(', ') || 'no roles');
  return el('li', {'data-member': member.$id},
    el('div', {}, el('strong', {}, who), own ? null : el('small', {}, member.userEmail), roles),
    el('span', {class: `badge ${member.confirm ? 'ok' : 'warn'}`}, member.confirm ? 'member' : 'invited'));
}

const split = (roles) => roles.split(',').map((role) => role.trim()).filter(Boolean);

async function create({name}) {
  const {$id} = await teams().create({teamId: globalThis.isojot.ID.unique(), name});
  await refresh();
  say(`The team ${name} is there (${$id}), and you own it.`, 'ok');
}

async function invite(team, {email, roles}) {
  await teams().createMembership({teamId: team.$id, email, roles: split(roles), url: linkBack('invitation')});
  await refresh();
  say(`The invitation to ${team.name} is in the mail.`, 'ok');
}

async function setRoles(team, member, roles) {
  await teams().updateMembership({teamId: team.$id, membershipId: member.$id, roles: split(roles)});
  await refresh();
  say('The roles are set.', 'ok');
}

async function leave(team, {$id}) {
  await teams().deleteMembership({teamId: team.$id, membershipId: $id});
  await refresh();
  say(`You left ${team.name}.`, 'ok');
}
