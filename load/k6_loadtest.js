// Load on the inventory: mixed traffic in which every virtual user is a player of its own.
//
// `robot load/` runs this and judges the ledger afterwards. PLAYERS names a file (mode 0600) with addresses, tokens and
// players; nothing of it is ever printed. Each call leaves one line on the console output, by which the ledger can be
// compared with what was acknowledged; load/records.py says what stands in a line.
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Rate } from 'k6/metrics';
import { SharedArray } from 'k6/data';

const PROFILES = {
  // The seed's stages and its pause of a second between iterations.
  seed: {
    pause: 1,
    stages: [
      { duration: '30s', target: 20 },
      { duration: '1m', target: 100 },
      { duration: '30s', target: 200 },
      { duration: '2m', target: 200 },
      { duration: '30s', target: 0 },
    ],
  },
  smoke: {
    pause: 0.02,
    stages: [
      { duration: '2s', target: 10 },
      { duration: '14s', target: 10 },
      { duration: '1s', target: 0 },
    ],
  },
  soak: {
    pause: 0.5,
    stages: [
      { duration: '1m', target: 50 },
      { duration: '28m', target: 50 },
      { duration: '1m', target: 0 },
    ],
  },
  // One step of the search for the highest rate: from the last rate that held to the next, and there for a while.
  stress: { pause: 0 },
};

const profile = PROFILES[__ENV.PROFILE || 'smoke'];
if (!profile) {
  throw new Error(`PROFILE is ${__ENV.PROFILE}: it must be one of ${Object.keys(PROFILES).join(', ')}`);
}
if (!__ENV.PLAYERS) {
  throw new Error('PLAYERS must name the file with players and tokens: start this with `robot load/`');
}
const players = new SharedArray('players', () => JSON.parse(open(__ENV.PLAYERS)).players);
const target = new SharedArray('target', () => {
  const { instances, items, service_token, admin_token } = JSON.parse(open(__ENV.PLAYERS));
  return [{ instances, items, service_token, admin_token }];
})[0];

const LONG_ENOUGH = '60s'; // for the calls of an iteration to end: one cut short would be written but not recorded

function scenario() {
  if (profile.stages) {
    return { executor: 'ramping-vus', startVUs: 0, stages: profile.stages, gracefulRampDown: LONG_ENOUGH,
      gracefulStop: LONG_ENOUGH };
  }
  const rate = Number(__ENV.RATE || 50);
  return { executor: 'ramping-arrival-rate', startRate: Number(__ENV.FROM || rate), timeUnit: '1s',
    preAllocatedVUs: players.length, gracefulStop: LONG_ENOUGH,
    stages: [{ duration: '2s', target: rate }, { duration: `${__ENV.HOLD || 8}s`, target: rate }] };
}

export const options = {
  scenarios: { inventory: scenario() },
  thresholds: {
    // The seed's.
    http_req_duration: ['p(95)<1000'],
    http_req_failed: ['rate<0.1'],
    // Ours. An answer must be right; how fast it must be is said by percentiles, not by the slowest single one.
    checks: ['rate==1'],
    'http_req_duration{call:read}': ['p(95)<500'],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(95)', 'p(99)', 'max'],
  systemTags: ['status', 'method', 'expected_response', 'check'],
};

// The seed's own two time limits for single answers, counted but not judged.
const withinSeedTimes = new Rate('within_seed_times');
const SEED_LIMITS = { read: 500, add: 1000 };

const REASON = 'load test: stock corrected, ';
// How often an iteration does what, besides reading and adding; the same numbers stand in locustfile.py.
const RESERVES = 0.35;
const REPEATS = 0.1;
const ASKS_TOO_MUCH = 0.05;
const ADJUSTS = 0.02;
const TOO_MUCH = 1000000000000;

// What this virtual user's player must have in `main`, by item; unsure after a call without an answer.
const expected = {};
let known = false;
let unsure = false;
let lastAdd = null;

// Which player this virtual user is; known from its first iteration on.
let me = -1;
const randomInt = (from, to) => from + Math.floor(Math.random() * (to - from + 1));
const randomItem = () => randomInt(0, target.items.length - 1);
const anyInstance = () => target.instances[randomInt(0, target.instances.length - 1)];

// Content as records write it: `item number:quantity`, separated by commas.
const written = (lines) => lines.map(([item, quantity]) => `${item}:${quantity}`).join(',');
const asItems = (lines) => lines.map(([item, quantity]) => ({ item_id: target.items[item], quantity }));

function merged(lines) {
  const sums = new Map();
  lines.forEach(([item, quantity]) => sums.set(item, (sums.get(item) || 0) + quantity));
  return [...sums];
}

function send(call, url, token, body, { status = 200, operation = '-', content = '-' } = {}) {
  const params = {
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    tags: { name: call, call },
    timeout: '10s',
    responseCallback: http.expectedStatuses(status),
  };
  const answer = body === null ? http.get(url, params) : http.post(url, JSON.stringify(body), params);
  let json = null;
  try {
    json = answer.json();
  } catch (_) {
    json = null;
  }
  const duration = answer.timings.duration;
  const rows = answer.status === 200 && json && json.operation_ids ? json.operation_ids.join(',') : '-';
  console.log(`call ${Date.now()} ${call} ${me} ${answer.status} ${duration.toFixed(3)} ${operation} ${content || '-'} ${rows}`);
  if (call in SEED_LIMITS) {
    withinSeedTimes.add(duration < SEED_LIMITS[call], { call });
  }
  if (body !== null && (answer.status === 0 || answer.status >= 500)) {
    unsure = true;
  }
  judge(call, `answers ${status}`, answer.status === status, `answered ${answer.status} ${json && json.error}`);
  return answer.status === status ? json : null;
}

function judge(call, what, holds, instead = '') {
  if (!check(null, { [`${call}: ${what}`]: () => holds })) {
    console.log(`failed ${Date.now()} ${call} ${me} ${what}; ${instead}`);
  }
}

function move(lines, sign) {
  lines.forEach(([item, quantity]) => {
    expected[item] = (expected[item] || 0) + sign * quantity;
  });
}

function read(player) {
  const answer = send('read', `${anyInstance().public}/inventory`, player.token, null);
  if (!answer || unsure) {
    return;
  }
  const seen = {};
  // The standard variant only: nothing else is ever written here.
  answer.items.forEach((item) => {
    seen[target.items.indexOf(item.item_id)] = item.quantity;
  });
  if (!known) {
    Object.assign(expected, seen);
    known = true;
    return;
  }
  const wrong = Object.keys({ ...seen, ...expected }).filter((item) => (seen[item] || 0) !== (expected[item] || 0));
  judge('read', 'shows every acknowledged write', wrong.length === 0,
    wrong.map((item) => `item ${item}: ${seen[item] || 0}, not ${expected[item] || 0}`).join(', '));
}

function add(player) {
  const lines = merged([...Array(randomInt(1, 3))].map(() => [randomItem(), randomInt(1, 10)]));
  const body = { user_id: player.user_id, section: 'main', operation_type: 'system_reward',
    operation_id: crypto.randomUUID(), items: asItems(lines) };
  const answer = send('add', `${anyInstance().internal}/inventory/add-items`, target.service_token, body,
    { operation: body.operation_id, content: written(lines) });
  if (answer) {
    move(lines, 1);
    judge('add', 'names a row for each item', answer.operation_ids.length === lines.length);
    lastAdd = { body, lines, rows: answer.operation_ids.join() };
  }
}

function repeat() {
  const { body, lines, rows } = lastAdd;
  const answer = send('repeat', `${anyInstance().internal}/inventory/add-items`, target.service_token, body,
    { operation: body.operation_id, content: written(lines) });
  if (answer) {
    judge('repeat', 'answers the same again', answer.operation_ids.join() === rows);
  }
}

function reserveAndEnd(player) {
  const owned = Object.keys(expected).filter((item) => expected[item] > 0).slice(0, 2);
  if (owned.length === 0 || unsure) {
    return;
  }
  const lines = owned.map((item) => [Number(item), randomInt(1, Math.min(5, expected[item]))]);
  const options_ = { operation: crypto.randomUUID(), content: written(lines) };
  const whose = { user_id: player.user_id, operation_id: options_.operation };
  const reserved = send('reserve', `${anyInstance().internal}/inventory/reserve`, target.service_token,
    { ...whose, items: asItems(lines) }, options_);
  if (!reserved) {
    return;
  }
  move(lines, -1);
  judge('reserve', 'names two rows for each item', reserved.operation_ids.length === 2 * lines.length);
  const end = Math.random() < 0.5 ? 'return' : 'consume';
  if (send(end, `${anyInstance().internal}/inventory/${end}-reserve`, target.service_token, whose, options_)
      && end === 'return') {
    move(lines, 1);
  }
}

function askTooMuch(player) {
  const lines = [[randomItem(), TOO_MUCH]];
  const body = { user_id: player.user_id, operation_id: crypto.randomUUID(), items: asItems(lines) };
  send('refused', `${anyInstance().internal}/inventory/reserve`, target.service_token, body,
    { status: 400, operation: body.operation_id, content: written(lines) });
}

function adjust(player) {
  const item = randomItem();
  const change = (expected[item] || 0) > 3 && !unsure && Math.random() < 0.5 ? -randomInt(1, 3) : randomInt(1, 5);
  const mark = crypto.randomUUID();
  const body = { user_id: player.user_id, section: 'main', reason: REASON + mark,
    items: [{ item_id: target.items[item], quantity_change: change }] };
  const answer = send('adjust', `${anyInstance().admin}/adjust`, target.admin_token, body,
    { operation: mark, content: `${item}:${change}` });
  if (answer) {
    move([[item, change]], 1);
    judge('adjust', 'names the balance it leaves',
      unsure || answer.final_balances[0].quantity === expected[item]);
  }
}

export default function () {
  if (me < 0) {
    me = exec.vu.idInTest - 1;
    if (me >= players.length) {
      exec.test.abort(`virtual user ${me + 1} has no player: the file has ${players.length}`);
    }
  }
  const player = players[me];
  if (!known && !unsure) {
    read(player);
  }
  read(player);
  add(player);
  const dice = Math.random();
  if (dice < RESERVES) {
    reserveAndEnd(player);
  } else if (dice < RESERVES + REPEATS) {
    if (lastAdd) {
      repeat();
    }
  } else if (dice < RESERVES + REPEATS + ASKS_TOO_MUCH) {
    askTooMuch(player);
  }
  if (target.admin_token && Math.random() < ADJUSTS) {
    adjust(player);
  }
  sleep(profile.pause);
}
