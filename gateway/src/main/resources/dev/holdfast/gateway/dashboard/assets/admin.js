// SPDX-License-Identifier: Apache-2.0
// The admin key and what can be done with it. The key lives in this module's memory, and in the session storage of the
// tab only when asked; it goes into one header of requests to this gateway and nowhere else.

import { clean, el, icon, nameOf, setText, words } from './text.js';

const STORED = 'holdfast.admin-key';
const TOAST_MS = 8000;

/** What an action does to whom, asked before it is done where it can do harm. `null` needs no question. */
const QUESTIONS = {
  open: { title: 'Open the circuit?', text: ' gets no calls until it is closed or reset.', yes: 'Open' },
  close: { title: 'Close the circuit?', text: ' gets all its calls again and keeps getting them however often it fails, until it is reset.', yes: 'Close' },
  drain: { title: 'Drain the target?', text: ' gets no new calls; those that run go on.', yes: 'Drain' },
  reset: null,
  enable: null,
};

const GATEWAY_QUESTIONS = {
  drain: { title: 'Drain the whole gateway?', text: 'It refuses new calls, finishes those that run and is no longer ready. It has to be started again to take calls.', yes: 'Drain gateway' },
  reload: { title: 'Reload the configuration?', text: 'The file is read again and, if it has no error, put into use at once. Running streams go on.', yes: 'Reload' },
};

const DONE = { open: 'opened', close: 'closed', reset: 'reset', drain: 'drained', enable: 'enabled' };

export class Admin {
  #key = null;
  #changed;
  #entered;
  #verified = false;
  #page = id => document.getElementById(id);
  #toastTimer = 0;

  /** @param on `changed()` is called when there is a key or none any more, `entered()` when there is a new one */
  constructor({ changed, entered }) {
    this.#changed = changed;
    this.#entered = entered;
    try {
      this.#key = sessionStorage.getItem(STORED);
    } catch {
      // storage is switched off: memory will do
    }
    this.#verified = this.#key !== null;
    this.#page('admin-open').addEventListener('click', () => this.ask());
    this.#page('key-cancel').addEventListener('click', () => this.#page('key-dialog').close());
    this.#page('key-forget').addEventListener('click', () => this.#forget());
    this.#page('key-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#enter();
    });
    for (const button of this.#page('gateway-actions').querySelectorAll('button')) {
      button.addEventListener('click', () => this.onGateway(button.dataset.action));
    }
  }

  get key() {
    return this.#key;
  }

  /** Whether actions are offered. */
  get active() {
    return this.#key !== null && this.#verified;
  }

  /** Opens the dialog; `why` replaces its explanation, `error` says what is wrong with the key so far. */
  ask(why = null, error = '') {
    const dialog = this.#page('key-dialog');
    if (why) setText(this.#page('key-why'), why);
    setText(this.#page('key-error'), error);
    this.#page('key-forget').hidden = this.#key === null;
    this.#page('key-input').value = '';
    if (!dialog.open) dialog.showModal();
    this.#page('key-input').focus();
  }

  /** The server did not take the key. */
  refused(status) {
    const had = this.#key !== null;
    this.#drop();
    this.#changed();
    const why = 'This gateway shows its state only to holders of the admin key.';
    if (status === 403) this.ask(why, 'This gateway refuses: no admin_key is configured, or the page is not allowed under this host name.');
    else this.ask(why, had ? 'This key is wrong.' : '');
  }

  async #enter() {
    const input = this.#page('key-input');
    const button = this.#page('key-submit');
    const key = input.value.trim();
    // a header can carry no others; the server could only call such a key wrong
    if (!/^[\x21-\x7e]+$/.test(key)) {
      setText(this.#page('key-error'), key ? 'This key is wrong: it has characters that no key has.' : 'Please enter the key.');
      return;
    }
    button.disabled = true;
    const error = await this.#check(key);
    button.disabled = false;
    if (error) {
      setText(this.#page('key-error'), error);
      input.select();
      return;
    }
    this.#key = key;
    this.#verified = true;
    try {
      if (this.#page('key-keep').checked) sessionStorage.setItem(STORED, key);
      else sessionStorage.removeItem(STORED);
    } catch {
      // not kept, then
    }
    input.value = '';
    this.#page('key-dialog').close();
    this.#say('Admin key accepted.', 'good');
    this.#changed();
    this.#entered();
  }

  /** Resets a target that cannot exist: who has the key is told that there is none, others that the key is wrong. */
  async #check(key) {
    let response;
    try {
      response = await send(`/admin/targets/none-${crypto.getRandomValues(new Uint32Array(2)).join('-')}/reset`, key);
    } catch {
      return 'No connection to the gateway; the key could not be tried.';
    }
    if (response.status === 401) return 'This key is wrong.';
    if (response.status === 403) return 'No admin_key is configured in this gateway, so there is nothing to enter.';
    if (response.status !== 404 && !response.ok) return `The gateway could not try the key: status ${response.status}.`;
    return null;
  }

  #drop() {
    this.#key = null;
    this.#verified = false;
    try {
      sessionStorage.removeItem(STORED);
    } catch {
      // nothing was kept
    }
  }

  #forget() {
    this.#drop();
    this.#page('key-dialog').close();
    this.#say('The key is forgotten.', 'good');
    this.#changed();
  }

  async onTarget(name, action) {
    const question = QUESTIONS[action];
    if (question && !(await this.#confirm(question, nameOf(name, 'strong')))) return;
    let path;
    try {
      path = encodeURIComponent(name);
    } catch {
      path = '';
    }
    // a browser takes such a segment for a step in the path, encoded or not
    if (path === '' || path === '.' || path === '..') {
      this.#say(`A target of this name cannot be addressed from a browser.`, 'bad');
      return;
    }
    await this.#do(`/admin/targets/${path}/${action}`, `${clean(name)} ${DONE[action]}`, `${clean(name)} was not ${DONE[action]}`);
  }

  async onGateway(action) {
    if (!(await this.#confirm(GATEWAY_QUESTIONS[action]))) return;
    if (action === 'drain') await this.#do('/admin/drain', 'The gateway drains', 'The gateway was not drained');
    else await this.#do('/admin/reload', 'The configuration is reloaded', 'The configuration was not reloaded');
  }

  async #do(path, done, failed) {
    let response;
    try {
      response = await send(path, this.#key);
    } catch {
      this.#say(`${failed}: no connection.`, 'bad');
      return;
    }
    if (response.status === 401 || response.status === 403) {
      this.#drop();
      this.#changed();
      this.#say(`${failed}: the key was refused.`, 'bad');
      this.ask(null, 'This key is no longer accepted.');
      return;
    }
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      this.#say(body.state ? `${done}. State: ${words(body.state)}.` : `${done}.`, 'good');
      return;
    }
    const problems = (body.error?.problems ?? []).map(({ line, key, message }) => clean(`line ${line}, ${key}: ${message}`));
    this.#say(`${failed}: ${clean(body.error?.message ?? `status ${response.status}`)}`, 'bad', problems);
  }

  #confirm(question, name = null) {
    const dialog = this.#page('confirm-dialog');
    setText(this.#page('confirm-title'), question.title);
    this.#page('confirm-text').replaceChildren(...(name ? [name] : []), question.text);
    setText(this.#page('confirm-yes'), question.yes);
    dialog.returnValue = 'no';
    dialog.showModal();
    this.#page('confirm-no').focus();
    return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
  }

  /** Good news leaves by itself; bad news stays until somebody has read it. */
  #say(text, tone, more = []) {
    const toast = this.#page('toast');
    clearTimeout(this.#toastTimer);
    toast.dataset.tone = tone;
    const body = el('div', 'toast-text', el('p', null, text), ...more.map(line => el('p', 'sub', line)));
    const shown = [icon(tone === 'good' ? 'success' : 'warning'), body];
    if (tone === 'good') this.#toastTimer = setTimeout(() => toast.replaceChildren(), TOAST_MS);
    else {
      const dismiss = el('button', 'button small', 'Dismiss');
      dismiss.type = 'button';
      dismiss.addEventListener('click', () => toast.replaceChildren());
      shown.push(dismiss);
    }
    toast.replaceChildren(...shown);
  }
}

function send(path, key) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${key}` },
    body: '{}',
    cache: 'no-store',
    credentials: 'omit',
  });
}
