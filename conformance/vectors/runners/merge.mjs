// The merge of the contract, as an example for `node run.mjs --merge merge.mjs`: a function
// of a record and the attributes of a patch. Neither is changed.
export function merge(record, patch) {
  const merged = { ...record };
  for (const [name, value] of Object.entries(patch)) {
    merged[name] = name === 'address' && value !== null ? { ...record.address, ...value } : value;
  }
  return merged;
}
