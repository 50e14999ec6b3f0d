// Prints the rows of a query that Comunica answers by links from one document, and the documents that it read.
// IRIs of the graph lead to the server, as they do on the web; what lies elsewhere is not found.
import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const IRIS = "https://w3id.org/utsaga/";
const [server, seed, query] = process.argv.slice(2);
const documents = [];

function fetchFromServer(input, options) {
  const [address] = (input.url ?? String(input)).split("#");
  const url = address.startsWith(IRIS) ? address.replace(IRIS, `${server}/`) : address;
  if (!url.startsWith(`${server}/`)) return Promise.resolve(new Response("", { status: 404 }));
  documents.push(address);
  return fetch(url, options);
}

const found = await new QueryEngine().queryBindings(query, {
  sources: [seed],
  lenient: true,
  fetch: fetchFromServer,
});
const rows = await found.toArray();
const plain = rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
process.stdout.write(JSON.stringify({ rows: plain, documents }), () => process.exit());
