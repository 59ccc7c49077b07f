// SPDX-License-Identifier: Apache-2.0
// What happened to whom: the changes of state in the last minutes, newest first, so that a night can be read afterwards.

import { el, icon, nameOf, quoted, setText, span, timeOfDay } from './text.js';

const SHOWN = 40;

const SAID = {
  open: 'opened',
  half_open: 'half open, probing',
  paused: 'paused',
  blocked: 'blocked',
};

/** What operators do and what empties leaves no trace in the states; events tell it. */
const TOLD = {
  forced_open: { state: 'open', said: 'opened by hand' },
  forced_closed: { state: 'closed', said: 'closed by hand' },
  reset: { state: 'closed', said: 'reset by hand' },
  drained: { state: 'drained', said: 'drained by hand' },
  enabled: { state: 'closed', said: 'enabled by hand' },
  budget_exhausted: { state: 'half_open', said: 'retry budget used up' },
};

/** The changes that one target's seconds show, oldest first. */
export function changesIn(series) {
  const result = [];
  let before = null;
  let troubleSince = 0;
  let last = 0;
  for (const [sec, { state }] of series) {
    if (state === 'unknown' || state === before) continue;
    if (state === 'closed') {
      if (before !== null) result.push({ sec, state, said: `back after ${lasted(sec - troubleSince)}` });
    } else {
      if (before === null || before === 'closed') troubleSince = sec;
      // what it was when the record begins did not happen then; a probe is worth a line for how it went
      if (before === 'half_open' && state === 'open') result.push({ sec, state, said: 'open still, the probe failed' });
      else if (before !== null && state !== 'half_open') result.push({ sec, state, said: SAID[state] ?? state });
    }
    before = state;
    last = sec;
  }
  if (before === 'half_open') result.push({ sec: last, state: before, said: SAID.half_open });
  return result;
}

function lasted(seconds) {
  return seconds < 60 ? `${seconds} s` : span(seconds * 1000);
}

export class Changes {
  #list;
  #news;
  #model;
  #told = [];
  #shown = '';

  /** @param news an element that screen readers read out when its text changes */
  constructor(list, news, model) {
    this.#list = list;
    this.#news = news;
    this.#model = model;
  }

  /** An event `target`. */
  heard(json) {
    const told = TOLD[json.change];
    if (!told || !json.target) return;
    this.#told.push({ sec: Math.floor(json.now_ms / 1000), name: String(json.target.name), ...told });
    this.#told.splice(0, this.#told.length - SHOWN);
  }

  render() {
    const from = this.#model.lastSecond() - 600;
    const all = this.#told.filter(({ sec }) => sec >= from);
    for (const [name, series] of this.#model.series) all.push(...changesIn(series).map(change => ({ name, ...change })));
    all.sort((a, b) => b.sec - a.sec);
    const shown = all.slice(0, SHOWN);
    const signature = shown.map(({ sec, name, said }) => `${sec} ${name} ${said}`).join('\n');
    if (signature === this.#shown && this.#list.childElementCount) return;
    const first = !this.#list.childElementCount;
    if (!first && shown.length && !this.#shown.startsWith(signature.split('\n')[0])) {
      setText(this.#news, `${quoted(shown[0].name)} ${shown[0].said}`);
    }
    this.#shown = signature;
    if (!shown.length) {
      const calm = el('li', 'calm');
      setText(calm, 'Nothing changed in the last ten minutes.');
      this.#list.replaceChildren(calm);
      return;
    }
    this.#list.replaceChildren(...shown.map(row));
  }
}

function row({ sec, name, state, said }) {
  const item = el(
    'li',
    'change',
    icon(state),
    el('span', 'change-time', timeOfDay(sec * 1000)),
    el('span', 'change-text', nameOf(name, 'change-name'), ' ', el('span', 'change-said', said)),
  );
  item.dataset.tone = state;
  return item;
}
