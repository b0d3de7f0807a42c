// Who watches on the box: shown, changed, and the PIN that the TV asks for.
//
// All of it is as the box says: it checks a PIN, and what is listed it chooses. A PIN is in its field
// until it is sent, and nowhere else.

import { at, attempt, call, say, show, speak, state, token } from './app.js';

// All of them, as far as that was told; and how often they were asked for.
let people = [];
let asks = 0;
// What the state said of them then.
let known = '';
// As it is drawn; a list that is drawn anew loses the focus.
const drawn = { me: '', people: '' };
// The list was opened here, and one was chosen here.
let choosing = false;
let chose = false;

export function forget() {
  people = [];
  known = '';
}

export function meetIfNew(before) {
  const seen = JSON.stringify([state.profile, state.who?.profiles]);
  if (seen === known) return;
  known = seen;
  meet(before && before.profile?.id !== state.profile?.id);
}

// All of them are asked for. What was listed for another is forgotten, and the words may be in
// another language now.
async function meet(another) {
  asks += 1;
  const mine = asks;
  if (another) {
    chose = false;
    at('films').replaceChildren();
    at('words').value = '';
  }
  try {
    const told = await call('GET', '/profiles');
    if (mine === asks) people = told.profiles;
    if (another) await speak();
  } catch {
    // The line tells that it is down, and the next state asks again.
    known = '';
    return;
  }
  if (another) show();
  showWho();
}

// It is to be said who watches, or can be: one alone without a PIN is nobody in particular.
const several = () => !!token && (people.length > 1 || people.some((one) => one.pin));
export const nobody = () => several() && !state?.profile;

function face(one) {
  const it = document.createElement('span');
  it.className = 'face';
  it.style.backgroundColor = one.colour;
  // Drawn by the style, for it is no word.
  it.dataset.letter = [...one.name][0].toLocaleUpperCase();
  return it;
}

function named(one) {
  const it = document.createElement('span');
  it.textContent = one.name;
  return it;
}

export function showWho() {
  const me = at('me');
  const now = several() ? state?.profile : null;
  const open = several() && !state?.pin && (choosing || !now);
  me.hidden = !now;
  me.setAttribute('aria-expanded', String(open));
  const mine = now ? `${say('who')} ${now.name}` : '';
  const look = mine + now?.colour;
  if (now && drawn.me !== look) {
    drawn.me = look;
    me.setAttribute('aria-label', mine);
    me.replaceChildren(face(now), named(now));
  }
  at('who').hidden = !open;
  const told = JSON.stringify([people, now?.id]);
  if (drawn.people === told) return;
  drawn.people = told;
  at('people').replaceChildren(...people.map((one) => person(one, one.id === now?.id)));
}

function person(one, watches) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.className = 'person';
  if (watches) button.setAttribute('aria-current', 'true');
  const name = named(one);
  if (one.note) {
    const note = document.createElement('small');
    note.textContent = one.note;
    name.append(note);
  }
  button.append(face(one), name);
  button.onclick = () => choose(one, watches);
  item.append(button);
  return item;
}

async function choose(one, watches) {
  choosing = false;
  chose = !watches;
  showWho();
  if (!watches) await attempt(() => call('POST', '/profile', { id: one.id }));
}

// Where the TV wants a PIN, whoever led it there, this phone can type it.
export function showPin() {
  const form = at('asked');
  const pin = token && state?.pin;
  const comes = pin && (form.hidden || at('whose').textContent !== pin.title);
  if (!pin && !form.hidden) chose = false;
  form.hidden = !pin;
  at('typed').hidden = !!pin;
  if (!pin) {
    at('pin').value = '';
    return;
  }
  at('whose').textContent = pin.title;
  if (at('came').textContent !== pin.status) at('came').textContent = pin.status;
  at('unlock').disabled = pin.waits;
  if (comes) {
    at('pin').value = '';
    if (chose) at('pin').focus();
  }
}

async function unlock() {
  const pin = at('pin').value;
  at('pin').value = '';
  await attempt(() => call('POST', '/pin', { pin }));
}

export function wireWho() {
  at('me').onclick = () => {
    choosing = !choosing;
    meet(false);
    showWho();
  };
  at('asked').onsubmit = (event) => {
    event.preventDefault();
    unlock();
  };
}
