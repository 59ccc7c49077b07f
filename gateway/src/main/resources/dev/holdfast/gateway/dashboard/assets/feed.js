// SPDX-License-Identifier: Apache-2.0
// The live feed: one fetch that never ends. EventSource cannot send a key, and would hide why it failed.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
/** The gateway says something every second; a connection this silent is dead, whatever TCP thinks. */
const SILENCE_MS = 8000;

/** Splits what a stream of server-sent events brings into events; keeps what is not complete yet. */
export class EventReader {
  #rest = '';

  /** The events that this piece completes, each `{event, data}`. */
  push(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length) events.push({ event: this.#event || 'message', data: this.#data.join('\n') });
        this.#event = '';
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(':');
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') this.#event = value;
      if (field === 'data') this.#data.push(value);
    }
    return events;
  }

  #event = '';
  #data = [];
}

export class Refused extends Error {
  constructor(status) {
    super(`refused with status ${status}`);
    this.status = status;
  }
}

/**
 * Keeps the page fed. Tells its listener: `history(json)` after each connect, `event(name, json)`, the first of them named
 * `state`, and `status({phase, …})` with a phase of `connecting`, `live`, `waiting` (with `untilMs` on performance.now's
 * clock and `why`) or `refused` (with `status`).
 */
export class Feed {
  #listener;
  #key = () => null;
  #waitMs = FIRST_WAIT_MS;
  #running = null;
  #timer = 0;

  constructor(listener, key) {
    this.#listener = listener;
    this.#key = key;
    addEventListener('online', () => this.now());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#timer) this.now();
    });
  }

  /** Connects at once, whatever was going on. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#running?.abort();
    this.#run();
  }

  async #run() {
    const control = new AbortController();
    this.#running = control;
    this.#listener.status({ phase: 'connecting' });
    let why = 'the connection ended';
    try {
      await this.#read(control);
    } catch (e) {
      if (control !== this.#running) return;
      if (e instanceof Refused) {
        this.#listener.status({ phase: 'refused', status: e.status });
        return;
      }
      why = e.name === 'AbortError' ? 'nothing came for a while' : e.why ?? 'no connection';
    }
    if (control !== this.#running) return;
    control.abort();
    // a herd of open dashboards must not come back in one moment
    const wait = this.#waitMs * (0.75 + Math.random() / 2);
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    this.#listener.status({ phase: 'waiting', untilMs: performance.now() + wait, why });
    this.#timer = setTimeout(() => this.now(), wait);
  }

  async #read(control) {
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => control.abort(), SILENCE_MS);
    };
    heard();
    try {
      // the stream is open before the history is asked for, so nothing falls between them
      const events = await this.#get('/api/events', control.signal, 'text/event-stream');
      const history = await this.#get('/api/history', control.signal);
      this.#listener.history(await history.json());
      const reader = events.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        this.#waitMs = FIRST_WAIT_MS;
        for (const { event, data } of parser.push(value)) {
          let json;
          try {
            json = JSON.parse(data);
          } catch {
            continue; // one event that cannot be read is no reason to lose the others
          }
          this.#listener.event(event, json);
          if (event === 'state') this.#listener.status({ phase: 'live' });
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async #get(path, signal, accept = 'application/json') {
    const headers = { accept };
    const key = this.#key();
    if (key) headers.authorization = `Bearer ${key}`;
    const response = await fetch(path, { headers, signal, cache: 'no-store', credentials: 'omit' });
    if (response.status === 401 || response.status === 403) throw new Refused(response.status);
    if (!response.ok) {
      const error = new Error(`status ${response.status}`);
      error.why = `${path} answered ${response.status}`;
      throw error;
    }
    return response;
  }
}
