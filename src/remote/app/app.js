// The phone's side of the box: it shows the state that the box tells, and sends what is asked.
//
// Nothing is decided here, and all sentences come from the box (/words.json). The token of this
// phone is in the browser's storage, and goes with every call as a header: no cookie is ever set.
// Who watches is in who.js.

import { forget, meetIfNew, nobody, showPin, showWho, wireWho } from './who.js';

const API = '/api/v1';
const TOKEN = 'matinee-token';
// A lost line is tried again after that, and at most so much later each time.
const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 15000;
// The box sends a sign of life every 15 s: a line that is silent for longer is dead.
const SILENCE_MS = 40000;
// A finger that moved so far has swiped.
const SWIPE = 30;
const PAGES = ['remote', 'now', 'find', 'more'];

export const at = (id) => document.getElementById(id);
const all = (query) => document.querySelectorAll(query);

let words = {};
export let state = null;
export let token = localStorage.getItem(TOKEN);
let listening = null;
let seeking = false;

export const say = (key) => words[key] ?? '';
const tell = (text) => { at('status').textContent = text; };

// ---- calls

class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

// The answer as it is, of what is sent as it is.
async function ask(method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body) headers['Content-Type'] = 'application/json';
  const answer = await fetch(API + path, { method, headers, body });
  if (answer.status === 401) {
    unpair();
    tell(say('unpaired'));
    throw new Refused(401, say('unpaired'));
  }
  if (!answer.ok) {
    const told = await answer.json();
    throw new Refused(answer.status, told.error ?? say('failed'));
  }
  return answer;
}

export async function call(method, path, body) {
  const answer = await ask(method, path, body && JSON.stringify(body));
  return answer.json();
}

// What went wrong is said, and nothing else happens.
export async function attempt(work, done) {
  try {
    const told = await work();
    tell(done ?? '');
    return told;
  } catch (error) {
    const asked = error.status === 409 && nobody();
    if (asked) tell(say('who'));
    else tell(error instanceof Refused ? error.message : say('away'));
    return null;
  }
}

const key = (name) => attempt(() => call('POST', '/key', { key: name }));

// ---- pairing

function unpair() {
  token = null;
  state = null;
  forget();
  localStorage.removeItem(TOKEN);
  listening?.abort();
  show();
}

async function pair(code) {
  const name = at('name').value.trim() || say('my_phone');
  const body = JSON.stringify({ code: code.replace(/\s/g, ''), name });
  const headers = { 'Content-Type': 'application/json' };
  let answer;
  try {
    answer = await fetch('/pair', { method: 'POST', headers, body });
  } catch {
    tell(say('away'));
    return;
  }
  const told = await answer.json();
  if (answer.ok) {
    token = told.token;
    localStorage.setItem(TOKEN, token);
    tell('');
    show();
    listen();
    return;
  }
  const why = { 403: say('wrong'), 409: say('no_code'), 429: say('slow') };
  tell(why[answer.status] ?? told.error);
}

// ---- the state of the box

async function listen() {
  let again = AGAIN_MS;
  while (token) {
    listening = new AbortController();
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => listening.abort(), SILENCE_MS);
    };
    try {
      heard();
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`${API}/events`, { headers, signal: listening.signal });
      if (answer.status === 401) {
        unpair();
        tell(say('unpaired'));
        return;
      }
      if (!answer.ok) throw new Error();
      again = AGAIN_MS;
      if (at('status').textContent === say('away')) tell('');
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader(), heard);
    } catch {
      // What to say is the same as for an end in order.
    } finally {
      clearTimeout(silence);
    }
    if (!token) return;
    tell(say('away'));
    await new Promise((done) => { setTimeout(done, again); });
    again = Math.min(again * 2, AGAIN_MAX_MS);
  }
}

// Server-sent events: each ends with an empty line, and its data are one line of JSON.
async function read(reader, heard) {
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data:'));
      if (data) take(JSON.parse(data.slice(5)));
    }
  }
}

function take(told) {
  const before = state;
  state = told;
  const { playback, search, address } = state;
  showNotice(before?.notice);
  meetIfNew(before);
  showWho();
  showPin();
  at('nothing').hidden = !!playback;
  at('playing').hidden = !playback;
  if (playback) showPlayback(playback);
  const text = at('text');
  if (document.activeElement !== text) text.value = (search ?? address)?.text ?? '';
}

// What the TV says at its edge, as long as it does.
function showNotice(before) {
  const { notice } = state;
  if (notice === before) return;
  if (notice) tell(notice);
  else if (at('status').textContent === before) tell('');
}

const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const tail = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${tail}` : tail;
};

function showPlayback(playback) {
  at('film').textContent = playback.title;
  const place = at('place');
  place.disabled = !playback.duration_ms;
  place.max = playback.duration_ms ?? 1;
  if (!seeking) place.value = playback.position_ms;
  showPlace(playback.duration_ms);
}

function showPlace(duration) {
  const place = at('place');
  at('elapsed').textContent = clock(Number(place.value));
  at('length').textContent = duration ? clock(duration) : '';
  place.setAttribute('aria-valuetext', clock(Number(place.value)));
}

// ---- pages

export function show() {
  const asked = location.hash.slice(1);
  const page = PAGES.includes(asked) ? asked : PAGES[0];
  at('pair').hidden = !!token;
  at('pages').hidden = !token;
  for (const name of PAGES) at(name).hidden = !token || name !== page;
  for (const button of all('[data-page]')) {
    if (button.dataset.page === page) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
  }
  showWho();
  showPin();
  if (token && page === 'find' && !at('films').childElementCount && !nobody()) showLibrary();
  if (token && page === 'more') showAddOns();
}

function heading(text) {
  const title = document.createElement('h3');
  title.textContent = text;
  return title;
}

function list(films) {
  const items = document.createElement('ul');
  for (const film of films) {
    const item = document.createElement('li');
    const name = document.createElement('span');
    name.textContent = film.year ? `${film.title} (${film.year})` : film.title;
    const open = document.createElement('button');
    open.textContent = say('show');
    open.setAttribute('aria-label', `${say('show')}: ${film.title}`);
    const what = film.id ? { type: film.type, id: film.id } : { film: film.film };
    open.onclick = () => openOnTv(what);
    item.append(name, open);
    items.append(item);
  }
  return items;
}

// The TV may say why it does not show it.
async function openOnTv(what) {
  const told = await attempt(() => call('POST', '/open', what));
  if (told) tell(state?.notice ?? say('opened'));
}

async function showLibrary() {
  // Nobody watches yet, which the page says by itself.
  const none = (error) => {
    if (error.status === 409) return null;
    throw error;
  };
  const told = await attempt(() => call('GET', '/library').catch(none));
  if (!told) return;
  const parts = [];
  const played = told.played.map((it) => it.film);
  if (played.length) parts.push(heading(say('library')), list(played));
  if (told.list.length) parts.push(heading(say('list')), list(told.list));
  at('films').replaceChildren(...parts);
}

async function find() {
  tell(say('searching'));
  const asked = encodeURIComponent(at('words').value.trim());
  const whose = state?.profile?.id;
  const told = await attempt(() => call('GET', `/search?q=${asked}`));
  if (!told || whose !== state?.profile?.id) return;
  if (!told.films.length) tell(say('none'));
  at('films').replaceChildren(list(told.films));
}

async function showAddOns() {
  const told = await attempt(() => call('GET', '/addons'));
  const items = (told?.addons ?? []).map((addOn) => {
    const item = document.createElement('li');
    item.textContent = addOn.name;
    return item;
  });
  at('add-ons').replaceChildren(...items);
}

// ---- backup and diagnostics

// The browser saves it as a file.
function keep(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), AGAIN_MAX_MS);
}

const today = () => new Date().toISOString().slice(0, 10);

async function save() {
  const blob = await attempt(async () => (await ask('GET', '/backup')).blob());
  if (blob) keep(blob, `matinee-${today()}.json`);
}

async function bring() {
  const file = at('file').files[0];
  if (!file) return;
  await attempt(() => ask('POST', '/backup', file), say('asked'));
  at('file').value = '';
}

async function diagnose() {
  const text = await attempt(async () => (await ask('GET', '/diagnostics')).text());
  if (text === null) return;
  at('report').textContent = text;
  at('report').hidden = false;
  at('keep').hidden = false;
}

// ---- typing: the box has the newest text, and never two calls at once

let typing = false;
let newest = null;

async function type(text) {
  newest = text;
  if (typing) return;
  typing = true;
  while (newest !== null) {
    const next = newest;
    newest = null;
    await attempt(() => call('POST', '/text', { text: next }));
  }
  typing = false;
}

// ---- hands

function wire() {
  for (const button of all('[data-key]')) button.onclick = () => key(button.dataset.key);
  for (const button of all('[data-page]')) {
    button.onclick = () => { location.hash = button.dataset.page; };
  }
  for (const button of all('[data-skip]')) {
    button.onclick = () => {
      const playback = state?.playback;
      if (!playback) return;
      const to = Math.max(0, playback.position_ms + Number(button.dataset.skip) * 1000);
      attempt(() => call('POST', '/seek', { position_ms: to }));
    };
  }
  wireWho();
  const form = (id, work) => {
    at(id).onsubmit = (event) => {
      event.preventDefault();
      work();
    };
  };
  form('pair', () => pair(at('code').value));
  form('search', find);
  form('open', () => {
    openOnTv({ magnet: at('magnet').value.trim() });
  });
  form('install', async () => {
    const url = at('address').value.trim();
    if (await attempt(() => call('POST', '/addons', { url }))) {
      await showAddOns();
      tell(say('installed'));
    }
  });
  at('save').onclick = save;
  at('file').onchange = bring;
  at('diagnose').onclick = diagnose;
  at('keep').onclick = () => {
    const report = new Blob([at('report').textContent], { type: 'text/plain' });
    keep(report, `matinee-${today()}.txt`);
  };
  at('forget').onclick = unpair;
  at('text').oninput = () => type(at('text').value);
  const place = at('place');
  place.oninput = () => {
    seeking = true;
    showPlace(state?.playback?.duration_ms);
  };
  place.onchange = async () => {
    await attempt(() => call('POST', '/seek', { position_ms: Number(place.value) }));
    seeking = false;
  };
  touch(at('pad'));
  window.onhashchange = show;
}

// A swipe moves the focus, a tap is OK; so is a press of a key on the pad.
function touch(pad) {
  let from = null;
  let swiped = false;
  pad.onpointerdown = (event) => {
    from = { x: event.clientX, y: event.clientY };
    swiped = false;
    pad.setPointerCapture(event.pointerId);
  };
  pad.onpointermove = (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.max(Math.abs(x), Math.abs(y)) < SWIPE) return;
    const sideways = Math.abs(x) > Math.abs(y);
    if (sideways) key(x > 0 ? 'right' : 'left');
    else key(y > 0 ? 'down' : 'up');
    swiped = true;
    from = { x: event.clientX, y: event.clientY };
  };
  pad.onpointerup = () => { from = null; };
  pad.onpointercancel = () => { from = null; };
  pad.onclick = () => {
    if (!swiped) key('ok');
    swiped = false;
  };
}

export async function speak() {
  const told = await (await fetch('/words.json')).json();
  words = told.words;
  document.documentElement.lang = told.language;
  document.documentElement.dir = told.direction;
  document.title = say('title');
  for (const element of all('[data-say]')) element.textContent = say(element.dataset.say);
  for (const element of all('[data-label]')) {
    element.setAttribute('aria-label', say(element.dataset.label));
  }
}

// A code from the camera comes behind the '#', which no server is sent.
async function start() {
  await speak();
  at('name').value = say('my_phone');
  wire();
  const secret = location.hash.slice(1);
  const scanned = /^[0-9a-f]{32}$/.test(secret);
  if (scanned) history.replaceState(null, '', '/');
  show();
  if (scanned && !token) await pair(secret);
  else if (token) listen();
}

start();
