// SPDX-License-Identifier: Apache-2.0
// The last minutes: traffic of all targets as an area, below it a lane for each target with its own traffic over a
// band that shows its state. A moment can be picked with the pointer or the arrow keys.

import { el, nameOf, quoted, rate, setText, timeOfDay, minuteOfDay, words } from './text.js';

const STEPS = [1, 2, 5, 10, 15, 30];
const SMALLEST_STEP_PX = 2.5;
/** Of the states in one step the one that matters most is shown. */
const WEIGHT = { closed: 0, drained: 1, paused: 2, open: 3, half_open: 4, blocked: 5 };

/** Rounded up to a number that halves well, so that the scale stays put while values move. */
export function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 3, 4, 6, 8, 10].map(factor => factor * power).find(step => step >= value) ?? power * 10;
}

/** Per second means of one target's buckets, a step at a time; a step without data is null. */
export function steps(series, fromSec, toSec, stepSec) {
  const result = [];
  for (let start = Math.floor(fromSec / stepSec) * stepSec; start < toSec; start += stepSec) {
    let seconds = 0;
    let calls = 0;
    let failures = 0;
    let state = null;
    for (let sec = start; sec < start + stepSec && sec < toSec; sec++) {
      const bucket = series?.get(sec);
      if (!bucket) continue;
      seconds++;
      calls += bucket.calls;
      failures += bucket.failures;
      if (state === null || (WEIGHT[bucket.state] ?? 0) >= (WEIGHT[state] ?? 0)) state = bucket.state;
    }
    result.push(seconds ? { sec: start, calls: calls / seconds, failures: failures / seconds, state } : { sec: start, none: true });
  }
  return result;
}

export class Timeline {
  #root;
  #readout;
  #model;
  #minutes = 10;
  #lanes = new Map();
  #total;
  #axis;
  #slider;
  #line;
  #cursorSec = null;
  #scale = 1;
  #drawn = '';

  constructor(root, readout, model) {
    this.#root = root;
    this.#readout = readout;
    this.#model = model;
    this.#total = this.#row('All targets', 'total');
    this.#axis = el('canvas', 'axis');
    this.#line = el('div', 'crosshair');
    this.#slider = el('div', 'moment', this.#line);
    this.#slider.tabIndex = 0;
    this.#slider.setAttribute('role', 'slider');
    this.#slider.setAttribute('aria-label', 'Moment in the timeline');
    root.append(this.#total.label, this.#total.canvas, el('span', 'lane-label axis-label'), this.#axis, this.#slider);
    this.#listen();
    new ResizeObserver(() => this.draw(true)).observe(root);
  }

  minutes(value) {
    this.#minutes = value;
    this.#scale = 1;
    this.#pick(null);
    this.draw(true);
  }

  focus() {
    this.#slider.focus();
  }

  #row(title, kind) {
    const name = kind === 'total' ? el('span', 'lane-name', title) : nameOf(title, 'lane-name');
    const value = el('span', 'lane-value');
    const canvas = el('canvas', `lane ${kind}`);
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', kind === 'total' ? 'Traffic of all targets' : `Traffic and state of ${quoted(title)}`);
    return { label: el('div', `lane-label ${kind}`, name, value), value, canvas };
  }

  #listen() {
    const at = event => {
      const box = this.#slider.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const { from, to } = this.#window();
      this.#pick(Math.min(to - 1, Math.floor(from + share * (to - from))));
    };
    this.#slider.addEventListener('pointermove', event => event.pointerType === 'mouse' && at(event));
    this.#slider.addEventListener('pointerdown', at);
    this.#slider.addEventListener('pointerleave', event => event.pointerType === 'mouse' && this.#pick(null));
    this.#slider.addEventListener('blur', () => this.#pick(null));
    this.#slider.addEventListener('keydown', event => {
      const { from, to, step } = this.#window();
      const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      const here = this.#cursorSec ?? to - 1;
      if (move) this.#pick(Math.min(to - 1, Math.max(from, here + move * step * (event.shiftKey ? 10 : 1))));
      else if (event.key === 'Home') this.#pick(from);
      else if (event.key === 'End' || event.key === 'Escape') this.#pick(null);
      else return;
      event.preventDefault();
    });
  }

  #pick(sec) {
    this.#cursorSec = sec;
    this.draw(true);
  }

  #window() {
    const to = this.#model.lastSecond() + 1;
    const seconds = this.#minutes * 60;
    const width = this.#total.canvas.clientWidth || 600;
    const step = STEPS.find(s => (width * s) / seconds >= SMALLEST_STEP_PX) ?? 30;
    return { from: to - seconds, to, step };
  }

  #matchLanes() {
    const names = this.#model.targets.map(target => target.name);
    for (const [name, lane] of this.#lanes) {
      if (names.includes(name)) continue;
      lane.label.remove();
      lane.canvas.remove();
      this.#lanes.delete(name);
    }
    let before = this.#total.canvas;
    for (const name of names) {
      let lane = this.#lanes.get(name);
      if (!lane) {
        lane = this.#row(name, 'single');
        this.#lanes.set(name, lane);
      }
      if (before.nextElementSibling !== lane.label) before.after(lane.label, lane.canvas);
      before = lane.canvas;
    }
  }

  /** Draws what is new; with `force` also when no second has passed. */
  draw(force = false) {
    const { from, to, step } = this.#window();
    const signature = `${to} ${step} ${this.#model.targets.length}`;
    if (!force && signature === this.#drawn) return;
    this.#drawn = signature;
    this.#matchLanes();
    const colours = new Colours(this.#root);
    const lanes = [...this.#lanes].map(([name, lane]) => ({ name, lane, points: steps(this.#model.series.get(name), from, to, step) }));
    const total = sum(lanes.map(lane => lane.points), steps(null, from, to, step));
    const peak = Math.max(1, ...total.map(point => point.calls ?? 0));
    // grows at once, shrinks only when it has become far too large: a scale that wobbles cannot be read
    if (peak > this.#scale || peak < this.#scale / 3) this.#scale = niceCeiling(peak);
    const span = { from, to };
    drawTotal(this.#total.canvas, total, span, step, this.#scale, colours);
    const lanePeak = niceCeiling(Math.max(1, ...lanes.flatMap(lane => lane.points.map(point => point.calls ?? 0))));
    for (const { lane, points } of lanes) drawLane(lane.canvas, points, span, step, lanePeak, colours);
    drawAxis(this.#axis, span, colours);
    this.#tell(from, to, step, lanes, total);
  }

  #tell(from, to, step, lanes, total) {
    const cursor = this.#cursorSec;
    const index = point => point.sec <= (cursor ?? to - 1) && (cursor ?? to - 1) < point.sec + step;
    const now = total.find(index);
    for (const { lane, points } of lanes) setText(lane.value, said(points.find(index)));
    setText(this.#total.value, said(now));
    this.#line.hidden = cursor === null;
    if (cursor !== null) this.#line.style.left = `${(100 * (cursor + 0.5 - from)) / (to - from)}%`;
    const time = timeOfDay((cursor ?? to - 1) * 1000);
    setText(this.#readout, cursor === null ? '' : `at ${time}`);
    this.#slider.setAttribute('aria-valuemin', String(from - to + 1));
    this.#slider.setAttribute('aria-valuemax', '0');
    this.#slider.setAttribute('aria-valuenow', String((cursor ?? to - 1) - to + 1));
    const states = lanes
      .map(({ name, points }) => [name, points.find(index)])
      .filter(([, point]) => point?.state && point.state !== 'closed')
      .map(([name, point]) => `${quoted(name)} ${words(point.state)}`);
    this.#slider.setAttribute('aria-valuetext', `${time}: ${said(now) || 'nothing known'}${states.length ? `; ${states.join(', ')}` : ''}`);
  }
}

function said(point) {
  if (!point || point.none) return '';
  return point.failures > 0 ? `${rate(point.calls)}/s, ${rate(point.failures)} failed` : `${rate(point.calls)}/s`;
}

function sum(lanes, empty) {
  return empty.map((_, i) => {
    const known = lanes.map(points => points[i]).filter(point => point && !point.none);
    if (!known.length) return empty[i];
    const add = key => known.reduce((all, point) => all + point[key], 0);
    return { sec: empty[i].sec, calls: add('calls'), failures: add('failures') };
  });
}

class Colours {
  constructor(element) {
    const style = getComputedStyle(element);
    this.of = name => style.getPropertyValue(`--${name}`).trim();
    this.font = `500 10.5px ${style.fontFamily}`;
  }
}

/** Sizes the canvas in device pixels, so that lines are crisp, and hands out a context in CSS pixels. */
function sheet(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const paper = canvas.getContext('2d');
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  paper.clearRect(0, 0, width, height);
  return { paper, width, height };
}

function xOf(sec, { from, to }, width) {
  return ((sec - from) / (to - from)) * width;
}

/** The outline of one value over time; runs without data are left out, of failures also those where none happened. */
function area(paper, points, span, step, width, key, y, base) {
  const line = new Path2D();
  const fill = new Path2D();
  let run = [];
  const flush = () => {
    if (run.length) {
      const first = run[0];
      const last = run[run.length - 1];
      fill.moveTo(first.x0, base);
      run.forEach((p, i) => {
        if (i === 0) {
          line.moveTo(p.x0, p.y);
          fill.lineTo(p.x0, p.y);
        }
        line.lineTo(p.x, p.y);
        fill.lineTo(p.x, p.y);
      });
      line.lineTo(last.x1, last.y);
      fill.lineTo(last.x1, last.y);
      fill.lineTo(last.x1, base);
      fill.closePath();
    }
    run = [];
  };
  const empty = (point, i) =>
    point.none || (key === 'failures' && ![points[i - 1], point, points[i + 1]].some(near => near?.failures > 0));
  for (const [i, point] of points.entries()) {
    if (empty(point, i)) flush();
    else {
      const x0 = xOf(point.sec, span, width);
      const x1 = Math.min(width, xOf(point.sec + step, span, width));
      run.push({ x0, x1, x: (x0 + x1) / 2, y: y(point[key]) });
    }
  }
  flush();
  return { line, fill };
}

function drawTotal(canvas, points, span, step, scale, colours) {
  const { paper, width, height } = sheet(canvas);
  const base = height - 0.5;
  const y = value => base - Math.min(1, value / scale) * (height - 14);
  paper.lineWidth = 1;
  paper.font = colours.font;
  for (const share of [0, 0.5, 1]) {
    const line = Math.round(y(scale * share)) + (share ? 0.5 : -0.5);
    paper.strokeStyle = colours.of('line');
    paper.beginPath();
    paper.moveTo(0, line);
    paper.lineTo(width, line);
    paper.stroke();
  }
  for (const [key, colour, weight] of [['calls', 'calls', 1.5], ['failures', 'bad', 1.5]]) {
    if (key === 'failures' && !points.some(point => point.failures > 0)) continue;
    const { line, fill } = area(paper, points, span, step, width, key, y, base);
    paper.fillStyle = colours.of(`${colour}-fill`);
    paper.fill(fill);
    paper.strokeStyle = colours.of(colour);
    paper.lineWidth = weight;
    paper.lineJoin = 'round';
    paper.stroke(line);
  }
  paper.textBaseline = 'bottom';
  for (const share of [0.5, 1]) {
    const text = share === 1 ? `${scale}/s` : String(scale / 2);
    const line = Math.round(y(scale * share));
    paper.lineWidth = 3;
    paper.strokeStyle = colours.of('panel');
    paper.strokeText(text, 4, line - 1);
    paper.fillStyle = colours.of('muted');
    paper.fillText(text, 4, line - 1);
  }
}

const BAND_PX = 5;

function drawLane(canvas, points, span, step, peak, colours) {
  const { paper, width, height } = sheet(canvas);
  const base = height - BAND_PX - 1;
  for (const run of runs(points)) {
    const x0 = Math.max(0, xOf(run.from, span, width));
    const x1 = Math.min(width, xOf(run.to + step, span, width));
    const tone = colours.of(`s-${run.state}`) || colours.of('muted');
    paper.fillStyle = tone;
    if (run.state !== 'closed') {
      paper.globalAlpha = 0.16;
      paper.fillRect(x0, 0, x1 - x0, base);
      paper.globalAlpha = 1;
    }
    paper.fillRect(x0, base + 1, Math.max(1, x1 - x0), BAND_PX);
    if (run.state !== 'closed') hatch(paper, x0, base + 1, x1 - x0, BAND_PX, colours.of('panel'));
  }
  const y = value => base - Math.min(1, value / peak) * (base - 3);
  for (const [key, colour] of [['calls', 'calls'], ['failures', 'bad']]) {
    if (!points.some(point => point[key] > 0)) continue;
    const { line, fill } = area(paper, points, span, step, width, key, y, base);
    paper.fillStyle = colours.of(`${colour}-fill`);
    paper.fill(fill);
    paper.strokeStyle = colours.of(colour);
    paper.lineWidth = 1;
    paper.stroke(line);
  }
  paper.font = colours.font;
  paper.textBaseline = 'top';
  for (const run of runs(points)) {
    if (run.state === 'closed') continue;
    const x0 = Math.max(0, xOf(run.from, span, width));
    const room = Math.min(width, xOf(run.to + step, span, width)) - x0;
    const text = words(run.state);
    if (paper.measureText(text).width + 8 > room) continue;
    paper.lineWidth = 3;
    paper.strokeStyle = colours.of('panel');
    paper.strokeText(text, x0 + 4, 3);
    paper.fillStyle = colours.of(`t-${run.state}`) || colours.of('text');
    paper.fillText(text, x0 + 4, 3);
  }
}

/** Neighbouring steps of one state. */
function runs(points) {
  const result = [];
  for (const point of points) {
    if (point.none) continue;
    const last = result[result.length - 1];
    if (last && last.state === point.state && last.to + (points[1].sec - points[0].sec) === point.sec) last.to = point.sec;
    else result.push({ state: point.state, from: point.sec, to: point.sec });
  }
  return result;
}

/** Stripes tell the states apart for those who cannot by colour. */
function hatch(paper, x, y, width, height, colour) {
  paper.save();
  paper.beginPath();
  paper.rect(x, y, width, height);
  paper.clip();
  paper.strokeStyle = colour;
  paper.globalAlpha = 0.55;
  paper.lineWidth = 1.25;
  paper.beginPath();
  for (let at = Math.floor(x / 6) * 6 - height; at < x + width; at += 6) {
    paper.moveTo(at, y + height);
    paper.lineTo(at + height, y);
  }
  paper.stroke();
  paper.restore();
}

function drawAxis(canvas, span, colours) {
  const { paper, width } = sheet(canvas);
  const seconds = span.to - span.from;
  const every = [15, 30, 60, 120, 300].find(step => (width * step) / seconds >= 64) ?? 300;
  paper.font = colours.font;
  paper.fillStyle = colours.of('muted');
  paper.strokeStyle = colours.of('line');
  paper.textBaseline = 'top';
  paper.textAlign = 'center';
  for (let sec = Math.ceil(span.from / every) * every; sec < span.to; sec += every) {
    const x = Math.round(xOf(sec, span, width)) + 0.5;
    paper.beginPath();
    paper.moveTo(x, 0);
    paper.lineTo(x, 4);
    paper.stroke();
    const text = every < 60 ? timeOfDay(sec * 1000) : minuteOfDay(sec * 1000);
    if (x < 24 || x > width - 44) continue;
    paper.fillText(text, x, 6);
  }
  paper.textAlign = 'right';
  paper.fillText('now', width, 6);
}
