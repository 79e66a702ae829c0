// Measures PouchDB against express-pouchdb, both over leveldb, in two processes
// on loopback: documents pushed and pulled a second, and how long until an edit
// of one client is seen by another. Prints JSON.
//
//   peer.js DOCUMENTS EDITS [PORT OF THE SERVER, PORT BY WHICH IT IS REACHED, PAUSE BETWEEN EDITS IN MS]
const { fork } = require('child_process')
const fs = require('fs')
const os = require('os')
const path = require('path')
const PouchDB = require('pouchdb')

const docs = Number(process.argv[2] || 20000)
const edits = Number(process.argv[3] || 50)
const [listen, reach, pause] = [process.argv[4] || '0', process.argv[5], Number(process.argv[6] || 50)]
const text = 'Third day the pit at the crossing is not mended, a wheel was broken yesterday. '.repeat(3)

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'otklik-pouch-'))
const open = (name) => new PouchDB(path.join(folder, name))
const seconds = (began) => Number(process.hrtime.bigint() - began) / 1e9

async function fill(db) {
  for (let from = 0; from < docs; from += 1000) {
    const batch = []
    for (let i = from; i < Math.min(from + 1000, docs); i++) {
      batch.push({ _id: 'appeal' + String(i).padStart(8, '0'), kind: 'incident', source: 'vk', status: 'new', text: text.slice(0, 240) })
    }
    await db.bulkDocs(batch)
  }
}

async function latency(one, two, url) {
  const live = { live: true, retry: true }
  const syncs = [one.sync(url, live), two.sync(url, live)]
  const seen = new Map()
  const changes = two.changes({ live: true, since: 'now' }).on('change', (c) => {
    if (seen.has(c.id)) seen.get(c.id)()
  })
  await new Promise((r) => setTimeout(r, 3000))
  const times = []
  for (let i = 0; i < edits; i++) {
    const id = 'edit' + i
    const arrived = new Promise((r) => seen.set(id, r))
    const began = process.hrtime.bigint()
    await one.put({ _id: id, text })
    await arrived
    times.push(seconds(began) * 1000)
    await new Promise((r) => setTimeout(r, pause))
  }
  changes.cancel()
  syncs.forEach((s) => s.cancel())
  times.sort((a, b) => a - b)
  return [times[Math.floor(times.length / 2)], times[Math.floor(times.length * 0.95)]]
}

async function main() {
  fs.mkdirSync(path.join(folder, 'server'))
  const server = fork(path.join(__dirname, 'server.js'), [path.join(folder, 'server'), listen])
  const { port } = await new Promise((r) => server.once('message', r))
  const url = `http://127.0.0.1:${reach || port}/region`
  const one = open('one')
  const two = open('two')
  await fill(one)
  let began = process.hrtime.bigint()
  await one.replicate.to(url, { batch_size: 500 })
  const push = docs / seconds(began)
  began = process.hrtime.bigint()
  await two.replicate.from(url, { batch_size: 500 })
  const pull = docs / seconds(began)
  const [edit, late] = await latency(one, two, url)
  console.log(JSON.stringify({ push, pull, edit_ms: edit, late_ms: late }))
  server.disconnect()
}

main().then(() => fs.rmSync(folder, { recursive: true, force: true })).then(() => process.exit(0), (e) => {
  console.error(e)
  process.exit(1)
})
