// Uploads a file with tus-js-client to an address: aborts when a third of it has
// been sent and the connection with it, then goes on with a new Upload, as a
// browser does after a reload.
//   node client.js ENDPOINT TOKEN FILE SHA256 TYPE
const fs = require('fs')
const tus = require('tus-js-client')

const [endpoint, token, file, sha256, type] = process.argv.slice(2)
const size = fs.statSync(file).size

function upload(more) {
  return new Promise((resolve, reject) => {
    const u = new tus.Upload(fs.createReadStream(file), {
      endpoint,
      uploadSize: size,
      chunkSize: 64 * 1024,
      retryDelays: [0, 100, 500],
      headers: { Authorization: 'Bearer ' + token },
      metadata: { sha256, type },
      onError: reject,
      onSuccess: () => resolve({ url: u.url, sent: size }),
      ...more(() => u, resolve),
    })
    u.start()
  })
}

async function main() {
  let accepted = 0
  const first = await upload((u, resolve) => ({
    onChunkComplete: async (_, done) => {
      accepted = done
      if (done * 3 < size) return
      await u().abort()
      resolve({ url: u().url, sent: done })
    },
  }))
  if (first.sent >= size) throw new Error('nothing was left to resume')
  let from = -1
  const second = await upload(() => ({
    uploadUrl: first.url,
    onProgress: (done) => { if (from < 0) from = done },
  }))
  // What is known already is found again: 201 with an offset, which makes the
  // first part a conflict and the library ask where to go on.
  const third = await upload(() => ({}))
  console.log(JSON.stringify({ accepted, from, url: second.url, again: third.url }))
}

main().catch((e) => {
  console.error(String(e))
  process.exit(1)
})
