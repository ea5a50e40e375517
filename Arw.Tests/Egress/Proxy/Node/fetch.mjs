// Fetches through the proxy, as an agent in Node.js would: node fetch.mjs PROXY URL CA-FILE [SERVER-NAME]
import { readFileSync } from 'node:fs';
import { fetch, ProxyAgent } from 'undici';

const [proxy, url, ca, servername] = process.argv.slice(2);
const { username, password, origin } = new URL(proxy);
const dispatcher = new ProxyAgent({
  uri: origin,
  token: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
  requestTls: { ca: readFileSync(ca), ...(servername ? { servername } : {}) },
});
try {
  const response = await fetch(url, { dispatcher });
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  console.log(`${response.status} ${bytes}`);
} catch (error) {
  console.error(`${error.message} ${error.cause?.message ?? ''}`);
  process.exitCode = 1;
} finally {
  await dispatcher.destroy().catch(() => {});
}
