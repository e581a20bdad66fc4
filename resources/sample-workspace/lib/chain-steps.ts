/** Five steps that turn a seed into a number below 9973 and a label. Each step is an operation of its own. */

export interface ChainResult {
  readonly value: number
  readonly label: string
  readonly parity: 'even' | 'odd'
}

export function scaleUp(value: number): number {
  return 3 * value + 7
}

export function fold(value: number): number {
  return value % 2 === 0 ? value / 2 : 2 * value + 1
}

export function spread(value: number): number {
  return 1275 * value
}

export function wrap(value: number): number {
  return value % 9973
}

export function label(value: number): ChainResult {
  const parity = value % 2 === 0 ? 'even' : 'odd'
  return { value, label: `chain-${value}`, parity }
}
