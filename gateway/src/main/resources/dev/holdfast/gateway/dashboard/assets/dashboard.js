// SPDX-License-Identifier: Apache-2.0
// The page: puts feed, model and views together. Rendering happens at most a few times a second, only while visible.

import { Admin } from './admin.js';
import { Calls } from './calls.js';
import { Changes } from './changes.js';
import { Feed } from './feed.js';
import { Model } from './model.js';
import { standing, Targets } from './targets.js';
import { Timeline } from './timeline.js';
import { count, el, left, percent, plural, quoted, rate, setIcon, setText, setTone, words } from './text.js';

const RENDER_EVERY_MS = 250;
const page = id => document.getElementById(id);

const model = new Model();
const admin = new Admin({ changed: showAdmin, entered: () => feed.now() });
const targets = new Targets(page('targets'), (name, action) => admin.onTarget(name, action));
const timeline = new Timeline(page('timeline'), page('timeline-readout'), model);
const changes = new Changes(page('changes'), page('news'), model);
const calls = new Calls({
  list: page('calls'),
  note: page('calls-note'),
  hold: page('calls-hold'),
  all: page('calls-all'),
  scale: page('calls-scale'),
});
const status = { phase: 'connecting' };
let dirty = true;

const feed = new Feed(
  {
    history(json) {
      model.history(json);
      dirty = true;
    },
    event(name, json) {
      if (name === 'state') model.state(json);
      else if (name === 'target') {
        model.target(json);
        changes.heard(json);
      }
      else if (name === 'call') model.call(json);
      else if (name === 'tick') model.tick(json);
      dirty = true;
    },
    status(next) {
      Object.assign(status, { untilMs: 0, why: '', status: 0 }, next);
      showFeed();
      if (next.phase === 'refused') admin.refused(next.status);
    },
  },
  () => admin.key,
);

// --- header -------------------------------------------------------------------------------------------------------

function showFeed() {
  const now = performance.now();
  const tones = { live: 'good', connecting: 'warn', waiting: 'bad', refused: 'warn' };
  setTone(page('feed'), tones[status.phase]);
  page('feed-now').hidden = status.phase !== 'waiting';
  const texts = {
    live: 'Live',
    connecting: model.known ? 'Reconnecting' : 'Connecting',
    waiting: `Not live: ${status.why}. Again in ${left(status.untilMs - now)}`,
    refused: 'Needs the admin key',
  };
  setText(page('feed-text'), texts[status.phase]);
  document.body.classList.toggle('stale', status.phase !== 'live' && model.known);
}

function health() {
  if (!model.known) return { tone: 'none', icon: 'unknown', word: 'Waiting', title: 'Waiting for data', sub: '' };
  if (model.draining) return { tone: 'drained', icon: 'drained', word: 'Draining', title: 'Draining', sub: 'new calls are refused, running ones finish' };
  const now = performance.now();
  const bad = model.targets.map(target => ({ target, state: standing(target, now) })).filter(({ state }) => state !== 'closed');
  const all = model.targets.length;
  if (!bad.length) return { tone: 'good', icon: 'closed', word: 'Ready', title: 'Ready', sub: all ? `all ${plural(all, 'target')} take calls` : 'no targets yet' };
  const sub = bad.map(({ target, state }) => `${quoted(target.name)} ${words(state)}`).join(', ');
  const gone = bad.length === all;
  return { tone: gone ? 'bad' : 'warn', icon: 'warning', word: gone ? 'No target' : 'Degraded', title: gone ? 'No target takes calls' : `Degraded: ${bad.length} of ${all} targets`, sub };
}

function figure(id, value, sub, tone = '') {
  const box = page(id);
  setText(box.querySelector('strong'), value);
  const small = box.querySelector('.sub');
  setText(small, sub);
  if (small.title !== sub) small.title = sub;
  setTone(box, tone);
}

function showFigures() {
  const now = health();
  setTone(page('gateway-state'), now.tone);
  setIcon(page('gateway-state').firstElementChild, now.icon);
  setText(page('gateway-state').lastElementChild, now.word);
  figure('f-state', now.title, now.sub, now.tone);
  document.title = `${now.word} · Holdfast gateway`;

  const ended = model.ended();
  const share = ended.calls ? ended.answered / ended.calls : 1;
  const known = ended.seconds < 60 ? `, ${ended.seconds} s known` : '';
  figure(
    'f-success',
    percent(ended.answered, ended.calls),
    ended.calls ? `${count(ended.answered)} of ${count(ended.calls)} calls${known}` : 'no calls',
    share < 0.9 ? 'bad' : share < 0.99 ? 'warn' : '',
  );
  const minute = model.lastMinute();
  const recent = model.ended(10);
  figure('f-rate', model.known ? rate(recent.all / recent.seconds) : '–', minute.seconds ? `${rate(minute.calls / minute.seconds)} attempts/s` : '');
  figure('f-failed', minute.seconds ? percent(minute.failures, minute.calls) : '–', minute.calls ? `${count(minute.failures)} of ${count(minute.calls)}` : 'no attempts', minute.failures > minute.calls * 0.1 ? 'warn' : '');
  const flight = model.targets.reduce((all, target) => all + (target.inFlight || 0), 0);
  const waiting = model.targets.reduce((all, target) => all + target.queued, 0);
  figure('f-flight', model.known ? count(flight) : '–', waiting ? `${count(waiting)} waiting for a slot` : 'none waiting');
}

// --- empty states -------------------------------------------------------------------------------------------------

function curl() {
  const body = JSON.stringify({ model: model.models[0] ?? 'default', messages: [{ role: 'user', content: 'Hello' }] });
  return `curl -s ${location.origin}/v1/chat/completions -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
}

function showEmpty() {
  const noCalls = model.known && model.calls.length === 0;
  page('calls-empty').hidden = !noCalls;
  document.querySelector('.calls-head').hidden = noCalls;
  if (noCalls && !page('calls-empty').hasChildNodes()) {
    const line = el('code', 'command', curl());
    const copy = el('button', 'button small', 'Copy');
    copy.type = 'button';
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(line.textContent);
        setText(copy, 'Copied');
      } catch {
        getSelection().selectAllChildren(line);
      }
    });
    page('calls-empty').append(el('p', null, 'No call has ended yet. Send one:'), el('div', 'command-line', line, copy));
  }
  const noTargets = model.known && model.targets.length === 0;
  page('targets-empty').hidden = !noTargets;
  if (noTargets && !page('targets-empty').hasChildNodes()) {
    page('targets-empty').append(el('p', null, 'No target is known yet. Targets come from the configuration, or appear with the first call that names one.'));
  }
}

// --- rendering ----------------------------------------------------------------------------------------------------

let renderedAt = 0;
let clockAt = 0;

function frame(at) {
  if (dirty && at - renderedAt >= RENDER_EVERY_MS) {
    dirty = false;
    renderedAt = at;
    targets.render(model);
    changes.render();
    calls.render(model.calls);
    showFigures();
    showEmpty();
    setText(page('version'), model.version ? `Holdfast ${model.version}. ` : '');
    document.body.classList.toggle('known', model.known);
  }
  if (at - clockAt >= RENDER_EVERY_MS) {
    clockAt = at;
    targets.tick(model);
    timeline.draw();
    if (status.phase === 'waiting') showFeed();
  }
  requestAnimationFrame(frame);
}

function showAdmin() {
  setText(page('admin-label'), admin.active ? 'Admin' : 'Admin key');
  page('admin-open').classList.toggle('on', admin.active);
  page('gateway-actions').hidden = !admin.active;
  targets.admin(admin.active);
}

// --- what people press --------------------------------------------------------------------------------------------

const stored = (key, fallback) => {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
};
const store = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private windows may refuse; the choice lasts as long as the page, then
  }
};

const THEMES = ['system', 'dark', 'light'];
const SYSTEM_DARK = '(prefers-color-scheme: dark)';
let theme = stored('holdfast.theme', 'system');

function showTheme() {
  if (!THEMES.includes(theme)) theme = 'system';
  page('dark').media = { system: SYSTEM_DARK, dark: 'all', light: 'not all' }[theme];
  const label = `Theme: ${theme === 'system' ? 'as the system' : theme}`;
  page('theme').setAttribute('aria-label', label);
  page('theme').title = label;
  timeline.draw(true);
}

function nextTheme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  store('holdfast.theme', theme);
  showTheme();
}

function pressOne(group, pressed) {
  for (const button of group.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button === pressed));
}

for (const button of document.querySelectorAll('[data-minutes]')) {
  button.addEventListener('click', () => {
    pressOne(button.parentElement, button);
    timeline.minutes(Number(button.dataset.minutes));
  });
}
for (const button of document.querySelectorAll('[data-filter]')) {
  button.addEventListener('click', () => {
    pressOne(button.parentElement, button);
    calls.filter(button.dataset.filter);
  });
}
page('theme').addEventListener('click', nextTheme);
page('feed-now').addEventListener('click', () => feed.now());
page('help-open').addEventListener('click', () => page('help-dialog').showModal());
page('keys-on').checked = stored('holdfast.keys', 'on') === 'on';
page('keys-on').addEventListener('change', () => store('holdfast.keys', page('keys-on').checked ? 'on' : 'off'));
matchMedia(SYSTEM_DARK).addEventListener('change', () => timeline.draw(true));

const KEYS = {
  t: () => page('targets-title').scrollIntoView({ block: 'start' }) ?? page('main').focus({ preventScroll: true }),
  m: () => timeline.focus(),
  c: () => calls.focus(),
  1: () => document.querySelector('[data-filter="all"]').click(),
  2: () => document.querySelector('[data-filter="failed"]').click(),
  3: () => document.querySelector('[data-filter="retried"]').click(),
  p: () => calls.switch(),
  d: nextTheme,
  k: () => admin.ask(),
  '?': () => page('help-dialog').showModal(),
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !page('keys-on').checked) return;
  if (document.querySelector('dialog[open]') || event.target.closest('input, textarea, select')) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

showTheme();
showAdmin();
requestAnimationFrame(frame);
feed.now();
