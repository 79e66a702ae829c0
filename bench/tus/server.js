// The reference server of tus, @tus/server over files in a folder. Every third
// part is broken off in its middle. It says its address on the first line.
//   node server.js FOLDER
const http = require('http')

async function main() {
  const { Server } = await import('@tus/server')
  const { FileStore } = await import('@tus/file-store')
  const server = new Server({ path: '/v1/files', datastore: new FileStore({ directory: process.argv[2] }), relativeLocation: true })
  let parts = 0
  let cuts = 0
  const web = http.createServer((req, res) => {
    if (req.url === '/v1/token') { // ours asks for one, tus knows nothing of it
      const now = new Date()
      res.setHeader('Content-Type', 'application/json')
      res.end(JSON.stringify({
        token: 'any', time: now.toISOString(), expires: new Date(now.getTime() + 9e5).toISOString(), identity: { name: 'x', roles: [] },
      }))
      return
    }
    if (req.url === '/cuts') {
      res.end(String(cuts))
      return
    }
    if (req.method === 'PATCH' && ++parts % 3 === 2) {
      let seen = 0
      req.on('data', (b) => {
        seen += b.length
        if (seen * 2 > Number(req.headers['content-length'])) {
          cuts++
          req.socket.destroy()
        }
      })
    }
    server.handle(req, res)
  })
  web.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + web.address().port))
  process.stdin.on('end', () => process.exit(0)).resume()
}

main()
