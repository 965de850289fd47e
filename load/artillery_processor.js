// What Artillery's scenario needs beyond YAML: players, new operation ids, and a line for each call in RECORDS.
// PLAYERS names the file with addresses, tokens and players (mode 0600). load/records.py says what is in a line.
'use strict';

const crypto = require('crypto');
const fs = require('fs');

if (!process.env.PLAYERS) {
  throw new Error('PLAYERS must name the file with players and tokens: start this with `make load-artillery`');
}
const everything = JSON.parse(fs.readFileSync(process.env.PLAYERS, 'utf8'));
const records = fs.createWriteStream(process.env.RECORDS || '/dev/null', { flags: 'a' });
let next = 0;

function takePlayer(context, events, done) {
  const number = next % everything.players.length;
  next += 1;
  const instance = everything.instances[next % everything.instances.length];
  Object.assign(context.vars, everything.players[number], {
    number,
    public: instance.public,
    internal: instance.internal,
    service_token: everything.service_token,
    operation_id: crypto.randomUUID(),
  });
  return done();
}

function rowsOf(response) {
  try {
    return (JSON.parse(response.body).operation_ids || []).join(',') || '-';
  } catch (_) {
    return '-';
  }
}

function recorder(call) {
  return (request, response, context, events, done) => {
    const { number, operation_id: operation, item_id: item } = context.vars;
    const writes = call !== 'read';
    const duration = response.timings && response.timings.phases ? response.timings.phases.total || 0 : 0;
    const rows = writes && response.statusCode === 200 ? rowsOf(response) : '-';
    const content = writes ? `${everything.items.indexOf(item)}:1` : '-';
    records.write(`call ${Date.now()} ${call} ${number} ${response.statusCode} ${duration.toFixed(3)} ` +
      `${writes ? operation : '-'} ${content} ${rows}\n`);
    return done();
  };
}

module.exports = {
  takePlayer,
  recordRead: recorder('read'),
  recordReserve: recorder('reserve'),
  recordReturn: recorder('return'),
};
