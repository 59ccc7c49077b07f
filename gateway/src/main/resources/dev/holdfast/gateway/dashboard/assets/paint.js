// SPDX-License-Identifier: Apache-2.0
// Draws the timeline on canvases: areas of traffic, bands of state, the axis. Sharp on every screen, in the theme's colours.

import { minuteOfDay, timeOfDay, words } from './text.js';

/** The colours of the theme in force, and the font, for one drawing. */
export class Colours {
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

export function drawTotal(canvas, points, span, step, scale, colours) {
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

export function drawLane(canvas, points, span, step, peak, colours) {
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

export function drawAxis(canvas, span, colours) {
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
