// The page in the network that the box opens itself: the phone chooses a network and types its
// password, which goes to the box once and is kept nowhere here.
//
// All sentences come from the box (/words.json), and so does the list: while this network is open
// the box can look for no other.

const at = (id) => document.getElementById(id);
// How strong a network is, from 0 to 4.
const BARS = '▂▄▆█';
const OTHER = 'other';

let words = {};
let networks = [];

const say = (key) => words[key] ?? '';
const tell = (text) => { at('status').textContent = text; };

async function read(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

function line(value, name, strength) {
  const label = document.createElement('label');
  label.className = 'line';
  const choice = document.createElement('input');
  choice.type = 'radio';
  choice.name = 'network';
  choice.value = value;
  choice.required = true;
  const text = document.createElement('span');
  text.textContent = name;
  const bars = document.createElement('span');
  bars.className = 'bars';
  bars.textContent = strength;
  bars.setAttribute('aria-hidden', 'true');
  label.append(choice, text, bars);
  return label;
}

const chosen = () => new FormData(at('join')).get('network');

// What must be typed for what is chosen.
function choose() {
  const value = chosen();
  const other = value === OTHER;
  at('named').hidden = !other;
  at('name').required = other;
  at('locked').hidden = value === null || !(other || networks[value].locked);
  tell('');
}

// As IEEE 802.11 has it; a network that does not tell its name may have none.
const fits = (password) => /^[ -~]{8,63}$/.test(password);

async function join() {
  const value = chosen();
  const other = value === OTHER;
  const body = other ? { name: at('name').value } : { network: Number(value) };
  const password = at('locked').hidden ? '' : at('password').value;
  if (password) body.password = password;
  if (password ? !fits(password) : !other && networks[value].locked) {
    tell(say('length'));
    return;
  }
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch('/join', { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status === 400) {
    tell(say('length'));
  } else if (answer.ok) {
    at('join').hidden = true;
    at('password').value = '';
    tell(say('sent'));
  } else {
    tell(say('away'));
  }
}

async function begin() {
  const told = await read('/words.json');
  words = told.words;
  document.documentElement.lang = told.language;
  document.documentElement.dir = told.direction;
  for (const it of document.querySelectorAll('[data-say]')) it.textContent = say(it.dataset.say);
  document.title = say('title');
  networks = (await read('/networks')).networks;
  const lines = networks.map((it, number) => line(number, it.name, BARS.slice(0, it.bars)));
  at('networks').append(...lines, line(OTHER, say('other'), ''));
}

at('networks').addEventListener('change', choose);
at('show').addEventListener('change', () => {
  at('password').type = at('show').checked ? 'text' : 'password';
});
at('join').addEventListener('submit', (event) => {
  event.preventDefault();
  join().catch(() => tell(say('away')));
});
begin().catch(() => tell(say('away')));
