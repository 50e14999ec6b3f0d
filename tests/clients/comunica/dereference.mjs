// Prints what rdf-dereference reads at an address: the address that it ended at, and its triples.
// An IRI of the graph leads to the server, as it does on the web.
import { rdfDereferencer } from "rdf-dereference";

const IRIS = "https://w3id.org/utsaga/";
const [server, address] = process.argv.slice(2);

function fetchFromServer(input, options) {
  const url = input.url ?? String(input);
  return fetch(url.startsWith(IRIS) ? url.replace(IRIS, `${server}/`) : url, options);
}

const { data, url } = await rdfDereferencer.dereference(address, { fetch: fetchFromServer });
const triples = [];
for await (const { subject, predicate, object } of data) {
  triples.push([subject.value, predicate.value, object.value]);
}
process.stdout.write(JSON.stringify({ url, triples }), () => process.exit());
