import { measureCollections, measurePuts } from './measure-receipts.ts'

/** Measures receipts and their collection and prints one JSON document: `node bench/receipts/receipts.ts`. */
const figures = [await measurePuts(), ...(await measureCollections())]
console.log(
  JSON.stringify({ bench: 'receipts', node: process.version, cpus: navigator.hardwareConcurrency, figures }, null, 2),
)
if (figures.some((figure) => !figure.reached)) process.exitCode = 1
