// The peer's server: express-pouchdb over leveldb in the folder named.
const express = require('express')
const path = require('path')
const PouchDB = require('pouchdb')

const folder = process.argv[2]
const Stored = PouchDB.defaults({ prefix: folder + path.sep })
const app = express()
app.use('/', require('express-pouchdb')(Stored, { inMemoryConfig: true, logPath: path.join(folder, 'log.txt') }))
const server = app.listen(Number(process.argv[3] || 0), '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
