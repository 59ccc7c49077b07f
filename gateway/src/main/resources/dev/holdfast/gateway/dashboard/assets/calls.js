// SPDX-License-Identifier: Apache-2.0
// The last calls, newest first, each with its attempts as a waterfall. While somebody reads, the list stands still.

import { clean, count, el, icon, nameOf, percent, plural, setText, span, timeOfDay, words } from './text.js';
import { niceCeiling } from './timeline.js';

const MOST = 100;
const FIRST_SHOWN = 25;
const OUTCOME_WORDS = { success: 'answered', failure: 'failed', cancelled: 'client left', refused: 'refused', ignored: 'ignored' };
const FILTERS = {
  all: () => true,
  failed: call => call.outcome === 'failure' || call.outcome === 'refused',
  retried: call => call.attempts.length > 1,
};

/** Where the bars of a call lie, in milliseconds from its start: attempts, and the waits before them. */
export function bars(call) {
  const result = [];
  let end = 0;
  let before = { from: 0, to: 0 };
  for (const attempt of call.attempts) {
    let start = end + attempt.waitedMs;
    if (attempt.hedge) {
      // it ran beside the one before: to the end of the call if it won, else until that one had
      start = Math.max(before.from, (attempt.outcome === 'success' ? call.elapsedMs : before.to) - attempt.elapsedMs);
    } else if (attempt.waitedMs >= 1) {
      result.push({ kind: 'wait', from: end, to: start, attempt });
    }
    before = { kind: attempt.outcome, from: start, to: start + attempt.elapsedMs, attempt };
    result.push(before);
    end = Math.max(end, before.to);
  }
  return result;
}

/** The length that most calls fit into: one call of a minute must not make dots of all others. */
export function commonScale(calls) {
  const lengths = calls.map(call => call.elapsedMs).sort((a, b) => a - b);
  return niceCeiling(lengths.length ? lengths[Math.floor((lengths.length - 1) * 0.9)] : 100);
}

export class Calls {
  #list;
  #note;
  #scaleNote;
  #hold;
  #rows = new Map();
  #filter = 'all';
  #held = false;
  #shown = [];
  #calls = [];
  #scale = 0;
  #touched = false;

  #all;
  #most = FIRST_SHOWN;

  /** @param parts elements of the page: `list`, `note` beside the title, `hold` and `all` (buttons), `scale` in the head */
  constructor({ list, note, hold, all, scale }) {
    this.#list = list;
    this.#all = all;
    this.#note = note;
    this.#hold = hold;
    this.#scaleNote = scale;
    hold.addEventListener('click', () => this.switch());
    all.addEventListener('click', () => {
      this.#most = this.#most === MOST ? FIRST_SHOWN : MOST;
      this.#shown = [];
      this.#show();
    });
    list.addEventListener('pointerenter', event => {
      this.#touched = event.pointerType === 'mouse';
      this.#show();
    });
    list.addEventListener('pointerleave', () => {
      this.#touched = false;
      this.#show();
    });
    list.addEventListener('focusout', () => queueMicrotask(() => this.#show()));
    list.addEventListener('keydown', event => this.#move(event));
  }

  filter(name) {
    this.#filter = name;
    this.#shown = [];
    this.#show();
  }

  /** Holds the list, or lets it go on, whatever held it. */
  switch() {
    this.#held = !this.#reading;
    if (!this.#held) {
      this.#touched = false;
      for (const row of this.#rows.values()) if (row.more) this.#toggle(row);
      if (this.#list.contains(document.activeElement)) document.activeElement.blur();
    }
    this.#show();
  }

  focus() {
    this.#list.querySelector('.call-row')?.focus();
  }

  render(calls) {
    this.#calls = calls;
    this.#show();
  }

  get #reading() {
    if (this.#held || this.#touched) return true;
    return this.#list.contains(document.activeElement) || [...this.#rows.values()].some(row => row.more);
  }

  #show() {
    const fitting = this.#calls.filter(FILTERS[this.#filter]);
    const wanted = fitting.slice(0, this.#most);
    this.#all.hidden = fitting.length <= FIRST_SHOWN;
    setText(this.#all, this.#most === MOST ? `Show the last ${FIRST_SHOWN} only` : `Show all ${fitting.length}`);
    const newer = this.#shown.length ? wanted.filter(call => !this.#rows.has(call.id)).length : 0;
    if (this.#reading && this.#shown.length) {
      setText(this.#hold, 'Go on');
      setText(this.#note, newer ? `held, ${plural(newer, 'newer call')}` : 'held while you read');
      this.#hold.setAttribute('aria-pressed', 'true');
      return;
    }
    setText(this.#hold, 'Hold');
    this.#hold.setAttribute('aria-pressed', 'false');
    setText(this.#note, '');
    const scale = commonScale(wanted);
    if (scale > this.#scale || scale <= this.#scale / 4) {
      this.#scale = scale;
      for (const row of this.#rows.values()) row.fall.replaceWith((row.fall = fall(row.call, scale)));
      setText(this.#scaleNote, wanted.length ? `0 – ${span(scale)}` : '');
    }
    const ids = new Set(wanted.map(call => call.id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    let before = null;
    for (const call of wanted) {
      let row = this.#rows.get(call.id);
      if (!row) this.#rows.set(call.id, (row = this.#row(call)));
      const place = before ? before.nextElementSibling : this.#list.firstElementChild;
      if (place !== row.item) before ? before.after(row.item) : this.#list.prepend(row.item);
      before = row.item;
    }
    this.#shown = wanted;
    this.#none(wanted.length);
  }

  /** A filter that nothing passes must not look like a page that is broken. */
  #none(found) {
    const absent = this.#list.querySelector('.call-none');
    if (found || !this.#calls.length) absent?.remove();
    else if (!absent) this.#list.append(el('li', 'call-none', 'None among the last calls.'));
  }

  #row(call) {
    const row = { call, more: null };
    const outcome = el('span', 'call-outcome', icon(call.outcome in OUTCOME_WORDS ? call.outcome : 'unknown'));
    const result = call.outcome === 'success' ? 'answered' : call.code ? words(call.code) : OUTCOME_WORDS[call.outcome] ?? words(call.outcome);
    row.fall = fall(call, this.#scale);
    row.button = el(
      'button',
      'call-row',
      el('span', 'call-chevron', icon('chevron')),
      el('span', 'call-time', timeOfDay(call.startedAt)),
      el('span', 'call-result', outcome, el('span', 'call-word', result)),
      el('span', 'call-names', nameOf(call.model, 'call-model'), ...way(call)),
      el('span', 'call-attempts num', call.attempts.length > 1 ? `${call.attempts.length}×` : String(call.attempts.length)),
      el('span', 'call-took num', span(call.elapsedMs)),
      row.fall,
    );
    row.button.type = 'button';
    row.button.dataset.tone = call.outcome;
    row.button.setAttribute('aria-expanded', 'false');
    row.button.addEventListener('click', () => {
      this.#toggle(row);
      this.#show();
    });
    row.item = el('li', 'call', row.button);
    return row;
  }

  #toggle(row) {
    if (row.more) {
      row.more.remove();
      row.more = null;
    } else {
      row.more = more(row.call);
      row.item.append(row.more);
    }
    row.button.setAttribute('aria-expanded', String(row.more !== null));
  }

  #move(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || !event.target.classList.contains('call-row')) return;
    const rows = [...this.#list.querySelectorAll('.call-row')];
    const at = rows.indexOf(event.target) + steps[event.key];
    rows[Math.min(rows.length - 1, Math.max(0, at))].focus();
    event.preventDefault();
  }
}

/** The targets that a call came by, in order, the last of them plain. */
function way(call) {
  if (!call.attempts.length) return [el('span', 'arrow', ' → '), el('span', 'left-behind', call.target ? nameOf(call.target) : 'no target')];
  const targets = call.attempts.map(attempt => attempt.target).filter((name, i, all) => name !== all[i - 1]);
  return targets.flatMap((name, i) => [el('span', 'arrow', ' → '), nameOf(name, i < targets.length - 1 ? 'left-behind' : 'call-target')]);
}

/** Bars side by side on a common scale; what does not fit is cut with a mark. */
function fall(call, scale) {
  const box = el('span', 'fall');
  for (const bar of bars(call)) {
    if (bar.from >= scale) continue;
    box.append(piece(bar, scale));
  }
  if (call.elapsedMs > scale) box.append(el('span', 'fall-cut'));
  return box;
}

function piece(bar, scale) {
  const mark = el('span', 'bar');
  mark.dataset.kind = bar.kind;
  mark.style.left = `${(100 * bar.from) / scale}%`;
  mark.style.width = `${(100 * Math.min(scale, bar.to) - 100 * bar.from) / scale}%`;
  return mark;
}

function more(call) {
  const facts = el('dl', 'call-facts');
  const fact = (label, ...value) => facts.append(el('div', null, el('dt', 'label', label), el('dd', null, ...value)));
  fact('Call', el('code', null, clean(call.id)));
  if (call.client) fact('Client', nameOf(call.client));
  fact('Operation', words(call.operation), call.stream ? ', streamed' : '');
  fact('Status', String(call.status || '–'), call.code ? ` ${clean(call.code)}` : '');
  if (Number.isFinite(call.firstContentMs)) fact('First content', span(call.firstContentMs));
  fact('Waited', span(call.waitedMs), ` of ${span(call.elapsedMs)}`, call.elapsedMs ? ` (${percent(call.waitedMs, call.elapsedMs)})` : '');
  fact('Tokens in / out', `${count(call.inputTokens)} / ${count(call.outputTokens)}`);

  const attempts = el('ol', 'attempts');
  const all = bars(call);
  const scale = Math.max(1, call.elapsedMs, ...all.map(bar => bar.to));
  for (const attempt of call.attempts) {
    const own = all.filter(bar => bar.attempt === attempt);
    const box = el('span', 'fall', ...own.map(bar => piece(bar, scale)));
    const said = [OUTCOME_WORDS[attempt.outcome] === 'answered' ? 'answered' : words(attempt.category ?? attempt.outcome)];
    if (attempt.status) said.push(`HTTP ${attempt.status}`);
    if (attempt.hedge) said.push('hedge');
    attempts.append(
      el(
        'li',
        'attempt',
        el('span', 'attempt-number', `${attempt.number}.`),
        nameOf(attempt.target, 'attempt-target'),
        el('span', 'attempt-outcome', icon(attempt.outcome in OUTCOME_WORDS ? attempt.outcome : 'unknown'), el('span', null, said.join(', '))),
        el('span', 'attempt-times', attempt.waitedMs >= 1 ? `waited ${span(attempt.waitedMs)}, took ${span(attempt.elapsedMs)}` : `took ${span(attempt.elapsedMs)}`),
        box,
      ),
    );
    attempts.lastElementChild.dataset.tone = attempt.outcome;
  }
  const body = el('div', 'call-more', facts);
  if (call.attempts.length) body.append(el('p', 'label attempts-title', 'Attempts'), attempts);
  else body.append(el('p', 'sub', 'No attempt was made.'));
  return body;
}
