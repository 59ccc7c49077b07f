// SPDX-License-Identifier: Apache-2.0
// One row for each target. Rows are made once and only their texts change, so that nothing jumps.

import { compact, count, el, icon, left, nameOf, percent, quoted, rate, setIcon, setName, setText, setTone, span, words } from './text.js';

const WORDS = {
  closed: 'Closed',
  open: 'Open',
  half_open: 'Half open',
  blocked: 'Blocked',
  paused: 'Paused',
  drained: 'Drained',
  unknown: 'Unknown',
};

export const ACTIONS = [
  { action: 'open', label: 'Open circuit' },
  { action: 'close', label: 'Close circuit' },
  { action: 'reset', label: 'Reset' },
  { action: 'drain', label: 'Drain' },
  { action: 'enable', label: 'Enable' },
];

/** Of all that can be said about a target, what decides whether calls go there. */
export function standing(target, now) {
  if (target.blocked) return 'blocked';
  if (target.circuit === 'open' || target.circuit === 'half_open') return target.circuit;
  if (target.pausedUntil > now) return 'paused';
  if (target.drained) return 'drained';
  return WORDS[target.circuit] ? target.circuit : 'unknown';
}

/** The rest of it, shortest first: what the word above does not say yet. */
function details(target, state, now) {
  const parts = [];
  if (target.blocked) {
    const until = target.blocked.until;
    parts.push(`${words(target.blocked.reason)}${until > now ? `, next try ${left(until - now)}` : ', next call tries'}`);
  }
  if (state !== target.circuit) parts.push(`circuit ${words(target.circuit)}`);
  if (target.forced) parts.push('set by hand');
  else if (target.circuit === 'open') parts.push(target.nextProbe > now ? `probe in ${left(target.nextProbe - now)}` : 'probe with the next call');
  else if (target.circuit === 'half_open') parts.push('probing');
  if (target.pausedUntil > now) parts.push(`paused ${left(target.pausedUntil - now)}`);
  if (target.drained && state !== 'drained') parts.push('drained');
  if (!parts.length) parts.push('takes calls');
  return parts;
}

export class Targets {
  #list;
  #rows = new Map();
  #act;

  /** @param act called with a target's name and one of ACTIONS when its button is pressed */
  constructor(list, act) {
    this.#list = list;
    this.#act = act;
  }

  admin(on) {
    this.#list.classList.toggle('with-actions', on);
    for (const row of this.#rows.values()) row.actions.hidden = !on;
  }

  render(model) {
    const names = new Set(model.targets.map(target => target.name));
    for (const [name, row] of this.#rows) {
      if (names.has(name)) continue;
      row.item.remove();
      this.#rows.delete(name);
    }
    let before = null;
    for (const target of model.targets) {
      let row = this.#rows.get(target.name);
      if (!row) {
        row = this.#row(target.name);
        this.#rows.set(target.name, row);
      }
      const wanted = before ? before.nextElementSibling : this.#list.firstElementChild;
      if (wanted !== row.item) before ? before.after(row.item) : this.#list.prepend(row.item);
      before = row.item;
      this.#fill(row, target, model);
    }
  }

  /** Moves the clocks only. */
  tick(model) {
    for (const target of model.targets) {
      const row = this.#rows.get(target.name);
      if (row) this.#state(row, target);
    }
  }

  #row(name) {
    const id = `target-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    const title = el('h3', 'target-name', nameOf(name));
    title.id = id;
    const where = [nameOf(''), nameOf('')];
    const stateIcon = icon('unknown', 'icon big');
    const word = el('strong', 'state-word');
    const detail = el('span', 'state-detail');
    const row = {
      where,
      stateIcon,
      word,
      detail,
      cells: {},
      actions: el('div', 'actions'),
    };
    const facts = el('dl', 'facts');
    for (const [key, label] of [
      ['flight', 'In flight'],
      ['calls', 'Attempts'],
      ['failures', 'Failures'],
      ['first', 'First content p50 / p95'],
      ['tokens', 'Tokens in / out'],
      ['budget', 'Retry budget'],
    ]) {
      const value = el('span', 'value', '–');
      const sub = el('span', 'sub');
      const note = el('span', 'note');
      row.cells[key] = { value, sub, note };
      facts.append(el('div', `fact ${key}`, el('dt', 'label', label), el('dd', null, el('span', 'line', value, note), sub)));
    }
    row.fill = el('span', 'meter-fill');
    row.meter = el('span', 'meter', row.fill);
    row.cells.budget.sub.append(row.meter);
    row.actions.hidden = !this.#list.classList.contains('with-actions');
    row.actions.setAttribute('role', 'group');
    row.actions.setAttribute('aria-label', `Actions for ${quoted(name)}`);
    for (const { action, label } of ACTIONS) {
      const button = el('button', 'button small', label);
      button.type = 'button';
      button.dataset.action = action;
      button.setAttribute('aria-label', `${label} ${quoted(name)}`);
      button.addEventListener('click', () => this.#act(name, action));
      row.actions.append(button);
    }
    const article = el(
      'article',
      'target',
      el('p', 'state', stateIcon, el('span', 'state-text', word, detail)),
      el('div', 'who', title, el('p', 'sub where', where[0], ' · ', where[1])),
      facts,
      row.actions,
    );
    article.setAttribute('aria-labelledby', id);
    row.article = article;
    row.item = el('li', null, article);
    return row;
  }

  #state(row, target) {
    const now = performance.now();
    const state = standing(target, now);
    setTone(row.article, state);
    setIcon(row.stateIcon, state);
    setText(row.word, WORDS[state]);
    const parts = details(target, state, now);
    if (row.said !== parts.join()) {
      row.said = parts.join();
      row.detail.replaceChildren(...parts.map(part => el('span', 'chip', part)));
    }
  }

  #fill(row, target, model) {
    this.#state(row, target);
    setName(row.where[0], target.provider);
    setName(row.where[1], target.model);
    const { flight, calls, failures, first, tokens, budget } = row.cells;
    setText(flight.value, count(target.inFlight));
    setText(flight.sub, target.queued ? `${count(target.queued)} waiting` : '');
    setText(calls.value, count(target.calls));
    const minute = model.lastMinute(target.name);
    setText(calls.sub, minute.seconds ? `${rate(minute.calls / minute.seconds)}/s` : '');
    const failed = [...target.failures.values()].reduce((all, n) => all + n, 0);
    setText(failures.value, failed ? `${count(failed)} · ${percent(failed, target.calls)}` : '0');
    row.article.classList.toggle('failing', minute.failures > 0 && minute.failures >= minute.calls * 0.05);
    const said = [...target.failures].sort((a, b) => b[1] - a[1]).map(([category, n]) => `${words(category)} ${count(n)}`);
    setText(failures.note, minute.failures ? ` · ${percent(minute.failures, minute.calls)} in the last minute` : '');
    if (row.failed !== said.join()) {
      row.failed = said.join();
      failures.sub.replaceChildren(...said.map(text => el('span', 'chip plain', text)));
      failures.sub.title = said.join(', ');
    }
    setText(first.value, target.first ? `${span(target.first.p50)} / ${span(target.first.p95)}` : '–');
    setText(tokens.value, target.tokens ? `${compact(target.tokens.input)} / ${compact(target.tokens.output)}` : '–');
    const { budget: tokensLeft, budgetCapacity } = target;
    setText(budget.value, Number.isFinite(tokensLeft) ? `${count(Math.floor(tokensLeft))}${budgetCapacity ? ` of ${count(budgetCapacity)}` : ''}` : '–');
    row.meter.hidden = !budgetCapacity;
    if (budgetCapacity) {
      const share = Math.min(1, Math.max(0, tokensLeft / budgetCapacity));
      row.fill.style.width = `${Math.round(share * 100)}%`;
      setTone(row.meter, share < 0.2 ? 'bad' : share < 0.5 ? 'warn' : 'ok');
    }
  }
}
