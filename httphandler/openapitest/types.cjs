// Prints the types that openapi-typescript makes of the document. A CommonJS module, because node
// takes longer to import typescript into another than to make the types.
const { readFileSync } = require('node:fs')
const { default: openapiTS, astToString } = require('openapi-typescript')

openapiTS(readFileSync(process.argv[2])).then(types => console.log(astToString(types)))
