import type { TokenState } from '../../shared/model/token.ts'
import type { Terminal, TextStyle } from './terminal.ts'

const styles: Readonly<Record<TokenState, TextStyle>> = {
  CREATED: 'dim',
  WAITING: 'yellow',
  ADMITTED: 'cyan',
  EXECUTING: 'blue',
  COMPLETED: 'green',
  FAILED: 'red',
  KILLED: 'magenta',
  TIMEOUT: 'red',
}

/** The name of a state in its colour; a token held back by a person says so. */
export function styleState(state: TokenState, held: boolean, terminal: Terminal): string {
  return terminal.style(styles[state], held ? `${state} (paused)` : state)
}
