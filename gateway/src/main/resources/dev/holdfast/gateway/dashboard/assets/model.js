// SPDX-License-Identifier: Apache-2.0
// What the page knows: the gateway's answers in one shape, with moments on this page's clock.

const KEPT_SECONDS = 660;
const KEPT_CALLS = 100;

function number(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

/** Times that the gateway states as "so long from now" become moments, so that they can be counted down. */
function moment(ms, now) {
  return Number.isFinite(number(ms)) && ms > 0 ? now + ms : 0;
}

export function targetOf(json, now = performance.now()) {
  const percentiles = json.first_content_ms;
  return {
    name: String(json.name ?? ''),
    provider: String(json.provider ?? ''),
    model: String(json.model ?? ''),
    circuit: String(json.circuit ?? 'unknown'),
    forced: json.forced === true,
    drained: json.drained === true,
    blocked: json.blocked ? { reason: String(json.blocked.reason ?? ''), until: moment(json.blocked.until_ms, now) } : null,
    nextProbe: moment(json.next_probe_ms, now),
    pausedUntil: moment(json.paused_ms, now),
    inFlight: number(json.in_flight),
    queued: number(json.queued) || 0,
    calls: number(json.calls),
    failures: new Map(Object.entries(json.failures ?? {}).filter(([, n]) => n > 0)),
    first: percentiles && Number.isFinite(number(percentiles.p50)) ? { p50: number(percentiles.p50), p95: number(percentiles.p95) } : null,
    tokens: json.tokens ? { input: number(json.tokens.input), output: number(json.tokens.output) } : null,
    budget: number(json.budget),
    budgetCapacity: number(json.budget_capacity) || 0,
  };
}

export function callOf(json) {
  return {
    id: String(json.call_id ?? ''),
    startedAt: Date.parse(json.time ?? ''),
    client: json.client == null ? '' : String(json.client),
    model: String(json.model ?? ''),
    operation: String(json.operation ?? ''),
    stream: json.stream === true,
    status: number(json.status) || 0,
    outcome: String(json.outcome ?? ''),
    code: json.code == null ? '' : String(json.code),
    target: json.target == null ? '' : String(json.target),
    waitedMs: number(json.waited_ms) || 0,
    elapsedMs: number(json.elapsed_ms) || 0,
    firstContentMs: number(json.first_content_ms),
    inputTokens: number(json.input_tokens) || 0,
    outputTokens: number(json.output_tokens) || 0,
    attempts: (json.attempts ?? []).map(attemptOf),
  };
}

function attemptOf(json, index) {
  return {
    number: index + 1,
    target: String(json.target ?? ''),
    outcome: String(json.outcome ?? ''),
    category: json.category == null ? null : String(json.category),
    status: number(json.status) || 0,
    hedge: json.hedge === true,
    waitedMs: number(json.waited_ms) || 0,
    elapsedMs: number(json.elapsed_ms) || 0,
  };
}

export class Model {
  known = false;
  draining = false;
  version = '';
  models = [];
  targets = [];
  /** Newest first. */
  calls = [];
  /** By target: what happened in each second since 1970. */
  series = new Map();
  #ended = new Map();
  #counted = new Set();
  #endedSince = Infinity;
  #historyMs = 0;
  #last = 0;
  #lastAt = 0;

  /** The whole of `GET /api/state`, or of an event that holds it. */
  state(json) {
    this.known = true;
    this.draining = json.draining === true;
    this.version = String(json.version ?? '');
    if (Array.isArray(json.models)) this.models = json.models.map(String);
    if (Array.isArray(json.targets)) this.targets = json.targets.map(target => targetOf(target));
    if (!Array.isArray(json.calls)) return;
    this.calls = newestFirst(json.calls.map(callOf));
    // what ended while nobody listened is known as far back as the list reaches
    const oldest = this.calls.length < KEPT_CALLS ? 0 : endOf(this.calls[this.calls.length - 1]);
    if (!this.calls.some(call => this.#counted.has(call.id))) this.#endedSince = Math.floor(oldest / 1000);
    for (const call of this.calls) this.#count(call);
  }

  /** An event `target`: one target has changed, and is now like this. */
  target(json) {
    if (json.target) this.#put(targetOf(json.target));
  }

  #put(target) {
    const at = this.targets.findIndex(known => known.name === target.name);
    if (at < 0) this.targets.push(target);
    else this.targets[at] = target;
  }

  call(json) {
    const call = callOf(json);
    this.#count(call);
    this.calls = newestFirst([call, ...this.calls.filter(known => known.id !== call.id)]).slice(0, KEPT_CALLS);
  }

  /** The whole of `GET /api/history`: what happened in each second, the last one just ended. */
  history(json) {
    this.series.clear();
    this.#last = 0;
    this.#historyMs = number(json.now_ms);
    const end = Math.floor(this.#historyMs / 1000);
    if (!Number.isFinite(end)) return;
    for (const { name, calls = [], failures = [], bands = [] } of json.targets ?? []) {
      const states = bands.flatMap(({ band, seconds }) => Array(seconds).fill(band));
      const start = end - calls.length + 1;
      const series = new Map();
      calls.forEach((n, i) => {
        const state = states[i] ?? 'unknown';
        if (state !== 'unknown' || n) series.set(start + i, { calls: n, failures: failures[i] ?? 0, state });
      });
      this.series.set(String(name), series);
    }
    this.#reached(end);
  }

  /** An event `tick`: all targets as they are, and what the last second brought. */
  tick(json) {
    const ms = number(json.now_ms);
    if (!(ms > this.#historyMs)) return; // the history that was asked for meanwhile holds it
    // one tick is one second: those that come a little early or late must neither share a place nor leave one free
    const clock = Math.floor(ms / 1000);
    const next = this.#last + 1;
    const sec = this.#last && Math.abs(clock - next) <= 1 ? next : clock;
    const list = json.targets ?? [];
    const names = new Set(list.map(({ name }) => String(name)));
    this.targets = this.targets.filter(({ name }) => names.has(name));
    for (const target of list) {
      this.#put(targetOf(target));
      let series = this.series.get(String(target.name));
      if (!series) this.series.set(String(target.name), (series = new Map()));
      series.set(sec, { calls: target.delta?.calls ?? 0, failures: target.delta?.failures ?? 0, state: String(target.band ?? 'unknown') });
      for (const old of series.keys()) {
        if (old >= sec - KEPT_SECONDS) break;
        series.delete(old);
      }
    }
    for (const name of this.series.keys()) if (!names.has(name)) this.series.delete(name);
    if (json.calls_untold > 0) this.#bucket(sec).all += json.calls_untold;
    this.#reached(sec);
  }

  /** The gateway's clock has ended this second. */
  #reached(sec) {
    if (sec <= this.#last) return;
    this.#last = sec;
    this.#lastAt = performance.now();
  }

  #count(call) {
    if (this.#counted.has(call.id) || !Number.isFinite(endOf(call))) return;
    this.#counted.add(call.id);
    const sec = Math.floor(endOf(call) / 1000);
    const bucket = this.#bucket(sec);
    bucket.ids.push(call.id);
    bucket.all++;
    if (judges(call)) bucket.judged++;
    if (call.outcome === 'success') bucket.answered++;
  }

  #bucket(sec) {
    let bucket = this.#ended.get(sec);
    if (bucket) return bucket;
    this.#ended.set(sec, (bucket = { ids: [], all: 0, judged: 0, answered: 0 }));
    for (const [old, { ids }] of this.#ended) {
      if (old >= sec - 120) continue;
      for (const id of ids) this.#counted.delete(id);
      this.#ended.delete(old);
    }
    return bucket;
  }

  /** The calls of clients that ended in the last seconds, as far as they are known: `calls` that judge, `answered`. */
  ended(seconds = 60) {
    const to = this.lastSecond();
    const result = { calls: 0, answered: 0, all: 0, seconds: Math.min(seconds, Math.max(1, to - this.#endedSince)) };
    for (let sec = to - result.seconds + 1; sec <= to; sec++) {
      const bucket = this.#ended.get(sec);
      if (!bucket) continue;
      result.all += bucket.all;
      result.calls += bucket.judged;
      result.answered += bucket.answered;
    }
    return result;
  }

  /** The last second that has ended, by the gateway's clock; goes on while the feed is silent. */
  lastSecond() {
    if (!this.#last) return Math.floor(Date.now() / 1000) - 1;
    return this.#last + Math.max(0, Math.floor((performance.now() - this.#lastAt) / 1000 - 1));
  }

  /** What a target, or all of them, did in the last minute; `seconds` for which anything is known. */
  lastMinute(name = null) {
    const all = name === null ? [...this.series.values()] : [this.series.get(name)].filter(Boolean);
    const to = this.lastSecond();
    const result = { calls: 0, failures: 0, seconds: 0 };
    for (let sec = to - 59; sec <= to; sec++) {
      let known = false;
      for (const series of all) {
        const bucket = series.get(sec);
        if (!bucket) continue;
        known = true;
        result.calls += bucket.calls;
        result.failures += bucket.failures;
      }
      if (known) result.seconds++;
    }
    return result;
  }
}

function newestFirst(calls) {
  return calls.sort((a, b) => endOf(b) - endOf(a));
}

function endOf(call) {
  return call.startedAt + call.elapsedMs;
}

/** Whether it says anything about the gateway: not what the caller gave up, nor what was the caller's own fault. */
function judges(call) {
  return call.outcome !== 'cancelled' && !(call.status >= 400 && call.status < 500 && call.status !== 429);
}
