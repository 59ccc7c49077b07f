// SPDX-License-Identifier: Apache-2.0
// Words, numbers and elements. Whatever a server says reaches the page as text through here, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with a class and children; strings become text. */
export function el(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter(child => child != null));
  return element;
}

export function icon(name, className = 'icon') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

export function setIcon(svg, name) {
  const href = `#i-${name}`;
  const use = svg.firstElementChild;
  if (use.getAttribute('href') !== href) use.setAttribute('href', href);
}

/** Touches the page only when something changed, so that screen readers and selections stay in peace. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setTone(element, tone) {
  if (element.dataset.tone !== tone) element.dataset.tone = tone;
}

/** A name from outside for attributes, its direction kept from the words around it. */
export function quoted(name) {
  return `\u2068${clean(name)}\u2069`;
}

/** Control characters say nothing to a reader and can reorder what stands beside them. */
export function clean(value) {
  return String(value ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** An element for a name from outside: own direction, shown whole as its title. */
export function nameOf(value, className) {
  const element = el('bdi', className);
  setName(element, value);
  return element;
}

export function setName(element, value) {
  const text = clean(value);
  if (element.textContent === text) return;
  element.textContent = text;
  element.title = text;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function count(n) {
  if (!Number.isFinite(n)) return '–';
  return Math.abs(n) < 100000 ? whole.format(n) : short.format(n);
}

export function compact(n) {
  if (!Number.isFinite(n)) return '–';
  return Math.abs(n) < 10000 ? whole.format(n) : short.format(n);
}

export function rate(n) {
  if (!Number.isFinite(n)) return '–';
  if (n > 0 && n < 0.05) return '< 0.1';
  return n === 0 || n >= 100 ? whole.format(n) : one.format(n);
}

/** A share as percent: never rounded to 100 or 0 unless it is. */
export function percent(part, all) {
  if (!all) return '–';
  const p = (100 * part) / all;
  if (p === 0 || p === 100) return `${p} %`;
  if (p > 99.9) return '> 99.9 %';
  if (p < 0.1) return '< 0.1 %';
  return p > 99 || p < 10 ? `${one.format(p)} %` : `${whole.format(p)} %`;
}

/** A length of time for reading: 0.4 s is 400 ms, 75 s is 1 m 15 s. */
export function span(ms) {
  if (!Number.isFinite(ms)) return '–';
  if (ms > 0 && ms < 0.95) return '< 1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 3600) return `${Math.floor(s / 60)} m ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} m`;
}

/** What is left, as a clock that counts down; rounded up, so that 0:00 is the end. */
export function left(ms) {
  const s = Math.max(0, Math.ceil(ms / 1000));
  if (s >= 3600) return `${Math.floor(s / 3600)}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export function timeOfDay(ms) {
  return Number.isFinite(ms) ? clock.format(ms) : '–';
}

export function minuteOfDay(ms) {
  return minute.format(ms);
}

/** `rate_limit` reads as two words. */
export function words(code) {
  return clean(code).replaceAll('_', ' ');
}

export function plural(n, singular, several = `${singular}s`) {
  return `${count(n)} ${n === 1 ? singular : several}`;
}
