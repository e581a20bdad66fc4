// What piscina and tinypool call in their workers.
export default function noop(value) {
  return value
}
